//! Where processes that wait for a mission's lock leave what they want done, so that whoever holds
//! it can do that as well, in the same transaction.
//!
//! A directory a mission, `kitty/queue/<mission>/` in the common directory; a file a process, held
//! under a lock (flock(2)) for as long as the process lives and waits. Its first line is what it
//! wants. Who holds the mission's lock takes that by adding an empty line, and looks whether the file
//! has its name still; who gives up removes the name, and looks whether the line is there. So one of
//! the two at least knows of the other. The third line is the answer. No answer promises nothing:
//! whoever gets the lock without one looks for itself. Nothing here is ever synced to disk: a power
//! cut ends all who wait.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::domain::layout;
use crate::git::shared;

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

/// How many are taken at once.
const MOST: usize = 128;

/// A file without lock that nobody has touched for this long is a dead process's.
const ABANDONED: Duration = Duration::from_secs(10);

impl Queue {
    /// The queue of the mission `dir` in the repository with this common directory.
    #[must_use]
    pub fn of(common_dir: &Path, dir: &str) -> Self {
        Self { directory: common_dir.join(layout::QUEUE).join(dir) }
    }

    /// Leaves a request, one line; `name` is one that no other process gives.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn join(&self, name: &str, request: &str) -> Result<Ticket> {
        self.write(name, request).context("could not write to the queue of a mission")
    }

    fn write(&self, name: &str, request: &str) -> io::Result<Ticket> {
        let path = self.directory.join(name);
        let mut options = OpenOptions::new();
        options.read(true).append(true).create_new(true);
        let open = || shared::open(&options, &path);
        let file = match open() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                shared::create_dir_all(&self.directory)?;
                open()?
            }
            opened => opened?,
        };
        let line = format!("{request}\n");
        let mut ticket = Ticket { path, file, asked: line.len() as u64 };
        ticket.file.lock()?;
        ticket.file.write_all(line.as_bytes())?;
        Ok(ticket)
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
        forget(path, &file);
        return None;
    }
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    // What is not yet whole, or was taken by somebody who died, has another end.
    let request = text.strip_suffix('\n').filter(|line| !line.contains('\n') && fits(line))?;
    file.write_all(b"\n").ok()?;
    is_named(&file).then(|| Taken { file, request: request.to_owned() })
}

/// Removes the file of a dead process; one that lives may not have locked its own yet.
fn forget(path: &Path, file: &File) {
    let age = file.metadata().and_then(|metadata| metadata.modified()).map(|at| at.elapsed());
    if matches!(age, Ok(Ok(age)) if age > ABANDONED) {
        let _ = fs::remove_file(path);
    }
}

#[cfg(unix)]
fn is_named(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().is_ok_and(|metadata| metadata.nlink() > 0)
}

/// Where nobody can tell, nothing is taken, and each goes alone.
#[cfg(not(unix))]
fn is_named(_file: &File) -> bool {
    false
}

impl Ticket {
    /// The answer, once it is there.
    #[must_use]
    pub fn answer(&mut self) -> Option<String> {
        let begin = self.asked + 1;
        if self.length() <= begin {
            return None;
        }
        self.file.seek(SeekFrom::Start(begin)).ok()?;
        let mut answer = String::new();
        self.file.read_to_string(&mut answer).ok()?;
        answer.strip_suffix('\n').map(str::to_owned)
    }

    /// Takes the request back; `false` if somebody has perhaps taken it already.
    #[must_use]
    pub fn withdraw(&self) -> bool {
        let _ = fs::remove_file(&self.path);
        self.length() == self.asked
    }

    fn length(&self) -> u64 {
        self.file.metadata().map_or(0, |metadata| metadata.len())
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
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
    fn of_a_taker_and_one_who_gives_up_one_at_least_knows() {
        let (_directory, queue) = queue();
        let ticket = queue.join("1", "one").unwrap();
        let path = ticket.path.clone();
        let kept = queue.directory.join("kept");
        fs::hard_link(&path, &kept).unwrap();
        assert!(ticket.withdraw(), "nobody had taken it");
        fs::rename(&kept, &path).unwrap();
        let taken = take(&path, &|_: &str| true);
        assert!(taken.is_some(), "it has a name again");
        assert!(!ticket.withdraw(), "now it is taken");
        let ticket = queue.join("2", "two").unwrap();
        let taken = take(&ticket.path, &|_: &str| {
            assert!(ticket.withdraw(), "between the reading and the taking");
            true
        });
        assert!(taken.is_none());
    }

    #[test]
    fn what_a_dead_process_wanted_is_not_done_and_goes_away() {
        let (_directory, queue) = queue();
        drop(queue.join("0", "makes the directory").unwrap());
        for (name, text) in [("1", "dead\n"), ("2", "half"), ("3", "taken\n\n")] {
            let mut dead = File::create(queue.directory.join(name)).unwrap();
            dead.write_all(text.as_bytes()).unwrap();
            let long_ago = dead.metadata().unwrap().modified().unwrap() - 2 * ABANDONED;
            dead.set_modified(long_ago).unwrap();
        }
        File::create(queue.directory.join("4")).unwrap();
        assert_eq!(queue.take(|_| true).len(), 0);
        assert_eq!(names(&queue), 1, "one that was just begun may live");
    }

    #[test]
    fn what_is_not_whole_or_taken_before_is_left_alone() {
        let (_directory, queue) = queue();
        let one = queue.join("1", "one").unwrap();
        drop(queue.take(|_| true));
        let two = queue.join("2", "two").unwrap();
        two.file.set_len(2).unwrap();
        assert_eq!(queue.take(|_| true).len(), 0);
        drop((one, two));
        assert_eq!(names(&queue), 0);
    }
}
