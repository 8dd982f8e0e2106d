//! What is wrong with the hooks of a repository.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::Door;
use super::install::{HookRow, HookState, install, is_set_up, recorded_doors, status};
use super::wish::{DOORS, Wish};
use crate::domain::finding::{Finding, Kind, Outcome};
use crate::domain::refusal::Refusal;
use crate::git::Repo;
use crate::git::file::is_executable;

const NOT_SET_UP: Kind =
    Kind::warning("NOT_SET_UP").left("whether git-kitty guards a repository is yours to decide");
const MISSING: Kind = Kind::error("HOOK_MISSING");
const OUTDATED: Kind = Kind::warning("HOOK_OUTDATED");
const REPLACED: Kind = Kind::error("HOOK_REPLACED");
const FOREIGN: Kind = Kind::error("HOOK_FOREIGN");
const LOOSENED: Kind =
    Kind::warning("DOORS_LOOSENED").left("somebody decided that these changes are not judged");

/// The version that runs.
const OWN: &str = env!("CARGO_PKG_VERSION");

/// What is wrong with the hooks; if `fix`, those of ours that are missing, changed or of another
/// version are installed again, and run what stands in their place first.
///
/// # Errors
/// If the repository cannot be looked at.
pub fn examine(repo: &Repo, start: &Path, fix: bool) -> Result<Vec<Finding>> {
    let common = repo.common_dir();
    let wish = Wish::of(repo);
    let wished = wish.as_ref().map(|wish| wish.doors.as_slice());
    let mut findings = if is_set_up(common) {
        let recorded = recorded_doors(common).unwrap_or_default();
        let found = hooks(start, recorded.as_deref().filter(|_| fix))?;
        // What the setting leaves out is told of the setting.
        let own = recorded.as_deref().filter(|doors| Some(*doors) != wished);
        found.into_iter().chain(loosened("the installed hooks", own)).collect()
    } else {
        let message = "nothing here is guarded: git-kitty was never set up";
        vec![NOT_SET_UP.found(common.display().to_string(), message, "`git kitty init`")]
    };
    let invalid = wish.as_ref().and_then(Wish::refusal);
    findings.extend(invalid.map(|refusal| Finding::of_refusal(&refusal, DOORS)));
    findings.extend(loosened(DOORS, wished));
    for finding in findings.iter_mut().filter(|finding| fix && finding.outcome.is_none()) {
        finding.outcome = finding.kind.left.map(|why| Outcome::Left(why.to_owned()));
    }
    Ok(findings)
}

/// The hooks that are not as they should be; if `doors` are given, after installing these.
fn hooks(start: &Path, doors: Option<&[Door]>) -> Result<Vec<Finding>> {
    let rows = match status(start) {
        Ok(report) => report.rows,
        Err(error) => {
            return Ok(vec![Finding::of_refusal(&error.downcast::<Refusal>()?, "the hooks")]);
        }
    };
    let mut findings: Vec<(&HookRow, Finding)> = Vec::new();
    for row in &rows {
        // Worktrees that share a hooks directory have one hook.
        if !findings.iter().any(|(known, _)| known.path == row.path) {
            findings.extend(finding(row).map(|finding| (row, finding)));
        }
    }
    if let Some(doors) = doors.filter(|_| !findings.is_empty()) {
        let done = install(start, doors);
        for (row, finding) in &mut findings {
            finding.outcome = Some(match &done {
                Ok(report) => outcome(row, &report.rows),
                Err(error) => Outcome::Left(format!("{error:#}")),
            });
        }
    }
    Ok(findings.into_iter().map(|(_, finding)| finding).collect())
}

fn finding(row: &HookRow) -> Option<Finding> {
    let HookRow { event, state, path, version, .. } = row;
    let runs = fs::metadata(path).is_ok_and(|found| is_executable(&found));
    let (kind, message) = match state {
        HookState::Installed => return None,
        HookState::Missing => (MISSING, format!("there is no hook `{event}` any more")),
        HookState::Outdated if !runs => {
            (OUTDATED, format!("`{path}` is not executable, so that git does not run it"))
        }
        HookState::Outdated | HookState::Idle => (OUTDATED, outdated(path, version.as_deref())),
        HookState::Replaced => (REPLACED, format!("another tool wrote its hook over `{path}`")),
        HookState::Foreign if !runs => (
            FOREIGN,
            format!("`{path}` is another tool's hook, which is not executable: none runs"),
        ),
        HookState::Foreign => (FOREIGN, format!("`{path}` is another tool's hook, and runs alone")),
    };
    Some(kind.found(path.as_str(), message, fix(row)))
}

/// What puts our hook there again, after whatever keeps installing from it.
fn fix(row: &HookRow) -> String {
    const INSTALL: &str = "`git kitty install`";
    let hint = row.hindrance.as_ref().map(Refusal::hint);
    hint.map_or_else(|| INSTALL.to_owned(), |hint| hint.replace("try again", INSTALL))
}

fn outdated(path: &str, version: Option<&str>) -> String {
    match version {
        Some(OWN) => format!("`{path}` is of this version, and not as it would be installed"),
        Some(version) => format!("`{path}` is of another version: {version}"),
        None => format!("`{path}` is of an unknown version"),
    }
}

/// What became of a hook.
fn outcome(before: &HookRow, rows: &[HookRow]) -> Outcome {
    let same = |row: &&HookRow| row.event == before.event && row.worktree == before.worktree;
    match rows.iter().find(same).map(|row| row.state) {
        Some(HookState::Installed) => Outcome::Mended("installed it again".to_owned()),
        Some(state) => Outcome::Left(format!("after installing again it is {}", state.word())),
        None => Outcome::Left("its worktree is gone".to_owned()),
    }
}

/// The finding that not all hooks are wished.
fn loosened(subject: &str, doors: Option<&[Door]>) -> Option<Finding> {
    let doors = doors?;
    if doors == Door::SERVER {
        return None;
    }
    let missing: Vec<&str> =
        Door::LOCAL.iter().filter(|door| !doors.contains(door)).map(|door| door.event()).collect();
    if missing.is_empty() {
        return None;
    }
    let message = format!("what passes these hooks is not judged: {}", missing.join(", "));
    let fix = match subject {
        DOORS => "`git config --unset-all kitty.doors`, then `git kitty install`",
        _ => "`git kitty install`",
    };
    Some(LOOSENED.found(subject, message, fix))
}
