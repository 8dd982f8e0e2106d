//! The state that a transaction starts from, and the objects that it makes of it.

use std::collections::HashSet;

use anyhow::Result;
use serde_json::{Map, Value};

use crate::domain::branch::BranchName;
use crate::domain::change::{Entry, Mode};
use crate::domain::event::{Event, Log, Place, write};
use crate::domain::id::WpId;
use crate::domain::lanes::Lanes;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{Refusal, Warning};
use crate::domain::snapshot::{MissionFacts, Snapshot, reduce};
use crate::git::{
    CommitSpec, Durability, LogEntry, Move, Published, Repo, Signed, Worktree, Writer, bring_up,
    catch_up, check, file, publish,
};
use crate::store::outbox::{News, Outbox, Prepared};
use crate::store::{Digest, Evidence, Mission, Source, Statuses, Store};

use super::gate::{destination_of, gate, same};
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
    /// Its snapshot, where it is known; the log of an older mission is but a part of what is read.
    snapshot: Option<Snapshot>,
    /// What speaks for the log; it grows with what is published.
    evidence: Evidence,
    pub(super) lanes: Option<Lanes>,
    warnings: Vec<Warning>,
}

/// Objects that nothing reaches yet.
pub(super) struct Built {
    commit: Oid,
    tree: Oid,
    log: Oid,
    snapshot: Oid,
}

