//! A repository seen as if some refs held something else: as it was, or as it would be, while a push
//! is judged.

use std::collections::BTreeMap;

use anyhow::Result;

use super::repo::Repo;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;

/// What refs are taken for, whatever they hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// The refs that hold another value, or (`None`) are not there.
    pub refs: BTreeMap<RefName, Option<Oid>>,
    /// Whether there are no remote-tracking refs: on a server anybody may push some.
    pub no_remotes: bool,
}

/// Where remote-tracking refs are.
const REMOTES: &[u8] = b"refs/remotes/";

impl Repo {
    /// The same repository, in which refs hold what they are told to. Nothing is written, and what is
    /// read of it is not remembered for other readers.
    ///
    /// # Errors
    /// As [`Repo::open`].
    pub fn told(&self, told: Told) -> Result<Self> {
        let repo = Self::open(&self.places.start, self.environment.clone())?;
        Ok(Self { told: Some(told), ..repo })
    }

    /// Whether its refs are what they are: only then may a reader remember what it saw.
    #[must_use]
    pub const fn is_as_it_is(&self) -> bool {
        self.told.is_none()
    }

    /// Whether it is judged what others push to it: remote-tracking refs count for nothing there.
    #[must_use]
    pub fn is_served(&self) -> bool {
        self.told.as_ref().is_some_and(|told| told.no_remotes)
    }

    /// What a ref is taken for, if it is told something.
    pub(super) fn told_of(&self, name: &RefName) -> Option<Option<Oid>> {
        let told = self.told.as_ref()?;
        if told.no_remotes && name.as_bytes().starts_with(REMOTES) {
            return Some(None);
        }
        told.refs.get(name).copied()
    }

    /// The refs below `prefix` as they are taken for, of those that were `found`.
    pub(super) fn as_told(&self, prefix: &str, found: Vec<(RefName, Oid)>) -> Vec<(RefName, Oid)> {
        let Some(told) = &self.told else { return found };
        let mut refs: BTreeMap<RefName, Oid> =
            found.into_iter().filter(|(name, _)| self.told_of(name).is_none()).collect();
        let below = |name: &RefName| name.as_bytes().starts_with(prefix.as_bytes());
        let own = told.refs.iter().filter(|(name, _)| below(name));
        refs.extend(own.filter_map(|(name, tip)| Some((name.clone(), (*tip)?))));
        refs.into_iter().collect()
    }
}
