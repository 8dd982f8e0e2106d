//! Everything we expect to say no to: one enum, with its code, sentence, next step and exit status.
//!
//! What is not in here is a bug or a broken machine, and travels as `anyhow::Error`. Codes that the
//! reference has keep its names (`formats.md` sections 4, 5 and 8). `docs/codes.md` explains each,
//! and a test compares the two.

use std::fmt;

use serde::Serialize;

use super::board::Blockers;
use super::branch::MISSION_PREFIX;
use super::event::Regression;
use super::json::Object;
use super::plan::Fault;
use super::slug::{MissionSlug, SlugFault};
use super::status::Status;
use super::time::Instant;
use super::transition::Missing;

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

/// How messages call what comes on standard input.
pub const STANDARD_INPUT: &str = "standard input";

/// A kind of document, for [`Refusal::Damaged`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// `meta.json`.
    Meta,
    /// `lanes.json`.
    Lanes,
    /// `tasks/WP*.md`.
    WorkPackage,
    /// `status.events.jsonl`.
    EventLog,
    /// `status.json`.
    Snapshot,
    /// `review-cycle-N.md`.
    ReviewCycle,
    /// `.kittify/workspaces/*.json`.
    WorkspaceContext,
    /// `.kittify/config.yaml`.
    Policy,
    /// `kitty/setup.json` in the common directory.
    Setup,
}

impl Document {
    const fn code(self) -> &'static str {
        match self {
            Self::Meta => "META_INVALID",
            Self::Lanes => "LANES_CORRUPT",
            Self::WorkPackage => "WP_FILE_INVALID",
            Self::EventLog => "EVENT_LOG_INVALID",
            Self::Snapshot => "SNAPSHOT_INVALID",
            Self::ReviewCycle => "REVIEW_CYCLE_INVALID",
            Self::WorkspaceContext => "WORKSPACE_CONTEXT_INVALID",
            Self::Policy => "POLICY_CONFIG_INVALID",
            Self::Setup => "SETUP_INVALID",
        }
    }
}

/// Who holds a mission's lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockHolder {
    /// Its process, as it saw itself.
    pub pid: u32,
    /// For whom it acts.
    pub actor: String,
    /// What it is doing, e.g. `wp move`.
    pub command: String,
    /// Since when.
    pub since: Instant,
}

impl fmt::Display for LockHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pid, actor, command, since } = self;
        write!(f, "{actor} (`{command}`, process {pid}, since {})", since.to_log())
    }
}

/// Two lines that give one id to different events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The id.
    pub event_id: String,
    /// The line that has it first, as `file:line`.
    pub first: String,
    /// The line that contradicts it.
    pub second: String,
}

