//! How the hooks stand, one row for each hook and worktree.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::addition::Addition;
use super::config_hooks;
use super::occupant::Occupant;
use super::places::Place;
use super::plan::{check_place, check_program};
use super::setup::{PlacedHook, StoredPath};
use super::survey::{Survey, Way, Wish};
use crate::domain::refusal::Refusal;
use crate::hook::Door;

/// How a hook stands in a worktree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HookState {
    /// Ours, of this version, and it judges.
    Installed,
    /// Ours, but of another version, not executable, or not fully set up: install mends it.
    Outdated,
    /// Ours and of this version, out of a template, where nothing is set up: it passes everything.
    Idle,
    /// No hook.
    Missing,
    /// Another tool wrote a hook over ours.
    Replaced,
    /// A hook that was never ours.
    Foreign,
}

/// A hook in a worktree; `cli.md`, `install`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HookRow {
    /// The event.
    pub event: Door,
    /// The top of the worktree, or the directory of a bare repository.
    pub worktree: String,
    /// How it stands.
    pub state: HookState,
    /// The file that is run, or would be.
    pub path: String,
    /// The version of git-kitty it is a copy of, if it is ours.
    pub version: Option<String>,
    /// Why installing would refuse, before it changes anything.
    #[serde(skip)]
    pub hindrance: Option<Refusal>,
}

impl HookState {
    /// The word of it in JSON and for people.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Installed => "installed",
            Self::Outdated => "outdated",
            Self::Idle => "idle",
            Self::Missing => "missing",
            Self::Replaced => "replaced",
            Self::Foreign => "foreign",
        }
    }
}

/// The rows of a survey that was taken with this wish.
pub(super) fn rows(survey: &Survey, wish: &Wish) -> Vec<HookRow> {
    match survey.way {
        Way::Files => file_rows(survey),
        Way::Config => config_rows(survey, wish),
    }
}

fn file_rows(survey: &Survey) -> Vec<HookRow> {
    let mut rows = Vec::new();
    for directory in &survey.directories {
        let places = survey.places.iter().filter(|place| place.directory == directory.path);
        for place in places {
            let state = file_state(survey, place);
            let hindrance = check_place(place).err();
            let row = |top: &Path| row(place.door, top, state, &place.hook_path(), &place.hook);
            let row = |top: &PathBuf| HookRow { hindrance: hindrance.clone(), ..row(top) };
            rows.extend(directory.worktrees.iter().map(row));
        }
    }
    rows
}

fn file_state(survey: &Survey, place: &Place) -> HookState {
    let directory = StoredPath::new(&place.directory, survey.common());
    let placed = PlacedHook { directory, event: place.door };
    let recorded = survey.setup.as_ref().is_some_and(|setup| setup.hooks.contains(&placed));
    match &place.hook {
        Occupant::Nothing => HookState::Missing,
        Occupant::Ours { current: true, .. } if recorded => HookState::Installed,
        Occupant::Ours { current: true, .. } if survey.setup.is_none() => HookState::Idle,
        Occupant::Ours { .. } => HookState::Outdated,
        Occupant::Foreign(_) | Occupant::Odd(_) => {
            let before = recorded || matches!(place.chained, Occupant::Foreign(_));
            if before { HookState::Replaced } else { HookState::Foreign }
        }
    }
}

fn config_rows(survey: &Survey, wish: &Wish) -> Vec<HookRow> {
    let mut rows = Vec::new();
    for (door, occupant) in &survey.config_hooks.programs {
        if !wish.doors.contains(door) {
            continue;
        }
        let state = config_state(survey, wish, occupant);
        let path = config_hooks::program_path(survey.common(), *door);
        let tops = survey.repository.checkouts.iter();
        let hindrance = check_program(survey, *door, occupant).err();
        let row = |top: &PathBuf| row(*door, top, state, &path, occupant);
        rows.extend(tops.map(|top| HookRow { hindrance: hindrance.clone(), ..row(top) }));
    }
    rows
}

fn config_state(survey: &Survey, wish: &Wish, program: &Occupant) -> HookState {
    let include: Addition = config_hooks::include();
    let included = include.is_in(survey.text(&include.file).unwrap_or_default());
    let bytes = config_hooks::file_bytes(survey.common(), &wish.doors);
    match (program, &survey.config_hooks.file) {
        (Occupant::Nothing, _) | (Occupant::Ours { .. }, None) => HookState::Missing,
        (Occupant::Foreign(_) | Occupant::Odd(_), _) => HookState::Replaced,
        (Occupant::Ours { .. }, Some(_)) if !included => HookState::Missing,
        (Occupant::Ours { current, .. }, Some(file)) => {
            let whole = *current && *file == bytes && survey.setup.is_some();
            if whole { HookState::Installed } else { HookState::Outdated }
        }
    }
}

fn row(event: Door, top: &Path, state: HookState, path: &Path, occupant: &Occupant) -> HookRow {
    let version = match occupant {
        Occupant::Ours { version, .. } => Some(version.clone()),
        Occupant::Nothing | Occupant::Foreign(_) | Occupant::Odd(_) => None,
    };
    let (worktree, path) = (top.display().to_string(), path.display().to_string());
    HookRow { event, worktree, state, path, version, hindrance: None }
}
