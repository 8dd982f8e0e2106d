//! What comes to the target of a mission by a push.

use anyhow::Result;

use super::super::branch_judge::BranchJudge;
use super::super::commits::{Judged, Passage};
use super::side::Push;
use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::git::Repo;
use crate::policy::GuardCode;
use crate::store::Mission;

/// The missions whose target a branch is.
pub(in super::super) struct Onto(Vec<Mission>);

impl Onto {
    /// Finds them. Damaged missions are left out.
    ///
    /// # Errors
    /// If the repository cannot be read.
    pub(in super::super) fn find(judge: &BranchJudge<'_>) -> Result<Self> {
        // The branches of a mission are no targets, and are pushed most often.
        if judge.mission_dir().is_some() {
            return Ok(Self(Vec::new()));
        }
        let missions = judge.store.all()?.into_iter().filter_map(|(_, mission)| mission.ok());
        let is_target = |mission: &Mission| mission.meta.target_branch == judge.branch.as_str();
        Ok(Self(missions.filter(is_target).collect()))
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// That commits of a lane would come to its mission's target without the coordination branch, and
    /// not by what `landed` there.
    ///
    /// # Errors
    /// If a ref or a commit cannot be read.
    pub(in super::super) fn lane(
        &self,
        judge: &BranchJudge<'_>,
        passage: Passage,
        landed: &[Oid],
    ) -> Result<Option<Judged>> {
        for mission in &self.0 {
            if let Some(lane) = lane_within(judge.repo, mission, (passage, landed))? {
                let fact = format!("`{lane}` would come to `{}` by itself", judge.branch);
                let step = format!(
                    "a lane goes to `{}` first, by a merge there once its work packages are \
                     approved or done",
                    mission.branch()
                );
                return Ok(Some(judge.refuse(GuardCode::LaneOntoTarget, fact, &step)));
            }
        }
        Ok(None)
    }

    /// How what is pushed can come to the branch all the same: by a pull request, from a branch that
    /// is named after the mission whose commits these are.
    ///
    /// # Errors
    /// If a ref or a commit cannot be read.
    pub(super) fn way_around(
        &self,
        push: &Push<'_>,
        judge: &BranchJudge<'_>,
        passage: Passage,
    ) -> Result<String> {
        let focused = self.focused(judge, passage)?;
        let name = focused.unwrap_or_else(|| "NAME".to_owned());
        Ok(by_request(push.remote(), passage.new, &name))
    }

    /// The branch for the pull request that brings the mission whose commits these are.
    ///
    /// # Errors
    /// If a ref or a commit cannot be read.
    pub(in super::super) fn focused(
        &self,
        judge: &BranchJudge<'_>,
        passage: Passage,
    ) -> Result<Option<String>> {
        for mission in &self.0 {
            if has_mission(judge.repo, mission, passage)? {
                return Ok(Some(format!("kitty/pr/{}-to-{}", mission.dir, judge.branch)));
            }
        }
        Ok(None)
    }
}

/// How a commit comes to a branch by a pull request from the branch `name`.
pub(in super::super) fn by_request(remote: &str, commit: Oid, name: &str) -> String {
    format!(
        "push it as a branch of its own, for a pull request: `git push {remote} \
         {commit}:refs/heads/{name}`"
    )
}

/// Whether what is pushed brings the coordination branch of a mission.
fn has_mission(repo: &Repo, mission: &Mission, passage: Passage) -> Result<bool> {
    let own: BranchName = mission.branch().parse()?;
    let Some(tip) = repo.find(&own.ref_name()?)? else { return Ok(false) };
    let was_there = |old| repo.is_ancestor(tip, old);
    Ok(repo.is_ancestor(tip, passage.new)? && !passage.old.map_or(Ok(false), was_there)?)
}

/// The lane of a mission of whose own commits `new` has any that neither the target nor the
/// coordination branch has.
fn lane_within(
    repo: &Repo,
    mission: &Mission,
    (passage, landed): (Passage, &[Oid]),
) -> Result<Option<BranchName>> {
    let own: BranchName = mission.branch().parse()?;
    let Some(coordination) = repo.find(&own.ref_name()?)? else { return Ok(None) };
    let known: Vec<Oid> =
        passage.old.into_iter().chain([coordination]).chain(landed.iter().copied()).collect();
    for (name, tip) in repo.list(&format!("refs/heads/{own}-lane-"))? {
        if let Some(oldest) = repo.oldest_own(tip, &known)?
            && repo.is_ancestor(oldest, passage.new)?
        {
            return Ok(BranchName::of_ref(&name));
        }
    }
    Ok(None)
}
