//! A worktree of a branch to which its uncommitted changes were committed from outside.
//!
//! A two-tree merge refuses such files: it sees changes that nobody committed. Here the index gets
//! the committed entries first, so that it agrees with the new tree, and the merge leaves them be.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::bring_up::{behind, check_but, git, merge, staged, unstaged};
use super::durability::Durability;
use super::enter::enter;
use super::index_lock::IndexLock;
use super::repo::Repo;
use super::worktree::Worktree;
use super::write::Writer;
use crate::domain::change::{Change, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{Refusal, Warning};

/// How many commits the worktree may be behind.
const STEPS: usize = 4;

/// Paths of a worktree whose changes a commit takes over, or has.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The worktree.
    pub worktree: Worktree,
    /// The paths.
    pub paths: BTreeSet<RepoPath>,
}

impl Taken {
    /// As [`super::check()`], but for the paths that are taken.
    ///
    /// # Errors
    /// As [`super::check()`].
    pub fn check(&self, repo: &Repo, old: Oid, new: Oid) -> Result<()> {
        check_but(repo, &self.worktree, [Some(old), Some(new)], &self.paths)
    }

    /// Brings index and other files to `tip`, which has the changes of these paths by now. Files at
    /// the paths stay as they are: what is there and not in `tip` is an uncommitted change again.
    /// Run again after a kill, it does what is missing.
    ///
    /// # Errors
    /// If git or a commit cannot be read. What hinders it otherwise is a warning.
    pub fn bring_up(&self, repo: &Repo, tip: Oid) -> Result<Option<Warning>> {
        let lock = match IndexLock::take(&self.worktree.git_dir) {
            Ok(Some(lock)) => lock,
            Ok(None) => {
                return Ok(Some(behind(&self.worktree, "another process holds its `index.lock`")));
            }
            Err(error) => return Ok(Some(behind(&self.worktree, &error.to_string()))),
        };
        let new = repo.tree_of_commit(tip)?;
        let old = self.tree_of_the_rest(repo, tip)?;
        self.enter(repo, &lock, new)?;
        merge(repo, &self.worktree, lock, [Some(old), Some(new)])
    }

    /// Brings all but these paths to `tip`, where whoever moved the branch there was killed before it
    /// could. At the paths neither index nor files change.
    ///
    /// # Errors
    /// If git, a commit or the index cannot be read or written.
    pub fn catch_up(&self, repo: &Repo, tip: Oid) -> Result<Option<Warning>> {
        let new = repo.tree_of_commit(tip)?;
        let old = self.tree_of_the_rest(repo, tip)?;
        if old == new {
            return Ok(None);
        }
        let kept = self.paths.iter().map(|path| Ok((path.clone(), repo.entry(old, path)?)));
        let kept = kept.collect::<Result<Vec<_>>>()?;
        let rest = Writer::new(repo, Durability::Git).tree_with(Some(new), &kept)?;
        let Some(lock) = IndexLock::take(&self.worktree.git_dir)? else { return Ok(None) };
        merge(repo, &self.worktree, lock, [Some(old), Some(rest)])
    }

