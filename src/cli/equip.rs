//! What a worktree gets that is new: the settings of tools that were told in the repository.

use std::path::Path;

use crate::domain::refusal::Warning;
use crate::git::Repo;
use crate::hook::install::equip;

/// Tells tools in the worktree at `top` what they were told elsewhere. The worktree is there without
/// it, and so a failure is a warning.
pub(super) fn told_tools(repo: &Repo, top: &Path) -> Option<Warning> {
    let error = equip(repo.common_dir(), top).err()?;
    let message = format!(
        "tools do not ask before they edit in `{}`: {error:#}; `git kitty install --agent` tells them",
        top.display()
    );
    Some(Warning { code: "AGENT_NOT_TOLD", message })
}
