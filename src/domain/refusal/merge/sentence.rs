//! The sentence of each.

use std::fmt;

use super::MergeRefusal;
use crate::domain::merging::PathConflict;

impl fmt::Display for MergeRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blocked { blockers, .. } => {
                let all = blockers.iter().map(ToString::to_string).collect::<Vec<_>>();
                f.write_str(&all.join("; "))
            }
            Self::Unfinished { wp_id, status, .. } => write!(f, "{wp_id} is {status}"),
            Self::DependencyUnfinished { wp_id, dependency, status, .. } => {
                write!(f, "{wp_id} depends on {dependency}, which is {status}")
            }
            Self::ReviewContradicts { wp_id, reviewer, reference, .. } => write!(
                f,
                "{wp_id} is finished, but its latest review, by {reviewer}, asks for changes ({reference})"
            ),
            Self::LaneOutOfScope { lane, commit, fact, .. } => {
                write!(f, "{lane} has a commit that it may not have, {commit:.12}: {fact}")
            }
            Self::LaneDirty { lane, worktree, paths } => write!(
                f,
                "the worktree `{worktree}` of {lane} has changes that nobody committed: {}",
                listed(paths)
            ),
            Self::NotSynchronized { target, tracking, ahead: 0, behind, .. } => {
                write!(f, "`{target}` is behind `{tracking}` by {}", commits(*behind))
            }
            Self::NotSynchronized { target, tracking, ahead, behind, .. } => write!(
                f,
                "`{target}` and `{tracking}` have diverged: {} only here, {} only there",
                commits(*ahead),
                commits(*behind)
            ),
            Self::NotFastForward { target, .. } => {
                write!(
                    f,
                    "`{target}` has commits that the mission has not, so that it cannot be fast-forwarded"
                )
            }
            Self::Empty { target, .. } => {
                write!(f, "a squash would change nothing on `{target}` but the mission's own files")
            }
            Self::LaneConflict { conflicts, .. } => {
                let lane = conflicts.first().and_then(|one| one.lane_id.as_deref());
                write!(f, "{} cannot be merged: {}", lane.unwrap_or("a lane"), lines(conflicts))
            }
            Self::LandingConflict { target, conflicts, .. } => {
                write!(f, "the mission conflicts with `{target}`: {}", lines(conflicts))
            }
            Self::RebaseConflict { target, commit: Some(commit), paths, .. } => write!(
                f,
                "the commit {commit} cannot be made again on `{target}`: {}",
                listed(paths)
            ),
            Self::RebaseConflict { target, commit: None, paths, .. } => write!(
                f,
                "the mission's commits, made again on `{target}` one by one, do not add up to their merge: {}",
                listed(paths)
            ),
            Self::RebaseResolved { paths, .. } => write!(
                f,
                "a rebase would not have what a person makes of these conflicts: {}",
                listed(paths)
            ),
            Self::InProgress { mission, worktree } => {
                write!(f, "a conflict of mission `{mission}` is being resolved in `{worktree}`")
            }
            Self::NoPlan { mission } => {
                write!(f, "no conflict of mission `{mission}` is being resolved")
            }
            Self::PlanDrifted { what, .. } => {
                write!(f, "what is being resolved is not what would be merged any more: {what}")
            }
            Self::Unresolved { what, paths, .. } => write!(f, "{what}: {}", listed(paths)),
            Self::ResolutionOutOfScope { paths, .. } => write!(
                f,
                "the resolution changes files that are not in conflict: {}",
                listed(paths)
            ),
            Self::Unproven { mission, target, what, .. } => write!(
                f,
                "the landing of mission `{mission}` on `{target}` is not proven: {}",
                what.join("; ")
            ),
            Self::NotLanded { mission, target } => {
                write!(f, "mission `{mission}` has not landed on `{target}`")
            }
            Self::CommitsMissing { mission, commits, .. } => write!(
                f,
                "this clone lacks commits that the landing of mission `{mission}` joined: {}",
                commits.join(", ")
            ),
            Self::NothingToUndo => f.write_str("there is no operation to take back"),
            Self::UndoPushed { refs, .. } => {
                write!(f, "what the last operation made is at {} already", listed(refs))
            }
            Self::UndoMoved { name, expected, found, .. } => write!(
                f,
                "`{name}` was put to {expected:.12} by the last operation, and is at {found:.12}"
            ),
            Self::UndoBuiltUpon { branches, .. } => {
                write!(f, "branches have what the last operation made: {}", listed(branches))
            }
        }
    }
}

fn commits(count: usize) -> String {
    if count == 1 { "1 commit".to_owned() } else { format!("{count} commits") }
}

/// How many names a sentence has.
const NAMED: usize = 10;

fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(NAMED) {
        0 => shown.join(", "),
        rest => format!("{} and {rest} more", shown.join(", ")),
    }
}

fn lines(conflicts: &[PathConflict]) -> String {
    let shown: Vec<String> = conflicts.iter().take(NAMED).map(PathConflict::line).collect();
    match conflicts.len().saturating_sub(NAMED) {
        0 => shown.join("; "),
        rest => format!("{}; and {rest} more", shown.join("; ")),
    }
}
