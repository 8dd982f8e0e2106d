//! Snapshots that are not what the log beside them adds up to.

use anyhow::Result;

use super::case::{Case, left, mended};
use super::patient::{Patient, readable};
use crate::domain::event::Log;
use crate::domain::finding::{Kind, Outcome};
use crate::domain::layout;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::{MissionFacts, Snapshot, reduce};
use crate::flow::host::Host;
use crate::flow::transaction::{self, Transaction};
use crate::git::Repo;
use crate::store::{Mission, Source};

const DRIFT: Kind = Kind::warning("SNAPSHOT_DRIFT");

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let mut cases = Vec::new();
    for mission in patient.healthy() {
        let Source::Coordination { branch, .. } = &mission.source else { continue };
        if !is_adrift(patient, mission)? {
            continue;
        }
        let message = format!("`status.json` on `{branch}` is not what its log adds up to");
        let fix = "`git kitty doctor --fix`; the next write does the same";
        let finding = DRIFT.found(mission.dir.as_str(), message, fix);
        let (repo, host, dir) = (patient.repo, patient.host, mission.dir.clone());
        cases.push(Case::mended_by(finding, move || mend(repo, host, &dir)));
    }
    Ok(cases)
}

/// Of a log that cannot be read, another check says so.
fn is_adrift(patient: &Patient<'_>, mission: &Mission) -> Result<bool> {
    let store = patient.store();
    let (logs, snapshot) = (store.log_texts(mission)?, store.snapshot_text(mission)?);
    let log = logs.first().map(|found| found.bytes.as_slice()).unwrap_or_default();
    let snapshot = snapshot.as_ref().map(|found| found.bytes.as_slice());
    Ok(readable(has_drifted(mission, log, snapshot))?.unwrap_or(false))
}

/// Whether a snapshot is none that the log beside it may have.
///
/// # Errors
/// If the log is damaged.
pub(in crate::flow) fn has_drifted(
    mission: &Mission,
    log: &[u8],
    snapshot: Option<&[u8]>,
) -> Result<bool> {
    let lawful = lawful(mission, log)?;
    Ok(match snapshot {
        Some(found) => !lawful.iter().any(|one| one == found),
        None => !log.is_empty(),
    })
}

/// The snapshots that a log may have: with what `meta.json` says, or, as Spec Kitty writes them where
/// that is on another branch, without.
fn lawful(mission: &Mission, log: &[u8]) -> Result<Vec<Vec<u8>>> {
    let log = Log::parse(layout::EVENT_LOG, log)?;
    let own = reduce(&log, Some(&MissionFacts::of(&mission.meta)))?;
    let bare = reduce(&log, None)?;
    let untyped = Snapshot { mission_type: String::new(), ..bare.clone() };
    [own, bare, untyped].iter().map(|snapshot| Ok(snapshot.to_bytes()?)).collect()
}

fn mend(repo: &Repo, host: Option<&Host>, dir: &str) -> Result<Outcome> {
    let Some(host) = host else { return left(Refusal::IdentityUnknown.to_string()) };
    let ((), receipt) = transaction::run(repo, host, (dir, None), write)?;
    match receipt.commit {
        Some((commit, _)) => {
            mended(format!("committed a fresh one to {}: {commit}", receipt.branch))
        }
        None => mended("somebody wrote a fresh one meanwhile"),
    }
}

fn write(transaction: &mut Transaction<'_>) -> Result<()> {
    let [log, snapshot] = layout::status_files(&transaction.mission().dir);
    let log = transaction.file(&log)?.unwrap_or_default();
    let own = lawful(transaction.mission(), &log)?.into_iter().next();
    transaction.put(snapshot, own);
    transaction.describe("status.json: written anew from its log".to_owned());
    Ok(())
}
