//! Why lanes are not brought together, a mission does not land, or a landing is not taken back.

mod facts;
mod hint;
mod sentence;

use super::{Exit, Refusal};
use crate::domain::merging::PathConflict;

/// An expected "no" of `merge`, `verify-landing` and `undo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeRefusal {
    /// Things are in the way, all of them named at once.
    Blocked {
        /// The mission's directory.
        mission: String,
        /// Each, in the order in which they are best dealt with; at least one.
        blockers: Vec<Refusal>,
    },
    /// A work package is not approved, done or canceled.
    Unfinished {
        /// The mission's directory.
        mission: String,
        /// The work package.
        wp_id: String,
        /// Where it is.
        status: String,
        /// Its lane.
        lane: Option<String>,
    },
    /// A work package is finished, and one that it depends on is not.
    DependencyUnfinished {
        /// The mission's directory.
        mission: String,
        /// The work package.
        wp_id: String,
        /// What it depends on.
        dependency: String,
        /// Where that is.
        status: String,
    },
    /// The latest review asked for changes, and the work package is approved or done all the same.
    ReviewContradicts {
        /// The mission's directory.
        mission: String,
        /// The work package.
        wp_id: String,
        /// Who asked for changes.
        reviewer: String,
        /// Where they said so.
        reference: String,
    },
    /// A commit of a lane changes what none of its work packages may change.
    LaneOutOfScope {
        /// The mission's directory.
        mission: String,
        /// The lane.
        lane: String,
        /// The commit.
        commit: String,
        /// The paths.
        paths: Vec<String>,
        /// What the judge says.
        fact: String,
    },
    /// A lane's worktree has changes that nobody committed, and that would be left out.
    LaneDirty {
        /// The lane.
        lane: String,
        /// The worktree.
        worktree: String,
        /// The paths.
        paths: Vec<String>,
    },
    /// The target is behind what the remote has of it, or has gone another way.
    NotSynchronized {
        /// The mission's directory.
        mission: String,
        /// The target.
        target: String,
        /// What it follows, e.g. `origin/main`.
        tracking: String,
        /// How many commits only the target has.
        ahead: usize,
        /// How many commits only the remote has.
        behind: usize,
    },
    /// The target has commits that the mission has not.
    NotFastForward {
        /// The mission's directory.
        mission: String,
        /// The target.
        target: String,
    },
    /// A squash would change nothing outside of the mission's own directory.
    Empty {
        /// The mission's directory.
        mission: String,
        /// The target.
        target: String,
    },
    /// A lane conflicts with what came before it.
    LaneConflict {
        /// The mission's directory.
        mission: String,
        /// Each path; at least one.
        conflicts: Vec<PathConflict>,
    },
    /// The mission conflicts with what its target has.
    LandingConflict {
        /// The mission's directory.
        mission: String,
        /// The target.
        target: String,
        /// Each path; at least one.
        conflicts: Vec<PathConflict>,
    },
    /// A commit cannot be made again on the target.
    RebaseConflict {
        /// The mission's directory.
        mission: String,
        /// The target.
        target: String,
        /// The commit; none if the commits, one by one, lead elsewhere than the merge.
        commit: Option<String>,
        /// The paths.
        paths: Vec<String>,
    },
    /// The mission is to land by a rebase, which makes no merge again, and so nothing that a person
    /// makes of one.
    RebaseResolved {
        /// The mission's directory.
        mission: String,
        /// The paths in conflict.
        paths: Vec<String>,
        /// Whether it is being resolved already.
        is_begun: bool,
    },
    /// A merge of the mission is being resolved.
    InProgress {
        /// The mission's directory.
        mission: String,
        /// The worktree that has the conflict.
        worktree: String,
    },
    /// No merge of the mission is being resolved.
    NoPlan {
        /// The mission's directory.
        mission: String,
    },
    /// What is being resolved is not what would be merged any more.
    PlanDrifted {
        /// The mission's directory.
        mission: String,
        /// What is different.
        what: String,
    },
    /// A conflict is not resolved yet.
    Unresolved {
        /// The mission's directory.
        mission: String,
        /// The worktree that has the conflict.
        worktree: String,
        /// The paths.
        paths: Vec<String>,
        /// What is wrong there.
        what: &'static str,
        /// Whether it is to be given up.
        is_given_up: bool,
    },
    /// A resolution changes more than the conflict.
    ResolutionOutOfScope {
        /// The mission's directory.
        mission: String,
        /// The worktree that has the conflict.
        worktree: String,
        /// The paths.
        paths: Vec<String>,
    },
    /// The target has a certificate of the mission, and something there is not as that says.
    Unproven {
        /// The mission's directory.
        mission: String,
        /// The target.
        target: String,
        /// What does not hold.
        what: Vec<String>,
        /// Paths that are not as they should be.
        paths: Vec<String>,
    },
    /// The target has no certificate of the mission.
    NotLanded {
        /// The mission's directory.
        mission: String,
        /// The target.
        target: String,
    },
    /// Commits that a certificate names are not in this clone.
    CommitsMissing {
        /// The mission's directory.
        mission: String,
        /// The commits.
        commits: Vec<String>,
        /// Where else they are, as `git fetch` takes it.
        fetch: String,
    },
    /// There is no operation that could be taken back.
    NothingToUndo,
    /// What an operation made was pushed, or fetched from where it was.
    UndoPushed {
        /// The operation.
        operation: String,
        /// The remote-tracking refs that have it.
        refs: Vec<String>,
    },
    /// A ref is not where an operation put it.
    UndoMoved {
        /// The operation.
        operation: String,
        /// The ref.
        name: String,
        /// Where it was put.
        expected: String,
        /// Where it is.
        found: String,
    },
    /// Branches have what an operation made.
    UndoBuiltUpon {
        /// The operation.
        operation: String,
        /// The branches.
        branches: Vec<String>,
    },
}

