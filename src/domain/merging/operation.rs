//! An entry of the operation log, `refs/kitty/oplog`: which refs were moved together.
//!
//! Each is a commit whose tree holds `operation.json` and whose first parent is the entry before it;
//! its other parents are what refs held, so that `git gc` keeps what `undo` needs.

use serde::{Deserialize, Serialize};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Lanes came to the coordination branch, and that perhaps to the target.
    Merge,
    /// Another operation was taken back.
    Undo,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// The version of this document.
    pub schema: u32,
    /// Its id, a ULID.
    pub id: String,
    /// What was done.
    pub kind: Kind,
    /// The directory of the mission.
    pub mission_slug: String,
    /// Its identity, if it has one.
    pub mission_id: Option<String>,
    /// Who did it.
    pub actor: String,
    /// When, as the log writes times.
    pub at: String,
    /// All refs that moved in the same transaction, but the operation log itself.
    pub refs: Vec<RefMove>,
    /// The event of the certificate, if a mission landed.
    pub certificate: Option<String>,
    /// The operation that this one takes back.
    pub undoes: Option<String>,
}

/// A ref with what it held and holds, as hex; `None` is no ref.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefMove {
    /// Its full name.
    #[serde(rename = "ref")]
    pub name: String,
    /// Before.
    pub old: Option<String>,
    /// After.
    pub new: Option<String>,
}

impl Operation {
    /// The version that is written.
    pub const SCHEMA: u32 = 1;
    /// The file in the tree of its commit.
    pub const FILE: &'static str = "operation.json";

    /// Where it put a ref, if it moved that.
    #[must_use]
    pub fn moved(&self, name: &str) -> Option<&RefMove> {
        self.refs.iter().find(|one| one.name == name)
    }
}
