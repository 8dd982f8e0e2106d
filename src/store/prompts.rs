//! Review prompts as files: in the system's temporary directory, and in the common Git directory a
//! record of each, by which it is known again.
//!
//! Their paths differ by repository, mission, work package and invocation, so that none is ever
//! written over another (`formats.md` section 9). The last ones of each work package are kept.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::domain::layout;
use crate::domain::refusal::{Refusal, ReviewRefusal};
use crate::domain::review::prompt::{DIRECTORY, KEPT, Metadata, is_invocation, sanitized};
use crate::git::file::{read_if_present, replace, replace_quickly};
use crate::git::{Repo, sha256, shared};

/// The file of a prompt, below `temporary`: `<repo>-<hash>/<mission>/<WP>/<invocation>.md`. The hash
/// is of the repository's path.
///
/// # Errors
/// None is known.
pub fn prompt_path(temporary: &Path, metadata: &Metadata) -> Result<PathBuf> {
    let Metadata { repo_root, mission_slug, work_package_id, invocation_id, .. } = metadata;
    let name = Path::new(repo_root).file_name().unwrap_or_default().to_string_lossy();
    let repo = format!("{}-{}", sanitized(&name), sha256(repo_root.as_bytes(), 12)?);
    let directory = temporary.join(DIRECTORY).join(repo);
    let directory = directory.join(sanitized(mission_slug)).join(sanitized(work_package_id));
    Ok(directory.join(format!("{invocation_id}.md")))
}

/// Writes a prompt to the file that its metadata names, keeps its record, and removes the oldest of
/// the same work package.
///
/// # Errors
/// [`ReviewRefusal::PromptPlaceTaken`]; if a file cannot be written.
pub fn keep(repo: &Repo, metadata: &Metadata, body: &str) -> Result<()> {
    let prompt = Path::new(&metadata.prompt_path);
    let record = record_path(repo, prompt).context("a prompt with a path of another kind")?;
    let [prompts, records] = [prompt, &record].map(|file| file.parent().unwrap_or(file));
    make_own(prompts)?;
    shared::create_dir_all(records)
        .with_context(|| format!("could not make `{}`", records.display()))?;
    replace_quickly(&record, &serde_json::to_vec(metadata)?)?;
    replace(prompt, metadata.document(body).as_bytes())?;
    prune(prompts, prompt);
    prune(records, &record);
    Ok(())
}

/// What a prompt was made with here, by the place of its file; `None` if this repository made no such
/// prompt, or has forgotten it.
///
/// # Errors
/// If the record cannot be read.
pub fn record_of(repo: &Repo, prompt: &Path) -> Result<Option<Metadata>> {
    let Some(path) = record_path(repo, prompt) else { return Ok(None) };
    let text = read_if_present(&path)?;
    Ok(text.and_then(|text| serde_json::from_slice(&text).ok()))
}

/// The record of the prompt at this path; `None` if prompts have no such paths.
fn record_path(repo: &Repo, prompt: &Path) -> Option<PathBuf> {
    let name = |path: &Path| path.file_name()?.to_str().map(str::to_owned);
    let invocation =
        name(prompt)?.strip_suffix(".md").filter(|text| is_invocation(text))?.to_owned();
    let wp_id = prompt.parent()?;
    let parts = [name(wp_id.parent()?)?, name(wp_id)?];
    let is_plain = parts.iter().all(|part| sanitized(part) == *part);
    let [mission, wp_id] = parts;
    let directory = repo.common_dir().join(layout::REVIEW_PROMPTS).join(mission).join(wp_id);
    is_plain.then(|| directory.join(format!("{invocation}.json")))
}

/// Makes the directories of a prompt. Through a link that somebody else put there, prompts would be
/// written elsewhere.
fn make_own(directory: &Path) -> Result<(), Refusal> {
    let taken = |path: &Path, what: String| {
        Refusal::from(ReviewRefusal::PromptPlaceTaken { path: path.display().to_string(), what })
    };
    fs::create_dir_all(directory).map_err(|error| taken(directory, error.to_string()))?;
    let is_own = |own: &&Path| fs::symlink_metadata(own).is_ok_and(|found| found.is_dir());
    match directory.ancestors().take(4).find(|own| !is_own(own)) {
        None => Ok(()),
        Some(other) => Err(taken(other, "it is a link".to_owned())),
    }
}

/// Removes all but the last files of invocations from a directory, never `own`. Others may do so at
/// the same moment; what cannot be removed stays.
fn prune(directory: &Path, own: &Path) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    let mut files: Vec<(SystemTime, PathBuf)> = entries
        .filter_map(|entry| {
            let (entry, path) = entry.ok().map(|entry| (entry.metadata(), entry.path()))?;
            let is_ours =
                path.file_stem().and_then(|stem| stem.to_str()).is_some_and(is_invocation);
            (is_ours && path != own).then_some((entry.ok()?.modified().ok()?, path))
        })
        .collect();
    files.sort();
    let over = (files.len() + 1).saturating_sub(KEPT);
    for (_, path) in files.iter().take(over) {
        let _ = fs::remove_file(path);
    }
}
