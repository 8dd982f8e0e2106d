//! The branches of a mission's lanes, whether or not its plan still knows these lanes.

use anyhow::Result;

use crate::domain::branch::{BranchName, MISSION_PREFIX};
use crate::domain::id::LaneId;
use crate::domain::oid::Oid;
use crate::git::Repo;

/// A lane with its branch and the tip of that.
pub(super) struct LaneBranch {
    /// The lane, by the name of the branch.
    pub(super) lane: LaneId,
    pub(super) branch: BranchName,
    pub(super) tip: Oid,
}

/// The branches that are named as lanes of the mission with this coordination branch, below `prefix`
/// (`refs/heads/`, `refs/remotes/origin/`), in the order of their names.
///
/// # Errors
/// If the refs cannot be read.
pub(super) fn lane_branches(
    repo: &Repo,
    coordination: &str,
    prefix: &str,
) -> Result<Vec<LaneBranch>> {
    let own = coordination.strip_prefix(MISSION_PREFIX);
    let mut found = Vec::new();
    for (name, tip) in repo.list(&format!("{prefix}{coordination}-lane-"))? {
        let short = std::str::from_utf8(name.as_bytes()).ok();
        let short = short.and_then(|name| name.strip_prefix(prefix));
        let Some(branch) = short.and_then(|name| name.parse::<BranchName>().ok()) else { continue };
        let lane = branch.mission_parts().and_then(|parts| parts.lane);
        if let Some((_, lane)) = lane.filter(|(mission, _)| Some(*mission) == own) {
            found.push(LaneBranch { lane, branch, tip });
        }
    }
    Ok(found)
}