/// How an event came into the log.
pub(super) struct Origin {
    pub(super) commit: Oid,
    /// The first line of the commit's message.
    pub(super) subject: String,
    /// The event's line.
    pub(super) line: String,
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
        let [path, _] = paths(&mission);
        let entry = log_blob(repo, tree, &path)?;
        let log = entry.map(|oid| repo.blob(oid)).transpose()?.unwrap_or_default();
        let mut base = Self {
            destination,
            statuses: Statuses::default(),
            greatest_at: None,
            tip,
            tree,
            log,
            snapshot: None,
            evidence: store.evidence(&mission)?,
            lanes,
            warnings: older_warning(&mission),
            mission,
        };
        base.evidence.proven()?;
        base.warnings.extend(base.evidence.warnings());
        match base.mission.source {
            Source::Coordination { .. } => base.take_digest(store, entry, &path)?,
            Source::Primary => base.take_union(store)?,
        }
        Ok(base)
    }

    fn take_digest(
        &mut self,
        store: &Store<'_>,
        entry: Option<Oid>,
        path: &RepoPath,
    ) -> Result<()> {
        let shown = format!("{}:{path}", self.destination);
        let digest = store.digest(&self.mission, (entry, &self.log), &shown)?;
        let Digest { statuses, greatest_at, snapshot } = digest;
        (self.statuses, self.greatest_at, self.snapshot) = (statuses, greatest_at, Some(snapshot));
        Ok(())
    }

    fn take_union(&mut self, store: &Store<'_>) -> Result<()> {
        self.statuses = store.statuses(&self.mission)?;
        for file in store.log_texts(&self.mission)? {
            let log = Log::parse(&file.shown, &file.bytes)?;
            let greatest = log.lines().iter().filter_map(|line| line.event.at()).max();
            self.greatest_at = self.greatest_at.take().max(greatest.map(str::to_owned));
        }
        Ok(())
    }

    /// Whether the mission has an event of this id.
    pub(super) fn has_event(&self, repo: &Repo, event_id: &str) -> Result<bool> {
        let mut texts = Vec::new();
        if self.mission.source == Source::Primary {
            let files = Store::new(repo).log_texts(&self.mission)?;
            texts.extend(files.into_iter().map(|file| file.bytes));
        }
        let texts = texts.iter().map(Vec::as_slice).chain([self.log.as_slice()]);
        let lines = texts.map(|text| line_of(text, event_id)).collect::<Result<Vec<_>, _>>()?;
        Ok(lines.iter().any(Option::is_some))
    }

    /// The event's line, and the oldest commit of the branch's first parents that has it.
    pub(super) fn origin(&self, repo: &Repo, event_id: &str) -> Result<Option<Origin>> {
        let [path, _] = paths(&self.mission);
        let Some(line) = line_of(&self.log, event_id)? else { return Ok(None) };
        let mut commit = self.tip;
        while let Some(parent) = repo.commit(commit)?.parents.first() {
            let log = repo.blob_at(repo.tree_of_commit(*parent)?, &path)?.unwrap_or_default();
            if line_of(&log, event_id)?.is_none() {
                break;
            }
            commit = *parent;
        }
        Ok(Some(Origin { commit, subject: repo.subject(commit)?, line }))
    }

    /// See [`super::transaction::Transaction::check_destination`].
    pub(super) fn check_destination(&self, repo: &Repo, wp_id: &WpId) -> Result<()> {
        let other = destination_of(repo, &self.mission, self.lanes.as_ref(), Some(wp_id))?;
        same(&self.destination, wp_id, other)
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

    /// The checkouts that have the destination out. Refuses while one holds changes of the files
    /// that the transaction writes: bringing it up would lose them. One that a killed write left
    /// behind is brought up first.
    pub(super) fn checkouts(&self, repo: &Repo, built: &Built) -> Result<Vec<Worktree>> {
        let checkouts = repo.checkouts_of(&self.destination.ref_name()?)?;
        for checkout in &checkouts {
            let is_free = || check(repo, checkout, Some(self.tree), Some(built.tree));
            if is_free().is_err() {
                catch_up(repo, checkout, self.tip)?;
                is_free()?;
            }
        }
        Ok(checkouts)
    }

    /// Builds the commit that has the new log and its snapshot.
    pub(super) fn build(
        &mut self,
        repo: &Repo,
        host: &Host,
        (pending, message): (&[Pending], &str),
    ) -> Result<Built> {
        let lines: Vec<&str> = pending.iter().map(|pending| pending.line.as_str()).collect();
        write::append(&mut self.log, &lines);
        let writer = Writer::new(repo, Durability::of(repo)?);
        let log = writer.blob(&self.log)?;
        let snapshot = writer.blob(&self.new_snapshot(&lines)?.to_bytes()?)?;
        let file = |oid| Some(Entry { mode: Mode::File, oid });
        let [log_path, snapshot_path] = paths(&self.mission);
        let edits = [(log_path, file(log)), (snapshot_path, file(snapshot))];
        let tree = writer.tree_with(Some(self.tree), &edits)?;
        let signed = Signed { who: &host.identity, at: host.now() };
        let commit = writer.commit(&CommitSpec {
            tree,
            parents: vec![self.tip],
            author: signed,
            committer: signed,
            message,
        })?;
        Ok(Built { commit, tree, log, snapshot })
    }

    /// The snapshot of the log with the new lines in it.
    fn new_snapshot(&mut self, lines: &[&str]) -> Result<Snapshot, Refusal> {
        let facts = Some(&MissionFacts::of(&self.mission.meta));
        if let Some(snapshot) = self.snapshot.take() {
            let numbered = lines.iter().zip(1..);
            let events = numbered
                .map(|(text, line)| Event::parse(Place { file: "the new lines", line }, text))
                .collect::<Result<Vec<_>, _>>()?;
            if let Some(grown) = snapshot.grown(&events, facts)? {
                return Ok(grown);
            }
        }
        reduce(&Log::parse(layout::EVENT_LOG, &self.log)?, facts)
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
        let subject = message.lines().next().unwrap_or_default();
        let entry = LogEntry { signed, message: &format!("kitty: {subject}") };
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

    /// Reads back from the ref that the events are there: only then it is said. The tip's log must
    /// be the blob that has them, or, if others went on from there, hold their lines.
    pub(super) fn read_back(&self, repo: &Repo, built: &Built, pending: &[Pending]) -> Result<()> {
        let [path, _] = paths(&self.mission);
        let tip = repo.find(&self.destination.ref_name()?)?;
        let tree = tip.map(|tip| repo.tree_of_commit(tip)).transpose()?;
        let log = tree.map(|tree| log_blob(repo, tree, &path)).transpose()?.flatten();
        if log == Some(built.log) && repo.has_object(built.log) {
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

    /// Keeps for the next reader what the log adds up to now.
    pub(super) fn remember(&self, repo: &Repo, built: &Built) {
        if self.mission.source != Source::Primary {
            let greatest_at = self.greatest_at.clone();
            let blobs = (built.log, built.snapshot);
            let store = Store::new(repo);
            store.remember_digest(&self.mission, blobs, &self.statuses, greatest_at);
            let log = (built.log, self.log.len());
            store.saw_growth(&self.mission, (&self.evidence, built.commit), log);
        }
    }

    /// What has to follow a published transaction, still under the lock: checkouts of the branch,
    /// and the primary checkout's file of an older mission. What fails here is a warning, since the
    /// events are there; the next write makes up for it.
    pub(super) fn settle(
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
    pub(super) fn mend(&self, repo: &Repo) -> Result<()> {
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

    /// What to tell of a transaction that was published.
    pub(super) fn receipt(self, built: &Built, message: String, events: Vec<Pending>) -> Receipt {
        let [log_path, _] = paths(&self.mission);
        Receipt {
            branch: self.destination.to_string(),
            commit: Some((built.commit.to_string(), message)),
            events,
            log_path: log_path.to_string(),
            warnings: self.warnings,
        }
    }

    /// What to tell of a transaction without events.
    pub(super) fn unchanged(&self) -> Receipt {
        let [log_path, _] = paths(&self.mission);
        Receipt {
            branch: self.destination.to_string(),
            commit: None,
            events: Vec::new(),
            log_path: log_path.to_string(),
            warnings: self.warnings.clone(),
        }
    }
}

/// The line of an event. A log that does not even have the letters of its id is not parsed.
fn line_of(log: &[u8], event_id: &str) -> Result<Option<String>, Refusal> {
    if std::str::from_utf8(log).is_ok_and(|text| !text.contains(event_id)) {
        return Ok(None);
    }
    let log = Log::parse(layout::EVENT_LOG, log)?;
    let found = log.lines().iter().find(|line| line.event.event_id() == Some(event_id));
    Ok(found.map(|line| line.text.to_owned()))
}

fn log_blob(repo: &Repo, tree: Oid, path: &RepoPath) -> Result<Option<Oid>> {
    let entry = repo.entry(tree, path)?;
    Ok(entry.filter(|e| !matches!(e.mode, Mode::Tree | Mode::Gitlink)).map(|e| e.oid))
}

/// The files that a transaction changes: the log and its snapshot.
fn paths(mission: &Mission) -> [RepoPath; 2] {
    let dir = format!("{}/{}", layout::MISSIONS, mission.dir);
    [layout::EVENT_LOG, layout::SNAPSHOT]
        .map(|name| RepoPath::from(format!("{dir}/{name}").as_str()))
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
