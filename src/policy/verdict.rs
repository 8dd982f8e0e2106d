//! What the judge answers.

use std::fmt;

use crate::domain::id::{LaneId, WpId};
use crate::domain::overriding::Override;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Warning;
use crate::domain::status::Status;

use super::protect::Exemption;

/// The codes of the judge. Those that begin with `ACTIVE_WP_` are the reference's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GuardCode {
    /// The mission or the lane that the branch's name announces is not to be found.
    ContextMissing,
    /// Not exactly one work package of the lane is active.
    ContextAmbiguous,
    /// The event log cannot be read.
    StatusUnavailable,
    /// The active work package has no file.
    MetadataMissing,
    /// The active work package's file cannot be read.
    MetadataInvalid,
    /// Anything else that kept the judge from knowing the active work package.
    ContextError,
    /// The work package was claimed by somebody else since.
    ClaimTakenOver,
    /// The active work package owns nothing.
    OwnershipMissing,
    /// A path that the active work package does not own.
    WpScopeViolation,
    /// A path outside of the scope of a branch without mission.
    ScopeViolation,
    /// A mission's planning file changed on a lane.
    MissionFileProtected,
    /// A mission's log or snapshot changed by hand.
    StatusFileProtected,
    /// A path that is no planning file of the mission, on its coordination branch.
    CoordinationPathRefused,
    /// The log on the coordination branch was not only appended to.
    LogNotAppendOnly,
    /// A coordination branch would get a mission file that cannot be read.
    MissionFileDamaged,
    /// A coordination branch would get another identity, or lose it.
    MissionIdentityChanged,
    /// A commit to a protected branch.
    ProtectedBranchRefused,
    /// A guarded branch would be deleted, with commits that nothing else has.
    BranchDeletionRefused,
    /// A guarded branch would become a symbolic ref.
    BranchMadeSymbolic,
    /// The remote has commits that a push would lose, or that are not here.
    NotSynchronized,
    /// A lane would come to its mission's target without its coordination branch.
    LaneOntoTarget,
    /// A landing cannot be proven without commits that are not here.
    LandingNotHere,
    /// The operation log would get what is no entry of its transaction, or lose one.
    OplogForged,
}

impl GuardCode {
    /// All of them.
    pub const ALL: [Self; 23] = [
        Self::ContextMissing,
        Self::ContextAmbiguous,
        Self::StatusUnavailable,
        Self::MetadataMissing,
        Self::MetadataInvalid,
        Self::ContextError,
        Self::ClaimTakenOver,
        Self::OwnershipMissing,
        Self::WpScopeViolation,
        Self::ScopeViolation,
        Self::MissionFileProtected,
        Self::StatusFileProtected,
        Self::CoordinationPathRefused,
        Self::LogNotAppendOnly,
        Self::MissionFileDamaged,
        Self::MissionIdentityChanged,
        Self::ProtectedBranchRefused,
        Self::BranchDeletionRefused,
        Self::BranchMadeSymbolic,
        Self::NotSynchronized,
        Self::LaneOntoTarget,
        Self::LandingNotHere,
        Self::OplogForged,
    ];

    /// The stable name, explained in `docs/codes.md`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ContextMissing => "ACTIVE_WP_CONTEXT_MISSING",
            Self::ContextAmbiguous => "ACTIVE_WP_CONTEXT_AMBIGUOUS",
            Self::StatusUnavailable => "ACTIVE_WP_STATUS_UNAVAILABLE",
            Self::MetadataMissing => "ACTIVE_WP_METADATA_MISSING",
            Self::MetadataInvalid => "ACTIVE_WP_METADATA_INVALID",
            Self::ContextError => "ACTIVE_WP_CONTEXT_ERROR",
            Self::ClaimTakenOver => "CLAIM_TAKEN_OVER",
            Self::OwnershipMissing => "ACTIVE_WP_OWNERSHIP_MISSING",
            Self::WpScopeViolation => "ACTIVE_WP_SCOPE_VIOLATION",
            Self::ScopeViolation => "SCOPE_VIOLATION",
            Self::MissionFileProtected => "MISSION_FILE_PROTECTED",
            Self::StatusFileProtected => "STATUS_FILE_PROTECTED",
            Self::CoordinationPathRefused => "COORDINATION_PATH_REFUSED",
            Self::LogNotAppendOnly => "LOG_NOT_APPEND_ONLY",
            Self::MissionFileDamaged => "MISSION_FILE_DAMAGED",
            Self::MissionIdentityChanged => "MISSION_IDENTITY_CHANGED",
            Self::ProtectedBranchRefused => "PROTECTED_BRANCH_REFUSED",
            Self::BranchDeletionRefused => "BRANCH_DELETION_REFUSED",
            Self::BranchMadeSymbolic => "BRANCH_MADE_SYMBOLIC",
            Self::NotSynchronized => "TARGET_BRANCH_NOT_SYNCHRONIZED",
            Self::LaneOntoTarget => "LANE_ONTO_TARGET",
            Self::LandingNotHere => "LANDING_NOT_HERE",
            Self::OplogForged => "OPLOG_FORGED",
        }
    }
}

