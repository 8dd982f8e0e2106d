//! The lock of a mission, which Spec Kitty takes as well, so that the two tools exclude each other.
//!
//! `spec-kitty-locks/<mission>.status.lock` in the common directory, locked with flock(2), empty,
//! never removed (`formats.md` section 1): who died holds nothing. Who holds it says so in a file of
//! ours, `kitty/holders/<mission>.json`, on which it holds a lock too: what a dead process left there
//! is known by that.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::flock::Flock;
use super::repo::Repo;
use super::shared;
use crate::domain::duration;
use crate::domain::layout;
use crate::domain::refusal::{LockHolder, Refusal};
use crate::domain::time::Instant;

/// A mission's lock, held. Dropping it gives it up.
#[derive(Debug)]
pub struct MissionLock {
    path: PathBuf,
    _file: Flock,
    sign: Option<Sign>,
}

/// What came first, see [`MissionLock::acquire_unless`].
#[derive(Debug)]
pub enum Turn<T> {
    /// The lock.
    Held(MissionLock),
    /// What was waited for besides.
    Done(T),
}

/// What others are told while the lock is held.
#[derive(Debug, Clone, Copy)]
pub struct Purpose<'a> {
    /// For whom.
    pub actor: &'a str,
    /// What is being done, e.g. `wp move`.
    pub command: &'a str,
    /// When it began.
    pub since: Instant,
}

/// The file that names the holder, for as long as it is open.
#[derive(Debug)]
struct Sign {
    _file: Flock,
}

#[derive(Serialize, Deserialize)]
struct Document {
    schema: u32,
    pid: u32,
    actor: String,
    command: String,
    since: String,
}

const TIMEOUT_KEY: &str = "kitty.lockTimeout";
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long [`MissionLock::acquire_unless`] sleeps at first,
const SHORTEST: Duration = Duration::from_micros(250);
/// and then for a while, in which all who wait for a transaction have been served,
const OFTEN: Duration = Duration::from_micros(500);
const SOON: Duration = Duration::from_millis(50);
/// and at last, when somebody takes long.
const SELDOM: Duration = Duration::from_millis(5);

/// The locks that this process holds: a second one on the same file would wait for ever.
static HELD: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

impl MissionLock {
    /// Takes the lock of the mission with this directory name, waiting as long as
    /// `kitty.lockTimeout` says (30 s).
    ///
    /// # Errors
    /// [`Refusal::LockTimeout`]; [`Refusal::LockReentered`] at once if this process holds it;
    /// [`Refusal::MissionNameInvalid`], [`Refusal::SettingInvalid`]; if the files cannot be written.
    pub fn acquire(repo: &Repo, mission: &str, purpose: &Purpose<'_>) -> Result<Self> {
        Self::acquire_within(repo, mission, purpose, Self::patience(repo)?)
    }

    /// As [`MissionLock::acquire`], waiting this long.
    ///
    /// # Errors
    /// As [`MissionLock::acquire`].
    pub fn acquire_within(
        repo: &Repo,
        mission: &str,
        purpose: &Purpose<'_>,
        patience: Duration,
    ) -> Result<Self> {
        let taken = Self::take(repo, mission, purpose, patience)?;
        taken.ok_or_else(|| Self::timed_out(repo, mission, patience).into())
    }

    /// As [`MissionLock::acquire`], without waiting: `None` if another process holds it.
    ///
    /// # Errors
    /// As [`MissionLock::acquire`], but for [`Refusal::LockTimeout`].
    pub fn try_acquire(repo: &Repo, mission: &str, purpose: &Purpose<'_>) -> Result<Option<Self>> {
        Self::take(repo, mission, purpose, Duration::ZERO)
    }

    /// As [`MissionLock::acquire_within`], for who also waits for something else: whichever comes
    /// first.
    ///
    /// # Errors
    /// As [`MissionLock::acquire`].
    pub fn acquire_unless<T>(
        repo: &Repo,
        mission: &str,
        purpose: &Purpose<'_>,
        patience: Duration,
        mut done: impl FnMut() -> Option<T>,
    ) -> Result<Turn<T>> {
        let start = std::time::Instant::now();
        let (mut file, mut pause) = (None, SHORTEST);
        loop {
            if let Some(done) = done() {
                return Ok(Turn::Done(done));
            }
            if let Some(lock) = Self::look(repo, mission, purpose, &mut file)? {
                // It may have been done just before the lock was free.
                return Ok(done().map_or(Turn::Held(lock), Turn::Done));
            }
            let waited = start.elapsed();
            if waited >= patience {
                return Err(Self::timed_out(repo, mission, patience).into());
            }
            std::thread::sleep(pause.min(patience - waited));
            pause = (pause * 2).min(if waited < SOON { OFTEN } else { SELDOM });
        }
    }

