//! What a publishing is about to do, written down before it does it.
//!
//! A file in `kitty/journal/` of the common directory: one line of JSON, and behind it what `git
//! update-ref` reads. Its writer holds a lock on it (flock(2)) for as long as it lives, and so does
//! a `git` that it started: a journal that can be locked is a dead process's.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::ref_file::write_new;
use super::{LogEntry, Move};
use crate::domain::identity::Identity;
use crate::domain::refname::RefName;
use crate::domain::time::Instant;
use crate::git::durability::Durability;
use crate::git::repo::Repo;
use crate::git::shared;
use crate::git::write::Signed;

/// The journal of this process, removed with its files when it is dropped, unless it is left.
pub(super) struct Journal {
    path: PathBuf,
    file: Arc<File>,
    values: usize,
    left: bool,
}

/// What a journal says.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) pid: u32,
    pub(super) moves: Vec<Move>,
    pub(super) who: Identity,
    pub(super) at: Instant,
    pub(super) message: String,
    /// When a git was about to be started to do it, if one was.
    pub(super) gits: Option<SystemTime>,
}

#[derive(Serialize, Deserialize)]
struct Document {
    schema: u32,
    pid: u32,
    moves: Vec<DocumentMove>,
    name: String,
    email: String,
    at: u64,
    message: String,
}

#[derive(Serialize, Deserialize)]
struct DocumentMove {
    /// The bytes of the name, each as a character: names need not be UTF-8.
    name: String,
    old: Option<String>,
    new: Option<String>,
}

const SCHEMA: u32 = 1;
/// What the file is called when it is whole.
pub(super) const SUFFIX: &str = "journal";
/// And before that.
pub(super) const UNFINISHED: &str = "new";

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// The directory of all journals.
pub(super) fn directory(repo: &Repo) -> PathBuf {
    repo.kitty_dir().join("journal")
}

impl Journal {
    /// Begins one. Where several refs move, it is on disk when this returns, if that is asked for:
    /// without it a power cut could leave some moved.
    pub(super) fn begin(
        repo: &Repo,
        moves: &[Move],
        entry: &LogEntry<'_>,
        durability: Durability,
    ) -> Result<Self> {
        let directory = directory(repo);
        let begun = shared::create_dir_all(&directory).and_then(|()| {
            let mut journal = Self::create(&directory, &line(moves, entry))?;
            journal.values = moves.len();
            if moves.len() > 1 {
                durability.sync_file(&journal.file)?;
                durability.sync_directory(&directory)?;
            }
            Ok(journal)
        });
        begun.with_context(|| format!("could not write a journal in `{}`", directory.display()))
    }

    /// The file for what the ref of the move number `index` shall hold.
    pub(super) fn value(&self, index: usize) -> PathBuf {
        value(&self.path, index)
    }

    /// Adds what `git` shall read, and returns the file, standing before it.
    pub(super) fn with_commands(&self, commands: &[u8]) -> Result<Arc<File>> {
        let mut file = self.file.as_ref();
        let start = file.seek(SeekFrom::End(0))?;
        file.write_all(commands)?;
        file.seek(SeekFrom::Start(start))?;
        Ok(Arc::clone(&self.file))
    }

    /// Lets it stay for [`super::recover()`]: the first ref has moved, or may have.
    pub(super) fn leave(&mut self) {
        self.left = true;
    }

    /// Whether it stays.
    pub(super) fn is_left(&self) -> bool {
        self.left
    }

    /// Done: nothing is left to be finished.
    pub(super) fn end(mut self) {
        self.left = false;
    }

    /// Someone that recovers may take a file without lock for a dead process's and remove it.
    fn create(directory: &Path, line: &[u8]) -> io::Result<Self> {
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let path = directory.join(format!("{}-{number}.{UNFINISHED}", std::process::id()));
            let file = match write_new(&path, line) {
                Ok(file) => file,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            };
            file.lock()?;
            let whole = path.with_extension(SUFFIX);
            match fs::rename(&path, &whole) {
                Ok(()) => {
                    return Ok(Self { path: whole, file: Arc::new(file), values: 0, left: false });
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        if !self.left {
            remove(&self.path, self.values);
        }
    }
}

/// Opens the journal of a process that is dead, with its lock; `None` if that lives, or is done.
pub(super) fn inherit(path: &Path) -> Result<Option<File>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    // Its writer may have ended, and removed it, between the two calls.
    Ok(path.exists().then_some(file))
}

/// Whether a process is at it.
pub(super) fn is_held(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

/// Reads what a journal says.
pub(super) fn read(path: &Path) -> Result<Record> {
    let bytes = fs::read(path)?;
    let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
    let line = parts.next().unwrap_or_default();
    let is_gits = parts.next().is_some_and(|commands| !commands.is_empty());
    let document: Document = serde_json::from_slice(line)?;
    ensure!(document.schema == SCHEMA, "a journal of schema {}", document.schema);
    let moves = document.moves.iter().map(DocumentMove::read).collect::<Result<Vec<_>>>()?;
    Ok(Record {
        pid: document.pid,
        moves,
        who: Identity::new(&document.name, &document.email)?,
        at: Instant::from_micros(document.at),
        message: document.message,
        gits: if is_gits { Some(fs::metadata(path)?.modified()?) } else { None },
    })
}

/// Removes a journal and the files that belong to it, itself last.
pub(super) fn remove(path: &Path, values: usize) {
    for index in 0..values {
        let _ = fs::remove_file(value(path, index));
    }
    let _ = fs::remove_file(path);
}

impl Record {
    pub(super) fn entry(&self) -> LogEntry<'_> {
        let signed = Signed { who: &self.who, at: self.at };
        LogEntry { signed, message: &self.message }
    }
}

impl DocumentMove {
    fn of(change: &Move) -> Self {
        let name = change.name.as_bytes().iter().map(|byte| char::from(*byte)).collect();
        let [old, new] = [change.old, change.new].map(|oid| oid.map(|oid| oid.to_string()));
        Self { name, old, new }
    }

    fn read(&self) -> Result<Move> {
        let name = self.name.chars().map(u8::try_from).collect::<Result<Vec<_>, _>>()?;
        let oid = |text: &Option<String>| text.as_deref().map(str::parse).transpose();
        Ok(Move { name: RefName::new(name)?, old: oid(&self.old)?, new: oid(&self.new)? })
    }
}

fn line(moves: &[Move], entry: &LogEntry<'_>) -> Vec<u8> {
    let document = Document {
        schema: SCHEMA,
        pid: std::process::id(),
        moves: moves.iter().map(DocumentMove::of).collect(),
        name: entry.signed.who.name().to_owned(),
        email: entry.signed.who.email().to_owned(),
        at: entry.signed.at.micros(),
        message: entry.message.to_owned(),
    };
    let mut line = serde_json::to_vec(&document).unwrap_or_default();
    line.push(b'\n');
    line
}

fn value(journal: &Path, index: usize) -> PathBuf {
    journal.with_extension(index.to_string())
}
