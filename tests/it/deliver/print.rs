//! Standard output.

use std::io::{self, ErrorKind, Write};

use render::deliver::{Error, print};

use super::*;

/// A reader that is gone: after some bytes, or only noticed when flushed.
struct Gone {
    takes: usize,
    flushes: bool,
    kind: ErrorKind,
}

impl Write for Gone {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.takes);
        self.takes -= taken;
        if taken == 0 { Err(self.kind.into()) } else { Ok(taken) }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.flushes { Ok(()) } else { Err(self.kind.into()) }
    }
}

fn printed(texts: &[&str]) -> String {
    let mut out = Vec::new();
    print(texts, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn one_text_is_printed_as_it_is() {
    assert_eq!(printed(&["a: 1\n"]), "a: 1\n");
}

#[test]
fn several_texts_are_documents_of_one_stream() {
    assert_eq!(printed(&["a: 1\n", "b: 1", "c: 1\n"]), "a: 1\n---\nb: 1\n---\nc: 1\n");
}

#[test]
fn nothing_to_print_is_an_error_not_silence() {
    assert!(matches!(print(&[], &mut Vec::new()), Err(Error::Nothing)));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    for takes in [0, 3, 100_000] {
        let mut gone = Gone { takes, flushes: false, kind: ErrorKind::BrokenPipe };
        print(&[DEPLOYMENT, SERVICE], &mut gone).expect("a broken pipe is silent");
    }
}

#[test]
fn any_other_error_of_the_writer_is_told() {
    for (takes, flushes) in [(0, true), (3, true), (100_000, false)] {
        let error =
            print(&[DEPLOYMENT, SERVICE], &mut Gone { takes, flushes, kind: ErrorKind::StorageFull }).unwrap_err();
        assert!(error.to_string().starts_with("cannot write to standard output: "), "{error}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_told() {
    let mut full = io::BufWriter::new(fs::File::options().write(true).open("/dev/full").unwrap());
    assert!(matches!(print(&[DEPLOYMENT, SERVICE], &mut full), Err(Error::Print(_))));
}
