//! Whether a prompt belongs to what one is about to review. Whatever is in doubt is a no.

use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::Result;

use super::context::{metadata, root, text};
use crate::domain::id::WpId;
use crate::domain::refusal::{Refusal, ReviewRefusal};
use crate::domain::review::prompt::{Claims, Metadata, claims};
use crate::git::Repo;
use crate::git::file::open_regular;
use crate::git::worktree::is_same;
use crate::store::{Mission, Store, prompts};

/// What the caller knows of the prompt that it was given.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expected<'a> {
    /// The handle of its mission.
    pub mission: Option<&'a str>,
    /// Its work package.
    pub wp_id: Option<&'a WpId>,
}

/// How much of a file is read: metadata stands at its head.
const LIMIT: u64 = 1 << 20;

/// Compares all metadata of a prompt with the repository as it is now, and with what was recorded
/// when the prompt was made here.
///
/// # Errors
/// [`ReviewRefusal::PromptDistrusted`] with every field that is missing or differs, also for a file
/// that is not there; [`Refusal::MissionNotFound`] and the like for a handle.
pub fn verify(repo: &Repo, file: &Path, expected: Expected<'_>) -> Result<Metadata> {
    let claims = claims(&head(file));
    let record = prompts::record_of(repo, file)?;
    let about = about(repo, (record.as_ref(), &claims), expected)?;
    let mut doubtful = Vec::new();
    let mut requested = match about {
        Some((mission, wp_id)) => metadata(repo, &mission, &wp_id)?,
        None => {
            doubtful.extend(["mission_slug", "work_package_id"]);
            Metadata { repo_root: text(&root(repo)?), ..Metadata::default() }
        }
    };
    if record.is_none() {
        doubtful.push("invocation_id");
    }
    if !record.as_ref().is_some_and(|record| is_its_own(file, record)) {
        doubtful.push("prompt_path");
    }
    let record = record.unwrap_or_default();
    requested.invocation_id = record.invocation_id;
    requested.created_at = record.created_at;
    requested.prompt_path = record.prompt_path;
    match requested.clone().distrusts(claims, &doubtful) {
        None => Ok(requested),
        Some(distrust) => {
            let (path, distrust) = (text(file), Box::new(distrust));
            Err(Refusal::from(ReviewRefusal::PromptDistrusted { path, distrust }).into())
        }
    }
}

/// Whether a file is where its record has it, and no link to there or from there.
fn is_its_own(file: &Path, record: &Metadata) -> bool {
    fs::symlink_metadata(file).is_ok_and(|found| found.is_file())
        && is_same(Path::new(&record.prompt_path), file)
}

/// What the prompt is about: what the caller expects, else what was recorded, else what it claims;
/// `None` if there is no such mission here.
fn about(
    repo: &Repo,
    (record, claims): (Option<&Metadata>, &Claims),
    expected: Expected<'_>,
) -> Result<Option<(Mission, WpId)>> {
    let claimed = |key| claims.get(key).map(String::as_str);
    let dir = record.map_or_else(|| claimed("mission_slug"), |record| Some(&record.mission_slug));
    let wp_id =
        record.map_or_else(|| claimed("work_package_id"), |record| Some(&record.work_package_id));
    let store = Store::new(repo);
    let mission = match (expected.mission, dir) {
        (Some(handle), _) => Some(store.by_handle(handle)?),
        (None, Some(dir)) => store.open(dir)?,
        (None, None) => None,
    };
    let wp_id = expected.wp_id.cloned().or_else(|| wp_id?.parse().ok());
    Ok(mission.zip(wp_id))
}

/// The beginning of a file; nothing of what is no file, or cannot be read.
fn head(file: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = open_regular(file).and_then(|file| file.take(LIMIT).read_to_end(&mut bytes));
    if read.is_err() {
        bytes.clear();
    }
    bytes
}
