//! What the conclusion of a merge may settle in mission files, although nobody may edit them there.
//!
//! Two logs that grew apart conflict for Git, and so do files that only the other side has a say in.
//! Nothing is added by the union of the logs, by the snapshot of that union, or by taking the other
//! side's version of a file in conflict; and so the reference does when it syncs a lane.

use anyhow::Result;

use crate::domain::change::{Change, Entry, Mode};
use crate::domain::event::Log;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::snapshot::{MissionFacts, Snapshot, reduce};
use crate::git::{AutoMerge, Repo};

/// A merge that is about to be concluded.
pub(super) struct Merged<'r> {
    repo: &'r Repo,
    automatic: AutoMerge,
    /// The trees of the parents, the one merged into first.
    parents: Vec<Oid>,
}

impl<'r> Merged<'r> {
    /// The merge of `others` into `tip`, of which `automatic` is what needed no person.
    ///
    /// # Errors
    /// If a parent cannot be read.
    pub(super) fn new(
        repo: &'r Repo,
        tip: Oid,
        others: &[Oid],
        automatic: AutoMerge,
    ) -> Result<Self> {
        let parents = std::iter::once(&tip).chain(others);
        let parents = parents.map(|commit| repo.tree_of_commit(*commit)).collect::<Result<_>>()?;
        Ok(Self { repo, automatic, parents })
    }

    /// What differs from the automatic merge and is somebody's own work. Where branches of one
    /// mission are brought together (`is_within_mission`), whoever does so settles what conflicts,
    /// but for mission files, whoever owns it: nobody else can.
    ///
    /// # Errors
    /// If an object cannot be read.
    pub(super) fn own_work(
        &self,
        changes: Vec<Change>,
        is_within_mission: bool,
    ) -> Result<Vec<Change>> {
        let mut own = Vec::new();
        for change in &changes {
            let is_resolution = is_within_mission
                && mission_directory(&change.path).is_none()
                && self.automatic.conflicted.contains(&change.path);
            let is_settled = is_resolution || self.is_submodule(change)?;
            if !is_settled && !self.settles(change, &changes)? {
                own.push(change.clone());
            }
        }
        Ok(own)
    }

    /// As [`Merged::own_work`], on a lane: mission files are not its own, so that it may take them as
    /// those of the parents have them that are on the side of the `coordination` branch. What older
    /// sides have would take back there what the lane comes to.
    ///
    /// # Errors
    /// If an object cannot be read.
    pub(super) fn own_work_on_lane(
        &self,
        changes: Vec<Change>,
        (is_within_mission, coordination): (bool, &[Oid]),
    ) -> Result<Vec<Change>> {
        let mut own = Vec::new();
        for change in self.own_work(changes, is_within_mission)? {
            let is_mission_file = mission_directory(&change.path).is_some();
            if !is_mission_file || !self.is_of(coordination, &change)? {
                own.push(change);
            }
        }
        Ok(own)
    }