/// An expected "no".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A document that cannot be read as what it should be.
    Damaged {
        /// What it should be.
        document: Document,
        /// Where it stands, as a person would look for it.
        file: String,
        /// The line, counted from 1, where one can be named.
        line: Option<usize>,
        /// What is wrong there.
        what: String,
    },
    /// A file that was named cannot be read.
    FileUnreadable {
        /// The file.
        file: String,
        /// What the system said.
        what: String,
    },
    /// A path that is not inside the work tree.
    PathOutside {
        /// The path as typed.
        path: String,
    },
    /// The directory is in no Git repository.
    NotARepository {
        /// Where the search began.
        start: String,
    },
    /// Git itself would refuse the repository: it belongs to another user.
    UntrustedRepository {
        /// The repository.
        path: String,
    },
    /// Lines of a mission's logs give one id to different events.
    EventConflict {
        /// Each pair of lines that does.
        contradictions: Vec<Contradiction>,
    },
    /// What a snapshot has to say after a merge cannot be proven.
    SnapshotUnproven {
        /// The snapshot.
        path: String,
        /// What is not known.
        what: String,
    },
    /// Git knows nobody to commit as.
    IdentityUnknown,
    /// A name that is no status.
    UnknownStatus {
        /// The name.
        status: String,
    },
    /// A step that the table of transitions does not have.
    IllegalTransition {
        /// From where.
        from: Status,
        /// To where.
        to: Status,
    },
    /// A legal step whose guard asks for more.
    TransitionGuard {
        /// From where.
        from: Status,
        /// To where.
        to: Status,
        /// What is missing.
        missing: Vec<Missing>,
        /// How the reference says so.
        message: String,
    },
    /// Force without actor or reason.
    ForceIncomplete,
    /// No instant follows the greatest `at` of a log.
    TimeExhausted {
        /// That text.
        at: String,
    },
    /// A destination that is not the short name of a branch.
    DestinationShape {
        /// The name.
        name: String,
    },
    /// A destination that is a remote-tracking branch, a tag or a commit.
    DestinationNotLocal {
        /// The name.
        name: String,
    },
    /// A destination that is no branch here.
    DestinationMissing {
        /// The name.
        name: String,
    },
    /// A destination that the policy protects.
    DestinationProtected {
        /// The name.
        name: String,
    },
    /// An event whose id the log has already.
    DoubleEventId {
        /// The id.
        event_id: String,
    },
    /// A log that is no lawful successor of the one that was seen last.
    LogRegressed {
        /// What speaks against it.
        regression: Box<Regression>,
    },
    /// A hook of somebody else's refused the ref transaction.
    PublishRefused {
        /// The branch.
        branch: String,
        /// What was to be done.
        transition: String,
        /// What the hook said.
        message: String,
    },
    /// One commit was asked for, and the events belong on several branches.
    SeveralDestinations {
        /// The branch of the first event.
        branch: String,
        /// The work package that is worked on elsewhere.
        wp_id: String,
        /// Its branch.
        other: String,
    },
    /// Others moved the branch again and again.
    PublishLost {
        /// The branch.
        branch: String,
    },
    /// What was published is not what the branch holds.
    NotPersisted {
        /// The branch.
        branch: String,
        /// The event that is not there.
        event_id: String,
    },
    /// A branch is named as a lane of a mission that is not there, or has no such lane.
    MissionOfBranchMissing {
        /// The branch.
        branch: String,
        /// The part of its name that names the mission.
        mission: String,
        /// The lane.
        lane: String,
    },
    /// A mission's `meta.json` names a coordination branch that is not there: nothing falls back to
    /// another branch.
    CoordinationBranchDeleted {
        /// The branch.
        branch: String,
        /// The mission's directory.
        mission: String,
    },
    /// Several branches hold a mission that names each of them as its target, and the primary
    /// checkout has none of them checked out.
    MissionOnSeveralBranches {
        /// The mission's directory.
        mission: String,
        /// The branches.
        branches: Vec<String>,
    },
    /// No mission fits a handle.
    MissionNotFound {
        /// The handle.
        handle: String,
    },
    /// Several missions fit a handle.
    MissionAmbiguous {
        /// The handle.
        handle: String,
        /// The directories of those that do.
        candidates: Vec<String>,
    },
    /// A command needs a mission, and none or several could be meant.
    MissionRequired {
        /// The directories of the missions that are open.
        candidates: Vec<String>,
    },
    /// A mission has no such work package.
    WpNotFound {
        /// What was asked for.
        wp_id: String,
        /// The mission's directory.
        mission: String,
    },
    /// Work packages depend on each other in a circle.
    DependencyCycle {
        /// Each depends on the next, the last one on the first.
        wp_ids: Vec<String>,
    },
    /// Two work packages would have to share a lane, and work on them has begun in two.
    LanesBegunApart {
        /// A work package and its lane.
        first: (String, String),
        /// The other one and its lane.
        second: (String, String),
        /// Why they would share one.
        why: String,
    },
    /// Planning files have faults.
    PlanInvalid {
        /// All of them.
        faults: Vec<Fault>,
    },
    /// New work packages that change code own mission files.
    OwnsMissionFiles {
        /// Each of their globs that does.
        faults: Vec<Fault>,
    },
    /// Planning files changed in a checkout and on the branch, in ways that do not fit together.
    PlanConflict {
        /// The mission's directory.
        mission: String,
        /// The files.
        paths: Vec<String>,
        /// Where they changed besides the branch.
        place: String,
    },
    /// A mission whose plan is not on a coordination branch.
    PlanElsewhere {
        /// The mission's directory.
        mission: String,
    },
    /// `kitty.policyRef` names a ref that holds no policy.
    PolicyRefMissing {
        /// The ref.
        name: String,
    },
    /// HEAD is detached, and the command needs a branch.
    NoBranch,
    /// A text that no branch can be called.
    BranchNameInvalid {
        /// The text.
        name: String,
    },
    /// A glob of a scope that could never match.
    ScopeGlobInvalid {
        /// The glob.
        glob: String,
        /// What is wrong with it.
        what: String,
    },
    /// A mission's branch cannot have a scope: its work packages say what it may touch.
    ScopeOnMissionBranch {
        /// The branch.
        branch: String,
    },
    /// The `git` on PATH is older than what we support.
    GitTooOld {
        /// What `git version` said.
        found: String,
    },
    /// `core.hooksPath` comes from a scope that is not this repository's own.
    HooksPathForeign {
        /// The scope, as `git config --show-scope` names it.
        scope: String,
        /// Its value.
        value: String,
        /// The hooks directory of the repository itself.
        own: String,
    },
    /// The hook that would be replaced is under version control.
    HookTracked {
        /// The hook file.
        path: String,
    },
    /// Another tool wrote a hook over ours, while the hook that was there first is still put aside.
    HookReplaced {
        /// The hook file.
        path: String,
        /// The hook that was put aside.
        chained: String,
    },
    /// Something that is no hook stands where one belongs.
    HookPlaceTaken {
        /// The place.
        path: String,
        /// What is there, e.g. `a directory`.
        what: String,
    },
    /// The binary of a hook is neither beside the running program nor on PATH.
    HookBinaryMissing {
        /// The binary's name.
        name: String,
    },
    /// Another process holds the lock of a file.
    FileLocked {
        /// The lock file.
        lock: String,
    },
    /// A setting has a value that cannot be used.
    SettingInvalid {
        /// Its key.
        key: &'static str,
        /// Its value.
        value: String,
        /// What it may be.
        expected: &'static str,
    },
    /// A name of a mission that is not one part of a path.
    MissionNameInvalid {
        /// The name.
        name: String,
    },
    /// A text that no new mission can be called.
    MissionSlugInvalid {
        /// The text.
        slug: String,
        /// What is wrong with it.
        fault: SlugFault,
        /// A name like it that would do.
        proposal: Option<MissionSlug>,
    },
    /// A new mission cannot have the name that others have.
    MissionExists {
        /// The name.
        slug: String,
        /// Their directories, and why each is another mission.
        missions: Vec<(String, String)>,
    },
    /// Nobody said on which branch a new mission lands, and no branch is checked out.
    TargetRequired,
    /// A branch of a mission is no target for another.
    TargetIsAMissions {
        /// The branch.
        branch: String,
    },
    /// A work package cannot be started.
    ClaimBlocked {
        /// Which.
        wp_id: String,
        /// What stands in its way.
        blockers: Box<Blockers>,
    },
    /// A work package is somebody else's.
    ClaimHeld {
        /// Which.
        wp_id: String,
        /// Whose.
        actor: String,
        /// Since when, as the log has it.
        since: String,
    },
    /// A work package was claimed, but not all of the rest could be done.
    ClaimUnfinished {
        /// Which.
        wp_id: String,
        /// What was in the way.
        what: String,
        /// How to get it out of the way, if it is known.
        hint: Option<String>,
    },
    /// A mission that is to be closed has commits that its target lacks.
    MissionNotLanded {
        /// The mission.
        mission: String,
        /// The branch that it lands on.
        target: String,
        /// Its branches with the number of commits that only they have.
        branches: Vec<(String, usize)>,
    },
    /// An older mission whose files are not in the primary checkout.
    AdoptionNeedsCheckout {
        /// The mission.
        mission: String,
        /// The branch that has them.
        target: String,
    },
    /// A key of a work package's front matter or of `meta.json` that cannot be changed without
    /// touching more.
    KeyNotEditable {
        /// The file.
        file: String,
        /// The line of the key, counted from 1.
        line: usize,
        /// The key.
        key: String,
        /// What stands in the way.
        what: String,
    },
    /// A mission's lock was not given up in time.
    LockTimeout {
        /// The mission's directory.
        mission: String,
        /// How long it was waited for.
        waited: String,
        /// Who holds it, where that is proven.
        holder: Option<LockHolder>,
    },
    /// Another process took events along to commit them with its own, and has not said what became
    /// of them.
    OutcomeUnknown {
        /// The mission's directory.
        mission: String,
        /// The ids that they have if they are there.
        event_ids: Vec<String>,
    },
    /// This very process holds the mission's lock already.
    LockReentered {
        /// The mission's directory.
        mission: String,
    },
    /// A ref that another process keeps locked.
    RefLocked {
        /// The ref.
        name: String,
        /// Its lock file, or what stands in for it.
        lock: String,
    },
    /// A ref cannot have this name while another one exists: one would be a file and a directory.
    RefNameConflict {
        /// The new ref.
        name: String,
        /// The one that is there.
        existing: String,
    },
    /// A ref that should hold a commit is a symbolic one.
    RefSymbolic {
        /// The ref.
        name: String,
    },
    /// Refs cannot move while pushed objects are in quarantine.
    Quarantined,
    /// An object cannot be stored: disk full, no permission.
    ObjectNotWritten {
        /// Where it belongs.
        path: String,
        /// What the system said.
        what: String,
    },
    /// The disk did not take what a move of a branch needs.
    RefNotWritten {
        /// The branch.
        branch: String,
        /// What the system said.
        what: String,
    },
    /// `commit.gpgSign` is set, and signing failed.
    SigningFailed {
        /// What git said.
        what: String,
    },
    /// Uncommitted work stands where a checkout of a moved branch would change.
    WorktreeDirty {
        /// The worktree.
        worktree: String,
        /// The files.
        paths: Vec<String>,
    },
    /// Something else stands where a worktree belongs.
    WorktreePathTaken {
        /// The path.
        path: String,
        /// What stands there.
        what: String,
    },
    /// A worktree has not its own branch checked out.
    WorktreeMismatch {
        /// What the worktree is for.
        role: WorktreeRole,
        /// The worktree.
        worktree: String,
        /// The branch that belongs there.
        expected: String,
        /// The ref that is checked out; `None` if HEAD is detached.
        found: Option<String>,
    },
    /// A worktree that is to go holds what Git does not have.
    WorktreeNotClean {
        /// What the worktree is for.
        role: WorktreeRole,
        /// The worktree.
        worktree: String,
        /// The files.
        paths: Vec<String>,
    },
    /// A worktree is locked (`git worktree lock`).
    WorktreeLocked {
        /// The worktree.
        worktree: String,
        /// Why; empty if nobody said.
        reason: String,
    },
    /// Git refused to make or remove a worktree.
    WorktreeNotMade {
        /// The worktree.
        worktree: String,
        /// What git said.
        what: String,
    },
    /// A branch is checked out in another place than its own.
    BranchCheckedOut {
        /// The branch.
        branch: String,
        /// The worktree that has it.
        worktree: String,
    },
    /// The mission is an older one, without a coordination branch.
    NoCoordinationBranch {
        /// The mission.
        mission: String,
    },
    /// The mission has no such lane.
    LaneNotFound {
        /// The lane.
        lane: String,
        /// The mission.
        mission: String,
    },
    /// No lane was named, and one stands in none.
    LaneRequired {
        /// The lanes there are.
        candidates: Vec<String>,
    },
    /// The lane of planning artefacts is worked on in the primary checkout.
    LaneOfPlanning {
        /// The target branch.
        target: String,
    },
    /// The lane has no branch yet.
    LaneNotOpen {
        /// The lane.
        lane: String,
        /// The branch it would have.
        branch: String,
    },
    /// A lane that is to be closed has commits that are nowhere else.
    LaneNotContained {
        /// The branch.
        branch: String,
        /// These commits, the newest first: short ids and subjects.
        commits: Vec<String>,
    },
    /// A lane that another depends on does not merge with the rest.
    DependencyConflict {
        /// The lane that was to be opened.
        lane: String,
        /// The lane that does not merge.
        dependency: String,
        /// The files.
        paths: Vec<String>,
    },
    /// The coordination branch cannot be brought into a lane.
    LaneSyncConflict {
        /// The lane.
        lane: String,
        /// The commit that could not be replayed; `None` if the branches were to be merged.
        commit: Option<String>,
        /// The files.
        paths: Vec<String>,
    },
    /// No delivery of the outbox has this id.
    DeliveryNotFound {
        /// The id.
        id: String,
    },
    /// `git kitty NAME` with a name that no program answers to.
    UnknownCommand {
        /// The name.
        name: String,
        /// The command that was probably meant.
        suggestion: Option<String>,
    },
}

