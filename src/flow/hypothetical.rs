//! Changes of which only the path is known: "what if".

use crate::domain::change::{Change, Entry, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;

/// A change of a file that is there, to content that nobody knows.
pub(super) fn change(path: &RepoPath) -> Change {
    let entry = unknown();
    Change { path: path.clone(), old: entry, new: entry }
}

/// Whether the content is not known: then it must not be read.
pub(super) fn is_unknown(entry: Entry) -> bool {
    unknown() == Some(entry)
}

fn unknown() -> Option<Entry> {
    Oid::from_bytes(&[1; 20]).map(|oid| Entry { mode: Mode::File, oid })
}
