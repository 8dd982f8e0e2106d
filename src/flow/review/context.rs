//! What is under review, as the repository has it now.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::domain::event::Log;
use crate::domain::id::WpId;
use crate::domain::refusal::{Refusal, ReviewRefusal};
use crate::domain::review::prompt::Metadata;
use crate::domain::review::{Recorded, Reviewed};
use crate::domain::status::Status;
use crate::flow::lanes::Site;
use crate::git::Repo;
use crate::store::{Mission, Store};

/// The lane of a work package; `None` if it has none with a branch.
pub(super) fn lane(repo: &Repo, mission: &Mission, wp_id: &WpId) -> Result<Option<Site>> {
    let lanes = Store::new(repo).lanes(mission)?;
    Site::of_wp(repo, mission, lanes.as_ref(), wp_id)
}

/// All of a prompt's metadata that the repository tells; the rest is empty.
pub(super) fn metadata(repo: &Repo, mission: &Mission, wp_id: &WpId) -> Result<Metadata> {
    let root = root(repo)?;
    let target = &mission.meta.target_branch;
    let (worktree, branch, base) = match lane(repo, mission, wp_id)? {
        Some(site) => (worktree(repo, &site)?, site.branch.to_string(), site.base),
        None => (root.clone(), target.clone(), target.clone()),
    };
    Ok(Metadata {
        repo_root: text(&root),
        mission_id: mission.meta.id.as_ref().map(ToString::to_string).unwrap_or_default(),
        mission_slug: mission.dir.clone(),
        work_package_id: wp_id.to_string(),
        lane_worktree: text(&worktree),
        mission_branch: mission.branch(),
        lane_branch: branch,
        base_ref: base,
        ..Metadata::default()
    })
}

/// The primary checkout, or a bare repository itself, without links in its path.
pub(super) fn root(repo: &Repo) -> Result<PathBuf> {
    let root = repo.primary_work_tree()?.unwrap_or_else(|| repo.common_dir().to_owned());
    Ok(root.canonicalize().unwrap_or(root))
}

/// Where the lane is checked out; if it is nowhere, where it would be.
fn worktree(repo: &Repo, site: &Site) -> Result<PathBuf> {
    let found = repo.checkouts_of(&site.name)?.into_iter().next();
    let path = found.map_or_else(|| site.path.clone(), |worktree| worktree.path);
    Ok(path.canonicalize().unwrap_or(path))
}

pub(super) fn text(path: &Path) -> String {
    path.display().to_string()
}

/// What the log says of the last review of a work package.
pub(super) fn recorded(store: &Store<'_>, mission: &Mission, wp_id: &WpId) -> Result<Recorded> {
    let files = store.log_texts(mission)?;
    let logs: Result<Vec<_>, Refusal> =
        files.iter().map(|file| Log::parse(&file.shown, &file.bytes)).collect();
    Ok(Reviewed::in_logs(&logs?, wp_id))
}

/// That a work package is in review.
pub(super) fn check_open(mission: &Mission, wp_id: &WpId, status: Status) -> Result<(), Refusal> {
    if status == Status::InReview {
        return Ok(());
    }
    let (mission, wp_id) = (mission.dir.clone(), wp_id.to_string());
    Err(ReviewRefusal::NotInReview { mission, wp_id, status }.into())
}

/// That the commits which a review is of are in this repository, or can be fetched.
pub(super) fn check_here(
    repo: &Repo,
    (mission, wp_id): (&Mission, &WpId),
    of: &Reviewed,
) -> Result<(), Refusal> {
    let mut commits = [of.base, of.tip].into_iter().chain(of.without.iter().copied());
    match commits.find(|commit| repo.tree_of_commit(*commit).is_err()) {
        None => Ok(()),
        Some(commit) => {
            let (mission, wp_id) = (mission.dir.clone(), wp_id.to_string());
            Err(ReviewRefusal::CommitMissing { mission, wp_id, commit: commit.to_string() }.into())
        }
    }
}
