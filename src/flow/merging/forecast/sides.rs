//! Which lanes touch what others touch: only of these the merges depend on one another.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;

use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::git::{Footprint, Repo};
use crate::store::Paths;

/// What was touched between two commits.
#[derive(Debug, Clone, Default)]
pub(super) struct Side {
    pub(super) footprint: Footprint,
    pub(super) deleted: BTreeSet<RepoPath>,
}

impl Side {
    pub(super) fn of(repo: &Repo, [base, tip]: [Oid; 2]) -> Result<Self> {
        let tree = repo.tree_of_commit(tip)?;
        let changes = repo.diff(Some(repo.tree_of_commit(base)?), Some(tree))?;
        let deleted = changes.iter().filter(|change| change.new.is_none());
        Ok(Self {
            deleted: deleted.map(|change| change.path.clone()).collect(),
            footprint: Footprint::of_changes(repo, tree, &changes)?,
        })
    }

    pub(super) fn from_paths(known: &Paths) -> Self {
        let Paths { touched, added, deleted, gone } = known;
        let [touched, added, deleted, gone] =
            [touched, added, deleted, gone].map(|all| all.iter().map(|one| one.as_str().into()));
        Self {
            footprint: Footprint {
                touched: touched.collect(),
                added: added.collect(),
                gone: gone.collect(),
            },
            deleted: deleted.collect(),
        }
    }

    /// As it is written down; `None` if there is a path that cannot be.
    pub(super) fn to_paths(&self) -> Option<Paths> {
        let Footprint { touched, added, gone } = &self.footprint;
        let text = |all: &BTreeSet<RepoPath>| {
            let one = |path: &RepoPath| String::from_utf8(path.as_bytes().to_vec()).ok();
            all.iter().map(one).collect::<Option<Vec<String>>>()
        };
        let (added, gone) = (text(added)?, text(gone)?);
        Some(Paths { touched: text(touched)?, added, deleted: text(&self.deleted)?, gone })
    }
}

/// Who touches what another one touches. The sides have numbers; several may have the same.
#[derive(Debug, Default)]
pub(super) struct Touching {
    pairs: BTreeSet<(usize, usize)>,
    deletes: BTreeSet<usize>,
    adds: BTreeSet<usize>,
}

/// A file of that name decides how others are merged.
const ATTRIBUTES: &[u8] = b".gitattributes";

impl Touching {
    /// Compares all; `None` if what is merged decides how it is merged.
    pub(super) fn of(sides: &[(usize, &Side)]) -> Option<Self> {
        let mut found = Self::default();
        let mut owners: HashMap<&[u8], usize> = HashMap::new();
        for (owner, side) in sides {
            for path in &side.footprint.touched {
                if path.file_name() == ATTRIBUTES {
                    return None;
                }
                let first = *owners.entry(path.as_bytes()).or_insert(*owner);
                found.meet(first, *owner);
            }
            if !side.deleted.is_empty() {
                found.deletes.insert(*owner);
            }
            if !side.footprint.added.is_empty() {
                found.adds.insert(*owner);
            }
        }
        let lost = lost(sides);
        for (owner, side) in sides {
            for path in &side.footprint.touched {
                for parent in above(path.as_bytes()) {
                    if let Some(other) = owners.get(parent) {
                        found.meet(*other, *owner);
                    }
                }
            }
            for path in &side.footprint.added {
                for other in above(path.as_bytes()).filter_map(|parent| lost.get(parent)).flatten()
                {
                    found.meet(*other, *owner);
                }
            }
        }
        Some(found)
    }

    fn meet(&mut self, one: usize, other: usize) {
        if one != other {
            self.pairs.insert((one.min(other), one.max(other)));
        }
    }

    /// Whether one touches something that another one touches, of those that count.
    pub(super) fn touches(&self, own: usize, counts: impl Fn(usize) -> bool) -> bool {
        let other = |(one, other): &(usize, usize)| match own {
            own if own == *one => counts(*other),
            own => own == *other && counts(*one),
        };
        self.pairs.iter().any(other)
    }

    /// Whether git might take a file that one of `these` adds for one that another side deletes, or
    /// the other way round: it looks for what was renamed on all of a side.
    pub(super) fn may_mix(&self, these: impl Fn(usize) -> bool) -> bool {
        let has = |all: &BTreeSet<usize>, inside: bool| all.iter().any(|one| these(*one) == inside);
        has(&self.deletes, true) && has(&self.adds, false)
            || has(&self.deletes, false) && has(&self.adds, true)
    }
}

/// Directories that are gone on one side, or may be when several have come together, and whose doing
/// that is.
fn lost<'s>(sides: &[(usize, &'s Side)]) -> HashMap<&'s [u8], BTreeSet<usize>> {
    let mut shrunk: HashMap<&[u8], BTreeSet<usize>> = HashMap::new();
    let mut lost: HashMap<&[u8], BTreeSet<usize>> = HashMap::new();
    for (owner, side) in sides {
        for path in &side.deleted {
            for parent in above(path.as_bytes()) {
                shrunk.entry(parent).or_default().insert(*owner);
            }
        }
        for directory in &side.footprint.gone {
            lost.entry(directory.as_bytes()).or_default().insert(*owner);
        }
    }
    for (directory, owners) in shrunk.into_iter().filter(|(_, owners)| owners.len() > 1) {
        lost.entry(directory).or_default().extend(owners);
    }
    lost
}

/// The directories around a path.
fn above(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.iter().enumerate().filter(|(_, byte)| **byte == b'/').filter_map(|(at, _)| path.get(..at))
}
