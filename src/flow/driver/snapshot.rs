//! The merge of a snapshot: made anew from the log that the merge will have.
//!
//! Git gives a driver one file at a time, the snapshot before its log. So the logs are found
//! through the commits that hold the very versions of the snapshot that are merged.

use anyhow::Result;

use super::facts::Facts;
use super::{Versions, merge_named};
use crate::domain::event::{Log, Schema};
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::reduce;
use crate::git::{Holders, Repo};

/// The merge of the snapshot at `path`; without one, the usual place of its mission. `heads` are
/// commits that may hold the versions, as far as git told of them.
///
/// # Errors
/// [`Refusal::SnapshotUnproven`] if the log of a side is not found; else what is wrong with a log.
pub fn snapshot(
    repo: &Repo,
    versions: &Versions,
    path: Option<RepoPath>,
    heads: &[Oid],
) -> Result<Vec<u8>> {
    let facts = Facts::of(versions);
    let path = path.or_else(|| facts.usual_path()).unwrap_or_else(|| layout::SNAPSHOT.into());
    let log_path = beside(&path);
    let search = Search { holders: Holders::new(repo, &path, heads)?, log: &log_path };
    let sides = Sides {
        base: search.log_beside(&versions.base)?,
        ours: search.log_beside(&versions.ours)?,
        theirs: search.log_beside(&versions.theirs)?,
    };
    let unproven =
        |what: &str| Refusal::SnapshotUnproven { path: path.to_string(), what: what.to_owned() };
    let name = log_path.to_string();
    let log = sides.merged(&name)?.map_err(unproven)?;
    let (number, mission_type) =
        facts.merged().ok_or_else(|| unproven("the sides do not agree on number and type"))?;
    let mut snapshot = reduce(&Log::parse(&name, &log)?, None)?;
    (snapshot.mission_number, snapshot.mission_type) = (number, mission_type);
    Ok(snapshot.to_bytes()?)
}

/// The log of the mission whose snapshot this is.
fn beside(snapshot: &RepoPath) -> RepoPath {
    let bytes = snapshot.as_bytes();
    let directory = bytes.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    let directory = bytes.get(..directory).unwrap_or_default();
    RepoPath::new([directory, layout::EVENT_LOG.as_bytes()].concat())
}

struct Search<'s> {
    holders: Holders<'s>,
    log: &'s RepoPath,
}

/// A log of one side.
#[derive(PartialEq, Eq)]
enum Side {
    /// No commit holds the side's snapshot: nothing is known.
    Unknown,
    /// The commit that holds it has no log.
    Absent,
    /// The log.
    Known(Vec<u8>),
}

struct Sides {
    base: Side,
    ours: Side,
    theirs: Side,
}

impl Search<'_> {
    fn log_beside(&self, version: &[u8]) -> Result<Side> {
        if version.is_empty() {
            return Ok(Side::Unknown);
        }
        Ok(match self.holders.beside(version, self.log)? {
            None => Side::Unknown,
            Some(None) => Side::Absent,
            Some(Some(log)) => Side::Known(log),
        })
    }
}

impl Sides {
    /// The log that git makes of the three: what only one side changed, else the union. A base that
    /// is not found (that of a merge with several bases) has no line that the sides lack.
    fn merged(self, name: &str) -> Result<Result<Vec<u8>, &'static str>, Refusal> {
        let Self { base, ours, theirs } = self;
        Ok(match (ours, theirs) {
            (Side::Unknown, _) => Err("no commit is found that holds our version"),
            (_, Side::Unknown) => Err("no commit is found that holds their version"),
            (Side::Absent, _) | (_, Side::Absent) => Err("a side has no log beside it"),
            (Side::Known(ours), Side::Known(theirs)) => match base {
                Side::Known(base) if base == ours => Ok(theirs),
                Side::Known(base) if base == theirs => Ok(ours),
                _ if ours == theirs => Ok(ours),
                Side::Known(base) => {
                    Ok(merge_named(Schema::Status, name, [&base, &ours, &theirs])?)
                }
                Side::Unknown | Side::Absent => {
                    Ok(merge_named(Schema::Status, name, [&[], &ours, &theirs])?)
                }
            },
        })
    }
}
