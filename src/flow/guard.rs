//! Judging a change: what a commit would do to the branch that it is for.

use anyhow::{Context, Result};

use crate::domain::branch::BranchName;
use crate::domain::change::Change;
use crate::domain::id::LaneId;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Warning;
use crate::git::{Head, Repo, automatic_merge};
use crate::policy::config::PolicyConfig;
use crate::policy::{Case, Outcome, Standing, Verdict, judge};
use crate::store::Store;

use super::account::{self, Pass};
use super::approval::approve;
use super::branch_judge::{BranchJudge, Counting, Share};
use super::by_lanes::unresolved;
use super::commits::{Judged, Passage};
use super::found::Found;
use super::host::Host;
use super::hypothetical;
use super::landing::name_the_way;
use super::merged::Merged;
use super::overriding::Overriding;
use super::plans::beside_plans;
use super::refs::{Refs, Vouching};
use super::siblings::is_within_mission;
use super::whole::each;

/// What is to be judged.
#[derive(Debug, Clone)]
pub enum Subject {
    /// The staged change, as the next commit would have it.
    Staged,
    /// Paths, as if each were changed.
    Paths(Vec<RepoPath>),
    /// Paths of files that are about to be written.
    Edit(Vec<RepoPath>),
}

/// When a change is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Moment {
    /// Before it is committed.
    #[default]
    Commit,
    /// Before the first commit of a branch: there is none to restore from.
    FirstCommit,
    /// Before it is committed from an index that git made for this commit alone, as for `commit -a`:
    /// what is in it cannot be unstaged.
    OwnIndex,
    /// Before `git kitty commit` makes it of paths that were named.
    Named,
    /// Before it is committed, to end a merge, a pick or a revert that is under way.
    Concluded,
    /// While git commits it out of another commit, whole: a pick or a revert.
    Picked,
    /// Before it is made.
    Edit,
    /// After it was committed.
    Committed,
    /// After it was committed elsewhere, before it comes to the branch.
    Brought,
}

/// A verdict, and for which branch it is.
#[derive(Debug, Default)]
pub struct Judgement {
    /// The branch; `None` for a detached HEAD.
    pub branch: Option<BranchName>,
    /// The mission's directory, if the branch is one of a mission's.
    pub mission_dir: Option<String>,
    /// The lane, if the branch is one.
    pub lane_id: Option<LaneId>,
    /// When it is judged, for the words of next steps.
    pub moment: Moment,
    /// Whether one stands below the top of the work tree, from where Git counts what is typed.
    pub is_below_top: bool,
    /// Whether globs were matched without regard to case.
    pub fold_case: bool,
    /// Whether the policy of the branch refuses nothing, but warns.
    pub only_warns: bool,
    /// What has no effect in the policy of the branch, for who asks. No door tells it: they tell what a
    /// change brings.
    pub policy_warnings: Vec<Warning>,
    /// The verdict.
    pub verdict: Verdict,
}

/// Judges `subject` for `branch`; for the branch of HEAD, or the one that is being rebased, if
/// none is named. Nothing is written: who only asks uses no override.
///
/// # Errors
/// If the repository or the policy cannot be read: a door must refuse then.
pub fn guard(
    repo: &Repo,
    branch: Option<BranchName>,
    subject: &Subject,
    overriding: Overriding,
) -> Result<Judgement> {
    let head = repo.head()?;
    let branch = match branch {
        Some(branch) => Some(branch),
        None => own_branch(repo, &head)?,
    };
    let changes = match subject {
        Subject::Staged => staged(repo, &head, branch.as_ref())?,
        Subject::Paths(paths) | Subject::Edit(paths) => {
            paths.iter().map(hypothetical::change).collect()
        }
    };
    let mut judgement = match branch {
        Some(branch) => judge_branch(repo, branch, (changes, subject), overriding)?,
        None => detached(&changes),
    };
    judgement.moment = moment(repo, &head, subject);
    // Only words depend on it, so that nobody looks who has nothing to say.
    let is_told = judgement.verdict.outcome == Outcome::Refused;
    if is_told && judgement.moment == Moment::Commit && repo.way_back_from_conclusion().is_some() {
        judgement.moment = Moment::Concluded;
    }
    judgement.is_below_top = repo.is_below_top();
    Ok(judgement)
}

