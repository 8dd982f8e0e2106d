//! The operation log, `refs/kitty/oplog`.

use anyhow::{Context, Result};

use crate::domain::change::{Entry, Mode};
use crate::domain::layout;
use crate::domain::merging::{Kind, Operation, RefMove};
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::flow::host::Host;
use crate::git::{CommitSpec, Move, Repo, Signed, Writer};
use crate::store::Mission;

/// What an entry says besides what moved.
pub(super) struct Said {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) certificate: Option<String>,
    pub(super) undoes: Option<String>,
}

/// The operation log's ref.
pub(super) fn name() -> Result<RefName> {
    Ok(layout::OPLOG.parse()?)
}

/// The move of the operation log to an entry about these moves, which is made now.
///
/// # Errors
/// If an object cannot be written.
pub(super) fn entry(
    repo: &Repo,
    host: &Host,
    mission: &Mission,
    (said, moves): (Said, &[Move]),
) -> Result<Move> {
    let name = name()?;
    let old = repo.find(&name)?;
    let told = |one: &Move| RefMove {
        name: one.name.to_string(),
        old: one.old.map(|oid| oid.to_string()),
        new: one.new.map(|oid| oid.to_string()),
    };
    let Said { id, kind, certificate, undoes } = said;
    let operation = Operation {
        schema: Operation::SCHEMA,
        id,
        kind,
        mission_slug: mission.dir.clone(),
        mission_id: mission.meta.id.as_ref().map(ToString::to_string),
        actor: host.actor.clone(),
        at: host.now().to_log(),
        refs: moves.iter().map(told).collect(),
        certificate,
        undoes,
    };
    let mut text = serde_json::to_vec_pretty(&operation)?;
    text.push(b'\n');
    let writer = Writer::new(repo, crate::git::Durability::of(repo)?);
    let file = Entry { mode: Mode::File, oid: writer.blob(&text)? };
    let tree = writer.tree_with(None, &[(Operation::FILE.into(), Some(file))])?;
    // What refs held is kept, so that it can come back.
    let mut parents: Vec<Oid> = old.into_iter().collect();
    parents.extend(moves.iter().filter_map(|one| one.old));
    parents.dedup();
    let signed = Signed { who: &host.identity, at: host.now() };
    let verb = match operation.kind {
        Kind::Merge => "merge",
        Kind::Undo => "undo",
    };
    let message = format!("{verb} {}\n", operation.mission_slug);
    let spec = CommitSpec { tree, parents, author: signed, committer: signed, message: &message };
    Ok(Move { name, old, new: Some(writer.commit(&spec)?) })
}

/// The operation that a commit of the log is an entry of; `None` if it is no entry.
///
/// # Errors
/// If an object cannot be read, or says what we do not understand.
pub(in crate::flow) fn read(repo: &Repo, commit: Oid) -> Result<Option<Operation>> {
    let tree = repo.tree_of_commit(commit)?;
    // The first entry stands on commits of branches, and a project may have a file of that name.
    let [only] = &*repo.entries(tree)? else { return Ok(None) };
    if only.name != Operation::FILE.as_bytes() {
        return Ok(None);
    }
    let bytes = repo.blob(only.entry.oid)?;
    let operation = serde_json::from_slice(&bytes);
    operation
        .with_context(|| format!("the entry {commit} of the operation log is damaged"))
        .map(Some)
}

/// The last operation that is no undo and was not undone, with its entry.
///
/// # Errors
/// As [`read`].
pub(super) fn last(repo: &Repo) -> Result<Option<Operation>> {
    let mut undone = Vec::new();
    let mut next = repo.find(&name()?)?;
    while let Some(commit) = next {
        let Some(operation) = read(repo, commit)? else { return Ok(None) };
        match operation.kind {
            Kind::Undo => undone.extend(operation.undoes),
            Kind::Merge if undone.contains(&operation.id) => {}
            Kind::Merge => return Ok(Some(operation)),
        }
        next = repo.commit(commit)?.parents.first().copied();
    }
    Ok(None)
}
