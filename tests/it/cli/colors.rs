//! Colours: `--color`, then NO_COLOR, CLICOLOR_FORCE, CLICOLOR, then whether anybody looks.

use std::ffi::OsString;

use render::cli::color::{asked, is_wanted};

use super::Place;

/// Whether a run writes in colours what is wrong with a profile, and whether in its usage.
fn colours(line: &str, environment: &[(&str, &str)]) -> bool {
    let place = Place::empty();
    place.write("profile.toml", "name = 1\n");
    let output = place.command(line).envs(environment.iter().copied()).output().unwrap();
    [output.stdout, output.stderr].concat().contains(&0x1b)
}

/// A wrong profile, a usage error, and help: one is ours, two are clap's.
const RUNS: [&str; 3] = ["k8s", "k8s --nonsense", "k8s --help"];

#[test]
fn nothing_has_colours_in_a_pipe() {
    RUNS.iter().for_each(|line| assert!(!colours(line, &[]), "{line}"));
}

#[test]
fn a_pipe_has_colours_where_they_are_forced() {
    for line in RUNS {
        assert!(colours(line, &[("CLICOLOR_FORCE", "1")]), "{line}");
        assert!(!colours(line, &[("CLICOLOR_FORCE", "0")]), "{line}: that is `off`");
        assert!(!colours(line, &[("CLICOLOR_FORCE", "")]), "{line}");
    }
}

#[test]
fn no_color_is_stronger_than_force_unless_it_is_empty() {
    for line in RUNS {
        assert!(!colours(line, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), "{line}");
        assert!(!colours(line, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "0")]), "{line}");
        assert!(colours(line, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]), "{line}");
    }
}

#[test]
fn what_is_asked_for_is_stronger_than_both() {
    for line in RUNS {
        assert!(colours(&format!("{line} --color always"), &[("NO_COLOR", "1")]), "{line}");
        assert!(colours(&format!("--color=always {line}"), &[("NO_COLOR", "1")]), "{line}");
        assert!(!colours(&format!("{line} --color=never"), &[("CLICOLOR_FORCE", "1")]), "{line}");
        assert!(!colours(&format!("{line} --color auto"), &[("NO_COLOR", "1")]), "{line}");
    }
}

#[test]
fn the_artefact_never_has_colours() {
    let place = Place::new();
    assert!(!place.run("k8s --color always").silently().contains('\u{1b}'));
}

#[test]
fn on_a_terminal_there_are_colours_unless_somebody_says_no() {
    let on = |environment: &[(&str, &str)]| {
        let said = |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        is_wanted(None, &said, true)
    };
    assert!(on(&[("TERM", "xterm")]));
    assert!(on(&[("TERM", "xterm"), ("CLICOLOR", "1")]));
    assert!(on(&[("TERM", "xterm"), ("CLICOLOR_FORCE", "0")]));
    assert!(!on(&[("TERM", "dumb")]));
    assert!(!on(&[("TERM", "xterm"), ("NO_COLOR", "1")]));
    assert!(!on(&[("TERM", "xterm"), ("CLICOLOR", "0")]));
    assert!(on(&[("TERM", "xterm"), ("CLICOLOR", "0"), ("CLICOLOR_FORCE", "1")]));
    #[cfg(not(windows))]
    assert!(!on(&[]));
}

#[test]
fn the_option_is_found_before_the_arguments_are_read() {
    let asked = |line: &str| asked(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>());
    assert_eq!(asked("render k8s"), None);
    assert_eq!(asked("render k8s --color always"), Some(true));
    assert_eq!(asked("render --color=never k8s"), Some(false));
    assert_eq!(asked("render --color auto k8s"), None);
    assert_eq!(asked("render k8s --color"), None);
    assert_eq!(asked("render k8s --color=sometimes"), None);
    assert_eq!(asked("render k8s -- --color=always"), None);
}
