//! The stable codes.

use super::{Refusal, WorktreeRole};

impl Refusal {
    /// The stable code, explained in `docs/codes.md`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Damaged { document, .. } => document.code(),
            Self::FileUnreadable { .. } => "FILE_UNREADABLE",
            Self::PathOutside { .. } => "PATH_OUTSIDE",
            Self::NotARepository { .. } => "NOT_A_GIT_REPOSITORY",
            Self::WorkTreeMissing { .. } => "WORK_TREE_MISSING",
            Self::UntrustedRepository { .. } => "UNTRUSTED_REPOSITORY",
            Self::EventConflict { .. } => "EVENT_PAYLOAD_CONFLICT",
            Self::SnapshotUnproven { .. } => "SNAPSHOT_UNPROVEN",
            Self::IdentityUnknown => "IDENTITY_UNKNOWN",
            Self::UnknownStatus { .. } => "STATUS_UNKNOWN",
            Self::OutputUnwritten { .. } => "OUTPUT_NOT_WRITTEN",
            Self::IllegalTransition { .. } | Self::NotClaimable { .. } => "TRANSITION_ILLEGAL",
            Self::TransitionGuard { .. } => "TRANSITION_GUARD_UNMET",
            Self::ForceIncomplete => "TRANSITION_FORCE_INCOMPLETE",
            Self::TimeExhausted { .. } => "EVENT_TIME_EXHAUSTED",
            Self::DestinationShape { .. } => "DESTINATION_REF_INVALID_SHAPE",
            Self::DestinationNotLocal { .. } => "DESTINATION_REF_NOT_LOCAL",
            Self::DestinationMissing { .. }
            | Self::DestinationRemote { .. }
            | Self::DestinationUnborn { .. } => "DESTINATION_REF_NOT_FOUND",
            Self::DestinationProtected { .. } => "PROTECTED_BRANCH_REFUSED",
            Self::DoubleEventId { .. } => "BOOKKEEPING_DOUBLE_EVENT_ID",
            Self::LogRegressed { .. } => "LOG_REGRESSED",
            Self::PublishRefused { .. } => "BOOKKEEPING_COMMIT_FAILED",
            Self::SeveralDestinations { .. } => "DESTINATION_NOT_ONE",
            Self::PublishLost { .. } => "REF_ADVANCE_FAILED",
            Self::NotPersisted { .. } => "STATUS_EVENT_PERSISTENCE_VERIFICATION_FAILED",
            Self::MissionOfBranchMissing { .. } => "MISSION_OF_BRANCH_MISSING",
            Self::MissionClosed { .. } => "MISSION_CLOSED",
            Self::CoordinationBranchDeleted { .. } => "COORDINATION_BRANCH_DELETED",
            Self::MissionOnSeveralBranches { .. } => "MISSION_ON_SEVERAL_BRANCHES",
            Self::MissionNotFound { .. } => "MISSION_NOT_FOUND",
            Self::MissionAmbiguous { .. } => "MISSION_AMBIGUOUS",
            Self::MissionRequired { .. } => "MISSION_REQUIRED",
            Self::WpNotFound { .. } => "WP_NOT_FOUND",
            Self::DependencyCycle { .. } => "WP_DEPENDENCY_CYCLE",
            Self::LanesBegunApart { .. } => "LANES_BEGUN_APART",
            Self::PlanInvalid { .. } => "PLAN_INVALID",
            Self::OwnsMissionFiles { .. } => "INVALID_WP_OWNED_FILES_KITTY_SPECS",
            Self::PlanConflict { .. } => "PLAN_CONFLICT",
            Self::PlanElsewhere { .. } => "PLAN_ELSEWHERE",
            Self::PolicyRefMissing { .. } => "POLICY_REF_MISSING",
            Self::NoBranch => "NO_BRANCH",
            Self::RangeCommitMissing { .. } => "RANGE_COMMIT_MISSING",
            Self::RangeUnrelated { .. } => "RANGE_UNRELATED",
            Self::RangeBranchUnknown { .. } => "RANGE_BRANCH_UNKNOWN",
            Self::ShallowRepository => "SHALLOW_REPOSITORY",
            Self::BranchNameInvalid { .. } => "BRANCH_NAME_INVALID",
            Self::ScopeGlobInvalid { .. } => "SCOPE_GLOB_INVALID",
            Self::ScopeOnMissionBranch { .. } => "SCOPE_ON_MISSION_BRANCH",
            Self::GitTooOld { .. } | Self::ExtensionUnknown { .. } => "GIT_VERSION_TOO_OLD",
            Self::HookChainedBroken { .. } => "HOOK_CHAINED_BROKEN",
            Self::CanaryRefused { .. } => "CANARY_REFUSED",
            Self::HooksPathForeign { .. } => "HOOKS_PATH_FOREIGN",
            Self::ServerNotBare { .. } => "SERVER_NOT_BARE",
            Self::HookTracked { .. } => "HOOK_TRACKED",
            Self::HookReplaced { .. } => "HOOK_REPLACED",
            Self::HookPlaceTaken { .. } => "HOOK_PLACE_TAKEN",
            Self::HookBinaryMissing { .. } => "HOOK_BINARY_MISSING",
            Self::FileLocked { .. } => "FILE_LOCKED",
            Self::SettingInvalid { .. } => "SETTING_INVALID",
            Self::MissionNameInvalid { .. } => "MISSION_NAME_INVALID",
            Self::MissionSlugInvalid { .. } => "MISSION_SLUG_INVALID",
            Self::ClaimBlocked { .. } => "CLAIM_BLOCKED",
            Self::ClaimHeld { .. } => "CLAIM_HELD",
            Self::ClaimTakenOver { .. } => "CLAIM_TAKEN_OVER",
            Self::ClaimUnfinished { .. } => "CLAIM_UNFINISHED",
            Self::MissionNotLanded { .. } => "MISSION_NOT_LANDED",
            Self::AdoptionNeedsCheckout { .. } => "ADOPTION_NEEDS_CHECKOUT",
            Self::AdoptionOutside { .. } => "ADOPTION_OUTSIDE_REPOSITORY",
            Self::AdoptionBranchTaken { .. } => "ADOPTION_BRANCH_TAKEN",
            Self::MissionExists { .. } => "MISSION_EXISTS",
            Self::TargetUnborn { .. } | Self::TargetMissing { .. } => "DESTINATION_REF_NOT_FOUND",
            Self::TargetNotLocal { .. } => "DESTINATION_REF_NOT_LOCAL",
            Self::NoPlanningDirectory { .. } => "PLANNING_DIRECTORY_INVALID",
            Self::TargetRequired => "TARGET_BRANCH_REQUIRED",
            Self::TargetIsAMissions { .. } => "TARGET_BRANCH_OF_MISSION",
            Self::KeyNotEditable { .. } => "KEY_NOT_EDITABLE",
            Self::LockTimeout { .. } | Self::LockReentered { .. } => "BOOKKEEPING_LOCK_TIMEOUT",
            Self::OutcomeUnknown { .. } => "BOOKKEEPING_OUTCOME_UNKNOWN",
            Self::RefLocked { .. } => "REF_LOCKED",
            Self::RefNameConflict { .. } => "REF_NAME_CONFLICT",
            Self::RefSymbolic { .. } => "REF_SYMBOLIC",
            Self::Quarantined => "REF_UPDATE_IN_QUARANTINE",
            Self::ObjectNotWritten { .. } | Self::RefNotWritten { .. } => {
                "BOOKKEEPING_COMMIT_FAILED"
            }
            Self::SigningFailed { .. } => "COMMIT_SIGNING_FAILED",
            Self::WorktreeDirty { .. } => "REF_ADVANCE_DIRTY_WORKTREE",
            Self::WorktreePathTaken { .. } => "WORKTREE_PATH_TAKEN",
            Self::WorktreeMismatch { role: WorktreeRole::Coordination, .. } => {
                "COORDINATION_WORKTREE_BRANCH_MISMATCH"
            }
            Self::WorktreeMismatch { role: WorktreeRole::Lane, .. } => {
                "LANE_WORKTREE_BRANCH_MISMATCH"
            }
            Self::WorktreeNotClean { role: WorktreeRole::Coordination, .. } => {
                "COORDINATION_WORKTREE_DIRTY"
            }
            Self::WorktreeNotClean { role: WorktreeRole::Lane, .. } => "LANE_WORKTREE_DIRTY",
            Self::WorktreeBusy { .. } => "WORKTREE_BUSY",
            Self::HeadLost { .. } | Self::RecordKept { .. } => "WORKTREE_GONE",
            Self::WorktreeMoved { .. } => "WORKTREE_MOVED",
            Self::CommitLeftBehind { .. } => "COMMIT_LEFT_BEHIND",
            Self::WorktreeLocked { .. } => "WORKTREE_LOCKED",
            Self::WorktreeNotMade { .. } => "WORKTREE_FAILED",
            Self::BranchCheckedOut { .. } => "BRANCH_CHECKED_OUT",
            Self::NoCoordinationBranch { .. } => "COORDINATION_BRANCH_NONE",
            Self::LaneNotFound { .. } => "LANE_NOT_FOUND",
            Self::LaneRequired { .. } => "LANE_REQUIRED",
            Self::LaneOfPlanning { .. } => "LANE_OF_PLANNING",
            Self::LaneNotOpen { .. } => "LANE_NOT_OPEN",
            Self::LaneBranchForeign { .. } => "LANE_BRANCH_FOREIGN",
            Self::LaneNotContained { .. } => "LANE_NOT_CONTAINED",
            Self::DependencyConflict { .. } => "DEPENDENCY_LANE_MERGE_CONFLICT",
            Self::LaneSyncConflict { .. } => "LANE_AUTO_REBASE_FAILED",
            Self::DeliveryNotFound { .. } => "DELIVERY_NOT_FOUND",
            Self::UnknownCommand { .. } => "UNKNOWN_COMMAND",
        }
    }
}
