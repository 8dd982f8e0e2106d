//! What a protected branch takes because it was merged as it had to be: landings of missions, proven
//! here once more.
//!
//! A certificate proves nothing by being there. What it names is merged again and compared, the
//! coordination branch that it came from is judged as if it were pushed, and the work packages have to
//! be finished by the log before the landing, and by what is known of the mission here. Only what came
//! with a new certificate is looked at, so that all other moves cost nothing.

mod permission;
mod proof;

use anyhow::Result;

use self::proof::prove_one;
use super::branch_judge::BranchJudge;
use super::commits::{Passage, introduced};
use super::found::Found;
use super::innocent::innocent;
use super::refs::Refs;
use crate::domain::change::Mode;
use crate::domain::layout;
use crate::domain::merging::{LANDED, Landing, landings};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::git::Repo;
use crate::policy::{GuardCode, Outcome, Verdict};

/// What landings bring to a branch.
#[derive(Debug, Default)]
pub(super) struct Landed {
    /// The commits that proven landings brought: they and all behind them may come, but for ...
    commits: Vec<Oid>,
    /// ... what the target was before each of them.
    before: Vec<Oid>,
    /// Those that are not proven.
    unproven: Vec<Unproven>,
}

/// A landing that does not prove what it says.
#[derive(Debug)]
pub(super) struct Unproven {
    code: GuardCode,
    fact: String,
    next_step: String,
}

impl Unproven {
    /// Something is not as the certificate says.
    fn new(mission: &str, branch: &BranchJudge<'_>, what: &str) -> Self {
        let fact =
            format!("the landing of `{mission}` on `{}` does not hold: {what}", branch.branch);
        let next_step = format!("`git kitty merge {mission}` lands it");
        Self { code: GuardCode::ProtectedBranchRefused, fact, next_step }
    }

    /// What it came from is not here.
    fn missing(mission: &str, coordination: &str, commits: &[String]) -> Self {
        let fact = format!(
            "the landing of `{mission}` cannot be proven without commits that are not here: {}",
            commits.join(", ")
        );
        let next_step = format!(
            "first bring the coordination branch, where it landed: `git push REMOTE {coordination}`, \
             or the ref below `{}/` if the mission is closed",
            layout::LANDED
        );
        Self { code: GuardCode::LandingNotHere, fact, next_step }
    }
}

impl Landed {
    /// Looks for landings among the commits that come to a protected branch, or to the target of a
    /// mission, and proves each.
    ///
    /// # Errors
    /// If a commit, a ref or a mission that is known here cannot be read.
    pub(super) fn find(
        refs: &Refs<'_>,
        judge: &BranchJudge<'_>,
        (passage, known): (Passage, &[Oid]),
    ) -> Result<Self> {
        let mut found = Self::default();
        let (Found::Protected | Found::Free, Some(old)) = (&judge.found, passage.old) else {
            return Ok(found);
        };
        for (dir, landing) in claimed(judge.repo, [old, passage.new])? {
            match prove_one(refs, judge, (&dir, landing), (old, passage.new, known))? {
                Ok(verified) => {
                    found.commits.push(verified.commit);
                    found.before.push(verified.parent);
                }
                Err(unproven) => found.unproven.push(unproven),
            }
        }
        Ok(found)
    }

    /// As [`Landed::find`], with what the branch may take anyway.
    ///
    /// # Errors
    /// As [`Landed::find`].
    pub(super) fn among(
        refs: &Refs<'_>,
        judge: &BranchJudge<'_>,
        passage: Passage,
    ) -> Result<Self> {
        let known = innocent(refs, judge)?;
        Self::find(refs, judge, (passage, &known))
    }

    /// The commits that proven landings brought.
    pub(super) fn commits(&self) -> &[Oid] {
        &self.commits
    }

    /// The commits that come to `new` besides proven landings, parents first.
    ///
    /// # Errors
    /// If the commits cannot be read.
    pub(super) fn others(&self, repo: &Repo, (new, known): (Oid, &[Oid])) -> Result<Vec<Oid>> {
        let mut others: Vec<Oid> = Vec::new();
        for tip in self.before.iter().chain([&new]) {
            let mut known = known.to_vec();
            // A landing says nothing of what it stands on.
            for commit in &self.commits {
                if repo.is_ancestor(*commit, *tip)? {
                    known.push(*commit);
                }
            }
            let more = introduced(repo, *tip, &known)?;
            others.extend(more.into_iter().filter(|one| !others.contains(one)).collect::<Vec<_>>());
        }
        Ok(others)
    }

    /// Says in refusals of what comes to a target why the landing there does not hold, if there is one.
    pub(super) fn explain(&self, verdict: &mut Verdict) {
        let Some(unproven) = self.unproven.first() else { return };
        if verdict.outcome != Outcome::Refused {
            return;
        }
        let codes = [GuardCode::ProtectedBranchRefused, GuardCode::LaneOntoTarget];
        for one in verdict.violations.iter_mut().filter(|one| codes.contains(&one.code)) {
            if unproven.code == GuardCode::LandingNotHere {
                one.code = unproven.code;
            }
            one.fact.clone_from(&unproven.fact);
            one.next_step.clone_from(&unproven.next_step);
        }
    }
}

/// The commits of `commits` that no proven landing brought to the branch.
///
/// # Errors
/// As [`Landed::find`].
pub(super) fn without_landed(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    (passage, known): (Passage, &[Oid]),
    commits: Vec<Oid>,
) -> Result<Vec<Oid>> {
    if commits.is_empty() || !matches!(judge.found, Found::Protected) {
        return Ok(commits);
    }
    let landed = Landed::find(refs, judge, (passage, known))?;
    match landed.commits() {
        [] => Ok(commits),
        _ => landed.others(refs.repo, (passage.new, known)),
    }
}

/// The certificates that `new` has and `old` has not, each with the directory of its mission.
fn claimed(repo: &Repo, [old, new]: [Oid; 2]) -> Result<Vec<(String, Landing)>> {
    let missions = RepoPath::from(layout::MISSIONS);
    let tree = |commit: Oid| -> Result<Option<Oid>> {
        let entry = repo.entry(repo.tree_of_commit(commit)?, &missions)?;
        Ok(entry.filter(|entry| entry.mode == Mode::Tree).map(|entry| entry.oid))
    };
    let (before, after) = (tree(old)?, tree(new)?);
    let Some(after) = after.filter(|after| before != Some(*after)) else { return Ok(Vec::new()) };
    let before = before.map(|tree| repo.entries(tree)).transpose()?.unwrap_or_default();
    let mut found = Vec::new();
    for one in repo.entries(after)? {
        let is_same = before.iter().any(|known| known.name == one.name && known.entry == one.entry);
        let Ok(dir) = String::from_utf8(one.name) else { continue };
        if is_same || one.entry.mode != Mode::Tree {
            continue;
        }
        let log = |commit: Oid| -> Result<Vec<u8>> {
            Ok(repo
                .blob_at(repo.tree_of_commit(commit)?, &layout::event_log(&dir))?
                .unwrap_or_default())
        };
        let (known, log) = (log(old)?, log(new)?);
        if known == log || !has(&log, LANDED.as_bytes()) {
            continue;
        }
        // A log that cannot be read certifies nothing.
        let all = landings(&log, &layout::event_log(&dir).to_string()).unwrap_or_default();
        let is_new = |landing: &Landing| !has(&known, landing.event_id.as_bytes());
        found.extend(all.into_iter().filter(is_new).map(|landing| (dir.clone(), landing)));
    }
    Ok(found)
}

fn has(text: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}
