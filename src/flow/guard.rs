//! Judging a change: what a commit would do to the branch that it is for.

use anyhow::{Context, Result};

use crate::domain::branch::BranchName;
use crate::domain::change::{Change, Mode};
use crate::domain::event::Log;
use crate::domain::event::integrity::has_grown;
use crate::domain::id::LaneId;
use crate::domain::layout;
use crate::domain::path::RepoPath;
use crate::git::{Head, Repo, automatic_merge};
use crate::policy::config::{GuardConfig, PolicyConfig};
use crate::policy::{BranchScope, Case, ContextTrouble, LaneCase, Standing, Verdict, judge};
use crate::store::{Mission, Store};

use super::hypothetical;
use super::lane::LaneFacts;
use super::merged::Merged;
use super::standing::{Found, find};

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
    /// Before it is committed from an index that git made for this commit alone, as for `commit -a`:
    /// what is in it cannot be unstaged.
    OwnIndex,
    /// Before it is made.
    Edit,
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
    /// Whether globs were matched without regard to case.
    pub fold_case: bool,
    /// The verdict.
    pub verdict: Verdict,
}

/// Judges `subject` for `branch`; for the branch of HEAD, or the one that is being rebased, if
/// none is named.
///
/// # Errors
/// If the repository or the policy cannot be read: a door must refuse then.
pub fn guard(repo: &Repo, branch: Option<BranchName>, subject: &Subject) -> Result<Judgement> {
    let head = repo.head()?;
    let branch = match branch {
        Some(branch) => Some(branch),
        None => own_branch(repo, &head)?,
    };
    let changes = match subject {
        Subject::Staged => staged(repo, &head)?,
        Subject::Paths(paths) | Subject::Edit(paths) => {
            paths.iter().map(hypothetical::change).collect()
        }
    };
    let mut judgement = match branch {
        Some(branch) => judge_branch(repo, branch, &changes)?,
        None => detached(&changes),
    };
    judgement.moment = moment(repo, subject);
    Ok(judgement)
}

fn moment(repo: &Repo, subject: &Subject) -> Moment {
    match subject {
        Subject::Edit(_) => Moment::Edit,
        Subject::Staged | Subject::Paths(_) => {
            let own = repo.index_file() != repo.git_dir().join("index");
            if own { Moment::OwnIndex } else { Moment::Commit }
        }
    }
}

/// The branch that the next commit is for: HEAD's, or the one whose rebase is under way.
fn own_branch(repo: &Repo, head: &Head) -> Result<Option<BranchName>> {
    let name = match head {
        Head::Branch { name, .. } => Some(name.clone()),
        Head::Detached { .. } => repo.rebasing()?,
    };
    Ok(name.as_ref().and_then(BranchName::of_ref))
}

/// What the next commit changes. Of the conclusion of a merge only what differs from the automatic
/// merge of its parents, so that the work of others is not taken for this branch's.
fn staged(repo: &Repo, head: &Head) -> Result<Vec<Change>> {
    let against = |tree| {
        let staged = repo.staged(tree).context("could not read the staged change")?;
        Ok::<_, anyhow::Error>(staged.changes)
    };
    let Some(tip) = head.tip() else { return against(None) };
    let others = repo.merge_heads()?;
    if others.is_empty() {
        return against(Some(repo.tree_of_commit(tip)?));
    }
    let automatic =
        automatic_merge(repo, tip, &others).context("could not merge the parents to compare")?;
    let changes = against(Some(automatic.tree))?;
    Merged::new(repo, tip, &others, automatic)?.own_work(changes)
}

fn detached(changes: &[Change]) -> Judgement {
    let guard = PolicyConfig::default().guard;
    let case = Case { guard: &guard, branch: None, standing: Standing::Free, changes };
    Judgement { verdict: judge(case), ..Judgement::default() }
}

