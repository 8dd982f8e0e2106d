//! What decides a merge, fixed, so that everyone gets the same tree from the same commits.

use std::ffi::OsString;

use anyhow::{Context, Result};

use crate::git::environment::quote_setting;
use crate::git::process::Git;
use crate::git::repo::Repo;

/// What decides a merge and could be set in a config file.
const SETTINGS: &[(&str, &str)] = &[
    ("merge.renames", "true"),
    ("merge.directoryRenames", "conflict"),
    ("merge.renameLimit", "7000"),
    ("merge.renormalize", "false"),
    ("merge.conflictStyle", "merge"),
    // A name that nobody configures is Git's own text merge; `text` may be somebody's driver.
    ("merge.default", "git-kitty-text"),
    ("merge.verbosity", "0"),
    ("diff.algorithm", "histogram"),
    ("diff.renames", "true"),
    ("diff.renameLimit", "7000"),
    ("core.attributesFile", "/dev/null"),
];

/// A call of git with the fixed settings.
pub(super) fn with_fixed_settings(repo: &Repo) -> Result<Git> {
    let fixed = SETTINGS.iter().map(|(key, value)| quote_setting(key.as_bytes(), value.as_bytes()));
    let drivers = repo
        .config_subsections("merge")
        .into_iter()
        .map(|name| quote_setting(&[b"merge.", name.as_slice(), b".driver"].concat(), b"false"));
    let own = fixed.chain(drivers).collect::<Vec<_>>().join(&b' ');
    let own = gix::path::from_byte_slice(&own).context("a merge driver has a strange name")?;
    let mut settings = OsString::new();
    if let Some(told) = &repo.environment().parameters {
        settings.push(told);
        settings.push(" ");
    }
    settings.push(own);
    Ok(repo.git().env("GIT_CONFIG_PARAMETERS", settings))
}
