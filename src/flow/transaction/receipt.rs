//! What a transaction will have done, and what it did.

use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::refusal::Warning;
use crate::git::Move;

/// An event that will be there when the transaction is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Its id.
    pub event_id: String,
    /// Its time, as the log will have it.
    pub at: String,
    /// The work package it is about.
    pub wp_id: String,
    /// The line, without its end.
    pub line: String,
}

impl Pending {
    /// The event that a line of a log has.
    pub(in crate::flow) fn of_line(line: &str) -> Result<Self> {
        let fields: Map<String, Value> = serde_json::from_str(line)?;
        let text =
            |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let line = line.to_owned();
        Ok(Self { event_id: text("event_id"), at: text("at"), wp_id: text("wp_id"), line })
    }
}

/// What a published transaction did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The branch that moved.
    pub branch: String,
    /// The commit, and the first line of its message; `None` if there was nothing to do.
    pub commit: Option<(String, String)>,
    /// The refs that moved, or would, that of the branch included.
    pub moves: Vec<Move>,
    /// The events, in order.
    pub events: Vec<Pending>,
    /// The log, from the top of the repository.
    pub log_path: String,
    /// What is worth telling.
    pub warnings: Vec<Warning>,
}
