//! What users read when something is wrong: each `tests/problems/<code>.toml` and the `.stderr` beside it.
//!
//! A second case of a code is `<code>.<what>.toml`. A case is resolved and rendered for every target that it wants, or
//! for the one that it names: `# target: compose --dev`. `SNAPSHOTS=overwrite cargo test` accepts what is shown now.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use render::{
    flow::{self, Outcome},
    layers::{Outside, Request},
    problem::{self, Code, Problem, show},
    source::Sources,
    targets::{self, Base, TARGETS, Target, Wish},
};
use snapbox::{Assert, Data};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/problems")
}

/// Every case, by name.
fn cases() -> Vec<PathBuf> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    cases.sort();
    cases
}

/// The code that a case is about: what its name begins with.
fn code(case: &Path) -> &str {
    case.file_name().unwrap().to_str().unwrap().split('.').next().unwrap()
}

/// What the first lines of a case ask for: `# args: --env staging --set workers=0` and `# target: compose --dev`.
#[derive(Default)]
struct Args {
    env: Option<String>,
    set: Vec<String>,
    /// Bytes of comment to add: nobody wants a megabyte in the repository.
    pad: usize,
    /// Absent: all that the profile wants.
    target: Option<&'static Target>,
    dev: bool,
}

impl Args {
    fn of(text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text);
        let mut args = Args::default();
        for line in text.lines().map_while(|line| line.strip_prefix("# ")) {
            match line.split_once(": ") {
                Some(("args", words)) => args.read(words),
                Some(("target", words)) => {
                    let (name, dev) = words.split_once(' ').unwrap_or((words, ""));
                    args.target = Some(targets::find(name).expect("a target"));
                    args.dev = dev == "--dev";
                }
                _ => {}
            }
        }
        args
    }

    fn read(&mut self, words: &str) {
        let mut words = words.split_whitespace();
        while let Some(word) = words.next() {
            let value = words.next().expect("every argument has a value");
            match word {
                "--env" => self.env = Some(value.to_owned()),
                "--set" => self.set.push(value.to_owned()),
                "--pad" => self.pad = value.parse().unwrap(),
                other => panic!("unknown argument {other}"),
            }
        }
    }
}

/// Everything that all phases say about a case.
fn problems_of(case: &Path) -> (Vec<Problem>, Sources) {
    let mut text = fs::read(case).unwrap();
    let args = Args::of(&text);
    text.resize(text.len() + args.pad, b'#');
    let read = |path: &str| match path.starts_with("../") {
        true => Err(io::Error::from(Outside)),
        false => fs::read(folder().join(path)),
    };
    let name = case.file_name().unwrap().to_str().unwrap();
    let list = |path: &str| {
        let entries = fs::read_dir(folder().join(path))?;
        entries.map(|entry| Ok(entry?.file_name().into_string().expect("a name in ASCII"))).collect()
    };
    let app =
        |env| flow::app(&Request { env, set: &args.set, read: &read, list: &list, ..Request::alone(name, &text) });
    let Outcome { app: wanted, mut problems, sources, model, environments: _ } = app(args.env.as_deref());
    let base = args.env.as_ref().and_then(|_| app(None).app);
    let is_asked = |target: &&Target| match args.target {
        Some(wanted) => wanted.name == target.name,
        None => target.is_wanted(&model),
    };
    for target in TARGETS.iter().filter(is_asked) {
        let Some(app) = &wanted else { break };
        let wish = Wish { app, base: base.as_ref().map(Base::from), dev: args.dev, full: false };
        problems.extend((target.render)(&wish).problems);
    }
    problem::sort(&mut problems);
    (problems, sources)
}

#[test]
fn every_problem_reads_as_agreed() {
    let assert = Assert::new().action_env("SNAPSHOTS");
    for case in cases() {
        let (problems, sources) = problems_of(&case);
        let shown: Vec<_> = problems.iter().map(|problem| show(problem, &sources, false)).collect();
        assert.eq(shown.join("\n"), Data::read_from(&case.with_extension("stderr"), None).raw());
    }
}

#[test]
fn every_case_shows_the_code_that_it_is_named_after() {
    for case in cases() {
        let (problems, _) = problems_of(&case);
        let codes: Vec<_> = problems.iter().map(|problem| problem.code.name()).collect();
        assert!(codes.contains(&code(&case)), "{} shows {codes:?}", case.display());
    }
}

#[test]
fn every_code_has_a_case() {
    for code in Code::ALL {
        assert!(folder().join(format!("{}.toml", code.name())).is_file(), "no case for {}", code.name());
    }
}

#[test]
fn colours_change_nothing_but_colours() {
    for case in cases() {
        let (problems, sources) = problems_of(&case);
        for problem in &problems {
            let styled = show(problem, &sources, true);
            assert!(styled.contains("\u{1b}["), "{styled:?}");
            assert_eq!(anstream::adapter::strip_str(&styled).to_string(), show(problem, &sources, false));
        }
    }
}
