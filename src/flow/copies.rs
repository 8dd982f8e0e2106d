//! Commits of other branches that a rebase makes anew on a guarded one.
//!
//! `git rebase main` on a lane copies what the lane has of its coordination branch, and `git pull
//! --rebase` on a coordination branch the lanes that were merged there. Each copy is refused by itself;
//! what helps is to bring the branches together by a merge, and that is told once.

use std::collections::BTreeSet;

use anyhow::Result;

use super::branch_judge::BranchJudge;
use super::commits::{Judged, Passage};
use super::explain;
use super::innocent::innocent;
use super::refs::Refs;
use crate::domain::oid::Oid;
use crate::git::{Authorship, Repo};

/// The same, but the refused copies of commits that the branch had from others are one refusal.
///
/// # Errors
/// If a ref or a commit cannot be read.
pub(super) fn copies_as_one(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    passage: Passage,
    judged: Vec<Judged>,
) -> Result<Vec<Judged>> {
    let refused: Vec<Oid> =
        judged.iter().filter(|one| one.is_refused()).filter_map(|one| one.commit).collect();
    let copies = match passage.old {
        Some(old) if !refused.is_empty() => {
            let left = left_of_others(refs, judge, (old, passage.new))?;
            copied(refs.repo, &left, refused)?
        }
        Some(_) | None => BTreeSet::new(),
    };
    let (copies, mut others): (Vec<Judged>, Vec<Judged>) =
        judged.into_iter().partition(|one| one.commit.is_some_and(|it| copies.contains(&it)));
    others.splice(0..0, as_one(judge, &copies));
    Ok(others)
}

/// The commits that the branch had from others, and will not have any more.
fn left_of_others(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    (old, new): (Oid, Oid),
) -> Result<Vec<Oid>> {
    let mut left = refs.repo.commits_since(old, &[new])?;
    if left.is_empty() {
        return Ok(left);
    }
    let mut known = innocent(refs, judge)?;
    known.push(new);
    let own: BTreeSet<Oid> = refs.repo.commits_since(old, &known)?.into_iter().collect();
    left.retain(|commit| !own.contains(commit));
    Ok(left)
}

/// Those of `commits` that say the same, of the same moment and author, as one of `originals`.
fn copied(repo: &Repo, originals: &[Oid], commits: Vec<Oid>) -> Result<BTreeSet<Oid>> {
    let originals: Vec<Authorship> =
        originals.iter().map(|commit| repo.authorship(*commit)).collect::<Result<_>>()?;
    let mut copies = BTreeSet::new();
    for commit in commits {
        if !originals.is_empty() && originals.contains(&repo.authorship(commit)?) {
            copies.insert(commit);
        }
    }
    Ok(copies)
}

fn as_one(judge: &BranchJudge<'_>, copies: &[Judged]) -> Option<Judged> {
    let code = copies.first()?.code()?;
    let commits = explain::commits(copies.len());
    let fact = format!(
        "{commits} that `{}` has from other branches would be made anew on it",
        judge.branch
    );
    let step = "bring branches together by merges: `git merge BRANCH`, or `git pull --no-rebase`";
    Some(judge.refuse(code, fact, step))
}
