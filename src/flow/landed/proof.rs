//! One landing, proven for a door.

use std::collections::BTreeMap;

use anyhow::Result;

use super::Unproven;
use super::permission::permission;
use crate::domain::branch::BranchName;
use crate::domain::layout;
use crate::domain::merging::Landing;
use crate::domain::meta::Meta;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::{MergeRefusal, Refusal};
use crate::flow::branch_judge::{BranchJudge, Counting};
use crate::flow::commits::{Judged, Passage};
use crate::flow::found::Found;
use crate::flow::merging::{Verified, first_with, is_made_of, prove};
use crate::flow::refs::{Refs, Vouching};
use crate::flow::whole::whole;
use crate::git::{Repo, Told};
use crate::store::{Mission, Store, judged};

/// A landing with what it is judged by.
pub(super) struct Case<'c> {
    pub(super) refs: &'c Refs<'c>,
    pub(super) judge: &'c BranchJudge<'c>,
    pub(super) mission: Mission,
    pub(super) coordination: BranchName,
    /// What the target had.
    pub(super) old: Oid,
}

/// Proves that a landing is what it says, and may be.
///
/// # Errors
/// If a commit or a ref cannot be read.
pub(super) fn prove_one(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    (dir, landing): (&str, Landing),
    (old, new, known): (Oid, Oid, &[Oid]),
) -> Result<Result<Verified, Unproven>> {
    let repo = judge.repo;
    let unproven = |what: &str| Ok(Err(Unproven::new(dir, judge, what)));
    let Some((mission, coordination)) = announced(repo, (dir, new))? else {
        return unproven("no `meta.json` there names a coordination branch");
    };
    let case = Case { refs, judge, mission, coordination, old };
    if let Some(what) = case.foreign(&landing)? {
        return unproven(&what);
    }
    let commit = first_with(repo, (new, &layout::event_log(dir)), &landing.event_id)?;
    let tips = case.places()?;
    let event_id = landing.event_id.clone();
    let branch = judge.branch.ref_name()?;
    let verified = match prove(repo, &case.mission, (landing, commit), (branch, &tips)) {
        Ok(verified) => verified,
        Err(error) => return Ok(Err(case.unprovable(&error))),
    };
    let failed: Vec<&str> = verified.checks.iter().filter(|check| !check.ok).map(detail).collect();
    if !failed.is_empty() {
        return unproven(&failed.join("; "));
    }
    let known = [known, &[old]].concat();
    if !is_made_of(repo, &verified, &known)? {
        return unproven("commits come along that are neither the mission's nor made by a landing");
    }
    if let Some(what) = permission(&case, (&verified, &event_id))? {
        return unproven(&what);
    }
    match case.coordination(&verified)? {
        Some(what) => unproven(&what),
        None => Ok(Ok(verified)),
    }
}

fn detail(check: &crate::flow::merging::Check) -> &str {
    &check.detail
}

/// The mission in a directory of a commit, with the coordination branch that it names.
fn announced(repo: &Repo, (dir, commit): (&str, Oid)) -> Result<Option<(Mission, BranchName)>> {
    let Some(meta) = meta_at(repo, (dir, commit))? else { return Ok(None) };
    let named = meta.coordination_branch.as_ref().and_then(|name| name.parse::<BranchName>().ok());
    let Some(branch) = named.filter(BranchName::may_coordinate) else { return Ok(None) };
    Ok(Some((Mission::to_be(dir.to_owned(), meta, branch.clone(), commit), branch)))
}

fn meta_at(repo: &Repo, (dir, commit): (&str, Oid)) -> Result<Option<Meta>> {
    let path = layout::in_mission(dir, layout::META);
    let bytes = repo.blob_at(repo.tree_of_commit(commit)?, &path)?;
    Ok(bytes.and_then(|bytes| Meta::parse(&bytes, &path.to_string()).ok()))
}

