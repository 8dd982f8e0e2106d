//! What this user may not write, said with its path: the system names none.

use std::io::{self, ErrorKind};
use std::path::Path;

use anyhow::Error;

use crate::domain::refusal::Refusal;

/// The same error; that something at `path` may not be written, with the refusal in it.
#[must_use]
pub fn told(path: &Path, error: io::Error) -> io::Error {
    let kind = error.kind();
    if matches!(kind, ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
        && refusal_of(&error).is_none()
    {
        return io::Error::new(kind, not_writable(path, error.to_string()));
    }
    error
}

/// The refusal in an error, also where it is only that something may not be written.
#[must_use]
pub fn refusal(error: &Error) -> Option<&Refusal> {
    let of_cause = || error.chain().find_map(|cause| refusal_of(cause.downcast_ref()?));
    error.downcast_ref().or_else(of_cause)
}

fn refusal_of(error: &io::Error) -> Option<&Refusal> {
    error.get_ref()?.downcast_ref()
}

/// Names what is there, and says no to it: the file, else the first directory around it.
fn not_writable(path: &Path, what: String) -> Refusal {
    let place = path.ancestors().find(|place| place.exists()).unwrap_or(path);
    let [path, place] = [path, place].map(|path| path.display().to_string());
    Refusal::NotWritable { path, place, what }
}

/// The refusal of writing in a directory that is there; `None` if this user may.
#[must_use]
pub fn check(directory: &Path) -> Option<Refusal> {
    #[cfg(unix)]
    {
        use rustix::fs::{Access, access};
        let error = access(directory, Access::WRITE_OK | Access::EXEC_OK).err()?;
        Some(not_writable(directory, io::Error::from(error).to_string()))
    }
    #[cfg(not(unix))]
    {
        let _ = directory;
        None
    }
}
