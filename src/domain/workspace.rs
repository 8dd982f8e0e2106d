//! `.kittify/workspaces/*.json`: which worktree is whose (`formats.md` section 1).

use serde::Deserialize;

use super::id::{LaneId, WpId};
use super::json::{self, Object};
use super::refusal::{Document, Refusal};
use super::source::Source;

/// The context of one worktree.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct WorkspaceContext {
    /// The work package that it was made for.
    #[serde(default, deserialize_with = "json::parsed_or_null")]
    pub wp_id: Option<WpId>,
    /// `mission_slug`, or the older `feature_slug`.
    #[serde(alias = "feature_slug", deserialize_with = "json::filled")]
    pub mission_slug: String,
    /// Where the worktree is, as written.
    #[serde(deserialize_with = "json::filled")]
    pub worktree_path: String,
    /// The branch that is checked out there.
    #[serde(deserialize_with = "json::filled")]
    pub branch_name: String,
    /// The branch that it was cut from.
    #[serde(default, deserialize_with = "json::text")]
    pub base_branch: Option<String>,
    /// The commit that it was cut from.
    #[serde(default, deserialize_with = "json::commit")]
    pub base_commit: Option<String>,
    /// What the work package depends on.
    #[serde(default, deserialize_with = "json::parsed_list")]
    pub dependencies: Vec<WpId>,
    /// When it was made, as written.
    #[serde(default, deserialize_with = "json::text")]
    pub created_at: Option<String>,
    /// What made it.
    #[serde(default, deserialize_with = "json::text")]
    pub created_by: Option<String>,
    /// Such as `git`.
    #[serde(default, deserialize_with = "json::text")]
    pub vcs_backend: Option<String>,
    /// The lane; contexts from before there were lanes have none, and count for nothing.
    #[serde(default, deserialize_with = "json::parsed_or_null")]
    pub lane_id: Option<LaneId>,
    /// The work packages of the lane.
    #[serde(default, deserialize_with = "json::parsed_list")]
    pub lane_wp_ids: Vec<WpId>,
    /// The one that is worked on, as far as the context knows; the event log decides.
    #[serde(default, deserialize_with = "json::parsed_or_null")]
    pub current_wp: Option<WpId>,
    /// Keys that we do not know, and `lane_test_env`.
    #[serde(flatten)]
    pub unknown: Object,
}

impl WorkspaceContext {
    /// Reads the bytes of a context.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] with the line: no JSON, no mission, worktree or branch, an id that is
    /// none.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Self, Refusal> {
        json::read(bytes, Source::new(Document::WorkspaceContext, file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(more: &str) -> Result<WorkspaceContext, String> {
        let text = format!(
            "{{\"wp_id\": \"WP01\", \"mission_slug\": \"m\", \"worktree_path\": \".worktrees/m-lane-a\",\n\
             \"branch_name\": \"kitty/m-lane-a\"{more}}}"
        );
        WorkspaceContext::parse(text.as_bytes(), "w.json").map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn contexts_of_lanes_and_older_ones_are_read() {
        let old = context(r#", "base_commit": "unknown", "feature": 1"#).unwrap();
        assert_eq!((old.lane_id, old.base_commit), (None, None));
        let new = context(
            r#", "base_commit": null, "lane_id": "lane-b", "lane_wp_ids": ["WP01", "WP02"],
            "current_wp": "WP02", "lane_test_env": {"A": "1"}"#,
        )
        .unwrap();
        assert_eq!(new.lane_id.unwrap().as_str(), "lane-b");
        assert_eq!(new.lane_wp_ids.len(), 2);
        assert_eq!(new.current_wp.unwrap().as_str(), "WP02");
        assert!(new.unknown.contains_key("lane_test_env"));
    }

    #[test]
    fn what_is_wrong_names_the_line() {
        let message = context(",\n\"lane_wp_ids\": [\"01\"]").unwrap_err();
        assert!(message.starts_with("w.json:3: `01` is not a work package id"), "{message}");
        assert_eq!(
            WorkspaceContext::parse(b"{}", "w.json").unwrap_err().to_string(),
            "w.json:1: missing field `mission_slug`"
        );
    }
}