impl GuardCode {
    /// What it says, in one sentence.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::ContextMissing => "The mission or the lane of the branch is not to be found.",
            Self::ContextAmbiguous => "Not exactly one work package of the lane is active.",
            Self::StatusUnavailable => "The event log of the mission cannot be read.",
            Self::MetadataMissing => "The active work package has no file.",
            Self::MetadataInvalid => "The active work package's file cannot be read.",
            Self::ContextError => "The active work package cannot be told.",
            Self::ClaimTakenOver => "The work package was claimed by somebody else since.",
            Self::OwnershipMissing => "The active work package owns no files.",
            Self::WpScopeViolation => "The path is not owned by the work packages that count here.",
            Self::ScopeViolation => "The path is outside of the scope of the branch.",
            Self::MissionFileProtected => "A lane changes a mission's planning file.",
            Self::StatusFileProtected => "A mission's log or snapshot is changed by hand.",
            Self::CoordinationPathRefused => "The path is no planning file of the mission.",
            Self::LogNotAppendOnly => "The event log lost or changed lines that it had.",
            Self::MissionFileDamaged => "A file of the mission could not be read any more.",
            Self::MissionIdentityChanged => "The mission would not be the one that it was.",
            Self::ProtectedBranchRefused => "A protected branch takes no such commit.",
            Self::BranchDeletionRefused => "A guarded branch would be deleted with its commits.",
            Self::BranchMadeSymbolic => "A guarded branch would become a symbolic ref.",
            Self::NotSynchronized => "The remote has commits that a push would lose.",
            Self::LaneOntoTarget => "A lane would come to the target by itself.",
            Self::LandingNotHere => "A landing cannot be proven without what it came from.",
            Self::OplogForged => "The operation log is written by git-kitty's operations only.",
        }
    }
}

impl fmt::Display for GuardCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a change was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Outcome {
    /// It may pass.
    #[default]
    Allowed,
    /// It may not.
    Refused,
    /// It may not, but the policy's mode is `warn`, or an override lets it pass.
    Warned,
}

/// A work package that owns a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The work package.
    pub wp_id: WpId,
    /// Its lane, if it has one.
    pub lane_id: Option<LaneId>,
    /// Its status.
    pub status: Status,
    /// The entry of its `owned_files` that matches.
    pub entry: String,
}

/// One reason to refuse a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What kind of reason.
    pub code: GuardCode,
    /// The path, where the reason is one.
    pub path: Option<RepoPath>,
    /// Who owns the path instead.
    pub owners: Vec<Owner>,
    /// The fact in one sentence.
    pub fact: String,
    /// What to do.
    pub next_step: String,
}

/// What decided about one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// An entry of the active work package's `owned_files` matches.
    Owned {
        /// The entry.
        entry: String,
    },
    /// The active work package's scope is the whole code base.
    CodebaseWide,
    /// The occurrence map of the mission, which lanes may change.
    OccurrenceMap,
    /// An entry of the branch's scope matches.
    InScope {
        /// The entry.
        entry: String,
    },
    /// A planning file on the coordination branch.
    PlanningFile,
    /// The event log, with everything that stood in it still at its head.
    LogGrowth,
    /// The snapshot on the coordination branch, which follows the log.
    Snapshot,
    /// The branch is not guarded.
    FreeBranch,
    /// The policy turns this check off.
    NotEnforced,
    /// A protected branch makes an exception.
    Exempt(Exemption),
    /// Refused, for the reason of this code.
    Refused(GuardCode),
}

