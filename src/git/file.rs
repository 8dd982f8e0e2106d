//! Files outside the object store: replaced by rename, so that a reader sees the old bytes or the
//! new ones, and a crash leaves one of the two.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::crash;
use super::index_lock::hold;
use super::{shared, unwritable};
use crate::domain::refusal::Refusal;

/// Puts `bytes` at `path`, through a temporary file beside it, with the permissions of the file that is
/// replaced; a new one gets what the umask leaves. A symlink there is replaced itself.
///
/// # Errors
/// If the directory cannot be written; what stood at `path` is then untouched.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = own_temporary(path);
    replace_by(&temporary, path, |temporary| write_new(temporary, path, bytes))
}

/// Puts a copy of a program at `path`, as [`replace`] does, with 0755, whatever the umask.
///
/// # Errors
/// As [`replace`]; if the program cannot be read.
pub fn replace_by_program(path: &Path, program: &Path) -> Result<()> {
    let copy = |temporary: &Path| {
        let mut file = create_new(temporary)?;
        io::copy(&mut File::open(program)?, &mut file)?;
        make_executable(&file)?;
        shared::grant(temporary)?;
        file.sync_all()
    };
    replace_by(&own_temporary(path), path, copy)
}

/// As [`replace`], without waiting for the disk: after a power cut the file may be empty, or missing,
/// as it is for a moment. (A file system that is careful writes out at once what is renamed over
/// another file; so nothing is there any more when it is.)
///
/// # Errors
/// As [`replace`].
pub fn replace_quickly(path: &Path, bytes: &[u8]) -> Result<()> {
    replace_by(&own_temporary(path), path, |temporary| write_quickly(temporary, path, bytes))
}

/// As [`replace`], for who holds a lock that keeps others from `path`: what a
/// killed one left beside it goes away.
///
/// # Errors
/// As [`replace`].
pub fn replace_under_lock(path: &Path, bytes: &[u8]) -> Result<()> {
    replace_alone(path, |temporary| write_new(temporary, path, bytes))
}

/// As [`replace_quickly`], for who holds such a lock.
///
/// # Errors
/// As [`replace`].
pub fn replace_quickly_under_lock(path: &Path, bytes: &[u8]) -> Result<()> {
    replace_alone(path, |temporary| write_quickly(temporary, path, bytes))
}

/// Removes what a killed process that held the lock was about to put at `path`.
pub(super) fn forget_under_lock(path: &Path) {
    let _ = fs::remove_file(locked_temporary(path));
}

fn replace_alone(path: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> Result<()> {
    forget_under_lock(path);
    replace_by(&locked_temporary(path), path, |temporary| {
        write(temporary)?;
        crash::point(crash::UNDER_LOCK);
        Ok(())
    })
}

fn locked_temporary(path: &Path) -> PathBuf {
    beside(path, ".kitty.tmp")
}

fn own_temporary(path: &Path) -> PathBuf {
    beside(path, &format!(".{}.tmp", std::process::id()))
}

fn replace_by(
    temporary: &Path,
    path: &Path,
    write: impl FnOnce(&Path) -> io::Result<()>,
) -> Result<()> {
    let written = write(temporary)
        .and_then(|()| fs::rename(temporary, path))
        .map_err(|error| unwritable::told(path, error))
        .with_context(|| format!("could not write `{}`", path.display()));
    if written.is_err() {
        let _ = fs::remove_file(temporary);
    }
    written
}

/// Replaces the bytes of `path` by what `change` makes of them, under the lock `<path>.lock` that
/// git takes too, and that is taken over from one of ours that was killed; without a change the file
/// is not written. A missing file counts as empty, and a
/// symlink is followed.
///
/// # Errors
/// [`Refusal::FileLocked`] if another process is at it, else if it cannot be read or written.
pub fn edit(path: &Path, change: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let lock = beside(&path, ".lock");
    let held = hold(&own_temporary(&lock), &lock)
        .with_context(|| format!("could not lock `{}`", lock.display()))?;
    let Some(_held) = held else {
        return Err(Refusal::FileLocked { lock: lock.display().to_string() }.into());
    };
    crash::point(crash::SETTINGS);
    let edited =
        edit_locked(&path, change).with_context(|| format!("could not edit `{}`", path.display()));
    let _ = fs::remove_file(&lock);
    edited
}

/// Appends a line, which has no line end itself, by one write: of several processes at once, each
/// line is there as a whole. What a full disk cut off before stays a line of its own. Durable when it
/// returns.
///
/// # Errors
/// If it cannot be written, or not as a whole.
pub fn append_line(path: &Path, line: &[u8]) -> Result<()> {
    append(path, line).with_context(|| format!("could not write to `{}`", path.display()))
}

fn append(path: &Path, line: &[u8]) -> io::Result<()> {
    let mut file = shared::open(OpenOptions::new().read(true).append(true).create(true), path)?;
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(-1)).is_ok() {
        file.read_exact(&mut last)?;
    }
    let begin: &[u8] = if last == [b'\n'] { b"" } else { b"\n" };
    let whole = [begin, line, b"\n"].concat();
    if file.write(&whole)? < whole.len() {
        return Err(ErrorKind::WriteZero.into());
    }
    file.sync_data()
}

