//! A worktree in which a person resolves a merge that was computed in memory.
//!
//! Its HEAD is detached at what is merged into; index and files are what [`AutoMerge`] says, with the
//! stages of what conflicts, and MERGE_HEAD is what is merged: as after a `git merge` that stopped.
//! Index and HEAD keep from `git gc` what the person has resolved.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;

use anyhow::Result;

use super::clear_conflict::remove_by_force;
use super::list::{Kind, Worktree};
use super::make::{common, run};
use super::path_lock::PathLock;
use super::place::{Place, is_same};
use super::remove::forget;
use super::submodules;
use crate::domain::change::Entry;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Refusal;
use crate::git::bring_up::git;
use crate::git::crash;
use crate::git::file::{path_of, read_if_present, replace};
use crate::git::index_lock::IndexLock;
use crate::git::merge::AutoMerge;
use crate::git::repo::Repo;

/// No hook runs where a merge is laid out.
const NO_HOOKS: [&str; 2] = ["-c", "core.hooksPath=/dev/null"];

/// How a resolution stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolving {
    /// What HEAD is at.
    pub head: Oid,
    /// What is being merged; empty once that is concluded, or not begun.
    pub merge_heads: Vec<Oid>,
    /// Paths in conflict.
    pub unmerged: Vec<RepoPath>,
    /// Paths whose files differ from the index, untracked ones among them.
    pub unstaged: Vec<RepoPath>,
    /// Paths at which the index differs from HEAD.
    pub staged: Vec<RepoPath>,
}

impl Resolving {
    /// All paths at which the worktree is not as HEAD has it.
    #[must_use]
    pub fn changed(&self) -> Vec<String> {
        let all: BTreeSet<&RepoPath> = self.unstaged.iter().chain(&self.staged).collect();
        all.into_iter().map(ToString::to_string).collect()
    }
}

/// What git locks to work on a resolution, besides the index.
const LOCKED: [&str; 4] = ["HEAD", "ORIG_HEAD", "MERGE_HEAD", "AUTO_MERGE"];

/// In a worktree's own directory while a merge is laid out there.
const LAYING_OUT: &str = "kitty-laying-out";

/// In a worktree's own directory once a merge was laid out there: the name that it had then, by which it
/// is known when it was moved (`git worktree move`).
const NAME: &str = "kitty-conflict";

/// The worktree at `path`, or which was there before it was moved, if there is one. One in which a
/// killed call had not laid its merge out is removed: nobody was told of it, and nobody has worked there.
/// So is the record of one that is gone.
///
/// # Errors
/// [`Refusal::WorktreeNotMade`] if git cannot remove it.
pub fn find_conflict(repo: &Repo, path: &Path) -> Result<Option<Worktree>> {
    let _lock = PathLock::wait(repo, path)?;
    match repo.place(path)? {
        Place::Worktree(found) if found.git_dir.join(LAYING_OUT).exists() => {
            remove_by_force(repo, path).map(|()| None)
        }
        Place::Worktree(found) => Ok(Some(found)),
        Place::Gone(found) => forget(repo, &found).map(|()| None),
        Place::Absent | Place::Unrecorded | Place::Husk | Place::File => moved_from(repo, path),
    }
}

/// The worktree that was made at `path` for conflicts, and was moved.
///
/// # Errors
/// If the records of worktrees cannot be read.
pub fn moved_from(repo: &Repo, path: &Path) -> Result<Option<Worktree>> {
    let name = path.file_name().map(OsStr::as_encoded_bytes);
    let is_it = |found: &Worktree| {
        let known = std::fs::read(found.git_dir.join(NAME)).ok();
        found.kind == Kind::Linked && found.path.is_dir() && known.as_deref() == name
    };
    Ok(repo.worktrees()?.into_iter().find(|found| !is_same(&found.path, path) && is_it(found)))
}

