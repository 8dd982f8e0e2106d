//! Conflicts that need no person: logs that grew apart are joined, and their snapshots made anew.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::domain::change::{Entry, Mode};
use crate::domain::event::{Log, Schema, merge};
use crate::domain::layout;
use crate::domain::meta::Meta;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::{MissionFacts, reduce};
use crate::git::{AutoMerge, Repo, Writer};

/// The merge of two commits in which each log that conflicts has the lines of both, and each snapshot
/// that conflicts is that of its log. What cannot be joined stays a conflict.
///
/// # Errors
/// If an object cannot be read or written.
pub(super) fn settle(
    writer: &Writer<'_>,
    repo: &Repo,
    merge: AutoMerge,
    sides: [Oid; 2],
) -> Result<AutoMerge> {
    let mut settled = Vec::new();
    for directory in directories(&merge.conflicted) {
        let at = |name: &str| RepoPath::new([directory.as_slice(), b"/", name.as_bytes()].concat());
        let (log, snapshot) = (at(layout::EVENT_LOG), at(layout::SNAPSHOT));
        let is_open = |path: &RepoPath| merge.conflicted.contains(path);
        let joined =
            if is_open(&log) { union(repo, &log, sides)? } else { repo.blob_at(merge.tree, &log)? };
        let Some(joined) = joined else { continue };
        let file = |bytes: &[u8]| -> Result<Option<Entry>> {
            Ok(Some(Entry { mode: Mode::File, oid: writer.blob(bytes)? }))
        };
        if is_open(&log) {
            settled.push((log.clone(), file(&joined)?));
        }
        if let Some(bytes) = snapshot_of(repo, &merge, &joined, &at(layout::META))? {
            settled.push((snapshot, file(&bytes)?));
        }
    }
    merge.settled(writer, &settled)
}

/// The mission directories whose log or snapshot conflicts.
fn directories(conflicted: &[RepoPath]) -> BTreeSet<Vec<u8>> {
    let directory = |path: &RepoPath| {
        let bytes = path.as_bytes();
        let rest = bytes.strip_prefix(layout::MISSIONS.as_bytes())?.strip_prefix(b"/")?;
        let slash = rest.iter().position(|byte| *byte == b'/')?;
        let name = rest.get(slash + 1..)?;
        let end = layout::MISSIONS.len() + 1 + slash;
        layout::is_status_file(name).then(|| bytes.get(..end).map(<[u8]>::to_vec)).flatten()
    };
    conflicted.iter().filter_map(directory).collect()
}

/// The lines of both sides; `None` if they contradict each other, or one cannot be read.
fn union(repo: &Repo, path: &RepoPath, sides: [Oid; 2]) -> Result<Option<Vec<u8>>> {
    let mut texts = Vec::new();
    for side in sides {
        texts.extend(repo.blob_at(repo.tree_of_commit(side)?, path)?);
    }
    let shown = path.to_string();
    let versions = texts.iter().map(|text| (shown.as_str(), text.as_slice()));
    Ok(known(merge(Schema::Status, versions)))
}

/// The snapshot of a log, with what the merged `meta.json` says of the mission.
fn snapshot_of(
    repo: &Repo,
    merge: &AutoMerge,
    log: &[u8],
    meta: &RepoPath,
) -> Result<Option<Vec<u8>>> {
    let shown = meta.to_string();
    let meta = repo.blob_at(merge.tree, meta)?;
    let meta = meta.and_then(|bytes| known(Meta::parse(&bytes, &shown)));
    let facts = meta.as_ref().map(MissionFacts::of);
    let made = || reduce(&Log::parse(layout::EVENT_LOG, log)?, facts.as_ref());
    known(made()).map(|snapshot| Ok(snapshot.to_bytes()?)).transpose()
}

/// What is damaged is left to a person.
fn known<T>(found: Result<T, Refusal>) -> Option<T> {
    found.ok()
}
