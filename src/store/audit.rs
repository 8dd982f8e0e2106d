//! What was let pass past the judge: `policy-audit.jsonl` in the common directory, a line each, only
//! appended to. `docs/design/overrides.md` has the format.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::domain::layout;
use crate::git::Repo;
use crate::git::file::{append_line, read_if_present};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// An override was granted.
    #[serde(rename = "override.granted")]
    Granted,
    /// An override let something pass at a door.
    #[serde(rename = "override.used")]
    Used,
    /// An override was taken back before its time.
    #[serde(rename = "override.revoked")]
    Revoked,
    /// A door that only warns let pass what an earlier door had not seen.
    #[serde(rename = "guard.bypassed")]
    Bypassed,
    /// A merge went on although a review asks for changes.
    #[serde(rename = "merge_gate_override")]
    ReviewSkipped,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its ULID.
    pub event_id: String,
    /// What happened.
    pub event_type: Kind,
    /// When, as logs have times.
    pub at: String,
    /// Who did it.
    pub actor: String,
    /// The full name of the branch's ref.
    #[serde(rename = "ref")]
    pub ref_name: String,
    /// What more there is to say.
    #[serde(flatten)]
    pub details: Details,
}

/// What more there is to say; what does not apply is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// The override.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub override_id: Option<String>,
    /// Why it was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// From when on it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The door that let it pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub door: Option<String>,
    /// The mission's directory, if the branch is one of a mission's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mission_slug: Option<String>,
    /// What the ref held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// What it was to hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// The commits that were let pass.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub commits: Vec<String>,
    /// The codes of the reasons that spoke against it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
}

/// Appends a line; durable when it returns.
///
/// # Errors
/// If it cannot be written: what is to be written down must not happen then.
pub fn append(repo: &Repo, entry: &Entry) -> Result<()> {
    let line = serde_json::to_vec(entry).context("could not write a line of the audit")?;
    append_line(&path(repo), &line)
}

/// All lines. Those that cannot be read are left out.
///
/// # Errors
/// If the file cannot be read.
pub fn read(repo: &Repo) -> Result<Vec<Entry>> {
    let bytes = read_if_present(&path(repo))?.unwrap_or_default();
    let lines = bytes.split(|byte| *byte == b'\n');
    Ok(lines.filter_map(|line| serde_json::from_slice(line).ok()).collect())
}

fn path(repo: &Repo) -> PathBuf {
    repo.common_dir().join(layout::AUDIT)
}
