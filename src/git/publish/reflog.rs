//! Lines of reflogs, as git's files backend writes them (git-reflog(1), `core.logAllRefUpdates`).

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::LogEntry;
use super::ref_file::{is_no_file, remove_empty};
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::git::file::path_of;
use crate::git::repo::{ObjectHash, Repo};
use crate::git::{shared, unwritable};

/// The reflog of a ref, or of HEAD in one worktree.
pub(super) struct Reflog {
    path: PathBuf,
    /// Whether git would begin one.
    begun_by_git: bool,
    hash: ObjectHash,
}

/// A line that was added; taken back when this is dropped, unless kept.
pub(super) struct Added {
    path: PathBuf,
    /// The length before; `None` if there was no file.
    before: Option<u64>,
    kept: bool,
}

/// How much of the end of a reflog is searched for its last line.
const TAIL: u64 = 8 << 10;

impl Reflog {
    pub(super) fn of_ref(repo: &Repo, name: &RefName) -> Self {
        let bytes = name.as_bytes();
        let logged = [&b"refs/heads/"[..], b"refs/remotes/", b"refs/notes/"];
        let usual = logged.iter().any(|prefix| bytes.starts_with(prefix));
        let path = repo.common_dir().join("logs").join(path_of(bytes.to_vec()));
        Self::new(repo, path, usual)
    }

    /// Of the HEAD whose Git directory this is.
    pub(super) fn of_head(repo: &Repo, git_dir: &std::path::Path) -> Self {
        Self::new(repo, git_dir.join("logs/HEAD"), true)
    }

    fn new(repo: &Repo, path: PathBuf, usual: bool) -> Self {
        let snapshot = repo.inner.config_snapshot();
        let key = "core.logAllRefUpdates";
        let always =
            repo.config_string(key).is_some_and(|value| value.eq_ignore_ascii_case("always"));
        let on = snapshot.boolean(key).unwrap_or(!repo.is_bare());
        Self { path, begun_by_git: always || (on && usual), hash: repo.object_hash() }
    }

    /// Adds a line, if git would. A last line of the same move is taken for this one: the process
    /// that wrote it died before the ref moved. `None` if nothing was added.
    pub(super) fn add(
        &self,
        old: Option<Oid>,
        new: Option<Oid>,
        entry: &LogEntry<'_>,
    ) -> Result<Option<Added>> {
        let added = self.try_add(old, new, entry);
        added.with_context(|| format!("could not write the reflog `{}`", self.path.display()))
    }

    /// Takes the last line away if it tells, wholly or in part, of this move. To be called under
    /// the ref's lock.
    pub(super) fn strike(&self, old: Option<Oid>, new: Option<Oid>) -> Result<()> {
        let Ok(mut file) = OpenOptions::new().read(true).write(true).open(&self.path) else {
            return Ok(());
        };
        let start = self.start(old, new);
        let (length, last) = last_line(&mut file)?;
        if last.is_empty() || !(last.starts_with(&start) || start.starts_with(&last)) {
            return Ok(());
        }
        file.set_len(length - last.len() as u64)?;
        if length == last.len() as u64 && old.is_none() {
            fs::remove_file(&self.path)?;
        }
        Ok(())
    }

    fn try_add(
        &self,
        old: Option<Oid>,
        new: Option<Oid>,
        entry: &LogEntry<'_>,
    ) -> io::Result<Option<Added>> {
        let Some((mut file, is_new)) = self.open()? else { return Ok(None) };
        let start = self.start(old, new);
        let (length, last) = last_line(&mut file)?;
        if last.starts_with(&start) && last.ends_with(b"\n") {
            return Ok(None);
        }
        let before = (!is_new).then_some(length);
        let mut added = Added { path: self.path.clone(), before, kept: true };
        let line = [start.as_slice(), &rest(entry)].concat();
        if let Err(error) = file.write_all(&line) {
            added.kept = false;
            return Err(error);
        }
        added.kept = false;
        Ok(Some(added))
    }

    fn open(&self) -> io::Result<Option<(File, bool)>> {
        let mut options = OpenOptions::new();
        options.read(true).append(true);
        match options.open(&self.path) {
            Ok(file) => return Ok(Some((file, false))),
            Err(error) if error.kind() == ErrorKind::IsADirectory => remove_empty(&self.path)?,
            Err(error) if is_no_file(error.kind()) => {}
            Err(error) => return Err(unwritable::told(&self.path, error)),
        }
        if !self.begun_by_git {
            return Ok(None);
        }
        self.path.parent().map_or(Ok(()), shared::create_dir_all)?;
        Ok(Some((shared::open(options.create(true), &self.path)?, true)))
    }

    fn start(&self, old: Option<Oid>, new: Option<Oid>) -> Vec<u8> {
        let zero = "0".repeat(self.hash.size() * 2);
        let text = |oid: Option<Oid>| oid.map_or_else(|| zero.clone(), |oid| oid.to_string());
        format!("{} {} ", text(old), text(new)).into_bytes()
    }
}

impl Added {
    pub(super) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Added {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        let _ = match self.before {
            None => fs::remove_file(&self.path),
            Some(length) => OpenOptions::new()
                .write(true)
                .open(&self.path)
                .and_then(|file| file.set_len(length)),
        };
    }
}

/// What follows the two ids: who, when, and the message with all white space run together.
fn rest(entry: &LogEntry<'_>) -> Vec<u8> {
    let words = entry.message.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    let tab = if words.is_empty() { "" } else { "\t" };
    format!("{}{tab}{words}\n", entry.signed.signature()).into_bytes()
}

/// The length of the file, and what stands after the last line end but one (all of a torn line).
/// Empty for a line that is too long to be ours.
fn last_line(file: &mut File) -> io::Result<(u64, Vec<u8>)> {
    let length = file.seek(SeekFrom::End(0))?;
    let from = length.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::with_capacity(usize::try_from(length - from).unwrap_or_default());
    file.take(TAIL).read_to_end(&mut tail)?;
    let inner = tail.strip_suffix(b"\n").unwrap_or(&tail);
    let line = match inner.iter().rposition(|byte| *byte == b'\n') {
        Some(end) => tail.split_off(end + 1),
        None if from == 0 => tail,
        None => Vec::new(),
    };
    Ok((length, line))
}
