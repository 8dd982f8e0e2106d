//! What to change, decided from a survey alone.

use std::path::PathBuf;

use super::addition::{Addition, Purpose};
use super::config_hooks;
use super::drivers;
use super::occupant::Occupant;
use super::places::{Place, taken};
use super::setup::{self, DIRECTORY, PlacedHook, Setup, StoredPath};
use super::step::Step;
use super::survey::{Survey, Way, Wish};
use crate::domain::layout;
use crate::domain::refusal::Refusal;
use crate::hook::Door;

/// The changes, in the order in which a crash between any two does least harm.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    /// Hooks that another tool wrote over ours, and that therefore stay.
    pub(super) left: Vec<PathBuf>,
}

/// How to get what is wished.
pub(super) fn install(survey: &Survey, wish: &Wish) -> anyhow::Result<Plan> {
    check(survey)?;
    let wanted = wanted(survey, wish);
    let appended = appended(survey, &wanted);
    let goal = goal(survey, wish, lines(survey, &wanted, &appended));
    let intent = intent(&goal, survey);
    let mut plan = Plan::default();
    plan.steps.extend(survey.missing.iter().cloned().map(Step::MakeDirectory));
    let record = setup::path(survey.common());
    let recorded = survey.setup.as_ref();
    if recorded != Some(&intent) {
        plan.steps.push(Step::Record(record.clone(), intent.to_bytes()?));
    }
    let (settings, lines): (Vec<_>, Vec<_>) =
        appended.into_iter().partition(|addition| addition.file == "config");
    plan.append(survey, lines);
    plan.put(survey, wish);
    plan.put_drivers(survey, wish);
    plan.append(survey, settings);
    plan.clear(survey, &goal);
    if goal != intent {
        plan.steps.push(Step::Record(record, goal.to_bytes()?));
    }
    Ok(plan)
}

/// How to take away what is ours.
pub(super) fn uninstall(survey: &Survey) -> Plan {
    let mut plan = Plan::default();
    let nothing = Setup::new(Vec::new());
    plan.clear(survey, &nothing);
    if survey.drivers.is_some() {
        plan.steps.push(Step::Remove(drivers::file_path(survey.common())));
    }
    if let Some(setup) = &survey.setup {
        plan.steps.push(Step::Remove(setup::path(survey.common())));
        let made = setup.directories.iter().rev().map(|path| path.resolve(survey.common()));
        plan.steps.extend(made.map(Step::RemoveDirectory));
        plan.steps.extend(
            [
                layout::CACHE,
                layout::JUDGED,
                layout::SEEN,
                layout::HOLDERS,
                layout::QUEUE,
                layout::PLANNING,
                layout::REVIEW_PROMPTS,
            ]
            .map(|own| Step::Forget(survey.common().join(own))),
        );
        plan.steps.push(Step::RemoveDirectory(survey.common().join(DIRECTORY)));
    }
    plan
}

fn check(survey: &Survey) -> Result<(), Refusal> {
    if let Some(path) = &survey.tracked {
        return Err(Refusal::HookTracked { path: path.display().to_string() });
    }
    survey.places.iter().try_for_each(check_place)?;
    let mut programs = survey.config_hooks.programs.iter();
    programs.try_for_each(|(door, occupant)| check_program(survey, *door, occupant))
}

/// Whether one of the programs that the configuration names can be put into its place.
pub(super) fn check_program(
    survey: &Survey,
    door: Door,
    occupant: &Occupant,
) -> Result<(), Refusal> {
    match occupant {
        Occupant::Odd(what) => Err(taken(&config_hooks::program_path(survey.common(), door), what)),
        Occupant::Nothing | Occupant::Ours { .. } | Occupant::Foreign(_) => Ok(()),
    }
}

/// Whether a hook file can be put into its place.
pub(super) fn check_place(place: &Place) -> Result<(), Refusal> {
    match (&place.hook, &place.chained) {
        (Occupant::Odd(what), _) => Err(taken(&place.hook_path(), what)),
        (_, Occupant::Odd(what)) => Err(taken(&place.chained_path(), what)),
        (_, Occupant::Ours { .. }) => {
            Err(taken(&place.chained_path(), "a hook of git-kitty's own"))
        }
        (Occupant::Foreign(_), Occupant::Foreign(_))
            if !place.repeats_chained() && !place.is_reference_guard() =>
        {
            Err(Refusal::HookReplaced {
                path: place.hook_path().display().to_string(),
                chained: place.chained_path().display().to_string(),
            })
        }
        (Occupant::Nothing | Occupant::Ours { .. } | Occupant::Foreign(_), _) => Ok(()),
    }
}

