//! What one transaction has for the sinks.

use serde::{Deserialize, Serialize};

use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::time::Instant;

/// What a transaction is about to publish.
#[derive(Debug, Clone, Copy)]
pub struct News<'n> {
    /// The branch that gets it.
    pub branch: &'n BranchName,
    /// The commit that is to be published there.
    pub commit: Oid,
    /// The events, each as its line of the log.
    pub lines: &'n [String],
    /// When.
    pub at: Instant,
}

/// The file of a transaction: its events, and the deliveries that are still to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    schema: u32,
    /// The branch that has the events.
    pub branch: String,
    /// The commit that brought them.
    pub commit: String,
    /// When that was, as a log has times.
    pub since: String,
    /// The deliveries that are still to be made, one for each sink.
    pub deliveries: Vec<Delivery>,
    /// The events, each as its line of the log.
    pub events: Vec<String>,
}

/// A batch on its way to one sink.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id: the number of the batch and the name of the sink.
    pub id: String,
    /// The sink, as `kitty.sink.<name>.command` calls it.
    pub sink: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was tried last, as a log has times.
    pub last_attempt: Option<String>,
    /// Why it failed.
    pub last_error: Option<String>,
    /// Whether it is to be left alone for a while: the sink did not end in time.
    #[serde(default)]
    pub timed_out: bool,
}

const SCHEMA: u32 = 1;

impl Batch {
    pub(super) fn new(number: u64, news: News<'_>, sinks: &[String]) -> Self {
        let delivery = |sink: &String| Delivery {
            id: format!("{}-{sink}", number_text(number)),
            sink: sink.clone(),
            attempts: 0,
            last_attempt: None,
            last_error: None,
            timed_out: false,
        };
        Self {
            schema: SCHEMA,
            branch: news.branch.to_string(),
            commit: news.commit.to_string(),
            since: news.at.to_log(),
            deliveries: sinks.iter().map(delivery).collect(),
            events: news.lines.to_vec(),
        }
    }

    /// Reads one; `None` for anything that is none, such as the file of a writer that was killed
    /// while it wrote.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let batch: Self = serde_json::from_slice(bytes).ok()?;
        (batch.schema == SCHEMA).then_some(batch)
    }

    pub(super) fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// A number so that names sort as numbers do.
pub(super) fn number_text(number: u64) -> String {
    format!("{number:016}")
}
