//! Which files git would leave out.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail};

use super::process::Git;
use super::repo::Repo;
use crate::domain::path::RepoPath;

impl Repo {
    /// Those of the paths that git ignores and that are not tracked; none if git cannot tell.
    ///
    /// # Errors
    /// If git cannot be started.
    pub fn ignored(&self, paths: &[RepoPath]) -> Result<BTreeSet<RepoPath>> {
        let input: Vec<u8> =
            paths.iter().flat_map(|path| [path.as_bytes(), b"\0"].concat()).collect();
        let output = self.git().args(["check-ignore", "-z", "--stdin"]).stdin(input).output()?;
        let said = output.stdout.split(|byte| *byte == 0).filter(|path| !path.is_empty());
        Ok(said.map(RepoPath::new).filter(|_| output.status == 0).collect())
    }
}

/// Those of the paths, counted from `top`, that git ignores there and that are not tracked. None if
/// `directory` itself, which all of them are in, is ignored: then the rules tell nothing of them. A
/// place that is in no work tree ignores nothing.
///
/// # Errors
/// If git cannot be started, or fails otherwise.
pub fn ignored(
    git_dir: Option<&Path>,
    top: &Path,
    directory: &RepoPath,
    paths: &[RepoPath],
) -> Result<BTreeSet<RepoPath>> {
    if paths.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut git = Git::new(top);
    if let Some(git_dir) = git_dir {
        git = git.env("GIT_DIR", git_dir).env("GIT_WORK_TREE", top);
    }
    let asked = [directory].into_iter().chain(paths);
    let input: Vec<u8> = asked.flat_map(|path| [path.as_bytes(), b"\0"].concat()).collect();
    let output = git.args(["check-ignore", "-z", "--stdin"]).stdin(input).output()?;
    match output.status {
        0 => {}
        1 | 128 => return Ok(BTreeSet::new()),
        status => bail!("`git check-ignore` ended with status {status}: {}", output.stderr),
    }
    let said = output.stdout.split(|byte| *byte == 0).filter(|path| !path.is_empty());
    let found: BTreeSet<RepoPath> = said.map(RepoPath::new).collect();
    Ok(if found.contains(directory) { BTreeSet::new() } else { found })
}
