//! What refusals are made of.

use std::fmt;

use crate::domain::time::Instant;

/// How messages call what comes on standard input.
pub const STANDARD_INPUT: &str = "standard input";

/// A kind of document, for [`super::Refusal::Damaged`].
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
    /// The settings of a tool that edits files.
    AgentSettings,
    /// `kitty/agents.json` in the common directory.
    AgentRecord,
    /// `kitty/overrides.json` in the common directory.
    Overrides,
}

impl Document {
    pub(super) const fn code(self) -> &'static str {
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
            Self::AgentSettings => "AGENT_SETTINGS_INVALID",
            Self::AgentRecord => "AGENT_RECORD_INVALID",
            Self::Overrides => "OVERRIDES_INVALID",
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

/// What a worktree is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorktreeRole {
    /// To look at a mission's coordination branch.
    Coordination,
    /// To work in a lane.
    Lane,
}

/// A merge that somebody has to make, because Git cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// The mission.
    pub mission: String,
    /// The lane that is merged into.
    pub into: String,
    /// Its worktree.
    pub worktree: String,
    /// The branch that is merged, as `git merge` takes it.
    pub branch: String,
}

/// What takes several steps in a worktree, and is not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnderWay {
    /// `git merge`.
    Merge,
    /// `git cherry-pick`.
    CherryPick,
    /// `git revert`.
    Revert,
    /// `git rebase`.
    Rebase,
    /// `git am`.
    Am,
    /// `git bisect`.
    Bisect,
}

/// How a worktree comes back to its own branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Return {
    /// By finishing what is under way, or giving it up.
    End(UnderWay),
    /// By keeping what was committed on the detached HEAD, and switching.
    KeepAndSwitch,
    /// By giving the branch its name back.
    Rename,
    /// By switching.
    Switch,
}

impl UnderWay {
    /// The command of git that began it.
    #[must_use]
    pub const fn command(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::CherryPick => "cherry-pick",
            Self::Revert => "revert",
            Self::Rebase => "rebase",
            Self::Am => "am",
            Self::Bisect => "bisect",
        }
    }
}
