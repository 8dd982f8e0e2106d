//! Commits that only the record of a worktree leads to, and would be lost with it.

use anyhow::Result;

use super::keeps::has_unknown;
use super::list::Worktree;
use crate::domain::oid::Oid;
use crate::domain::refusal::Refusal;
use crate::git::bring_up::git;
use crate::git::repo::Repo;

/// What git says of a HEAD that was detached until then, before the commit's full id.
const MOVED: &str = "checkout: moving from ";

/// Refuses to remove a worktree that alone leads to a commit: one that was made while its HEAD was
/// detached, or that a ref of its own (git-worktree(1)) names. What was picked into its branch, or
/// was there once, is no such commit.
///
/// # Errors
/// [`Refusal::CommitLeftBehind`].
pub(super) fn refuse_left_behind(repo: &Repo, found: &Worktree) -> Result<()> {
    let mut commits = detached(found)?;
    commits.extend(own_refs(found)?);
    commits.retain(|commit| repo.has_object(*commit));
    let names: Vec<String> = commits.iter().map(ToString::to_string).collect();
    if !has_unknown(repo, &names)? {
        return Ok(());
    }
    for commit in commits {
        if is_lost(repo, found, commit)? {
            let (worktree, commit) = (found.path.display().to_string(), commit.to_string());
            return Err(Refusal::CommitLeftBehind { worktree, commit }.into());
        }
    }
    Ok(())
}

/// The commits at which HEAD was detached when it went elsewhere, the last one first.
fn detached(found: &Worktree) -> Result<Vec<Oid>> {
    let call = ["log", "--walk-reflogs", "--format=%gs", "HEAD", "--"];
    let text = git(found).args(call).output()?.stdout;
    let text = String::from_utf8_lossy(&text).into_owned();
    let left = text.lines().filter_map(|line| line.strip_prefix(MOVED)?.split(' ').next());
    Ok(left.filter_map(|name| name.parse().ok()).collect())
}

fn own_refs(found: &Worktree) -> Result<Vec<Oid>> {
    let call = ["for-each-ref", "--format=%(objectname)", "refs/worktree"];
    let text = git(found).args(call).run()?;
    Ok(String::from_utf8_lossy(&text).lines().filter_map(|line| line.parse().ok()).collect())
}

/// Whether a commit, or one before it, is in no ref, was never in the worktree's branch, and has no
/// twin there that changes the same.
fn is_lost(repo: &Repo, found: &Worktree, commit: Oid) -> Result<bool> {
    let Some(branch) = &found.branch else { return Ok(true) };
    let once = repo.once_at(branch)?.into_iter().filter(|known| repo.has_object(*known));
    let once: String = once.map(|known| format!("^{known}\n")).collect();
    let input = format!("{commit}\n{once}");
    let known = ["--not", "--branches", "--tags", "--remotes"];
    let call = ["rev-list", "--stdin"].into_iter().chain(known);
    let unknown = repo.git().args(call).stdin(input.into_bytes()).run()?;
    if unknown.is_empty() {
        return Ok(false);
    }
    let unpicked = repo.unpicked(branch, commit)?;
    let unknown = String::from_utf8_lossy(&unknown).into_owned();
    Ok(unknown.lines().filter_map(|line| line.parse().ok()).any(|oid: Oid| unpicked.contains(&oid)))
}
