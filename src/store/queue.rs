//! Where processes that wait for a mission's lock leave what they want done, so that whoever holds
//! it can do that as well, in the same transaction.
//!
//! A directory a mission, `kitty/queue/<mission>/` in the common directory; a file a process, held
//! under a lock (flock(2)) for as long as the process lives and waits. Its first line is what it
//! wants. The holder takes it by renaming the file, so that a process that gives up knows whether it
//! is too late, and adds the answer as a second line. No answer promises nothing: whoever gets the
//! lock without one looks for itself. Nothing here is ever synced to disk: a power cut ends all who
//! wait.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The queue of a mission.
#[derive(Debug, Clone)]
pub struct Queue {
    directory: PathBuf,
}

/// What this process left in a queue; taken out when it is dropped.
#[derive(Debug)]
pub struct Ticket {
    path: PathBuf,
    file: File,
    asked: u64,
}

/// What another process wants, taken from the queue.
#[derive(Debug)]
pub struct Taken {
    file: File,
    request: String,
}

const WAITING: &str = "request";
const TAKEN: &str = "taken";
const UNFINISHED: &str = "new";

/// How many are taken at once.
const MOST: usize = 128;

impl Queue {
    /// The queue of the mission `dir` in the repository with this common directory.
    #[must_use]
    pub fn of(common_dir: &Path, dir: &str) -> Self {
        Self { directory: common_dir.join("kitty/queue").join(dir) }
    }

    /// Leaves a request, one line; `name` is one that no other process gives.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn join(&self, name: &str, request: &str) -> Result<Ticket> {
        let mut joined = self.write(name, request);
        if joined.as_ref().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            // Somebody came between making the file and locking it, and took it for a dead one's.
            joined = self.write(name, request);
        }
        joined.context("could not write to the queue of a mission")
    }

    fn write(&self, name: &str, request: &str) -> std::io::Result<Ticket> {
        let unfinished = self.directory.join(name).with_extension(UNFINISHED);
        let open = || OpenOptions::new().read(true).append(true).create_new(true).open(&unfinished);
        let mut file = match open() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                fs::create_dir_all(&self.directory)?;
                open()?
            }
            opened => opened?,
        };
        let path = unfinished.with_extension(WAITING);
        let line = format!("{request}\n");
        let written = file
            .lock()
            .and_then(|()| file.write_all(line.as_bytes()))
            .and_then(|()| fs::rename(&unfinished, &path));
        if let Err(error) = written {
            let _ = fs::remove_file(&unfinished);
            return Err(error);
        }
        Ok(Ticket { path, file, asked: line.len() as u64 })
    }

    /// Takes what waits and `fits`, in the order of names. Files of dead processes are removed; one
    /// that cannot be taken stays to its owner.
    #[must_use]
    pub fn take(&self, fits: impl Fn(&str) -> bool) -> Vec<Taken> {
        let entries = fs::read_dir(&self.directory).into_iter().flatten().filter_map(Result::ok);
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        paths.iter().filter_map(|path| take(path, &fits)).take(MOST).collect()
    }
}

fn take(path: &Path, fits: &impl Fn(&str) -> bool) -> Option<Taken> {
    let mut file = OpenOptions::new().read(true).append(true).open(path).ok()?;
    if !matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
        let _ = fs::remove_file(path);
        return None;
    }
    if path.extension()? != WAITING {
        return None;
    }
    let mut request = String::new();
    file.read_to_string(&mut request).ok()?;
    let request = request.strip_suffix('\n').filter(|request| fits(request))?.to_owned();
    fs::rename(path, path.with_extension(TAKEN)).ok()?;
    Some(Taken { file, request })
}

impl Ticket {
    /// The answer, once it is there.
    #[must_use]
    pub fn answer(&mut self) -> Option<String> {
        if self.file.metadata().ok()?.len() == self.asked {
            return None;
        }
        self.file.seek(SeekFrom::Start(self.asked)).ok()?;
        let mut answer = String::new();
        self.file.read_to_string(&mut answer).ok()?;
        answer.strip_suffix('\n').map(str::to_owned)
    }

    /// Takes the request back; `false` if somebody has taken it already.
    #[must_use]
    pub fn withdraw(&self) -> bool {
        fs::remove_file(&self.path).is_ok()
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.withdraw() {
            let _ = fs::remove_file(self.path.with_extension(TAKEN));
        }
    }
}

impl Taken {
    /// What is wanted.
    #[must_use]
    pub fn request(&self) -> &str {
        &self.request
    }

    /// Answers, in one line. Should that fail, the process that waits looks for itself.
    pub fn answer(&mut self, answer: &str) {
        let _ = self.file.write_all(format!("{answer}\n").as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue() -> (assert_fs::TempDir, Queue) {
        let directory = assert_fs::TempDir::new().unwrap();
        let queue = Queue::of(directory.path(), "m");
        (directory, queue)
    }

    fn names(queue: &Queue) -> usize {
        fs::read_dir(&queue.directory).unwrap().count()
    }

    #[test]
    fn what_is_taken_is_answered_and_leaves_nothing() {
        let (_directory, queue) = queue();
        assert_eq!(queue.take(|_| true).len(), 0);
        let mut one = queue.join("1", "first").unwrap();
        let two = queue.join("2", "second").unwrap();
        assert_eq!(one.answer(), None);
        let mut taken = queue.take(|_| true);
        let requests: Vec<_> = taken.iter().map(Taken::request).collect();
        assert_eq!(requests, ["first", "second"]);
        assert_eq!(queue.take(|_| true).len(), 0, "taken twice");
        taken[0].answer("yes");
        assert_eq!(one.answer().as_deref(), Some("yes"));
        assert!(!two.withdraw(), "it was too late");
        drop((one, two));
        assert_eq!(names(&queue), 0);
    }

    #[test]
    fn what_does_not_fit_stays_and_can_be_withdrawn() {
        let (_directory, queue) = queue();
        let mut ticket = queue.join("1", "other").unwrap();
        assert_eq!(queue.take(|request| request != "other").len(), 0);
        assert!(ticket.withdraw());
        assert_eq!((queue.take(|_| true).len(), ticket.answer()), (0, None));
    }

    #[test]
    fn an_answer_is_none_before_its_line_is_whole() {
        let (_directory, queue) = queue();
        let mut ticket = queue.join("1", "one").unwrap();
        let mut taken = queue.take(|_| true).pop().unwrap();
        taken.file.write_all(b"ha").unwrap();
        assert_eq!(ticket.answer(), None);
        taken.file.write_all(b"lf\n").unwrap();
        assert_eq!(ticket.answer().as_deref(), Some("half"));
    }

    #[test]
    fn what_a_dead_process_wanted_is_forgotten() {
        let (_directory, queue) = queue();
        drop(queue.join("0", "makes the directory").unwrap());
        for extension in [UNFINISHED, WAITING, TAKEN] {
            let mut dead =
                File::create(queue.directory.join("1").with_extension(extension)).unwrap();
            dead.write_all(b"dead\n").unwrap();
        }
        assert_eq!(queue.take(|_| true).len(), 0);
        assert_eq!(names(&queue), 0);
    }
}
