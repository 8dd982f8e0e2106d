//! Moves of guarded branches that take something away: deletions, and new values that do not come
//! after the old one.

use anyhow::Result;

use super::branch_judge::BranchJudge;
use super::commits::{Judged, Passage};
use super::found::Found;
use super::guard::Judgement;
use super::kept::kept_for_good;
use super::merging::verify_at;
use super::refs::Refs;
use crate::domain::branch::BranchName;
use crate::domain::event::integrity::{has_grown, lost, mends};
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;
use crate::git::Repo;
use crate::policy::config::Mode;
use crate::policy::{GuardCode, Outcome, Verdict, Violation};
use crate::store::Mission;

/// What a move is refused for as a whole, then each commit. That the log loses lines is told of the
/// move only where no commit shows it.
pub(super) fn joined(mut whole: Vec<Judged>, each: Vec<Judged>) -> Vec<Judged> {
    if each.iter().any(loses_lines) {
        whole.retain(|one| !loses_lines(one));
    }
    whole.extend(each);
    whole
}

fn loses_lines(one: &Judged) -> bool {
    one.judgement.verdict.violations.iter().any(|one| one.code == GuardCode::LogNotAppendOnly)
}

impl BranchJudge<'_> {
    /// A refusal of the move itself; a warning where the policy says so, which it cannot for a
    /// protected branch.
    pub(super) fn refuse(&self, code: GuardCode, fact: String, next_step: &str) -> Judged {
        let violation = Violation {
            code,
            path: None,
            owners: Vec::new(),
            fact,
            next_step: next_step.to_owned(),
        };
        let outcome = Outcome::Refused;
        let mut verdict = Verdict { outcome, violations: vec![violation], ..Verdict::default() };
        match self.mode() {
            Mode::Block => {}
            Mode::Warn => verdict.outcome = Outcome::Warned,
            Mode::Off => verdict = Verdict::default(),
        }
        Judged { commit: None, judgement: Judgement::told(self, verdict) }
    }
}

/// Judges that a branch shall be gone. A protected one may never; one of a mission may once another
/// ref has what it held.
///
/// # Errors
/// If a ref or a commit cannot be read.
pub(super) fn deletion(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    held: Option<Oid>,
) -> Result<Vec<Judged>> {
    let branch = &judge.branch;
    let Some(held) = held else { return Ok(Vec::new()) };
    let (step, mission, kept) = match &judge.found {
        Found::Free | Found::Scoped(_) => return Ok(Vec::new()),
        Found::Unreadable(_) | Found::Protected => {
            let step = "leave it: a protected branch is there for everybody";
            let fact = format!("`{branch}` is a protected branch, and would be deleted");
            return Ok(vec![judge.refuse(GuardCode::BranchDeletionRefused, fact, step)]);
        }
        Found::Coordination(mission) => (
            "`git kitty mission close`",
            Some(&**mission),
            keepers(refs, mission, target_stays(refs, judge, mission))?,
        ),
        Found::Lane(lane) => {
            let mission = lane.facts.as_ref().ok().map(|facts| &facts.mission);
            let kept = mission.map_or(Ok(Vec::new()), |mission| keepers(refs, mission, true))?;
            ("`git kitty lane close`, or `git kitty mission close`", mission, kept)
        }
    };
    if kept.contains(&held) || (!kept.is_empty() && !refs.repo.is_ahead(held, &kept)?) {
        return Ok(Vec::new());
    }
    if let Some(mission) = mission
        && has_landed(refs, judge, (mission, held))?
    {
        return Ok(Vec::new());
    }
    let fact = format!("`{branch}` would be deleted, and nothing that stays has its commit {held}");
    let step = format!("{step} keeps what it deletes");
    Ok(vec![judge.refuse(GuardCode::BranchDeletionRefused, fact, &step)])
}

/// Whether the target of a mission keeps what its coordination branch had: on a remote, one that nobody
/// protects would go next.
fn target_stays(refs: &Refs<'_>, judge: &BranchJudge<'_>, mission: &Mission) -> bool {
    let is_target = |name: &BranchName| name.as_str() == mission.meta.target_branch;
    refs.believes_tracking() || judge.protected_branches().iter().any(is_target)
}