impl Rule {
    /// The code of a refusal.
    #[must_use]
    pub const fn refusal(&self) -> Option<GuardCode> {
        match self {
            Self::Refused(code) => Some(*code),
            Self::Owned { .. }
            | Self::CodebaseWide
            | Self::OccurrenceMap
            | Self::InScope { .. }
            | Self::PlanningFile
            | Self::LogGrowth
            | Self::Snapshot
            | Self::FreeBranch
            | Self::NotEnforced
            | Self::Exempt(_) => None,
        }
    }

    /// The name that JSON carries.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Owned { .. } => "owned",
            Self::CodebaseWide => "codebase_wide",
            Self::OccurrenceMap => "occurrence_map",
            Self::InScope { .. } => "in_scope",
            Self::PlanningFile => "planning_file",
            Self::LogGrowth => "log_growth",
            Self::Snapshot => "snapshot",
            Self::FreeBranch => "free_branch",
            Self::NotEnforced => "not_enforced",
            Self::Exempt(_) => "exempt",
            Self::Refused(code) => match code {
                GuardCode::WpScopeViolation => "not_owned",
                GuardCode::ScopeViolation => "out_of_scope",
                GuardCode::MissionFileProtected => "mission_file",
                GuardCode::StatusFileProtected => "status_file",
                GuardCode::CoordinationPathRefused => "coordination_path",
                GuardCode::LogNotAppendOnly => "log_not_append_only",
                GuardCode::MissionFileDamaged => "mission_file_damaged",
                GuardCode::MissionIdentityChanged => "mission_identity",
                GuardCode::ProtectedBranchRefused => "protected_branch",
                GuardCode::BranchDeletionRefused => "branch_deletion",
                GuardCode::BranchMadeSymbolic => "branch_made_symbolic",
                GuardCode::NotSynchronized => "not_synchronized",
                GuardCode::LaneOntoTarget => "lane_onto_target",
                GuardCode::LandingNotHere => "landing_not_here",
                GuardCode::OplogForged => "oplog_forged",
                GuardCode::ContextMissing
                | GuardCode::ContextAmbiguous
                | GuardCode::StatusUnavailable
                | GuardCode::MetadataMissing
                | GuardCode::MetadataInvalid
                | GuardCode::ContextError
                | GuardCode::ClaimTakenOver
                | GuardCode::OwnershipMissing => "no_context",
            },
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Owned { entry } => {
                write!(f, "owned by the active work package through `{entry}`")
            }
            Self::CodebaseWide => f.write_str("the active work package's scope is codebase-wide"),
            Self::OccurrenceMap => f.write_str("the mission's occurrence map is open to its lanes"),
            Self::InScope { entry } => write!(f, "in the branch's scope through `{entry}`"),
            Self::PlanningFile => f.write_str("a planning file on its coordination branch"),
            Self::LogGrowth => f.write_str("the log only grew"),
            Self::Snapshot => f.write_str("the snapshot beside its log"),
            Self::FreeBranch => f.write_str("the branch is not guarded"),
            Self::NotEnforced => f.write_str("the policy turns this check off"),
            Self::Exempt(Exemption::FirstCommit) => f.write_str("the first commit of a repository"),
            Self::Exempt(Exemption::FirstPolicy) => {
                f.write_str("the commit that first adds the policy")
            }
            Self::Exempt(Exemption::PolicyRepair) => {
                f.write_str("the commit that mends the policy")
            }
            Self::Refused(code) => write!(f, "refused: {code}"),
        }
    }
}

/// The decision about one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The path.
    pub path: RepoPath,
    /// What decided.
    pub rule: Rule,
    /// An entry of the active work package or scope that matches in the reference, but not here.
    pub only_in_reference: Option<String>,
}

/// The judge's answer. The default is one that has found nothing to refuse.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Whether the change passes.
    pub outcome: Outcome,
    /// The active work package, where there is one.
    pub active_wp: Option<WpId>,
    /// What the active work package or the branch's scope owns.
    pub owned_files: Vec<String>,
    /// Every reason to refuse.
    pub violations: Vec<Violation>,
    /// Every path with the rule that decided.
    pub decisions: Vec<Decision>,
    /// What is worth telling besides.
    pub warnings: Vec<Warning>,
    /// The override that lets it pass all the same.
    pub overridden: Option<Override>,
    /// Whether an override could let it pass, and may be granted.
    pub may_be_overridden: bool,
}

impl Verdict {
    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.violations.is_empty() && self.warnings.is_empty()
    }
}
