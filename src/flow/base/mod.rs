//! The state that a transaction starts from ([`begin`]: a mission that is yet to be); the objects
//! that it makes of it ([`build`]), and what has
//! to be put right around them ([`settle`]).

mod begin;
mod build;
mod settle;

use anyhow::Result;
use serde_json::{Map, Value};

use crate::domain::branch::BranchName;
use crate::domain::change::Mode;
use crate::domain::event::Log;
use crate::domain::id::WpId;
use crate::domain::lanes::Lanes;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refname::RefName;
use crate::domain::refusal::{Refusal, Warning};
use crate::domain::snapshot::Snapshot;
use crate::git::{Repo, wait_for_orphan};
use crate::store::{Digest, Evidence, Mission, Source, Statuses, Store};

use super::gate::{Writes, destination_of, gate, same};
use super::transaction::{Pending, Receipt};

pub(super) use begin::Ground;
pub(super) use build::Built;

/// A mission at the tip that a write is planned against.
pub(super) struct Base {
    pub(super) mission: Mission,
    pub(super) destination: BranchName,
    pub(super) statuses: Statuses,
    pub(super) greatest_at: Option<String>,
    /// The commit that everything was read at.
    pub(super) tip: Oid,
    /// The parent of what is made: the tip, unless that is to stand elsewhere.
    onto: Oid,
    onto_tree: Oid,
    /// Whether the destination is yet to be made, at `tip`.
    is_new: bool,
    writes: Writes,
    tree: Oid,
    /// The log as the destination has it.
    log: Vec<u8>,
    /// Whether the destination may have another log than that, or none.
    is_moved: bool,
    /// Its snapshot, where it is known; the log of an older mission is but a part of what is read.
    snapshot: Option<Snapshot>,
    /// What speaks for the log; it grows with what is published.
    evidence: Evidence,
    pub(super) lanes: Option<Lanes>,
    warnings: Vec<Warning>,
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
        (wp_id, writes): (Option<&WpId>, Writes),
    ) -> Result<Self> {
        if store.is_over(&mission)? {
            return Err(Refusal::MissionClosed { mission: mission.dir }.into());
        }
        let lanes = store.lanes(&mission)?;
        let name = destination_of(repo, &mission, lanes.as_ref(), wp_id)?;
        if let Ok(name) = RefName::of_branch(&name) {
            wait_for_orphan(repo, &name)?;
        }
        let (destination, tip) = gate(repo, &mission, (&name, writes))?;
        let tree = repo.tree_of_commit(tip)?;
        let [path, _] = layout::status_files(&mission.dir);
        let entry = log_blob(repo, tree, &path)?;
        let log = entry.map(|oid| repo.blob(oid)).transpose()?.unwrap_or_default();
        let mut base = Self {
            destination,
            statuses: Statuses::default(),
            greatest_at: None,
            tip,
            onto: tip,
            onto_tree: tree,
            is_new: false,
            writes,
            tree,
            log,
            is_moved: false,
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
        let [path, _] = layout::status_files(&self.mission.dir);
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

    /// A file as the commit that is made will have it, if the transaction does not put another there;
    /// `None` if there is none.
    pub(super) fn file(&self, repo: &Repo, path: &RepoPath) -> Result<Option<Vec<u8>>> {
        repo.blob_at(self.onto_tree, path)
    }

    /// See [`super::transaction::Transaction::rest_on`].
    pub(super) fn rest_on(&mut self, repo: &Repo, commit: Oid) -> Result<()> {
        self.onto_tree = repo.tree_of_commit(commit)?;
        self.onto = commit;
        // Whatever log that commit has, it gets the one of the tip.
        self.is_moved = true;
        Ok(())
    }

    /// The log as the destination has it.
    pub(super) fn log(&self) -> &[u8] {
        &self.log
    }

    /// Whether the destination is yet to be made.
    const fn is_new(&self) -> bool {
        self.is_new
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

    /// What to tell of a transaction that was published.
    pub(super) fn receipt(self, built: &Built, message: String, events: Vec<Pending>) -> Receipt {
        let [log_path, _] = layout::status_files(&self.mission.dir);
        Receipt {
            branch: self.destination.to_string(),
            commit: built.commit.map(|commit| (commit.to_string(), message)),
            moves: Vec::new(),
            events,
            log_path: log_path.to_string(),
            warnings: self.warnings,
        }
    }

    /// What to tell of a transaction without events.
    pub(super) fn unchanged(&self) -> Receipt {
        let [log_path, _] = layout::status_files(&self.mission.dir);
        Receipt {
            branch: self.destination.to_string(),
            commit: None,
            moves: Vec::new(),
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

fn older_warning(mission: &Mission) -> Vec<Warning> {
    match mission.source {
        Source::Coordination { .. } => Vec::new(),
        Source::Primary => vec![Warning {
            code: "OLDER_MISSION",
            message: format!("mission `{}` has no coordination branch", mission.dir),
        }],
    }
}
