//! Reading the config, as all its files and the environment say.

use std::path::Path;

use anyhow::{Error, Result};

use super::repo::{Repo, canonical};
use super::{file, unwritable};
use crate::domain::refusal::Refusal;

impl Repo {
    /// The last value of a config key such as `kitty.actor` or `branch.<name>.kittyscope` (any name,
    /// dots too). Bytes that are no UTF-8 are replaced.
    #[must_use]
    pub fn config_string(&self, key: impl AsRef<[u8]>) -> Option<String> {
        let key: &gix::bstr::BStr = key.as_ref().into();
        self.inner.config_snapshot().string(key).map(|value| lossy(&value))
    }

    /// Whether a config key holds one of Git's words for yes; `false` if it is not set, or no boolean.
    #[must_use]
    pub fn config_flag(&self, key: impl AsRef<[u8]>) -> bool {
        let key: &gix::bstr::BStr = key.as_ref().into();
        self.inner.config_snapshot().boolean(key).unwrap_or(false)
    }

    /// A setting of ours that is one of Git's booleans; `None` if it is not set.
    ///
    /// # Errors
    /// [`Refusal::SettingInvalid`] for anything else.
    pub fn config_boolean(&self, key: &'static str) -> Result<Option<bool>, Refusal> {
        let name: &gix::bstr::BStr = key.into();
        self.inner.config_snapshot().try_boolean(name).map_err(|_| {
            let value = self.config_string(key).unwrap_or_default();
            Refusal::SettingInvalid { key, value, expected: "`true` or `false`" }
        })
    }

    /// All values of a config key, those of wider scopes first.
    #[must_use]
    pub fn config_strings(&self, key: impl AsRef<[u8]>) -> Vec<String> {
        let key: &gix::bstr::BStr = key.as_ref().into();
        let values = self.inner.config_snapshot().plumbing().strings(key);
        values.unwrap_or_default().iter().map(|value| lossy(value)).collect()
    }

    /// As [`Repo::config_strings`], of the repository's own config only.
    #[must_use]
    pub fn local_config_strings(&self, key: impl AsRef<[u8]>) -> Vec<String> {
        let key: &gix::bstr::BStr = key.as_ref().into();
        let own = |meta: &gix::config::file::Metadata| meta.source == gix::config::Source::Local;
        let values = self.inner.config_snapshot().plumbing().strings_filter(key, own);
        values.unwrap_or_default().iter().map(|value| lossy(value)).collect()
    }

    /// Changes the repository's own config: what follows `git config --local`.
    ///
    /// # Errors
    /// [`Refusal::FileLocked`], [`Refusal::NotWritable`], or what git says.
    pub fn change_config(&self, arguments: &[&str]) -> Result<()> {
        let done = self.git().args(["config", "--local"]).args(arguments).run();
        let told = |error| obstacle(&self.common_dir().join("config")).map_or(error, Error::from);
        done.map(drop).map_err(told)
    }

    /// The names `<name>` of the config sections `[section "<name>"]`, sorted.
    #[must_use]
    pub fn config_subsections(&self, section: &str) -> Vec<Vec<u8>> {
        self.subsections(section, |_| true)
    }

    /// As [`Repo::config_subsections`], of the repository's own config only.
    #[must_use]
    pub fn local_config_subsections(&self, section: &str) -> Vec<Vec<u8>> {
        self.subsections(section, |meta| meta.source == gix::config::Source::Local)
    }

    fn subsections(
        &self,
        section: &str,
        wanted: impl Fn(&gix::config::file::Metadata) -> bool,
    ) -> Vec<Vec<u8>> {
        let snapshot = self.inner.config_snapshot();
        let sections = snapshot.plumbing().sections_by_name(section).into_iter().flatten();
        let mut names: Vec<Vec<u8>> = sections
            .filter(|section| wanted(section.meta()))
            .filter_map(|section| Some(section.header().subsection_name()?.to_vec()))
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

/// What keeps git from writing a file that it replaces under a lock, where one can see that.
fn obstacle(path: &Path) -> Option<Refusal> {
    let path = canonical(path);
    let lock = file::beside(&path, ".lock");
    if lock.symlink_metadata().is_ok() {
        return Some(Refusal::FileLocked { lock: lock.display().to_string() });
    }
    path.parent().and_then(unwritable::check)
}

fn lossy(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}
