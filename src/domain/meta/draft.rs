//! The `meta.json` of a new mission.

use serde_json::{Value, json};

use super::Topology;
use crate::domain::branch::BranchName;
use crate::domain::id::{InvalidId, MissionId};
use crate::domain::json::{self, Object};
use crate::domain::slug::MissionSlug;
use crate::domain::time::Instant;

/// A mission that is to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its identity.
    pub id: MissionId,
    /// The name given to it.
    pub slug: MissionSlug,
    /// Its title; the words of the slug are one where nobody gave any.
    pub title: Option<String>,
    /// The branch it lands on.
    pub target: BranchName,
    /// Now.
    pub at: Instant,
}

impl Draft {
    /// The title in one line, without characters that a terminal would obey.
    #[must_use]
    pub fn friendly_name(&self) -> String {
        let clean = |c: char| if crate::domain::path::is_unsafe(c) { ' ' } else { c };
        let given: String = self.title.iter().flat_map(|title| title.chars()).map(clean).collect();
        let words: Vec<_> = given.split_whitespace().collect();
        match words.as_slice() {
            [] => self.slug.as_str().replace('-', " "),
            words => words.join(" "),
        }
    }

    /// The name of its directory, which is the `mission_slug` of all its files.
    #[must_use]
    pub fn mission_dir(&self) -> String {
        self.slug.mission_dir(&self.id)
    }

    /// The bytes of its `meta.json`, with the keys that Spec Kitty 3.2.7 gives to a new mission with
    /// lanes and a coordination branch, but for those that only its own commands need, and `mid8`,
    /// which it reads where it is there.
    ///
    /// # Errors
    /// As [`MissionSlug::coordination_branch`].
    pub fn meta(&self) -> Result<Vec<u8>, InvalidId> {
        let dir = self.mission_dir();
        let keys = [
            ("coordination_branch", json!(self.slug.coordination_branch(&self.id)?.as_str())),
            ("created_at", json!(self.at.to_log())),
            ("flattened", json!(false)),
            ("friendly_name", json!(self.friendly_name())),
            ("mid8", json!(self.id.mid8().as_str())),
            ("mission_id", json!(self.id.as_str())),
            ("mission_number", Value::Null),
            ("mission_slug", json!(dir)),
            ("mission_type", json!("software-dev")),
            ("slug", json!(dir)),
            ("target_branch", json!(self.target.as_str())),
            ("topology", json!(Topology::LanesWithCoord.as_str())),
        ];
        let document: Object =
            keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        Ok(json::encode(&document))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::json::Change;
    use crate::domain::meta::{Meta, edit};

    fn draft(title: Option<&str>) -> Draft {
        Draft {
            id: "01KV6DC9Y5FJ9FCYJMM1KA09XK".parse().unwrap(),
            slug: "user-login".parse().unwrap(),
            title: title.map(str::to_owned),
            target: "release/1".parse().unwrap(),
            at: Instant::from_micros(1_767_603_600_000_001),
        }
    }

    const META: &str = r#"{
  "coordination_branch": "kitty/mission-user-login-01KV6DC9",
  "created_at": "2026-01-05T09:00:00.000001+00:00",
  "flattened": false,
  "friendly_name": "Über \"Café\"",
  "mid8": "01KV6DC9",
  "mission_id": "01KV6DC9Y5FJ9FCYJMM1KA09XK",
  "mission_number": null,
  "mission_slug": "user-login-01KV6DC9",
  "mission_type": "software-dev",
  "slug": "user-login-01KV6DC9",
  "target_branch": "release/1",
  "topology": "lanes_with_coord"
}
"#;

    #[test]
    fn the_file_is_written_as_the_reference_writes_it() {
        let bytes = draft(Some(" Über\n\u{1b}\"Café\" ")).meta().unwrap();
        assert_eq!(String::from_utf8(bytes.clone()).unwrap(), META);
        let meta = Meta::parse(&bytes, "f").unwrap();
        assert_eq!(meta.id, Some(draft(None).id));
        assert_eq!(json::encode(&meta.document), bytes);
    }

    #[test]
    fn without_a_title_the_slug_is_one() {
        for title in [None, Some(""), Some(" \n\u{202e}")] {
            assert_eq!(draft(title).friendly_name(), "user login");
        }
    }

    #[test]
    fn an_older_file_gets_a_coordination_branch_and_keeps_the_rest() {
        let older = "{\n  \"accepted_at\": null,\n  \"created_at\": \"x\",\n  \"feature_slug\": \"042-pay\",\n  \
                     \"friendly_name\": \"P\\u00e4y\",\n  \"mission_type\": \"m\",\n  \"slug\": \"pay\",\n  \
                     \"target_branch\": \"main\",\n  \"topology\": \"lanes\"\n}\n";
        let changes = [
            Change::set("coordination_branch", "kitty/mission-pay-01KV6DC9"),
            Change::set("mission_id", "01KV6DC9Y5FJ9FCYJMM1KA09XK"),
            Change::set("topology", Topology::LanesWithCoord.as_str()),
        ];
        let found = edit(older.as_bytes(), "f", &changes).unwrap();
        let expected = older
            .replace(
                "  \"created",
                "  \"coordination_branch\": \"kitty/mission-pay-01KV6DC9\",\n  \"created",
            )
            .replace(
                "  \"mission_type",
                "  \"mission_id\": \"01KV6DC9Y5FJ9FCYJMM1KA09XK\",\n  \"mission_type",
            )
            .replace("\"lanes\"", "\"lanes_with_coord\"");
        assert_eq!(String::from_utf8(found.clone()).unwrap(), expected);
        assert_eq!(edit(&found, "f", &changes).unwrap(), found);
        let bad = edit(older.as_bytes(), "f", &[Change::set("topology", "star")]).unwrap_err();
        assert_eq!(bad.to_string(), "f:10: `star` is not a topology");
        assert!(edit(older.as_bytes(), "f", &[Change::remove("slug")]).is_err());
    }
}
