//! Making a worktree of a branch, or finishing one that was begun.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use super::astray::astray;
use super::checkout::{Begun, check_out};
use super::keeps::lost;
use super::list::{Kind, Worktree};
use super::path_lock::PathLock;
use super::place::{Place, is_empty_but, is_same, moved};
use super::remove::{check_only_at, forget};
use super::sparse;
use crate::domain::branch::BranchName;
use crate::domain::layout;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{Refusal, Warning, WorktreeRole};
use crate::git::bring_up::git;
use crate::git::crash;
use crate::git::file::{read_if_present, replace, replace_quickly};
use crate::git::process::Git;
use crate::git::repo::Repo;

/// A worktree to be.
#[derive(Debug, Clone, Copy)]
pub struct NewWorktree<'a> {
    /// Where, absolute.
    pub path: &'a Path,
    /// The branch, which exists.
    pub branch: &'a BranchName,
    /// Files of the branch that it does not get.
    pub left_out: &'a [RepoPath],
    /// What it is for.
    pub role: WorktreeRole,
}

/// How it came to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It was there, as it should be.
    Present,
    /// It is new.
    Created,
    /// It was begun, or its patterns were wrong.
    Completed,
    /// It had been removed by hand, its directory or its record.
    Restored,
}

/// A worktree that is there.
#[derive(Debug, Clone)]
pub struct Made {
    /// How it came to be.
    pub how: How,
    /// What went wrong beside it, e.g. in the user's hook.
    pub warnings: Vec<Warning>,
}

/// In a record: its worktree is being made. It holds what was in the directory before.
const MARK: &str = "kitty-opening";
/// What is to be said of places that are taken.
pub(super) const HUSK: &str = "a directory with files that is no worktree of this repository";
pub(super) const FILE: &str = "something that is no directory";
/// Why git itself locks a worktree that it is adding.
const INITIALIZING: &str = "initializing";

/// Makes the worktree, or finishes it, or finds it there. The user's post-checkout hook runs as
/// after `git worktree add`.
///
/// # Errors
/// [`Refusal::WorktreePathTaken`], [`Refusal::WorktreeMismatch`], [`Refusal::WorktreeLocked`],
/// [`Refusal::BranchCheckedOut`], [`Refusal::WorktreeNotMade`] if git refuses,
/// [`Refusal::DestinationMissing`] if the branch is gone by now. What is there has not changed then, but for what another call finishes.
pub fn make(repo: &Repo, new: &NewWorktree<'_>) -> Result<Made> {
    let lock = PathLock::wait(repo, new.path)?;
    if repo.find(&new.branch.ref_name()?)?.is_none() {
        return Err(Refusal::DestinationMissing { name: new.branch.to_string() }.into());
    }
    match repo.place(new.path)? {
        Place::Worktree(found) if is_abandoned(&found) => {
            clear(repo, &found)?;
            add(repo, new, &lock)?;
            fill(repo, new, How::Completed)
        }
        Place::Worktree(found) => complete(repo, new, &found),
        Place::Gone(found) => {
            refuse_lost(repo, new, &found)?;
            if !is_begun(&found) && found.keeps(repo)?.is_some() {
                return revive(repo, new, &found);
            }
            clear(repo, &found)?;
            add(repo, new, &lock)?;
            fill(repo, new, How::Restored)
        }
        Place::Absent => {
            add(repo, new, &lock)?;
            fill(repo, new, How::Created)
        }
        Place::Unrecorded => {
            record_again(repo, new, &lock)?;
            fill(repo, new, How::Restored)
        }
        Place::Husk => Err(no_worktree(repo, new)?),
        Place::File => Err(taken(new, FILE)),
    }
}

/// Refuses what [`make`] would refuse for what stands there now. To be called before the branch is
/// made, which need not exist yet; changes nothing.
///
/// # Errors
/// As [`make`].
pub fn check_place(repo: &Repo, new: &NewWorktree<'_>) -> Result<()> {
    let mut looked = look(repo, new);
    for _ in 0..LOOKS {
        if looked.is_ok() {
            break;
        }
        // Somebody may just be making or removing it. Waiting for the lock would not do: its holder
        // may wait for one that our caller has.
        if let Some(_lock) = PathLock::at_once(repo, new.path)? {
            return look(repo, new);
        }
        std::thread::sleep(Duration::from_millis(20));
        looked = look(repo, new);
    }
    looked
}

/// How often, every 20 ms, one looks what becomes of a worktree that somebody else is at.
const LOOKS: usize = 500;

fn look(repo: &Repo, new: &NewWorktree<'_>) -> Result<()> {
    match repo.place(new.path)? {
        Place::Worktree(found) if is_abandoned(&found) => {}
        Place::Worktree(found) if found.branch != Some(new.branch.ref_name()?) => {
            return Err(mismatch(repo, new, &found));
        }
        Place::Worktree(_) | Place::Absent | Place::Unrecorded => {}
        Place::Gone(found) => refuse_lost(repo, new, &found)?,
        Place::Husk => return Err(no_worktree(repo, new)?),
        Place::File => return Err(taken(new, FILE)),
    }
    check_only_at(repo, (new.path, new.branch))
}

