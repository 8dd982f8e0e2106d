//! `mission_number`, which a mission gets when it lands, for display only.

use anyhow::Result;

use crate::domain::change::Mode;
use crate::domain::layout;
use crate::domain::meta::Meta;
use crate::domain::oid::Oid;
use crate::git::Repo;

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
        let meta = meta.and_then(|bytes| Meta::parse(&bytes, layout::META).ok());
        greatest = greatest.max(meta.and_then(|meta| meta.number).unwrap_or(0));
    }
    Ok(greatest.saturating_add(1))
}
