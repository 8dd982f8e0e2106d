//! The files of the outbox.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::batch::{Batch, News, number_text};
use super::prepared::Prepared;
use super::queue::Queue;
use crate::git::flock::Flock;
use crate::git::shared;

/// The outbox of a repository, whether it is there already or not.
#[derive(Debug, Clone)]
pub struct Outbox {
    directory: PathBuf,
}

/// The ending of a confirmed batch's file.
const READY: &str = "json";
/// The ending of a batch's file before its refs have moved.
const PREPARED: &str = "prepared";
/// The file that is locked while a process delivers.
const DELIVERING: &str = "deliver.lock";

/// Whether the commit of a batch is part of its branch.
pub type Published<'p> = &'p dyn Fn(&Batch) -> Result<bool>;

impl Outbox {
    /// The outbox of the repository with this common directory.
    #[must_use]
    pub fn of(common_dir: &Path) -> Self {
        Self { directory: common_dir.join("kitty/outbox") }
    }

    /// Writes down, durably, what is about to be published; `None` if there is no sink or no event.
    /// To be called under the lock of the mission, so that the order is that of the log.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn prepare(&self, news: News<'_>, sinks: &[String]) -> Result<Option<Prepared>> {
        if sinks.is_empty() || news.lines.is_empty() {
            return Ok(None);
        }
        self.write_prepared(news, sinks).map(Some).context("could not write to the outbox")
    }

    /// The right to deliver; `None` while another process has it. Of a batch that a dead writer
    /// left in doubt, `published` says whether its refs had moved.
    ///
    /// # Errors
    /// If the outbox cannot be locked.
    pub fn queue<'o>(&'o self, published: Published<'o>) -> Result<Option<Queue<'o>>> {
        if !self.directory.is_dir() {
            return Ok(Some(Queue::new(self, published, None)));
        }
        let lock = self.open_lock(DELIVERING)?;
        let lock = Flock::at_once(lock).context("could not lock the outbox")?.ok();
        Ok(lock.map(|lock| Queue::new(self, published, Some(lock))))
    }

    /// The file that is locked while a process delivers.
    #[must_use]
    pub fn lock_file(&self) -> PathBuf {
        self.directory.join(DELIVERING)
    }

    /// The batches that wait, in order, as they stand. Damaged files are left out.
    ///
    /// # Errors
    /// If the files cannot be read.
    pub fn waiting(&self) -> Result<Vec<Batch>> {
        Ok(self.ready()?.into_iter().map(|(_, batch)| batch).collect())
    }

    /// The confirmed batches with their files, in order.
    pub(super) fn ready(&self) -> Result<Vec<(PathBuf, Batch)>> {
        let mut batches = Vec::new();
        for (_, path) in self.numbered(READY)? {
            let batch = read(&path)?.and_then(|bytes| Batch::parse(&bytes));
            batches.extend(batch.map(|batch| (path, batch)));
        }
        Ok(batches)
    }

    fn write_prepared(&self, news: News<'_>, sinks: &[String]) -> Result<Prepared> {
        shared::create_dir_all(&self.directory)?;
        let (number, path, mut file) = self.take_number(news.at.micros())?;
        file.write_all(&Batch::new(number, news, sinks).to_bytes()?)?;
        file.sync_all()?;
        sync_directory(&self.directory)?;
        let ready = self.path(number, READY);
        Ok(Prepared::new(file, path, ready))
    }

    /// A number that is greater than all that wait, with its file, locked.
    fn take_number(&self, now: u64) -> Result<(u64, PathBuf, Flock)> {
        let _numbers = self.lock_numbers()?;
        let ready = self.numbered(READY)?;
        let prepared = self.numbered(PREPARED)?;
        let last = ready.last().into_iter().chain(prepared.last()).map(|(number, _)| *number).max();
        let number = last.map_or(now, |last| now.max(last + 1));
        let path = self.path(number, PREPARED);
        let file = shared::open(OpenOptions::new().write(true).create_new(true), &path)?;
        let file = Flock::at_once(file)?;
        let file = file.map_err(|_| anyhow::anyhow!("a new file is locked already"))?;
        Ok((number, path, file))
    }

    /// Confirms or removes what writers left that are gone; those at work hold their file's lock.
    /// Whether there was any.
    pub(super) fn settle_doubts(&self, published: Published<'_>) -> Result<bool> {
        let abandoned = self.abandoned()?;
        let any = !abandoned.is_empty();
        for (number, path, _held) in abandoned {
            let batch = read(&path)?.and_then(|bytes| Batch::parse(&bytes));
            let keep = batch.map_or(Ok(false), |batch| published(&batch))?;
            let settled = if keep {
                fs::rename(&path, self.path(number, READY))
            } else {
                fs::remove_file(&path)
            };
            match settled {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(error).context("could not settle the outbox");
                }
                Err(_) | Ok(()) => {}
            }
        }
        Ok(any)
    }

    fn abandoned(&self) -> Result<Vec<(u64, PathBuf, Flock)>> {
        if self.numbered(PREPARED)?.is_empty() {
            return Ok(Vec::new());
        }
        let _numbers = self.lock_numbers()?;
        let mut abandoned = Vec::new();
        for (number, path) in self.numbered(PREPARED)? {
            let Ok(file) = File::open(&path) else { continue };
            if let Ok(Ok(file)) = Flock::at_once(file) {
                abandoned.push((number, path, file));
            }
        }
        Ok(abandoned)
    }

    /// Held only while a file is made or looked for, so that none is seen before it is locked.
    fn lock_numbers(&self) -> Result<Flock> {
        Flock::wait(self.open_lock("number.lock")?).context("could not lock the outbox")
    }

    fn open_lock(&self, name: &str) -> Result<File> {
        let path = self.directory.join(name);
        let mut options = OpenOptions::new();
        let opened = shared::open(options.write(true).create(true).truncate(false), &path);
        opened.with_context(|| format!("could not open `{}`", path.display()))
    }

    fn path(&self, number: u64, ending: &str) -> PathBuf {
        self.directory.join(format!("{}.{ending}", number_text(number)))
    }

    /// The files of batches with this ending, in the order of their numbers.
    fn numbered(&self, ending: &str) -> Result<Vec<(u64, PathBuf)>> {
        let entries = match fs::read_dir(&self.directory) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.context("could not list the outbox")?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.context("could not list the outbox")?.path();
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            let number = stem.and_then(|stem| stem.parse().ok());
            if let Some(number) = number.filter(|_| path.extension().is_some_and(|e| e == ending)) {
                files.push((number, path));
            }
        }
        files.sort();
        Ok(files)
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    crate::git::file::read_if_present(path)
}

/// Makes new names in a directory durable.
fn sync_directory(directory: &Path) -> std::io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}
