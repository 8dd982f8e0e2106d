//! Worktrees whose branch moved under them: from the old tree to the new one, keeping what people
//! are doing there.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};

use super::file::path_of;
use super::index_lock::IndexLock;
use super::process::Git;
use super::repo::Repo;
use super::taken::others;
use super::worktree::{Kind, Worktree, hidden};
use crate::domain::change::Change;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refname::RefName;
use crate::domain::refusal::{Refusal, Warning};

/// Up to this many paths are handed to git, which else looks at all.
const MANY: usize = 500;

impl Repo {
    /// The worktrees that have this branch checked out.
    ///
    /// # Errors
    /// As [`Repo::worktrees`].
    pub fn checkouts_of(&self, branch: &RefName) -> Result<Vec<Worktree>> {
        let mut found = self.worktrees()?;
        found.retain(|worktree| worktree.is_checkout_of(branch));
        Ok(found)
    }
}

impl Worktree {
    /// Whether it has this branch checked out.
    #[must_use]
    pub fn is_checkout_of(&self, branch: &RefName) -> bool {
        self.branch.as_ref() == Some(branch) && self.kind != Kind::Bare
    }
}

/// Whether [`bring_up`] would find nobody's work in its way: no file that differs between the two
/// trees (`None` is the empty one) is staged, changed or unmerged there, or, where a file is to
/// appear, stands there untracked. To be called before the branch moves; changes nothing and takes
/// no lock. A worktree whose directory is gone is in nobody's way.
///
/// # Errors
/// [`Refusal::WorktreeDirty`] with the paths; if git or a tree cannot be read.
pub fn check(repo: &Repo, worktree: &Worktree, old: Option<Oid>, new: Option<Oid>) -> Result<()> {
    check_but(repo, worktree, [old, new], &BTreeSet::new())
}

/// As [`check`], whatever stands at the paths in `taken`.
///
/// # Errors
/// As [`check`].
pub fn check_but(
    repo: &Repo,
    worktree: &Worktree,
    [old, new]: [Option<Oid>; 2],
    taken: &BTreeSet<RepoPath>,
) -> Result<()> {
    if !worktree.path.is_dir() {
        return Ok(());
    }
    let changes = others(repo.diff(old, new)?, taken);
    if changes.is_empty() {
        return Ok(());
    }
    let paths: BTreeSet<&[u8]> = changes.iter().map(|change| change.path.as_bytes()).collect();
    let mut dirty = staged(worktree, old.unwrap_or(repo.empty_tree()), &paths)?;
    dirty.extend(unstaged(worktree, &paths)?);
    dirty.extend(untracked(worktree, &changes));
    refuse_dirty(worktree, dirty)
}

/// Whether no file that differs between the two trees is changed where git was told not to look
/// (`assume-unchanged`, `skip-worktree`): git would bring the worktree up half.
///
/// # Errors
/// As [`check`]; if another process holds the index.
pub fn check_hidden(repo: &Repo, worktree: &Worktree, [old, new]: [Oid; 2]) -> Result<()> {
    if !worktree.path.is_dir() {
        return Ok(());
    }
    let mut paths = hidden(worktree)?;
    if !paths.is_empty() {
        let changes = repo.diff(Some(old), Some(new))?;
        paths.retain(|path| changes.iter().any(|change| change.path == *path));
    }
    refuse_dirty(worktree, paths)
}

/// Refuses for these paths, if there are any.
fn refuse_dirty(worktree: &Worktree, paths: impl IntoIterator<Item = RepoPath>) -> Result<()> {
    let paths: Vec<String> = paths.into_iter().map(|path| path.to_string()).collect();
    if paths.is_empty() {
        return Ok(());
    }
    let worktree = worktree.path.display().to_string();
    Err(Refusal::WorktreeDirty { worktree, paths }.into())
}

/// Brings index and files of a worktree from the old tree to the new one: a two-tree merge, `git
/// read-tree -m -u`, which respects sparse checkouts and leaves all other changes alone. The branch
/// has moved by now, so what hinders it is a warning: the worktree then lags behind, and nothing in
/// it has changed.
///
/// # Errors
/// If git cannot be started.
pub fn bring_up(
    repo: &Repo,
    worktree: &Worktree,
    old: Option<Oid>,
    new: Option<Oid>,
) -> Result<Option<Warning>> {
    if !worktree.path.is_dir() {
        return Ok(Some(behind(worktree, "its directory is missing")));
    }
    let lock = match IndexLock::take(&worktree.git_dir) {
        Ok(Some(lock)) => lock,
        Ok(None) => return Ok(Some(behind(worktree, "another process holds its `index.lock`"))),
        Err(error) => return Ok(Some(behind(worktree, &error.to_string()))),
    };
    merge(repo, worktree, lock, [old, new])
}

