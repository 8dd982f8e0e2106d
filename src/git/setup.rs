//! What setting up needs to know about a repository, asked of git itself.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::environment::Environment;
use super::file::path_of;
use super::process::{Git, Output};
use super::repo::Repo;
use crate::domain::git_version::GitVersion;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Refusal;

/// The directories of a repository.
#[derive(Debug, Clone)]
pub(crate) struct Repository {
    /// The directory that all worktrees share, absolute.
    pub(crate) common: PathBuf,
    /// The top of each worktree that is there, the main one first; for a bare repository its
    /// directory stands in the main one's place.
    pub(crate) checkouts: Vec<PathBuf>,
}

/// A set `core.hooksPath`.
#[derive(Debug, Clone)]
pub(crate) struct HooksPath {
    /// `system`, `global`, `local`, `worktree` or `command`.
    pub(crate) scope: String,
    /// The value as it was written.
    pub(crate) value: String,
}

/// The version of the `git` on PATH.
pub(crate) fn version(directory: &Path) -> Result<GitVersion> {
    let line = Git::new(directory).args(["version"]).line()?;
    line.parse().with_context(|| format!("`git version` said `{line}`"))
}

/// The version, or the refusal of one that is too old.
pub(crate) fn supported_version(directory: &Path) -> Result<GitVersion> {
    let version = version(directory)?;
    if version.is_supported() {
        return Ok(version);
    }
    Err(Refusal::GitTooOld { found: format!("git version {version}") }.into())
}

/// The repository that Git would take in the directory `start`, with the environment of this process:
/// the one that `GIT_DIR` names, else the one that `start` lies in, be it a worktree, a directory below
/// one, or a Git directory.
pub(crate) fn repository(start: &Path) -> Result<Repository> {
    let environment = Environment::of_process();
    let call = ["rev-parse", "--path-format=absolute", "--git-common-dir"];
    let places = environment.place_variables();
    let git = places.fold(Git::new(start), |git, (name, value)| git.env(name, value));
    let output = git.args(call).output()?;
    if output.status != 0 {
        return Err(outside(start, &output));
    }
    let common = path_line(output.stdout);
    let start = if environment.git_dir.is_some() { &common } else { start };
    let checkouts = checkouts(start, &common)?;
    // So that what is written there gets its permissions; what is wrong with it others say.
    let _ = Repo::open(&common, Environment::default());
    Ok(Repository { common, checkouts })
}

/// The main worktree of the repository that `start` lies in; `None` if it is bare.
pub(crate) fn primary(start: &Path) -> Result<Option<PathBuf>> {
    Repo::discover(start)?.primary_work_tree()
}

/// The `core.hooksPath` that counts in a checkout.
pub(crate) fn hooks_path(checkout: &Path) -> Result<Option<HooksPath>> {
    let call = ["config", "--show-scope", "-z", "--get", "core.hooksPath"];
    let output = Git::new(checkout).args(call).output()?;
    match output.status {
        0 => {}
        1 => return Ok(None),
        status => bail!("`git config` ended with status {status}: {}", output.stderr),
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let (scope, value) = text.split_once('\0').context("`git config` printed no scope")?;
    let value = value.trim_end_matches('\0');
    Ok(Some(HooksPath { scope: scope.to_owned(), value: value.to_owned() }))
}

/// The directory that git runs the hooks of a checkout from, whatever names it.
pub(crate) fn hooks_directory(checkout: &Path) -> Result<PathBuf> {
    let call = ["rev-parse", "--path-format=absolute", "--git-path", "hooks"];
    Ok(path_line(Git::new(checkout).args(call).run()?))
}

/// Whether the index of a checkout holds this path, relative to its top.
pub(crate) fn is_tracked(checkout: &Path, path: &Path) -> Result<bool> {
    let call =
        Git::new(checkout).args(["--literal-pathspecs", "ls-files", "-z", "--"]).args([path]);
    Ok(!call.run()?.is_empty())
}

/// Whether git leaves out this path of a checkout, relative to its top.
pub(crate) fn is_ignored(checkout: &Path, path: &Path) -> Result<bool> {
    let output = Git::new(checkout).args(["check-ignore", "-q", "--"]).args([path]).output()?;
    Ok(output.status == 0)
}

impl Repo {
    /// The files below a directory of the primary checkout that git does not ignore, with their
    /// paths from there.
    ///
    /// # Errors
    /// If git cannot list them.
    pub fn kept_files(&self, directory: &Path) -> Result<Vec<RepoPath>> {
        let call =
            ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
        let mut git = Git::new(directory);
        // Git would find no work tree by itself where the repository calls itself bare.
        if let Some(top) = self.primary_work_tree()? {
            git = git.env("GIT_DIR", self.common_dir()).env("GIT_WORK_TREE", top);
        }
        let listed = git.args(call).run()?;
        let paths = listed.split(|byte| *byte == 0).filter(|path| !path.is_empty());
        Ok(paths.map(|path| RepoPath::new(path.to_vec())).collect())
    }
}

fn outside(start: &Path, output: &Output) -> anyhow::Error {
    let path = start.display().to_string();
    if output.stderr.contains("dubious ownership") {
        Refusal::UntrustedRepository { path }.into()
    } else if output.stderr.contains("not a git repository") {
        Refusal::NotARepository { start: path }.into()
    } else {
        anyhow::anyhow!("git cannot use the repository at `{path}`: {}", output.stderr)
    }
}

fn checkouts(start: &Path, common: &Path) -> Result<Vec<PathBuf>> {
    let listed = Git::new(start).args(["worktree", "list", "--porcelain", "-z"]).run()?;
    let mut tops: Vec<PathBuf> = listed
        .split(|&byte| byte == 0)
        .filter_map(|line| line.strip_prefix(b"worktree "))
        .map(|path| path_of(path.to_vec()))
        .collect();
    if let Some(main) = tops.first_mut()
        && main.as_path() == common
    {
        *main = main_top(start, common)?;
    }
    tops.retain(|top| top.is_dir());
    Ok(tops)
}

/// Git lists a main worktree whose Git directory lies elsewhere (a submodule, `--separate-git-dir`)
/// by that directory. Its top is known there by `core.worktree`, or from within the worktree.
fn main_top(start: &Path, common: &Path) -> Result<PathBuf> {
    for directory in [common, start] {
        let call = ["rev-parse", "--path-format=absolute", "--git-dir", "--show-toplevel"];
        let output = Git::new(directory).args(call).output()?;
        let mut lines =
            output.stdout.split(|&byte| byte == b'\n').map(|line| path_of(line.to_vec()));
        if let (0, Some(git_dir), Some(top)) = (output.status, lines.next(), lines.next())
            && git_dir == common
        {
            return Ok(top);
        }
    }
    Ok(common.to_owned())
}

fn path_line(mut stdout: Vec<u8>) -> PathBuf {
    if stdout.last() == Some(&b'\n') {
        stdout.pop();
    }
    path_of(stdout)
}