/// The bytes of a file, or `None` where there is none.
///
/// # Errors
/// If there is one that cannot be read.
pub fn read_if_present(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("could not read `{}`", path.display())),
    }
}

/// Opens a file to read. What is there and no regular file is refused unopened: a pipe would keep us
/// waiting, a device would never end.
///
/// # Errors
/// If there is none, or it cannot be read.
pub fn open_regular(path: &Path) -> io::Result<File> {
    if fs::metadata(path)?.is_file() {
        return File::open(path);
    }
    Err(io::Error::new(ErrorKind::InvalidInput, "no regular file"))
}

/// Whether someone may run the file: the bits that git asks for before it runs a hook.
#[must_use]
pub fn is_executable(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        metadata.permissions().mode() & 0o111 != 0
    }
    #[cfg(not(unix))]
    {
        metadata.is_file()
    }
}

/// Lets everyone run a file who may read it, or nobody.
///
/// # Errors
/// If its permissions cannot be changed.
pub fn set_executable(path: &Path, executable: bool) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path)?.permissions().mode();
        let mode = if executable { mode | (mode & 0o444) >> 2 } else { mode & !0o111 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
    }
    #[cfg(not(unix))]
    {
        let _ = (path, executable);
        Ok(())
    }
}

/// The path that these bytes name, as git prints paths: any bytes on Unix, else UTF-8.
#[must_use]
pub fn path_of(bytes: Vec<u8>) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        PathBuf::from(OsString::from_vec(bytes))
    }
    #[cfg(not(unix))]
    {
        PathBuf::from(String::from_utf8_lossy(&bytes).into_owned())
    }
}

pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn create_new(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).open(path)?;
    shared::grant(path)?;
    Ok(file)
}

fn write_new(temporary: &Path, old: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = create_new(temporary)?;
    file.write_all(bytes)?;
    keep_permissions(&file, old)?;
    shared::grant(temporary)?;
    file.sync_all()
}

fn edit_locked(path: &Path, change: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<()> {
    let old = read_if_present(path)?;
    let new = change(old.as_deref().unwrap_or_default());
    if old.as_ref() == Some(&new) {
        return Ok(());
    }
    replace_under_lock(path, &new)
}

fn write_quickly(temporary: &Path, old: &Path, bytes: &[u8]) -> io::Result<()> {
    create_new(temporary)?.write_all(bytes)?;
    let _ = fs::remove_file(old);
    Ok(())
}

fn keep_permissions(file: &File, old: &Path) -> io::Result<()> {
    match fs::symlink_metadata(old) {
        Ok(metadata) if metadata.is_file() => file.set_permissions(metadata.permissions()),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn make_executable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_file: &File) -> io::Result<()> {
    Ok(())
}