/// Whether the target, if that stays, has what a branch held by a certificate that holds: after a squash
/// it has none of the commits.
fn has_landed(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    (mission, held): (&Mission, Oid),
) -> Result<bool> {
    let Ok(name) = RefName::of_branch(&mission.meta.target_branch) else { return Ok(false) };
    let tip = refs.kept(&name)?.filter(|_| target_stays(refs, judge, mission));
    let Some(tip) = tip else { return Ok(false) };
    match verify_at(refs.repo, mission, (name, tip)) {
        Ok(landing) => Ok(landing.holds() && refs.repo.is_ancestor(held, landing.landed)?),
        Err(error) if error.is::<Refusal>() => Ok(false),
        Err(error) => Err(error),
    }
}

/// What stays and may have a branch's commits: the target, if that does, the coordination branch, what
/// git-kitty kept, or is about to, and what remotes have, as last fetched.
fn keepers(refs: &Refs<'_>, mission: &Mission, target_stays: bool) -> Result<Vec<Oid>> {
    let mut kept = kept_for_good(refs)?;
    let target = target_stays.then(|| mission.meta.target_branch.clone());
    for name in target.into_iter().chain([mission.branch()]) {
        if let Ok(name) = RefName::of_branch(name) {
            kept.extend(refs.kept(&name)?);
        }
    }
    if refs.believes_tracking() {
        kept.extend(refs.kept_of_remotes()?);
    }
    Ok(kept)
}

/// Judges what a branch would lose. A protected branch loses nothing, unless it follows its remote;
/// the log of a coordination branch keeps its lines. A lane may be rewritten: its commits are
/// judged, old ones need not be.
///
/// # Errors
/// If a ref or a commit cannot be read.
pub(super) fn backwards(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    Passage { old, new, .. }: Passage,
) -> Result<Vec<Judged>> {
    let Some(old) = old else { return Ok(Vec::new()) };
    let repo = refs.repo;
    match &judge.found {
        Found::Free | Found::Scoped(_) | Found::Lane(_) => Ok(Vec::new()),
        Found::Unreadable(_) | Found::Protected => {
            if is_after(repo, old, new)? || is_of_remote(refs, judge, new)? {
                return Ok(Vec::new());
            }
            let fact = format!("`{}` is a protected branch, and would lose commits", judge.branch);
            let step = "take a mistake back by a commit (`git revert`) on a branch of your own";
            let mut refused = judge.refuse(GuardCode::ProtectedBranchRefused, fact, step);
            let changes =
                repo.diff(Some(repo.tree_of_commit(old)?), Some(repo.tree_of_commit(new)?))?;
            let verdict = std::mem::take(&mut refused.judgement.verdict);
            refused.judgement.verdict = judge.leniently(verdict, &changes)?;
            Ok(vec![refused])
        }
        Found::Coordination(mission) => {
            Ok(log_lost(judge, mission, (old, new))?.into_iter().collect())
        }
    }
}

/// That the log of a coordination branch would not keep its lines.
///
/// # Errors
/// If a commit or a log cannot be read.
pub(super) fn log_lost(
    judge: &BranchJudge<'_>,
    mission: &Mission,
    (old, new): (Oid, Oid),
) -> Result<Option<Judged>> {
    if keeps_log(judge.repo, &mission.dir, (old, new))? {
        return Ok(None);
    }
    let fact = format!("the event log on `{}` would lose lines that it has", judge.branch);
    let step = "corrections are new events: `git kitty wp move`, or `git revert` of the planning \
                files";
    Ok(Some(judge.refuse(GuardCode::LogNotAppendOnly, fact, step)))
}

fn is_after(repo: &Repo, old: Oid, new: Oid) -> Result<bool> {
    Ok(repo.commit(new)?.parents.contains(&old) || repo.is_ancestor(old, new)?)
}

fn is_of_remote(refs: &Refs<'_>, judge: &BranchJudge<'_>, new: Oid) -> Result<bool> {
    refs.repo.is_in_any(new, &refs.remotes(&judge.branch)?)
}

/// Whether the log at `new` has every line that it has at `old`, whatever came between, but for what
/// damaged it.
///
/// # Errors
/// If a commit or a log cannot be read.
pub(super) fn keeps_log(repo: &Repo, dir: &str, (old, new): (Oid, Oid)) -> Result<bool> {
    let path = layout::event_log(dir);
    let [old, new] = [repo.tree_of_commit(old)?, repo.tree_of_commit(new)?];
    if repo.entry(old, &path)? == repo.entry(new, &path)? {
        return Ok(true);
    }
    let Some(old) = repo.blob_at(old, &path)? else { return Ok(true) };
    let Some(new) = repo.blob_at(new, &path)? else { return Ok(false) };
    Ok(has_grown(&old, &new) || lost(&[&old], &[&new]).is_none() || mends(&old, &new))
}
