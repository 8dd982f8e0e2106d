//! Everything we expect to say no to: one enum; its code, exit status, sentence, next
//! step and facts are a file each.
//!
//! What is not in here is a bug or a broken machine, and travels as `anyhow::Error`. Codes that the
//! reference has keep its names (`formats.md` sections 4, 5 and 8). `docs/codes.md` explains each,
//! and a test compares the two.

mod code;
mod commit;
mod exit;
mod facts;
mod hint;
mod merge;
mod parts;
mod review;
mod sentence;
mod warning;

use super::board::Blockers;
use super::event::Regression;
use super::overriding::SpanFault;
use super::plan::Fault;
use super::slug::{MissionSlug, SlugFault};
use super::status::Status;
use super::transition::Missing;

pub use commit::CommitRefusal;
pub use exit::Exit;
pub use facts::Facts;
pub use hint::{quoted, taking_over};
pub use merge::MergeRefusal;
pub use parts::{
    ByHand, Contradiction, Document, LockHolder, Return, STANDARD_INPUT, UnderWay, WorktreeRole,
};
pub use review::ReviewRefusal;
pub use warning::{Warning, outbound};

/// An expected "no".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A commit of some paths.
    Commit(Box<CommitRefusal>),
    /// Of merging, landing, or taking that back.
    Merge(Box<MergeRefusal>),
    /// One of `git kitty review`.
    Review(Box<ReviewRefusal>),
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
    /// `core.worktree` names a directory that is not there.
    WorkTreeMissing {
        /// The directory.
        path: String,
        /// The settings of the repository.
        config: String,
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
    /// The answer cannot be written, e.g. because a disk is full.
    OutputUnwritten {
        /// Why not.
        what: String,
    },
    /// A work package that is somewhere where nobody can claim it.
    NotClaimable {
        /// The mission.
        mission: String,
        /// The work package.
        wp_id: String,
        /// Where it is.
        from: Status,
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
    /// A branch that is written to is only on the remote, as in a fresh clone.
    DestinationRemote {
        /// The branch.
        name: String,
    },
    /// A destination that is no branch here.
    DestinationMissing {
        /// The name.
        name: String,
    },
    /// A destination that is checked out, and has no commit yet.
    DestinationUnborn {
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
        /// Its last commit that was seen here.
        tip: Option<String>,
    },
    /// A mission that is closed takes nothing any more.
    MissionClosed {
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
    /// Planning files changed in two places, in ways that do not fit together.
    PlanConflict {
        /// The mission's directory.
        mission: String,
        /// The files.
        paths: Vec<String>,
        /// Where they changed.
        place: String,
        /// The checkouts where they changed as well; empty is on the branch.
        others: Vec<String>,
    },
    /// A directory to take planning files from that has none, or much else.
    NoPlanningDirectory {
        /// The directory.
        directory: String,
        /// What it is instead.
        what: &'static str,
    },
    /// A mission whose plan is not on a coordination branch.
    PlanElsewhere {
        /// The mission's directory.
        mission: String,
        /// The branch that has it, if the mission has a coordination branch beside it.
        target: Option<String>,
    },
    /// `kitty.policyRef` names a ref that holds no policy.
    PolicyRefMissing {
        /// The ref.
        name: String,
    },
    /// A file in a Git directory that a tool would edit.
    EditInGitDirectory {
        /// The file.
        path: String,
    },
    /// HEAD is detached, and the command needs a branch.
    NoBranch,
    /// A text that names no commit.
    RangeCommitMissing {
        /// The text.
        name: String,
    },
    /// Two commits of which a range shall be made come from no common one.
    RangeUnrelated {
        /// Both, as they were named.
        ends: [String; 2],
    },
    /// Which branch the commits of a range are for, nothing tells.
    RangeBranchUnknown {
        /// The commit that the range ends with.
        tip: String,
        /// The branches that all have it as their tip.
        branches: Vec<String>,
    },
    /// The history ends where a clone cut it off.
    ShallowRepository,
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
    /// An override was asked for without saying why.
    OverrideReasonMissing,
    /// An override was asked for, for a time that cannot be.
    OverrideSpanInvalid {
        /// The text.
        text: String,
        /// What is wrong with it.
        fault: SpanFault,
    },
    /// An override was asked for a branch that is neither here nor on a remote.
    OverrideBranchMissing {
        /// The branch.
        branch: String,
    },
    /// An override was asked for a branch on which nothing is refused.
    OverrideNotNeeded {
        /// The branch.
        branch: String,
    },
    /// The policy of the branch allows no override.
    OverrideDenied {
        /// The branch.
        branch: String,
    },
    /// No override that was to be revoked is in force.
    OverrideNotFound {
        /// Its id or its branch, as one would name it.
        which: String,
    },
    /// The `git` on PATH is older than what we support.
    GitTooOld {
        /// What `git version` said.
        found: String,
    },
    /// The `git` on PATH does not know how the repository is kept.
    ExtensionUnknown {
        /// The extensions that it does not know, in small letters.
        extensions: Vec<String>,
    },
    /// The hook of a server was asked for where people work.
    ServerNotBare {
        /// The main worktree.
        path: String,
    },
    /// The hook that was there before ours cannot be started.
    HookChainedBroken {
        /// Where it was put.
        path: String,
        /// Why.
        why: String,
    },
    /// A move or a hook that `git kitty doctor --canary` asked for, to see whether hooks run.
    CanaryRefused {
        /// The ref, or the hook.
        what: String,
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
    /// A branch to land on that has no commit yet.
    TargetUnborn {
        /// The branch.
        name: String,
    },
    /// A branch to land on that is not there.
    TargetMissing {
        /// The name.
        name: String,
        /// The remote-tracking branch that it could be made of.
        remote: Option<String>,
    },
    /// Something to land on that is no local branch: HEAD, a remote-tracking branch, a tag.
    TargetNotLocal {
        /// Its name.
        name: String,
        /// The local branch that is probably meant.
        branch: Option<String>,
    },
    /// A branch of a mission is no target for another.
    TargetIsAMissions {
        /// The branch.
        branch: String,
    },
    /// A work package cannot be started.
    ClaimBlocked {
        /// Of which mission.
        mission: String,
        /// Which.
        wp_id: String,
        /// What stands in its way.
        blockers: Box<Blockers>,
    },
    /// A work package is somebody else's.
    ClaimHeld {
        /// Of which mission.
        mission: String,
        /// Which.
        wp_id: String,
        /// Whose.
        actor: String,
        /// Since when, as the log has it.
        since: String,
    },
    /// A work package was taken over from the worker who would move it.
    ClaimTakenOver {
        /// Of which mission.
        mission: String,
        /// Which.
        wp_id: String,
        /// Who has it.
        actor: String,
        /// Since which claim.
        epoch: u32,
    },
    /// A work package was claimed, but not all of the rest could be done.
    ClaimUnfinished {
        /// Of which mission.
        mission: String,
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
    /// The files or the log of an older mission are behind a link out of the repository.
    AdoptionOutside {
        /// The mission.
        mission: String,
        /// The path in the checkout.
        path: String,
        /// Where it leads.
        real: String,
    },
    /// The branch that an older mission is to get is there, with work that is not the mission's.
    AdoptionBranchTaken {
        /// The mission.
        mission: String,
        /// The branch.
        branch: String,
        /// The mission's target branch, which has not that work.
        target: String,
        /// The commits, the oldest first.
        commits: Vec<String>,
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
    /// This user may not write something that the repository keeps for all who work in it.
    NotWritable {
        /// What was to be written.
        path: String,
        /// What is there of it: itself, or the directory that it belongs in.
        place: String,
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
        /// The way back to its own.
        back: Return,
    },
    /// In a worktree whose branch would move or go, somebody is in the midst of something.
    WorktreeBusy {
        /// The worktree.
        worktree: String,
        /// Of what.
        under_way: UnderWay,
    },
    /// The directory of a worktree is gone, and only its record leads to a commit.
    HeadLost {
        /// The worktree.
        worktree: String,
        /// The commit of its detached HEAD.
        commit: String,
    },
    /// A worktree that is to go alone leads to a commit.
    CommitLeftBehind {
        /// The worktree.
        worktree: String,
        /// The commit, at which HEAD was detached or which a ref of the worktree names.
        commit: String,
    },
    /// The directory of a worktree is gone, and its record has something of its own.
    RecordKept {
        /// The worktree.
        worktree: String,
        /// Why the record may be needed.
        what: String,
    },
    /// A worktree was moved without git: its record says that it is elsewhere, where it is not.
    WorktreeMoved {
        /// Where it is.
        worktree: String,
        /// Where its record has it.
        recorded: String,
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
        /// The branch's own place, if that worktree can be moved there.
        place: Option<String>,
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
        /// The mission.
        mission: String,
        /// The lane.
        lane: String,
        /// The branch it would have.
        branch: String,
    },
    /// A branch with a lane's name has no commit in common with the mission.
    LaneBranchForeign {
        /// The branch.
        branch: String,
        /// The coordination branch.
        base: String,
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
        /// What leads out.
        by_hand: Box<ByHand>,
    },
    /// The coordination branch cannot be brought into a lane.
    LaneSyncConflict {
        /// The lane.
        lane: String,
        /// The commit that could not be replayed; `None` if the branches were to be merged.
        commit: Option<String>,
        /// The files.
        paths: Vec<String>,
        /// What leads out.
        by_hand: Box<ByHand>,
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

impl From<MergeRefusal> for Refusal {
    fn from(refusal: MergeRefusal) -> Self {
        Self::Merge(Box::new(refusal))
    }
}

impl Refusal {
    /// The refusals that this one is made of; none if it is a single one.
    #[must_use]
    pub fn blockers(&self) -> &[Self] {
        if let Self::Merge(refusal) = self { refusal.blockers() } else { &[] }
    }

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
}

impl std::error::Error for Refusal {}

impl From<ReviewRefusal> for Refusal {
    fn from(refusal: ReviewRefusal) -> Self {
        Self::Review(Box::new(refusal))
    }
}

impl From<CommitRefusal> for Refusal {
    fn from(refusal: CommitRefusal) -> Self {
        Self::Commit(Box::new(refusal))
    }
}
