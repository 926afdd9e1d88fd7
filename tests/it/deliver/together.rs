//! Two runs at once.

use std::{sync::Barrier, thread};

use render::deliver::{Fingerprint, State, write};

use super::*;

/// A rendering of which every file says, all over, which one it is.
fn numbered(number: usize) -> Output {
    let text = format!("n: {number}\n").repeat(2000);
    let mut output = output(&[("a.txt", &text), ("b.txt", &text), ("sub/c.txt", &text)]);
    output.files.iter_mut().for_each(|file| file.model = Fingerprint::of(number.to_string()));
    output
}

#[test]
fn runs_at_once_leave_complete_files_and_no_others() {
    let dir = folder();
    let deploy = dir.path().join("deploy");
    let start = Barrier::new(4);
    thread::scope(|scope| {
        for number in 0..4 {
            let (start, deploy) = (&start, &deploy);
            scope.spawn(move || {
                start.wait();
                for round in 0..20 {
                    let report = write(&numbered(number * 20 + round), deploy, false).expect("complete files are ours");
                    assert_eq!(report.orphans, []);
                }
            });
        }
    });
    assert_eq!(names(&deploy), ["a.txt", "b.txt", "sub"]);
    assert_eq!(names(&deploy.join("sub")), ["c.txt"]);
    for (_, state) in states(&numbered(1000), &deploy) {
        assert_eq!(state, State::Stale, "a file that were torn, or mixed, would count as edited");
    }
}
