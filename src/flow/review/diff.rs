//! The patch of what is under review.

use anyhow::Result;

use super::begin::between;
use super::context::{check_here, lane, recorded};
use crate::domain::change::Change;
use crate::domain::id::WpId;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::{Refusal, ReviewRefusal, Warning};
use crate::domain::review::{Recorded, Reviewed};
use crate::domain::status::Status;
use crate::flow::lanes::Site;
use crate::flow::wp::status;
use crate::git::{Repo, automatic_merge};
use crate::store::{Mission, Store};

/// What a review is of.
#[derive(Debug)]
pub struct Diff {
    /// Between which commits.
    pub of: Reviewed,
    /// The files that differ; renames are two.
    pub files: Vec<Change>,
    /// The patch.
    pub patch: Vec<u8>,
    /// What is worth telling: nothing was recorded, or the lane has moved on.
    pub warnings: Vec<Warning>,
}

/// The difference between the commits that were recorded as the last review of a work package began,
/// whatever the lane has now. Where none were recorded, the lane as it is.
///
/// # Errors
/// [`Refusal::WpNotFound`], [`Refusal::LaneOfPlanning`] for one without a branch,
/// [`Refusal::LaneNotOpen`], [`ReviewRefusal::CommitMissing`], [`ReviewRefusal::BaseUnknown`].
pub fn diff(repo: &Repo, mission: &Mission, wp_id: &WpId) -> Result<Diff> {
    let (of, warnings) = reviewed(repo, mission, wp_id)?;
    let (old, new) = (before(repo, &of)?, repo.tree_of_commit(of.tip)?);
    let files = repo.diff(Some(old), Some(new))?;
    let patch = repo.patch(old, new)?;
    Ok(Diff { of, files, patch, warnings })
}

/// The tree that a lane's own work began from: `base` with what it has of other lanes. If these do not
/// merge by themselves, who worked in the lane brought them together, and all of it is shown.
fn before(repo: &Repo, of: &Reviewed) -> Result<Oid> {
    let merge = match of.without.as_slice() {
        [] => None,
        others => Some(automatic_merge(repo, of.base, others)?).filter(|merge| merge.clean),
    };
    merge.map_or_else(|| repo.tree_of_commit(of.base), |merge| Ok(merge.tree))
}

/// What the last review of a work package is of, and what is worth telling of that.
pub(super) fn reviewed(
    repo: &Repo,
    mission: &Mission,
    wp_id: &WpId,
) -> Result<(Reviewed, Vec<Warning>)> {
    let store = Store::new(repo);
    let status = status(&store, mission, wp_id)?;
    match (recorded(&store, mission, wp_id)?, lane(repo, mission, wp_id)?) {
        (Recorded::Ids(of), site) => {
            check_here(repo, (mission, wp_id), &of)?;
            let site = site.filter(|_| status == Status::InReview);
            let warning = site.map_or(Ok(None), |site| moved(repo, &site, &of))?;
            Ok((of, warning.into_iter().collect()))
        }
        (Recorded::Nothing | Recorded::NeverBegun, Some(site)) => {
            let of = as_it_is(repo, (mission, wp_id), &site)?;
            Ok((of, vec![unrecorded(wp_id, &site)]))
        }
        (Recorded::Nothing | Recorded::NeverBegun, None) => {
            let target = mission.meta.target_branch.clone();
            Err(Refusal::LaneOfPlanning { target }.into())
        }
    }
}

/// The lane as it is, since what it has in common with what it is compared with.
fn as_it_is(repo: &Repo, (mission, wp_id): (&Mission, &WpId), site: &Site) -> Result<Reviewed> {
    let tip = repo.find(&site.name)?.ok_or_else(|| site.not_open())?;
    let onto = repo.find(&RefName::of_branch(&site.base)?)?;
    let lanes = Store::new(repo).lanes(mission)?;
    let ends = |onto| between(repo, (mission, lanes.as_ref()), site, (onto, tip));
    let found = onto.map_or(Ok(None), ends)?;
    let unknown = || ReviewRefusal::BaseUnknown {
        mission: mission.dir.clone(),
        wp_id: wp_id.to_string(),
        branch: site.branch.to_string(),
        base: site.base.clone(),
    };
    Ok(found.ok_or_else(|| Refusal::from(unknown()))?)
}

fn unrecorded(wp_id: &WpId, site: &Site) -> Warning {
    let message = format!("no review of {wp_id} says what it is of; this is `{}` now", site.branch);
    Warning { code: "REVIEW_IDS_NOT_RECORDED", message }
}

/// The warning that a lane has work that its last review is not of.
pub(super) fn lane_moved(repo: &Repo, mission: &Mission, wp_id: &WpId) -> Result<Option<Warning>> {
    let store = Store::new(repo);
    match (recorded(&store, mission, wp_id)?, lane(repo, mission, wp_id)?) {
        (Recorded::Ids(of), Some(site)) => moved(repo, &site, &of),
        (Recorded::Ids(_) | Recorded::Nothing | Recorded::NeverBegun, _) => Ok(None),
    }
}

/// As [`lane_moved`]. What the log adds to the lane of an older mission is no work.
fn moved(repo: &Repo, site: &Site, of: &Reviewed) -> Result<Option<Warning>> {
    let Some(tip) = repo.find(&site.name)?.filter(|tip| *tip != of.tip) else { return Ok(None) };
    let is_on = repo.is_ancestor(of.tip, tip)?;
    if is_on && repo.commits_outside(tip, &[of.tip], layout::MISSIONS)?.is_empty() {
        return Ok(None);
    }
    let message = format!(
        "`{}` has moved since the review began: that is of {:.12}, and the branch is at {tip:.12}",
        site.branch, of.tip
    );
    Ok(Some(Warning { code: "REVIEW_LANE_MOVED", message }))
}
