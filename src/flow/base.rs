//! The state that a transaction starts from, and the objects that it makes of it.

use std::collections::HashSet;

use anyhow::Result;
use serde_json::{Map, Value};

use crate::domain::branch::BranchName;
use crate::domain::change::{Entry, Mode};
use crate::domain::event::{Log, write};
use crate::domain::id::WpId;
use crate::domain::lanes::Lanes;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{Refusal, Warning};
use crate::domain::snapshot::{MissionFacts, reduce_bytes};
use crate::git::{
    CommitSpec, Durability, LogEntry, Move, Published, Repo, Signed, Writer, bring_up, catch_up,
    check, file, publish,
};
use crate::store::outbox::{News, Outbox, Prepared};
use crate::store::{Mission, Source, Statuses, Store};

use super::gate::{destination_of, gate};
use super::host::Host;
use super::outbound::sinks;
use super::transaction::{Pending, Receipt};

/// A mission at the tip that a write is planned against.
pub(super) struct Base {
    pub(super) mission: Mission,
    pub(super) destination: BranchName,
    pub(super) statuses: Statuses,
    pub(super) greatest_at: Option<String>,
    tip: Oid,
    tree: Oid,
    /// The log as the destination has it.
    log: Vec<u8>,
    event_ids: HashSet<String>,
    lanes: Option<Lanes>,
    warnings: Vec<Warning>,
}

/// Objects that nothing reaches yet.
pub(super) struct Built {
    commit: Oid,
    tree: Oid,
}

impl Base {
    /// Reads the mission, and lets the gate judge where the write goes.
    pub(super) fn read(
        store: &Store<'_>,
        repo: &Repo,
        mission: Mission,
        wp_id: Option<&WpId>,
    ) -> Result<Self> {
        let lanes = store.lanes(&mission)?;
        let name = destination_of(repo, &mission, lanes.as_ref(), wp_id)?;
        let (destination, tip) = gate(repo, &mission, &name)?;
        let tree = repo.tree_of_commit(tip)?;
        let path = format!("{}/{}/{}", layout::MISSIONS, mission.dir, layout::EVENT_LOG);
        let log = repo.blob_at(tree, &path.as_str().into())?.unwrap_or_default();
        let statuses = store.statuses(&mission)?;
        let (mut event_ids, mut greatest_at) = (HashSet::new(), None::<String>);
        for file in store.log_texts(&mission)? {
            let parsed = Log::parse(&file.shown, &file.bytes)?;
            for line in parsed.lines() {
                event_ids.extend(line.event.event_id().map(str::to_owned));
                greatest_at = greatest_at.max(line.event.at().map(str::to_owned));
            }
        }
        let warnings = older_warning(&mission);
        Ok(Self {
            mission,
            destination,
            statuses,
            greatest_at,
            tip,
            tree,
            log,
            event_ids,
            lanes,
            warnings,
        })
    }

    /// Whether the log has an event of this id.
    pub(super) fn has_event(&self, event_id: &str) -> bool {
        self.event_ids.contains(event_id)
    }

    /// Whether a work package is worked on in a lane of its own branch.
    pub(super) fn has_lane(&self, wp_id: &WpId) -> bool {
        let lane = self.lanes.as_ref().and_then(|lanes| lanes.lane_of(wp_id));
        lane.is_some_and(|lane| !lane.id.is_planning())
    }

    /// Writes the mission's identity into the fields of an event.
    pub(super) fn name_mission(&self, fields: &mut Map<String, Value>) {
        let id = self.mission.meta.id.as_ref().map(ToString::to_string);
        fields.insert("mission_id".to_owned(), id.into());
        fields.insert("mission_slug".to_owned(), self.mission.meta.mission_slug.clone().into());
    }

    /// Refuses while a checkout that has the destination out holds changes of the files that the
    /// transaction writes: bringing it up would lose them. One that a killed write left behind is
    /// brought up first.
    pub(super) fn check_checkouts(&self, repo: &Repo, built: &Built) -> Result<()> {
        for checkout in repo.checkouts_of(&self.destination.ref_name()?)? {
            let is_free = || check(repo, &checkout, Some(self.tree), Some(built.tree));
            if is_free().is_err() {
                catch_up(repo, &checkout, self.tip)?;
                is_free()?;
            }
        }
        Ok(())
    }

    /// Builds the commit that has the new log and its snapshot.
    pub(super) fn build(
        &self,
        repo: &Repo,
        host: &Host,
        (pending, message): (&[Pending], &str),
    ) -> Result<Built> {
        let lines: Vec<&str> = pending.iter().map(|pending| pending.line.as_str()).collect();
        let log = write::append(&self.log, lines);
        let facts = MissionFacts {
            number: self.mission.meta.number.map(i64::from),
            mission_type: Some(self.mission.meta.mission_type.clone()),
        };
        let snapshot = reduce_bytes(layout::EVENT_LOG, &log, Some(&facts))?;
        let writer = Writer::new(repo, Durability::of(repo)?);
        let [log_path, snapshot_path] = self.paths();
        let file = |bytes: &[u8]| -> Result<Option<Entry>> {
            Ok(Some(Entry { mode: Mode::File, oid: writer.blob(bytes)? }))
        };
        let edits = [(log_path, file(&log)?), (snapshot_path, file(&snapshot)?)];
        let tree = writer.tree_with(Some(self.tree), &edits)?;
        let signed = Signed { who: &host.identity, at: host.now() };
        let commit = writer.commit(&CommitSpec {
            tree,
            parents: vec![self.tip],
            author: signed,
            committer: signed,
            message,
        })?;
        writer.sync()?;
        Ok(Built { commit, tree })
    }

