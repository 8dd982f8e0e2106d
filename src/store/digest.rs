//! What a log adds up to: all that a write has to know of it, so that it need not be read again at
//! every event.

use anyhow::Result;

use crate::domain::event::{Log, statuses};
use crate::domain::oid::Oid;
use crate::domain::snapshot::{MissionFacts, Snapshot, reduce};

use super::mission::{Mission, Store};
use super::statuses::{Statuses, records};

/// What the log of a coordinated mission adds up to.
#[derive(Debug, Clone)]
pub struct Digest {
    /// Where each work package is.
    pub statuses: Statuses,
    /// The greatest time in the log, as a string.
    pub greatest_at: Option<String>,
    /// Its snapshot.
    pub snapshot: Snapshot,
}

/// What a cache entry has for [`Digest`], besides the statuses.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Rest {
    pub(super) greatest_at: Option<String>,
    /// The blob of the snapshot, as we wrote it.
    pub(super) snapshot: String,
}

impl Store<'_> {
    /// What the log adds up to that is the content of the blob `id`, or there is none yet; `shown`
    /// names it in messages.
    ///
    /// # Errors
    /// If a line is damaged.
    pub fn digest(
        &self,
        mission: &Mission,
        (id, log): (Option<Oid>, &[u8]),
        shown: &str,
    ) -> Result<Digest> {
        if let Some(digest) = id.and_then(|id| self.known_digest(mission, id)) {
            return Ok(digest);
        }
        let log = Log::parse(shown, log)?;
        let times = log.lines().iter().filter_map(|line| line.event.at());
        Ok(Digest {
            statuses: records(statuses([&log])),
            greatest_at: times.max().map(str::to_owned),
            snapshot: reduce(&log, Some(&MissionFacts::of(&mission.meta)))?,
        })
    }

    /// Keeps what the log in the blob `id` adds up to, whose snapshot is in the blob `snapshot`.
    pub fn remember_digest(
        &self,
        mission: &Mission,
        (id, snapshot): (Oid, Oid),
        statuses: &Statuses,
        greatest_at: Option<String>,
    ) {
        let rest = Rest { greatest_at, snapshot: snapshot.to_string() };
        self.remember(mission, &[id], statuses, Some(rest));
    }

    fn known_digest(&self, mission: &Mission, id: Oid) -> Option<Digest> {
        let (statuses, rest) = self.recall(mission, &[id])?;
        let Rest { greatest_at, snapshot } = rest?;
        let bytes = self.repo.blob(snapshot.parse().ok()?).ok()?;
        let snapshot = Snapshot::parse(&snapshot, &bytes).ok()?;
        Some(Digest { statuses, greatest_at, snapshot })
    }
}
