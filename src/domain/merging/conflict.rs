//! A path at which two sides cannot be brought together without a person.

use serde::{Deserialize, Serialize};

/// A conflict, and whose work it is between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathConflict {
    /// 1 where a lane comes into the coordination branch, 2 where that comes into the target.
    pub stage: u8,
    /// The lane that was to come next; none in stage 2.
    pub lane_id: Option<String>,
    /// The path, from the top of the repository.
    pub path: String,
    /// Who changed it on each side: lanes by their ids, `coordination`, `target`.
    pub sides: [Vec<String>; 2],
    /// The merge driver that the path has, if that is why: it is not run.
    pub driver: Option<String>,
    /// What git says, where it is not the path that is in conflict, but where it belongs.
    #[serde(default)]
    pub message: Option<String>,
}

impl PathConflict {
    /// One line for people.
    #[must_use]
    pub fn line(&self) -> String {
        if let Some(message) = &self.message {
            return message.clone();
        }
        let [ours, theirs] = self.sides.clone().map(|side| side.join(", "));
        let why = match &self.driver {
            Some(driver) => format!(", and its merge driver `{driver}` is not run"),
            None => String::new(),
        };
        format!("`{}` was changed by {ours} and by {theirs}{why}", self.path)
    }
}