/// What is to be said of a directory with files that Git does not know there.
fn no_worktree(repo: &Repo, new: &NewWorktree<'_>) -> Result<anyhow::Error> {
    Ok(moved(repo, new.path)?.map_or_else(|| taken(new, HUSK), anyhow::Error::from))
}

fn taken(new: &NewWorktree<'_>, what: &str) -> anyhow::Error {
    let is_none = |path: &&Path| fs::symlink_metadata(path).is_ok_and(|found| !found.is_dir());
    let obstacle = new.path.parent().filter(is_none).unwrap_or(new.path);
    let path = obstacle.display().to_string();
    Refusal::WorktreePathTaken { path, what: what.to_owned() }.into()
}

/// Whether a killed `git worktree add` left it: nobody else adds one here while we have the lock.
fn is_abandoned(found: &Worktree) -> bool {
    found.locked.as_deref() == Some(INITIALIZING)
        && is_empty_but(&found.path, Some(".git")).unwrap_or(false)
}

/// Makes way for a worktree in place of one without files.
fn clear(repo: &Repo, found: &Worktree) -> Result<()> {
    if found.path.is_dir() {
        let _ = fs::remove_file(found.path.join(".git"));
        fs::remove_dir(&found.path)
            .with_context(|| format!("could not remove `{}`", found.path.display()))?;
    }
    if found.locked.as_deref() == Some(INITIALIZING) {
        let _ = fs::remove_file(found.git_dir.join("locked"));
    }
    forget(repo, found)
}

/// Of a worktree whose directory is gone: what must not be forgotten. One that was locked may be on
/// a disk that is not there now; of one that was on another branch the record may have work.
fn refuse_lost(repo: &Repo, new: &NewWorktree<'_>, found: &Worktree) -> Result<()> {
    match &found.locked {
        Some(why) if why != INITIALIZING => Err(Refusal::WorktreeLocked {
            worktree: found.path.display().to_string(),
            reason: why.clone(),
        }
        .into()),
        None if !is_begun(found) => lost(repo, found, &new.branch.ref_name()?)?
            .map_or(Ok(()), |refusal| Err(refusal.into())),
        Some(_) | None => Ok(()),
    }
}

fn mismatch(repo: &Repo, new: &NewWorktree<'_>, found: &Worktree) -> anyhow::Error {
    astray(repo, found, (new.branch, new.role)).into()
}

/// Whether a worktree was begun, and not finished.
#[must_use]
pub fn is_begun(found: &Worktree) -> bool {
    !found.git_dir.join("index").exists() || found.git_dir.join(MARK).exists()
}

/// A worktree that has its directory and its record.
fn complete(repo: &Repo, new: &NewWorktree<'_>, found: &Worktree) -> Result<Made> {
    if found.branch != Some(new.branch.ref_name()?) {
        return Err(mismatch(repo, new, found));
    }
    if is_begun(found) {
        return fill(repo, new, How::Completed);
    }
    if sparse::is_drifted(found, new.left_out)? {
        sparse::restore(repo, found, new.left_out)?;
        return Ok(Made { how: How::Completed, warnings: Vec::new() });
    }
    Ok(Made { how: How::Present, warnings: Vec::new() })
}

/// `git worktree add` without files, asked for the repository and not for the worktree one is in.
fn add(repo: &Repo, new: &NewWorktree<'_>, lock: &PathLock) -> Result<()> {
    check_only_at(repo, (new.path, new.branch))?;
    let parent = new.path.parent().unwrap_or(new.path);
    fs::create_dir_all(parent).with_context(|| format!("could not make `{}`", parent.display()))?;
    crash::point("worktree-begin");
    add_at(repo, (new.path, new.branch), lock)?;
    crash::point("worktree-added");
    Ok(())
}

fn add_at(repo: &Repo, (path, branch): (&Path, &BranchName), lock: &PathLock) -> Result<()> {
    let _records = PathLock::of_records(repo)?;
    let add = || {
        let words = ["worktree", "add", "--quiet", "--no-checkout", "--"];
        let git = common(repo).args(words).args([path.as_os_str(), branch.as_str().as_ref()]);
        git.stdin_file(lock.file())
    };
    run(path, add)
}

/// How often git is asked before its no counts: another git may be writing a record.
const ATTEMPTS: usize = 4;

/// Runs a call that makes or removes the record of the worktree at `path`.
pub(super) fn run(path: &Path, call: impl Fn() -> Git) -> Result<()> {
    let mut what = String::new();
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            std::thread::sleep(Duration::from_millis(20));
        }
        let output = call().output()?;
        if output.status == 0 {
            return Ok(());
        }
        what = output.stderr;
    }
    Err(Refusal::WorktreeNotMade { worktree: path.display().to_string(), what }.into())
}

/// A call of git about the repository as a whole.
pub(super) fn common(repo: &Repo) -> Git {
    Git::new(repo.common_dir()).env("GIT_DIR", repo.common_dir())
}