    /// The tree that the index has at all other paths: the tip's, or that of one of the commits
    /// before it; of what is neither, nothing moves.
    fn tree_of_the_rest(&self, repo: &Repo, tip: Oid) -> Result<Oid> {
        let mut commit = repo.commit(tip)?;
        let (new, mut is_behind) = (commit.tree, false);
        for _ in 0..STEPS {
            let Some(parent) = commit.parents.first() else { break };
            commit = repo.commit(*parent)?;
            if !is_behind {
                // A commit of these paths alone tells nothing of the others.
                match self.has(repo, commit.tree, new)? {
                    None => continue,
                    Some(true) => break,
                    Some(false) => is_behind = true,
                }
            }
            match self.check(repo, commit.tree, new) {
                Ok(()) => return Ok(commit.tree),
                Err(error) if error.is::<Refusal>() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(new)
    }

    /// Whether index and files are as the new tree has them where the two differ; `None` if they
    /// differ at these paths only.
    fn has(&self, repo: &Repo, old: Oid, new: Oid) -> Result<Option<bool>> {
        let changes = repo.diff(Some(old), Some(new))?;
        let others = changes.iter().filter(|change| !self.paths.contains(&change.path));
        let paths: BTreeSet<&[u8]> = others.map(|change| change.path.as_bytes()).collect();
        if paths.is_empty() {
            return Ok(None);
        }
        let worktree = &self.worktree;
        let is_clean = staged(worktree, new, &paths)?.is_empty();
        Ok(Some(is_clean && unstaged(worktree, &paths)?.is_empty()))
    }

    /// Enters what the tree has at the paths into the copy of the index.
    fn enter(&self, repo: &Repo, lock: &IndexLock, tree: Oid) -> Result<()> {
        let at = |path: &RepoPath| {
            let entry = repo.entry(tree, path)?.filter(|entry| entry.mode != Mode::Tree);
            Ok((path.clone(), entry))
        };
        let entries = self.paths.iter().map(at).collect::<Result<Vec<_>>>()?;
        enter(lock, &|| git(&self.worktree), &entries)
    }
}

/// An uncommitted change of a worktree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncommitted {
    /// The path.
    pub path: RepoPath,
    /// What HEAD has.
    pub head: Option<Oid>,
    /// What the index has.
    pub index: Option<Oid>,
    /// Whether it is a conflict that nobody has resolved.
    pub is_unmerged: bool,
}

/// What index and files have below `directory` that HEAD has not, and the other way round, files
/// included that are neither tracked nor ignored; sorted by path.
///
/// # Errors
/// If git fails, or says something unknown.
pub fn uncommitted(worktree: &Worktree, directory: &str) -> Result<Vec<Uncommitted>> {
    let options = ["--porcelain=v2", "-z", "--no-renames", "--untracked-files=all"];
    let call = git(worktree).args(["status"]).args(options);
    let said = call.args(["--ignore-submodules=all", "--", directory]).run()?;
    let lines = said.split(|byte| *byte == 0).filter(|line| !line.is_empty());
    let mut found = lines
        .map(|line| parse(line).with_context(|| format!("`git status` said {line:?}")))
        .collect::<Result<Vec<_>>>()?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// A line of `git status --porcelain=v2 -z` (`git help status`).
fn parse(line: &[u8]) -> Option<Uncommitted> {
    if let Some(path) = line.strip_prefix(b"? ") {
        let path = RepoPath::new(path);
        return Some(Uncommitted { path, head: None, index: None, is_unmerged: false });
    }
    let is_unmerged = line.starts_with(b"u ");
    if !is_unmerged && !line.starts_with(b"1 ") {
        return None;
    }
    let words: Vec<&[u8]> =
        line.splitn(if is_unmerged { 11 } else { 9 }, |byte| *byte == b' ').collect();
    let path = RepoPath::new(*words.last()?);
    // The zero id is none.
    let id = |at: usize| Some(std::str::from_utf8(words.get(at)?).ok()?.parse::<Oid>().ok());
    let (head, index) = if is_unmerged { (None, None) } else { (id(6)?, id(7)?) };
    Some(Uncommitted { path, head, index, is_unmerged })
}

/// Those of the changes whose paths are not among `taken`.
pub(super) fn others(changes: Vec<Change>, taken: &BTreeSet<RepoPath>) -> Vec<Change> {
    changes.into_iter().filter(|change| !taken.contains(&change.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OID: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

    #[test]
    fn lines_of_status_are_read_with_any_path() {
        let zero = "0".repeat(40);
        let line = format!("1 AM N... 000000 100644 100644 {zero} {OID} a b\n\u{e9}");
        let found = parse(line.as_bytes()).unwrap();
        assert_eq!(found.path, RepoPath::from("a b\n\u{e9}"));
        assert_eq!((found.head, found.index), (None, Some(OID.parse().unwrap())));
        let unmerged = format!("u UU N... 100644 100644 100644 100644 {OID} {OID} {OID} x y");
        assert!(
            parse(unmerged.as_bytes()).is_some_and(|u| u.is_unmerged && u.path == "x y".into())
        );
        assert!(parse(b"? new file").is_some_and(|u| u.path == "new file".into()));
        assert_eq!(parse(b"# branch.oid"), None);
    }
}