/// Judges the commit that `host` is about to make, at the door before it. If it may pass, what that
/// door has to leave for later ones is written.
///
/// # Errors
/// As [`guard`]; if what has to be left cannot be written.
pub fn guard_commit(repo: &Repo, host: &Host) -> Result<Judgement> {
    let judgement = guard(repo, None, &Subject::Staged, Overriding::At(host.now()))?;
    if judgement.verdict.outcome != Outcome::Refused {
        account::used(repo, host, &judgement)?;
        approve(repo, &judgement, &[])?;
    }
    Ok(judgement)
}

fn moment(repo: &Repo, head: &Head, subject: &Subject) -> Moment {
    match subject {
        Subject::Edit(_) => Moment::Edit,
        Subject::Staged | Subject::Paths(_) => {
            let own = repo.index_file() != repo.git_dir().join("index");
            match (own, head.tip()) {
                (true, _) => Moment::OwnIndex,
                (false, Some(_)) => Moment::Commit,
                (false, None) => Moment::FirstCommit,
            }
        }
    }
}

/// The branch that the next commit is for: HEAD's, or the one whose rebase is under way.
pub(super) fn own_branch(repo: &Repo, head: &Head) -> Result<Option<BranchName>> {
    let name = match head {
        Head::Branch { name, .. } => Some(name.clone()),
        Head::Detached { .. } => repo.rebasing()?,
    };
    Ok(name.as_ref().and_then(BranchName::of_ref))
}

/// What the next commit changes. Of the conclusion of a merge only what differs from the automatic
/// merge of its parents, so that the work of others is not taken for this branch's.
fn staged(repo: &Repo, head: &Head, branch: Option<&BranchName>) -> Result<Vec<Change>> {
    let against = |tree| {
        let staged = repo.staged(tree).context("could not read the staged change")?;
        Ok::<_, anyhow::Error>(staged.changes)
    };
    let Some(tip) = head.tip() else { return against(None) };
    let others = repo.merge_heads()?;
    if others.is_empty() {
        return against(Some(repo.tree_of_commit(tip)?));
    }
    staged_merge(repo, branch, (tip, &others))
}

/// What is staged of the merge of `others` into `tip` and is somebody's own work.
fn staged_merge(
    repo: &Repo,
    branch: Option<&BranchName>,
    (tip, others): (Oid, &[Oid]),
) -> Result<Vec<Change>> {
    let automatic =
        automatic_merge(repo, tip, others).context("could not merge the parents to compare")?;
    let staged = repo.staged(Some(automatic.tree)).context("could not read the staged change")?;
    let is_within = branch
        .map(|branch| is_within_mission(repo, &Store::new(repo), (branch, others)))
        .transpose()?;
    let conflicts = automatic.clone();
    let merged = Merged::new(repo, tip, others, automatic)?;
    let own = merged.own_work(staged.changes, is_within == Some(true))?;
    let coordinating = branch.filter(|branch| branch.may_coordinate() && !own.is_empty());
    let Some(branch) = coordinating else { return Ok(own) };
    let store = Store::new(repo);
    let judge = BranchJudge::find(&store, repo, branch.clone(), Counting::Active)?;
    match judge.found {
        Found::Coordination(_) => unresolved(&judge, own, &conflicts),
        Found::Free
        | Found::Unreadable(_)
        | Found::Protected
        | Found::Scoped(_)
        | Found::Lane(_) => Ok(own),
    }
}

