//! Finding missions: by directory, or by branch.

use std::cell::OnceCell;

use anyhow::Result;

use crate::domain::branch::{BranchName, MISSION_PREFIX, split_mid8};
use crate::domain::id::{LaneId, Mid8};
use crate::domain::lanes::Lanes;
use crate::domain::layout;
use crate::domain::meta::Meta;
use crate::domain::oid::Oid;
use crate::domain::refusal::Refusal;
use crate::git::{Repo, Worktree};

use super::files::{Found, Place};
use super::gone::is_certified;
use super::moment::Moment;

/// The missions of a repository.
pub struct Store<'r> {
    pub(super) repo: &'r Repo,
    /// Listed once, for views of many missions.
    pub(super) worktrees: OnceCell<Vec<Worktree>>,
    /// All branches with their tips, listed once: there may be many.
    pub(super) heads: OnceCell<Vec<(BranchName, Oid)>>,
    pub(super) prefers: Prefers,
    /// Whether logs are compared with what was seen of them before.
    pub(super) compares: bool,
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

    /// The name of a lane's branch.
    #[must_use]
    pub fn lane_branch(&self, lane: &LaneId) -> String {
        format!("{}-{lane}", self.branch())
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

    /// The missions of `repo`, with each ref as it was when it was first asked for, and the lanes and
    /// statuses of each mission as they were read first: for who reads many times and writes nothing.
    #[must_use]
    pub fn of_one_moment(repo: &'r Repo) -> Self {
        Self { moment: Some(Moment::default()), ..Self::new(repo) }
    }

    /// The missions of a repository whose refs are taken for what they were once: their logs may be
    /// older than what was seen of them.
    #[must_use]
    pub fn of_former_times(repo: &'r Repo) -> Self {
        Self { compares: false, ..Self::new(repo) }
    }

    const fn preferring(repo: &'r Repo, prefers: Prefers) -> Self {
        Self {
            repo,
            worktrees: OnceCell::new(),
            heads: OnceCell::new(),
            prefers,
            compares: true,
            moment: None,
        }
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

    /// The mission's `lanes.json`, if it has one.
    ///
    /// # Errors
    /// If it is damaged.
    pub fn lanes(&self, mission: &Mission) -> Result<Option<Lanes>> {
        let read = || self.plan(mission).lanes(self.repo);
        match &self.moment {
            Some(moment) => moment.lanes.of(mission, read),
            None => read(),
        }
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
            let landed = meta.baseline_merge_commit.is_some()
                || self.is_closed(&meta)?
                || is_certified(self.repo, &primary)?;
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
}

pub(super) fn parse_meta(found: &Found) -> Result<Meta, Refusal> {
    Meta::parse(&found.bytes, &found.shown)
}

/// Whether a text can be the name of one directory: no way out of `kitty-specs/`.
fn is_directory_name(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(['.', '-']) && !text.contains(['/', '\\', '\0'])
}
