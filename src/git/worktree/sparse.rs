//! What a worktree leaves out of its files: a sparse checkout by patterns, not by directories.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::list::Worktree;
use super::settings;
use crate::domain::path::RepoPath;
use crate::git::bring_up::git;
use crate::git::crash;
use crate::git::environment::Environment;
use crate::git::file::{self, path_of, read_if_present, replace_quickly};
use crate::git::repo::Repo;
use crate::git::shared;

/// The settings of a worktree that leaves files out, and of one that does not although the shared
/// settings would have it do so.
const SPARSE: &str = "[core]\n\tsparseCheckout = true\n\tsparseCheckoutCone = false\n";
const WHOLE: &str = "[core]\n\tsparseCheckout = false\n";

/// Gives a worktree without files exactly these settings and patterns, whatever `git worktree add`
/// took over from another one.
pub(super) fn set_up(repo: &Repo, worktree: &Worktree, left_out: &[RepoPath]) -> Result<()> {
    let (config, patterns) = (config_file(worktree), patterns_file(worktree));
    if left_out.is_empty() {
        remove(&patterns)?;
        return match settings::are_own(repo) {
            true => replace_quickly(&config, WHOLE.as_bytes()),
            false => Ok(()),
        };
    }
    settings::make_own(repo)?;
    crash::point("worktree-extension");
    replace_quickly(&config, SPARSE.as_bytes())?;
    crash::point("worktree-config");
    shared::create_dir_all(&worktree.git_dir.join("info"))
        .with_context(|| format!("could not write `{}`", patterns.display()))?;
    replace_quickly(&patterns, &text(left_out))
}

/// Whether settings or patterns are other than those that leave out just these files, or one of the
/// files is there all the same. In the midst of a merge or the like git may need them.
///
/// # Errors
/// If they cannot be read.
pub fn is_drifted(worktree: &Worktree, left_out: &[RepoPath]) -> Result<bool> {
    if left_out.is_empty() {
        return Ok(false);
    }
    let own = Repo::open(&worktree.path, Environment::default())?;
    let cone = own.config_string("core.sparseCheckoutCone");
    let patterns = read_if_present(&patterns_file(worktree))?.unwrap_or_default();
    Ok(!own.config_flag("core.sparseCheckout")
        || cone.as_deref().is_none_or(|cone| !is_no(cone))
        || patterns.trim_ascii() != text(left_out).trim_ascii()
        || (worktree.under_way().is_none() && !present(worktree, left_out).is_empty()))
}

/// Those of the files that are there.
#[must_use]
pub fn present<'p>(worktree: &Worktree, left_out: &'p [RepoPath]) -> Vec<&'p RepoPath> {
    let is_there = |path: &&RepoPath| {
        worktree.path.join(path_of(path.as_bytes().to_vec())).symlink_metadata().is_ok()
    };
    left_out.iter().filter(is_there).collect()
}

fn is_no(value: &str) -> bool {
    ["false", "no", "off", "0"].iter().any(|no| value.eq_ignore_ascii_case(no))
}

/// Puts settings and patterns right, and lets the files follow; other settings of the worktree, and
/// files that somebody changed, stay.
///
/// # Errors
/// If they cannot be written, or git fails.
pub fn restore(repo: &Repo, worktree: &Worktree, left_out: &[RepoPath]) -> Result<()> {
    settings::make_own(repo)?;
    let config = config_file(worktree);
    for (key, value) in [("core.sparseCheckout", "true"), ("core.sparseCheckoutCone", "false")] {
        repo.config_file(&config).args(["--replace-all", key, value]).run()?;
    }
    let patterns = patterns_file(worktree);
    shared::create_dir_all(&worktree.git_dir.join("info"))
        .with_context(|| format!("could not write `{}`", patterns.display()))?;
    file::replace(&patterns, &text(left_out))?;
    reapply(worktree)
}

/// Lets the files follow the patterns, but for those that somebody changed.
pub(super) fn reapply(worktree: &Worktree) -> Result<()> {
    git(worktree).args(["sparse-checkout", "reapply"]).run().map(drop)
}

/// All files but these (gitignore(5) says how such patterns read).
fn text(left_out: &[RepoPath]) -> Vec<u8> {
    let mut text = b"/*\n".to_vec();
    for path in left_out {
        text.push(b'!');
        for byte in path.as_bytes() {
            if b"*?[\\".contains(byte) {
                text.push(b'\\');
            }
            text.push(*byte);
        }
        text.push(b'\n');
    }
    text
}

fn config_file(worktree: &Worktree) -> PathBuf {
    worktree.git_dir.join("config.worktree")
}

fn patterns_file(worktree: &Worktree) -> PathBuf {
    worktree.git_dir.join("info/sparse-checkout")
}

fn remove(path: &std::path::Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("could not remove `{}`", path.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
