//! Who is where, by the log alone.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::domain::claim::Claim;
use crate::domain::event::{Log, WpStatus, statuses};
use crate::domain::id::WpId;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;
use crate::git::Repo;

use super::evidence::Evidence;
use super::log::{LogFile, LogText};
use super::mission::{Mission, Store};

/// The status of every work package that the log knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statuses {
    records: BTreeMap<WpId, Record>,
    evidence: Evidence,
}

/// Where a work package is, and how it came there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its status.
    pub status: Status,
    /// Who moved it last.
    pub actor: String,
    /// When, as the log has it.
    pub at: String,
    /// The event that did.
    pub event_id: String,
    /// The claim that counts, if it was ever claimed.
    pub claim: Option<Claim>,
}

impl Statuses {
    /// What the log says of a work package.
    #[must_use]
    pub fn record(&self, wp_id: &WpId) -> Option<&Record> {
        self.records.get(wp_id)
    }

    /// Sets where a work package is, for readers of a transaction that is not published yet.
    pub fn set(&mut self, wp_id: WpId, record: Record) {
        self.records.insert(wp_id, record);
    }

    /// What is to be said of the logs that they were read from.
    #[must_use]
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// All of them.
    pub(super) fn rows(&self) -> impl Iterator<Item = (String, Record)> {
        self.records.iter().map(|(wp_id, record)| (wp_id.to_string(), record.clone()))
    }

    /// The work packages that the log knows.
    pub fn ids(&self) -> impl Iterator<Item = &WpId> {
        self.records.keys()
    }
}

/// The statuses by the log of the mission in `kitty-specs/<dir>` of a commit.
///
/// # Errors
/// If the log is damaged or cannot be read.
pub fn statuses_at(repo: &Repo, commit: Oid, dir: &str) -> Result<Statuses> {
    let path = layout::event_log(dir);
    let bytes = repo.blob_at(repo.tree_of_commit(commit)?, &path)?.unwrap_or_default();
    Ok(records(statuses([&Log::parse(&path.to_string(), &bytes)?])))
}

impl Store<'_> {
    /// The statuses by the union of the mission's logs. Whether these are what they have to be after
    /// what was seen before, [`Statuses::evidence`] tells.
    ///
    /// # Errors
    /// If a log cannot be read, a line is damaged, or two logs give one id to different events.
    pub fn statuses(&self, mission: &Mission) -> Result<Statuses> {
        let read = || {
            let logs = self.logs(mission)?;
            let statuses = self.statuses_of(mission, &logs)?;
            Ok(Statuses { evidence: self.evidence_of(mission, &logs)?, ..statuses })
        };
        match &self.moment {
            Some(moment) => moment.statuses.of(mission, read),
            None => read(),
        }
    }

    fn statuses_of(&self, mission: &Mission, logs: &[LogFile]) -> Result<Statuses> {
        let ids: Vec<Oid> = logs.iter().map(|log| log.oid).collect();
        if let Some((statuses, _)) = self.recall(mission, &ids) {
            return Ok(statuses);
        }
        let texts = self.read_logs(logs)?;
        let statuses = read(&texts)?;
        let ids: Vec<Oid> = texts.iter().map(|text| text.oid).collect();
        self.remember(mission, &ids, &statuses, None);
        Ok(statuses)
    }
}

/// The statuses by the union of logs. Those that the first one begins with add nothing.
fn read(texts: &[LogText]) -> Result<Statuses, Refusal> {
    let first = texts.first().map(|text| text.found.bytes.as_slice()).unwrap_or_default();
    let more = texts.iter().skip(1).filter(|text| !first.starts_with(&text.found.bytes));
    let logs = texts.first().into_iter().chain(more);
    let logs = logs.map(|text| Log::parse(&text.found.shown, &text.found.bytes));
    let mut logs = logs.collect::<Result<Vec<_>, _>>()?;
    let log = if logs.len() > 1 { Log::union(logs)? } else { logs.pop().unwrap_or_default() };
    Ok(records(statuses([&log])))
}

/// Statuses that outlive their log.
#[must_use]
pub fn records(found: BTreeMap<&str, WpStatus<'_>>) -> Statuses {
    let records = found.into_iter().filter_map(|(wp_id, found)| {
        let record = Record {
            status: found.status,
            actor: found.actor.to_owned(),
            at: found.at.to_owned(),
            event_id: found.last_event_id.to_owned(),
            claim: found.claim,
        };
        Some((wp_id.parse().ok()?, record))
    });
    records.collect()
}

impl FromIterator<(WpId, Record)> for Statuses {
    fn from_iter<I: IntoIterator<Item = (WpId, Record)>>(records: I) -> Self {
        Self { records: records.into_iter().collect(), evidence: Evidence::default() }
    }
}
