//! The planning files of a mission that a view reads, `lanes.json` and those in `tasks/`: from the
//! places that have them, or as they were kept.
//!
//! They are kept in `kitty/cache/.plans/` of the common directory, a file a mission, so that one file
//! is opened in place of an object for each work package. An entry counts only for the objects that
//! it names.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::files::{Found, Place};
use super::mission::{Mission, Store};
use crate::domain::lanes::Lanes;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::git::Repo;

/// To be raised when other files belong to an entry, or it is written in another way.
const FORMAT: u32 = 1;

/// Where planning files are read.
#[derive(Debug)]
pub(super) enum Plan<'m> {
    /// In the first of these places that has one.
    Places(&'m [Place]),
    /// As they were in a tree, all that there are.
    Kept {
        files: BTreeMap<String, String>,
        /// How a person names the tree.
        shown: &'m str,
    },
}

#[derive(Serialize, Deserialize)]
struct Entry {
    format: u32,
    /// The ids of `lanes.json` and of `tasks/`, where these are there.
    objects: [Option<String>; 2],
    files: BTreeMap<String, String>,
}

impl Plan<'_> {
    /// A file by its name, e.g. `lanes.json` or `tasks/WP01-x.md`.
    pub(super) fn read(&self, repo: &Repo, name: &str) -> Result<Option<Found>> {
        match self {
            Self::Places(places) => {
                for place in *places {
                    if let Some(found) = place.read(repo, name)? {
                        return Ok(Some(found));
                    }
                }
                Ok(None)
            }
            Self::Kept { files, shown } => Ok(files.get(name).map(|text| Found {
                bytes: text.clone().into_bytes(),
                shown: format!("{shown}/{name}"),
            })),
        }
    }

    /// The lanes, if there is a `lanes.json`.
    pub(super) fn lanes(&self, repo: &Repo) -> Result<Option<Lanes>> {
        let found = self.read(repo, layout::LANES)?;
        Ok(found.map(|found| Lanes::parse(&found.bytes, &found.shown)).transpose()?)
    }

    /// The names of work packages' files: of each work package those in the first place that has any.
    pub(super) fn task_files(&self, repo: &Repo) -> Result<Vec<String>> {
        let places = match self {
            Self::Places(places) => *places,
            Self::Kept { files, .. } => {
                let names = files.keys().filter_map(|name| name.strip_prefix(layout::TASKS));
                return Ok(names
                    .filter_map(|name| Some(name.strip_prefix('/')?.to_owned()))
                    .collect());
            }
        };
        let mut names: Vec<String> = Vec::new();
        for place in places {
            let known: Vec<_> = names.iter().map(|name| layout::work_package_of(name)).collect();
            let here = place.task_files(repo)?;
            names.extend(here.into_iter().filter(|name| {
                let announced = layout::work_package_of(name);
                !known.contains(&announced)
            }));
        }
        names.sort();
        Ok(names)
    }

    /// All files; `None` if one cannot be read, or is no text.
    fn texts(&self, repo: &Repo) -> Option<BTreeMap<String, String>> {
        let tasks = self.task_files(repo).ok()?;
        let tasks = tasks.into_iter().map(|name| format!("{}/{name}", layout::TASKS));
        let mut texts = BTreeMap::new();
        for name in tasks.chain([layout::LANES.to_owned()]) {
            if let Some(found) = self.read(repo, &name).ok()? {
                texts.insert(name, String::from_utf8(found.bytes).ok()?);
            }
        }
        Some(texts)
    }
}

impl Store<'_> {
    /// The mission's planning files where they are.
    pub(super) fn plan<'m>(&self, mission: &'m Mission) -> Plan<'m> {
        Plan::Places(&mission.planning)
    }

    /// The mission's planning files as they were kept, if they are all in one tree; they are kept
    /// now if they were not.
    pub(super) fn plan_at_hand<'m>(&self, mission: &'m Mission) -> Plan<'m> {
        let plan = self.plan(mission);
        let [Place::Tree { tree, shown }] = mission.planning.as_slice() else { return plan };
        let Ok(objects) = objects(self.repo, *tree) else { return plan };
        if let Some(files) = self.kept_texts(mission, &objects) {
            return Plan::Kept { files, shown };
        }
        let Some(files) = plan.texts(self.repo) else { return plan };
        let entry = Entry { format: FORMAT, objects, files };
        if let (Some(path), Ok(text)) = (self.kept_plan(mission), serde_json::to_vec(&entry)) {
            self.write_sealed(&path, &text);
        }
        Plan::Kept { files: entry.files, shown }
    }

    fn kept_texts(
        &self,
        mission: &Mission,
        objects: &[Option<String>],
    ) -> Option<BTreeMap<String, String>> {
        let text = self.read_sealed(&self.kept_plan(mission)?)?;
        let entry: Entry = serde_json::from_slice(&text).ok()?;
        (entry.format == FORMAT && entry.objects == objects).then_some(entry.files)
    }

    fn kept_plan(&self, mission: &Mission) -> Option<PathBuf> {
        self.cached(&mission.dir).map(|path| path.with_file_name(".plans").join(&mission.dir))
    }
}

/// What a plan in a tree is made of.
fn objects(repo: &Repo, tree: Oid) -> Result<[Option<String>; 2]> {
    let id = |name: &str| {
        Ok::<_, anyhow::Error>(repo.entry(tree, &name.into())?.map(|e| e.oid.to_string()))
    };
    Ok([id(layout::LANES)?, id(layout::TASKS)?])
}
