//! What a transaction makes: blobs, a tree and a commit that nothing reaches yet, and then the one
//! moment in which the ref leads there.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

use super::Base;
use crate::domain::branch::BranchName;
use crate::domain::change::{Entry, Mode};
use crate::domain::event::{Event, Log, Place, write};
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::{MissionFacts, Snapshot, reduce};
use crate::flow::gate::Writes;
use crate::flow::host::Host;
use crate::flow::outbound::sinks;
use crate::flow::transaction::{Pending, Put, Tip};
use crate::git::{
    CommitSpec, Durability, LogEntry, Move, Published, Repo, Signed, Writer, publish,
};
use crate::store::judged;
use crate::store::outbox::{News, Outbox, Prepared};

/// Objects that nothing reaches yet.
pub(in crate::flow) struct Built {
    /// What there is to commit; `None` if nothing changes.
    pub(super) commit: Option<Oid>,
    /// Its tree, else the tip's.
    pub(super) tree: Oid,
    /// The log and its snapshot, if there are new events.
    pub(super) log: Option<[Oid; 2]>,
    /// Whether the destination is to be deleted.
    pub(super) is_end: bool,
}

impl Built {
    /// The commit, if there is one.
    pub(in crate::flow) const fn commit(&self) -> Option<Oid> {
        self.commit
    }

    /// Whether the destination stays where it is.
    pub(in crate::flow) const fn is_nothing(&self) -> bool {
        self.commit.is_none() && !self.is_end
    }
}

/// Other refs that move: what they hold, and what they shall hold.
type Others<'o> = &'o [(RefName, Option<Oid>, Option<Tip>)];

impl Base {
    /// Builds the commit that has the new log, its snapshot, and other files.
    pub(in crate::flow) fn build(
        &mut self,
        repo: &Repo,
        host: &Host,
        (pending, files): (&[Pending], BTreeMap<RepoPath, Put>),
        message: &str,
    ) -> Result<Built> {
        let writer = Writer::new(repo, Durability::of(repo)?);
        let mut edits = Vec::new();
        for (path, put) in files {
            let kept = self.mode(repo, &path)?;
            let entry = |(content, mode): (Vec<u8>, Option<Mode>)| -> Result<Entry> {
                Ok(Entry { mode: mode.unwrap_or(kept), oid: writer.blob(&content)? })
            };
            edits.push((path, put.map(entry).transpose()?));
        }
        let log = self.grow(&writer, pending)?;
        let file = |oid| Some(Entry { mode: Mode::File, oid });
        edits.extend(
            layout::status_files(&self.mission.dir)
                .into_iter()
                .zip(log.into_iter().flatten().map(file)),
        );
        if edits.is_empty() {
            return Ok(Built { commit: None, tree: self.tree, log, is_end: false });
        }
        ensure!(self.writes == Writes::Destination, "a commit where only refs were to move");
        let tree = writer.tree_with(Some(self.onto_tree), &edits)?;
        if tree == self.tree && self.onto == self.tip && !self.is_new() {
            return Ok(Built { commit: None, tree, log, is_end: false });
        }
        let signed = Signed { who: &host.identity, at: host.now() };
        let commit = writer.commit(&CommitSpec {
            tree,
            parents: vec![self.onto],
            author: signed,
            committer: signed,
            message,
        })?;
        Ok(Built { commit: Some(commit), tree, log, is_end: false })
    }

    /// The end of the destination.
    pub(in crate::flow) const fn ended(&self) -> Built {
        Built { commit: None, tree: self.tree, log: None, is_end: true }
    }

    /// The mode of a file stays as it is.
    fn mode(&self, repo: &Repo, path: &RepoPath) -> Result<Mode> {
        let entry = repo.entry(self.onto_tree, path)?;
        Ok(entry
            .map(|entry| entry.mode)
            .filter(|mode| *mode == Mode::Executable)
            .unwrap_or(Mode::File))
    }

