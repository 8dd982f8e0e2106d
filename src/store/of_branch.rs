//! Finding the mission that a branch belongs to.

use anyhow::Result;

use crate::domain::branch::{BranchName, split_mid8, strip_number};
use crate::domain::id::LaneId;
use crate::domain::layout;
use crate::domain::meta::Meta;
use crate::domain::oid::Oid;
use crate::domain::refusal::Refusal;

use super::files::Place;
use super::mission::{Mission, Source, Store, parse_meta};

impl Store<'_> {
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
}
