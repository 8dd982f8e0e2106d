//! Finding the common directory as git does, from files alone: a hook has no time for a process.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::file::path_of;

/// Where Git said the repository is, taken from the environment of a hook.
#[derive(Debug, Clone, Default)]
pub struct GitEnvironment {
    /// `GIT_DIR`, which git sets for hooks in linked worktrees and on servers.
    pub git_dir: Option<OsString>,
    /// `GIT_COMMON_DIR`.
    pub common_dir: Option<OsString>,
}

/// The directory that all worktrees of a repository share, for a process that git started in
/// `directory`. Follows `gitdir:` and `commondir` files (gitrepository-layout(5)).
///
/// # Errors
/// If there is no repository, or one of these files cannot be read.
pub fn common_dir(directory: &Path, environment: &GitEnvironment) -> io::Result<PathBuf> {
    if let Some(common) = &environment.common_dir {
        return Ok(directory.join(common));
    }
    let git_dir = match &environment.git_dir {
        Some(git_dir) => follow_link(&directory.join(git_dir))?,
        None => discover(directory)?,
    };
    match fs::read(git_dir.join("commondir")) {
        Ok(bytes) => Ok(git_dir.join(path_of(first_line(&bytes)))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(git_dir),
        Err(error) => Err(error),
    }
}

fn discover(directory: &Path) -> io::Result<PathBuf> {
    for parent in directory.ancestors() {
        let candidate = parent.join(".git");
        if candidate.exists() {
            return follow_link(&candidate);
        }
        if parent.join("HEAD").is_file() && parent.join("objects").is_dir() {
            return Ok(parent.to_owned());
        }
    }
    Err(io::Error::new(ErrorKind::NotFound, "no Git repository here"))
}

fn follow_link(git: &Path) -> io::Result<PathBuf> {
    if git.is_dir() {
        return Ok(git.to_owned());
    }
    let bytes = fs::read(git)?;
    let target = bytes.strip_prefix(b"gitdir: ").ok_or(ErrorKind::InvalidData)?;
    Ok(git.parent().unwrap_or(Path::new(".")).join(path_of(first_line(target))))
}

fn first_line(bytes: &[u8]) -> Vec<u8> {
    bytes.split(|&byte| byte == b'\n' || byte == b'\r').next().unwrap_or_default().to_vec()
}
