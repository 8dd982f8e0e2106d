//! What no coordination branch takes of its mission's files: damage that would keep everybody from
//! reading the mission, and another identity, which would make the branch one that nobody guards.
//!
//! What was there before stays as it is: only files that change are looked at, so that damage can be
//! mended, and one that is there keeps nobody from the rest.

use anyhow::Result;

use super::branch_judge::BranchJudge;
use super::exemption::is_plain;
use super::hypothetical::is_unknown;
use crate::domain::change::{Change, Entry, Mode};
use crate::domain::lanes::Lanes;
use crate::domain::layout;
use crate::domain::meta::Meta;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::Snapshot;
use crate::git::Repo;
use crate::policy::{GuardCode, Unfit};
use crate::store::Mission;

impl BranchJudge<'_> {
    /// The files among the changes that the coordination branch of the mission may not take.
    ///
    /// # Errors
    /// If a blob cannot be read.
    pub(super) fn unfit(&self, mission: &Mission, changes: &[Change]) -> Result<Vec<Unfit>> {
        let own = format!("{}/{}/", layout::MISSIONS, mission.dir);
        let mut found = Vec::new();
        for change in changes.iter().filter(|change| !change.new.is_some_and(is_unknown)) {
            let name = change.path.as_bytes().strip_prefix(own.as_bytes());
            let Some(name) = name.and_then(|name| std::str::from_utf8(name).ok()) else { continue };
            let Some((code, fact)) = self.fault(mission, (name, change))? else { continue };
            found.push(Unfit { path: change.path.clone(), code, fact });
        }
        Ok(found)
    }

    fn fault(
        &self,
        mission: &Mission,
        (name, change): (&str, &Change),
    ) -> Result<Option<(GuardCode, String)>> {
        let damaged = |fact| Some((GuardCode::MissionFileDamaged, fact));
        let path = &change.path;
        let Some(new) = change.new else {
            let is_gone = name == layout::META;
            let fact = format!("`{path}` would be gone, which says what the branch is");
            return Ok(is_gone.then_some((GuardCode::MissionIdentityChanged, fact)));
        };
        if name == layout::TASKS && new.mode != Mode::Tree {
            return Ok(damaged(format!("`{path}` would be no directory")));
        }
        if name != layout::TASKS && is_read(name.as_bytes()) && !is_plain(&new) {
            return Ok(damaged(format!("`{path}` would be no file, but {}", kind(new))));
        }
        let shown = path.to_string();
        let refused = match name {
            layout::META => match Meta::parse(&self.repo.blob(new.oid)?, &shown) {
                Ok(meta) => return self.changed(mission, (&meta, change)),
                Err(refusal) => Some(refusal),
            },
            layout::LANES => Lanes::parse(&self.repo.blob(new.oid)?, &shown).err(),
            layout::SNAPSHOT => self.no_snapshot((&shown, change, new))?,
            _ => None,
        };
        Ok(refused
            .and_then(|refusal| damaged(format!("`{path}` could not be read any more: {refusal}"))))
    }

    /// What a snapshot cannot be read for; not where it could not before: another Spec Kitty wrote it.
    fn no_snapshot(&self, (shown, change, new): (&str, &Change, Entry)) -> Result<Option<Refusal>> {
        let read = |entry: Entry| {
            let bytes = self.repo.blob(entry.oid)?;
            Ok::<_, anyhow::Error>(Snapshot::parse(shown, &bytes).err())
        };
        let before = change.old.filter(is_plain).map(read).transpose()?.flatten();
        if before.is_some() { Ok(None) } else { read(new) }
    }

    /// What would be another of what a mission is known by: nobody could tell the branch by it.
    fn changed(
        &self,
        mission: &Mission,
        (new, change): (&Meta, &Change),
    ) -> Result<Option<(GuardCode, String)>> {
        let before = change.old.filter(is_plain).map(|old| read(self.repo, &change.path, old));
        let before = before.transpose()?.flatten();
        let known = self.identity.as_deref().unwrap_or(&mission.meta);
        let old = before.as_ref().unwrap_or(known);
        let key = changed_key((old, new), self.branch.as_str());
        let path = &change.path;
        Ok(key.map(|key| {
            let fact = format!("`{path}` would change `{key}`, which stays what it was");
            (GuardCode::MissionIdentityChanged, fact)
        }))
    }
}

/// A `meta.json` as it is; `None` if it is damaged.
fn read(repo: &Repo, path: &RepoPath, entry: Entry) -> Result<Option<Meta>> {
    Ok(Meta::parse(&repo.blob(entry.oid)?, &path.to_string()).ok())
}

/// The first key of the identity that differs. An adoption gives a mission that had none an id and this
/// branch.
fn changed_key((old, new): (&Meta, &Meta), branch: &str) -> Option<&'static str> {
    let may_be = |name: Option<&str>| match old.coordination_branch.as_deref() {
        None => name.is_none_or(|name| name == branch),
        old => name == old,
    };
    [
        ("mission_id", old.id.is_none() || old.id == new.id),
        ("mission_slug", old.mission_slug == new.mission_slug),
        ("coordination_branch", may_be(new.coordination_branch.as_deref())),
        ("target_branch", old.target_branch == new.target_branch),
    ]
    .into_iter()
    .find_map(|(key, is_same)| (!is_same).then_some(key))
}

/// Whether readers of a mission read the file, but for its log, which has rules of its own.
pub(super) fn is_read(name: &[u8]) -> bool {
    let Ok(name) = std::str::from_utf8(name) else { return false };
    let task = name.strip_prefix(layout::TASKS).and_then(|name| name.strip_prefix('/'));
    [layout::META, layout::LANES, layout::SNAPSHOT, layout::TASKS].contains(&name)
        || task.is_some_and(|task| layout::work_package_of(task).is_some())
}

const fn kind(entry: Entry) -> &'static str {
    match entry.mode {
        Mode::Tree => "a directory",
        Mode::File | Mode::Executable => "a file",
        Mode::Symlink => "a symbolic link",
        Mode::Gitlink => "another repository",
    }
}
