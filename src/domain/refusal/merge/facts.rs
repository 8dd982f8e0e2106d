//! What each is about, for JSON.

use serde_json::Value;

use super::MergeRefusal;
use crate::domain::json::Object;
use crate::domain::merging::PathConflict;
use crate::domain::refusal::{Facts, Refusal};

impl MergeRefusal {
    pub(in crate::domain::refusal) fn facts(&self) -> Facts {
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
            Self::RebaseResolved { mission, paths, .. } => {
                facts.mission_slug = Some(mission.clone());
                facts.paths.clone_from(paths);
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
            Self::NoPlan { mission } | Self::PlanDrifted { mission, .. } => {
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
