//! A landing, compared with what its certificate says.

use std::collections::BTreeSet;

use anyhow::Result;

use super::Check;
use crate::domain::change::Change;
use crate::domain::event::integrity::has_grown;
use crate::domain::layout;
use crate::domain::merging::Certificate;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::status::Status;
use crate::flow::merging::number::{meta_path, numbered};
use crate::flow::merging::settle::settle;
use crate::flow::merging::stage_two::counts;
use crate::git::{AutoMerge, Durability, Repo, Writer, automatic_merge};
use crate::store::{Mission, statuses_at, verdicts_at};

/// A landing with all that it is compared with.
pub(super) struct Proof<'p> {
    pub(super) repo: &'p Repo,
    pub(super) mission: &'p Mission,
    pub(super) certificate: &'p Certificate,
    /// The commit of the coordination branch that has the certificate.
    pub(super) from: Oid,
    /// The commit that brought it to the target.
    pub(super) commit: Oid,
    /// What the target was before.
    pub(super) parent: Oid,
    /// The merge of both.
    pub(super) due: AutoMerge,
}

impl Proof<'_> {
    /// Each thing that has to hold, and the paths at which something does not.
    pub(super) fn checks(&self) -> Result<(Vec<Check>, Vec<String>)> {
        let mut paths = Vec::new();
        let checks = vec![
            self.stands_on(),
            self.bookkeeping()?,
            self.tree(&mut paths)?,
            self.target_kept(&mut paths)?,
            self.lanes(&mut paths)?,
            self.permission()?,
            self.counts()?,
        ];
        Ok((checks, paths))
    }

    fn tip(&self) -> Result<Oid> {
        Ok(self.certificate.coordination_tip.parse()?)
    }

    fn writer(&self) -> Writer<'_> {
        Writer::new(self.repo, Durability::Git)
    }

    fn diff(&self, one: Oid, other: Oid) -> Result<Vec<Change>> {
        let tree = |commit| self.repo.tree_of_commit(commit).map(Some);
        self.repo.diff(tree(one)?, tree(other)?)
    }

    /// The certificate lies on what it names: it was found so.
    fn stands_on(&self) -> Check {
        let detail =
            format!("{:.12} stands on {:.12}", self.from, self.certificate.coordination_tip);
        Check { name: "certificate", ok: true, detail }
    }

    /// The commit with the certificate changes the mission's log, which only grows, its snapshot and
    /// its number.
    fn bookkeeping(&self) -> Result<Check> {
        let dir = format!("{}/{}/", layout::MISSIONS, self.mission.dir);
        let own = [layout::EVENT_LOG, layout::SNAPSHOT, layout::META];
        let mut strange = Vec::new();
        for change in self.diff(self.tip()?, self.from)? {
            let name = change.path.as_bytes().strip_prefix(dir.as_bytes());
            let is_own = name.is_some_and(|name| own.iter().any(|own| own.as_bytes() == name));
            let is_log = name == Some(layout::EVENT_LOG.as_bytes());
            let grew = || -> Result<bool> {
                let read = |entry: Option<crate::domain::change::Entry>| match entry {
                    Some(entry) => self.repo.blob(entry.oid),
                    None => Ok(Vec::new()),
                };
                Ok(has_grown(&read(change.old)?, &read(change.new)?))
            };
            if !is_own || (is_log && !grew()?) {
                strange.push(change.path.to_string());
            }
        }
        let detail = match strange.is_empty() {
            true => "only the mission's log, snapshot and number changed".to_owned(),
            false => format!("changed besides: {}", strange.join(", ")),
        };
        Ok(Check { name: "bookkeeping", ok: strange.is_empty(), detail })
    }

    /// What landed is the merge of both sides, or (fast-forward) the coordination branch itself.
    fn tree(&self, paths: &mut Vec<String>) -> Result<Check> {
        if self.commit == self.from {
            let ok = self.repo.is_ancestor(self.parent, self.commit)?;
            let detail = format!("fast-forward from {:.12}", self.parent);
            return Ok(Check { name: "tree", ok, detail });
        }
        let due = &self.due;
        let has = self.repo.tree_of_commit(self.commit)?;
        let numbers = (self.mission.dir.as_str(), self.certificate.mission_number);
        let numbered = numbered((&self.writer(), self.repo), due.tree, numbers)?;
        let differs = match has == due.tree {
            true => Vec::new(),
            false => self.repo.diff(Some(numbered), Some(has))?,
        };
        let ok = due.clean && differs.is_empty();
        paths.extend(differs.iter().map(|change| change.path.to_string()));
        paths.extend(due.conflicted.iter().map(ToString::to_string));
        let detail = if ok {
            format!("it is the merge of {:.12} and {:.12}", self.parent, self.from)
        } else {
            format!("it is not the merge of {:.12} and {:.12}", self.parent, self.from)
        };
        Ok(Check { name: "tree", ok, detail })
    }

    /// Each path that the target changed since both parted is as the target had it, or the mission
    /// changed it too, perhaps under the name that it had before: then it is as the merge has it.
    fn target_kept(&self, paths: &mut Vec<String>) -> Result<Check> {
        let base = self.repo.merge_base(self.parent, self.from)?;
        let base = base.map(|base| self.repo.tree_of_commit(base)).transpose()?;
        let trees = [self.parent, self.from, self.commit].map(|one| self.repo.tree_of_commit(one));
        let [target, mission, result] = trees;
        let (target, mission, result) = (target?, mission?, result?);
        let theirs = self.repo.diff(base, Some(mission))?;
        let mut lost = Vec::new();
        for change in self.repo.diff(base, Some(target))? {
            let is_theirs = theirs.iter().any(|one| one.path == change.path);
            // The number that the mission got there is no change of the target.
            let is_theirs = is_theirs || change.path == meta_path(&self.mission.dir);
            let has = self.repo.entry(result, &change.path)?;
            let is_merged = is_theirs || has == self.repo.entry(self.due.tree, &change.path)?;
            if !is_merged && has != change.new {
                lost.push(change.path.to_string());
            }
        }
        paths.extend(lost.iter().cloned());
        let detail = match lost.is_empty() {
            true => "every change of the target since the base is in the result".to_owned(),
            false => format!("changes of the target are gone: {}", lost.join(", ")),
        };
        Ok(Check { name: "target_kept", ok: lost.is_empty(), detail })
    }

    /// Each lane is in what landed, and was merged without a person, or as a resolution says; so was
    /// the target, where that had to come first.
    fn lanes(&self, paths: &mut Vec<String>) -> Result<Check> {
        let mut wrong = Vec::new();
        for lane in &self.certificate.lanes {
            if !self.repo.is_ancestor(lane.tip.parse()?, self.from)? {
                wrong.push(format!("{} is not in it", lane.lane_id));
            }
        }
        let of_lanes = self.certificate.lanes.iter().filter_map(|lane| lane.commit.as_ref());
        let resolved = self.certificate.resolved.iter().map(|one| &one.commit);
        let merges: BTreeSet<&String> = of_lanes.chain(resolved).collect();
        for commit in merges {
            let id: Oid = commit.parse()?;
            if !self.repo.has_object(id) || !self.repo.is_ancestor(id, self.from)? {
                wrong.push(format!("the merge {commit:.12} is not in it"));
                continue;
            }
            let strange = self.strange(commit, id)?;
            if !strange.is_empty() {
                wrong.push(format!("the merge {commit:.12} is not what git makes"));
            }
            paths.extend(strange);
        }
        let detail = match wrong.is_empty() {
            true => format!("{} lanes, each merged as git does", self.certificate.lanes.len()),
            false => wrong.join("; "),
        };
        Ok(Check { name: "lanes", ok: wrong.is_empty(), detail })
    }

    /// What a merge has that neither git made nor a resolution names.
    fn strange(&self, commit: &str, id: Oid) -> Result<Vec<String>> {
        let mut differs = self.own_paths(id)?;
        let resolved = self.certificate.resolved.iter().find(|one| one.commit == commit);
        differs.retain(|path| resolved.is_none_or(|one| !one.paths.contains(path)));
        Ok(differs)
    }

    /// The paths at which a merge commit differs from the merge of its parents, but for the files that
    /// stay as the coordination branch has them.
    fn own_paths(&self, commit: Oid) -> Result<Vec<String>> {
        let found = self.repo.commit(commit)?;
        let [ours, theirs] = found.parents.as_slice() else {
            return Ok(vec![format!("{commit}: no merge of two")]);
        };
        let merge = automatic_merge(self.repo, *ours, &[*theirs])?;
        let merge = settle(&self.writer(), self.repo, merge, [*ours, *theirs])?;
        let kept = self.repo.tree_of_commit(*ours)?;
        let mut paths = Vec::new();
        for change in self.repo.diff(Some(merge.tree), Some(found.tree))? {
            let is_status = self.is_status_file(&change.path);
            if !is_status || self.repo.entry(kept, &change.path)? != change.new {
                paths.push(change.path.to_string());
            }
        }
        Ok(paths)
    }

    fn is_status_file(&self, path: &RepoPath) -> bool {
        let dir = format!("{}/{}/", layout::MISSIONS, self.mission.dir);
        let name = path.as_bytes().strip_prefix(dir.as_bytes());
        name.is_some_and(layout::is_status_file)
    }

    /// By the log that landed every work package was finished, and no review spoke against it.
    fn permission(&self) -> Result<Check> {
        let dir = &self.mission.dir;
        let statuses = statuses_at(self.repo, self.from, dir)?;
        let verdicts = verdicts_at(self.repo, self.from, dir)?;
        let mut wrong = Vec::new();
        for wp_id in statuses.ids() {
            let Some(record) = statuses.record(wp_id) else { continue };
            if !matches!(record.status, Status::Done | Status::Canceled) {
                wrong.push(format!("{wp_id} is {}", record.status));
            }
            let speaks = verdicts.get(wp_id).is_some_and(|one| one.contradicts(record.status));
            if speaks && self.certificate.review_note.is_none() {
                wrong.push(format!("the latest review of {wp_id} asks for changes"));
            }
        }
        let detail = match wrong.is_empty() {
            true => "every work package was done or canceled".to_owned(),
            false => wrong.join("; "),
        };
        Ok(Check { name: "permission", ok: wrong.is_empty(), detail })
    }

    /// The certificate counts what there was.
    fn counts(&self) -> Result<Check> {
        let old: Oid = self.certificate.target_old.parse()?;
        let base = self.certificate.bases.first().map(|base| base.parse()).transpose()?;
        let mut found = counts(self.repo, base, [old, self.tip()?])?;
        found.resolved = self.certificate.resolved.iter().map(|one| one.paths.len()).sum();
        let bases: Vec<String> =
            self.repo.merge_bases(old, self.tip()?)?.iter().map(ToString::to_string).collect();
        let ok = found == self.certificate.counts && bases == self.certificate.bases;
        let detail = format!(
            "{} paths of the target, {} of the mission, {} of both",
            found.target_paths, found.mission_paths, found.both
        );
        Ok(Check { name: "counts", ok, detail })
    }
}
