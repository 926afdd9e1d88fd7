//! What users read when something is wrong: each `tests/problems/<code>.toml` and the `.stderr` beside it.
//!
//! A second case of a code is `<code>.<what>.toml`. `SNAPSHOTS=overwrite cargo test` accepts what is shown now.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use render::{
    layers::{Outside, Request, check, load},
    problem::{Code, Problem, show},
    source::Sources,
};
use snapbox::{Assert, Data};

/// The codes of the phases that [`problems_of`] runs.
const CODES: &[Code] = &[
    Code::CannotRead,
    Code::NotUtf8,
    Code::TooLarge,
    Code::TooDeep,
    Code::Syntax,
    Code::ExtendsCycle,
    Code::ExtendsOutside,
    Code::UnknownPreset,
    Code::UnknownEnvironment,
    Code::BadEnvironment,
    Code::UnsetNothing,
    Code::BadSet,
    Code::UnknownKey,
    Code::NotSupportedYet,
    Code::MissingKey,
    Code::WrongType,
    Code::OutOfRange,
    Code::BadFormat,
    Code::BadChoice,
    Code::KeyInWrongTable,
];

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

/// What the first line of a case asks for: `# args: --env staging --set workers=0`.
#[derive(Default)]
struct Args {
    env: Option<String>,
    set: Vec<String>,
    /// Bytes of comment to add: nobody wants a megabyte in the repository.
    pad: usize,
}

impl Args {
    fn of(text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text);
        let mut args = Args::default();
        let line = text.lines().next().and_then(|line| line.strip_prefix("# args: ")).unwrap_or_default();
        let mut words = line.split_whitespace();
        while let Some(word) = words.next() {
            let value = words.next().expect("every argument has a value");
            match word {
                "--env" => args.env = Some(value.to_owned()),
                "--set" => args.set.push(value.to_owned()),
                "--pad" => args.pad = value.parse().unwrap(),
                other => panic!("unknown argument {other}"),
            }
        }
        args
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
    match load(&Request { name, text: &text, env: args.env.as_deref(), set: &args.set, read: &read }) {
        Err(problems) => problems,
        Ok(layered) => {
            let mut problems = layered.warnings.clone();
            problems.extend(check(&layered));
            (problems, layered.provenance.sources)
        }
    }
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
    for code in CODES {
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
