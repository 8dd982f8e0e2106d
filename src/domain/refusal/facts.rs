//! What a refusal is about, for JSON.

use serde::Serialize;

use super::Refusal;
use crate::domain::json::Object;

/// What a refusal is about, in the words of `cli.md`; only what applies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// The branch that a change was for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination_ref: Option<String>,
    /// The id of the mission.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mission_id: Option<String>,
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
    /// What else there is to know, by its key.
    #[serde(flatten)]
    pub more: Object,
}

impl Refusal {
    /// What the refusal is about.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        match self {
            Self::Commit(refusal) => return refusal.facts(),
            Self::Merge(refusal) => return refusal.facts(),
            Self::Review(refusal) => refusal.facts(&mut facts),
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
            Self::MissionClosed { mission } => facts.mission_slug = Some(mission.clone()),
            Self::CoordinationBranchDeleted { branch, mission, .. } => {
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
            Self::PlanElsewhere { mission, .. } => facts.mission_slug = Some(mission.clone()),
            Self::PolicyRefMissing { name }
            | Self::DestinationShape { name }
            | Self::DestinationNotLocal { name }
            | Self::DestinationMissing { name }
            | Self::DestinationRemote { name }
            | Self::DestinationUnborn { name }
            | Self::DestinationProtected { name }
            | Self::TargetUnborn { name }
            | Self::TargetMissing { name, .. }
            | Self::TargetNotLocal { name, .. }
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
            Self::OverrideBranchMissing { branch }
            | Self::OverrideNotNeeded { branch }
            | Self::OverrideDenied { branch }
            | Self::ScopeOnMissionBranch { branch } => facts.destination_ref = Some(branch.clone()),
            Self::FileUnreadable { file: path, .. }
            | Self::PathOutside { path }
            | Self::EditInGitDirectory { path }
            | Self::SnapshotUnproven { path, .. }
            | Self::NotARepository { start: path }
            | Self::UntrustedRepository { path }
            | Self::WorkTreeMissing { path, .. }
            | Self::HookTracked { path }
            | Self::HookReplaced { path, .. }
            | Self::HookPlaceTaken { path, .. }
            | Self::ObjectNotWritten { path, .. }
            | Self::NotWritable { path, .. }
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
            | Self::WorktreeBusy { worktree: path, .. }
            | Self::HeadLost { worktree: path, .. }
            | Self::CommitLeftBehind { worktree: path, .. }
            | Self::RecordKept { worktree: path, .. }
            | Self::WorktreeMoved { worktree: path, .. }
            | Self::WorktreeNotMade { worktree: path, .. } => facts.paths = vec![path.clone()],
            Self::WorktreeMismatch { worktree, expected, .. } => {
                facts.paths = vec![worktree.clone()];
                facts.destination_ref = Some(expected.clone());
            }
            Self::BranchCheckedOut { branch, worktree, .. } => {
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
            Self::LaneNotOpen { mission, lane, branch } => {
                facts.mission_slug = Some(mission.clone());
                facts.lane_id = Some(lane.clone());
                facts.destination_ref = Some(branch.clone());
            }
            Self::LaneBranchForeign { branch, .. } | Self::LaneNotContained { branch, .. } => {
                facts.destination_ref = Some(branch.clone())
            }
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
            Self::ClaimBlocked { mission, wp_id, blockers } => {
                facts.mission_slug = Some(mission.clone());
                facts.wp_id = Some(wp_id.clone());
                facts.more = blockers.to_json();
            }
            Self::ClaimHeld { mission, wp_id, .. }
            | Self::ClaimTakenOver { mission, wp_id, .. }
            | Self::ClaimUnfinished { mission, wp_id, .. }
            | Self::NotClaimable { mission, wp_id, .. } => {
                facts.mission_slug = Some(mission.clone());
                facts.wp_id = Some(wp_id.clone());
            }
            Self::MissionNotLanded { mission, target, .. } => {
                facts.mission_slug = Some(mission.clone());
                facts.destination_ref = Some(target.clone());
            }
            Self::AdoptionBranchTaken { mission, branch, .. } => {
                facts.mission_slug = Some(mission.clone());
                facts.destination_ref = Some(branch.clone());
            }
            Self::AdoptionOutside { mission, path, .. } => {
                facts.mission_slug = Some(mission.clone());
                facts.paths = vec![path.clone()];
            }
            Self::AdoptionNeedsCheckout { mission, target } => {
                facts.mission_slug = Some(mission.clone());
                facts.destination_ref = Some(target.clone());
            }
            Self::MissionExists { missions, .. } => {
                facts.candidates = missions.iter().map(|(dir, _)| dir.clone()).collect();
            }
            Self::RangeBranchUnknown { branches, .. } => facts.candidates.clone_from(branches),
            Self::IdentityUnknown
            | Self::TargetRequired
            | Self::TargetIsAMissions { .. }
            | Self::NoPlanningDirectory { .. }
            | Self::UnknownStatus { .. }
            | Self::IllegalTransition { .. }
            | Self::OutputUnwritten { .. }
            | Self::TransitionGuard { .. }
            | Self::ForceIncomplete
            | Self::TimeExhausted { .. }
            | Self::DoubleEventId { .. }
            | Self::MissionNotFound { .. }
            | Self::NoBranch
            | Self::RangeCommitMissing { .. }
            | Self::RangeUnrelated { .. }
            | Self::ShallowRepository
            | Self::BranchNameInvalid { .. }
            | Self::ScopeGlobInvalid { .. }
            | Self::OverrideReasonMissing
            | Self::OverrideSpanInvalid { .. }
            | Self::OverrideNotFound { .. }
            | Self::GitTooOld { .. }
            | Self::ExtensionUnknown { .. }
            | Self::ServerNotBare { .. }
            | Self::CanaryRefused { .. }
            | Self::HookChainedBroken { .. }
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