/// What a worktree is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorktreeRole {
    /// To look at a mission's coordination branch.
    Coordination,
    /// To work in a lane.
    Lane,
}

impl Refusal {
    /// A damaged document, with the line where one is known.
    #[must_use]
    pub fn damaged(
        document: Document,
        file: &str,
        line: Option<usize>,
        what: impl Into<String>,
    ) -> Self {
        Self::Damaged { document, file: file.to_owned(), line, what: what.into() }
    }

    /// The stable code, explained in `docs/codes.md`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Damaged { document, .. } => document.code(),
            Self::FileUnreadable { .. } => "FILE_UNREADABLE",
            Self::PathOutside { .. } => "PATH_OUTSIDE",
            Self::NotARepository { .. } => "NOT_A_GIT_REPOSITORY",
            Self::UntrustedRepository { .. } => "UNTRUSTED_REPOSITORY",
            Self::EventConflict { .. } => "EVENT_PAYLOAD_CONFLICT",
            Self::SnapshotUnproven { .. } => "SNAPSHOT_UNPROVEN",
            Self::IdentityUnknown => "IDENTITY_UNKNOWN",
            Self::UnknownStatus { .. } => "STATUS_UNKNOWN",
            Self::IllegalTransition { .. } => "TRANSITION_ILLEGAL",
            Self::TransitionGuard { .. } => "TRANSITION_GUARD_UNMET",
            Self::ForceIncomplete => "TRANSITION_FORCE_INCOMPLETE",
            Self::TimeExhausted { .. } => "EVENT_TIME_EXHAUSTED",
            Self::DestinationShape { .. } => "DESTINATION_REF_INVALID_SHAPE",
            Self::DestinationNotLocal { .. } => "DESTINATION_REF_NOT_LOCAL",
            Self::DestinationMissing { .. } => "DESTINATION_REF_NOT_FOUND",
            Self::DestinationProtected { .. } => "PROTECTED_BRANCH_REFUSED",
            Self::DoubleEventId { .. } => "BOOKKEEPING_DOUBLE_EVENT_ID",
            Self::LogRegressed { .. } => "LOG_REGRESSED",
            Self::PublishRefused { .. } => "BOOKKEEPING_COMMIT_FAILED",
            Self::SeveralDestinations { .. } => "DESTINATION_NOT_ONE",
            Self::PublishLost { .. } => "REF_ADVANCE_FAILED",
            Self::NotPersisted { .. } => "STATUS_EVENT_PERSISTENCE_VERIFICATION_FAILED",
            Self::MissionOfBranchMissing { .. } => "MISSION_OF_BRANCH_MISSING",
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
            Self::BranchNameInvalid { .. } => "BRANCH_NAME_INVALID",
            Self::ScopeGlobInvalid { .. } => "SCOPE_GLOB_INVALID",
            Self::ScopeOnMissionBranch { .. } => "SCOPE_ON_MISSION_BRANCH",
            Self::GitTooOld { .. } => "GIT_VERSION_TOO_OLD",
            Self::HooksPathForeign { .. } => "HOOKS_PATH_FOREIGN",
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
            Self::ClaimUnfinished { .. } => "CLAIM_UNFINISHED",
            Self::MissionNotLanded { .. } => "MISSION_NOT_LANDED",
            Self::AdoptionNeedsCheckout { .. } => "ADOPTION_NEEDS_CHECKOUT",
            Self::MissionExists { .. } => "MISSION_EXISTS",
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
            Self::WorktreeLocked { .. } => "WORKTREE_LOCKED",
            Self::WorktreeNotMade { .. } => "WORKTREE_FAILED",
            Self::BranchCheckedOut { .. } => "BRANCH_CHECKED_OUT",
            Self::NoCoordinationBranch { .. } => "COORDINATION_BRANCH_NONE",
            Self::LaneNotFound { .. } => "LANE_NOT_FOUND",
            Self::LaneRequired { .. } => "LANE_REQUIRED",
            Self::LaneOfPlanning { .. } => "LANE_OF_PLANNING",
            Self::LaneNotOpen { .. } => "LANE_NOT_OPEN",
            Self::LaneNotContained { .. } => "LANE_NOT_CONTAINED",
            Self::DependencyConflict { .. } => "DEPENDENCY_LANE_MERGE_CONFLICT",
            Self::LaneSyncConflict { .. } => "LANE_AUTO_REBASE_FAILED",
            Self::DeliveryNotFound { .. } => "DELIVERY_NOT_FOUND",
            Self::UnknownCommand { .. } => "UNKNOWN_COMMAND",
        }
    }

    /// The exit status.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Damaged { .. }
            | Self::UnknownCommand { .. }
            | Self::FileUnreadable { .. }
            | Self::PathOutside { .. }
            | Self::UnknownStatus { .. }
            | Self::DestinationShape { .. }
            | Self::BranchNameInvalid { .. }
            | Self::SettingInvalid { .. }
            | Self::MissionNameInvalid { .. }
            | Self::MissionSlugInvalid { .. }
            | Self::TargetRequired
            | Self::ScopeGlobInvalid { .. } => Exit::Usage,
            Self::EventConflict { .. }
            | Self::SnapshotUnproven { .. }
            | Self::DependencyConflict { .. }
            | Self::PlanConflict { .. }
            | Self::LaneSyncConflict { .. } => Exit::Conflict,
            Self::PublishLost { .. } | Self::NotPersisted { .. } => Exit::Race,
            Self::MissionNotLanded { .. }
            | Self::AdoptionNeedsCheckout { .. }
            | Self::ClaimBlocked { .. }
            | Self::ClaimHeld { .. }
            | Self::ClaimUnfinished { .. }
            | Self::MissionExists { .. }
            | Self::TargetIsAMissions { .. }
            | Self::IllegalTransition { .. }
            | Self::TransitionGuard { .. }
            | Self::ForceIncomplete
            | Self::TimeExhausted { .. }
            | Self::DestinationNotLocal { .. }
            | Self::DestinationMissing { .. }
            | Self::DestinationProtected { .. }
            | Self::DoubleEventId { .. }
            | Self::LogRegressed { .. }
            | Self::SeveralDestinations { .. }
            | Self::PublishRefused { .. }
            | Self::MissionOfBranchMissing { .. }
            | Self::CoordinationBranchDeleted { .. }
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
            | Self::NoBranch
            | Self::RefNameConflict { .. }
            | Self::RefSymbolic { .. }
            | Self::Quarantined
            | Self::ObjectNotWritten { .. }
            | Self::RefNotWritten { .. }
            | Self::SigningFailed { .. }
            | Self::WorktreeDirty { .. }
            | Self::WorktreePathTaken { .. }
            | Self::WorktreeMismatch { .. }
            | Self::WorktreeNotClean { .. }
            | Self::WorktreeLocked { .. }
            | Self::WorktreeNotMade { .. }
            | Self::BranchCheckedOut { .. }
            | Self::NoCoordinationBranch { .. }
            | Self::LaneNotFound { .. }
            | Self::LaneRequired { .. }
            | Self::LaneOfPlanning { .. }
            | Self::LaneNotOpen { .. }
            | Self::LaneNotContained { .. }
            | Self::KeyNotEditable { .. }
            | Self::ScopeOnMissionBranch { .. } => Exit::Refused,
            Self::IdentityUnknown
            | Self::NotARepository { .. }
            | Self::UntrustedRepository { .. }
            | Self::GitTooOld { .. }
            | Self::HookBinaryMissing { .. } => Exit::NotSetUp,
            Self::HooksPathForeign { .. }
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

    /// What to do next, as a command where there is one.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Damaged { document: Document::Setup, file, .. } => {
                format!("use the version of git-kitty that wrote it, or remove `{file}` and run `git kitty install`")
            }
            Self::Damaged { document: Document::Policy, .. } => format!(
                "commit a `{}` that can be read, and nothing else with it: that commit passes",
                super::layout::POLICY
            ),
            Self::Damaged { file, .. } if file == STANDARD_INPUT => {
                "mend the input from that line on, and give it again".to_owned()
            }
            Self::Damaged { file, .. } => format!("mend `{file}`, or restore it from Git, and try again"),
            Self::FileUnreadable { .. } => "name a file that is there, or `-` for standard input".to_owned(),
            Self::PathOutside { .. } => {
                "name a path inside the work tree; paths count from where you are".to_owned()
            }
            Self::NotARepository { .. } => "go to a repository, or name one with `-C PATH`".to_owned(),
            Self::UntrustedRepository { path } => {
                format!("if you trust it: `git config --global --add safe.directory {path}`")
            }
            Self::EventConflict { contradictions } => {
                let seconds: Vec<_> = contradictions.iter().map(|c| c.second.as_str()).collect();
                let seconds = seconds.join(", ");
                format!("find out with `git log` which line is right, and take {seconds} out if it is not")
            }
            Self::SnapshotUnproven { path, .. } => {
                let log = path.replace("status.json", "status.events.jsonl");
                format!("merge `{log}` first, then `git kitty event reduce {log} > {path}`")
            }
            Self::IdentityUnknown => {
                "`git config user.name NAME` and `git config user.email ADDRESS`".to_owned()
            }
            Self::UnknownStatus { .. } => {
                format!("one of: {}", Status::ALL.map(Status::as_str).join(", "))
            }
            Self::IllegalTransition { from, .. } => {
                let legal = Status::ALL.into_iter().filter(|to| from.allows(*to));
                match legal.map(Status::as_str).collect::<Vec<_>>().as_slice() {
                    [] => format!("nothing but `--force --reason T` leads out of {from}"),
                    legal => format!("from {from} go to {}; or `--force --reason T`", legal.join(", ")),
                }
            }
            Self::TransitionGuard { missing, .. } => {
                let options = missing.iter().map(|missing| missing.option()).collect::<Vec<_>>();
                format!("give {}", options.join(" and "))
            }
            Self::ForceIncomplete => "give `--actor NAME` and `--reason T`".to_owned(),
            Self::DestinationShape { .. } | Self::DestinationNotLocal { .. } => {
                "give the short name of a local branch, as in `kitty/mission-x-01ABCDEF`".to_owned()
            }
            Self::DestinationMissing { name } => {
                format!("fetch it, or bring it back: `git branch {name} COMMIT`")
            }
            Self::DestinationProtected { .. } => {
                "open the work package's lane, whose branch takes it, or give the mission a coordination branch that is not protected (`mission adopt`)".to_owned()
            }
            Self::DoubleEventId { .. } => {
                "leave `event_id` out: each event gets an id of its own".to_owned()
            }
            Self::LogRegressed { regression } => regression.next_step(),
            Self::PublishRefused { .. } => {
                "nothing was changed: satisfy the hook, or have its owner let this branch pass, and \
                 try again"
                    .to_owned()
            }
            Self::SeveralDestinations { .. } => {
                "leave `--batch` out, so that each line is a commit of its own; or give the lines of \
                 each branch apart"
                    .to_owned()
            }
            Self::PublishLost { .. } => "try again".to_owned(),
            Self::NotPersisted { .. } => {
                "look at the branch with `git log -p`: another tool rewrote it meanwhile".to_owned()
            }
            Self::TimeExhausted { .. } => {
                "look at the event with that time: it cannot be right".to_owned()
            }
            Self::MissionOfBranchMissing { .. } => "plan the lane, or check out the branch that holds the \
                 mission's `kitty-specs/` in the primary checkout; rename this branch if it is no lane"
                .to_owned(),
            Self::CoordinationBranchDeleted { branch, .. } => {
                format!("bring it back: `git branch {branch} COMMIT` (`git reflog` knows the commit), or `git fetch`")
            }
            Self::MissionOnSeveralBranches { .. } => {
                "check out the right one in the primary checkout, or delete the others".to_owned()
            }
            Self::MissionNotFound { .. } => {
                "`git kitty mission list --all` shows those there are".to_owned()
            }
            Self::MissionAmbiguous { candidates, .. } | Self::MissionRequired { candidates }
                if candidates.is_empty() =>
            {
                "`git kitty mission list --all` shows those there are".to_owned()
            }
            Self::MissionAmbiguous { candidates, .. } | Self::MissionRequired { candidates } => {
                format!("name one of: {}", candidates.join(", "))
            }
            Self::WpNotFound { .. } => "`git kitty status` shows those there are".to_owned(),
            Self::DependencyCycle { .. } => {
                "take one of them out of the `dependencies` of the one before it".to_owned()
            }
            Self::LanesBegunApart { first, second, .. } => format!(
                "narrow the `owned_files` of {} or {}, or merge {} or {} first",
                first.0, second.0, first.1, second.1
            ),
            Self::PlanInvalid { .. } => "mend what is named, and finalize again: nothing has changed".to_owned(),
            Self::OwnsMissionFiles { .. } => format!(
                "take these globs out, or say `execution_mode: planning_artifact` if it plans: lanes \
                 never change `{}/`",
                super::layout::MISSIONS
            ),
            Self::PlanConflict { mission, .. } => format!(
                "nothing has changed: bring in what the branch has (`git show \
                 {MISSION_PREFIX}{mission}:PATH`), and finalize again"
            ),
            Self::PlanElsewhere { mission } => format!("`git kitty mission adopt {mission}`"),
            Self::PolicyRefMissing { .. } => {
                "`git config --unset kitty.policyRef`, or fetch the ref that it names".to_owned()
            }
            Self::NoBranch => "switch to a branch, or name one with `--branch B`".to_owned(),
            Self::BranchNameInvalid { .. } => "give the short name of a branch, as in `main`".to_owned(),
            Self::ScopeGlobInvalid { .. } => {
                "give a glob such as 'src/pay/**', quoted for the shell".to_owned()
            }
            Self::ScopeOnMissionBranch { .. } => {
                "`owned_files` of the mission's work packages say what it may touch".to_owned()
            }
            Self::GitTooOld { .. } => "install git 2.38 or later".to_owned(),
            Self::HooksPathForeign { scope, .. } if scope == "command" => {
                "run it again without `-c core.hooksPath` and `GIT_CONFIG_COUNT`".to_owned()
            }
            Self::HooksPathForeign { own, .. } => {
                format!("install git 2.54 or later, or let this repository use its own hooks: `git config --local core.hooksPath {}`", quoted(own))
            }
            Self::HookTracked { .. } => {
                "install git 2.54 or later, or use a hooks directory outside version control: `git config --local --unset core.hooksPath`".to_owned()
            }
            Self::HookReplaced { path, chained } => {
                format!("keep one of the two, then try again: `mv {0} {1}` keeps the new one, `rm {0}` the old one", quoted(path), quoted(chained))
            }
            Self::HookPlaceTaken { path, .. } => format!("move `{path}` away and try again"),
            Self::HookBinaryMissing { name } => {
                format!("put `{name}` beside `git-kitty`, or into a directory on PATH")
            }
            Self::FileLocked { lock } => {
                format!("try again; if no other process is at work, remove `{lock}`")
            }
            Self::SettingInvalid { key, expected, .. } => {
                format!("set it to {expected}: `git config {key} VALUE`")
            }
            Self::MissionNameInvalid { .. } => {
                "`git kitty mission list` shows those there are".to_owned()
            }
            Self::MissionSlugInvalid { proposal: Some(slug), .. } => {
                format!("`git kitty mission create {slug}`")
            }
            Self::MissionSlugInvalid { proposal: None, .. } => {
                "choose one or a few words, as in `git kitty mission create user-login`".to_owned()
            }
            Self::ClaimBlocked { .. } => {
                "`git kitty ready` shows what can start now".to_owned()
            }
            Self::ClaimHeld { wp_id, .. } => format!(
                "`git kitty ready` shows what is free; if nobody works on it any more: `git kitty wp \
                 claim {wp_id} --takeover --reason …`"
            ),
            Self::ClaimUnfinished { wp_id, hint, .. } => {
                let again = format!("`git kitty wp claim {wp_id}` again does the rest");
                hint.as_ref().map_or_else(|| again.clone(), |hint| format!("{hint}; then {again}"))
            }
            Self::MissionNotLanded { mission, .. } => format!(
                "merge it first; `git kitty mission close {mission} --discard` gives it up, \
                 `--keep-branches` removes its worktrees only"
            ),
            Self::AdoptionNeedsCheckout { mission, target } => format!(
                "`git switch {target}` in the primary checkout, then `git kitty mission adopt {mission}`"
            ),
            Self::MissionExists { slug, .. } => {
                format!("choose another name, e.g. `{slug}-2`; `git kitty mission list --all` shows all")
            }
            Self::TargetRequired => {
                "name the branch to land on: `git kitty mission create … --target main`".to_owned()
            }
            Self::TargetIsAMissions { .. } => {
                "name the branch to land on with `--target`, e.g. `--target main`".to_owned()
            }
            Self::KeyNotEditable { key, .. } => {
                format!("write `{key}` once, with a single plain value, and try again")
            }
            Self::LockTimeout { .. } => {
                "try again; `git config kitty.lockTimeout 2m` waits longer".to_owned()
            }
            Self::OutcomeUnknown { mission, .. } => {
                format!("look whether they are there, and only then try again: `git kitty log {mission} -n 20`")
            }
            Self::LockReentered { .. } => {
                "finish the first write before the next one begins".to_owned()
            }
            Self::RefLocked { lock, .. } => {
                format!("try again; if no other process is at work, remove `{lock}`")
            }
            Self::RefNameConflict { existing, .. } => {
                format!("choose another name, or delete or rename `{existing}`")
            }
            Self::RefSymbolic { name } => {
                format!("let it hold a commit again: `git symbolic-ref --delete {name}`, then create the branch")
            }
            Self::Quarantined => "run it outside of a `pre-receive` hook".to_owned(),
            Self::ObjectNotWritten { .. } => {
                "make room or give permission, and try again: nothing has changed".to_owned()
            }
            Self::RefNotWritten { .. } => {
                "make room or give permission, and try again".to_owned()
            }
            Self::SigningFailed { .. } => {
                "mend `user.signingKey`, or sign no commits here: `git config commit.gpgSign false`".to_owned()
            }
            Self::WorktreeDirty { worktree, .. } => {
                format!("commit or move away what stands there: `git -C {} status`", quoted(worktree))
            }
            Self::WorktreePathTaken { path, .. } => {
                format!("look what it is, and move it away: `mv {0} {0}.old`", quoted(path))
            }
            Self::WorktreeMismatch { worktree, expected, .. } => {
                format!("commit what is there, then `git -C {} switch {expected}`", quoted(worktree))
            }
            Self::WorktreeNotClean { worktree, .. } => {
                format!("commit it or take it away: `git -C {} status`", quoted(worktree))
            }
            Self::WorktreeLocked { worktree, .. } => {
                format!("if nobody needs that any more: `git worktree unlock {}`", quoted(worktree))
            }
            Self::WorktreeNotMade { .. } => "mend what git names, and try again".to_owned(),
            Self::BranchCheckedOut { worktree, .. } => {
                format!("check out another branch there: `git -C {} switch --detach`", quoted(worktree))
            }
            Self::NoCoordinationBranch { .. } => {
                "`git kitty mission adopt` gives the mission one".to_owned()
            }
            Self::LaneNotFound { .. } => "`git kitty lane list` shows those there are".to_owned(),
            Self::LaneRequired { .. } => "name one, or stand in its worktree".to_owned(),
            Self::LaneOfPlanning { target } => {
                format!("work in the primary checkout, on `{target}`")
            }
            Self::LaneNotOpen { lane, .. } => format!("`git kitty lane open {lane}`"),
            Self::LaneNotContained { branch, .. } => {
                format!("merge the lane first; to give the commits up: `git branch -D {branch}`")
            }
            Self::DependencyConflict { dependency, .. } => {
                format!("merge {dependency} into the coordination branch first, and mend the conflict there")
            }
            Self::LaneSyncConflict { .. } => {
                "nothing was changed: merge the coordination branch in the lane's worktree by hand, \
                 commit, and try again"
                    .to_owned()
            }
            Self::DeliveryNotFound { .. } => "`git kitty outbox` shows those there are".to_owned(),
            Self::UnknownCommand { suggestion: Some(name), .. } => {
                format!("did you mean `git kitty {name}`?")
            }
            Self::UnknownCommand { suggestion: None, .. } => {
                "`git kitty help` lists the commands".to_owned()
            }
        }
    }
}

