//! How a branch takes what a remote has, in words that can be typed where one stands.

use anyhow::Result;

use super::super::branch_judge::BranchJudge;
use super::super::found::Found;
use super::side::{Push, Side};
use crate::domain::refusal::quoted;
use crate::git::Head;

/// The command, or the two of which the first makes a place for it: `git pull` merges into what is
/// checked out, whatever branch it is told.
///
/// # Errors
/// If HEAD or the worktrees cannot be read.
pub(super) fn pull(push: &Push<'_>, judge: &BranchJudge<'_>) -> Result<String> {
    let name = judge.branch.ref_name()?;
    let words = format!("pull --no-rebase {} {}", push.remote(), judge.branch);
    let is_here = matches!(judge.repo.head()?, Head::Branch { name: head, .. } if head == name);
    if is_here || matches!(push.side, Side::Server) {
        return Ok(format!("`git {words}`"));
    }
    if let Some(worktree) = judge.repo.checkouts_of(&name)?.first() {
        return Ok(format!("`git -C {} {words}`", quoted(&worktree.path.display().to_string())));
    }
    let place = match &judge.found {
        Found::Coordination(mission) => format!("git kitty mission worktree {}", mission.dir),
        Found::Lane(lane) if lane.lane_id.is_some() => {
            let id = lane.lane_id.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("git kitty lane open {id}")
        }
        Found::Free
        | Found::Unreadable(_)
        | Found::Protected
        | Found::Scoped(_)
        | Found::Lane(_) => format!("git switch {}", judge.branch),
    };
    Ok(format!("`{place}`, and there `git {words}`"))
}
