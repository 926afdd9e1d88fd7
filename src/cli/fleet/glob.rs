//! Patterns of paths: `apps/*/profile.toml`, `teams/**`.

/// A pattern of paths with `/`: `*` and `?` stand for characters of one name, `**` for any number of folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(Vec<String>);

impl Glob {
    /// Whether a text is a pattern, and not simply a path.
    pub fn is_one(text: &str) -> bool {
        text.contains(['*', '?'])
    }

    pub fn new(text: &str) -> Self {
        let parts = text.split('/').filter(|part| !matches!(*part, "" | "."));
        let root = text.starts_with('/').then(String::new);
        Glob(root.into_iter().chain(parts.map(str::to_owned)).collect())
    }

    /// The folder that everything it can mean lies in, with `/`; empty: the current one.
    pub fn base(&self) -> String {
        let plain: Vec<&str> = self.0.iter().map(String::as_str).take_while(|part| !Glob::is_one(part)).collect();
        match plain.as_slice() {
            [""] => "/".into(),
            parts => parts.join("/"),
        }
    }

    /// Whether it names files by their ending, so that it means any such file, and not only profiles of the usual name.
    pub fn names_files(&self) -> bool {
        self.0.last().is_some_and(|last| last.ends_with(".toml"))
    }

    /// Whether a path, or a folder that it lies in, is what the pattern means.
    pub fn covers(&self, path: &str) -> bool {
        let parts: Vec<&str> = parts(path).collect();
        (1..=parts.len()).any(|length| matches(&self.0, &parts[..length]))
    }

    /// Whether a path is what the pattern means.
    pub fn is(&self, path: &str) -> bool {
        matches(&self.0, &parts(path).collect::<Vec<_>>())
    }
}

/// The root of all paths is a part without a name.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    let root = path.starts_with('/').then_some("");
    root.into_iter().chain(path.split('/').filter(|part| !matches!(*part, "" | ".")))
}

fn matches(pattern: &[String], path: &[&str]) -> bool {
    // Which beginnings of the path the pattern so far can mean, so that `**` costs no recursion.
    let mut reached = vec![false; path.len() + 1];
    reached[0] = true;
    for part in pattern {
        let mut next: Vec<bool> = Vec::with_capacity(reached.len());
        for (at, here) in reached.iter().enumerate() {
            let before = at.checked_sub(1);
            let is_reached = match part.as_str() {
                "**" => *here || before.is_some_and(|before| next[before]),
                part => before.is_some_and(|before| reached[before] && name_matches(part, path[before])),
            };
            next.push(is_reached);
        }
        reached = next;
    }
    reached[path.len()]
}

fn name_matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    // Where to go on if the last star has to take one more.
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => (p, n) = (p + 1, n + 1),
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    (p, n) = (at + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}
