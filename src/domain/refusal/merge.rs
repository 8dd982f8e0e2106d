//! Why lanes are not brought together, a mission does not land, or a landing is not taken back.

use std::fmt;

use serde_json::Value;

use super::{Exit, Facts, Refusal, quoted};
use crate::domain::json::Object;
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
    /// Nothing of the mission is ready to be merged.
    Nothing {
        /// The mission's directory.
        mission: String,
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
            Self::Nothing { .. } => "MERGE_NOTHING",
            Self::LaneConflict { .. } => "LANE_MERGE_CONFLICT",
            Self::LandingConflict { .. } => "LANDING_CONFLICT",
            Self::RebaseConflict { .. } => "REBASE_CONFLICT",
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
            | Self::RebaseConflict { .. } => Exit::Conflict,
            Self::Blocked { .. }
            | Self::Unfinished { .. }
            | Self::DependencyUnfinished { .. }
            | Self::ReviewContradicts { .. }
            | Self::LaneOutOfScope { .. }
            | Self::LaneDirty { .. }
            | Self::NotSynchronized { .. }
            | Self::NotFastForward { .. }
            | Self::Empty { .. }
            | Self::Nothing { .. }
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

    pub(super) fn hint(&self) -> String {
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
            Self::Nothing { mission } => {
                format!("`git kitty status {}` says what is left to do", quoted(mission))
            }
            Self::LaneConflict { mission, .. } | Self::LandingConflict { mission, .. } => {
                format!(
                    "`git kitty merge {} --resolve` opens a worktree with the conflict",
                    quoted(mission)
                )
            }
            Self::RebaseConflict { mission, .. } => {
                format!("`git kitty merge {} --strategy merge`, or squash", quoted(mission))
            }
            Self::InProgress { mission, .. } => format!(
                "`git kitty merge {0} --continue` when it is resolved, or `git kitty merge {0} --abort`",
                quoted(mission)
            ),
            Self::NoPlan { mission } => format!("`git kitty merge {}` begins one", quoted(mission)),
            Self::PlanDrifted { mission, .. } => format!(
                "`git kitty merge {0} --abort`, then `git kitty merge {0}` again",
                quoted(mission)
            ),
            Self::Unresolved { worktree, .. } => {
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

    pub(super) fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        match self {
            Self::Blocked { mission, blockers } => {
                facts = blockers.first().map(Refusal::facts).unwrap_or_default();
                facts.mission_slug = Some(mission.clone());
                facts.add("blockers", blockers.iter().map(told).collect::<Vec<Value>>());
            }
            Self::Unfinished { mission, wp_id, status, lane } => {
                facts.mission_slug = Some(mission.clone());
                facts.wp_id = Some(wp_id.clone());
                facts.lane_id.clone_from(lane);
                facts.add("status", status.as_str());
            }
            Self::DependencyUnfinished { mission, wp_id, dependency, status } => {
                facts.mission_slug = Some(mission.clone());
                facts.wp_id = Some(wp_id.clone());
                facts.add("dependency", dependency.as_str());
                facts.add("status", status.as_str());
            }
            Self::ReviewContradicts { mission, wp_id, reviewer, reference } => {
                facts.mission_slug = Some(mission.clone());
                facts.wp_id = Some(wp_id.clone());
                let invariant = "terminal_wp_latest_review_artifact_must_not_be_rejected";
                facts.add("violated_invariant", invariant);
                facts.add("reviewer", reviewer.as_str());
                facts.add("reference", reference.as_str());
            }
            Self::LaneOutOfScope { mission, lane, commit, paths, .. } => {
                facts.mission_slug = Some(mission.clone());
                facts.lane_id = Some(lane.clone());
                facts.paths.clone_from(paths);
                facts.add("commit", commit.as_str());
            }
            Self::LaneDirty { lane, worktree, paths } => {
                facts.lane_id = Some(lane.clone());
                facts.paths.clone_from(paths);
                facts.add("worktree", worktree.as_str());
            }
            Self::NotSynchronized { mission, target, tracking, ahead, behind } => {
                facts.mission_slug = Some(mission.clone());
                facts.destination_ref = Some(target.clone());
                let invariant = "local_target_branch_must_match_tracking_branch";
                facts.add("violated_invariant", invariant);
                facts.add("target_branch", target.as_str());
                facts.add("tracking_branch", tracking.as_str());
                facts.add("state", if *ahead == 0 { "behind" } else { "diverged" });
                facts.add("ahead_count", *ahead);
                facts.add("behind_count", *behind);
                facts.add("remediation", vec![self.hint()]);
            }
            Self::NotFastForward { mission, target }
            | Self::Empty { mission, target }
            | Self::NotLanded { mission, target } => {
                facts.mission_slug = Some(mission.clone());
                facts.destination_ref = Some(target.clone());
            }
            Self::LaneConflict { mission, conflicts } => {
                facts.mission_slug = Some(mission.clone());
                facts.lane_id = conflicts.first().and_then(|one| one.lane_id.clone());
                facts.conflicts(conflicts);
            }
            Self::LandingConflict { mission, target, conflicts } => {
                facts.mission_slug = Some(mission.clone());
                facts.destination_ref = Some(target.clone());
                facts.conflicts(conflicts);
            }
            Self::RebaseConflict { mission, target, commit, paths } => {
                facts.mission_slug = Some(mission.clone());
                facts.destination_ref = Some(target.clone());
                facts.paths.clone_from(paths);
                facts.add("commit", commit.clone());
            }
            Self::Unresolved { mission, worktree, paths, .. }
            | Self::ResolutionOutOfScope { mission, worktree, paths } => {
                facts.mission_slug = Some(mission.clone());
                facts.paths.clone_from(paths);
                facts.add("worktree", worktree.as_str());
            }
            Self::InProgress { mission, worktree } => {
                facts.mission_slug = Some(mission.clone());
                facts.add("worktree", worktree.as_str());
            }
            Self::Nothing { mission }
            | Self::NoPlan { mission }
            | Self::PlanDrifted { mission, .. } => {
                facts.mission_slug = Some(mission.clone());
            }
            Self::Unproven { mission, target, what, paths } => {
                facts.mission_slug = Some(mission.clone());
                facts.destination_ref = Some(target.clone());
                facts.paths.clone_from(paths);
                facts.add("checks", what.clone());
            }
            Self::CommitsMissing { mission, commits, .. } => {
                facts.mission_slug = Some(mission.clone());
                facts.add("missing", commits.clone());
            }
            Self::NothingToUndo => {}
            Self::UndoPushed { operation, refs } => {
                facts.add("operation", operation.as_str());
                facts.add("remote_refs", refs.clone());
            }
            Self::UndoMoved { operation, name, expected, found } => {
                facts.destination_ref = Some(name.clone());
                facts.add("operation", operation.as_str());
                facts.add("expected", expected.as_str());
                facts.add("found", found.as_str());
            }
            Self::UndoBuiltUpon { operation, branches } => {
                facts.add("operation", operation.as_str());
                facts.candidates.clone_from(branches);
            }
        }
        facts
    }

    /// The refusals that it is made of; none if it is a single one.
    pub(super) fn blockers(&self) -> &[Refusal] {
        if let Self::Blocked { blockers, .. } = self { blockers } else { &[] }
    }
}

impl Facts {
    fn add(&mut self, key: &str, value: impl Into<Value>) {
        self.more.insert(key.to_owned(), value.into());
    }

    fn conflicts(&mut self, conflicts: &[PathConflict]) {
        self.paths = conflicts.iter().map(|one| one.path.clone()).collect();
        self.add("conflicts", serde_json::to_value(conflicts).unwrap_or_default());
    }
}

/// One of several refusals, with the keys that it would have alone.
fn told(refusal: &Refusal) -> Value {
    let mut all = Object::new();
    all.insert("error_code".to_owned(), refusal.code().into());
    all.insert("message".to_owned(), refusal.to_string().into());
    all.insert("next_step".to_owned(), refusal.hint().into());
    if let Ok(Value::Object(facts)) = serde_json::to_value(refusal.facts()) {
        all.extend(facts);
    }
    Value::Object(all)
}

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
            Self::Nothing { mission } => {
                write!(f, "no lane of mission `{mission}` is finished and not merged yet")
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