/// The worktree at `path`, which is made if there is none, detached at a commit.
///
/// # Errors
/// [`Refusal::WorktreePathTaken`] if something else stands there; [`Refusal::WorktreeNotMade`].
pub fn open_conflict(repo: &Repo, path: &Path, at: Oid) -> Result<Worktree> {
    if let Some(found) = find_conflict(repo, path)? {
        return Ok(found);
    }
    let _lock = PathLock::wait(repo, path)?;
    match repo.place(path)? {
        Place::Worktree(found) => return Ok(found),
        Place::Gone(found) => forget(repo, &found)?,
        Place::Absent => {}
        Place::Unrecorded | Place::Husk | Place::File => {
            let (path, what) = (path.display().to_string(), super::make::FILE.to_owned());
            return Err(Refusal::WorktreePathTaken { path, what }.into());
        }
    }
    let at = at.to_string();
    let words = ["worktree", "add", "--quiet", "--detach", "--"].map(OsStr::new);
    run(path, || {
        let git = common(repo).args(NO_HOOKS).args(words);
        git.args([path.as_os_str(), at.as_ref()])
    })?;
    match repo.place(path)? {
        Place::Worktree(made) => Ok(made),
        Place::Absent | Place::Gone(_) | Place::Unrecorded | Place::Husk | Place::File => {
            anyhow::bail!("`{}` is no worktree, although git made one", path.display())
        }
    }
}

/// Lays a merge out in a clean worktree. Of one that is killed at it [`find_conflict`] removes the
/// worktree.
///
/// # Errors
/// If git fails.
pub fn lay_out(
    repo: &Repo,
    worktree: &Worktree,
    (ours, theirs): (Oid, Oid),
    (merge, message): (&AutoMerge, &str),
) -> Result<()> {
    let call = || git(worktree).args(NO_HOOKS);
    let write = |name: &str, text: &str| replace(&worktree.git_dir.join(name), text.as_bytes());
    write(LAYING_OUT, "")?;
    let name = worktree.path.file_name().unwrap_or_default();
    if !worktree.git_dir.join(NAME).exists() {
        replace(&worktree.git_dir.join(NAME), name.as_encoded_bytes())?;
    }
    call().args(["checkout", "--quiet", "--detach", &ours.to_string()]).run()?;
    let trees = [repo.tree_of_commit(ours)?, merge.tree].map(|tree| tree.to_string());
    call().args(["read-tree", "-m", "-u"]).args(trees).run()?;
    crash::point("resolve-laying-out");
    call().args(["update-index", "-z", "--index-info"]).stdin(stages(merge)).run()?;
    write("MERGE_MSG", message)?;
    write("MERGE_MODE", "no-ff")?;
    write("MERGE_HEAD", &format!("{theirs}\n"))?;
    Ok(std::fs::remove_file(worktree.git_dir.join(LAYING_OUT))?)
}

/// What puts the stages of what conflicts in place of what the index has there (`git help
/// update-index`, "USING --INDEX-INFO").
fn stages(merge: &AutoMerge) -> Vec<u8> {
    let mut input = Vec::new();
    let mut line = |mode: &str, oid: &str, stage: u8, path: &RepoPath| {
        input.extend_from_slice(format!("{mode} {oid} {stage}\t").as_bytes());
        input.extend_from_slice(path.as_bytes());
        input.push(0);
    };
    for conflict in &merge.stages {
        let sides = [(1, conflict.base), (2, conflict.ours), (3, conflict.theirs)];
        let oid = sides.iter().find_map(|(_, entry)| *entry).map(|entry| entry.oid.to_string());
        let zero = "0".repeat(oid.map_or(40, |oid| oid.len()));
        line("0", &zero, 0, &conflict.path);
        for (stage, entry) in sides {
            if let Some(Entry { mode, oid }) = entry {
                line(mode.octal(), &oid.to_string(), stage, &conflict.path);
            }
        }
    }
    input
}

/// That git can work on the resolution in a worktree: no other process has one of the locks that it
/// takes, nor has left one when it was killed.
///
/// # Errors
/// [`Refusal::FileLocked`]; if the index cannot be read.
pub fn check_unlocked(worktree: &Worktree) -> Result<()> {
    let lock = |name: &str| worktree.git_dir.join(name).with_added_extension("lock");
    let held = LOCKED.into_iter().map(lock).find(|lock| lock.symlink_metadata().is_ok());
    // What a killed git-kitty left of the index is cleared away by who takes its lock.
    let is_free = || IndexLock::take(&worktree.git_dir).map(|taken| taken.is_some());
    let held = match held {
        None if !is_free()? => Some(lock("index")),
        held => held,
    };
    held.map_or(Ok(()), |lock| Err(Refusal::FileLocked { lock: lock.display().to_string() }.into()))
}

