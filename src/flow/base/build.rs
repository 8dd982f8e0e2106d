//! What a transaction makes: blobs, a tree and a commit that nothing reaches yet, and then the one
//! moment in which the ref leads there.

use anyhow::Result;

use super::{Base, paths};
use crate::domain::change::{Entry, Mode};
use crate::domain::event::{Event, Log, Place, write};
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::{MissionFacts, Snapshot, reduce};
use crate::flow::host::Host;
use crate::flow::outbound::sinks;
use crate::flow::transaction::Pending;
use crate::git::{
    CommitSpec, Durability, LogEntry, Move, Published, Repo, Signed, Writer, publish,
};
use crate::store::outbox::{News, Outbox, Prepared};

/// Objects that nothing reaches yet.
pub(in crate::flow) struct Built {
    pub(super) commit: Oid,
    pub(super) tree: Oid,
    pub(super) log: Oid,
    pub(super) snapshot: Oid,
}

impl Base {
    /// Builds the commit that has the new log and its snapshot.
    pub(in crate::flow) fn build(
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
    pub(in crate::flow) fn publish(
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
        let published = publish(repo, &moves, &entry, Durability::of(repo)?);
        published.map_err(|error| {
            let of_system = error.chain().any(|cause| cause.is::<std::io::Error>());
            if error.is::<Refusal>() || !of_system {
                return error;
            }
            let branch = self.destination.to_string();
            Refusal::RefNotWritten { branch, what: format!("{error:#}") }.into()
        })
    }

    /// Prepares what the sinks are to get, before anything is published, so that a kill in between
    /// loses no delivery.
    pub(in crate::flow) fn news(
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
}