    /// The lock, if it is free just now; `file` is it, opened once for many looks.
    fn look(
        repo: &Repo,
        mission: &str,
        purpose: &Purpose<'_>,
        file: &mut Option<File>,
    ) -> Result<Option<Self>> {
        if let Some(opened) = file {
            match opened.try_lock() {
                // Only now it matters whether it still is the file that others lock.
                Ok(()) => opened.unlock()?,
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        let lock = Self::try_acquire(repo, mission, purpose)?;
        if lock.is_none() && file.is_none() {
            *file = Some(open(&lock_path(repo, mission))?);
        }
        Ok(lock)
    }

    /// How long to wait for a lock: `kitty.lockTimeout`, else 30 s.
    ///
    /// # Errors
    /// [`Refusal::SettingInvalid`].
    pub fn patience(repo: &Repo) -> Result<Duration> {
        let Some(value) = repo.config_string(TIMEOUT_KEY) else { return Ok(DEFAULT_TIMEOUT) };
        duration::parse(&value).ok_or_else(|| {
            let expected = "a time such as `500ms`, `30s` or `10m`";
            Refusal::SettingInvalid { key: TIMEOUT_KEY, value, expected }.into()
        })
    }

    /// The refusal of who waited that long, with the holder if it is known.
    #[must_use]
    pub fn timed_out(repo: &Repo, mission: &str, waited: Duration) -> Refusal {
        let holder = holder(&sign_path(repo, mission));
        let (mission, waited) = (mission.to_owned(), duration::display(waited));
        Refusal::LockTimeout { mission, waited, holder }
    }

    fn take(
        repo: &Repo,
        mission: &str,
        purpose: &Purpose<'_>,
        patience: Duration,
    ) -> Result<Option<Self>> {
        if !is_segment(mission) {
            return Err(Refusal::MissionNameInvalid { name: mission.to_owned() }.into());
        }
        let directory = directory(repo);
        let path = lock_path(repo, mission);
        if !held().insert(path.clone()) {
            return Err(Refusal::LockReentered { mission: mission.to_owned() }.into());
        }
        let taken = wait_in(&directory, &path, patience);
        if let Ok(Some(file)) = taken {
            // Only others' messages need it.
            let sign = Sign::put_up(&sign_path(repo, mission), purpose).ok();
            return Ok(Some(Self { path, _file: file, sign }));
        }
        held().remove(&path);
        taken.map(|_| None).with_context(|| format!("could not lock `{}`", path.display()))
    }
}

impl Drop for MissionLock {
    fn drop(&mut self) {
        self.sign = None;
        held().remove(&self.path);
    }
}

impl Sign {
    /// One line at the beginning of a file that stays from lock to lock, which costs the least: no
    /// file is made, removed or emptied. What an earlier, longer line leaves behind it means nothing.
    fn put_up(path: &Path, purpose: &Purpose<'_>) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = match shared::open(&options, path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                path.parent().map_or(Ok(()), shared::create_dir_all)?;
                shared::open(&options, path)?
            }
            opened => opened?,
        };
        // A reader holds it for a moment only.
        let mut file = Flock::wait(file)?;
        let document = Document {
            schema: 1,
            pid: std::process::id(),
            actor: purpose.actor.to_owned(),
            command: purpose.command.to_owned(),
            since: purpose.since.to_log(),
        };
        let mut line = serde_json::to_vec(&document)?;
        line.push(b'\n');
        file.write_all(&line)?;
        Ok(Self { _file: file })
    }
}

/// Who says to hold the lock, and lives.
fn holder(sign: &Path) -> Option<LockHolder> {
    let mut file = File::open(sign).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {}
        Ok(()) | Err(TryLockError::Error(_)) => return None,
    }
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    let document: Document = serde_json::from_str(text.lines().next()?).ok()?;
    let Document { pid, actor, command, since, .. } = document;
    Some(LockHolder { pid, actor, command, since: Instant::from_log(&since)? })
}

fn directory(repo: &Repo) -> PathBuf {
    repo.common_dir().join("spec-kitty-locks")
}

fn lock_path(repo: &Repo, mission: &str) -> PathBuf {
    directory(repo).join(format!("{mission}.status.lock"))
}

fn sign_path(repo: &Repo, mission: &str) -> PathBuf {
    repo.common_dir().join(layout::HOLDERS).join(format!("{mission}.json"))
}

/// As [`wait`]; the directory is made if it is missing.
fn wait_in(directory: &Path, path: &Path, patience: Duration) -> io::Result<Option<Flock>> {
    match wait(path, patience) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            shared::create_dir_all(directory)?;
            wait(path, patience)
        }
        waited => waited,
    }
}

/// The locked file; `None` if it was not given up in time.
fn wait(path: &Path, patience: Duration) -> io::Result<Option<Flock>> {
    let deadline = std::time::Instant::now().checked_add(patience);
    loop {
        let file = open(path)?;
        let left =
            deadline.map_or(patience, |at| at.saturating_duration_since(std::time::Instant::now()));
        let Some(file) = lock(file, left)? else { return Ok(None) };
        // Another tool may have removed the file that was waited for.
        if is_at(&file, path)? {
            return Ok(Some(file));
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    shared::open(options.read(true).write(true).create(true).truncate(false), path)
}

/// Waits in a thread of its own, so that the system wakes it the moment the lock is free. Should
/// the time run out, that thread lets go of the lock as soon as it gets it.
fn lock(file: File, patience: Duration) -> io::Result<Option<Flock>> {
    let file = match Flock::at_once(file)? {
        Ok(locked) => return Ok(Some(locked)),
        Err(_) if patience.is_zero() => return Ok(None),
        Err(file) => file,
    };
    let (sender, receiver) = channel();
    std::thread::Builder::new().spawn(move || {
        let _ = sender.send(Flock::wait(file));
    })?;
    match receiver.recv_timeout(patience) {
        Ok(locked) => locked.map(Some),
        Err(RecvTimeoutError::Timeout) => Ok(None),
        Err(RecvTimeoutError::Disconnected) => Err(ErrorKind::Other.into()),
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let own = file.metadata()?;
    match fs::metadata(path) {
        Ok(there) => Ok((own.dev(), own.ino()) == (there.dev(), there.ino())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> io::Result<bool> {
    Ok(path.exists())
}

/// Whether the text is one part of a path, on every system.
fn is_segment(text: &str) -> bool {
    !matches!(text, "" | "." | "..")
        && !text.chars().any(|c| matches!(c, '/' | '\\' | ':') || c.is_control())
}

fn held() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}
