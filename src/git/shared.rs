//! `core.sharedRepository`: who else than the owner may use what is written.

use std::io;
use std::path::Path;

use super::repo::Repo;

/// The permission bits that a shared repository adds (`git help config`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shared(Option<u32>);

impl Shared {
    pub(super) fn of(repo: &Repo) -> Self {
        let value = repo.config_string("core.sharedRepository");
        Self(match value.as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("group" | "true" | "yes" | "on" | "1") => Some(0o660),
            Some("all" | "world" | "everybody" | "2") => Some(0o664),
            Some(octal) => u32::from_str_radix(octal, 8).ok().filter(|bits| bits & 0o600 == 0o600),
            None => None,
        })
    }

    /// Whether the umask alone decides.
    pub(super) fn is_umask(self) -> bool {
        self.0.is_none()
    }

    /// Gives an object its permissions; it stays read-only.
    #[cfg(unix)]
    pub(super) fn open_file(self, file: &Path) -> io::Result<()> {
        self.add(file, |bits| bits & 0o444)
    }

    /// Gives a new directory its permissions; what is made in it belongs to the same group.
    #[cfg(unix)]
    pub(super) fn open_directory(self, directory: &Path) -> io::Result<()> {
        self.add(directory, |bits| bits | (bits & 0o444) >> 2 | 0o2000)
    }

    #[cfg(unix)]
    fn add(self, path: &Path, bits: impl Fn(u32) -> u32) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let Some(shared) = self.0 else { return Ok(()) };
        let mut permissions = std::fs::metadata(path)?.permissions();
        permissions.set_mode(permissions.mode() | bits(shared));
        std::fs::set_permissions(path, permissions)
    }

    #[cfg(not(unix))]
    pub(super) fn open_file(self, _file: &Path) -> io::Result<()> {
        Ok(())
    }

    #[cfg(not(unix))]
    pub(super) fn open_directory(self, _directory: &Path) -> io::Result<()> {
        Ok(())
    }
}
