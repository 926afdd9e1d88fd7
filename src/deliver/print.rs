//! Standard output.

use std::io::{self, Write};

use super::Error;

/// Prints texts one after the other, `---` between them, without headers. A reader that has seen enough (`| head`)
/// is no error.
///
/// # Errors
/// No texts, since silence would be taken for an empty application; or whatever else the writer has.
pub fn print(texts: &[&str], out: &mut dyn Write) -> Result<(), Error> {
    if texts.is_empty() {
        return Err(Error::Nothing);
    }
    match each(texts, out) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::Print(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Hands a text on as it is, to the last byte.
///
/// # Errors
/// Whatever the writer has; a reader that has seen enough is none.
pub fn pass(text: &str, out: &mut dyn Write) -> Result<(), Error> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::Print(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn each(texts: &[&str], out: &mut dyn Write) -> io::Result<()> {
    for (at, text) in texts.iter().enumerate() {
        if at > 0 {
            out.write_all(b"---\n")?;
        }
        out.write_all(text.as_bytes())?;
        if !text.ends_with('\n') {
            out.write_all(b"\n")?;
        }
    }
    out.flush()
}
