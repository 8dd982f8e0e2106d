//! Whether a mission was allowed to land: equal trees prove content, not permission.

use std::collections::BTreeMap;

use anyhow::Result;

use super::proof::Case;
use crate::domain::id::WpId;
use crate::domain::layout;
use crate::domain::merging::landings;
use crate::domain::oid::Oid;
use crate::domain::status::Status;
use crate::flow::merging::Verified;
use crate::store::{Store, statuses_at, verdicts_at};

/// What speaks against a landing by the log before it, and by every later one that is known here.
///
/// # Errors
/// If a ref or a commit cannot be read.
pub(super) fn permission(
    case: &Case<'_>,
    (verified, event_id): (&Verified, &str),
) -> Result<Option<String>> {
    let certificate = &verified.landing.certificate;
    let before: Oid = certificate.coordination_tip.parse()?;
    let is_reviewed = certificate.review_note.is_none();
    if let Some(what) = unfinished(case, (before, is_reviewed))? {
        return Ok(Some(what));
    }
    let repo = case.judge.repo;
    for witness in case.witnesses()? {
        if repo.is_ancestor(witness, verified.landed)? {
            continue;
        }
        if is_taken_back(case, witness, event_id)? {
            return Ok(Some("it was taken back since".to_owned()));
        }
        if let Some(what) = unsettled(case, (witness, is_reviewed))? {
            return Ok(Some(what));
        }
    }
    Ok(None)
}

/// What was not finished at a commit: of the plan there, or of the log.
fn unfinished(case: &Case<'_>, (commit, is_reviewed): (Oid, bool)) -> Result<Option<String>> {
    let told = case.told((case.old, commit))?;
    let store = Store::of_former_times(&told);
    let Some((mission, None)) = store.by_branch(&case.coordination)? else {
        return Ok(Some(format!("{commit:.12} has no such mission")));
    };
    let board = store.view(mission)?.board();
    let all = board.packages().iter().map(|one| (one.wp_id.clone(), one.status));
    against(case, (commit, is_reviewed), all.collect())
}

/// What is not finished by the log at a commit.
fn unsettled(case: &Case<'_>, (commit, is_reviewed): (Oid, bool)) -> Result<Option<String>> {
    let statuses = statuses_at(case.judge.repo, commit, &case.mission.dir)?;
    let one = |wp_id: &WpId| Some((wp_id.clone(), statuses.record(wp_id)?.status));
    against(case, (commit, is_reviewed), statuses.ids().filter_map(one).collect())
}

fn against(
    case: &Case<'_>,
    (commit, is_reviewed): (Oid, bool),
    all: BTreeMap<WpId, Status>,
) -> Result<Option<String>> {
    let open = all.iter().find(|(_, status)| !status.is_settled());
    if let Some((wp_id, status)) = open {
        return Ok(Some(format!("{wp_id} is {status} by the log at {commit:.12}")));
    }
    if !is_reviewed {
        return Ok(None);
    }
    let verdicts = verdicts_at(case.judge.repo, commit, &case.mission.dir)?;
    let contradicts = |wp_id: &WpId, status: &Status| {
        verdicts.get(wp_id).is_some_and(|latest| latest.contradicts(*status))
    };
    let rejected = all.iter().find(|(wp_id, status)| contradicts(wp_id, status));
    Ok(rejected.map(|(wp_id, _)| format!("the latest review of {wp_id} asks for changes")))
}

/// Whether the log at a commit takes a landing back: it has the certificate, and that does not count.
fn is_taken_back(case: &Case<'_>, commit: Oid, event_id: &str) -> Result<bool> {
    let repo = case.judge.repo;
    let path = layout::event_log(&case.mission.dir);
    let log = repo.blob_at(repo.tree_of_commit(commit)?, &path)?.unwrap_or_default();
    let knows = log.windows(event_id.len()).any(|part| part == event_id.as_bytes());
    let counts = landings(&log, &path.to_string())?;
    Ok(knows && !counts.iter().any(|landing| landing.event_id == event_id))
}
