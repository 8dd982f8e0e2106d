//! Whether git would run a reference-transaction hook that is not ours.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use gix::bstr::ByteSlice;

use crate::git::chain;
use crate::git::file::{is_executable, read_if_present};
use crate::git::repo::{Repo, unexpected};

const EVENT: &str = "reference-transaction";

/// The name that `git kitty install` gives to our own hook in the configuration.
const OURS: &[u8] = b"git-kitty-reference-transaction";

/// How a copy of our own hook program begins to say what it is.
const MARK: &[u8] = b"[git-kitty hook reference-transaction ";

/// Looks where git looks: in the hooks directory that counts for this worktree (githooks(5)), and
/// in the configuration, which git reads hooks from since 2.54 (asking an older one does no harm).
pub(super) fn others_listen(repo: &Repo) -> Result<bool> {
    if is_configured(repo) {
        return Ok(true);
    }
    let Some(directory) = directory(repo)? else { return Ok(true) };
    let hook = directory.join(EVENT);
    if !would_run(&hook) {
        return Ok(false);
    }
    if !is_ours(&hook)? {
        return Ok(true);
    }
    Ok(would_run(&directory.join(format!("{EVENT}{}", chain::SUFFIX))))
}

fn is_configured(repo: &Repo) -> bool {
    let names = repo.config_subsections("hook");
    names.iter().filter(|name| *name != OURS).any(|name| {
        let key = [b"hook.", name.as_slice(), b".event"].concat();
        repo.config_strings(key).iter().any(|event| event == EVENT)
    })
}

/// `None` where only git can say what its setting means.
fn directory(repo: &Repo) -> Result<Option<PathBuf>> {
    let set = repo.inner.config_snapshot().trusted_path("core.hooksPath").map_err(unexpected)?;
    let Some(set) = set else { return Ok(Some(repo.common_dir().join("hooks"))) };
    if set.as_os_str().is_empty() {
        return Ok(None);
    }
    Ok(Some(repo.work_tree().unwrap_or(repo.git_dir()).join(set)))
}

fn would_run(hook: &Path) -> bool {
    fs::metadata(hook).is_ok_and(|metadata| metadata.is_file() && is_executable(&metadata))
}

fn is_ours(hook: &Path) -> Result<bool> {
    let bytes = read_if_present(hook)?.unwrap_or_default();
    Ok(!bytes.starts_with(b"#!") && bytes.find(MARK).is_some())
}
