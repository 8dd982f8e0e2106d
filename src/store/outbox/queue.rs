//! The outbox in the hands of the one process that delivers.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::batch::{Batch, Delivery};
use super::directory::{Outbox, Published};
use crate::git::file::replace;
use crate::git::flock::Flock;

/// The right to deliver, and to change what waits. No other process has it until this is dropped.
pub struct Queue<'o> {
    outbox: &'o Outbox,
    published: Published<'o>,
    _lock: Option<Flock>,
}

impl<'o> Queue<'o> {
    /// Without a lock for an outbox that was never written to.
    pub(super) const fn new(
        outbox: &'o Outbox,
        published: Published<'o>,
        lock: Option<Flock>,
    ) -> Self {
        Self { outbox, published, _lock: lock }
    }

    /// The batches that wait now with their files, in order; they may have become more.
    ///
    /// A batch that is confirmed here was prepared after all earlier ones of its mission were
    /// confirmed or left in doubt: so doubts are settled after listing, and any asks for another
    /// list.
    ///
    /// # Errors
    /// If the files cannot be read, or it cannot be told what was published.
    pub fn batches(&self) -> Result<Vec<(PathBuf, Batch)>> {
        loop {
            let ready = self.outbox.ready()?;
            if !self.outbox.settle_doubts(self.published)? {
                return Ok(ready);
            }
        }
    }

    /// Records what became of a delivery: `Some` if it is still to be made, `None` if it is done or
    /// given up. A batch without deliveries goes.
    ///
    /// # Errors
    /// If the file cannot be written; then a delivery that was made will be made again.
    pub fn record(&self, path: &Path, id: &str, left: Option<Delivery>) -> Result<()> {
        let bytes = fs::read(path).context("could not read a batch of the outbox")?;
        let mut batch = Batch::parse(&bytes).context("a batch of the outbox is damaged")?;
        match (batch.deliveries.iter().position(|delivery| delivery.id == id), left) {
            (Some(place), None) => {
                batch.deliveries.remove(place);
            }
            (Some(place), Some(left)) => {
                batch.deliveries.splice(place..=place, [left]);
            }
            (None, _) => {}
        }
        if batch.deliveries.is_empty() {
            return fs::remove_file(path).context("could not remove a batch of the outbox");
        }
        replace(path, &batch.to_bytes()?)
    }
}
