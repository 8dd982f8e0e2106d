//! What the places have that planning files come from.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};

use super::desk::{Desk, Files, task_name};
use super::lost::Lack;
use super::places::{PRIMARY, Place};
use crate::domain::change::{Entry, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{Refusal, Warning};
use crate::git::{Uncommitted, Versions, ignored, uncommitted};
use crate::store::planning::{Found, Record, Walk, is_never_planned, read, walk};

/// How many commits a checkout may be behind its branch.
const STEPS: usize = 4;

/// A place, and what it has.
pub(super) struct Source {
    pub(super) place: Place,
    /// The files as they stand there; of a checkout of the branch those that changed.
    pub(super) files: Files,
    /// Those that were there and are not any more.
    pub(super) gone: BTreeSet<RepoPath>,
    /// Those that the branch has got and a checkout that is behind it has not.
    pub(super) behind: BTreeSet<RepoPath>,
    /// What was finalized from there last.
    pub(super) bases: Files,
    /// What the index of a checkout has of those that changed.
    pub(super) index: Files,
    /// Whether something was, so that a path without base is new there.
    pub(super) is_known: bool,
}

impl Source {
    /// Whether the file at a path changed there, or went away.
    pub(super) fn has_changed(&self, path: &RepoPath) -> bool {
        self.files.contains_key(path) || self.gone.contains(path)
    }
}

/// What a source is read against.
pub(super) struct Against<'a> {
    pub(super) record: &'a Record,
    /// The files on the branch.
    pub(super) files: &'a Files,
    pub(super) tip: Oid,
    pub(super) versions: &'a dyn Fn() -> Result<&'a Versions>,
}

