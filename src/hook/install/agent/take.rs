//! Taking back what tools were told.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::super::setup::recorded_doors;
use super::AgentReport;
use super::place::{Place, places, source};
use super::record::{Exclusion, Record, Touched};
use super::status::rows_of;
use crate::domain::agent::{Tool, is_in, remove};
use crate::git::file::{edit, path_of, read_if_present, replace};
use crate::git::setup::{self, Repository};

/// What becomes of a file.
enum Step {
    Write(Vec<u8>),
    Remove,
}

/// Takes back what these tools were told in the repository around `start`, byte for byte where
/// nobody touched it since, and also out of the settings of the worktree that one stands in.
///
/// # Errors
/// As [`super::tell`]: settings that cannot be read are refused before anything is changed.
pub fn untell(start: &Path, tools: &[Tool]) -> Result<AgentReport> {
    let repository = setup::repository(start)?;
    let others = others(&repository, tools, (start, |place| place.is_here))?;
    take(&repository, tools, others, start)
}

/// Takes back all that tools were told, as far as it was us who told them.
///
/// # Errors
/// As [`untell`].
pub fn untell_all(start: &Path) -> Result<AgentReport> {
    let repository = setup::repository(start)?;
    // The hooks go after this: what would keep them must be found before.
    recorded_doors(&repository.common)?;
    let tools = Record::load(&repository.common)?.tools();
    let others = others(&repository, &tools, (start, |_| false))?;
    take(&repository, &tools, others, start)
}

/// Where the tools are told and git does not have it, so that it was us, whatever the record calls
/// the place; and those that are `wanted` too.
fn others(
    repository: &Repository,
    tools: &[Tool],
    (start, wanted): (&Path, fn(&Place) -> bool),
) -> Result<Vec<Place>> {
    let mut others = Vec::new();
    for tool in tools {
        for place in places(repository, *tool, start)? {
            if wanted(&place) || (place.is_told()? && !place.is_tracked()?) {
                others.push(place);
            }
        }
    }
    Ok(others)
}

fn take(
    repository: &Repository,
    tools: &[Tool],
    others: Vec<Place>,
    start: &Path,
) -> Result<AgentReport> {
    let common = &repository.common;
    let mut record = Record::load(common)?;
    let mut steps = Vec::new();
    for touched in record.files.iter().filter(|file| tools.contains(&file.tool)) {
        let file = touched.path.resolve(common);
        steps.extend(step(&file, touched.tool, Some(touched))?.map(|step| (file, step)));
    }
    for place in others {
        if !steps.iter().any(|(file, _)| *file == place.file) {
            let file = place.file.clone();
            steps.extend(step(&file, place.tool, None)?.map(|step| (file, step)));
        }
    }
    let mut report = AgentReport::default();
    for (file, step) in steps {
        report.changed.push(step.execute(&file)?);
    }
    forget(common, &mut record, tools)?;
    report.rows = rows_of(repository, tools, start)?;
    Ok(report)
}

/// What becomes of a file that a tool is told in; `None` if nothing.
fn step(file: &Path, tool: Tool, touched: Option<&Touched>) -> Result<Option<Step>> {
    let Some(bytes) = read_if_present(file)? else { return Ok(None) };
    let name = file.display().to_string();
    if !is_in(&bytes, tool, source(&name))? {
        return Ok(None);
    }
    let undone = touched.and_then(|touched| {
        let text = touched.undone(std::str::from_utf8(&bytes).ok()?)?.into_bytes();
        let is_whole = text.is_empty() || is_in(&text, tool, source(&name)).is_ok_and(|is| !is);
        is_whole.then_some(text)
    });
    let left = undone.map_or_else(|| remove(&bytes, tool, source(&name)), Ok)?;
    let made = touched.filter(|touched| touched.created && is_empty(&left));
    Ok(Some(match made {
        Some(_) => Step::Remove,
        None => Step::Write(left),
    }))
}

/// Whether nothing is left of a file that we made.
fn is_empty(bytes: &[u8]) -> bool {
    let left = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes);
    bytes.is_empty() || left.is_ok_and(|left| left.keys().all(|key| key == "version"))
}

impl Step {
    fn execute(self, file: &Path) -> Result<String> {
        match self {
            Self::Write(bytes) => {
                replace(file, &bytes)?;
                Ok(format!("took our hook out of `{}`", file.display()))
            }
            Self::Remove => {
                fs::remove_file(file)
                    .with_context(|| format!("could not remove `{}`", file.display()))?;
                Ok(format!("removed `{}`", file.display()))
            }
        }
    }
}

/// Takes the tools out of the record, with the directories that were made for them, and their lines
/// out of the files that keep ours hidden.
fn forget(common: &Path, record: &mut Record, tools: &[Tool]) -> Result<()> {
    let (gone, kept): (Vec<Exclusion>, Vec<Exclusion>) =
        record.exclusions.drain(..).partition(|exclusion| tools.contains(&exclusion.tool));
    record.exclusions = kept;
    for made in record.files.iter().filter(|file| file.directory && tools.contains(&file.tool)) {
        if let Some(directory) = made.path.resolve(common).parent() {
            // It stays if something else is in it.
            let _ = fs::remove_dir(directory);
        }
    }
    record.files.retain(|file| !tools.contains(&file.tool));
    for Exclusion { lines, .. } in gone.into_iter().rev() {
        let file: PathBuf = common.join(path_of(lines.file.clone().into_bytes()));
        if !file.exists() {
            continue;
        }
        let mut is_empty = false;
        edit(&file, |bytes| {
            let kept = lines.taken_from(bytes);
            is_empty = kept.is_empty();
            kept
        })?;
        if is_empty && lines.created {
            let _ = fs::remove_file(&file);
        }
    }
    record.save(common)
}
