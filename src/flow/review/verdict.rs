//! The verdict of a review, as a move of its work package.

use anyhow::Result;

use super::context::check_open;
use super::diff::lane_moved;
use crate::domain::id::WpId;
use crate::domain::review::Verdict;
use crate::domain::status::Status;
use crate::domain::transition::{Request, Review};
use crate::flow::host::Host;
use crate::flow::transaction::{Receipt, run};
use crate::flow::wp::{Moved, check_known, move_in, status_in};
use crate::git::Repo;
use crate::store::Mission;

/// Writes a verdict down: an approved work package becomes approved, any other goes back to work. Only
/// one that is in review takes it, so that of two verdicts at once the second is refused.
///
/// # Errors
/// `REVIEW_NOT_OPEN`, and as [`move_in`] and [`run`].
pub fn give_verdict(
    repo: &Repo,
    host: &Host,
    (mission, wp_id): (&Mission, &WpId),
    review: Review,
) -> Result<(Moved, Receipt)> {
    check_known(repo, mission, wp_id)?;
    let to = match review.verdict {
        Verdict::Approved => Status::Approved,
        Verdict::ChangesRequested => Status::InProgress,
    };
    let request = Request {
        to: to.to_string(),
        actor: host.actor.clone(),
        review: Some(review),
        ..Request::default()
    };
    let site = (mission.dir.as_str(), Some(wp_id));
    let (moved, mut receipt) = run(repo, host, site, |transaction| {
        check_open(mission, wp_id, status_in(transaction, repo, wp_id)?)?;
        move_in(transaction, (repo, wp_id), &request)
    })?;
    if to == Status::Approved {
        receipt.warnings.extend(lane_moved(repo, mission, wp_id)?);
    }
    Ok((moved, receipt))
}
