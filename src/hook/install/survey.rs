//! Everything that installing, uninstalling and looking need to know, read once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::addition::{Addition, Purpose};
use super::binary;
use super::config_hooks::{self, ConfigHooks};
use super::drivers;
use super::places::{self, Directory, Place, Visibility};
use super::setup::{self as setup_file, Setup};
use crate::git::chain::SUFFIX;
use crate::git::file::read_if_present;
use crate::git::setup::{self, Repository};
use crate::hook::Door;

/// How git is told of our hooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By files in the hooks directory.
    Files,
    /// By the configuration.
    Config,
}

/// Where our programs are.
pub(super) type Programs = BTreeMap<Door, PathBuf>;

/// What is to be there.
#[derive(Debug, Clone, Default)]
pub(super) struct Wish {
    /// The hooks.
    pub(super) doors: Vec<Door>,
    /// Lines in files that are not ours.
    pub(super) additions: Vec<Addition>,
    /// The bytes of the file that names the merge drivers, where they are wished.
    pub(super) drivers: Option<Vec<u8>>,
}

/// A repository as it was found.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) repository: Repository,
    pub(super) way: Way,
    pub(super) setup: Option<Setup>,
    pub(super) programs: Programs,
    /// The hooks directories in use; none where the configuration names the hooks.
    pub(super) directories: Vec<Directory>,
    /// The wished hooks in these.
    pub(super) places: Vec<Place>,
    /// Hooks that were put where none is wished now.
    pub(super) leftovers: Vec<Place>,
    /// The first hook file that is under version control.
    pub(super) tracked: Option<PathBuf>,
    /// The lines that keep our files out of `git status`.
    pub(super) exclusions: Vec<Addition>,
    pub(super) config_hooks: ConfigHooks,
    /// The file that names the merge drivers.
    pub(super) drivers: Option<Vec<u8>>,
    /// The bytes of the files that get lines, by their names.
    pub(super) texts: BTreeMap<String, Option<Vec<u8>>>,
    /// Directories that are not there yet, parents first.
    pub(super) missing: Vec<PathBuf>,
}

impl Survey {
    /// Looks at the repository around `start`.
    pub(super) fn take(start: &Path, wish: &Wish, programs: Programs) -> Result<Self> {
        let version = setup::supported_version(start)?;
        let way = if version.has_config_hooks() { Way::Config } else { Way::Files };
        let repository = setup::repository(start)?;
        let directories = match way {
            Way::Files => places::directories(&repository)?,
            Way::Config => Vec::new(),
        };
        let mut survey = Self::of(repository, way, programs)?;
        survey.directories = directories;
        survey.look_at_places(&wish.doors)?;
        survey.look_at_texts(&wish.additions)?;
        survey.find_missing();
        Ok(survey)
    }

    /// Looks only at what is ours in the repository around `start`, wherever git now looks for
    /// hooks: a hooks path set since must not keep anyone from uninstalling.
    pub(super) fn take_ours(start: &Path) -> Result<Self> {
        let repository = setup::repository(start)?;
        let mut survey = Self::of(repository, Way::Files, Programs::new())?;
        survey.leftovers = survey.recorded_places()?;
        survey.add_default_places()?;
        survey.look_at_texts(&[])?;
        Ok(survey)
    }

    pub(super) fn program(&self, door: Door) -> Option<&Path> {
        self.programs.get(&door).map(PathBuf::as_path)
    }

    pub(super) fn common(&self) -> &Path {
        &self.repository.common
    }

    pub(super) fn text(&self, file: &str) -> Option<&[u8]> {
        self.texts.get(file)?.as_deref()
    }

    fn of(repository: Repository, way: Way, programs: Programs) -> Result<Self> {
        let common = repository.common.clone();
        let config_hooks =
            ConfigHooks::look(&common, |door| programs.get(&door).map(PathBuf::as_path))?;
        Ok(Self {
            setup: Setup::load(&common)?,
            drivers: read_if_present(&drivers::file_path(&common))?,
            repository,
            way,
            programs,
            directories: Vec::new(),
            places: Vec::new(),
            leftovers: Vec::new(),
            tracked: None,
            exclusions: Vec::new(),
            config_hooks,
            texts: BTreeMap::new(),
            missing: Vec::new(),
        })
    }

