//! Three-way merges of single texts, in one call of git for all of them.

use anyhow::{Context, Result};

use super::durability::Durability;
use super::merge::automatic_merge;
use super::repo::Repo;
use super::write::{CommitSpec, Signed, Writer};
use crate::domain::change::{Entry, Mode};
use crate::domain::identity::Identity;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::time::Instant;

/// A text that was changed on both sides.
#[derive(Debug, Clone)]
pub struct Texts<'a> {
    /// What both began with; `None` if nothing is known.
    pub base: Option<&'a [u8]>,
    /// What one side has.
    pub ours: &'a [u8],
    /// What the other side has.
    pub theirs: &'a [u8],
}

/// Merges each text as git merges a file, without regard to attributes; `None` is a conflict.
///
/// Writes objects that nothing reaches; moves no ref and touches no work tree.
///
/// # Errors
/// If objects cannot be written, or git fails.
pub fn merge_texts(repo: &Repo, all: &[Texts<'_>]) -> Result<Vec<Option<Vec<u8>>>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let writer = Writer::new(repo, Durability::Git);
    let side = |text: &dyn Fn(&Texts<'_>) -> Option<Vec<u8>>, parents: Vec<Oid>| {
        scratch(&writer, all.iter().map(text), parents)
    };
    let base = side(&|texts| texts.base.map(<[u8]>::to_vec), Vec::new())?;
    let ours = side(&|texts| Some(texts.ours.to_vec()), vec![base])?;
    let theirs = side(&|texts| Some(texts.theirs.to_vec()), vec![base])?;
    let merged = automatic_merge(repo, ours, &[theirs])?;
    let result = |at: usize| {
        let name = name(at);
        if merged.conflicted.contains(&name) {
            return Ok(None);
        }
        repo.blob_at(merged.tree, &name)?.context("a text vanished in its merge").map(Some)
    };
    (0..all.len()).map(result).collect()
}

/// Names that no attributes are about.
fn name(at: usize) -> RepoPath {
    RepoPath::new(format!("text-{at:06}"))
}

/// A commit of the texts, for a merge to start from.
fn scratch(
    writer: &Writer<'_>,
    texts: impl Iterator<Item = Option<Vec<u8>>>,
    parents: Vec<Oid>,
) -> Result<Oid> {
    let mut edits = Vec::new();
    for (at, text) in texts.enumerate() {
        if let Some(text) = text {
            edits.push((name(at), Some(Entry { mode: Mode::File, oid: writer.blob(&text)? })));
        }
    }
    let tree = writer.tree_with(None, &edits)?;
    let who = Identity::new("git-kitty", "git-kitty@invalid").context("a fixed identity")?;
    let signed = Signed { who: &who, at: Instant::from_micros(0) };
    writer.scratch(&CommitSpec {
        tree,
        parents,
        author: signed,
        committer: signed,
        message: "text\n",
    })
}
