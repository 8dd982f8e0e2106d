//! What a review is of that begins in a transaction.

use anyhow::Result;

use crate::domain::id::WpId;
use crate::domain::refname::RefName;
use crate::domain::review::Reviewed;
use crate::flow::lanes::{Site, Synced};
use crate::flow::transaction::Transaction;
use crate::git::Repo;
use crate::store::Source;

/// The commits that a review of the work package is of that begins now: its lane as the transaction
/// leaves it (`synced`), since what its branch has in common with the mission's. `None` without a lane
/// that is open, or without a common commit.
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
    Ok(repo.merge_base(onto, tip)?.map(|base| Reviewed { base, tip }))
}