/// The lines that have to be there: those of the wish, and those that the way of hooks needs.
fn wanted(survey: &Survey, wish: &Wish) -> Vec<Addition> {
    let mut wanted = wish.additions.clone();
    wanted.extend(survey.exclusions.iter().cloned());
    if survey.way == Way::Config {
        wanted.push(config_hooks::include());
    }
    wanted
}

/// Those of the wanted lines that are not there yet, as they have to be appended.
fn appended(survey: &Survey, wanted: &[Addition]) -> Vec<Addition> {
    let mut appended: Vec<Addition> = Vec::new();
    for addition in wanted {
        let bytes = survey.text(&addition.file);
        if addition.is_in(bytes.unwrap_or_default()) {
            continue;
        }
        let first = !appended.iter().any(|earlier| earlier.file == addition.file);
        let end = if first { bytes.unwrap_or_default() } else { b"\n" };
        let text = addition.for_end_of(end);
        appended.push(Addition { text, created: bytes.is_none(), ..addition.clone() });
    }
    appended
}

/// All lines that will be recorded: old ones that stay, and the new ones.
fn lines(survey: &Survey, wanted: &[Addition], appended: &[Addition]) -> Vec<Addition> {
    let recorded = survey.setup.iter().flat_map(|setup| &setup.additions);
    let stays = |old: &&Addition| {
        old.purpose == Purpose::Setup || wanted.iter().any(|new| new.is_about(old))
    };
    let (mut all, dropped): (Vec<Addition>, Vec<Addition>) =
        recorded.cloned().partition(|old| stays(&old));
    all.retain(|old| !appended.iter().any(|new| new.is_about(old)));
    dropped.iter().for_each(|gone| hand_on(gone, &mut all));
    all.extend_from_slice(appended);
    all
}

/// Lines that go may have been the ones that ended a last line without a newline, or made the file:
/// then those that follow them answer for that.
fn hand_on(gone: &Addition, stay: &mut [Addition]) {
    let Some(heir) = stay.iter_mut().find(|stays| stays.file == gone.file) else { return };
    heir.created |= gone.created;
    if gone.text.starts_with('\n') && !heir.text.starts_with('\n') {
        heir.text.insert(0, '\n');
    }
}

fn goal(survey: &Survey, wish: &Wish, additions: Vec<Addition>) -> Setup {
    let common = survey.common();
    let mut goal = Setup::new(wish.doors.clone());
    goal.additions = additions;
    goal.hooks = survey.places.iter().map(|place| placed(survey, place)).collect();
    let found = survey.places.iter().filter(|place| was_found(survey, place));
    goal.found = found.map(|place| placed(survey, place)).collect();
    goal.directories = survey.setup.iter().flat_map(|setup| setup.directories.clone()).collect();
    let own = common.join(DIRECTORY);
    let made = survey.missing.iter().filter(|path| !path.starts_with(&own));
    for path in made.map(|path| StoredPath::new(path, common)) {
        if !goal.directories.contains(&path) {
            goal.directories.push(path);
        }
    }
    goal
}

/// The goal together with what is still there from before: true at any moment of the change.
fn intent(goal: &Setup, survey: &Survey) -> Setup {
    let mut intent = goal.clone();
    let leftovers = survey.leftovers.iter().filter(|place| has_traces(place));
    intent.hooks.extend(leftovers.map(|place| placed(survey, place)));
    let found = survey.setup.iter().flat_map(|setup| setup.found.clone());
    intent.found.extend(found.filter(|hook| !goal.found.contains(hook)));
    let dropped = survey.setup.iter().flat_map(|setup| &setup.additions);
    intent.additions.extend(dropped.filter(|old| !is_kept(old, goal)).cloned());
    intent
}

fn placed(survey: &Survey, place: &Place) -> PlacedHook {
    let directory = StoredPath::new(&place.directory, survey.common());
    PlacedHook { directory, event: place.door }
}

/// Whether a hook of ours was there before us, as one out of a template.
fn was_found(survey: &Survey, place: &Place) -> bool {
    let hook = placed(survey, place);
    let is_noted = |known: &Setup| known.found.contains(&hook);
    let is_known = |known: &Setup| known.hooks.contains(&hook);
    let is_alone =
        matches!(place.hook, Occupant::Ours { .. }) && place.chained == Occupant::Nothing;
    let setup = survey.setup.as_ref();
    setup.is_some_and(is_noted) || (is_alone && !setup.is_some_and(is_known))
}

fn is_kept(old: &Addition, goal: &Setup) -> bool {
    goal.additions.iter().any(|kept| kept.is_about(old))
}

fn has_traces(place: &Place) -> bool {
    place.hook != Occupant::Nothing || place.chained != Occupant::Nothing
}

impl Plan {
    fn append(&mut self, survey: &Survey, additions: Vec<Addition>) {
        for addition in additions {
            self.steps.push(Step::Append(survey.common().join(&addition.file), addition));
        }
    }