    fn look_at_places(&mut self, doors: &[Door]) -> Result<()> {
        for directory in self.directories.clone() {
            for &door in doors {
                self.places.push(Place::look(&directory.path, door, self.program(door))?);
                self.look_at_visibility(&directory.path, door)?;
            }
        }
        let recorded = self.recorded_places()?;
        let wished = |place: &Place| self.places.iter().any(|p| p.hook_path() == place.hook_path());
        self.leftovers = recorded.into_iter().filter(|place| !wished(place)).collect();
        Ok(())
    }

    fn look_at_visibility(&mut self, directory: &Path, door: Door) -> Result<()> {
        match places::visibility(directory, door.event(), &self.repository)? {
            Visibility::Outside => {}
            Visibility::Tracked => {
                self.tracked.get_or_insert_with(|| directory.join(door.event()));
            }
            Visibility::Untracked(path) => {
                let line = exclusion(&path);
                if !self.exclusions.contains(&line) {
                    self.exclusions.push(line);
                }
            }
        }
        Ok(())
    }

    fn recorded_places(&self) -> Result<Vec<Place>> {
        let common = self.common();
        let recorded = self.setup.iter().flat_map(|setup| &setup.hooks);
        recorded
            .map(|hook| Place::look(&hook.directory.resolve(common), hook.event, None))
            .collect()
    }

    fn add_default_places(&mut self) -> Result<()> {
        for &door in Door::ALL {
            let place = Place::look(&self.common().join("hooks"), door, None)?;
            if !self.leftovers.iter().any(|known| known.hook_path() == place.hook_path()) {
                self.leftovers.push(place);
            }
        }
        Ok(())
    }

    fn look_at_texts(&mut self, wished: &[Addition]) -> Result<()> {
        let recorded = self.setup.iter().flat_map(|setup| &setup.additions);
        let include = config_hooks::include();
        let all = recorded.chain(wished).chain(&self.exclusions).chain([&include]);
        let files: Vec<String> = all.map(|addition| addition.file.clone()).collect();
        for file in files {
            let bytes = read_if_present(&self.common().join(&file))?;
            self.texts.insert(file, bytes);
        }
        Ok(())
    }

    fn find_missing(&mut self) {
        let common = self.common();
        let mut needed = vec![setup_file::path(common)];
        needed.extend(self.texts.keys().map(|file| common.join(file)));
        needed.extend(self.places.iter().map(Place::hook_path));
        if self.way == Way::Config {
            needed.extend(Door::ALL.iter().map(|&door| config_hooks::program_path(common, door)));
        }
        let mut missing: Vec<PathBuf> =
            needed.iter().flat_map(|path| missing_parents(path)).collect();
        missing.sort();
        missing.dedup();
        self.missing = missing;
    }
}

/// Where the programs of these doors are.
///
/// # Errors
/// If one is not found.
pub(super) fn find_programs(doors: &[Door]) -> Result<Programs> {
    doors.iter().map(|&door| Ok((door, binary::find(door)?))).collect()
}

fn missing_parents(path: &Path) -> Vec<PathBuf> {
    path.ancestors().skip(1).take_while(|parent| !parent.exists()).map(Path::to_owned).collect()
}

/// Both names that a hook of ours takes, as patterns for gitignore(5).
fn exclusion(path: &Path) -> Addition {
    let pattern = pattern(path);
    Addition::new("info/exclude", &format!("/{pattern}\n/{pattern}{SUFFIX}\n"), Purpose::Hooks)
}

fn pattern(path: &Path) -> String {
    let text = path.to_string_lossy();
    let escape = |c: char| match c {
        '*' | '?' | '[' | '\\' => format!("\\{c}"),
        // A pattern is one line of UTF-8; a byte that cannot stand there is matched by a wildcard.
        '\n' | '\u{fffd}' => "?".to_owned(),
        c => c.to_string(),
    };
    text.chars().map(escape).collect()
}
