//! Missions whose coordination branch is not there: closed ones, and those that lost it.

use std::collections::BTreeSet;

use anyhow::Result;

use super::files::Place;
use super::mission::{Mission, Source, Store, parse_meta};
use crate::domain::branch::{BranchName, MISSION_PREFIX, split_mid8};
use crate::domain::id::{Mid8, MissionId};
use crate::domain::layout;
use crate::domain::merging::latest;
use crate::domain::meta::Meta;
use crate::domain::refusal::Refusal;
use crate::git::Repo;

impl Store<'_> {
    /// Whether the mission was closed here.
    ///
    /// # Errors
    /// If the refs cannot be read.
    pub fn is_closed(&self, meta: &Meta) -> Result<bool> {
        let Some(id) = &meta.id else { return Ok(false) };
        for name in
            [format!("{}/{id}", layout::LANDED), format!("{}/{id}/coordination", layout::DISCARDED)]
        {
            if self.find(&name.parse()?)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the mission's branch is gone since it has landed: it was closed here, or where this clone
    /// is from. Nothing is written to it then.
    ///
    /// # Errors
    /// If the refs or the log cannot be read.
    pub fn is_over(&self, mission: &Mission) -> Result<bool> {
        if mission.source != Source::Primary {
            return Ok(false);
        }
        let named = mission.meta.coordination_branch.as_ref();
        let place = named.and_then(|_| mission.planning.first());
        Ok(self.is_closed(&mission.meta)?
            || place.map_or(Ok(false), |place| is_certified(self.repo, place))?)
    }

    /// Whether the mission was given up here, and not taken back: it is still read where older missions
    /// are if it was adopted.
    ///
    /// # Errors
    /// If the refs cannot be read.
    pub fn is_given_up(&self, mission: &Mission) -> Result<bool> {
        let Some(id) = mission.meta.id.as_ref().filter(|_| mission.source == Source::Primary)
        else {
            return Ok(false);
        };
        let is_there = |name: String| Ok::<_, anyhow::Error>(self.find(&name.parse()?)?.is_some());
        Ok(is_there(format!("{}/{id}/coordination", layout::DISCARDED))?
            && !is_there(format!("{}/{id}", layout::LANDED))?)
    }

    /// The first eight characters of the ids of all missions, those that are gone included.
    ///
    /// # Errors
    /// If the repository cannot be read.
    pub fn mid8s(&self) -> Result<BTreeSet<Mid8>> {
        let dirs = self.directories()?;
        let mut found: BTreeSet<Mid8> =
            dirs.iter().filter_map(|dir| Some(split_mid8(dir)?.1)).collect();
        for place in [layout::ADOPTED, layout::LANDED, layout::DISCARDED] {
            for (name, _) in self.list(&format!("{place}/"))? {
                let name = std::str::from_utf8(name.as_bytes()).ok();
                let below = name.and_then(|name| name.strip_prefix(place)?.strip_prefix('/'));
                let id = below.and_then(|below| below.split('/').next()?.parse::<MissionId>().ok());
                found.extend(id.map(|id| id.mid8()));
            }
        }
        Ok(found)
    }

    /// That no mission of this directory lost its branch: what was seen of it before would know.
    pub(super) fn lost(&self, dir: &str) -> Result<()> {
        let Ok(branch) = format!("{MISSION_PREFIX}{dir}").parse::<BranchName>() else {
            return Ok(());
        };
        let Some(last) = self.last_tip(dir).filter(|last| self.repo.has_object(*last)) else {
            return Ok(());
        };
        if self.tip(&branch)?.is_some() {
            return Ok(());
        }
        let place = Place::in_commit(self.repo, last, dir, branch.as_str())?;
        let found = place.map(|place| place.read(self.repo, layout::META)).transpose()?.flatten();
        let Some(meta) = found.and_then(|found| parse_meta(&found).ok()) else { return Ok(()) };
        if self.is_closed(&meta)? || meta.coordination_branch.as_deref() != Some(branch.as_str()) {
            return Ok(());
        }
        let (mission, tip) = (dir.to_owned(), Some(last.to_string()));
        Err(Refusal::CoordinationBranchDeleted { branch: branch.to_string(), mission, tip }.into())
    }
}

/// Whether the log at a place has the certificate of a landing. What is damaged proves nothing.
///
/// # Errors
/// If it cannot be read.
pub(super) fn is_certified(repo: &Repo, place: &Place) -> Result<bool> {
    let Some(found) = place.read(repo, layout::EVENT_LOG)? else { return Ok(false) };
    Ok(latest(&found.bytes, &found.shown).is_ok_and(|landing| landing.is_some()))
}
