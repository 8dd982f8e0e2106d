//! What decides a merge, fixed, so that everyone gets the same tree from the same commits.

use std::collections::BTreeSet;
use std::ffi::OsString;

use anyhow::{Context, Result};

use crate::git::environment::quote_setting;

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
    ("advice.submoduleMergeConflict", "false"),
];

/// The settings as `GIT_CONFIG_PARAMETERS` takes them. Drivers of these names fail: what they would
/// merge is a conflict.
pub(super) fn parameters(drivers: &BTreeSet<Vec<u8>>) -> Result<OsString> {
    let fixed = SETTINGS.iter().map(|(key, value)| quote_setting(key.as_bytes(), value.as_bytes()));
    let drivers = drivers
        .iter()
        .map(|name| quote_setting(&[b"merge.", name.as_slice(), b".driver"].concat(), b"false"));
    let all = fixed.chain(drivers).collect::<Vec<_>>().join(&b' ');
    let all = gix::path::from_byte_slice(&all).context("a merge driver has a strange name")?;
    Ok(all.as_os_str().to_owned())
}
