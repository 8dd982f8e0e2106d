//! The JSON documents of a mission, with their keys in the order in which the reference writes
//! them (`formats.md` section 1).

use std::collections::BTreeMap;

use serde::Serialize;

use super::log::time;

/// `lanes.json`.
#[derive(Serialize)]
pub struct Lanes {
    version: u32,
    mission_slug: String,
    mission_id: String,
    mission_branch: String,
    target_branch: String,
    lanes: Vec<Lane>,
    computed_at: String,
    computed_from: &'static str,
    planning_artifact_wps: Vec<String>,
    planning_commit_sha: Option<String>,
}

/// One lane of [`Lanes`].
#[derive(Serialize)]
pub struct Lane {
    /// E.g. `lane-a`.
    pub lane_id: String,
    /// Its packages, in the order of their work.
    pub wp_ids: Vec<String>,
    /// All that they own.
    pub write_scope: Vec<String>,
    /// Keywords that the reference guesses.
    pub predicted_surfaces: Vec<String>,
    /// Lanes with packages that its own need.
    pub depends_on_lanes: Vec<String>,
    /// The depth in the graph of lanes.
    pub parallel_group: usize,
}

/// `.kittify/workspaces/<slug>-<lane>.json`.
#[derive(Serialize)]
pub struct Workspace {
    /// The package that opened the lane.
    pub wp_id: String,
    /// The mission's directory name.
    pub mission_slug: String,
    /// Relative to the primary checkout.
    pub worktree_path: String,
    /// The lane's branch.
    pub branch_name: String,
    /// What it was cut from.
    pub base_branch: String,
    /// The commit it was cut from.
    pub base_commit: String,
    /// Packages that `wp_id` needs.
    pub dependencies: Vec<String>,
    /// When, as the log writes times.
    pub created_at: String,
    /// By which command.
    pub created_by: &'static str,
    /// Always `git`.
    pub vcs_backend: &'static str,
    /// The lane.
    pub lane_id: String,
    /// All its packages.
    pub lane_wp_ids: Vec<String>,
    /// The package that is worked on.
    pub current_wp: String,
    /// Variables for the lane's tests.
    pub lane_test_env: BTreeMap<String, String>,
}

/// `.kittify/runtime/merge/<mission_id>/state.json`.
#[derive(Serialize)]
pub struct MergeState {
    /// The mission's ULID.
    pub mission_id: String,
    /// The mission's directory name.
    pub mission_slug: String,
    /// Where it lands.
    pub target_branch: String,
    /// All packages, in the order of the merge.
    pub wp_order: Vec<String>,
    /// Those that are merged.
    pub completed_wps: Vec<String>,
    /// The one that was being merged.
    pub current_wp: Option<String>,
    /// Whether it stopped at a conflict.
    pub has_pending_conflicts: bool,
    /// `merge`, `squash` or `rebase`.
    pub strategy: &'static str,
    /// A temporary worktree, while there is one.
    pub workspace_path: Option<String>,
    /// When it began.
    pub started_at: String,
    /// When it was written.
    pub updated_at: String,
}

impl Lanes {
    /// The document for these lanes.
    pub fn new(
        slug: &str,
        id: &str,
        target: &str,
        lanes: Vec<Lane>,
        planning: Vec<String>,
    ) -> Self {
        Self {
            version: 1,
            mission_slug: slug.to_owned(),
            mission_id: id.to_owned(),
            mission_branch: format!("kitty/mission-{slug}"),
            target_branch: target.to_owned(),
            lanes,
            computed_at: time(0),
            computed_from: "dependency_graph+ownership",
            planning_artifact_wps: planning,
            planning_commit_sha: None,
        }
    }
}
