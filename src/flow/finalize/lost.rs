//! Directories that are not those any more which planning files were taken from: they went away as a
//! whole, with `git clean` or another branch, and somebody wrote in their place since.

use std::collections::BTreeSet;

use super::desk::{Desk, Files, task_name};
use super::places::Place;
use crate::domain::id::WpId;
use crate::domain::layout;
use crate::domain::path::RepoPath;
use crate::domain::plan::{Fault, refuse};
use crate::domain::refusal::{Refusal, Warning};
use crate::store::planning::Walk;

/// What of a plan a directory lacks.
pub(super) struct Lack<'a> {
    /// The files that were taken from there, and that the branch still has.
    pub(super) known: &'a Files,
    /// Those of them that are not there.
    pub(super) gone: &'a BTreeSet<RepoPath>,
    /// What is there.
    pub(super) here: &'a Walk,
}

impl Lack<'_> {
    /// Whether nobody deleted these files one by one: nothing is left of what was taken, or all work
    /// packages went and other files with them, or all other files and work packages with them.
    pub(super) fn is_loss(&self) -> bool {
        let is_gone = |path: &RepoPath| self.gone.contains(path);
        let (works, others): (Vec<&RepoPath>, Vec<&RepoPath>) =
            self.known.keys().partition(|path| work_package(path).is_some());
        let all_others_went = !others.is_empty() && others.iter().all(|path| is_gone(path));
        if all_others_went && self.has_lost_work() {
            return true;
        }
        let some_went = others.iter().any(|path| is_gone(path));
        let all_went = !self.gone.is_empty() && self.known.keys().all(is_gone);
        !self.has_known_work() && (all_went || (!works.is_empty() && some_went))
    }

    /// Refuses that all of several work packages are deleted at once, or the only one without another.
    pub(super) fn refuse_emptied(&self, desk: &Desk<'_>) -> Result<(), Refusal> {
        let gone: BTreeSet<WpId> = self.gone.iter().filter_map(work_package).collect();
        let has_new = !self.work_here().is_empty();
        if gone.is_empty() || self.has_known_work() || (gone.len() == 1 && has_new) {
            return Ok(());
        }
        let names: Vec<&str> = gone.iter().map(WpId::as_str).collect();
        let what = format!(
            "all work packages of the plan are gone ({}): bring back at least one",
            names.join(", ")
        );
        refuse(vec![Fault::new(&desk.shown(&layout::TASKS.into()), None, what)])
    }

    /// Whether a work package that was taken is still there, in whatever file.
    fn has_known_work(&self) -> bool {
        let here = self.work_here();
        self.known.keys().filter_map(work_package).any(|id| here.contains(&id))
    }

    /// Whether one is there no more.
    fn has_lost_work(&self) -> bool {
        let here = self.work_here();
        self.gone.iter().filter_map(work_package).any(|id| !here.contains(&id))
    }

    fn work_here(&self) -> BTreeSet<WpId> {
        self.here.files.keys().filter_map(work_package).collect()
    }

    /// That nothing of it counts as deleted.
    pub(super) fn warning(&self, place: &Place) -> Warning {
        let message = format!(
            "`{}` is not the directory that was finalized last: the {} planning files that it \
             lacks stay on the coordination branch",
            place.path().display(),
            self.gone.len()
        );
        Warning { code: "PLANNING_FILE_KEPT", message }
    }
}

/// The work package that a path is called after.
fn work_package(path: &RepoPath) -> Option<WpId> {
    layout::work_package_of(std::str::from_utf8(task_name(path)?).ok()?)
}
