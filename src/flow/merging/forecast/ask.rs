//! Asking about merges: first what is known, then what is sure, then git.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use anyhow::{Context, Result};

use super::look::Look;
use super::sides::Side;
use crate::domain::merging::{Clash, Meeting};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::flow::merging::settle::settle;
use crate::git::{AutoMerge, Kept, Pair, Scratch, merge_all};
use crate::store::{Forecasts, Store};

/// What is known and what is found out, for one look.
pub(super) struct Ask<'l, 'r> {
    pub(super) look: &'l Look<'r>,
    pub(super) old: Forecasts,
    pub(super) new: RefCell<Forecasts>,
    sides: RefCell<BTreeMap<[Oid; 2], Rc<Side>>>,
    scratch: OnceCell<Scratch>,
}

impl<'l, 'r> Ask<'l, 'r> {
    pub(super) fn about(look: &'l Look<'r>) -> Self {
        let old = Store::new(look.repo).forecasts(&look.mission.dir);
        Self {
            look,
            old,
            new: RefCell::default(),
            sides: RefCell::default(),
            scratch: OnceCell::new(),
        }
    }

    /// Whether nothing is known. Then git is asked about everything, which takes it hardly longer
    /// than a few merges.
    pub(super) fn is_first(&self) -> bool {
        self.old.meetings.is_empty()
    }

    /// Where git may leave objects.
    pub(super) fn scratch(&self) -> Result<&Scratch> {
        if let Some(scratch) = self.scratch.get() {
            return Ok(scratch);
        }
        let made = Scratch::of(self.look.repo)?;
        Ok(self.scratch.get_or_init(|| made))
    }

    /// What was touched between two commits.
    pub(super) fn side(&self, commits: [Oid; 2]) -> Result<Rc<Side>> {
        if let Some(side) = self.sides.borrow().get(&commits) {
            return Ok(side.clone());
        }
        let key = key(commits);
        let known = self.old.sides.get(&key).cloned();
        let side = match &known {
            Some(paths) => Side::from_paths(paths),
            None => Side::of(self.look.repo, commits)?,
        };
        if let Some(paths) = known.or_else(|| side.to_paths()) {
            self.new.borrow_mut().sides.insert(key, paths);
        }
        let side = Rc::new(side);
        self.sides.borrow_mut().insert(commits, side.clone());
        Ok(side)
    }

    /// What becomes of each pair, and how many of them were not known.
    pub(super) fn meetings(&self, pairs: &[Pair]) -> Result<(Vec<Meeting>, usize)> {
        let mut found: Vec<Option<Meeting>> = Vec::new();
        let mut open = Vec::new();
        let mut computed = 0;
        for (place, pair) in pairs.iter().enumerate() {
            let known = self.old.meetings.get(&key([pair.ours, pair.theirs])).cloned();
            computed += usize::from(known.is_none());
            let is_sure = known.is_none() && !self.is_first() && self.is_apart(*pair)?;
            let known = known.or(is_sure.then_some(Meeting::CLEAN));
            if known.is_none() {
                open.push((place, *pair));
            }
            found.push(known);
        }
        for ((place, _), merge) in open.iter().zip(self.merges(&open)?) {
            if let Some(answer) = found.get_mut(*place) {
                *answer = Some(meeting(&merge));
            }
        }
        let found: Option<Vec<Meeting>> = found.into_iter().collect();
        let found = found.context("a merge was left out")?;
        let named = pairs.iter().map(|pair| key([pair.ours, pair.theirs]));
        self.new.borrow_mut().meetings.extend(named.zip(found.iter().cloned()));
        Ok((found, computed))
    }

    /// Whether the two are surely merged without a conflict.
    fn is_apart(&self, pair: Pair) -> Result<bool> {
        let Some(base) = self.look.base(&[pair.ours], pair.theirs) else { return Ok(false) };
        let [ours, theirs] = [self.side([base, pair.ours])?, self.side([base, pair.theirs])?];
        Ok(ours.footprint.is_apart(&theirs.footprint))
    }

    /// What git says, in the order given.
    fn merges(&self, pairs: &[(usize, Pair)]) -> Result<Vec<AutoMerge>> {
        if pairs.is_empty() {
            return Ok(Vec::new());
        }
        let scratch = self.scratch()?;
        let (repo, writer) = (scratch.repo(), scratch.writer());
        let left_out = self.look.going.first().map(|lane| lane.site.left_out.as_slice());
        let left_out: &[RepoPath] = left_out.unwrap_or_default();
        let pairs: Vec<Pair> = pairs.iter().map(|(_, pair)| *pair).collect();
        let mut merges = Vec::new();
        for (pair, merge) in pairs.iter().zip(merge_all(repo, &pairs)?) {
            if merge.clean {
                merges.push(merge);
                continue;
            }
            let tree = repo.tree_of_commit(pair.ours)?;
            let merge = merge.keeping(&writer, &Kept { tree, paths: left_out, but: &[] })?;
            merges.push(settle(&writer, repo, merge, [pair.ours, pair.theirs])?);
        }
        Ok(merges)
    }

    /// Keeps what was found for the next time, if there is something new.
    pub(super) fn keep(self) {
        let new = self.new.into_inner();
        let is_known = new.meetings.keys().all(|key| self.old.meetings.contains_key(key))
            && new.trains.keys().all(|key| self.old.trains.contains_key(key));
        if !is_known {
            Store::new(self.look.repo).keep_forecasts(&self.look.mission.dir, new);
        }
    }
}

fn key([one, other]: [Oid; 2]) -> String {
    format!("{one} {other}")
}

fn meeting(merge: &AutoMerge) -> Meeting {
    let driver = |path: &RepoPath| merge.drivers.iter().find(|(own, _)| own == path);
    let clash = |path: &RepoPath| Clash {
        path: path.to_string(),
        driver: driver(path).map(|(_, name)| name.clone()),
    };
    let unplaced = merge.unplaced.iter().filter_map(|one| one.paths.first());
    let clashes = merge.conflicted.iter().chain(unplaced).map(clash).collect();
    Meeting { clean: merge.clean, clashes }
}
