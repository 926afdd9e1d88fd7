//! Packages of the operating system, without which packages of Python are not installed, or not imported.

use super::Seen;
use crate::init::{facts::Packages, project::join};

/// A package of Python that has no wheel, or that looks for a library: what Debian calls what it needs to be built, and to
/// run.
struct Needs {
    name: &'static str,
    build: &'static [&'static str],
    runtime: &'static [&'static str],
}

const NEEDS: &[Needs] = &[
    Needs {
        name: "mysqlclient",
        build: &["gcc", "libc6-dev", "pkg-config", "default-libmysqlclient-dev"],
        runtime: &["libmariadb3"],
    },
    Needs { name: "opencv-python", build: &[], runtime: &["libgl1", "libglib2.0-0t64"] },
    Needs { name: "psycopg2", build: &["gcc", "libc6-dev", "libpq-dev"], runtime: &["libpq5"] },
    Needs {
        name: "python-ldap",
        build: &["gcc", "libc6-dev", "libldap-dev", "libsasl2-dev"],
        runtime: &["libldap2", "libsasl2-2"],
    },
    Needs { name: "python-magic", build: &[], runtime: &["libmagic1t64"] },
    Needs { name: "weasyprint", build: &[], runtime: &["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"] },
];

impl Seen<'_> {
    /// What is known of packages that the project names itself; those that these need stand in no list here.
    pub(super) fn system(&self) -> Packages {
        let mut found = Packages::default();
        let mut add = |name: &str, build: &[&'static str], runtime: &[&'static str]| {
            found.of.push(name.to_owned());
            for (all, more) in [(&mut found.build, build), (&mut found.runtime, runtime)] {
                all.extend(more.iter().filter(|one| !all.contains(one)).copied().collect::<Vec<_>>());
            }
        };
        for Needs { name, build, runtime } in NEEDS.iter().filter(|needs| self.packages.has(needs.name)) {
            add(name, build, runtime);
        }
        // Its wheel has libpq only if it is asked for.
        if let Some(psycopg) = self.packages.all.get("psycopg").filter(|one| !one.extras.contains("binary")) {
            match psycopg.extras.contains("c") {
                true => add("psycopg[c]", &["gcc", "libc6-dev", "libpq-dev"], &["libpq5"]),
                false => add("psycopg", &[], &["libpq5"]),
            }
        }
        if self.has_git() {
            add("what is fetched by git", &["git", "ca-certificates"], &[]);
        }
        found
    }

    /// Whether something is installed out of a repository.
    fn has_git(&self) -> bool {
        let names = [join(self.folder, "pyproject.toml")].into_iter().chain(self.packages.lock.clone());
        let texts: Vec<&str> = names.filter_map(|path| self.project.text(&path)).collect();
        let by_git = |line: &str| {
            let line = line.trim();
            !line.starts_with('#') && (line.contains("git+") || line.contains("git = \""))
        };
        texts.iter().flat_map(|text| text.lines()).any(by_git)
    }
}
