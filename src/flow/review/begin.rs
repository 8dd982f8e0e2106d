//! What a review is of that begins in a transaction.

use anyhow::Result;

use crate::domain::id::WpId;
use crate::domain::lanes::Lanes;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::review::Reviewed;
use crate::flow::lanes::{Site, Synced};
use crate::flow::transaction::Transaction;
use crate::git::Repo;
use crate::store::{Mission, Source};

/// The commits that a review of the work package is of that begins now: its lane as the transaction
/// leaves it (`synced`). `None` without a lane that is open, or without a commit that it has in common
/// with the mission.
///
/// # Errors
/// If a branch cannot be read, or git cannot be run.
pub(in crate::flow) fn reviewed_by(
    transaction: &Transaction<'_>,
    (repo, wp_id): (&Repo, &WpId),
    synced: Option<&Synced>,
) -> Result<Option<Reviewed>> {
    let mission = transaction.mission();
    let Some(site) = Site::of_wp(repo, mission, transaction.lanes(), wp_id)? else {
        return Ok(None);
    };
    let tip = match synced {
        Some(synced) => Some(synced.new),
        None => repo.find(&site.name)?,
    };
    let onto = match &mission.source {
        Source::Coordination { .. } => Some(transaction.tip()),
        Source::Primary => repo.find(&RefName::of_branch(&site.base)?)?,
    };
    let (Some(tip), Some(onto)) = (tip, onto) else { return Ok(None) };
    between(repo, (mission, transaction.lanes()), &site, (onto, tip))
}

/// What a lane has at `tip` as its own work, where its mission is at `onto`.
pub(super) fn between(
    repo: &Repo,
    (mission, lanes): (&Mission, Option<&Lanes>),
    site: &Site,
    (onto, tip): (Oid, Oid),
) -> Result<Option<Reviewed>> {
    let Some(base) = repo.merge_base(onto, tip)? else { return Ok(None) };
    let mut without = Vec::new();
    for id in &site.lane.depends_on_lanes {
        let Ok(other) = Site::of(repo, mission, lanes, id) else { continue };
        let Some(theirs) = repo.find(&other.name)? else { continue };
        if let Some(shared) = repo.merge_base(theirs, tip)?
            && !repo.is_in_any(shared, &[base])?
        {
            without.push(shared);
        }
    }
    Ok(Some(Reviewed { base, tip, without }))
}
