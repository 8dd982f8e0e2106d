//! Whether git would run a reference-transaction hook that is not ours.

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use gix::bstr::ByteSlice;

use crate::git::chain;
use crate::git::file::{is_executable, open_regular};
use crate::git::process::Git;
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

/// A call of git that runs no hook, where no others listen.
pub(super) fn without_ours(repo: &Repo, git: Git) -> Git {
    let git = git.args(["-c", "core.hooksPath=/dev/null"]);
    if !repo.config_subsections("hook").iter().any(|name| name == OURS) {
        return git;
    }
    let ours = String::from_utf8_lossy(OURS);
    git.args(["-c".to_owned(), format!("hook.{ours}.enabled=false")])
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

/// Reads no more than it takes: of a script two bytes, of our program what comes before the mark.
fn is_ours(hook: &Path) -> Result<bool> {
    let reading = || -> io::Result<bool> {
        let (mut file, mut begin) = (open_regular(hook)?, Vec::new());
        file.by_ref().take(2).read_to_end(&mut begin)?;
        Ok(begin != b"#!" && has_mark(begin.chain(file))?)
    };
    match reading() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        found => found.with_context(|| format!("could not read `{}`", hook.display())),
    }
}

fn has_mark(mut file: impl Read) -> io::Result<bool> {
    let (mut window, mut kept) = (vec![0; 64 * 1024], 0);
    loop {
        let Some(free) = window.get_mut(kept..) else { return Ok(false) };
        let end = kept + file.read(free)?;
        if end == kept {
            return Ok(false);
        }
        let known = window.get(..end).unwrap_or_default();
        if known.find(MARK).is_some() {
            return Ok(true);
        }
        // The mark may lie across two readings.
        let from = end.saturating_sub(MARK.len() - 1);
        window.copy_within(from..end, 0);
        kept = end - from;
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use super::{MARK, has_mark};

    /// Gives as many bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(buffer.len()).min(self.0.len());
            let (now, later) = self.0.split_at(length);
            buffer[..length].copy_from_slice(now);
            self.0 = later;
            Ok(length)
        }
    }

    #[test]
    fn a_mark_is_found_wherever_it_lies() {
        for before in [0, 1, 65_500, 65_535, 65_536, 200_000] {
            let program = [&vec![b'['; before][..], MARK, b"0.1.0]"].concat();
            let cut = &program[..before + MARK.len() - 1];
            for step in [7, 4096, 1 << 20] {
                assert!(has_mark(Slow(&program, step)).unwrap(), "{before} {step}");
                assert!(!has_mark(Slow(cut, step)).unwrap(), "{before} {step}");
            }
        }
        assert!(!has_mark(Slow(b"", 1)).unwrap());
    }
}
