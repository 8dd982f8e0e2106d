//! What becomes of two sides that are merged, as far as people want to know it beforehand.

use serde::{Deserialize, Serialize};

use super::conflict::PathConflict;

/// Whether two sides can be brought together without a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Whether they can.
    pub clean: bool,
    /// Where not.
    pub clashes: Vec<Clash>,
}

/// A path at which two sides cannot be brought together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clash {
    /// The path, from the top of the repository, as it is shown.
    pub path: String,
    /// The merge driver that it has, if that is why: it is not run.
    pub driver: Option<String>,
}

/// What becomes of a lane that is to be merged behind others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The lane.
    pub lane_id: String,
    /// Whether it is merged by then, with another lane.
    pub is_contained: bool,
    /// Where it conflicts with what came before; it is left out then, and the next one comes.
    pub conflicts: Vec<PathConflict>,
}

impl Meeting {
    /// Of two sides that have nothing in common.
    pub const CLEAN: Self = Self { clean: true, clashes: Vec::new() };

    /// The paths.
    #[must_use]
    pub fn paths(&self) -> Vec<&str> {
        self.clashes.iter().map(|clash| clash.path.as_str()).collect()
    }
}