/// Gives a record that has something of its own its directory back, with the files of its index.
fn revive(repo: &Repo, new: &NewWorktree<'_>, found: &Worktree) -> Result<Made> {
    if found.branch != Some(new.branch.ref_name()?) {
        return Err(mismatch(repo, new, found));
    }
    fs::create_dir_all(new.path)
        .with_context(|| format!("could not make `{}`", new.path.display()))?;
    let link = format!("gitdir: {}\n", found.git_dir.display());
    replace(&new.path.join(".git"), link.as_bytes())?;
    if new.role == WorktreeRole::Coordination {
        follow_status(found)?;
    }
    git(found).args(["checkout-index", "--all", "--quiet", "--index"]).run()?;
    let message = format!(
        "`{}` is back with the files of its index, which differs from its branch",
        new.path.display()
    );
    let warnings = vec![Warning { code: "WORKTREE_REVIVED", message }];
    Ok(Made { how: How::Restored, warnings })
}

/// Brings the status files of an index to what HEAD has: the branch moved on while there was no
/// worktree, and nobody stages these.
fn follow_status(found: &Worktree) -> Result<()> {
    for file in [layout::EVENT_LOG, layout::SNAPSHOT] {
        let paths = format!(":(glob){}/*/{file}", layout::MISSIONS);
        let git = git(found).env("GIT_LITERAL_PATHSPECS", "0");
        // It ends with 1 where neither has such a file.
        git.args(["restore", "--quiet", "--staged", "--source=HEAD", "--", &paths]).output()?;
    }
    Ok(())
}

/// Gives a directory whose record is gone a new one: that of a worktree beside it, which never gets
/// any files.
fn record_again(repo: &Repo, new: &NewWorktree<'_>, lock: &PathLock) -> Result<()> {
    let beside = new.path.with_added_extension("kitty");
    if let Place::Worktree(left) | Place::Gone(left) = repo.place(&beside)? {
        clear(repo, &left)?;
    }
    check_only_at(repo, (new.path, new.branch))?;
    add_at(repo, (&beside, new.branch), lock)?;
    crash::point("worktree-beside");
    let Place::Worktree(found) = repo.place(&beside)? else {
        return Err(taken(new, "no worktree, although one was just made"));
    };
    let back = format!("{}\n", new.path.join(".git").display());
    let link = format!("gitdir: {}\n", found.git_dir.display());
    replace(&new.path.join(".git"), link.as_bytes())?;
    replace(&found.git_dir.join("gitdir"), back.as_bytes())?;
    fs::remove_file(beside.join(".git"))
        .and_then(|()| fs::remove_dir(&beside))
        .with_context(|| format!("could not record `{}`", new.path.display()))
}

/// Settings, patterns, files, and the user's hook. Each step can be done twice.
fn fill(repo: &Repo, new: &NewWorktree<'_>, how: How) -> Result<Made> {
    let found = repo.worktrees()?.into_iter();
    let mut found = found.filter(|found| found.kind == Kind::Linked);
    let Some(worktree) = found.find(|found| is_same(&found.path, new.path)) else {
        return Err(taken(new, "no worktree, although one was just made"));
    };
    let begun = mark(&worktree)?;
    sparse::set_up(repo, &worktree, new.left_out)?;
    crash::point("worktree-patterns");
    if !worktree.git_dir.join("index").exists() {
        check_out(&worktree, begun, new.left_out)?;
    } else if !new.left_out.is_empty() {
        sparse::reapply(&worktree)?;
    }
    crash::point("worktree-checked-out");
    let warnings = run_hook(repo, new, &worktree)?;
    let _ = fs::remove_file(worktree.git_dir.join(MARK));
    Ok(Made { how, warnings: warnings.into_iter().collect() })
}

/// Says in the record that the worktree is being made, and what it began with.
fn mark(worktree: &Worktree) -> Result<Begun> {
    let mark = worktree.git_dir.join(MARK);
    let text = match read_if_present(&mark)? {
        Some(text) => text,
        None => {
            let is_empty = is_empty_but(&worktree.path, Some(".git"))?;
            let text = if is_empty { &b"empty\n"[..] } else { b"files\n" };
            replace_quickly(&mark, text)?;
            text.to_vec()
        }
    };
    Ok(if text == b"empty\n" { Begun::Empty } else { Begun::Files })
}

/// The user's post-checkout hook, with the arguments that it gets for a new worktree (githooks(5)).
fn run_hook(repo: &Repo, new: &NewWorktree<'_>, worktree: &Worktree) -> Result<Option<Warning>> {
    let Some(tip) = repo.find(&new.branch.ref_name()?)? else { return Ok(None) };
    let tip = tip.to_string();
    let zero = "0".repeat(tip.len());
    let words = ["hook", "run", "--ignore-missing", "post-checkout", "--", &zero, &tip, "1"];
    let output = Git::new(&worktree.path).args(words).output()?;
    Ok((output.status != 0).then(|| Warning {
        code: "POST_CHECKOUT_HOOK_FAILED",
        message: format!(
            "the worktree `{}` is there, but the post-checkout hook ended with status {}: {}",
            worktree.path.display(),
            output.status,
            output.stderr
        ),
    }))
}