    /// Moves the destination to what was built, if it still is where it was read.
    pub(super) fn publish(
        &self,
        repo: &Repo,
        host: &Host,
        (built, message): (&Built, &str),
    ) -> Result<Published> {
        let name = self.destination.ref_name()?;
        let moves = [Move { name, old: Some(self.tip), new: Some(built.commit) }];
        let signed = Signed { who: &host.identity, at: host.now() };
        let entry = LogEntry { signed, message: &format!("kitty: {message}") };
        publish(repo, &moves, &entry, Durability::of(repo)?)
    }

    /// Prepares what the sinks are to get, before anything is published, so that a kill in between
    /// loses no delivery.
    pub(super) fn news(
        &self,
        repo: &Repo,
        host: &Host,
        built: &Built,
        pending: &[Pending],
    ) -> Result<Option<Prepared>> {
        let lines: Vec<String> = pending.iter().map(|event| event.line.clone()).collect();
        let branch = &self.destination;
        let news = News { branch, commit: built.commit, lines: &lines, at: host.now() };
        Outbox::of(repo.common_dir()).prepare(news, &sinks(repo))
    }

    /// Reads every event back from the ref: only then it is said to be there.
    pub(super) fn read_back(&self, repo: &Repo, pending: &[Pending]) -> Result<()> {
        let tip = repo.find(&self.destination.ref_name()?)?;
        let log = match tip {
            Some(tip) => {
                let [log_path, _] = self.paths();
                repo.blob_at(repo.tree_of_commit(tip)?, &log_path)?
            }
            None => None,
        };
        let lines: HashSet<&[u8]> =
            log.as_deref().unwrap_or_default().split(|byte| *byte == b'\n').collect();
        match pending.iter().find(|event| !lines.contains(event.line.as_bytes())) {
            None => Ok(()),
            Some(event) => Err(Refusal::NotPersisted {
                branch: self.destination.to_string(),
                event_id: event.event_id.clone(),
            }
            .into()),
        }
    }

    /// What has to follow a published transaction, still under the lock: checkouts of the branch,
    /// and the primary checkout's file of an older mission.
    pub(super) fn settle(
        &self,
        repo: &Repo,
        built: &Built,
        pending: &[Pending],
    ) -> Result<Vec<Warning>> {
        let mut warnings = self.warnings.clone();
        let name = self.destination.ref_name()?;
        for checkout in repo.checkouts_of(&name)? {
            warnings.extend(bring_up(repo, &checkout, Some(self.tree), Some(built.tree))?);
        }
        self.follow_in_primary(repo, pending)?;
        Ok(warnings)
    }

    /// Does what a killed write had still to do after its publishing. A write that succeeds does it
    /// on its way; this is for one that is refused, e.g. because the killed one was done.
    pub(super) fn mend(&self, repo: &Repo) -> Result<()> {
        for checkout in repo.checkouts_of(&self.destination.ref_name()?)? {
            catch_up(repo, &checkout, self.tip)?;
        }
        self.follow_in_primary(repo, &[])
    }

    /// Appends the events to the primary checkout's log, where older missions are read, unless it
    /// has them already; and before them what a killed write left out.
    fn follow_in_primary(&self, repo: &Repo, pending: &[Pending]) -> Result<()> {
        if self.mission.source != Source::Primary {
            return Ok(());
        }
        let Some(primary) = repo.primary_work_tree()? else { return Ok(()) };
        let path = primary.join(layout::MISSIONS).join(&self.mission.dir).join(layout::EVENT_LOG);
        let Some(own) = file::read_if_present(&path)? else { return Ok(()) };
        let known: HashSet<&[u8]> = own.split(|byte| *byte == b'\n').collect();
        let earlier = std::str::from_utf8(&self.log)?.lines();
        let lines: Vec<&str> = earlier
            .chain(pending.iter().map(|event| event.line.as_str()))
            .filter(|line| !line.is_empty() && !known.contains(line.as_bytes()))
            .collect();
        if lines.is_empty() {
            return Ok(());
        }
        file::replace_under_lock(&path, &write::append(&own, lines))
    }

    /// What to tell of a transaction that was published.
    pub(super) fn receipt(self, built: &Built, message: String, events: Vec<Pending>) -> Receipt {
        let [log_path, _] = self.paths();
        Receipt {
            branch: self.destination.to_string(),
            commit: Some((built.commit.to_string(), message)),
            events,
            log_path: log_path.to_string(),
            warnings: self.warnings,
        }
    }

    /// What to tell of a transaction without events.
    pub(super) fn unchanged(self) -> Receipt {
        let [log_path, _] = self.paths();
        Receipt {
            branch: self.destination.to_string(),
            commit: None,
            events: Vec::new(),
            log_path: log_path.to_string(),
            warnings: self.warnings,
        }
    }

    /// The files that the transaction changes: the log and its snapshot.
    fn paths(&self) -> [RepoPath; 2] {
        let dir = format!("{}/{}", layout::MISSIONS, self.mission.dir);
        [layout::EVENT_LOG, layout::SNAPSHOT]
            .map(|name| RepoPath::from(format!("{dir}/{name}").as_str()))
    }
}

fn older_warning(mission: &Mission) -> Vec<Warning> {
    match mission.source {
        Source::Coordination { .. } => Vec::new(),
        Source::Primary => vec![Warning {
            code: "OLDER_MISSION",
            message: format!("mission `{}` has no coordination branch", mission.dir),
        }],
    }
}