/// The merge, under the lock.
pub(super) fn merge(
    repo: &Repo,
    worktree: &Worktree,
    lock: IndexLock,
    trees: [Option<Oid>; 2],
) -> Result<Option<Warning>> {
    let trees = trees.map(|tree| tree.unwrap_or(repo.empty_tree()).to_string());
    let git = || git(worktree).env("GIT_INDEX_FILE", lock.copy()).stdin_file(lock.file());
    let merge = || {
        let git = git().args(["read-tree", "-m", "-u", "--no-recurse-submodules"]);
        git.args(&trees).output()
    };
    let mut output = merge()?;
    if output.status != 0 {
        // Files that were touched, but not changed, count as changed until git has looked at them.
        git().args(["update-index", "-q", "--refresh"]).output()?;
        output = merge()?;
    }
    if output.status != 0 {
        return Ok(Some(behind(worktree, output.stderr.lines().next().unwrap_or_default())));
    }
    Ok(lock.keep().err().map(|error| behind(worktree, &error.to_string())))
}

pub(super) fn behind(worktree: &Worktree, why: &str) -> Warning {
    let path = worktree.path.display();
    Warning {
        code: "WORKTREE_BEHIND",
        message: format!("the worktree `{path}` could not follow its branch: {why}"),
    }
}

/// Git in the worktree, whatever environment this process runs in.
pub(super) fn git(worktree: &Worktree) -> Git {
    Git::new(&worktree.path)
        .env("GIT_DIR", &worktree.git_dir)
        .env("GIT_WORK_TREE", &worktree.path)
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_LITERAL_PATHSPECS", "1")
}

/// Those of the paths at which the index differs from the tree, and all that are unmerged: git
/// brings up no worktree that has any.
pub(super) fn staged(
    worktree: &Worktree,
    tree: Oid,
    paths: &BTreeSet<&[u8]>,
) -> Result<BTreeSet<RepoPath>> {
    let tree = tree.to_string();
    let listed = listed(diff(worktree).args(["--cached", "--name-status", &tree, "--"]))?;
    let pairs = listed.chunks_exact(2).filter_map(|pair| Some((pair.first()?, pair.last()?)));
    let found = pairs.filter(|(status, path)| *status == b"U" || paths.contains(path.as_slice()));
    Ok(found.map(|(_, path)| RepoPath::new(path.as_slice())).collect())
}

/// Those of the paths at which the files differ from the index.
pub(super) fn unstaged(worktree: &Worktree, paths: &BTreeSet<&[u8]>) -> Result<Vec<RepoPath>> {
    let mut call = diff(worktree).args(["--name-only", "--"]);
    if paths.len() <= MANY {
        call = call.args(paths.iter().map(|path| path_of(path.to_vec())));
    }
    let found = listed(call)?.into_iter().filter(|path| paths.contains(path.as_slice()));
    Ok(found.map(RepoPath::new).collect())
}

fn diff(worktree: &Worktree) -> Git {
    let options = ["-z", "--no-renames", "--no-ext-diff", "--ignore-submodules=dirty"];
    git(worktree).args(["diff"]).args(options)
}

fn listed(call: Git) -> Result<Vec<Vec<u8>>> {
    let output = call.output()?;
    if output.status != 0 {
        bail!("`git diff` ended with status {}: {}", output.status, output.stderr);
    }
    let parts = output.stdout.split(|byte| *byte == 0).filter(|part| !part.is_empty());
    Ok(parts.map(<[u8]>::to_vec).collect())
}

/// What stands in the way of files that are to appear, and does not vanish with the old tree.
pub(super) fn untracked(worktree: &Worktree, changes: &[Change]) -> Vec<RepoPath> {
    let vanishing = changes.iter().filter(|change| change.new.is_none());
    let vanishing: BTreeSet<&[u8]> = vanishing.map(|change| change.path.as_bytes()).collect();
    let way = Way { worktree, vanishing };
    let appearing = changes.iter().filter(|change| change.old.is_none());
    appearing.filter_map(|change| way.obstacle(change.path.as_bytes())).collect()
}

struct Way<'a> {
    worktree: &'a Worktree,
    vanishing: BTreeSet<&'a [u8]>,
}

impl Way<'_> {
    /// What stands at the path, below it, or in place of a directory above it.
    fn obstacle(&self, path: &[u8]) -> Option<RepoPath> {
        let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        let above = slashes.filter_map(|(end, _)| path.get(..end));
        let file_above = above.into_iter().find(|above| self.is_file(above));
        match file_above {
            Some(file) if self.vanishing.contains(file) => None,
            Some(file) => Some(RepoPath::new(file)),
            None if self.is_file(path) => Some(RepoPath::new(path)),
            None => self.file_below(path),
        }
    }

    /// A symbolic link is one, wherever it leads.
    fn is_file(&self, path: &[u8]) -> bool {
        fs::symlink_metadata(self.place(path)).is_ok_and(|metadata| !metadata.is_dir())
    }

    fn file_below(&self, path: &[u8]) -> Option<RepoPath> {
        let entries = fs::read_dir(self.place(path)).into_iter().flatten();
        entries.filter_map(Result::ok).find_map(|entry| {
            let path = [path, b"/", entry.file_name().as_encoded_bytes()].concat();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                return self.file_below(&path);
            }
            (!self.vanishing.contains(path.as_slice())).then(|| RepoPath::new(path))
        })
    }

    fn place(&self, path: &[u8]) -> PathBuf {
        self.worktree.path.join(path_of(path.to_vec()))
    }
}
