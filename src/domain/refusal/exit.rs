//! How a process ends that was refused.

use super::Refusal;

/// How a process ends. The numbers are promised in `cli.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, allowed, nothing found.
    Yes = 0,
    /// Refused, or findings.
    Refused = 1,
    /// Usage, or input that cannot be parsed.
    Usage = 2,
    /// A conflict in content.
    Conflict = 3,
    /// Lost a race for good, lock timeout, remote refused.
    Race = 4,
    /// Not a repository, not set up, git too old.
    NotSetUp = 5,
    /// A bug of ours.
    Bug = 70,
}

impl Exit {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::Yes,
        Self::Refused,
        Self::Usage,
        Self::Conflict,
        Self::Race,
        Self::NotSetUp,
        Self::Bug,
    ];

    /// The sentence that documents it.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Yes => "Done, allowed, nothing found.",
            Self::Refused => "Refused, or findings.",
            Self::Usage => "Wrong arguments, or input that cannot be parsed.",
            Self::Conflict => "A conflict in content.",
            Self::Race => "A race was lost for good, or a lock was held for too long.",
            Self::NotSetUp => "No repository, not set up, or git is too old.",
            Self::Bug => "A bug of git-kitty.",
        }
    }
}

impl Refusal {
    /// The exit status.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Commit(refusal) => refusal.exit(),
            Self::Merge(refusal) => refusal.exit(),
            Self::Review(refusal) => refusal.exit(),
            Self::Damaged { .. }
            | Self::UnknownCommand { .. }
            | Self::FileUnreadable { .. }
            | Self::PathOutside { .. }
            | Self::RangeCommitMissing { .. }
            | Self::RangeUnrelated { .. }
            | Self::RangeBranchUnknown { .. }
            | Self::UnknownStatus { .. }
            | Self::DestinationShape { .. }
            | Self::BranchNameInvalid { .. }
            | Self::SettingInvalid { .. }
            | Self::MissionNameInvalid { .. }
            | Self::MissionSlugInvalid { .. }
            | Self::TargetRequired
            | Self::NoPlanningDirectory { .. }
            | Self::ScopeGlobInvalid { .. }
            | Self::OverrideReasonMissing
            | Self::OverrideSpanInvalid { .. } => Exit::Usage,
            Self::EventConflict { .. }
            | Self::SnapshotUnproven { .. }
            | Self::DependencyConflict { .. }
            | Self::PlanConflict { .. }
            | Self::LaneSyncConflict { .. } => Exit::Conflict,
            Self::PublishLost { .. } | Self::NotPersisted { .. } => Exit::Race,
            Self::MissionNotLanded { .. }
            | Self::AdoptionNeedsCheckout { .. }
            | Self::AdoptionOutside { .. }
            | Self::AdoptionBranchTaken { .. }
            | Self::ClaimBlocked { .. }
            | Self::ClaimHeld { .. }
            | Self::ClaimTakenOver { .. }
            | Self::ClaimUnfinished { .. }
            | Self::MissionExists { .. }
            | Self::TargetIsAMissions { .. }
            | Self::TargetUnborn { .. }
            | Self::TargetMissing { .. }
            | Self::TargetNotLocal { .. }
            | Self::IllegalTransition { .. }
            | Self::NotClaimable { .. }
            | Self::OutputUnwritten { .. }
            | Self::TransitionGuard { .. }
            | Self::ForceIncomplete
            | Self::TimeExhausted { .. }
            | Self::DestinationNotLocal { .. }
            | Self::DestinationMissing { .. }
            | Self::DestinationRemote { .. }
            | Self::DestinationUnborn { .. }
            | Self::DestinationProtected { .. }
            | Self::DoubleEventId { .. }
            | Self::LogRegressed { .. }
            | Self::SeveralDestinations { .. }
            | Self::PublishRefused { .. }
            | Self::MissionOfBranchMissing { .. }
            | Self::CoordinationBranchDeleted { .. }
            | Self::MissionClosed { .. }
            | Self::MissionOnSeveralBranches { .. }
            | Self::MissionNotFound { .. }
            | Self::MissionAmbiguous { .. }
            | Self::MissionRequired { .. }
            | Self::WpNotFound { .. }
            | Self::DeliveryNotFound { .. }
            | Self::DependencyCycle { .. }
            | Self::LanesBegunApart { .. }
            | Self::PlanInvalid { .. }
            | Self::OwnsMissionFiles { .. }
            | Self::PlanElsewhere { .. }
            | Self::PolicyRefMissing { .. }
            | Self::EditInGitDirectory { .. }
            | Self::NoBranch
            | Self::RefNameConflict { .. }
            | Self::RefSymbolic { .. }
            | Self::Quarantined
            | Self::ObjectNotWritten { .. }
            | Self::NotWritable { .. }
            | Self::RefNotWritten { .. }
            | Self::SigningFailed { .. }
            | Self::WorktreeDirty { .. }
            | Self::WorktreePathTaken { .. }
            | Self::WorktreeMismatch { .. }
            | Self::WorktreeNotClean { .. }
            | Self::WorktreeBusy { .. }
            | Self::HeadLost { .. }
            | Self::CommitLeftBehind { .. }
            | Self::RecordKept { .. }
            | Self::WorktreeMoved { .. }
            | Self::WorktreeLocked { .. }
            | Self::WorktreeNotMade { .. }
            | Self::BranchCheckedOut { .. }
            | Self::NoCoordinationBranch { .. }
            | Self::LaneNotFound { .. }
            | Self::LaneRequired { .. }
            | Self::LaneOfPlanning { .. }
            | Self::LaneNotOpen { .. }
            | Self::LaneBranchForeign { .. }
            | Self::LaneNotContained { .. }
            | Self::KeyNotEditable { .. }
            | Self::OverrideBranchMissing { .. }
            | Self::OverrideNotNeeded { .. }
            | Self::OverrideDenied { .. }
            | Self::OverrideNotFound { .. }
            | Self::ScopeOnMissionBranch { .. } => Exit::Refused,
            Self::IdentityUnknown
            | Self::ShallowRepository
            | Self::NotARepository { .. }
            | Self::UntrustedRepository { .. }
            | Self::WorkTreeMissing { .. }
            | Self::GitTooOld { .. }
            | Self::ExtensionUnknown { .. }
            | Self::HookBinaryMissing { .. } => Exit::NotSetUp,
            Self::ServerNotBare { .. }
            | Self::CanaryRefused { .. }
            | Self::HookChainedBroken { .. }
            | Self::HooksPathForeign { .. }
            | Self::HookTracked { .. }
            | Self::HookReplaced { .. }
            | Self::HookPlaceTaken { .. } => Exit::Refused,
            Self::FileLocked { .. }
            | Self::LockTimeout { .. }
            | Self::OutcomeUnknown { .. }
            | Self::LockReentered { .. }
            | Self::RefLocked { .. } => Exit::Race,
        }
    }
}