impl MergeRefusal {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Blocked { blockers, .. } => {
                blockers.first().map_or("MERGE_BLOCKED", Refusal::code)
            }
            Self::Unfinished { .. } => "WP_UNFINISHED",
            Self::DependencyUnfinished { .. } => "DEPENDENCY_UNFINISHED",
            Self::ReviewContradicts { .. } => "REJECTED_REVIEW_ARTIFACT_CONFLICT",
            Self::LaneOutOfScope { .. } => "LANE_OUT_OF_SCOPE",
            Self::LaneDirty { .. } => "LANE_WORKTREE_DIRTY",
            Self::NotSynchronized { .. } => "TARGET_BRANCH_NOT_SYNCHRONIZED",
            Self::NotFastForward { .. } => "LANDING_NOT_FAST_FORWARD",
            Self::Empty { .. } => "LANDING_EMPTY",
            Self::LaneConflict { .. } => "LANE_MERGE_CONFLICT",
            Self::LandingConflict { .. } => "LANDING_CONFLICT",
            Self::RebaseConflict { .. } | Self::RebaseResolved { .. } => "REBASE_CONFLICT",
            Self::InProgress { .. } => "MERGE_IN_PROGRESS",
            Self::NoPlan { .. } => "MERGE_PLAN_NONE",
            Self::PlanDrifted { .. } => "MERGE_PLAN_DRIFTED",
            Self::Unresolved { .. } => "RESOLUTION_UNFINISHED",
            Self::ResolutionOutOfScope { .. } => "RESOLUTION_OUT_OF_SCOPE",
            Self::Unproven { .. } => "LANDING_UNPROVEN",
            Self::NotLanded { .. } => "LANDING_NOT_FOUND",
            Self::CommitsMissing { .. } => "LANDING_NOT_HERE",
            Self::NothingToUndo => "UNDO_NOTHING",
            Self::UndoPushed { .. } => "UNDO_PUSHED",
            Self::UndoMoved { .. } => "UNDO_REFS_MOVED",
            Self::UndoBuiltUpon { .. } => "UNDO_BUILT_UPON",
        }
    }

    pub(super) const fn exit(&self) -> Exit {
        match self {
            Self::LaneConflict { .. }
            | Self::LandingConflict { .. }
            | Self::RebaseConflict { .. }
            | Self::RebaseResolved { .. } => Exit::Conflict,
            Self::Blocked { .. }
            | Self::Unfinished { .. }
            | Self::DependencyUnfinished { .. }
            | Self::ReviewContradicts { .. }
            | Self::LaneOutOfScope { .. }
            | Self::LaneDirty { .. }
            | Self::NotSynchronized { .. }
            | Self::NotFastForward { .. }
            | Self::Empty { .. }
            | Self::InProgress { .. }
            | Self::NoPlan { .. }
            | Self::PlanDrifted { .. }
            | Self::Unresolved { .. }
            | Self::ResolutionOutOfScope { .. }
            | Self::Unproven { .. }
            | Self::NotLanded { .. }
            | Self::CommitsMissing { .. }
            | Self::NothingToUndo
            | Self::UndoPushed { .. }
            | Self::UndoMoved { .. }
            | Self::UndoBuiltUpon { .. } => Exit::Refused,
        }
    }

    /// The refusals that it is made of; none if it is a single one.
    pub(super) fn blockers(&self) -> &[Refusal] {
        if let Self::Blocked { blockers, .. } = self { blockers } else { &[] }
    }
}
