//! What a person made of conflicts, and taking it into the merges that had them.

use std::cell::RefCell;
use std::path::PathBuf;

use anyhow::Result;

use super::workplace::in_progress;
use crate::domain::change::{Entry, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::git::{AutoMerge, Conflicted, Repo, Unplaced, Writer};
use crate::store::Mission;
use crate::store::merge_plan::{ChangedPath, Resolution, ResolvedPath};

/// Resolutions, and which of them were taken.
#[derive(Debug, Default)]
pub(super) struct Resolutions {
    all: Vec<Resolution>,
    /// Where a person is at a conflict, if nothing else may be merged therefore.
    in_progress: Option<PathBuf>,
    /// What was merged, and the paths that a person decided there.
    taken: RefCell<Vec<(Oid, Vec<String>)>>,
}

impl Resolutions {
    pub(super) fn new(all: Vec<Resolution>) -> Self {
        Self { all, ..Self::default() }
    }

    /// None, but that some may be in the making.
    ///
    /// # Errors
    /// If what is written down of it cannot be read.
    pub(super) fn begun_by(repo: &Repo, mission: &Mission) -> Result<Self> {
        Ok(Self { in_progress: in_progress(repo, mission)?, ..Self::default() })
    }

    /// Where somebody is at a conflict of the mission.
    pub(super) const fn in_progress(&self) -> Option<&PathBuf> {
        self.in_progress.as_ref()
    }

    /// The paths that a person decided where this commit was merged.
    pub(super) fn taken(&self, theirs: Oid) -> Option<Vec<String>> {
        let taken = self.taken.borrow();
        taken.iter().find(|(commit, _)| *commit == theirs).map(|(_, paths)| paths.clone())
    }

    /// The merge with what a person made of its conflicts, if these are the very ones that were
    /// resolved; else as it is.
    ///
    /// # Errors
    /// If a tree cannot be read or written.
    pub(super) fn take(
        &self,
        (writer, repo): (&Writer<'_>, &Repo),
        merge: AutoMerge,
        [ours, theirs]: [Oid; 2],
    ) -> Result<AutoMerge> {
        if merge.clean {
            return Ok(merge);
        }
        let fitting = self.all.iter().find(|one| fits(one, &merge, ours));
        let Some(resolution) = fitting else { return Ok(merge) };
        let mut entries = Vec::new();
        for one in &resolution.paths {
            let path = named(&one.path, ours);
            // What was in conflict with it before may have come to agree.
            if merge.conflicted.contains(&path) {
                entries.push((path, read(&one.result)?));
            }
        }
        for one in &resolution.more {
            let path = named(&one.path, ours);
            // Something else came there since: what was meant for it is asked for again.
            if written(repo.entry(merge.tree, &path)?) != one.automatic {
                return Ok(merge);
            }
            entries.push((path, read(&one.result)?));
        }
        let paths = entries.iter().map(|(path, _)| path.to_string()).collect();
        self.taken.borrow_mut().push((theirs, paths));
        Ok(merge.settled(writer, &entries)?.placed())
    }
}

/// Stands in a path for the id of what is merged into, which is another one in each attempt: git puts
/// a file beside what stands in its place as `path~<commit>`.
const OURS: &[u8] = b"~\0";

/// A path, with that id in place of what stands for it.
fn named(path: &[u8], ours: Oid) -> RepoPath {
    match path.split_last_chunk::<2>() {
        Some((plain, tail)) if tail == OURS => {
            RepoPath::new([plain, format!("~{ours}").as_bytes()].concat())
        }
        Some(_) | None => RepoPath::new(path),
    }
}

/// A path, with what stands for that id.
fn unnamed(path: &RepoPath, ours: Oid) -> Vec<u8> {
    match path.as_bytes().strip_suffix(format!("~{ours}").as_bytes()) {
        Some(plain) => [plain, OURS].concat(),
        None => path.as_bytes().to_vec(),
    }
}

/// Whether each conflict is one that was resolved, by the blobs of its sides.
fn fits(resolution: &Resolution, merge: &AutoMerge, ours: Oid) -> bool {
    let is_known = |conflict: &Conflicted| {
        let sides = sides(conflict);
        let path = unnamed(&conflict.path, ours);
        resolution.paths.iter().any(|one| one.path == path && one.sides == sides)
    };
    let is_said = |one: &Unplaced| resolution.said.contains(&one.message);
    let has_any = !merge.stages.is_empty() || !merge.unplaced.is_empty();
    has_any && merge.stages.iter().all(is_known) && merge.unplaced.iter().all(is_said)
}

/// What came of a merge: `result` is the tree that a person made of it, `commit` has it.
///
/// # Errors
/// If a tree cannot be read.
pub(super) fn resolution(
    repo: &Repo,
    (merge, ours): (&AutoMerge, Oid),
    (result, commit): (Oid, Oid),
) -> Result<Resolution> {
    let mut paths = Vec::new();
    for conflict in &merge.stages {
        paths.push(ResolvedPath {
            path: unnamed(&conflict.path, ours),
            sides: sides(conflict),
            result: written(repo.entry(result, &conflict.path)?),
        });
    }
    let mut more = Vec::new();
    for change in repo.diff(Some(merge.tree), Some(result))? {
        if merge.stages.iter().all(|conflict| conflict.path != change.path) {
            more.push(ChangedPath {
                path: unnamed(&change.path, ours),
                automatic: written(change.old),
                result: written(change.new),
            });
        }
    }
    let said = merge.unplaced.iter().map(|one| one.message.clone()).collect();
    Ok(Resolution { commit: commit.to_string(), paths, said, more })
}

fn sides(conflict: &Conflicted) -> [Option<(String, String)>; 3] {
    [conflict.base, conflict.ours, conflict.theirs].map(written)
}

fn written(entry: Option<Entry>) -> Option<(String, String)> {
    entry.map(|Entry { mode, oid }| (mode.octal().to_owned(), oid.to_string()))
}

fn read(entry: &Option<(String, String)>) -> Result<Option<Entry>> {
    let Some((mode, oid)) = entry else { return Ok(None) };
    let mode = u32::from_str_radix(mode, 8).ok().and_then(Mode::from_bits);
    let mode = mode.ok_or_else(|| anyhow::anyhow!("an unknown mode in a resolution"))?;
    Ok(Some(Entry { mode, oid: oid.parse()? }))
}
