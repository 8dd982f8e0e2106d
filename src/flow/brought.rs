//! What is said of a policy that a change brings, when it is written: it governs only once it is on
//! another branch, and there it would come as a surprise.

use anyhow::Result;

use super::exemption::is_plain;
use super::hypothetical::is_unknown;
use crate::domain::change::Change;
use crate::domain::layout;
use crate::domain::refusal::Warning;
use crate::git::Repo;
use crate::policy::config::PolicyConfig;

/// What has no effect in the policy that a change leaves, or why that cannot be read at all.
///
/// # Errors
/// If its blob cannot be read.
pub(super) fn brought(repo: &Repo, changes: &[Change]) -> Result<Vec<Warning>> {
    let is_policy = |change: &&Change| change.path.as_bytes() == layout::POLICY.as_bytes();
    let entry = changes.iter().find(is_policy).and_then(|change| change.new);
    let Some(entry) = entry.filter(|entry| is_plain(entry) && !is_unknown(*entry)) else {
        return Ok(Vec::new());
    };
    let read = PolicyConfig::parse(&repo.blob(entry.oid)?, layout::POLICY);
    Ok(read.map_or_else(
        |refusal| {
            let message = format!("{refusal}: where it governs, it stops every commit");
            vec![Warning { code: refusal.code(), message }]
        },
        |policy| policy.warnings,
    ))
}
