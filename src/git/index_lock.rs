//! Git's lock on the index of a worktree or on settings, taken so that one of a process that died is
//! known.
//!
//! `index.lock` is what git looks at. Ours says whose it is, and is locked itself (flock(2)) for as
//! long as its taker, or a git that it started, lives. Git works on a copy of the index meanwhile.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::left_commit;
use super::publish::link;
use super::shared;

/// The lock, held, and a copy of the index to work on. Dropped, it leaves the index as it was.
pub(super) struct IndexLock {
    index: PathBuf,
    file: Arc<File>,
}

const OURS: &[u8] = b"git-kitty\n";
/// How long a git that outlived its git-kitty is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

impl IndexLock {
    /// Takes the lock of the worktree with this git directory; `None` if somebody else has it. What a
    /// killed `git kitty commit` had still to do to the index is done first.
    pub(super) fn take(git_dir: &Path) -> io::Result<Option<Self>> {
        Self::take_of(&git_dir.join("index"), git_dir)
    }

    /// The same, of an index that may stand elsewhere.
    pub(super) fn take_of(index: &Path, git_dir: &Path) -> io::Result<Option<Self>> {
        let Some(file) = hold(&beside(index, "kitty"), &beside(index, "lock"))? else {
            return Ok(None);
        };
        let taken = Self { index: index.to_owned(), file: Arc::new(file) };
        taken.forget_private();
        taken.copy_anew()?;
        if left_commit::finish(&taken, git_dir).map_err(io::Error::other)? {
            taken.copy_anew()?;
        }
        Ok(Some(taken))
    }

    /// Whether this `index.lock` is ours, and its taker dead.
    pub(super) fn is_abandoned(lock: &Path) -> bool {
        fs::read(lock).is_ok_and(|bytes| bytes == OURS)
            && File::open(lock).is_ok_and(|file| file.try_lock().is_ok())
    }

    /// The copy.
    pub(super) fn copy(&self) -> PathBuf {
        self.beside("copy")
    }

    /// A second file that only who has the lock uses, removed with it.
    pub(super) fn private(&self) -> PathBuf {
        self.beside("private")
    }

    /// A file beside the index.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        beside(&self.index, name)
    }

    /// What a git that works on the copy has to keep open.
    pub(super) fn file(&self) -> Arc<File> {
        Arc::clone(&self.file)
    }

    /// The copy becomes the index.
    pub(super) fn keep(&self) -> io::Result<()> {
        fs::rename(self.copy(), &self.index)
    }

    fn forget_private(&self) {
        let _ = fs::remove_file(self.private());
        let _ = fs::remove_file(self.beside("private.lock"));
        left_commit::forget_half(self);
    }

    fn copy_anew(&self) -> io::Result<()> {
        let _ = fs::remove_file(self.beside("copy.lock"));
        match copy(&self.index, &self.copy()) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                // Without an index there is none to copy, and what a dead process left is not it.
                let _ = fs::remove_file(self.copy());
                Ok(())
            }
            copied => copied,
        }
    }
}

/// The file beside an index that has its name and one more part.
pub(super) fn beside(index: &Path, name: &str) -> PathBuf {
    index.with_added_extension(name)
}

impl Drop for IndexLock {
    fn drop(&mut self) {
        let _ = fs::remove_file(self.copy());
        self.forget_private();
        let _ = fs::remove_file(self.beside("lock"));
    }
}

/// Puts `lock` there through the file `own` beside it, which says that it is ours and is itself
/// locked for as long as what is returned is open; `None` if somebody else has the lock. Whoever
/// takes it removes it before that is closed.
pub(super) fn hold(own: &Path, lock: &Path) -> io::Result<Option<File>> {
    let start = Instant::now();
    loop {
        // Of a process that died, or that is just at it: then that one begins again.
        let _ = fs::remove_file(own);
        let mut file = match shared::open(OpenOptions::new().write(true).create_new(true), own) {
            Err(error) if is_crossed(&error, own, start) => continue,
            opened => opened?,
        };
        let put = file.write_all(OURS).and_then(|()| Ok(file.try_lock()?));
        match put.and_then(|()| put_there(own, lock, &file)) {
            Err(error) if is_crossed(&error, own, start) => {}
            held => {
                let _ = fs::remove_file(own);
                return Ok(held?.then_some(file));
            }
        }
    }
}

/// Whether another process that takes the lock at the same time has made or removed the file.
fn is_crossed(error: &io::Error, own: &Path, start: Instant) -> bool {
    matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound)
        && own.parent().is_some_and(Path::is_dir)
        && start.elapsed() < PATIENCE
}

/// Copies an index with its time, since git looks closer at files that are not older than their
/// index: they may have changed after it without a trace (git's "racy git problem").
fn copy(index: &Path, copy: &Path) -> io::Result<()> {
    let written = fs::metadata(index)?.modified()?;
    fs::copy(index, copy)?;
    OpenOptions::new().write(true).open(copy)?.set_modified(written)
}

/// Whether the lock could be put there, in place of a dead process's if need be.
///
/// Two processes that take it at once may link each other's file: the lock is whose file it is.
fn put_there(own: &Path, lock: &Path, file: &File) -> io::Result<bool> {
    let start = Instant::now();
    loop {
        match link(own, lock) {
            // Where there are no links it is a copy.
            Ok(()) if cfg!(not(unix)) || is_at(file, lock) || is_at(file, own) => return Ok(true),
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
            Err(_) if cfg!(unix) && is_at(file, lock) => return Ok(true),
            Ok(()) | Err(_) => {}
        }
        match fs::read(lock) {
            Ok(bytes) if bytes == OURS => {}
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Ok(_) | Err(_) => return Ok(false),
        }
        if let Ok(file) = File::open(lock)
            && file.try_lock().is_ok()
        {
            // It may be that of a process which has just given it up, and another's by now.
            if is_at(&file, lock) {
                let _ = fs::remove_file(lock);
            }
        } else if start.elapsed() > PATIENCE {
            return Ok(false);
        } else {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Whether a path still leads to the file that was opened by it.
fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let place = |found: fs::Metadata| (found.dev(), found.ino());
        let (opened, there) = (file.metadata().map(place), fs::metadata(path).map(place));
        matches!((opened, there), (Ok(opened), Ok(there)) if opened == there)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}
