//! The use cases: survey, plan, carry out, and look again.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::addition::Addition;
use super::binary;
use super::drivers;
use super::plan::{self, Plan};
use super::setup::Setup;
use super::status::{HookRow, HookState, rows};
use super::survey::{Programs, Survey, Wish, find_programs};
use crate::domain::refusal::{Refusal, Warning};
use crate::git::setup as git;
use crate::hook::Door;

/// How the hooks stand, and what was done about it.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How the hooks stand now.
    pub rows: Vec<HookRow>,
    /// What this run changed, a sentence each; empty if all was as it should be.
    pub changed: Vec<String>,
    /// Hooks that were left alone because they are not ours any more.
    pub warnings: Vec<Warning>,
}

/// Installs exactly these hooks in the repository around `start`, for all its worktrees.
///
/// Idempotent: a second run writes nothing. A hook that is there runs before ours from then on.
///
/// # Errors
/// A [`Refusal`] before anything was changed; else if a file cannot be read or written.
pub fn install(start: &Path, doors: &[Door]) -> Result<Report> {
    reach(start, Wish { doors: doors.to_vec(), ..Wish::default() })
}

/// Installs the hook of a server, and only that, in the bare repository around `start`: people work
/// in others, and push to it.
///
/// # Errors
/// [`Refusal::ServerNotBare`]; as [`install`].
pub fn install_server(start: &Path) -> Result<Report> {
    match git::primary(start)? {
        Some(top) => Err(Refusal::ServerNotBare { path: top.display().to_string() }.into()),
        None => install(start, Door::SERVER),
    }
}

/// As [`install`], with the merge drivers of logs and snapshots, and with lines for files of the
/// common directory. Uninstalling takes all of it back.
///
/// # Errors
/// As [`install`].
pub fn set_up(start: &Path, doors: &[Door], mut additions: Vec<Addition>) -> Result<Report> {
    additions.extend(drivers::additions());
    let drivers = Some(drivers::file_bytes()?);
    reach(start, Wish { doors: doors.to_vec(), additions, drivers })
}

fn reach(start: &Path, wish: Wish) -> Result<Report> {
    let survey = Survey::take(start, &wish, find_programs(&wish.doors)?)?;
    let plan = plan::install(&survey, &wish)?;
    let (changed, warnings) = carry_out(plan)?;
    let survey = Survey::take(start, &wish, survey.programs)?;
    Ok(Report { rows: rows(&survey, &wish), changed, warnings })
}

/// Takes away what was installed, and restores what was there before, byte for byte. A hook that
/// another tool wrote over ours stays, with a warning.
///
/// # Errors
/// If the record of what was installed is damaged, or a file cannot be written.
pub fn uninstall(start: &Path) -> Result<Report> {
    let plan = plan::uninstall(&Survey::take_ours(start)?);
    let left = plan.left.clone();
    let (changed, warnings) = carry_out(plan)?;
    let rows = match status(start) {
        Ok(report) => report.rows,
        Err(error) if error.is::<Refusal>() => Vec::new(),
        Err(error) => return Err(error),
    };
    let rows = rows.into_iter().map(|row| as_left(row, &left)).collect();
    Ok(Report { rows, changed, warnings })
}

/// How the hooks stand that were asked for, or all where none were. Changes nothing.
///
/// # Errors
/// A [`Refusal`] where hooks of ours would not be run, else if a file cannot be read.
pub fn status(start: &Path) -> Result<Report> {
    let repository = git::repository(start)?;
    let setup = Setup::load(&repository.common)?;
    let doors = setup.map_or_else(|| Door::LOCAL.to_vec(), |setup| setup.doors);
    let find = |&door: &Door| Some((door, binary::find(door).ok()?));
    let programs: Programs = doors.iter().filter_map(find).collect();
    let wish = Wish { doors, ..Wish::default() };
    let survey = Survey::take(start, &wish, programs)?;
    Ok(Report { rows: rows(&survey, &wish), ..Report::default() })
}

fn carry_out(plan: Plan) -> Result<(Vec<String>, Vec<Warning>)> {
    let mut changed = Vec::new();
    for step in plan.steps {
        step.execute()?;
        changed.extend(step.describe());
    }
    Ok((changed, plan.left.iter().map(|hook| left_alone(hook)).collect()))
}

fn left_alone(hook: &Path) -> Warning {
    let message = format!("`{}` is another tool's hook now and was left alone", hook.display());
    Warning { code: "HOOK_REPLACED", message }
}

fn as_left(row: HookRow, left: &[PathBuf]) -> HookRow {
    let replaced = left.iter().any(|path| row.path == path.display().to_string());
    HookRow { state: if replaced { HookState::Replaced } else { row.state }, ..row }
}
