//! The next step, of each.

use super::MergeRefusal;
use crate::domain::refusal::{Refusal, quoted};

impl MergeRefusal {
    pub(in crate::domain::refusal) fn hint(&self) -> String {
        match self {
            Self::Blocked { blockers, .. } => {
                blockers.first().map(Refusal::hint).unwrap_or_default()
            }
            Self::Unfinished { mission, .. } => format!(
                "finish it, or cancel it by `git kitty wp move`; what is finished comes together by `git kitty merge {} --lanes-only`",
                quoted(mission)
            ),
            Self::DependencyUnfinished { dependency, .. } => {
                format!("finish {dependency} first, or cancel it by `git kitty wp move`")
            }
            Self::ReviewContradicts { wp_id, .. } => format!(
                "have it reviewed again (`git kitty wp move {wp_id} --to in_progress --review-ref R`), or say why that review does not count: `--skip-review-check --note T`"
            ),
            Self::LaneOutOfScope { lane, .. } => format!(
                "take the change out of {lane}, or let the work package own the files; `git kitty guard --range` tells more"
            ),
            Self::LaneDirty { worktree, .. } => {
                format!(
                    "commit what belongs to the lane in {}, and clear the rest away",
                    quoted(worktree)
                )
            }
            Self::NotSynchronized { mission, target, ahead: 0, .. } => format!(
                "bring `{target}` to where the remote is (`git pull --ff-only`), or make a branch for a pull request: `git kitty merge {} --pr`",
                quoted(mission)
            ),
            Self::NotSynchronized { mission, .. } => format!(
                "make a branch for a pull request, which leaves both as they are: `git kitty merge {} --pr`",
                quoted(mission)
            ),
            Self::NotFastForward { mission, .. } => {
                format!(
                    "`git kitty merge {} --strategy merge`, or squash, or rebase",
                    quoted(mission)
                )
            }
            Self::Empty { mission, .. } => format!(
                "`git kitty merge {} --strategy merge` lands the mission's own files",
                quoted(mission)
            ),
            Self::LaneConflict { mission, .. } | Self::LandingConflict { mission, .. } => {
                format!(
                    "`git kitty merge {} --resolve` opens a worktree with the conflict",
                    quoted(mission)
                )
            }
            Self::RebaseConflict { mission, .. } => {
                format!("`git kitty merge {} --strategy merge`, or squash", quoted(mission))
            }
            Self::RebaseResolved { mission, is_begun: false, .. } => format!(
                "`git kitty merge {} --resolve --strategy merge`, or squash",
                quoted(mission)
            ),
            Self::RebaseResolved { mission, is_begun: true, .. } => format!(
                "`git kitty merge {0} --abort`, then `git kitty merge {0} --resolve --strategy merge`, or squash",
                quoted(mission)
            ),
            Self::InProgress { mission, .. } => format!(
                "`git kitty merge {0} --continue` when it is resolved, or `git kitty merge {0} --abort`",
                quoted(mission)
            ),
            Self::NoPlan { mission } => format!("`git kitty merge {}` begins one", quoted(mission)),
            Self::PlanDrifted { mission, .. } => format!(
                "`git kitty merge {0} --abort`, then `git kitty merge {0}` again",
                quoted(mission)
            ),
            Self::Unresolved { mission, worktree, is_given_up: true, .. } => format!(
                "in {}: commit these files elsewhere or clear them away, then `git kitty merge {} --abort` again",
                quoted(worktree),
                quoted(mission)
            ),
            Self::Unresolved { worktree, is_given_up: false, .. } => {
                format!(
                    "in {}: edit the files, `git add` them, and `--continue` again",
                    quoted(worktree)
                )
            }
            Self::ResolutionOutOfScope { worktree, .. } => format!(
                "in {}: take back what is no part of the conflict; it can be changed in a lane",
                quoted(worktree)
            ),
            Self::Unproven { .. } => {
                "look at what came to the target besides the mission: `git log --stat`".to_owned()
            }
            Self::NotLanded { mission, .. } => {
                format!("`git kitty merge {}` lands it; or fetch the target first", quoted(mission))
            }
            Self::CommitsMissing { fetch, .. } => format!("`git fetch {fetch}`"),
            Self::NothingToUndo => "`git log refs/kitty/oplog` shows what was done".to_owned(),
            Self::UndoPushed { .. } => {
                "others may have it: take it back by new commits (`git revert`)".to_owned()
            }
            Self::UndoMoved { .. } => {
                "take back what came after it first, or take it back by new commits".to_owned()
            }
            Self::UndoBuiltUpon { .. } => {
                "these branches would keep it: take it back by new commits (`git revert`)"
                    .to_owned()
            }
        }
    }
}
