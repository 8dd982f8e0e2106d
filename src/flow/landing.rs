//! What to do instead, where somebody merges a mission into its protected target by hand.

use anyhow::Result;

use super::branch_judge::BranchJudge;
use super::commits::{Judged, Passage};
use super::found::Found;
use super::guard::Judgement;
use super::landed::Landed;
use super::push::side::typed;
use super::push::target::{Onto, by_request};
use super::refs::{Refs, followed_remote};
use crate::policy::{GuardCode, Outcome};

/// Tells the way of a mission to a protected branch in place of every next step there, if these passages
/// bring one and something is refused.
///
/// # Errors
/// If a ref or a commit cannot be read.
pub(super) fn name_the_way<'j>(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    passages: &[Passage],
    judgements: impl IntoIterator<Item = &'j mut Judgement>,
) -> Result<()> {
    if !matches!(judge.found, Found::Protected) {
        return Ok(());
    }
    let is_refused = |one: &&mut Judgement| one.verdict.outcome == Outcome::Refused;
    let mut refused: Vec<_> = judgements.into_iter().filter(is_refused).collect();
    if refused.is_empty() {
        return Ok(());
    }
    for passage in passages {
        let landed = Landed::among(refs, judge, *passage)?;
        refused.iter_mut().for_each(|one| landed.explain(&mut one.verdict));
    }
    let Some(way) = way(judge, passages)? else { return Ok(()) };
    let each = refused.into_iter().flat_map(|one| &mut one.verdict.violations);
    for violation in each.filter(|one| one.code == GuardCode::ProtectedBranchRefused) {
        violation.next_step.clone_from(&way);
    }
    Ok(())
}

/// As before a push: a lane goes to the coordination branch, and that by a pull request.
fn way(judge: &BranchJudge<'_>, passages: &[Passage]) -> Result<Option<String>> {
    let onto = Onto::find(judge)?;
    for passage in passages {
        if let Some(Judged { judgement, .. }) = onto.lane(judge, *passage, &[])? {
            return Ok(judgement.verdict.violations.into_iter().next().map(|one| one.next_step));
        }
        if let (Some(name), Some(remote)) = (onto.focused(judge, *passage)?, remote(judge)) {
            return Ok(Some(by_request(&remote, passage.new, &name)));
        }
    }
    Ok(None)
}

/// The remote to push to, as one types it.
fn remote(judge: &BranchJudge<'_>) -> Option<String> {
    let name = String::from_utf8(followed_remote(judge.repo, &judge.branch)?).ok()?;
    Some(typed(&name).to_owned())
}
