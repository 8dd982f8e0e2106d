//! What a merge is asked for, and what it comes to.

use super::ground::Ground;
use super::order::Skipped;
use super::together::Step;
use crate::domain::merging::Landing;
use crate::policy::config::MergeStrategy;

/// What is to be merged, and how.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// How the mission lands; else the policy says, else by fast-forward if that can be.
    pub strategy: Option<MergeStrategy>,
    /// Whether only the lanes that are finished come to the coordination branch.
    pub lanes_only: bool,
    /// Whether the mission lands on a branch for a pull request, in place of its target.
    pub pr: bool,
    /// Why reviews that speak against it do not count.
    pub review_note: Option<String>,
}

/// What was merged, or would be.
#[derive(Debug, Clone)]
pub struct Merged {
    /// The mission's directory.
    pub mission: String,
    /// The coordination branch.
    pub coordination: String,
    /// The branch that the mission is for.
    pub target: String,
    /// The lanes that came together, in order.
    pub steps: Vec<Step>,
    /// The lanes that did not.
    pub skipped: Vec<Skipped>,
    /// Stage 2, if the mission lands.
    pub landing: Option<Stage>,
    /// The certificate: of this landing, or of one that is there already.
    pub certificate: Option<Landing>,
    /// The operation, as the operation log has it.
    pub operation: Option<String>,
}

/// A landing.
#[derive(Debug, Clone)]
pub struct Stage {
    /// How.
    pub strategy: MergeStrategy,
    /// The branch that it is made on.
    pub branch: String,
    /// Whether that is for a pull request.
    pub is_pr: bool,
    /// The number that the mission gets.
    pub mission_number: Option<u32>,
}

impl Merged {
    /// Nothing yet.
    pub(super) fn begin(ground: &Ground<'_>) -> Self {
        Self {
            mission: ground.mission.dir.clone(),
            coordination: ground.mission.branch(),
            target: ground.target.branch.to_string(),
            steps: Vec::new(),
            skipped: ground.order.skipped.clone(),
            landing: None,
            certificate: None,
            operation: None,
        }
    }
}
