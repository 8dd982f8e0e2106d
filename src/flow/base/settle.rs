//! What is around the moment of publishing: the checkouts before it, the proof and the rest after it.

use std::collections::HashSet;

use anyhow::{Result, bail, ensure};

use super::{Base, Built, log_blob};
use crate::domain::event::{Log, write};
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::refusal::{Refusal, Warning};
use crate::flow::transaction::Pending;
use crate::git::{Repo, Taken, Worktree, bring_up, catch_up, check, file};
use crate::store::{Source, Store};

impl Base {
    /// The checkouts that have the destination out. Refuses while one holds changes of the files
    /// that the transaction writes: bringing it up would lose them. One that a killed write left
    /// behind is brought up first. One that changes were taken from is left to who took them.
    pub(in crate::flow) fn checkouts(
        &self,
        repo: &Repo,
        built: &Built,
        taken: Option<&Taken>,
    ) -> Result<Vec<Worktree>> {
        let mut checkouts = repo.checkouts_of(&self.destination.ref_name()?)?;
        if let Some(taken) = taken {
            let is_free = || taken.check(repo, self.tree, built.tree);
            if is_free().is_err() {
                taken.catch_up(repo, self.tip)?;
                is_free()?;
            }
            checkouts.retain(|checkout| *checkout != taken.worktree);
        }
        for checkout in &checkouts {
            let is_free = || check(repo, checkout, Some(self.tree), Some(built.tree));
            if is_free().is_err() {
                catch_up(repo, checkout, self.tip)?;
                is_free()?;
            }
        }
        Ok(checkouts)
    }

    /// Reads back from the ref that the events are there: only then it is said. The tip's log must
    /// be the blob that has them, or, if others went on from there, hold their lines.
    pub(in crate::flow) fn read_back(
        &self,
        repo: &Repo,
        built: &Built,
        pending: &[Pending],
    ) -> Result<()> {
        let [path, _] = layout::status_files(&self.mission.dir);
        let tip = repo.find(&self.destination.ref_name()?)?;
        let tree = tip.map(|tip| repo.tree_of_commit(tip)).transpose()?;
        let Some([expected, _]) = built.log else { return self.read_back_commit(repo, built, tip) };
        let log = tree.map(|tree| log_blob(repo, tree, &path)).transpose()?.flatten();
        if log == Some(expected) && repo.has_object(expected) {
            return Ok(());
        }
        let log = log.map(|log| repo.blob(log)).transpose()?.unwrap_or_default();
        let lines: HashSet<&[u8]> = log.split(|byte| *byte == b'\n').collect();
        match pending.iter().find(|event| !lines.contains(event.line.as_bytes())) {
            None => Ok(()),
            Some(event) => Err(Refusal::NotPersisted {
                branch: self.destination.to_string(),
                event_id: event.event_id.clone(),
            }
            .into()),
        }
    }

    /// The same for a commit without events: the branch has it.
    fn read_back_commit(&self, repo: &Repo, built: &Built, tip: Option<Oid>) -> Result<()> {
        if built.is_end {
            ensure!(tip.is_none(), "`{}` was to be deleted, and is there", self.destination);
        }
        let Some(commit) = built.commit else { return Ok(()) };
        if tip == Some(commit) || tip.map_or(Ok(false), |tip| repo.is_ancestor(commit, tip))? {
            return Ok(());
        }
        bail!("`{}` does not have the commit {commit} that was made on it", self.destination)
    }

    /// Keeps for the next reader what the log adds up to now.
    pub(in crate::flow) fn remember(&self, repo: &Repo, built: &Built) {
        if let (Some([log, snapshot]), Some(commit)) = (built.log, built.commit)
            && self.mission.source != Source::Primary
        {
            let greatest_at = self.greatest_at.clone();
            let store = Store::new(repo);
            store.remember_digest(&self.mission, (log, snapshot), &self.statuses, greatest_at);
            let log = (log, self.log.len());
            store.saw_growth(&self.mission, (&self.evidence, commit), log);
        }
    }

    /// What has to follow a published transaction, still under the lock: checkouts of the branch,
    /// and the primary checkout's file of an older mission. What fails here is a warning, since the
    /// events are there; the next write makes up for it.
    pub(in crate::flow) fn settle(
        &self,
        repo: &Repo,
        built: &Built,
        checkouts: &[Worktree],
    ) -> Vec<Warning> {
        let mut warnings = self.warnings.clone();
        let followed = checkouts.iter().map(|checkout| {
            let brought = bring_up(repo, checkout, Some(self.tree), Some(built.tree));
            brought.map(|warning| warnings.extend(warning))
        });
        let followed = followed.fold(Ok(()), Result::and);
        let followed = followed.and(self.follow_in_primary(repo));
        warnings.extend(followed.err().map(|error| Warning {
            code: "CHECKOUT_BEHIND",
            message: format!("the events are there, but a checkout could not follow: {error:#}"),
        }));
        warnings
    }

    /// Does what a killed write had still to do after its publishing. A write that succeeds does it
    /// on its way; this is for one that is refused, e.g. because the killed one was done.
    pub(in crate::flow) fn mend(&self, repo: &Repo) -> Result<()> {
        for checkout in repo.checkouts_of(&self.destination.ref_name()?)? {
            catch_up(repo, &checkout, self.tip)?;
        }
        self.follow_in_primary(repo)
    }

    /// Appends to the primary checkout's log, where older missions are read, what the destination
    /// has and it lacks: the new events, and those of a write that was killed before it came here.
    fn follow_in_primary(&self, repo: &Repo) -> Result<()> {
        if self.mission.source != Source::Primary {
            return Ok(());
        }
        let Some(primary) = repo.primary_work_tree()? else { return Ok(()) };
        let path = primary.join(layout::MISSIONS).join(&self.mission.dir).join(layout::EVENT_LOG);
        let Some(mut own) = file::read_if_present(&path)? else { return Ok(()) };
        let shown = path.display().to_string();
        let present = Log::parse(&shown, &own)?;
        let both = Log::union([present.clone(), Log::parse(layout::EVENT_LOG, &self.log)?])?;
        let missing = both.lines().iter().skip(Log::union([present])?.lines().len());
        let missing: Vec<String> = missing.map(|line| line.text.to_owned()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        write::append(&mut own, &missing.iter().map(String::as_str).collect::<Vec<_>>());
        file::replace_under_lock(&path, &own)
    }
}