/// How the resolution in a worktree stands.
///
/// # Errors
/// If git fails.
pub fn resolving(worktree: &Worktree) -> Result<Resolving> {
    let head = head(worktree)?;
    let text = read_if_present(&worktree.git_dir.join("MERGE_HEAD"))?;
    let text = String::from_utf8_lossy(&text.unwrap_or_default()).into_owned();
    let merge_heads = text.split_ascii_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let listed = |words: &[&str]| -> Result<Vec<RepoPath>> {
        let said = git(worktree).args(words).run()?;
        let lines = said.split(|byte| *byte == 0).filter(|line| !line.is_empty());
        let paths: BTreeSet<RepoPath> = lines.map(RepoPath::new).collect();
        Ok(paths.into_iter().collect())
    };
    git(worktree).args(["update-index", "-q", "--refresh"]).output()?;
    let files = ["ls-files", "-z", "--modified", "--deleted", "--others", "--exclude-standard"];
    let mut unstaged = listed(&files)?;
    unstaged.retain(|path| !submodules::is_left(worktree, path) && !is_as_staged(worktree, path));
    Ok(Resolving {
        head,
        merge_heads,
        unmerged: listed(&["diff", "--name-only", "-z", "--diff-filter=U"])?,
        unstaged,
        staged: listed(&["diff-index", "--cached", "--name-only", "-z", "HEAD"])?,
    })
}

/// Whether a file has just the bytes that the index has. Git calls it modified all the same where an
/// attribute would have it written otherwise (`git help attributes`, "text"), however often it is checked
/// out.
pub(super) fn is_as_staged(worktree: &Worktree, path: &RepoPath) -> bool {
    let file = path_of(path.as_bytes().to_vec());
    let said = |words: &[&str]| {
        let output = git(worktree).args(words).args([&file]).output().ok()?;
        (output.status == 0).then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let change = said(&["diff-files", "--raw", "--abbrev=64", "-z", "--"]).unwrap_or_default();
    // `:<mode> <mode> <id> <id> M`, a NUL, the path.
    let words: Vec<&str> = change.split([' ', '\0']).collect();
    let [before, after, staged, ..] = words.as_slice() else { return false };
    before.trim_start_matches(':') == *after
        && said(&["hash-object", "--no-filters", "--"]).is_some_and(|id| id.trim() == *staged)
}

/// The tree that the worktree's index holds.
///
/// # Errors
/// If a path is in conflict, or git fails.
pub fn index_tree(worktree: &Worktree) -> Result<Oid> {
    Ok(git(worktree).args(["write-tree"]).line()?.parse()?)
}

/// Puts HEAD to the commit that has what the index holds, and ends the merge.
///
/// # Errors
/// If git fails.
pub fn conclude(worktree: &Worktree, commit: Oid) -> Result<()> {
    let commit = commit.to_string();
    git(worktree).args(["update-ref", "--no-deref", "HEAD", &commit]).run()?;
    crash::point("continue-committed");
    end_merge(worktree)
}

/// Ends the merge that was laid out; HEAD, index and files stay.
///
/// # Errors
/// If git fails.
pub fn end_merge(worktree: &Worktree) -> Result<()> {
    git(worktree).args(["merge", "--quit"]).run()?;
    Ok(())
}

/// Takes the merge back that was laid out, with what was resolved of it.
///
/// # Errors
/// If git refuses, since other files have changed.
pub fn give_up(worktree: &Worktree) -> Result<()> {
    git(worktree).args(NO_HOOKS).args(["merge", "--abort"]).run()?;
    Ok(())
}

pub(super) fn head(worktree: &Worktree) -> Result<Oid> {
    Ok(git(worktree).args(["rev-parse", "--verify", "HEAD"]).line()?.parse()?)
}
