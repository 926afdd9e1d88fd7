//! Standard output.

use std::io::{self, Write};

use super::Error;

/// Prints files one after the other, `---` between them, without headers. A reader that has seen enough (`| head`)
/// is no error.
///
/// # Errors
/// No files, since silence would be taken for an empty application; or whatever else the writer has.
pub fn print(files: &[(String, String)], out: &mut dyn Write) -> Result<(), Error> {
    if files.is_empty() {
        return Err(Error::Nothing);
    }
    match each(files, out) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::Print(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn each(files: &[(String, String)], out: &mut dyn Write) -> io::Result<()> {
    for (at, (_, text)) in files.iter().enumerate() {
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
