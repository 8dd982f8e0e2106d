//! What a protected branch takes all the same: the first commit, the first policy, and a mended one.

use anyhow::Result;

use super::hypothetical::is_unknown;
use crate::domain::change::{Change, Entry, Mode};
use crate::domain::layout;
use crate::git::Repo;
use crate::policy::Exemption;
use crate::policy::config::PolicyConfig;

/// Why a protected branch takes this change all the same. With the first policy come only files that
/// are new beside it.
///
/// # Errors
/// If it adds the first policy, and that is damaged: nothing could be judged from then on.
pub(super) fn exemption(
    repo: &Repo,
    is_policy_committed: bool,
    changes: &[Change],
) -> Result<Option<Exemption>> {
    if repo.is_empty_repository()? {
        return Ok(Some(Exemption::FirstCommit));
    }
    let is_policy = |change: &&Change| change.path.as_bytes() == layout::POLICY.as_bytes();
    let added = changes.iter().find(is_policy).filter(|change| adds_file(change));
    let Some(entry) = added.and_then(|change| change.new).filter(|_| !is_policy_committed) else {
        return Ok(None);
    };
    if !changes.iter().all(|change| adds_file(change) && is_beside_policy(change)) {
        return Ok(None);
    }
    if !is_unknown(entry) {
        PolicyConfig::parse(&repo.blob(entry.oid)?, layout::POLICY)?;
    }
    Ok(Some(Exemption::FirstPolicy))
}

/// Whether the change adds a file, as far as is known.
fn adds_file(change: &Change) -> bool {
    change.old.is_none_or(is_unknown) && change.new.as_ref().is_some_and(is_plain)
}

/// Whether it is about what stands beside the policy: who begins commits that directory as a whole.
fn is_beside_policy(change: &Change) -> bool {
    let directory = layout::POLICY.rsplit_once('/').map_or("", |(directory, _)| directory);
    let rest = change.path.as_bytes().strip_prefix(directory.as_bytes());
    rest.is_some_and(|rest| rest.starts_with(b"/"))
}

/// Whether the change leaves a policy that can be read, and does nothing else: what comes along
/// could not be judged. Content that is not known may do so.
///
/// # Errors
/// If the new policy's blob cannot be read.
pub(super) fn mends_policy(repo: &Repo, changes: &[Change]) -> Result<Option<Exemption>> {
    let [Change { path, new: Some(entry), .. }] = changes else { return Ok(None) };
    let is_policy = path.as_bytes() == layout::POLICY.as_bytes();
    let is_whole = || -> Result<bool> {
        Ok(PolicyConfig::parse(&repo.blob(entry.oid)?, layout::POLICY).is_ok())
    };
    let mends = is_policy && (is_unknown(*entry) || is_whole()?);
    Ok(mends.then_some(Exemption::PolicyRepair))
}

/// Whether this is a file, and no link to one.
pub(super) const fn is_plain(entry: &Entry) -> bool {
    matches!(entry.mode, Mode::File | Mode::Executable)
}
