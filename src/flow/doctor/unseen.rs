//! Guarded branches that moved past every door: what git asks no hook of, other implementations, and
//! hooks that were switched off. What the next door would say is said here.

use anyhow::Result;

use super::case::Case;
use super::patient::Patient;
use crate::domain::branch::BranchName;
use crate::domain::finding::Kind;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::refusal::quoted;
use crate::flow::commits::Judged;
use crate::flow::explain;
use crate::flow::found::Found;
use crate::flow::kept::kept_for_good;
use crate::flow::refs::Refs;
use crate::flow::rewind::deletion;
use crate::flow::unjudged::{judge, present, unjudged};
use crate::git::Repo;
use crate::store::judged::Known;
use crate::store::{Store, judged};

const BYPASSED: Kind = Kind::error("BRANCH_BYPASSED_DOORS")
    .left("whose commits these are, and which of them are to stay, only you can tell");
const GONE: Kind = Kind::error("BRANCH_GONE_UNSEEN")
    .left("who renamed or deleted it may have meant that, and works on");

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let (repo, store) = (patient.repo, patient.store());
    let mut cases = Vec::new();
    if !repo.common_dir().join(layout::SETUP).is_file() {
        // Nobody guards anything: no door saw any move.
        return Ok(cases);
    }
    for Known { branch, last, is_gone } in judged::all(repo)? {
        let case = match repo.find(&branch.ref_name()?)? {
            Some(held) => bypassed(&store, repo, &branch, held)?,
            None if !is_gone && repo.has_object(last) => gone(&store, repo, &branch, last)?,
            None => None,
        };
        cases.extend(case);
    }
    Ok(cases)
}

/// That a branch holds something that nobody judged, and that would be refused.
fn bypassed<'p>(
    store: &Store<'_>,
    repo: &Repo,
    branch: &BranchName,
    held: Oid,
) -> Result<Option<Case<'p>>> {
    let Some((last, refused)) = unjudged(store, repo, (branch, held))? else { return Ok(None) };
    let Some(first) = refused.first() else { return Ok(None) };
    let code = first.judgement.verdict.violations.first().map(|violation| violation.code);
    let commit = first.commit.map(|commit| format!(" in commit {commit:.10}")).unwrap_or_default();
    let message = format!(
        "it moved past every hook, and the next one will refuse it: {}{commit} [{}]{}",
        explain::summary(&first.judgement),
        code.map_or("", |code| code.as_str()),
        further(refused.len() - 1),
    );
    let fix = way_back(repo, branch, last)?;
    Ok(Some(Case::left(BYPASSED.found(branch.as_str(), message, fix))))
}

fn further(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => ", and another one".to_owned(),
        many => format!(", and {many} more"),
    }
}

/// What keeps all that a branch holds, and then takes it back to where it was judged.
fn way_back(repo: &Repo, branch: &BranchName, last: Oid) -> Result<String> {
    let keep = format!("`git branch kept/{branch} {branch}` keeps what it has");
    let checkouts = repo.checkouts_of(&branch.ref_name()?)?;
    Ok(match checkouts.first() {
        Some(worktree) => {
            let top = quoted(&worktree.path.display().to_string());
            format!("{keep}, then `git -C {top} reset --keep {last}`")
        }
        None => format!("{keep}, then `git branch -f {branch} {last}`"),
    })
}

/// That a branch of a mission went where nobody was asked whether it may.
fn gone<'p>(
    store: &Store<'_>,
    repo: &Repo,
    branch: &BranchName,
    last: Oid,
) -> Result<Option<Case<'p>>> {
    if branch.mission_parts().is_none() || !may_not_go(store, repo, branch, last)? {
        return Ok(None);
    }
    let what = match heir(repo, last)? {
        Some(heir) => format!("`{heir}` has its commits: it may have been renamed"),
        None => format!("no branch has its commit {last}"),
    };
    // Also where it was renamed: who did that may mean the other name.
    let fix = format!("`git branch {branch} {last}`");
    let message = format!("it is gone, and no hook was asked: {what}");
    Ok(Some(Case::left(GONE.found(branch.as_str(), message, fix).for_want_of(branch.as_str()))))
}

/// Whether a door would have refused to let it go.
fn may_not_go(store: &Store<'_>, repo: &Repo, branch: &BranchName, last: Oid) -> Result<bool> {
    let refs = present(repo);
    match judge(store, repo, branch)? {
        Some(judge) if !matches!(judge.found, Found::Free | Found::Scoped(_)) => {
            Ok(deletion(&refs, &judge, Some(last))?.iter().any(Judged::is_refused))
        }
        // Without the branch nothing may be known of its mission.
        Some(_) | None => is_kept_nowhere(repo, &refs, last),
    }
}

fn is_kept_nowhere(repo: &Repo, refs: &Refs<'_>, last: Oid) -> Result<bool> {
    Ok(!repo.is_in_any(last, &kept_for_good(refs)?)?)
}

/// A branch that has a commit, the one that ends with it first.
fn heir(repo: &Repo, last: Oid) -> Result<Option<BranchName>> {
    let branches = repo.list("refs/heads/")?;
    let named = branches.iter().filter_map(|(name, tip)| Some((BranchName::of_ref(name)?, *tip)));
    let mut later = None;
    for (branch, tip) in named {
        if tip == last {
            return Ok(Some(branch));
        }
        if later.is_none() && repo.is_ancestor(last, tip)? {
            later = Some(branch);
        }
    }
    Ok(later)
}