fn judge_branch(repo: &Repo, branch: BranchName, changes: &[Change]) -> Result<Judgement> {
    let store = Store::new(repo);
    let (config, found) = find(&store, repo, &branch, changes)?;
    let fold_case = config.guard.case_insensitive;
    let mut judgement = Judgement { fold_case, ..Judgement::default() };
    let case = |standing| Case { guard: &config.guard, branch: Some(&branch), standing, changes };
    judgement.verdict = match found {
        Found::Free => judge(case(Standing::Free)),
        Found::Protected(exemption) => judge(case(Standing::Protected(exemption))),
        Found::Scoped(globs) => judge(case(Standing::Scoped(BranchScope { globs }))),
        Found::Coordination(mission) => {
            let log_grew = log_grew(repo, &mission, changes)?;
            judgement.mission_dir = Some(mission.dir.clone());
            judge(case(Standing::Coordination { mission_dir: mission.dir, log_grew }))
        }
        Found::Lane(lane_id, mission_dir, facts) => {
            let verdict = lane_verdict(
                repo,
                &config.guard,
                &branch,
                (&lane_id, &mission_dir, &facts),
                changes,
            )?;
            judgement.mission_dir = Some(mission_dir);
            judgement.lane_id = lane_id;
            verdict
        }
    };
    judgement.verdict.warnings.extend(config.warnings.iter().cloned());
    judgement.branch = Some(branch);
    Ok(judgement)
}

fn lane_verdict(
    repo: &Repo,
    guard: &GuardConfig,
    branch: &BranchName,
    (lane_id, mission_dir, facts): (
        &Option<LaneId>,
        &str,
        &Result<Box<LaneFacts<'_>>, ContextTrouble>,
    ),
    changes: &[Change],
) -> Result<Verdict> {
    let checkout = repo.primary_work_tree()?;
    let active = facts.as_ref().map_err(Clone::clone).and_then(|facts| {
        let active = facts.active()?;
        facts.check_claim(repo, &active.wp_id)?;
        Ok(active)
    });
    let mut warnings = facts.as_ref().map_or_else(|_| Vec::new(), |facts| facts.doubts());
    if let (Ok(facts), Ok(active)) = (facts, &active) {
        warnings.extend(facts.stale_contexts(branch.as_str(), checkout.as_deref(), &active.wp_id));
    }
    let owners =
        |path: &RepoPath| facts.as_ref().map(|facts| facts.owners(path)).unwrap_or_default();
    let lane = LaneCase {
        mission_dir: mission_dir.to_owned(),
        lane_id: lane_id.clone(),
        active,
        owners: &owners,
        warnings,
    };
    Ok(judge(Case { guard, branch: Some(branch), standing: Standing::Lane(lane), changes }))
}

/// Whether the mission's log, if it is among the changes, still begins with what it held. Of content
/// that is not known that cannot be said.
///
/// # Errors
/// If it could be read before and cannot any more: what only grows could not be mended.
fn log_grew(repo: &Repo, mission: &Mission, changes: &[Change]) -> Result<Option<bool>> {
    let path = format!("{}/{}/{}", layout::MISSIONS, mission.dir, layout::EVENT_LOG);
    let Some(change) = changes.iter().find(|change| change.path.as_bytes() == path.as_bytes())
    else {
        return Ok(None);
    };
    let Some(new) = change.new.filter(|new| matches!(new.mode, Mode::File | Mode::Executable))
    else {
        return Ok(Some(false));
    };
    if hypothetical::is_unknown(new) {
        return Ok(Some(false));
    }
    let old = change.old.map_or(Ok(Vec::new()), |old| repo.blob(old.oid))?;
    let new = repo.blob(new.oid)?;
    if !has_grown(&old, &new) {
        return Ok(Some(false));
    }
    if let Err(damage) = Log::parse(&path, &new)
        && Log::parse(&path, &old).is_ok()
    {
        return Err(damage.into());
    }
    Ok(Some(true))
}
