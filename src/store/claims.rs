//! The claims that a lane's worktree was opened for: a small file in its own Git directory.
//!
//! A worktree that has none (another tool made it) says nothing of its worker.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::domain::id::WpId;
use crate::domain::layout;
use crate::git::file::{read_if_present, replace};

const SCHEMA: u32 = 1;

#[derive(Default, Serialize, Deserialize)]
struct Document {
    schema: u32,
    /// The event of the claim, by work package.
    claims: BTreeMap<String, String>,
}

/// The event of the claim of `wp_id` that the worktree with this Git directory was opened for.
///
/// # Errors
/// If the file is there and cannot be read, or is damaged.
pub fn claim_of(git_dir: &Path, wp_id: &WpId) -> Result<Option<String>> {
    Ok(read(git_dir)?.claims.remove(wp_id.as_str()))
}

/// Writes down that the worktree is for this claim of `wp_id` from now on.
///
/// # Errors
/// If the file cannot be written.
pub fn open_for(git_dir: &Path, wp_id: &WpId, event_id: &str) -> Result<()> {
    let mut document = read(git_dir).unwrap_or_default();
    document.schema = SCHEMA;
    let known = document.claims.insert(wp_id.to_string(), event_id.to_owned());
    if known.as_deref() == Some(event_id) {
        return Ok(());
    }
    let mut bytes = serde_json::to_vec(&document)?;
    bytes.push(b'\n');
    replace(&git_dir.join(layout::CLAIMS), &bytes)
}

fn read(git_dir: &Path) -> Result<Document> {
    let bytes = read_if_present(&git_dir.join(layout::CLAIMS))?;
    Ok(bytes.map(|bytes| serde_json::from_slice(&bytes)).transpose()?.unwrap_or_default())
}
