//! The hooks of a commit past the index, run as `git commit` does where no editor is used.

use anyhow::Result;

use super::process::{Git, Output};
use super::repo::Repo;

/// What a hook answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookSaid {
    /// Whether it lets pass; also where there is none.
    pub passes: bool,
    /// What it wrote.
    pub text: String,
}

/// Runs the hook after a commit, whose answer changes nothing.
///
/// # Errors
/// If git cannot be started.
pub fn after_commit(repo: &Repo) -> Result<HookSaid> {
    said(hook_of(repo, "post-commit").env("GIT_INDEX_FILE", repo.index_file()))
}

/// A hook's git: nothing of our own settings reaches it.
pub(super) fn hook_of(repo: &Repo, event: &str) -> Git {
    let place = repo.work_tree().unwrap_or(repo.git_dir());
    let mut git = Git::of_user(place).env("GIT_EDITOR", ":");
    if repo.environment().git_dir.is_some() {
        git = git.env("GIT_DIR", repo.git_dir()).env("GIT_WORK_TREE", place);
    }
    let objects = repo.environment().object_variables();
    objects.fold(git, |git, (name, value)| git.env(name, value)).args([
        "hook",
        "run",
        "--ignore-missing",
        event,
    ])
}

/// Runs it.
///
/// # Errors
/// If git cannot be started.
pub(super) fn said(git: Git) -> Result<HookSaid> {
    let Output { status, stdout, stderr } = git.output()?;
    let text = [String::from_utf8_lossy(&stdout).trim_end().to_owned(), stderr];
    let text: Vec<String> = text.into_iter().filter(|part| !part.is_empty()).collect();
    Ok(HookSaid { passes: status == 0, text: text.join("\n") })
}
