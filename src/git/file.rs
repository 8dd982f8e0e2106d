//! Replacing files whole.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};

/// The permissions of a new file, before the umask takes from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// To read and write.
    Data,
    /// To run, too.
    Program,
}

/// Whether to wait until the disk has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A crash of the machine may bring the old content back.
    Cached,
    /// The new content survives a crash of the machine.
    Synced,
}

/// Gives `path` a new content at once: a reader sees the old or the new one, never a part, and a
/// failure leaves the old one. Where `path` is a symbolic link, the link is replaced.
///
/// # Errors
/// If the directory does not take a new file, or the disk fails.
pub fn replace(
    path: &Path,
    content: &[u8],
    permission: Permission,
    durability: Durability,
) -> Result<()> {
    let (file, temporary) = create_beside(path, permission)
        .with_context(|| format!("could not create a file beside `{}`", path.display()))?;
    let written = write(file, content, durability)
        .and_then(|()| std::fs::rename(&temporary, path))
        .and_then(|()| sync_directory(path, durability));
    if written.is_err() {
        // It is gone already if only the last step failed.
        std::fs::remove_file(&temporary).ok();
    }
    written.with_context(|| format!("could not replace `{}`", path.display()))
}

fn write(mut file: File, content: &[u8], durability: Durability) -> io::Result<()> {
    file.write_all(content)?;
    match durability {
        Durability::Synced => file.sync_all(),
        Durability::Cached => Ok(()),
    }
}

/// A new file with a name that nobody has: of the process, and of the call within it.
fn create_beside(path: &Path, permission: Permission) -> io::Result<(File, PathBuf)> {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    loop {
        let mut own = std::ffi::OsString::from(".");
        own.push(name);
        let call = CALLS.fetch_add(1, Ordering::Relaxed);
        own.push(format!(".{}-{call}.tmp", std::process::id()));
        let temporary = path.with_file_name(own);
        match options(permission).open(&temporary) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return Ok((opened?, temporary)),
        }
    }
}

#[cfg(unix)]
fn options(permission: Permission) -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mode = match permission {
        Permission::Data => 0o666,
        Permission::Program => 0o777,
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(mode);
    options
}

#[cfg(not(unix))]
fn options(_: Permission) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    options
}

/// On Unix a rename lasts only once the directory is written, too.
fn sync_directory(path: &Path, durability: Durability) -> io::Result<()> {
    match (durability, path.parent()) {
        (Durability::Synced, Some(parent)) if cfg!(unix) => {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            File::open(parent)?.sync_all()
        }
        (Durability::Synced | Durability::Cached, _) => Ok(()),
    }
}
