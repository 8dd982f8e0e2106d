//! What all places have, and the branch, as one set of files.

use std::cell::OnceCell;
use std::path::Path;

use anyhow::Result;

use super::combine::{Context, combine};
use super::desk::{Desk, Files};
use super::places::places;
use super::sources::{Against, read_source};
use super::write_back::Used;
use crate::domain::branch::BranchName;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Warning;
use crate::flow::coordination;
use crate::flow::transaction::Transaction;
use crate::git::Versions;
use crate::git::worktree::Place;
use crate::store::Mission;
use crate::store::planning::Record;

/// What the sources and the branch make together.
pub(super) struct Gathered {
    pub(super) files: Files,
    pub(super) used: Vec<Used>,
    /// What was finalized before.
    pub(super) record: Record,
    pub(super) warnings: Vec<Warning>,
}

/// Reads all places, and combines what they have.
pub(super) fn gather(
    desk: &mut Desk<'_>,
    transaction: &Transaction<'_>,
    branch_files: &Files,
    from: Option<&Path>,
) -> Result<Gathered> {
    let (repo, tip, mission) = (desk.repo, transaction.tip(), transaction.mission());
    let identity = mission.meta.id.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut gathered = Gathered {
        files: branch_files.clone(),
        used: Vec::new(),
        record: Record::of(repo, (&mission.dir, &identity), tip)?,
        warnings: Vec::new(),
    };
    let known = OnceCell::new();
    let root = RepoPath::from(desk.root.as_str());
    let versions = || -> Result<&Versions> {
        if let Some(versions) = known.get() {
            return Ok(versions);
        }
        let found = repo.versions_below(tip, &root)?;
        Ok(known.get_or_init(|| found))
    };
    let context = Context {
        mission: &mission.dir,
        target: &mission.meta.target_branch,
        versions: &versions,
        branch: branch_files,
    };
    let branch: BranchName = mission.branch().parse()?;
    let checkouts = repo.checkouts_of(&branch.ref_name()?)?;
    if from.is_none() {
        gathered.warnings.extend(switched(desk, mission, &branch)?);
    }
    for place in places(desk, checkouts, from, &mut gathered.warnings)? {
        let against =
            Against { record: &gathered.record, files: branch_files, tip, versions: &versions };
        let source = read_source(desk, place, &against, &mut gathered.warnings)?;
        let into = (&mut gathered.files, gathered.used.as_slice(), &mut gathered.warnings);
        let own = combine(desk, &source, &context, into)?;
        gathered.used.push(Used { source, own });
    }
    Ok(gathered)
}

/// A word about a coordination worktree that is on another branch: people may have written in it.
fn switched(desk: &Desk<'_>, mission: &Mission, branch: &BranchName) -> Result<Option<Warning>> {
    let path = coordination::path(desk.repo, mission)?;
    let Place::Worktree(found) = desk.repo.place(&path)? else { return Ok(None) };
    if found.branch == Some(branch.ref_name()?) {
        return Ok(None);
    }
    let message = format!(
        "`{}` is left out: `{branch}` is not checked out there",
        path.join(&desk.root).display()
    );
    Ok(Some(Warning { code: "PLANNING_FILE_LEFT_OUT", message }))
}
