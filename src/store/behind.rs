//! Which branches a mission's command was about to move, so that the next one can bring up checkouts
//! that did not follow: `kitty/behind/<mission>.json` in the common directory, there only while such a
//! command runs, and after it was killed.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::git::file::{read_if_present, replace_under_lock};
use crate::git::{Repo, shared};

const SCHEMA: u32 = 1;

/// A branch that was about to move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// Its ref.
    pub name: RefName,
    /// Where it was.
    pub old: Oid,
    /// Where it was to go.
    pub new: Oid,
}

#[derive(Serialize, Deserialize)]
struct Document {
    schema: u32,
    /// The commit of the coordination branch that the moves come of.
    tip: String,
    /// Name, old and new value.
    branches: Vec<[String; 3]>,
}

/// Writes down what is about to move, under the mission's lock.
///
/// # Errors
/// If it cannot be written.
pub fn write(repo: &Repo, dir: &str, (tip, branches): (Oid, &[&Behind])) -> Result<()> {
    let line = |one: &&Behind| [one.name.to_string(), one.old.to_string(), one.new.to_string()];
    let document = Document {
        schema: SCHEMA,
        tip: tip.to_string(),
        branches: branches.iter().map(line).collect(),
    };
    let path = place(repo, dir);
    if let Some(directory) = path.parent() {
        shared::create_dir_all(directory)?;
    }
    replace_under_lock(&path, &serde_json::to_vec(&document)?)
}

/// What was written down and not forgotten: the commit that it comes of, and the branches.
///
/// # Errors
/// If it is there and cannot be read.
pub fn read(repo: &Repo, dir: &str) -> Result<Option<(Oid, Vec<Behind>)>> {
    let path = place(repo, dir);
    let Some(bytes) = read_if_present(&path)? else { return Ok(None) };
    // A power cut may have left half of it: then nothing is known.
    let Ok(document) = serde_json::from_slice::<Document>(&bytes) else { return Ok(None) };
    let one = |[name, old, new]: [String; 3]| {
        Ok(Behind { name: name.parse()?, old: old.parse()?, new: new.parse()? })
    };
    let read = || {
        let branches = document.branches.into_iter().map(one).collect::<Result<_>>()?;
        anyhow::Ok(Some((document.tip.parse()?, branches)))
    };
    read().with_context(|| format!("`{}` is damaged", path.display()))
}

/// Forgets it: nothing is behind any more.
pub fn forget(repo: &Repo, dir: &str) {
    let _ = std::fs::remove_file(place(repo, dir));
}

fn place(repo: &Repo, dir: &str) -> PathBuf {
    repo.kitty_dir().join("behind").join(format!("{dir}.json"))
}