    fn is_of(&self, commits: &[Oid], change: &Change) -> Result<bool> {
        for commit in commits {
            let tree = self.repo.tree_of_commit(*commit)?;
            if self.repo.entry(tree, &change.path)? == change.new {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn settles(&self, change: &Change, changes: &[Change]) -> Result<bool> {
        let Some(directory) = mission_directory(&change.path) else { return Ok(false) };
        let log = RepoPath::new([directory, b"/", layout::EVENT_LOG.as_bytes()].concat());
        let snapshot = [directory, b"/", layout::SNAPSHOT.as_bytes()].concat();
        if self.is_from_other_side(change)? {
            return Ok(true);
        }
        let Some(new) = plain(change.new) else { return Ok(false) };
        if change.path == log {
            return self.is_union(&log, new);
        }
        if change.path.as_bytes() != snapshot {
            return Ok(false);
        }
        Ok(match self.merged_log(&log, changes)? {
            Some(log) => is_snapshot(&self.repo.blob(new)?, &self.repo.blob(log)?),
            None => false,
        })
    }

    /// Whether a submodule is as the other side has it. Which of two commits is the later one is not
    /// known here, so that both having moved it is a conflict; where it is checked out git takes the
    /// later one by itself.
    fn is_submodule(&self, change: &Change) -> Result<bool> {
        let is_link = change.new.is_some_and(|entry| entry.mode == Mode::Gitlink);
        Ok(is_link && self.is_from_other_side(change)?)
    }

    fn is_from_other_side(&self, change: &Change) -> Result<bool> {
        if !self.automatic.conflicted.contains(&change.path) {
            return Ok(false);
        }
        for tree in self.parents.iter().skip(1) {
            if self.repo.entry(*tree, &change.path)? == change.new {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_union(&self, path: &RepoPath, new: Oid) -> Result<bool> {
        let mut files = Vec::new();
        for tree in &self.parents {
            files.extend(self.repo.blob_at(*tree, path)?);
        }
        Ok(holds_exactly(&self.repo.blob(new)?, &files))
    }

    /// The log as the merge would have it.
    fn merged_log(&self, path: &RepoPath, changes: &[Change]) -> Result<Option<Oid>> {
        match changes.iter().find(|change| change.path == *path) {
            Some(change) => Ok(plain(change.new)),
            None => Ok(plain(self.repo.entry(self.automatic.tree, path)?)),
        }
    }
}

/// `kitty-specs/<mission>`, for a path below it.
fn mission_directory(path: &RepoPath) -> Option<&[u8]> {
    let bytes = path.as_bytes();
    let name = bytes.strip_prefix(layout::MISSIONS.as_bytes())?.strip_prefix(b"/")?;
    let end = name.iter().position(|byte| *byte == b'/')?;
    bytes.get(..layout::MISSIONS.len() + 1 + end)
}

fn plain(entry: Option<Entry>) -> Option<Oid> {
    entry.filter(|entry| entry.mode == Mode::File).map(|entry| entry.oid)
}

/// Whether a log has the events of all these logs and no others.
fn holds_exactly(log: &[u8], parts: &[Vec<u8>]) -> bool {
    let read = |bytes| Log::parse(layout::EVENT_LOG, bytes);
    let count = || {
        let own = Log::union([read(log)?])?;
        let parts: Vec<Log<'_>> = parts.iter().map(|part| read(part)).collect::<Result<_, _>>()?;
        let parts = Log::union(parts)?;
        let all = Log::union([own.clone(), parts.clone()])?;
        Ok([own.lines().len(), parts.lines().len(), all.lines().len()])
    };
    let counts: Result<_, crate::domain::refusal::Refusal> = count();
    counts.is_ok_and(|[own, parts, all]| own == all && parts == all)
}

/// Whether a snapshot is that of a log. Number and type do not come from the log, and decide nothing.
fn is_snapshot(snapshot: &[u8], log: &[u8]) -> bool {
    let Ok(told) = Snapshot::parse(layout::SNAPSHOT, snapshot) else { return false };
    let Ok(log) = Log::parse(layout::EVENT_LOG, log) else { return false };
    let Ok(mut due) = reduce(&log, Some(&MissionFacts::default())) else { return false };
    due.mission_number.clone_from(&told.mission_number);
    due.mission_type.clone_from(&told.mission_type);
    due.to_bytes().is_ok_and(|due| due == snapshot)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, to: &str) -> String {
        format!(
            r#"{{"actor":"a","at":"2026-01-01T00:00:0{id}","event_id":"{id}","execution_mode":"worktree","force":false,"from_lane":"planned","mission_slug":"m","to_lane":"{to}","wp_id":"WP01"}}"#
        ) + "\n"
    }

    #[test]
    fn a_union_lacks_nothing_and_adds_nothing() {
        let [one, two, three] =
            [("1", "claimed"), ("2", "blocked"), ("3", "canceled")].map(|(id, to)| line(id, to));
        let parts = [one.clone() + &two, one.clone() + &three].map(String::into_bytes);
        let holds = |log: String| holds_exactly(log.as_bytes(), &parts);
        assert!(holds(one.clone() + &two + &three));
        assert!(holds(three.clone() + &two + &one), "in any order");
        assert!(!holds(one.clone() + &two), "one is missing");
        assert!(!holds(one.clone() + &two + &three + &line("4", "done")), "one is new");
        assert!(!holds(one.clone() + &two + &line("3", "done")), "one is another");
        assert!(!holds(one + "<<<<<<< ours\n" + &two + &three));
    }

    #[test]
    fn a_snapshot_is_that_of_its_log_whatever_the_type() {
        let log = line("1", "claimed");
        let parsed = Log::parse("log", log.as_bytes()).unwrap();
        let mut snapshot = reduce(&parsed, None).unwrap();
        snapshot.mission_type = String::new();
        let bytes = snapshot.to_bytes().unwrap();
        assert!(is_snapshot(&bytes, log.as_bytes()));
        assert!(!is_snapshot(&bytes, line("1", "done").as_bytes()));
        assert!(!is_snapshot(b"{}", log.as_bytes()));
    }

    #[test]
    fn only_what_is_below_a_mission_is_its_own() {
        let directory = |path: &str| mission_directory(&path.into()).map(<[u8]>::to_vec);
        assert_eq!(directory("kitty-specs/m/tasks/WP01.md").unwrap(), b"kitty-specs/m");
        assert_eq!(directory("kitty-specs/m"), None);
        assert_eq!(directory("kitty-specsx/m/a"), None);
    }
}
