//! A lock on an open file (flock(2)), given up when its guard is dropped.
//!
//! Closing the file would give it up as well, but only with the last descriptor of it: a child that
//! another thread has just forked, and that has not yet come to its exec, keeps one for a moment. In
//! that moment whoever does not wait would find the lock taken by nobody.
//!
//! Not for files that a child is to keep locked: those of `publish::journal` and `index_lock`.

use std::fs::{File, TryLockError};
use std::io;
use std::ops::{Deref, DerefMut};

/// A file, locked for this process alone.
#[derive(Debug)]
pub struct Flock(File);

impl Flock {
    /// Locks it as soon as it is free.
    ///
    /// # Errors
    /// If it cannot be locked at all.
    pub fn wait(file: File) -> io::Result<Self> {
        file.lock()?;
        Ok(Self(file))
    }

    /// Locks it if it is free, else gives it back.
    ///
    /// # Errors
    /// If it cannot be locked at all.
    pub fn at_once(file: File) -> io::Result<Result<Self, File>> {
        match file.try_lock() {
            Ok(()) => Ok(Ok(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(Err(file)),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Deref for Flock {
    type Target = File;

    fn deref(&self) -> &File {
        &self.0
    }
}

impl DerefMut for Flock {
    fn deref_mut(&mut self) -> &mut File {
        &mut self.0
    }
}

impl Drop for Flock {
    fn drop(&mut self) {
        // Should it fail, closing does the same a moment later.
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_descriptor_keeps_open_is_free_again() {
        let directory = assert_fs::TempDir::new().unwrap();
        let open = || File::create(directory.path().join("lock")).unwrap();
        let held = Flock::at_once(open()).unwrap().unwrap();
        let forked = held.try_clone().unwrap();
        assert!(Flock::at_once(open()).unwrap().is_err(), "it is held");
        drop(held);
        let again = Flock::at_once(open()).unwrap();
        assert!(again.is_ok(), "its guard is gone");
        drop((forked, again));
        drop(Flock::wait(open()).unwrap());
    }
}
