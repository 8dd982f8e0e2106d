//! What goes with a worktree of its submodules: their repositories lie in its own Git directory.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::list::Worktree;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Refusal;
use crate::git::bring_up::git;
use crate::git::file::path_of;
use crate::git::process::Git;
use crate::git::repo::canonical;

/// Whether submodules were checked out in a worktree, whose repositories are still there.
pub(super) fn had_any(worktree: &Worktree) -> bool {
    worktree.git_dir.join("modules").is_dir()
}

/// That the submodules of a worktree have nothing that would be lost with it: neither files that are
/// not committed nor commits that were not pushed.
///
/// # Errors
/// [`Refusal::WorktreeNotMade`]; if git fails.
pub(super) fn check(worktree: &Worktree) -> Result<()> {
    let refused = |place: &Path, has: &str| {
        let (worktree, place) = (worktree.path.display().to_string(), place.display());
        let what = format!("the submodule in `{place}` has {has}");
        Err(Refusal::WorktreeNotMade { worktree, what }.into())
    };
    let mut repositories = below(&worktree.git_dir.join("modules"));
    for path in checked_out(worktree)? {
        let place = place(worktree, &path);
        if !is_clean(&place)? {
            return refused(&place, "work that is not committed");
        }
        repositories.extend(Some(place.join(".git")).filter(|own| own.is_dir()));
    }
    for repository in repositories {
        let git = Git::new(&repository).env("GIT_DIR", &repository);
        let known = ["--not", "--remotes", "--tags"];
        if !git.args(["rev-list", "--max-count=1", "--all"]).args(known).run()?.is_empty() {
            return refused(&repository, "commits that were not pushed");
        }
    }
    Ok(())
}

/// The submodules that are checked out in the worktree.
///
/// # Errors
/// If git fails.
pub(super) fn checked_out(worktree: &Worktree) -> Result<Vec<RepoPath>> {
    let listed = git(worktree).args(["ls-files", "--stage", "-z"]).run()?;
    let link = |entry: &[u8]| {
        let path = entry.strip_prefix(b"160000 ")?.splitn(2, |byte| *byte == b'\t').nth(1)?;
        Some(RepoPath::new(path))
    };
    let is_there = |path: &RepoPath| place(worktree, path).join(".git").symlink_metadata().is_ok();
    let links = listed.split(|byte| *byte == 0).filter_map(link);
    Ok(links.filter(is_there).collect())
}

/// Whether something untracked is a submodule, with nothing in it that is not committed, which git
/// left there when it checked out a commit without it. Its repository is the worktree's.
pub(super) fn is_left(worktree: &Worktree, path: &RepoPath) -> bool {
    let place = place(worktree, path);
    let modules = canonical(&worktree.git_dir.join("modules"));
    let has_link = path.as_bytes().ends_with(b"/") && place.join(".git").is_file();
    let own = || Git::new(&place).args(["rev-parse", "--absolute-git-dir"]).line();
    has_link
        && own().is_ok_and(|own| canonical(Path::new(&own)).starts_with(modules))
        && is_clean(&place).is_ok_and(|is_clean| is_clean)
}

fn place(worktree: &Worktree, path: &RepoPath) -> PathBuf {
    worktree.path.join(path_of(path.as_bytes().to_vec()))
}

fn is_clean(place: &Path) -> Result<bool> {
    let options = ["--porcelain", "--untracked-files=all", "--ignore-submodules=none"];
    Ok(Git::new(place).args(["status"]).args(options).run()?.is_empty())
}

/// The repositories below a directory, and theirs. Names of submodules may have slashes.
fn below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut left = vec![directory.to_owned()];
    while let Some(directory) = left.pop() {
        if directory.join("HEAD").symlink_metadata().is_ok() {
            left.push(directory.join("modules"));
            found.push(directory);
            continue;
        }
        let entries = fs::read_dir(&directory).into_iter().flatten().filter_map(Result::ok);
        let is_directory = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
        left.extend(entries.filter(is_directory).map(|entry| entry.path()));
    }
    found.sort();
    found
}
