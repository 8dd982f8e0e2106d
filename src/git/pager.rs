//! The pager that git would use.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Seek, Write};
use std::path::Path;

use anyhow::Result;

use super::process::{Git, Program};

/// What the shell is told: the pager's own variables have the values that git gives them (`git help
/// config`, core.pager), and a pager that is not there is done without.
const SCRIPT: &str = r#"export LESS="${LESS-FRX}" LV="${LV--c}"
eval "$1"
status=$?
case $status in 126|127) exec cat ;; esac
exit $status"#;

/// Shows a text in the pager that git would use here (`git help var`, GIT_PAGER), in place of this
/// process. Returns where there is none, so that the text is to be printed.
///
/// # Errors
/// If git or the pager cannot be started, or the text cannot be handed over.
pub fn page(directory: &Path, text: &[u8]) -> Result<()> {
    let said = Git::of_user(directory).args(["var", "GIT_PAGER"]).output()?;
    let pager = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    if said.status != 0 || matches!(pager.as_str(), "" | "cat") {
        return Ok(());
    }
    // Becoming the pager leaves it alone with the terminal, and none behind when that is interrupted.
    let call = Program::new(OsStr::new("sh")).args(["-c", SCRIPT, "pager", &pager]);
    call.reading(unnamed(text)?).become_it()?;
    Ok(())
}

/// An open file that has no name and holds the text.
fn unnamed(text: &[u8]) -> io::Result<File> {
    let flags = rustix::fs::MemfdFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::memfd_create("git-kitty", flags)?);
    file.write_all(text)?;
    file.rewind()?;
    Ok(file)
}
