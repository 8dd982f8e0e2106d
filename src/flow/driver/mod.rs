//! Merge drivers: what git asks when both sides of a merge changed a file of a mission.
//!
//! The log becomes the union of all events. The snapshot is made anew from the log that the merge
//! will have. Where that cannot be proven, the file stays in conflict: better none than a wrong
//! one.

mod facts;
mod snapshot;

use crate::domain::event::{Schema, merge};
use crate::domain::layout;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Refusal;

pub use snapshot::snapshot;

/// The versions of a file that are merged; a file that is not there is empty.
#[derive(Debug, Clone)]
pub struct Versions {
    /// What both sides began with.
    pub base: Vec<u8>,
    /// What the merge goes into.
    pub ours: Vec<u8>,
    /// What is merged in.
    pub theirs: Vec<u8>,
}

/// The merge of a file of events. A `status.events.jsonl` has to hold events only; other files any
/// JSON objects. Without a path it counts as one of the first kind.
///
/// # Errors
/// As [`merge`]: the first damaged line, or all ids that stand for different events.
pub fn event_log(versions: &Versions, path: Option<&RepoPath>) -> Result<Vec<u8>, Refusal> {
    let path = path.map_or_else(|| layout::EVENT_LOG.to_owned(), ToString::to_string);
    let is_status = path.rsplit('/').next() == Some(layout::EVENT_LOG);
    let schema = if is_status { Schema::Status } else { Schema::Any };
    let Versions { base, ours, theirs } = versions;
    merge_named(schema, &path, [base, ours, theirs])
}

/// Merges versions in the order of the roles that messages name: base, ours, theirs.
fn merge_named(schema: Schema, path: &str, versions: [&[u8]; 3]) -> Result<Vec<u8>, Refusal> {
    let names = ["base", "ours", "theirs"].map(|side| format!("{side}:{path}"));
    merge(schema, names.iter().map(String::as_str).zip(versions))
}
