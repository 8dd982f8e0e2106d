//! What follows a finalized plan, under the mission's lock still: the sources get what the branch
//! has, their checkouts come up to it, and the record says what was agreed on.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::desk::{Desk, Files};
use super::places::Place;
use super::sources::Source;
use crate::domain::change::{Entry, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Warning;
use crate::git::file::{replace_under_lock, set_executable};
use crate::git::{Repo, Taken};
use crate::store::planning::{Record, read};

/// A source after its files were combined.
pub(super) struct Used {
    pub(super) source: Source,
    /// Its versions, with the target in work packages.
    pub(super) own: Files,
}

/// All that is to be written back.
pub(super) struct Outcome<'r> {
    pub(super) desk: Desk<'r>,
    pub(super) used: Vec<Used>,
    /// The files as the branch has them.
    pub(super) files: Files,
    pub(super) record: Record,
    /// What the commit takes, by the places' keys.
    pub(super) taken: BTreeMap<String, Files>,
    pub(super) mission: String,
}

/// What was read at each place, which is what people go on from until it is written back there.
pub(super) fn announced(used: &[Used]) -> BTreeMap<String, Files> {
    let mut all = BTreeMap::new();
    for Used { source, own } in used.iter().filter(|used| !used.own.is_empty()) {
        all.insert(source.place.key(), own.clone());
        all.extend(source.place.index_key().map(|key| (key, source.index.clone())));
    }
    all
}

impl Outcome<'_> {
    /// Writes everything back that can be; what cannot is a warning, since the branch has the plan,
    /// and the next time it is finalized makes up for it.
    pub(super) fn write_back(
        mut self,
        is_committed: bool,
        tip: impl Fn() -> Result<Option<Oid>>,
    ) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for (key, bases) in self.taken.iter().filter(|_| is_committed) {
            self.record.set(key, bases);
        }
        let old = self.record.clone();
        for used in std::mem::take(&mut self.used) {
            match self.return_to(&used) {
                Ok(found) => warnings.extend(found),
                Err(error) => warnings.push(not_written(&error)),
            }
            if let Some(taken) = taken(&self.desk, &used.source) {
                match tip().and_then(|tip| bring_up(self.desk.repo, &taken, tip)) {
                    Ok(None) => self.forget(&used.source.place),
                    Ok(warning) => warnings.extend(warning),
                    Err(error) => warnings.push(not_written(&error)),
                }
            }
        }
        if self.record != old {
            let written = self.record.write(self.desk.repo, &self.mission);
            warnings.extend(written.err().map(|error| not_written(&error)));
        }
        warnings
    }

    /// Gives a source what the branch has at its paths, but where somebody writes meanwhile.
    fn return_to(&mut self, used: &Used) -> Result<Vec<Warning>> {
        let (mut warnings, mut bases) = (Vec::new(), Files::new());
        let place = &used.source.place;
        let absent = used.source.gone.iter().chain(&used.source.behind);
        let absent = absent.map(|path| (path, None));
        let there = used.source.files.iter().map(|(path, entry)| (path, Some(*entry)));
        for (path, had) in there.chain(absent) {
            let own = used.own.get(path).copied();
            match self.files.get(path).copied() {
                Some(now) if had == Some(now) => _ = bases.insert(path.clone(), now),
                Some(now) if had.is_some() || is_checkout(place) => {
                    match self.put(place, path, (had, now)) {
                        Ok(true) => _ = bases.insert(path.clone(), now),
                        Ok(false) => bases.extend(own.map(|own| (path.clone(), own))),
                        Err(error) => {
                            bases.extend(own.map(|own| (path.clone(), own)));
                            warnings.push(not_written(&error));
                        }
                    }
                }
                Some(_) => {}
                None => {
                    if let (Some(own), Place::Directory { .. }) = (own, place) {
                        bases.insert(path.clone(), own);
                        warnings.push(left(&self.desk, path));
                    }
                }
            }
        }
        self.desk.store(bases.values())?;
        match place {
            // An empty directory tells nothing, and forgets nothing.
            Place::Directory { key, .. } if !bases.is_empty() => self.record.set(key, &bases),
            Place::Directory { .. } => {}
            Place::Checkout { .. } if bases.is_empty() => self.forget(place),
            Place::Checkout { .. } => {
                self.record.set(&place.key(), &bases);
                if let Some(key) = place.index_key() {
                    self.record.set(&key, &used.source.index);
                }
            }
        }
        Ok(warnings)
    }

    /// Of a checkout that is up with its branch the index says all.
    fn forget(&mut self, place: &Place) {
        for key in [place.key()].into_iter().chain(place.index_key()) {
            self.record.forget(&key);
        }
    }

    /// Puts a version in place of the one that was read; `false` if that is not there any more.
    fn put(
        &self,
        place: &Place,
        path: &RepoPath,
        (had, now): (Option<Entry>, Entry),
    ) -> Result<bool> {
        let file = place.file(path);
        let is_there =
            read(&file)?.map(|found| self.desk.repo.id_of_blob(&found.bytes)).transpose()?;
        if is_there != had.map(|had| had.oid) {
            return Ok(false);
        }
        if is_there != Some(now.oid) {
            if let Some(parent) = file.parent() {
                std::fs::create_dir_all(parent)?;
            }
            replace_under_lock(&file, &self.desk.text(now.oid)?)?;
        }
        if had.map(|had| had.mode) != Some(now.mode) {
            set_executable(&file, now.mode == Mode::Executable)?;
        }
        Ok(true)
    }
}

/// The paths of a checkout of the branch that changed there, if it is one.
pub(super) fn taken(desk: &Desk<'_>, source: &Source) -> Option<Taken> {
    let Place::Checkout { worktree, .. } = &source.place else { return None };
    let paths = source.files.keys().chain(&source.gone).chain(&source.behind);
    let paths: BTreeSet<RepoPath> = paths.map(|path| desk.full(path)).collect();
    (!paths.is_empty()).then(|| Taken { worktree: worktree.clone(), paths })
}

fn bring_up(repo: &Repo, taken: &Taken, tip: Option<Oid>) -> Result<Option<Warning>> {
    tip.map_or(Ok(None), |tip| taken.bring_up(repo, tip))
}

const fn is_checkout(place: &Place) -> bool {
    match place {
        Place::Checkout { .. } => true,
        Place::Directory { .. } => false,
    }
}

fn left(desk: &Desk<'_>, path: &RepoPath) -> Warning {
    let message = format!(
        "`{}` is not on the coordination branch any more: it is left where it stands",
        desk.shown(path)
    );
    Warning { code: "PLANNING_FILE_LEFT_OUT", message }
}

fn not_written(error: &anyhow::Error) -> Warning {
    let message = format!("the plan is on the branch, but could not be written back: {error:#}");
    Warning { code: "PLAN_NOT_WRITTEN_BACK", message }
}