    /// The log with the new events, and its snapshot, if there is anything new.
    fn grow(&mut self, writer: &Writer<'_>, pending: &[Pending]) -> Result<Option<[Oid; 2]>> {
        if pending.is_empty() && !self.is_moved {
            return Ok(None);
        }
        let lines: Vec<&str> = pending.iter().map(|pending| pending.line.as_str()).collect();
        write::append(&mut self.log, &lines);
        let log = writer.blob(&self.log)?;
        let snapshot = writer.blob(&self.new_snapshot(&lines)?.to_bytes()?)?;
        Ok(Some([log, snapshot]))
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

    /// Moves the destination to what was built, if it still is where it was read, and other refs
    /// with it.
    pub(in crate::flow) fn publish(
        &self,
        repo: &Repo,
        host: &Host,
        moves: &[Move],
        message: &str,
    ) -> Result<Published> {
        let_pass(repo, moves)?;
        let signed = Signed { who: &host.identity, at: host.now() };
        let subject = message.lines().next().unwrap_or_default();
        let entry = LogEntry { signed, message: &format!("kitty: {subject}") };
        let published = publish(repo, moves, &entry, Durability::of(repo)?);
        if matches!(published, Ok(Published::Done)) {
            tell_made(repo, moves)?;
        }
        published.map_err(|error| {
            let of_system = error.chain().any(|cause| cause.is::<std::io::Error>());
            if error.is::<Refusal>() || !of_system {
                return error;
            }
            let branch = self.destination.to_string();
            Refusal::RefNotWritten { branch, what: format!("{error:#}") }.into()
        })
    }

    /// All moves; the first is one that shows whether they were made, and so never a mere check.
    pub(in crate::flow) fn moves(&self, built: &Built, others: Others<'_>) -> Result<Vec<Move>> {
        let old = (!self.is_new()).then_some(self.tip);
        let new = if built.is_end { None } else { built.commit.or(old) };
        let own = Move { name: self.destination.ref_name()?, old, new };
        let place = |tip: &Tip| match tip {
            Tip::Own => own.new.unwrap_or(self.tip),
            Tip::Commit(commit) => *commit,
        };
        let others = others.iter().map(|(name, old, new)| Move {
            name: name.clone(),
            old: *old,
            new: new.as_ref().map(place),
        });
        let mut moves: Vec<Move> = others.collect();
        let first = if built.is_nothing() { moves.len() } else { 0 };
        moves.insert(first, own);
        Ok(moves)
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
        let Some(commit) = built.commit else { return Ok(None) };
        let lines: Vec<String> = pending.iter().map(|event| event.line.clone()).collect();
        let branch = &self.destination;
        let news = News { branch, commit, lines: &lines, at: host.now() };
        Outbox::of(repo.common_dir()).prepare(news, &sinks(repo))
    }
}

/// Tells the doors of moves that were judged: before they are made, since they may be asked.
fn let_pass(repo: &Repo, moves: &[Move]) -> Result<()> {
    for change in moves.iter().filter(|change| change.old != change.new) {
        if let (Some(branch), Some(new)) = (BranchName::of_ref(&change.name), change.new) {
            judged::let_own_pass(repo, &branch, change.old, new)?;
        }
    }
    Ok(())
}

/// Tells the doors what was made: which branches are gone, with all that was judged of a mission's
/// where the mission goes, and that coordination branches got what they were let pass with.
fn tell_made(repo: &Repo, moves: &[Move]) -> Result<()> {
    let all = moves.iter().filter_map(|one| Some((BranchName::of_ref(&one.name)?, one)));
    let is_end = all.clone().any(|(branch, one)| one.new.is_none() && branch.may_coordinate());
    for (branch, change) in all {
        match change.new {
            None if is_end || branch.mission_parts().is_none() => judged::forget(repo, &branch)?,
            None => judged::let_go(repo, &branch, change.old)?,
            Some(new) if change.old != change.new && branch.may_coordinate() => {
                judged::was_made(repo, &branch, new)?;
            }
            Some(_) => {}
        }
    }
    Ok(())
}
