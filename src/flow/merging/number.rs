//! `mission_number`, which a mission gets when it lands, for display only.

use anyhow::Result;

use crate::domain::change::{Entry, Mode};
use crate::domain::json::Change;
use crate::domain::layout;
use crate::domain::meta::{Meta, edit, number_in};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::git::{Repo, Writer};

/// The number after the greatest of those in a tree, 1 if there is none (`formats.md` section 7, as
/// the reference counts). What cannot be read counts for nothing.
///
/// # Errors
/// If a tree cannot be read.
pub(super) fn next_number(repo: &Repo, tree: Oid) -> Result<u32> {
    let missions = repo.entry(tree, &layout::MISSIONS.into())?;
    let Some(missions) = missions.filter(|entry| entry.mode == Mode::Tree) else { return Ok(1) };
    let mut greatest = 0;
    for mission in repo.entries(missions.oid)? {
        if mission.entry.mode != Mode::Tree {
            continue;
        }
        let meta = repo.blob_at(mission.entry.oid, &layout::META.into())?;
        greatest = greatest.max(meta.and_then(|bytes| number_in(&bytes)).unwrap_or(0));
    }
    Ok(greatest.saturating_add(1))
}

/// Where the `meta.json` of the mission in a directory is.
pub(super) fn meta_path(dir: &str) -> RepoPath {
    layout::in_mission(dir, layout::META)
}

/// A `meta.json` with the number.
///
/// # Errors
/// As [`edit`].
pub(super) fn with_number(bytes: &[u8], path: &RepoPath, number: u32) -> Result<Vec<u8>> {
    Ok(edit(bytes, &path.to_string(), &[Change::set("mission_number", number)])?)
}

/// The tree that lands with the mission's number, where its `meta.json` is on the target only, as in
/// missions of Spec Kitty, and has none: a merge of both sides does not bring it there.
///
/// # Errors
/// If an object cannot be read or written.
pub(super) fn numbered(
    (writer, repo): (&Writer<'_>, &Repo),
    tree: Oid,
    (dir, number): (&str, Option<u32>),
) -> Result<Oid> {
    let path = meta_path(dir);
    let (Some(number), Some(bytes)) = (number, repo.blob_at(tree, &path)?) else {
        return Ok(tree);
    };
    let is_without = Meta::parse(&bytes, layout::META).is_ok_and(|meta| meta.number.is_none());
    if !is_without {
        return Ok(tree);
    }
    let oid = writer.blob(&with_number(&bytes, &path, number)?)?;
    writer.tree_with(Some(tree), &[(path, Some(Entry { mode: Mode::File, oid }))])
}