/// What a refusal is about, in the words of `cli.md`; only what applies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// The branch that a change was for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination_ref: Option<String>,
    /// The directory of the mission.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mission_slug: Option<String>,
    /// The work package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wp_id: Option<String>,
    /// The lane.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lane_id: Option<String>,
    /// The files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// The line in the first of `paths`, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The missions that could be meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<String>,
    /// The events.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub event_ids: Vec<String>,
    /// What stands in the work package's way, by kind, as `status` has it.
    #[serde(flatten)]
    pub blockers: Object,
}

impl Refusal {
    /// What the refusal is about.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        match self {
            Self::Damaged { file, line, .. } => {
                facts.paths = vec![file.clone()];
                facts.line = *line;
            }
            Self::EventConflict { contradictions } => {
                let places = contradictions.iter().flat_map(|c| [&c.first, &c.second]);
                facts.paths = places.cloned().collect();
                facts.event_ids = contradictions.iter().map(|c| c.event_id.clone()).collect();
            }
            Self::MissionOfBranchMissing { branch, mission, lane } => {
                facts.destination_ref = Some(branch.clone());
                facts.mission_slug = Some(mission.clone());
                facts.lane_id = Some(lane.clone());
            }
            Self::CoordinationBranchDeleted { branch, mission } => {
                facts.destination_ref = Some(branch.clone());
                facts.mission_slug = Some(mission.clone());
            }
            Self::MissionOnSeveralBranches { mission, branches } => {
                facts.mission_slug = Some(mission.clone());
                facts.candidates.clone_from(branches);
            }
            Self::MissionAmbiguous { candidates, .. } | Self::MissionRequired { candidates } => {
                facts.candidates.clone_from(candidates);
            }
            Self::WpNotFound { wp_id, mission } => {
                facts.wp_id = Some(wp_id.clone());
                facts.mission_slug = Some(mission.clone());
            }
            Self::DependencyCycle { wp_ids } => facts.wp_id = wp_ids.first().cloned(),
            Self::LanesBegunApart { first, .. } => {
                facts.wp_id = Some(first.0.clone());
                facts.lane_id = Some(first.1.clone());
            }
            Self::PlanInvalid { faults } | Self::OwnsMissionFiles { faults } => {
                facts.paths = faults.iter().map(|fault| fault.file.clone()).collect();
                facts.paths.dedup();
                facts.line = faults.first().and_then(|fault| fault.line);
            }
            Self::PlanConflict { mission, paths, .. } => {
                facts.mission_slug = Some(mission.clone());
                facts.paths.clone_from(paths);
            }
            Self::PlanElsewhere { mission } => facts.mission_slug = Some(mission.clone()),
            Self::PolicyRefMissing { name }
            | Self::DestinationShape { name }
            | Self::DestinationNotLocal { name }
            | Self::DestinationMissing { name }
            | Self::DestinationProtected { name }
            | Self::RefNotWritten { branch: name, .. } => {
                facts.destination_ref = Some(name.clone());
            }
            Self::SeveralDestinations { branch, wp_id, .. } => {
                facts.destination_ref = Some(branch.clone());
                facts.wp_id = Some(wp_id.clone());
            }
            Self::PublishRefused { branch, .. }
            | Self::PublishLost { branch }
            | Self::NotPersisted { branch, .. } => facts.destination_ref = Some(branch.clone()),
            Self::LogRegressed { regression } => {
                facts.mission_slug = Some(regression.mission.clone());
                facts.paths = vec![regression.file.clone()];
                facts.line = regression.line;
                facts.event_ids = regression.event_id.iter().cloned().collect();
            }
            Self::ScopeOnMissionBranch { branch } => facts.destination_ref = Some(branch.clone()),
            Self::FileUnreadable { file: path, .. }
            | Self::PathOutside { path }
            | Self::SnapshotUnproven { path, .. }
            | Self::NotARepository { start: path }
            | Self::UntrustedRepository { path }
            | Self::HookTracked { path }
            | Self::HookReplaced { path, .. }
            | Self::HookPlaceTaken { path, .. }
            | Self::ObjectNotWritten { path, .. }
            | Self::FileLocked { lock: path } => facts.paths = vec![path.clone()],
            Self::LockTimeout { mission, .. } | Self::LockReentered { mission } => {
                facts.mission_slug = Some(mission.clone());
            }
            Self::OutcomeUnknown { mission, event_ids } => {
                facts.mission_slug = Some(mission.clone());
                facts.event_ids.clone_from(event_ids);
            }
            Self::RefLocked { name, .. }
            | Self::RefNameConflict { name, .. }
            | Self::RefSymbolic { name } => facts.destination_ref = Some(name.clone()),
            Self::WorktreeDirty { paths, .. } | Self::WorktreeNotClean { paths, .. } => {
                facts.paths.clone_from(paths);
            }
            Self::WorktreePathTaken { path, .. }
            | Self::WorktreeLocked { worktree: path, .. }
            | Self::WorktreeNotMade { worktree: path, .. } => facts.paths = vec![path.clone()],
            Self::WorktreeMismatch { worktree, expected, .. } => {
                facts.paths = vec![worktree.clone()];
                facts.destination_ref = Some(expected.clone());
            }
            Self::BranchCheckedOut { branch, worktree } => {
                facts.paths = vec![worktree.clone()];
                facts.destination_ref = Some(branch.clone());
            }
            Self::NoCoordinationBranch { mission } => facts.mission_slug = Some(mission.clone()),
            Self::LaneNotFound { lane, mission } => {
                facts.lane_id = Some(lane.clone());
                facts.mission_slug = Some(mission.clone());
            }
            Self::LaneRequired { candidates } => facts.candidates.clone_from(candidates),
            Self::LaneOfPlanning { target } => facts.destination_ref = Some(target.clone()),
            Self::LaneNotOpen { lane, branch } => {
                facts.lane_id = Some(lane.clone());
                facts.destination_ref = Some(branch.clone());
            }
            Self::LaneNotContained { branch, .. } => facts.destination_ref = Some(branch.clone()),
            Self::DependencyConflict { lane, paths, .. }
            | Self::LaneSyncConflict { lane, paths, .. } => {
                facts.lane_id = Some(lane.clone());
                facts.paths.clone_from(paths);
            }
            Self::KeyNotEditable { file, line, .. } => {
                facts.paths = vec![file.clone()];
                facts.line = Some(*line);
            }
            Self::MissionSlugInvalid { proposal, .. } => {
                facts.candidates = proposal.iter().map(ToString::to_string).collect();
            }
            Self::ClaimBlocked { wp_id, blockers } => {
                facts.wp_id = Some(wp_id.clone());
                facts.blockers = blockers.to_json();
            }
            Self::ClaimHeld { wp_id, .. } | Self::ClaimUnfinished { wp_id, .. } => {
                facts.wp_id = Some(wp_id.clone());
            }
            Self::MissionNotLanded { mission, target, .. } => {
                facts.mission_slug = Some(mission.clone());
                facts.destination_ref = Some(target.clone());
            }
            Self::AdoptionNeedsCheckout { mission, target } => {
                facts.mission_slug = Some(mission.clone());
                facts.destination_ref = Some(target.clone());
            }
            Self::MissionExists { missions, .. } => {
                facts.candidates = missions.iter().map(|(dir, _)| dir.clone()).collect();
            }
            Self::IdentityUnknown
            | Self::TargetRequired
            | Self::TargetIsAMissions { .. }
            | Self::UnknownStatus { .. }
            | Self::IllegalTransition { .. }
            | Self::TransitionGuard { .. }
            | Self::ForceIncomplete
            | Self::TimeExhausted { .. }
            | Self::DoubleEventId { .. }
            | Self::MissionNotFound { .. }
            | Self::NoBranch
            | Self::BranchNameInvalid { .. }
            | Self::ScopeGlobInvalid { .. }
            | Self::GitTooOld { .. }
            | Self::HooksPathForeign { .. }
            | Self::HookBinaryMissing { .. }
            | Self::SettingInvalid { .. }
            | Self::MissionNameInvalid { .. }
            | Self::Quarantined
            | Self::SigningFailed { .. }
            | Self::DeliveryNotFound { .. }
            | Self::UnknownCommand { .. } => {}
        }
        facts
    }
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged { file, line: Some(line), what, .. } => {
                write!(f, "{file}:{line}: {what}")
            }
            Self::Damaged { file, line: None, what, .. } => write!(f, "{file}: {what}"),
            Self::FileUnreadable { file, what } => write!(f, "could not read `{file}`: {what}"),
            Self::PathOutside { path } => write!(f, "`{path}` is not inside the work tree"),
            Self::NotARepository { start } => write!(f, "`{start}` is in no Git repository"),
            Self::UntrustedRepository { path } => {
                write!(f, "the repository at `{path}` belongs to another user")
            }
            Self::EventConflict { contradictions } => {
                let each: Vec<_> = contradictions.iter().map(ToString::to_string).collect();
                f.write_str(&each.join("; "))
            }
            Self::SnapshotUnproven { path, what } => {
                write!(f, "`{path}` cannot be made anew: {what}")
            }
            Self::IdentityUnknown => write!(f, "git knows nobody to commit as"),
            Self::UnknownStatus { status } => write!(f, "Unknown lane: {status}"),
            Self::IllegalTransition { from, to } => write!(f, "Illegal transition: {from} -> {to}"),
            Self::TransitionGuard { message, .. } => f.write_str(message),
            Self::ForceIncomplete => write!(f, "Force transitions require actor and reason"),
            Self::DestinationShape { name } => write!(f, "`{name}` is no short name of a branch"),
            Self::DestinationNotLocal { name } => write!(f, "`{name}` is no local branch"),
            Self::DestinationMissing { name } => write!(f, "there is no branch `{name}`"),
            Self::DestinationProtected { name } => {
                write!(f, "`{name}` is a protected branch, which takes no bookkeeping")
            }
            Self::DoubleEventId { event_id } => {
                write!(f, "the log has an event `{event_id}` already")
            }
            Self::LogRegressed { regression } => regression.fmt(f),
            Self::PublishRefused { branch, transition, message } => {
                write!(f, "a hook refused `{transition}` on `{branch}`: {message}")
            }
            Self::SeveralDestinations { branch, wp_id, other } => write!(
                f,
                "one commit cannot go to two branches: `{branch}`, and `{other}` where {wp_id} belongs"
            ),
            Self::PublishLost { branch } => write!(f, "others kept moving `{branch}`"),
            Self::NotPersisted { branch, event_id } => {
                write!(f, "the event `{event_id}` was published, and `{branch}` does not hold it")
            }
            Self::TimeExhausted { at } => write!(f, "no time follows `{at}`, which the log holds"),
            Self::MissionOfBranchMissing { branch, mission, lane } => {
                write!(
                    f,
                    "`{branch}` is named as a lane, but no mission `{mission}` with a `{lane}` in its \
                     `lanes.json` is to be found"
                )
            }
            Self::CoordinationBranchDeleted { branch, mission } => {
                write!(f, "the coordination branch `{branch}` of mission `{mission}` is gone")
            }
            Self::MissionOnSeveralBranches { mission, branches } => {
                let branches = branches.join("`, `");
                write!(f, "mission `{mission}` is planned on several branches: `{branches}`")
            }
            Self::MissionNotFound { handle } => write!(f, "no mission is called `{handle}`"),
            Self::MissionAmbiguous { handle, .. } => {
                write!(f, "several missions are called `{handle}`")
            }
            Self::MissionRequired { candidates } if candidates.is_empty() => {
                write!(f, "there is no open mission")
            }
            Self::MissionRequired { .. } => write!(f, "several missions could be meant"),
            Self::WpNotFound { wp_id, mission } => {
                write!(f, "mission `{mission}` has no work package `{wp_id}`")
            }
            Self::DependencyCycle { wp_ids } => {
                let circle = wp_ids.iter().chain(wp_ids.first());
                let circle: Vec<&str> = circle.map(String::as_str).collect();
                write!(f, "work packages depend on each other: {}", circle.join(" -> "))
            }
            Self::LanesBegunApart { first, second, why } => write!(
                f,
                "{} and {} would have to share a lane, and work has begun in {} and {}: {why}",
                first.0, second.0, first.1, second.1
            ),
            Self::PlanInvalid { faults } | Self::OwnsMissionFiles { faults } => {
                let each: Vec<String> = faults.iter().map(ToString::to_string).collect();
                match each.as_slice() {
                    [only] => f.write_str(only),
                    all => write!(f, "the plan has {} faults: {}", all.len(), all.join("; ")),
                }
            }
            Self::PlanConflict { paths, place, .. } => {
                let names = paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>();
                let names = names.join(", ");
                write!(f, "changed in `{place}` and on the coordination branch: {names}")
            }
            Self::PlanElsewhere { mission } => {
                write!(f, "the plan of mission `{mission}` is on no coordination branch")
            }
            Self::PolicyRefMissing { name } => {
                write!(f, "`kitty.policyRef` names `{name}`, which holds no policy")
            }
            Self::NoBranch => write!(f, "HEAD is detached: no branch is checked out"),
            Self::BranchNameInvalid { name } => write!(f, "`{name}` is no name of a branch"),
            Self::ScopeGlobInvalid { glob, what } => {
                write!(f, "the glob `{glob}` cannot be used: {what}")
            }
            Self::ScopeOnMissionBranch { branch } => {
                write!(f, "`{branch}` belongs to a mission, and so has no scope of its own")
            }
            Self::GitTooOld { found } => write!(f, "`{found}` is too old"),
            Self::HooksPathForeign { scope, value, .. } => {
                write!(
                    f,
                    "`core.hooksPath` is set to `{value}` in the {scope} configuration, which is not this repository's"
                )
            }
            Self::HookTracked { path } => {
                write!(
                    f,
                    "the hook `{path}` is under version control, and replacing it would change the work tree"
                )
            }
            Self::HookReplaced { path, chained } => {
                write!(
                    f,
                    "another tool wrote the hook `{path}`, and the hook from before is still in `{chained}`"
                )
            }
            Self::HookPlaceTaken { path, what } => {
                write!(f, "`{path}` is {what}: no hook can be put there")
            }
            Self::HookBinaryMissing { name } => {
                write!(f, "the hook program `{name}` was not found")
            }
            Self::FileLocked { lock } => write!(f, "another process holds the lock `{lock}`"),
            Self::SettingInvalid { key, value, .. } => {
                write!(f, "the setting `{key}` cannot be `{value}`")
            }
            Self::MissionNameInvalid { name } => {
                write!(f, "`{}` cannot be the name of a mission", name.escape_debug())
            }
            Self::MissionSlugInvalid { slug, fault, .. } => {
                write!(f, "`{}` cannot be the name of a new mission: {fault}", slug.escape_debug())
            }
            Self::ClaimBlocked { wp_id, blockers } => {
                write!(f, "{wp_id} cannot be started: {}", blockers.reasons().join("; "))
            }
            Self::ClaimHeld { wp_id, actor, since } => {
                write!(f, "{wp_id} is {actor}'s since {since}")
            }
            Self::ClaimUnfinished { wp_id, what, .. } => {
                write!(f, "{wp_id} is claimed, but its worktree is not ready: {what}")
            }
            Self::MissionNotLanded { mission, target, branches } => {
                let each = branches.iter().map(|(branch, count)| format!("`{branch}` ({count})"));
                let all = each.collect::<Vec<_>>().join(", ");
                write!(f, "`{target}` does not have all commits of mission `{mission}`: {all}")
            }
            Self::AdoptionNeedsCheckout { mission, .. } => {
                write!(f, "the files of mission `{mission}` are not in the primary checkout")
            }
            Self::MissionExists { slug, missions } => {
                let each = missions.iter().map(|(dir, why)| format!("`{dir}` ({why})"));
                let all = each.collect::<Vec<_>>().join(", ");
                write!(f, "there is a mission called `{slug}` already: {all}")
            }
            Self::TargetRequired => f.write_str("no branch is checked out to land on"),
            Self::TargetIsAMissions { branch } => {
                write!(f, "`{branch}` is a branch of a mission, so that no other can land on it")
            }
            Self::KeyNotEditable { file, line, key, what } => {
                write!(f, "{file}:{line}: `{key}` cannot be changed on its own: {what}")
            }
            Self::LockTimeout { mission, waited, holder: Some(holder) } => {
                write!(f, "the mission `{mission}` was still locked after {waited}, by {holder}")
            }
            Self::LockTimeout { mission, waited, holder: None } => {
                write!(
                    f,
                    "the mission `{mission}` was still locked after {waited} by another process"
                )
            }
            Self::OutcomeUnknown { mission, event_ids } => write!(
                f,
                "another process took along what was to be written to `{mission}` ({}), and has not \
                 said what became of it",
                event_ids.join(", ")
            ),
            Self::LockReentered { mission } => {
                write!(f, "this process holds the lock of the mission `{mission}` already")
            }
            Self::RefLocked { name, .. } => write!(f, "another process keeps `{name}` locked"),
            Self::RefNameConflict { name, existing } => {
                write!(f, "`{name}` cannot be created, because `{existing}` exists")
            }
            Self::RefSymbolic { name } => {
                write!(f, "`{name}` is a symbolic ref, and would move another one")
            }
            Self::Quarantined => {
                write!(f, "no ref can move while pushed objects are in quarantine")
            }
            Self::RefNotWritten { branch, what } => {
                write!(f, "could not move `{branch}`: {what}")
            }
            Self::ObjectNotWritten { path, what } => {
                write!(f, "could not store an object in `{path}`: {what}")
            }
            Self::SigningFailed { what } => write!(f, "the commit could not be signed: {what}"),
            Self::WorktreeDirty { worktree, paths } => {
                let names = paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>();
                write!(
                    f,
                    "uncommitted changes in `{worktree}` stand in the way: {}",
                    names.join(", ")
                )
            }
            Self::WorktreePathTaken { path, what } => {
                write!(f, "no worktree can be at `{path}`: there is {what}")
            }
            Self::WorktreeMismatch { worktree, expected, found: Some(found), .. } => {
                write!(f, "the worktree `{worktree}` has `{found}` checked out, not `{expected}`")
            }
            Self::WorktreeMismatch { worktree, expected, found: None, .. } => {
                write!(f, "HEAD is detached in the worktree `{worktree}`, not on `{expected}`")
            }
            Self::WorktreeNotClean { worktree, paths, .. } => {
                let paths = paths.join("`, `");
                write!(f, "the worktree `{worktree}` holds work that is not committed: `{paths}`")
            }
            Self::WorktreeLocked { worktree, reason } if reason.is_empty() => {
                write!(f, "the worktree `{worktree}` is locked")
            }
            Self::WorktreeLocked { worktree, reason } => {
                write!(f, "the worktree `{worktree}` is locked: {reason}")
            }
            Self::WorktreeNotMade { worktree, what } => {
                write!(f, "git refused the worktree `{worktree}`: {what}")
            }
            Self::BranchCheckedOut { branch, worktree } => {
                write!(f, "`{branch}` is checked out in `{worktree}`")
            }
            Self::NoCoordinationBranch { mission } => {
                write!(f, "mission `{mission}` has no coordination branch")
            }
            Self::LaneNotFound { lane, mission } => {
                write!(f, "mission `{mission}` has no `{lane}`")
            }
            Self::LaneRequired { .. } => write!(f, "several lanes could be meant"),
            Self::LaneOfPlanning { target } => {
                write!(
                    f,
                    "the planning lane has no worktree: it is the primary checkout, on `{target}`"
                )
            }
            Self::LaneNotOpen { lane, branch } => {
                write!(f, "{lane} is not open: there is no branch `{branch}`")
            }
            Self::LaneNotContained { branch, commits } => write!(
                f,
                "`{branch}` has commits that neither coordination nor target branch has: {}",
                commits.join("; ")
            ),
            Self::DependencyConflict { lane, dependency, paths } => write!(
                f,
                "{lane} depends on {dependency}, which cannot be merged into it: `{}`",
                paths.join("`, `")
            ),
            Self::LaneSyncConflict { lane, commit: Some(commit), paths } => write!(
                f,
                "{lane} cannot be brought up to the coordination branch: `{commit}` conflicts with \
                 it in `{}`",
                paths.join("`, `")
            ),
            Self::LaneSyncConflict { lane, commit: None, paths } => write!(
                f,
                "the coordination branch cannot be merged into {lane}: `{}`",
                paths.join("`, `")
            ),
            Self::DeliveryNotFound { id } => {
                write!(f, "no delivery of the outbox is called `{id}`")
            }
            Self::UnknownCommand { name, .. } => write!(f, "`git kitty {name}` is not a command"),
        }
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { event_id, first, second } = self;
        write!(f, "{first} and {second} are different events with the same id `{event_id}`")
    }
}

impl std::error::Error for Refusal {}

/// Something worth telling that stops nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The stable code, explained in `docs/codes.md`.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
}

/// Codes of warnings about what comes after the local commit.
pub mod outbound {
    /// A sink ended with another status than 0.
    pub const SINK_FAILED: &str = "SINK_FAILED";
    /// A sink did not end in time, and was ended.
    pub const SINK_TIMED_OUT: &str = "SINK_TIMED_OUT";
    /// Deliveries wait for a sink that the configuration does not name any more.
    pub const SINK_UNKNOWN: &str = "SINK_UNKNOWN";
    /// The outbox cannot be read or written.
    pub const OUTBOX_UNUSABLE: &str = "OUTBOX_UNUSABLE";
}

impl Warning {
    /// In which part of a command it came up: `local`, or `outbound` after the local commit.
    #[must_use]
    pub fn phase(&self) -> &'static str {
        use outbound::{OUTBOX_UNUSABLE, SINK_FAILED, SINK_TIMED_OUT, SINK_UNKNOWN};
        let outbound = [SINK_FAILED, SINK_TIMED_OUT, SINK_UNKNOWN, OUTBOX_UNUSABLE];
        if outbound.contains(&self.code) { "outbound" } else { "local" }
    }
}