/// Reads what a place has.
pub(super) fn read_source(
    desk: &mut Desk<'_>,
    place: Place,
    against: &Against<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Source> {
    match &place {
        Place::Directory { .. } => of_directory(desk, place, against, warnings),
        Place::Checkout { worktree, .. } => {
            let changes = uncommitted(worktree, &desk.root)?;
            of_checkout(desk, place, changes, against, warnings)
        }
    }
}

fn of_directory(
    desk: &mut Desk<'_>,
    place: Place,
    against: &Against<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Source> {
    let Place::Directory { path, key } = &place else {
        anyhow::bail!("a checkout was read as a directory");
    };
    let mut found = walk(path)?;
    for (path, what) in &found.others {
        warnings.push(left_out(desk, path, &format!("it is {what}")));
    }
    let recorded = against.record.bases(key);
    let is_known = recorded.is_some();
    let bases = recorded.unwrap_or_default();
    let is_new =
        |path: &&RepoPath| !bases.contains_key(*path) && !against.files.contains_key(*path);
    let new: Vec<RepoPath> = found.files.keys().filter(is_new).cloned().collect();
    for path in junk(desk, &place, &new)? {
        found.files.remove(&path);
        if task_name(&path).is_some_and(|name| name.starts_with(b"WP")) {
            warnings.push(left_out(desk, &path, "git ignores it"));
        }
    }
    let absent = bases.keys().filter(|path| !found.files.contains_key(*path) && !found.hides(path));
    let gone = if found.files.is_empty() { BTreeSet::new() } else { absent.cloned().collect() };
    let gone = deleted(desk, &place, (&bases, gone, &found), (against, warnings))?;
    let mut files = Files::new();
    for (path, found) in std::mem::take(&mut found.files) {
        files.insert(path.clone(), entry(desk, found, against.files.get(&path))?);
    }
    let (behind, index) = (BTreeSet::new(), Files::new());
    Ok(Source { place, files, gone, behind, bases, index, is_known })
}

/// Those of the absent files that somebody deleted.
fn deleted(
    desk: &Desk<'_>,
    place: &Place,
    (bases, mut gone, here): (&Files, BTreeSet<RepoPath>, &Walk),
    (against, warnings): (&Against<'_>, &mut Vec<Warning>),
) -> Result<BTreeSet<RepoPath>> {
    let mut known = bases.clone();
    known.retain(|path, _| against.files.contains_key(path));
    gone.retain(|path| known.contains_key(path));
    let lack = Lack { known: &known, gone: &gone, here };
    if lack.is_loss() {
        warnings.push(lack.warning(place));
        return Ok(BTreeSet::new());
    }
    lack.refuse_emptied(desk)?;
    Ok(gone)
}

/// Those of the new files that git would never track.
fn junk(desk: &Desk<'_>, place: &Place, new: &[RepoPath]) -> Result<Vec<RepoPath>> {
    let Place::Directory { path, key } = place else { return Ok(Vec::new()) };
    let (git_dir, top, prefix) = match desk.repo.primary_work_tree()? {
        Some(primary) if key == PRIMARY => {
            (Some(desk.repo.common_dir().to_owned()), primary, format!("{}/", desk.root))
        }
        Some(_) | None => (None, path.clone(), String::new()),
    };
    let directory =
        RepoPath::new(if prefix.is_empty() { "." } else { prefix.trim_end_matches('/') });
    let full = |path: &RepoPath| RepoPath::new([prefix.as_bytes(), path.as_bytes()].concat());
    let asked: Vec<RepoPath> = new.iter().map(full).collect();
    let found = ignored(git_dir.as_deref(), &top, &directory, &asked)?;
    Ok(new.iter().filter(|path| found.contains(&full(path))).cloned().collect())
}

fn of_checkout(
    desk: &mut Desk<'_>,
    place: Place,
    changes: Vec<Uncommitted>,
    against: &Against<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Source> {
    let unmerged = changes.iter().filter(|change| change.is_unmerged);
    let paths: Vec<String> = unmerged.map(|change| change.path.to_string()).collect();
    if !paths.is_empty() {
        let worktree = place.path().display().to_string();
        return Err(Refusal::WorktreeDirty { worktree, paths }.into());
    }
    let mut source = Source {
        place,
        files: Files::new(),
        gone: BTreeSet::new(),
        behind: BTreeSet::new(),
        bases: Files::new(),
        index: Files::new(),
        is_known: true,
    };
    let begun = Begun::of(&source.place, against.record);
    let lacking = lacking(desk, &changes, against.tip)?;
    for change in changes {
        let root = desk.root.as_bytes();
        let path = change.path.as_bytes().strip_prefix(root).and_then(|p| p.strip_prefix(b"/"));
        let path = RepoPath::new(path.context("a change outside of the mission")?);
        if !is_planning(&path) {
            continue;
        }
        let on_branch = against.files.get(&path).copied();
        let file = source.place.file(&path);
        match read(&file)? {
            Some(found) => {
                let entry = entry(desk, found, on_branch.as_ref())?;
                source.files.insert(path.clone(), entry);
            }
            None if fs::symlink_metadata(&file).is_ok() => {
                warnings.push(left_out(desk, &path, "it is no regular file"));
                continue;
            }
            None if change.index.is_none() && lacking.contains(&change.path) => {
                source.behind.insert(path);
                continue;
            }
            None => _ = source.gone.insert(path.clone()),
        }
        let index = change.index.map(|oid| Entry { mode: Mode::File, oid });
        source.index.extend(index.map(|entry| (path.clone(), entry)));
        let base = match begun.base(&path, (index, on_branch)) {
            Some(base) => Some(base),
            None => base(&change, on_branch, against)?,
        };
        source.bases.extend(base.map(|entry| (path, entry)));
    }
    Ok(source)
}

/// What the branch took from a checkout that never came up to it, since who took it was killed.
#[derive(Default)]
struct Begun {
    taken: Files,
    index: Files,
}

impl Begun {
    fn of(place: &Place, record: &Record) -> Self {
        let bases = |key: String| record.bases(&key).unwrap_or_default();
        let index = place.index_key().map(bases).unwrap_or_default();
        Self { taken: bases(place.key()), index }
    }

    /// What was taken of a file, while the index is as it was then and not as the branch is.
    fn base(
        &self,
        path: &RepoPath,
        (index, on_branch): (Option<Entry>, Option<Entry>),
    ) -> Option<Entry> {
        let oid = |entry: Option<Entry>| entry.map(|entry| entry.oid);
        let is_untouched = oid(index) == oid(self.index.get(path).copied());
        let is_current = index.is_some() && oid(index) == oid(on_branch);
        self.taken.get(path).copied().filter(|_| is_untouched && !is_current)
    }
}

/// What a changed file was made from. A checkout that is behind its branch has an older version.
fn base(
    change: &Uncommitted,
    on_branch: Option<Entry>,
    against: &Against<'_>,
) -> Result<Option<Entry>> {
    let Some(index) = change.index.filter(|id| on_branch.is_none_or(|now| now.oid != *id)) else {
        return Ok(on_branch);
    };
    let path = change.path.as_bytes();
    let below = path.splitn(3, |byte| *byte == b'/').last().unwrap_or(path);
    let is_older = (against.versions)()?.has(&RepoPath::new(below), index);
    let mode = on_branch.map_or(Mode::File, |entry| entry.mode);
    Ok(if is_older { Some(Entry { mode, oid: index }) } else { on_branch })
}

/// The paths that the last commits brought and the index has nothing of: the checkout is behind these
/// commits, and nobody has deleted anything. One commit of which the index has a part it has whole.
fn lacking(desk: &Desk<'_>, changes: &[Uncommitted], tip: Oid) -> Result<BTreeSet<RepoPath>> {
    let differs = |path: &RepoPath| {
        let change = changes.iter().find(|change| change.path == *path);
        change.is_some_and(|change| change.index != change.head)
    };
    let mut lacking = BTreeSet::new();
    let mut commit = desk.repo.commit(tip)?;
    for _ in 0..STEPS {
        let Some(parent) = commit.parents.first() else { break };
        let parent = desk.repo.commit(*parent)?;
        let mut brought = desk.repo.diff(Some(parent.tree), Some(commit.tree))?;
        brought.retain(|change| change.path.is_below(desk.root.as_bytes()));
        if !brought.iter().all(|change| differs(&change.path)) {
            break;
        }
        let new = brought.into_iter().filter(|change| change.old.is_none());
        lacking.extend(new.map(|change| change.path));
        commit = parent;
    }
    Ok(lacking)
}

/// Whether a changed path is one that people plan in.
fn is_planning(path: &RepoPath) -> bool {
    !is_never_planned(path.as_bytes(), path.file_name())
}

/// A file as an entry; where files have no executable bit, with that of the branch.
fn entry(desk: &mut Desk<'_>, found: Found, on_branch: Option<&Entry>) -> Result<Entry> {
    let has_bit = desk.repo.config_string("core.fileMode").is_none_or(|text| text != "false");
    let known = on_branch.map(|entry| entry.mode).filter(|mode| *mode == Mode::Executable);
    let mode = if has_bit { found.mode } else { known.unwrap_or(Mode::File) };
    Ok(Entry { mode, oid: desk.add(found.bytes)? })
}

fn left_out(desk: &Desk<'_>, path: &RepoPath, why: &str) -> Warning {
    let message = format!("`{}` is left out: {why}", desk.shown(path));
    Warning { code: "PLANNING_FILE_LEFT_OUT", message }
}
