//! What git-kitty keeps in the Git directory, where this user may not write it: as after a `sudo`.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::case::Case;
use super::patient::Patient;
use crate::domain::finding::Kind;
use crate::git::unwritable;

const NOT_WRITABLE: Kind =
    Kind::error("NOT_WRITABLE").left("only its owner can let somebody else write there");

/// Where one may write nothing of the repository, git does not write either: then nothing is wrong.
pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let common = patient.repo.common_dir();
    if unwritable::check(common).is_some() {
        return Ok(Vec::new());
    }
    let own = patient.repo.kitty_dir();
    let below = fs::read_dir(&own).into_iter().flatten().filter_map(Result::ok);
    let mut places: Vec<PathBuf> = below.map(|entry| entry.path()).collect();
    places.extend([own, common.join("spec-kitty-locks")]);
    places.retain(|place| place.is_dir());
    places.sort();
    let found = places.iter().find_map(|place| unwritable::check(place));
    let found = found.map(|refusal| {
        NOT_WRITABLE.found("what git-kitty keeps", refusal.to_string(), refusal.hint())
    });
    Ok(found.map(Case::left).into_iter().collect())
}
