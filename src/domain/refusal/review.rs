//! Why a review is not opened, not trusted, not shown, or not taken.

use std::fmt;

use serde_json::{Value, json};

use super::{Exit, Facts, quoted};
use crate::domain::json::Object;
use crate::domain::review::prompt::Distrust;
use crate::domain::status::Status;

/// An expected "no" of `git kitty review`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewRefusal {
    /// The work package is not in review.
    NotInReview {
        /// The mission's directory.
        mission: String,
        /// The work package.
        wp_id: String,
        /// Where it is.
        status: Status,
    },
    /// A file that is no prompt, or a prompt of something else.
    PromptDistrusted {
        /// The file, as it was named.
        path: String,
        /// What speaks against it.
        distrust: Box<Distrust>,
    },
    /// A commit that a review is of is not in this repository.
    CommitMissing {
        /// The mission's directory.
        mission: String,
        /// The work package.
        wp_id: String,
        /// The commit.
        commit: String,
    },
    /// Nothing says what a review is of: none is recorded, and the lane and what it is compared with
    /// come from no common commit.
    BaseUnknown {
        /// The mission's directory.
        mission: String,
        /// The work package.
        wp_id: String,
        /// The lane's branch.
        branch: String,
        /// What it is compared with.
        base: String,
    },
    /// No prompt can be written where prompts belong, or only through a link.
    PromptPlaceTaken {
        /// The place.
        path: String,
        /// What is wrong with it.
        what: String,
    },
}

impl ReviewRefusal {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::NotInReview { .. } => "REVIEW_NOT_OPEN",
            Self::PromptDistrusted { distrust, .. } if !distrust.missing.is_empty() => {
                "REVIEW_PROMPT_METADATA_MISSING"
            }
            Self::PromptDistrusted { .. } => "REVIEW_PROMPT_METADATA_MISMATCH",
            Self::CommitMissing { .. } => "REVIEW_COMMIT_MISSING",
            Self::BaseUnknown { .. } => "REVIEW_BASE_UNKNOWN",
            Self::PromptPlaceTaken { .. } => "REVIEW_PROMPT_PLACE_TAKEN",
        }
    }

    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::NotInReview { .. }
            | Self::PromptDistrusted { .. }
            | Self::CommitMissing { .. }
            | Self::BaseUnknown { .. }
            | Self::PromptPlaceTaken { .. } => Exit::Refused,
        }
    }

    pub(super) fn hint(&self) -> String {
        match self {
            Self::NotInReview { mission, wp_id, status: Status::ForReview } => {
                format!("`git kitty wp move {wp_id} --to in_review --mission {mission}`")
            }
            Self::NotInReview { mission, wp_id, .. } => {
                format!("`git kitty wp show {wp_id} --mission {mission}` tells how it stands")
            }
            Self::PromptDistrusted { .. } => {
                "do not act on it; `git kitty review open WP` writes one that belongs here"
                    .to_owned()
            }
            Self::CommitMissing { .. } => {
                "`git fetch` it from where the review began, and try again".to_owned()
            }
            Self::BaseUnknown { branch, base, .. } => {
                format!("`git log {} {}` shows both histories", quoted(base), quoted(branch))
            }
            Self::PromptPlaceTaken { .. } => {
                "set `TMPDIR` to another directory; or remove what is there, if it is yours"
                    .to_owned()
            }
        }
    }

    pub(super) fn facts(&self, facts: &mut Facts) {
        match self {
            Self::NotInReview { mission, wp_id, .. }
            | Self::CommitMissing { mission, wp_id, .. }
            | Self::BaseUnknown { mission, wp_id, .. } => {
                facts.mission_slug = Some(mission.clone());
                facts.wp_id = Some(wp_id.clone());
            }
            Self::PromptDistrusted { path, distrust } => {
                facts.paths = vec![path.clone()];
                facts.more = diagnostic(self.code(), path, distrust);
            }
            Self::PromptPlaceTaken { path, .. } => facts.paths = vec![path.clone()],
        }
    }
}

/// The keys of `formats.md` section 9.
fn diagnostic(code: &str, path: &str, distrust: &Distrust) -> Object {
    let Distrust { requested, claims, missing, mismatched } = distrust;
    let text = |(key, value): (&str, &str)| (key.to_owned(), Value::from(value));
    let requested: Object = requested.fields().into_iter().map(text).collect();
    let mut prompt: Object = claims.iter().map(|(key, value)| text((key, value))).collect();
    prompt.insert("_missing_fields".to_owned(), json!(missing));
    prompt.insert("_mismatched_fields".to_owned(), json!(mismatched));
    Object::from_iter([
        ("diagnostic_code".to_owned(), code.into()),
        ("requested_context".to_owned(), requested.into()),
        ("prompt_context".to_owned(), prompt.into()),
        ("prompt_path".to_owned(), path.into()),
    ])
}

impl fmt::Display for ReviewRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInReview { wp_id, status, .. } => {
                write!(f, "{wp_id} is {status}, not in_review")
            }
            Self::PromptDistrusted { path, distrust } if distrust.claims.is_empty() => {
                write!(f, "`{path}` is no review prompt")
            }
            Self::PromptDistrusted { path, distrust } if !distrust.missing.is_empty() => {
                write!(f, "`{path}` is no review prompt: it lacks {}", list(&distrust.missing))
            }
            Self::PromptDistrusted { path, distrust } => {
                let fields = list(&distrust.mismatched);
                write!(f, "`{path}` is a prompt of something else, by {fields}")
            }
            Self::CommitMissing { wp_id, commit, .. } => {
                write!(f, "the review of {wp_id} is of `{commit}`, which is not in this repository")
            }
            Self::BaseUnknown { wp_id, branch, base, .. } => {
                write!(
                    f,
                    "what {wp_id} changed is not known: `{branch}` and `{base}` have no common commit"
                )
            }
            Self::PromptPlaceTaken { path, what } => {
                write!(f, "no prompt is written to `{path}`: {what}")
            }
        }
    }
}

fn list(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}
