//! `core.sharedRepository`: who else than the owner may use what is written in a Git directory.
//!
//! Whatever makes a file or a directory in one, makes it here. What is asked for is known of each
//! repository that this process opened, so that a path is enough; where none asks for anything, that
//! costs nothing.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use super::repo::Repo;
use super::unwritable;

/// The permissions that a shared repository asks for (`git help config`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shared {
    /// What the umask leaves.
    Umask,
    /// At least these, whatever the umask.
    AtLeast(u32),
    /// These and no others, whatever the umask.
    Exactly(u32),
}

/// What the repositories with these common directories ask for, where that is not [`Shared::Umask`].
static ASKED: RwLock<BTreeMap<PathBuf, Shared>> = RwLock::new(BTreeMap::new());

impl Shared {
    /// What a repository asks for. Of a value that git dies of, nothing is taken.
    pub(super) fn of(repo: &Repo) -> Self {
        let key = "core.sharedRepository";
        match repo.config_string(key) {
            Some(value) => Self::parse(&value, repo.config_flag(key)),
            // A key without value.
            None if repo.config_flag(key) => Self::AtLeast(0o660),
            None => Self::Umask,
        }
    }

    fn parse(value: &str, is_on: bool) -> Self {
        match (value, u32::from_str_radix(value, 8)) {
            ("group", _) | (_, Ok(1)) => Self::AtLeast(0o660),
            ("all" | "world" | "everybody", _) | (_, Ok(2)) => Self::AtLeast(0o664),
            (_, Ok(bits)) if bits & 0o600 == 0o600 => Self::Exactly(bits & 0o666),
            (_, Err(_)) if is_on => Self::AtLeast(0o660),
            (_, Ok(_) | Err(_)) => Self::Umask,
        }
    }

    /// Whether the umask alone decides.
    pub(super) fn is_umask(self) -> bool {
        self == Self::Umask
    }

    /// The mode for what has this one: nobody may write where the owner may not, and whoever may read
    /// may also run it, or enter, if the owner may. What is made in a directory that a group may use
    /// belongs to the same group.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there are no such modes"))]
    fn mode(self, old: u32, is_directory: bool) -> u32 {
        let with_rights = |asked: u32| {
            let asked = if old & 0o200 == 0 { asked & !0o222 } else { asked };
            if old & 0o100 == 0 { asked } else { asked | (asked & 0o444) >> 2 }
        };
        let new = match self {
            Self::Umask => return old,
            Self::AtLeast(asked) => old | with_rights(asked),
            Self::Exactly(asked) => old & !0o777 | with_rights(asked),
        };
        if is_directory && new & 0o060 != 0 { new | 0o2000 } else { new }
    }
}

/// Remembers what a repository asks for.
pub(super) fn learn(repo: &Repo) {
    let (directory, shared) = (repo.common_dir(), Shared::of(repo));
    if shared.is_umask() && asked(directory).is_umask() {
        return;
    }
    let mut known = ASKED.write().unwrap_or_else(PoisonError::into_inner);
    known.insert(directory.to_owned(), shared);
}

/// As [`fs::create_dir`].
///
/// # Errors
/// As that; or if the new directory cannot get the permissions that its repository asks for.
pub fn create_dir(path: &Path) -> io::Result<()> {
    fs::create_dir(path).map_err(|error| unwritable::told(path, error))?;
    grant(path)
}

/// As [`fs::create_dir_all`].
///
/// # Errors
/// As [`create_dir`], but not if it is there.
pub fn create_dir_all(path: &Path) -> io::Result<()> {
    if asked(path).is_umask() {
        return fs::create_dir_all(path).map_err(|error| unwritable::told(path, error));
    }
    match create_dir(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            path.parent().map_or(Ok(()), create_dir_all)?;
            create_dir_all(path)
        }
        Err(_) if path.is_dir() => Ok(()),
        made => made,
    }
}

/// As [`OpenOptions::open`], for a file that may have to be made.
///
/// # Errors
/// As that; or if it cannot get the permissions that its repository asks for.
pub fn open(options: &OpenOptions, path: &Path) -> io::Result<File> {
    let file = options.open(path).map_err(|error| unwritable::told(path, error))?;
    grant(path)?;
    Ok(file)
}

/// Gives what this process made the permissions that its repository asks for. Another user's file is
/// left as it is: who could write to it needs no more.
///
/// # Errors
/// If they cannot be set.
pub(super) fn grant(path: &Path) -> io::Result<()> {
    match asked(path) {
        Shared::Umask => Ok(()),
        shared @ (Shared::AtLeast(_) | Shared::Exactly(_)) => set(shared, path),
    }
}

fn asked(path: &Path) -> Shared {
    let known = ASKED.read().unwrap_or_else(PoisonError::into_inner);
    let mut around = known.iter().filter(|(directory, _)| path.starts_with(directory));
    // Of a repository in another one, what the inner asks for: its directory comes later.
    around.next_back().map_or(Shared::Umask, |(_, shared)| *shared)
}

#[cfg(unix)]
fn set(shared: Shared, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::symlink_metadata(path)?;
    let old = metadata.permissions().mode() & 0o7777;
    let new = shared.mode(old, metadata.is_dir());
    if metadata.is_symlink() || new == old {
        return Ok(());
    }
    match fs::set_permissions(path, fs::Permissions::from_mode(new)) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(()),
        set => set,
    }
}

#[cfg(not(unix))]
fn set(_shared: Shared, _path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_mean_what_they_mean_to_git() {
        for value in ["group", "1", "01", "true", "Yes"] {
            assert_eq!(Shared::parse(value, value != "1"), Shared::AtLeast(0o660), "{value}");
        }
        for value in ["all", "world", "everybody", "2"] {
            assert_eq!(Shared::parse(value, false), Shared::AtLeast(0o664), "{value}");
        }
        for value in ["umask", "false", "0", "0000", "", "0440", "nonsense"] {
            assert_eq!(Shared::parse(value, false), Shared::Umask, "{value}");
        }
        assert_eq!(Shared::parse("0640", true), Shared::Exactly(0o640));
        assert_eq!(Shared::parse("0777", true), Shared::Exactly(0o666));
    }

    #[test]
    fn modes_are_those_of_git() {
        let group = Shared::AtLeast(0o660);
        let cases =
            [(0o600, 0o660), (0o644, 0o664), (0o444, 0o444), (0o400, 0o440), (0o700, 0o770)];
        for (old, new) in cases {
            assert_eq!(group.mode(old, false), new, "{old:o}");
        }
        assert_eq!(group.mode(0o700, true), 0o2770);
        assert_eq!(Shared::AtLeast(0o664).mode(0o700, true), 0o2775);
        assert_eq!(Shared::Exactly(0o640).mode(0o644, false), 0o640);
        assert_eq!(Shared::Exactly(0o600).mode(0o755, true), 0o700);
        assert_eq!(Shared::Exactly(0o640).mode(0o444, false), 0o440);
        assert_eq!(Shared::Umask.mode(0o600, true), 0o600);
    }
}
