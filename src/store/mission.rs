//! Finding missions: by directory, or by branch.

use std::cell::OnceCell;

use anyhow::Result;

use crate::domain::branch::{BranchName, MISSION_PREFIX, split_mid8, strip_number};
use crate::domain::id::{LaneId, Mid8};
use crate::domain::lanes::Lanes;
use crate::domain::layout;
use crate::domain::meta::Meta;
use crate::domain::oid::Oid;
use crate::domain::refusal::Refusal;
use crate::git::{Kind, Repo, Worktree};

use super::files::{Found, Place};
use super::moment::Moment;

/// The missions of a repository.
pub struct Store<'r> {
    pub(super) repo: &'r Repo,
    /// Listed once, for views of many missions.
    pub(super) worktrees: OnceCell<Vec<Worktree>>,
    /// All branches with their tips, listed once: there may be many.
    pub(super) heads: OnceCell<Vec<(BranchName, Oid)>>,
    pub(super) prefers: Prefers,
    /// The refs, for who reads many missions; `None` asks the repository each time.
    pub(super) moment: Option<Moment>,
}

/// Where missions are read first that have no coordination branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefers {
    /// In the primary checkout.
    Checkout,
    /// There as well if a branch is checked out, else on the target branch, here or on the remote: what
    /// CI checks out is no branch, but a commit that is judged.
    Branches,
}

/// A mission that was found, with its identity read.
#[derive(Debug, Clone)]
pub struct Mission {
    /// The name of its directory in `kitty-specs/`.
    pub dir: String,
    /// Its `meta.json`.
    pub meta: Meta,
    /// Where it is read from.
    pub source: Source,
    /// The places that hold its planning files, the first that has one deciding.
    pub(super) planning: Vec<Place>,
    /// The place that holds its log; `None` if its coordination branch has none yet.
    pub(super) status: Option<Place>,
}

/// Which of the two ways a mission is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// On its coordination branch.
    Coordination {
        /// The branch.
        branch: BranchName,
        /// Its tip, at which everything was read.
        tip: Oid,
    },
    /// In the primary checkout, as older missions are.
    Primary,
}

impl Mission {
    fn primary(dir: &str, meta: Meta, place: Place) -> Self {
        let planning = vec![place.clone()];
        Self { dir: dir.to_owned(), meta, source: Source::Primary, planning, status: Some(place) }
    }

    /// A mission whose coordination branch is yet to be made at `tip`: nothing is read of it.
    #[must_use]
    pub const fn to_be(dir: String, meta: Meta, branch: BranchName, tip: Oid) -> Self {
        let source = Source::Coordination { branch, tip };
        Self { dir, meta, source, planning: Vec::new(), status: None }
    }

    /// The branch that its lanes' names begin with.
    #[must_use]
    pub fn branch(&self) -> String {
        match &self.source {
            Source::Coordination { branch, .. } => branch.to_string(),
            Source::Primary => format!("{MISSION_PREFIX}{}", self.dir),
        }
    }

    /// The first eight characters of its id; the tail of its directory's name where it has no id.
    #[must_use]
    pub fn mid8(&self) -> Option<Mid8> {
        let tail = || split_mid8(&self.dir).map(|(_, mid8)| mid8);
        self.meta.id.as_ref().map(crate::domain::id::MissionId::mid8).or_else(tail)
    }
}

impl<'r> Store<'r> {
    /// The missions of `repo`.
    #[must_use]
    pub const fn new(repo: &'r Repo) -> Self {
        Self::preferring(repo, Prefers::Checkout)
    }

    /// The missions of `repo` as its branches and remote-tracking branches have them, also where
    /// nothing but the commit that is judged is checked out.
    #[must_use]
    pub const fn of_branches(repo: &'r Repo) -> Self {
        Self::preferring(repo, Prefers::Branches)
    }

    /// The missions of `repo`, with each ref as it was when it was first asked for: for who reads many
    /// missions and writes nothing.
    #[must_use]
    pub fn of_one_moment(repo: &'r Repo) -> Self {
        Self { moment: Some(Moment::default()), ..Self::new(repo) }
    }

    const fn preferring(repo: &'r Repo, prefers: Prefers) -> Self {
        Self { repo, worktrees: OnceCell::new(), heads: OnceCell::new(), prefers, moment: None }
    }

