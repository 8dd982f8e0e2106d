//! What operations add to a transaction, and see of what others have added.

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::{Announcement, Derivation, Pending, Tip, Transaction};
use crate::domain::change::Mode;
use crate::domain::claim::Claim;
use crate::domain::event::write::line;
use crate::domain::id::WpId;
use crate::domain::lanes::Lanes;
use crate::domain::meta::Meta;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;
use crate::domain::time::after;
use crate::domain::transition::Transition;
use crate::git::Taken;
use crate::store::Record;

impl Transaction<'_> {
    /// Where a work package is, what this transaction appended included.
    #[must_use]
    pub fn record(&self, wp_id: &WpId) -> Option<&Record> {
        self.base.statuses.record(wp_id)
    }

    /// Gives ids that were just drawn to the next events, one each.
    pub(in crate::flow) fn number(&mut self, event_ids: &[String]) {
        self.ids = event_ids.iter().cloned().collect();
    }

    /// Appends the event of a planned transition.
    ///
    /// # Errors
    /// [`Refusal::TimeExhausted`] if no time follows those in the log.
    pub fn append(&mut self, wp_id: &WpId, transition: Transition) -> Result<Pending> {
        let (from, to) = (transition.from, transition.to);
        let mut fields = transition.fields;
        let earlier = self.record(wp_id).and_then(|record| record.claim.clone());
        if to == Status::Claimed {
            let epoch = earlier.as_ref().map_or(0, |claim| claim.epoch).saturating_add(1);
            fields.insert("policy_metadata".to_owned(), json!({ "epoch": epoch }));
        }
        let mode = if self.base.has_lane(wp_id) { "worktree" } else { "direct_repo" };
        fields.insert("wp_id".to_owned(), wp_id.as_str().into());
        fields.insert("execution_mode".to_owned(), mode.into());
        fields.entry("policy_metadata").or_insert(Value::Null);
        self.base.name_mission(&mut fields);
        let actor = fields.get("actor").and_then(Value::as_str).unwrap_or_default().to_owned();
        let pending = self.append_fields(fields)?;
        self.describe(format!("{wp_id}: {from} -> {to}"));
        let claim = if to == Status::Claimed {
            Some(Claim::after(earlier.as_ref(), &pending.event_id, &actor))
        } else {
            earlier
        };
        let record = Record {
            status: to,
            actor,
            claim,
            at: pending.at.clone(),
            event_id: pending.event_id.clone(),
        };
        self.base.statuses.set(wp_id.clone(), record);
        Ok(pending)
    }

    /// Appends an event of any kind; id and time are given if it has none.
    ///
    /// # Errors
    /// [`Refusal::DoubleEventId`] if the log has an event of that id.
    pub fn append_fields(&mut self, mut fields: Map<String, Value>) -> Result<Pending> {
        let event_id = match fields.get("event_id").and_then(Value::as_str) {
            Some(id) => self.unused(id.to_owned())?,
            None => self.ids.pop_front().map_or_else(|| self.host.ulid(), Ok)?,
        };
        let at = after(self.host.now(), self.base.greatest_at.as_deref())?;
        fields.insert("event_id".to_owned(), event_id.clone().into());
        fields.insert("at".to_owned(), at.clone().into());
        let wp_id = fields.get("wp_id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let pending = Pending { event_id, at: at.clone(), wp_id, line: line(&fields) };
        self.base.greatest_at = Some(at);
        self.pending.push(pending.clone());
        Ok(pending)
    }

    /// The id, if no event has it yet.
    fn unused(&self, event_id: String) -> Result<String> {
        let is_pending = self.pending.iter().any(|pending| pending.event_id == event_id);
        if is_pending || self.base.has_event(self.repo, &event_id)? {
            return Err(Refusal::DoubleEventId { event_id }.into());
        }
        Ok(event_id)
    }

    /// A file of the destination at its tip, or what this transaction put there; `None` if there is
    /// none.
    ///
    /// # Errors
    /// If it cannot be read, or is no file.
    pub fn file(&self, path: &RepoPath) -> Result<Option<Vec<u8>>> {
        match self.files.get(path) {
            Some(put) => Ok(put.as_ref().map(|(content, _)| content.clone())),
            None => self.base.file(self.repo, path),
        }
    }

    /// Puts a file into the commit that this transaction makes, or with `None` takes it away.
    pub fn put(&mut self, path: RepoPath, content: Option<Vec<u8>>) {
        self.files.insert(path, content.map(|content| (content, None)));
    }

    /// As [`Transaction::put`], with a mode.
    pub(in crate::flow) fn put_as(&mut self, path: RepoPath, content: Vec<u8>, mode: Mode) {
        self.files.insert(path, Some((content, Some(mode))));
    }

    /// Puts `lanes.json`; events that are appended from now on know these lanes.
    pub(in crate::flow) fn put_lanes(&mut self, path: RepoPath, lanes: Lanes) {
        self.put(path, Some(lanes.encode()));
        self.base.lanes = Some(lanes);
    }

    /// Puts `meta.json`; what is said of the mission from now on is what it says.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(in crate::flow) fn put_meta(&mut self, path: RepoPath, bytes: Vec<u8>) -> Result<()> {
        self.base.mission.meta = Meta::parse(&bytes, &path.to_string())?;
        self.put(path, Some(bytes));
        Ok(())
    }

    /// Lets the commit that this transaction makes stand on `commit`, in place of the tip that was
    /// read. The ref still moves from that tip alone, and the log still is that of the tip, with the
    /// new lines.
    ///
    /// # Errors
    /// If the commit cannot be read.
    pub(in crate::flow) fn rest_on(&mut self, commit: Oid) -> Result<()> {
        self.base.rest_on(self.repo, commit)
    }

    /// Moves other refs to what is derived from the commit that this transaction makes; only branches,
    /// whose checkouts follow, and refs that nobody checks out. Nothing is derived where nothing is
    /// committed.
    pub(in crate::flow) fn derive(&mut self, derivation: Derivation) {
        self.derivation = Some(derivation);
    }

    /// Who acts, as events name them.
    pub(in crate::flow) fn actor(&self) -> &str {
        &self.host.actor
    }

    /// Writes the mission's identity into the fields of an event.
    pub(in crate::flow) fn name_mission(&self, fields: &mut Map<String, Value>) {
        self.base.name_mission(fields);
    }

    /// The log at the tip, without what this transaction appended.
    pub(in crate::flow) fn log(&self) -> &[u8] {
        self.base.log()
    }

    /// Registers what is to be told before the destination moves.
    pub(in crate::flow) fn announce(&mut self, announcement: Announcement) {
        self.announcement = Some(announcement);
    }

    /// Says that the files that it puts at these paths are uncommitted changes of a checkout of the
    /// destination, which are not in its way therefore. Whoever says so brings that checkout up.
    pub(in crate::flow) fn take_from(&mut self, taken: Taken) {
        self.taken = Some(taken);
    }

    /// Moves another ref together with the destination; `None` is one that is not there.
    pub fn also(&mut self, name: RefName, old: Option<Oid>, new: Option<Tip>) {
        self.moves.push((name, old, new));
    }

    /// Whether this transaction moves a ref besides the destination already.
    #[must_use]
    pub fn moves_ref(&self, name: &RefName) -> bool {
        self.moves.iter().any(|(moved, ..)| moved == name)
    }

    /// Deletes the destination, instead of committing what else this transaction holds.
    pub const fn end(&mut self) {
        self.ends = true;
    }

    /// The commit of the destination that everything was read at.
    #[must_use]
    pub const fn tip(&self) -> Oid {
        self.base.tip
    }
}