    fn put(&mut self, survey: &Survey, wish: &Wish) {
        match survey.way {
            Way::Files => survey.places.iter().for_each(|place| self.put_file(survey, place)),
            Way::Config => self.put_config_hooks(survey, wish),
        }
    }

    fn put_file(&mut self, survey: &Survey, place: &Place) {
        if matches!(place.hook, Occupant::Ours { current: true, .. }) {
            return;
        }
        if matches!(place.hook, Occupant::Foreign(_)) && place.chained == Occupant::Nothing {
            self.steps.push(Step::Move { from: place.hook_path(), to: place.chained_path() });
        }
        if let Some(program) = survey.program(place.door) {
            self.steps.push(Step::Place(place.hook_path(), program.to_owned()));
        }
    }

    fn put_config_hooks(&mut self, survey: &Survey, wish: &Wish) {
        for (door, occupant) in &survey.config_hooks.programs {
            let current = matches!(occupant, Occupant::Ours { current: true, .. });
            if let (false, Some(program)) = (current, survey.program(*door)) {
                let path = config_hooks::program_path(survey.common(), *door);
                self.steps.push(Step::Place(path, program.to_owned()));
            }
        }
        let bytes = config_hooks::file_bytes(survey.common(), &wish.doors);
        if survey.config_hooks.file.as_ref() != Some(&bytes) {
            self.steps.push(Step::Write(config_hooks::file_path(survey.common()), bytes));
        }
    }

    fn put_drivers(&mut self, survey: &Survey, wish: &Wish) {
        if let Some(bytes) = wish.drivers.as_ref().filter(|_| survey.drivers != wish.drivers) {
            let path = drivers::file_path(survey.common());
            self.steps.push(Step::Write(path, bytes.clone()));
        }
    }

    /// Takes away what is there and not part of the goal.
    fn clear(&mut self, survey: &Survey, goal: &Setup) {
        survey.leftovers.iter().for_each(|place| self.restore(survey, place));
        let recorded = survey.setup.iter().flat_map(|setup| &setup.additions);
        for addition in recorded.rev().filter(|addition| !is_kept(addition, goal)) {
            if survey.text(&addition.file).is_some() {
                let path = survey.common().join(&addition.file);
                self.steps.push(Step::Cut(path, addition.clone()));
            }
        }
        self.clear_config_hooks(survey, goal);
    }

    fn restore(&mut self, survey: &Survey, place: &Place) {
        let (hook, chained) = (place.hook_path(), place.chained_path());
        let recorded = survey
            .setup
            .as_ref()
            .is_some_and(|setup| setup.hooks.iter().any(|known| *known == placed(survey, place)));
        match (&place.hook, &place.chained) {
            (Occupant::Nothing | Occupant::Ours { .. }, Occupant::Foreign(_)) => {
                self.steps.push(Step::Move { from: chained, to: hook });
            }
            (Occupant::Ours { .. }, _) if was_found(survey, place) => {}
            (Occupant::Ours { .. }, _) => self.steps.push(Step::Remove(hook)),
            (Occupant::Foreign(_), _) if place.repeats_chained() => {
                self.steps.push(Step::Remove(chained));
            }
            (Occupant::Foreign(_) | Occupant::Odd(_), Occupant::Foreign(_)) => self.left.push(hook),
            (Occupant::Foreign(_) | Occupant::Odd(_), _) if recorded => self.left.push(hook),
            (Occupant::Nothing | Occupant::Foreign(_) | Occupant::Odd(_), _) => {}
        }
    }

    fn clear_config_hooks(&mut self, survey: &Survey, goal: &Setup) {
        let common = survey.common();
        let wanted = |door| survey.way == Way::Config && goal.doors.contains(door);
        let programs = survey.config_hooks.programs.iter();
        for (door, occupant) in programs.filter(|(door, _)| !wanted(door)) {
            if matches!(occupant, Occupant::Ours { .. } | Occupant::Foreign(_)) {
                self.steps.push(Step::Remove(config_hooks::program_path(common, *door)));
            }
        }
        if goal.doors.is_empty() || survey.way == Way::Files {
            self.clear_config_file(survey);
        }
    }

    fn clear_config_file(&mut self, survey: &Survey) {
        let common = survey.common();
        let file = survey.config_hooks.file.is_some();
        if file {
            self.steps.push(Step::Remove(config_hooks::file_path(common)));
        }
        let mut programs = survey.config_hooks.programs.iter();
        if file || programs.any(|(_, occupant)| *occupant != Occupant::Nothing) {
            self.steps.push(Step::RemoveDirectory(config_hooks::programs_directory(common)));
        }
    }
}