    /// The mission in the directory `dir`, if there is one.
    ///
    /// # Errors
    /// If its `meta.json` is damaged, or names a coordination branch that is gone.
    pub fn open(&self, dir: &str) -> Result<Option<Mission>> {
        if !is_directory_name(dir) {
            return Ok(None);
        }
        if let Ok(branch) = format!("{MISSION_PREFIX}{dir}").parse() {
            let own = self.on_branch(dir, &branch)?;
            let own =
                own.filter(|m| m.meta.coordination_branch.as_deref() == Some(branch.as_str()));
            if let Some(mission) = own
                && !self.is_disowned(&mission, &branch)?
            {
                return Ok(Some(mission));
            }
        }
        let Some(primary) = self.primary_place(dir)? else { return self.lost(dir).map(|()| None) };
        let found = primary.read(self.repo, layout::META)?;
        let Some(found) = found else { return self.lost(dir).map(|()| None) };
        let meta = parse_meta(&found)?;
        match meta.coordination_branch.clone() {
            None => Ok(Some(Mission::primary(dir, meta, primary))),
            Some(name) => self.coordinated(dir, meta, &name, primary).map(Some),
        }
    }

    /// Whether the mission's `meta.json` in the primary checkout, or on its target branch, knows of
    /// no such coordination branch. Until a branch is one, anybody may commit to it, also a
    /// `meta.json` that says it were. What was adopted here is known by a ref of ours.
    fn is_disowned(&self, mission: &Mission, branch: &BranchName) -> Result<bool> {
        if let Some(id) = &mission.meta.id
            && self.find(&format!("{}/{id}", layout::ADOPTED).parse()?)?.is_some()
        {
            return Ok(false);
        }
        let mut places: Vec<Place> = self.checked_out(&mission.dir)?.into_iter().collect();
        if let Ok(target) = mission.meta.target_branch.parse::<BranchName>()
            && let Some(tip) = self.tip(&target)?
        {
            places.extend(Place::in_commit(self.repo, tip, &mission.dir, target.as_str())?);
        }
        for place in places {
            if let Some(found) = place.read(self.repo, layout::META)? {
                let meta = parse_meta(&found)?;
                return Ok(meta.coordination_branch.as_deref() != Some(branch.as_str()));
            }
        }
        Ok(false)
    }

    /// The mission that a branch belongs to, and its lane if it is one. The name is only the way
    /// there: `meta.json` and `lanes.json` decide.
    ///
    /// # Errors
    /// [`Refusal::MissionOfBranchMissing`] if the branch is named as a lane and nothing knows it, also
    /// with an ending that no lane can have, behind the name of a mission (`…-lane-{`);
    /// and whatever is wrong with the mission's files.
    pub fn by_branch(&self, branch: &BranchName) -> Result<Option<(Mission, Option<LaneId>)>> {
        let Some(parts) = branch.mission_parts() else { return Ok(None) };
        if let Some((name, lane)) = &parts.lane {
            for mission in self.named(name)? {
                if self.has_lane(&mission, lane)? {
                    return Ok(Some((mission, Some(lane.clone()))));
                }
            }
        }
        if let Some(mission) = self.named(parts.name)?.into_iter().next() {
            return Ok(Some((mission, None)));
        }
        let missing = |mission: &str, lane: &str| Refusal::MissionOfBranchMissing {
            branch: branch.to_string(),
            mission: mission.to_owned(),
            lane: lane.to_owned(),
        };
        match (&parts.lane, parts.lane_like()) {
            (Some((name, lane)), _) => Err(missing(name, lane.as_str()).into()),
            (None, Some((name, tail))) if !self.named(name)?.is_empty() => {
                Err(missing(name, tail).into())
            }
            (None, _) => Ok(None),
        }
    }