/// Judges the merge of `others` into the branch of HEAD that is about to be committed: their commits,
/// as far as they are new to the branch and were judged nowhere else, and what is staged besides. If it
/// may pass, leaves what [`guard_commit`] does.
///
/// # Errors
/// As [`guard_commit`].
pub fn guard_merge(repo: &Repo, others: &[Oid], host: &Host) -> Result<Vec<Judged>> {
    let head = repo.head()?;
    let (Some(branch), Some(tip)) = (own_branch(repo, &head)?, head.tip()) else {
        return Ok(Vec::new());
    };
    let store = Store::new(repo);
    let overriding = Overriding::At(host.now());
    let judge = BranchJudge::find(&store, repo, branch, Counting::Active)?.with(overriding);
    let refs = Refs { repo, updates: &[], vouching: Vouching::Here };
    let mut judged = Vec::new();
    for passage in merged(tip, others) {
        judged.extend(each(&refs, &judge, passage)?);
    }
    for one in &mut judged {
        one.judgement.moment = Moment::Brought;
    }
    let staged = staged_merge(repo, Some(&judge.branch), (tip, others))?;
    let judgement = Judgement::of(&judge, (&staged, Share::Whole))?;
    judged.push(Judged { commit: None, judgement });
    let told = judged.iter_mut().map(|one| &mut one.judgement);
    name_the_way(&refs, &judge, &merged(tip, others), told)?;
    if !judged.iter().any(Judged::is_refused) {
        let pass = Pass { repo, host, branch: &judge.branch, old: None, new: None };
        let seen: Vec<_> = judged.iter().map(|one| (one.commit, &one.judgement)).collect();
        pass.by_override(&seen)?;
        let brought: Vec<Oid> = judged.iter().filter_map(|one| one.commit).collect();
        let overridden = judged.iter().find(|one| one.judgement.verdict.overridden.is_some());
        if let Some(told) = overridden.or(judged.last()) {
            approve(repo, &told.judgement, &brought)?;
        }
    }
    judged.retain(|judged| !judged.judgement.verdict.is_silent());
    Ok(judged)
}

/// What the merge of these commits brings.
fn merged(tip: Oid, others: &[Oid]) -> Vec<Passage> {
    others.iter().map(|other| Passage { old: Some(tip), unseen: None, new: *other }).collect()
}

fn detached(changes: &[Change]) -> Judgement {
    let guard = PolicyConfig::default().guard;
    let case = Case { guard: &guard, branch: None, standing: Standing::Free, changes };
    Judgement { verdict: judge(case), ..Judgement::default() }
}

/// Judges a change of a branch.
///
/// # Errors
/// As [`guard`].
fn judge_branch(
    repo: &Repo,
    branch: BranchName,
    (changes, subject): (Vec<Change>, &Subject),
    overriding: Overriding,
) -> Result<Judgement> {
    let store = Store::new(repo);
    let judge = BranchJudge::find(&store, repo, branch, Counting::Active)?.with(overriding);
    let judged = match subject {
        Subject::Staged | Subject::Paths(_) => changes,
        Subject::Edit(_) => match beside_plans(&judge, changes) {
            rest if rest.is_empty() => return Ok(Judgement::told(&judge, Verdict::default())),
            rest => rest,
        },
    };
    let mut judgement = Judgement::of(&judge, (&judged, Share::Whole))?;
    if judgement.verdict.outcome == Outcome::Refused
        && matches!(subject, Subject::Staged)
        && let Some(tip) = repo.head()?.tip()
    {
        let refs = Refs { repo, updates: &[], vouching: Vouching::Here };
        let merged = merged(tip, &repo.merge_heads()?);
        name_the_way(&refs, &judge, &merged, [&mut judgement])?;
    }
    Ok(judgement)
}

impl Judgement {
    /// What the judge of a branch says of a change.
    ///
    /// # Errors
    /// As [`guard`].
    pub(super) fn of(
        judge: &BranchJudge<'_>,
        (changes, share): (&[Change], Share),
    ) -> Result<Self> {
        Ok(Self::told(judge, judge.judge(changes, share)?))
    }

    /// A verdict with what is known of the branch.
    pub(super) fn told(judge: &BranchJudge<'_>, verdict: Verdict) -> Self {
        Self {
            branch: Some(judge.branch.clone()),
            mission_dir: judge.mission_dir().map(str::to_owned),
            lane_id: judge.lane_id().cloned(),
            moment: Moment::Commit,
            is_below_top: false,
            fold_case: judge.folds_case(),
            only_warns: judge.only_warns(),
            policy_warnings: judge.policy_warnings().to_vec(),
            verdict,
        }
    }
}