impl Case<'_> {
    /// That it is about another branch, or another mission than the one that is known here.
    fn foreign(&self, landing: &Landing) -> Result<Option<String>> {
        let (branch, meta) = (self.judge.branch.as_str(), &self.mission.meta);
        let certified = &landing.certificate.target;
        for target in [certified, &meta.target_branch] {
            if target != branch {
                return Ok(Some(format!("it is for `{target}`")));
            }
        }
        let known = match self.judge.store.open(&self.mission.dir) {
            Ok(known) => known.map(|known| known.meta),
            // What a coordination branch was that is gone, the target tells.
            Err(error) if error.is::<Refusal>() => None,
            Err(error) => return Err(error),
        };
        let before = meta_at(self.judge.repo, (&self.mission.dir, self.old))?;
        for known in known.iter().chain(&before) {
            let is_same = known.id.is_none() || known.id == meta.id;
            let name = &known.coordination_branch;
            let is_there = name.is_none() || *name == meta.coordination_branch;
            if !is_same || !is_there || known.target_branch != meta.target_branch {
                return Ok(Some("the mission that is known here is another one".to_owned()));
            }
        }
        Ok(None)
    }

    /// Where the coordination branch may be found besides in refs that are there.
    fn places(&self) -> Result<Vec<Oid>> {
        let mut tips = self.refs.arriving(&self.coordination)?;
        tips.extend(self.refs.remotes(&self.coordination)?);
        tips.extend(self.refs.kept_below(&format!("{}/", layout::LANDED))?);
        tips.retain(|tip| self.judge.repo.has_object(*tip));
        Ok(tips)
    }

    fn unprovable(&self, error: &anyhow::Error) -> Unproven {
        if let Some(Refusal::Merge(refusal)) = error.downcast_ref()
            && let MergeRefusal::CommitsMissing { mission, commits, .. } = &**refusal
        {
            return Unproven::missing(mission, self.coordination.as_str(), commits);
        }
        Unproven::new(&self.mission.dir, self.judge, &format!("{error:#}"))
    }

    /// The repository with the coordination branch at a commit, beside the target as it was: nothing
    /// that comes with a landing vouches for it.
    pub(super) fn told(&self, (target, coordination): (Oid, Oid)) -> Result<Repo> {
        let mut refs = BTreeMap::from([
            (self.judge.branch.ref_name()?, Some(target)),
            (self.coordination.ref_name()?, Some(coordination)),
        ]);
        let lanes = format!("refs/heads/{}-lane-", self.coordination);
        for (name, _) in self.judge.repo.list(&lanes)? {
            let Some(lane) = BranchName::of_ref(&name) else { continue };
            refs.insert(name, self.was_judged(&lane)?);
        }
        self.judge.repo.told(Told { refs, no_remotes: true })
    }

    /// What the coordination branch may not have, of what the target has not.
    fn coordination(&self, verified: &Verified) -> Result<Option<String>> {
        let (repo, from) = (self.judge.repo, verified.landed);
        let vouched = self.vouched()?;
        if repo.is_in_any(from, &vouched)? {
            return Ok(None);
        }
        let is_before = repo.is_ancestor(verified.parent, self.old)?;
        let target = if is_before { self.old } else { verified.parent };
        let told = self.told((target, from))?;
        let store = Store::of_former_times(&told);
        let name = self.coordination.clone();
        if !self.coordinated_at(from)? {
            return Ok(Some(format!("`{}` is not its coordination branch", self.coordination)));
        }
        let judge = BranchJudge::find(&store, &told, name, Counting::EverClaimed)?;
        let refs = Refs { repo: &told, updates: &[], vouching: Vouching::Received };
        let mut old = None;
        for tip in vouched {
            if repo.is_ancestor(tip, from)? {
                old = Some(tip);
            }
        }
        let judged = whole(&refs, &judge, Passage { old, unseen: None, new: from })?;
        Ok(judged.iter().find(|one| one.is_refused()).map(|one| refused(&self.coordination, one)))
    }

    /// What the coordination branch had when a door judged it as that.
    fn vouched(&self) -> Result<Vec<Oid>> {
        let (repo, branch) = (self.judge.repo, &self.coordination);
        let mut tips: Vec<Oid> = self.was_judged(branch)?.into_iter().collect();
        match self.refs.vouching {
            Vouching::Here | Vouching::Turning | Vouching::Pushed(_) => {
                tips.extend(self.refs.remotes(branch)?);
            }
            Vouching::Received => {}
        }
        let mut vouched = Vec::new();
        for tip in tips {
            if repo.has_object(tip) && self.coordinated_at(tip)? {
                vouched.push(tip);
            }
        }
        Ok(vouched)
    }

    /// What a door has let a branch have: here by what is on record, on a server what is there. In CI
    /// nobody has judged anything, and what is here a push does not believe.
    fn was_judged(&self, branch: &BranchName) -> Result<Option<Oid>> {
        let repo = self.judge.repo;
        let held = repo.find(&branch.ref_name()?)?;
        Ok(match self.refs.vouching {
            Vouching::Here | Vouching::Turning => {
                let known = judged::values(repo, branch)?;
                held.filter(|held| known.contains(held)).or(known.last().copied())
            }
            Vouching::Received => held.filter(|_| repo.is_served()),
            Vouching::Pushed(_) => None,
        })
    }

    /// Whether the branch coordinated this mission when it was at a commit: what it got as a free one
    /// nobody has judged.
    fn coordinated_at(&self, tip: Oid) -> Result<bool> {
        let told = self.told((self.old, tip))?;
        let store = Store::of_former_times(&told);
        let name = self.coordination.clone();
        let found = match BranchJudge::find(&store, &told, name, Counting::EverClaimed) {
            Ok(judge) => judge.found,
            Err(error) if error.is::<Refusal>() => return Ok(false),
            Err(error) => return Err(error),
        };
        Ok(matches!(found, Found::Coordination(mission) if mission.dir == self.mission.dir))
    }

    /// What any ref has of the coordination branch: it may speak against the landing.
    pub(super) fn witnesses(&self) -> Result<Vec<Oid>> {
        let name: RefName = self.coordination.ref_name()?;
        let mut tips: Vec<Oid> = self.judge.repo.find(&name)?.into_iter().collect();
        tips.extend(self.places()?);
        Ok(tips)
    }
}

fn refused(branch: &BranchName, one: &Judged) -> String {
    let violation = one.judgement.verdict.violations.first();
    let fact = violation.map(|one| format!("{}: {}", one.code, one.fact)).unwrap_or_default();
    match one.commit {
        Some(commit) => format!("`{branch}` may not have {commit:.12}: {fact}"),
        None => format!("`{branch}` may not be what landed: {fact}"),
    }
}