    /// The mission that a branch coordinates whose own `meta.json` is damaged: as it was when that could
    /// be read last, with the log as it is.
    ///
    /// # Errors
    /// If a commit cannot be read.
    pub fn before_damage(&self, branch: &BranchName) -> Result<Option<Mission>> {
        let Some(parts) = branch.mission_parts().filter(|parts| parts.lane.is_none()) else {
            return Ok(None);
        };
        let Some(tip) = self.find(&branch.ref_name()?)? else { return Ok(None) };
        for dir in std::iter::once(parts.name).chain(split_mid8(parts.name).map(|(dir, _)| dir)) {
            let Some(own) = Place::in_commit(self.repo, tip, dir, branch.as_str())? else {
                continue;
            };
            let is_own = |meta: &Meta| meta.coordination_branch.as_deref() == Some(branch.as_str());
            if let Some(meta) = self.last_readable(tip, dir)?.filter(is_own) {
                let source = Source::Coordination { branch: branch.clone(), tip };
                let planning = vec![own.clone()];
                return Ok(Some(Mission {
                    dir: dir.to_owned(),
                    meta,
                    source,
                    planning,
                    status: Some(own),
                }));
            }
        }
        Ok(None)
    }

    /// The mission's `meta.json` in the latest of a commit and its first parents that has one which
    /// can be read.
    fn last_readable(&self, tip: Oid, dir: &str) -> Result<Option<Meta>> {
        let mut next = Some(tip);
        while let Some(commit) = next {
            let place = Place::in_commit(self.repo, commit, dir, "")?;
            let found = place.map(|place| place.read(self.repo, layout::META)).transpose()?;
            if let Some(meta) = found.flatten().and_then(|found| parse_meta(&found).ok()) {
                return Ok(Some(meta));
            }
            if self.repo.is_cut_off(commit)? {
                return Ok(None);
            }
            next = self.repo.commit(commit)?.parents.first().copied();
        }
        Ok(None)
    }

    /// The missions that the middle part of a branch's name may mean, likeliest first.
    fn named(&self, name: &str) -> Result<Vec<Mission>> {
        if let Some(mission) = self.open(name)? {
            return Ok(vec![mission]);
        }
        let tail = split_mid8(name);
        if let Some((dir, mid8)) = &tail
            && let Some(mission) = self.open(dir)?
            && mission.mid8().as_ref() == Some(mid8)
        {
            return Ok(vec![mission]);
        }
        let fits = |mission: &Mission| match &tail {
            Some((_, mid8)) => mission.mid8().as_ref() == Some(mid8),
            None => strip_number(&mission.dir) == name,
        };
        let all = self.all()?.into_iter().filter_map(|(_, mission)| mission.ok());
        Ok(all.filter(fits).collect())
    }

    fn has_lane(&self, mission: &Mission, lane: &LaneId) -> Result<bool> {
        Ok(self.lanes(mission)?.is_none_or(|lanes| lanes.lane(lane).is_some()))
    }

    /// The mission's `lanes.json`, if it has one.
    ///
    /// # Errors
    /// If it is damaged.
    pub fn lanes(&self, mission: &Mission) -> Result<Option<Lanes>> {
        self.plan(mission).lanes(self.repo)
    }

    /// A mission whose `meta.json` names a coordination branch. Without it nothing is guessed, but
    /// for a mission that has landed: that is read from where it landed.
    fn coordinated(&self, dir: &str, meta: Meta, name: &str, primary: Place) -> Result<Mission> {
        let gone = || {
            let tip = self.last_tip(dir).or_else(|| self.adopted(&meta));
            let (branch, mission) = (name.to_owned(), dir.to_owned());
            let tip = tip.map(|tip| tip.to_string());
            Refusal::CoordinationBranchDeleted { branch, mission, tip }
        };
        let branch: BranchName = name.parse().map_err(|_| gone())?;
        if let Some(mission) = self.on_branch(dir, &branch)? {
            return Ok(mission);
        }
        let closed = self.find(&branch.ref_name()?)?.is_none() && self.is_closed(&meta)?;
        let Some(tip) = self.tip(&branch)?.filter(|_| !closed) else {
            let landed = meta.baseline_merge_commit.is_some() || self.is_closed(&meta)?;
            return if landed {
                Ok(Mission::primary(dir, meta, primary))
            } else {
                Err(gone().into())
            };
        };
        let source = Source::Coordination { branch, tip };
        Ok(Mission { dir: dir.to_owned(), meta, source, planning: vec![primary], status: None })
    }

    /// The coordination branch as the adoption made it, if that was here.
    fn adopted(&self, meta: &Meta) -> Option<Oid> {
        let name = format!("{}/{}", layout::ADOPTED, meta.id.as_ref()?).parse().ok()?;
        self.find(&name).ok()?
    }

