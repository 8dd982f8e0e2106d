//! Finding commits by what they hold.

use anyhow::Result;

use super::repo::{Repo, with_bytes};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;

/// The commits that hold certain bytes at a path.
pub struct Holders<'r> {
    repo: &'r Repo,
    path: &'r RepoPath,
    likely: Vec<Oid>,
}

/// Refs that an operation in progress leaves (git(1), "Pseudo refs").
const PSEUDO_REFS: [&str; 5] =
    ["HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD"];

impl<'r> Holders<'r> {
    /// Those that hold something at `path`; looked for first in HEAD, in `heads` and in what an
    /// operation in progress names.
    ///
    /// # Errors
    /// If one of those refs is damaged.
    pub fn new(repo: &'r Repo, path: &'r RepoPath, heads: &[Oid]) -> Result<Self> {
        let mut likely = heads.to_vec();
        for name in PSEUDO_REFS {
            likely.extend(repo.find(&name.parse()?)?);
        }
        Ok(Self { repo, path, likely })
    }

    /// What a commit that holds `bytes` has at the path `other`: `None` if no commit is found, which
    /// any ref must reach, and `Some(None)` if it has nothing there. Of several commits those that
    /// are likely go first, then the newest.
    ///
    /// # Errors
    /// If an object is missing or damaged.
    pub fn beside(&self, bytes: &[u8], other: &RepoPath) -> Result<Option<Option<Vec<u8>>>> {
        for commit in &self.likely {
            if let Some(tree) = self.tree_if_holds(*commit, bytes)? {
                return self.repo.blob_at(tree, other).map(Some);
            }
        }
        for commit in self.commits_that_brought(bytes)? {
            if let Some(tree) = self.tree_if_holds(commit, bytes)? {
                return self.repo.blob_at(tree, other).map(Some);
            }
        }
        Ok(None)
    }

    fn tree_if_holds(&self, commit: Oid, bytes: &[u8]) -> Result<Option<Oid>> {
        let tree = self.repo.tree_of_commit(commit)?;
        let held = self.repo.blob_at(tree, self.path)?;
        Ok((held.as_deref() == Some(bytes)).then_some(tree))
    }

    /// Commits at which the content came to the path, or went.
    fn commits_that_brought(&self, bytes: &[u8]) -> Result<Vec<Oid>> {
        let blob = self.repo.git().args(["hash-object", "--stdin"]).stdin(bytes).line()?;
        let find = format!("--find-object={blob}");
        let git = self.repo.git().args(["--literal-pathspecs", "log", "--all", "--full-history"]);
        let git = git.args(["-m", "--no-show-signature", "--format=%H", &find, "--"]);
        let output = with_bytes(git, &[self.path.as_bytes()])?.output()?;
        // Content that was never stored is in no commit; git says so with an error.
        let lines = output.stdout.split(|byte| *byte == b'\n');
        let text = lines.filter_map(|line| std::str::from_utf8(line).ok());
        Ok(text.filter_map(|line| line.parse().ok()).collect())
    }
}
