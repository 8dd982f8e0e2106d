//! Which mission and lane a refusal is about, as far as the repository knows.

use crate::domain::branch::BranchName;
use crate::domain::refusal::Facts;
use crate::git::Repo;
use crate::store::Store;

/// Completes what a refusal says of its mission: from the branch its directory and lane, from the
/// directory its id. What cannot be read stays as it is: the refusal itself says more.
pub fn complete(repo: &Repo, facts: &mut Facts) {
    let store = Store::new(repo);
    let branch = facts.destination_ref.as_deref().and_then(|name| name.parse::<BranchName>().ok());
    let owner = branch.and_then(|branch| store.by_branch(&branch).ok().flatten());
    if let Some((mission, lane)) = owner {
        facts.mission_slug.get_or_insert(mission.dir);
        facts.lane_id = facts.lane_id.take().or_else(|| lane.map(|lane| lane.to_string()));
    }
    let mission = facts.mission_slug.as_deref().and_then(|dir| store.open(dir).ok().flatten());
    facts.mission_id = mission.and_then(|mission| mission.meta.id.map(|id| id.to_string()));
}