    /// The mission as the branch's tip has it, if that holds its directory. A project of the
    /// reference keeps the plan on the target branch, and beside the log only stray copies of it:
    /// where `meta.json` is, there is the plan.
    fn on_branch(&self, dir: &str, branch: &BranchName) -> Result<Option<Mission>> {
        let here = self.find(&branch.ref_name()?)?;
        let tip = match here {
            Some(_) => here,
            None => self.find(&branch.remote_ref()?)?,
        };
        let Some(tip) = tip else { return Ok(None) };
        let Some(own) = Place::in_commit(self.repo, tip, dir, branch.as_str())? else {
            return Ok(None);
        };
        let (found, planning) = match own.read(self.repo, layout::META)? {
            Some(found) => (found, vec![own.clone()]),
            None => {
                let Some(primary) = self.primary_place(dir)? else { return Ok(None) };
                let Some(found) = primary.read(self.repo, layout::META)? else { return Ok(None) };
                (found, vec![primary, own.clone()])
            }
        };
        let source = Source::Coordination { branch: branch.clone(), tip };
        let meta = parse_meta(&found)?;
        // What a remote still has of it does not bring it back.
        if here.is_none() && self.is_closed(&meta)? {
            return Ok(None);
        }
        Ok(Some(Mission { dir: dir.to_owned(), meta, source, planning, status: Some(own) }))
    }

    /// The mission's directory in the primary checkout. If that is none, has another branch checked
    /// out or nothing but planning files that somebody wrote: on the branch that the mission's own
    /// `meta.json` there names as its target. Anyone can write such a branch, so that of several none
    /// is taken.
    fn primary_place(&self, dir: &str) -> Result<Option<Place>> {
        if let Some(place) = self.checked_out(dir)?
            && place.read(self.repo, layout::META)?.is_some()
        {
            return Ok(Some(place));
        }
        match self.target_place(dir)? {
            Some(place) => Ok(Some(place)),
            None => self.in_checkout(dir),
        }
    }

    /// The mission's directory in the primary checkout, if that counts before its branches.
    fn checked_out(&self, dir: &str) -> Result<Option<Place>> {
        let counts = match self.prefers {
            Prefers::Checkout => true,
            Prefers::Branches => self.primary_branch()?.is_some(),
        };
        if counts { self.in_checkout(dir) } else { Ok(None) }
    }

    fn in_checkout(&self, dir: &str) -> Result<Option<Place>> {
        let checkout = self.repo.primary_work_tree()?;
        Ok(checkout.and_then(|checkout| Place::in_checkout(&checkout, dir)))
    }

    /// The branch that the primary checkout has.
    fn primary_branch(&self) -> Result<Option<BranchName>> {
        let worktrees = self.repo.worktrees()?;
        let main = worktrees.first().filter(|main| main.kind == Kind::Main);
        Ok(main.and_then(|main| main.branch.as_ref()).and_then(BranchName::of_ref))
    }

    fn target_place(&self, dir: &str) -> Result<Option<Place>> {
        let primary = self.primary_branch()?;
        let mut found = Vec::new();
        for (branch, tip) in self.heads()? {
            if Some(branch) == primary.as_ref() {
                continue;
            }
            let Some(place) = Place::in_commit(self.repo, *tip, dir, branch.as_str())? else {
                continue;
            };
            let Some(meta) = place.read(self.repo, layout::META)? else { continue };
            if parse_meta(&meta).is_ok_and(|meta| meta.target_branch == branch.as_str()) {
                found.push((branch.to_string(), place));
            }
        }
        if found.len() > 1 {
            let branches = found.into_iter().map(|(branch, _)| branch).collect();
            return Err(
                Refusal::MissionOnSeveralBranches { mission: dir.to_owned(), branches }.into()
            );
        }
        Ok(found.pop().map(|(_, place)| place))
    }
}

pub(super) fn parse_meta(found: &Found) -> Result<Meta, Refusal> {
    Meta::parse(&found.bytes, &found.shown)
}

/// Whether a text can be the name of one directory: no way out of `kitty-specs/`.
fn is_directory_name(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(['.', '-']) && !text.contains(['/', '\\', '\0'])
}
