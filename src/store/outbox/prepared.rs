//! A batch whose refs have not moved yet.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::git::flock::Flock;

/// A batch that is written down, but not confirmed. Dropped without a word it stays in doubt, and
/// the next delivery finds out whether its commit was published.
#[must_use = "confirm it after publishing, or discard it"]
#[derive(Debug)]
pub struct Prepared {
    /// Its lock tells others that this writer lives.
    file: Flock,
    path: PathBuf,
    ready: PathBuf,
}

impl Prepared {
    pub(super) const fn new(file: Flock, path: PathBuf, ready: PathBuf) -> Self {
        Self { file, path, ready }
    }

    /// The refs have moved: the events are to be delivered. To be called before the lock of the
    /// mission is released.
    ///
    /// # Errors
    /// If the file cannot be renamed; the next delivery makes up for that.
    pub fn confirm(self) -> Result<()> {
        fs::rename(&self.path, &self.ready).context("could not confirm a batch of the outbox")?;
        drop(self.file);
        Ok(())
    }

    /// The refs have not moved, and will not.
    ///
    /// # Errors
    /// If the file cannot be removed; the next delivery makes up for that.
    pub fn discard(self) -> Result<()> {
        fs::remove_file(&self.path).context("could not discard a batch of the outbox")?;
        drop(self.file);
        Ok(())
    }
}
