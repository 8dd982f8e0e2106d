//! `meta.json`, a mission's identity and settings (`formats.md` section 1).

mod draft;
mod edit;

use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::id::{InvalidId, MissionId};
use super::json::{self, Object};
use super::refusal::{Document, Refusal};
use super::source::Source;

pub use draft::Draft;
pub use edit::edit;

/// A mission as its `meta.json` has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Meta {
    /// `mission_id`, the identity. Missions older than it have none.
    pub id: Option<MissionId>,
    /// The name given at its creation.
    pub slug: String,
    /// `mission_slug`, or the older `feature_slug`: the name of its directory and in its log.
    pub mission_slug: String,
    /// The title.
    pub friendly_name: String,
    /// `mission_type`, or the older `mission`: such as `software-dev`.
    pub mission_type: String,
    /// The branch it lands on.
    pub target_branch: String,
    /// The instant of its creation, as written.
    pub created_at: String,
    /// Its number, for display only; 0 and up.
    pub number: Option<u32>,
    /// How its branches are laid out.
    pub topology: Option<Topology>,
    /// The branch that carries its log and planning files, where there is one.
    pub coordination_branch: Option<String>,
    /// Whether its branches were joined into the target for good.
    pub flattened: bool,
    /// `planning_base_branch`.
    pub planning_base_branch: Option<String>,
    /// `merge_target_branch`, where it differs from the target branch.
    pub merge_target_branch: Option<String>,
    /// The commit of the target before the mission was merged.
    pub baseline_merge_commit: Option<String>,
    /// All keys and values, unknown ones included; [`edit()`] changes some in the file itself.
    pub document: Object,
}

/// How a mission's branches are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topology {
    /// Lanes, and no coordination branch.
    Lanes,
    /// All work on one branch.
    SingleBranch,
    /// A coordination branch, and no lanes.
    Coord,
    /// Both.
    LanesWithCoord,
}

impl Topology {
    const ALL: [Self; 4] = [Self::Lanes, Self::SingleBranch, Self::Coord, Self::LanesWithCoord];

    /// The name in `meta.json`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lanes => "lanes",
            Self::SingleBranch => "single_branch",
            Self::Coord => "coord",
            Self::LanesWithCoord => "lanes_with_coord",
        }
    }
}

impl FromStr for Topology {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let known = Self::ALL.into_iter().find(|topology| topology.as_str() == text);
        known.ok_or_else(|| InvalidId { kind: "topology", text: text.to_owned() })
    }
}

impl Meta {
    /// Reads the bytes of a `meta.json`.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] with the line: no JSON, a required key that is missing or empty, a
    /// value of the wrong type, a mission number that is a placeholder, an unknown topology.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Self, Refusal> {
        let source = Source::new(Document::Meta, file);
        let document: Object = json::read(bytes, source)?;
        let keys: Keys = json::read(bytes, source)?;
        let mission_slug = keys.mission_slug.or(keys.feature_slug).ok_or_else(|| {
            Refusal::damaged(Document::Meta, file, None, "missing `mission_slug`")
        })?;
        let older = keys.mission.as_ref().and_then(Value::as_str).map(str::trim);
        let older = older.filter(|older| !older.is_empty()).map(str::to_owned);
        let mission_type = keys.mission_type.or(older).ok_or_else(|| {
            Refusal::damaged(Document::Meta, file, None, "missing `mission_type`")
        })?;
        Ok(Self {
            id: keys.mission_id,
            slug: keys.slug,
            mission_slug,
            friendly_name: keys.friendly_name,
            mission_type,
            target_branch: keys.target_branch,
            created_at: keys.created_at,
            number: keys.mission_number,
            topology: keys.topology,
            coordination_branch: keys.coordination_branch,
            flattened: keys.flattened.unwrap_or(false),
            planning_base_branch: keys.planning_base_branch,
            merge_target_branch: keys.merge_target_branch,
            baseline_merge_commit: keys.baseline_merge_commit,
            document,
        })
    }
}

/// The number in a `meta.json`, whatever else that lacks: older ones lack much that [`Meta`] needs.
/// `None` if it has none, or cannot be read.
#[must_use]
pub fn number_in(bytes: &[u8]) -> Option<u32> {
    #[derive(Deserialize)]
    struct Numbered {
        #[serde(deserialize_with = "number")]
        mission_number: Option<u32>,
    }
    serde_json::from_slice::<Numbered>(bytes).ok()?.mission_number
}

#[derive(Deserialize)]
struct Keys {
    #[serde(default, deserialize_with = "json::parsed_or_null")]
    mission_id: Option<MissionId>,
    #[serde(deserialize_with = "json::filled")]
    slug: String,
    #[serde(default, deserialize_with = "json::text")]
    mission_slug: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    feature_slug: Option<String>,
    #[serde(deserialize_with = "json::filled")]
    friendly_name: String,
    #[serde(default, deserialize_with = "filled")]
    mission_type: Option<String>,
    /// What stands there otherwise says nothing.
    mission: Option<Value>,
    #[serde(deserialize_with = "json::filled")]
    target_branch: String,
    #[serde(deserialize_with = "json::filled")]
    created_at: String,
    #[serde(default, deserialize_with = "number")]
    mission_number: Option<u32>,
    #[serde(default, deserialize_with = "json::parsed_or_null")]
    topology: Option<Topology>,
    #[serde(default, deserialize_with = "json::text")]
    coordination_branch: Option<String>,
    flattened: Option<bool>,
    #[serde(default, deserialize_with = "json::text")]
    planning_base_branch: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    merge_target_branch: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    baseline_merge_commit: Option<String>,
}

/// A text that may be missing, but not empty.
fn filled<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    json::filled(input).map(Some)
}

/// A whole number, its digits as a text, or null; words such as `pending` are an error.
fn number<'de, D: Deserializer<'de>>(input: D) -> Result<Option<u32>, D::Error> {
    let value = Value::deserialize(input)?;
    let number = match &value {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        Value::String(_) | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let wrong =
        || D::Error::custom(format!("`mission_number` must be a number or null, not {value}"));
    number.map(Some).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUIRED: &str = r#"  "slug": "pipes",
  "mission_slug": "pipes-01ABCDEF",
  "friendly_name": "Pipes",
  "mission_type": "software-dev",
  "target_branch": "main",
  "created_at": "2026-01-01T00:00:00Z""#;

    fn meta(more: &str) -> Result<Meta, String> {
        let comma = if more.is_empty() { "" } else { ",\n  " };
        let text = format!("{{\n{REQUIRED}{comma}{more}\n}}\n");
        Meta::parse(text.as_bytes(), "meta.json").map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn what_may_be_missing_may_be_null() {
        let keys = ["mission_id", "mission_number", "topology", "coordination_branch", "flattened"];
        let nulls = keys.map(|key| format!("\"{key}\": null")).join(", ");
        let mut with_nulls = meta(&nulls).unwrap();
        let without = meta("").unwrap();
        with_nulls.document = without.document.clone();
        assert_eq!(with_nulls, without);
        assert_eq!((without.id, without.number, without.flattened), (None, None, false));
    }

    #[test]
    fn everything_is_read_and_the_unknown_kept() {
        let more = r#""mission_id": "01ABCDEFGHJKMNPQRSTVWXYZ01", "mission_number": "042",
            "topology": "lanes_with_coord", "coordination_branch": "kitty/mission-pipes-01ABCDEF",
            "flattened": true, "zzz": {"b": 1, "a": [null]}"#;
        let meta = meta(more).unwrap();
        assert_eq!(meta.id.as_ref().unwrap().mid8().as_str(), "01ABCDEF");
        assert_eq!((meta.number, meta.topology), (Some(42), Some(Topology::LanesWithCoord)));
        assert_eq!(meta.coordination_branch.as_deref(), Some("kitty/mission-pipes-01ABCDEF"));
        let again = Meta::parse(&json::encode(&meta.document), "meta.json").unwrap();
        assert_eq!(again, meta);
    }

    #[test]
    fn the_older_name_of_the_slug_is_read() {
        let text = format!("{{{REQUIRED}}}").replace("mission_slug", "feature_slug");
        assert_eq!(Meta::parse(text.as_bytes(), "f").unwrap().mission_slug, "pipes-01ABCDEF");
        let text = text.replace("feature_slug", "other");
        assert!(Meta::parse(text.as_bytes(), "f").is_err());
    }

    #[test]
    fn the_older_name_of_the_type_is_read_where_the_newer_is_missing() {
        let older = REQUIRED.replace("mission_type", "mission");
        let read = |text: &str| Meta::parse(format!("{{{text}}}").as_bytes(), "f");
        assert_eq!(read(&older).unwrap().mission_type, "software-dev");
        let both = format!("{REQUIRED}, \"mission\": \"research\"");
        assert_eq!(read(&both).unwrap().mission_type, "software-dev");
        assert!(read(&format!("{REQUIRED}, \"mission\": {{\"any\": 1}}")).is_ok());
        for none in ["\" \"", "1", "null"] {
            let refusal = read(&older.replace("\"software-dev\"", none)).unwrap_err();
            assert_eq!(refusal.to_string(), "f: missing `mission_type`", "{none}");
        }
    }

    #[test]
    fn what_is_wrong_names_the_line() {
        for (more, expected) in [
            (
                r#""mission_number": "pending""#,
                "`mission_number` must be a number or null, not \"pending\"",
            ),
            (
                r#""mission_number": "TBD""#,
                "`mission_number` must be a number or null, not \"TBD\"",
            ),
            (r#""mission_number": -1"#, "`mission_number` must be a number or null, not -1"),
            (r#""mission_number": """#, "`mission_number` must be a number or null, not \"\""),
            (r#""topology": "star""#, "`star` is not a topology"),
            (r#""slug": "twice""#, "duplicate field `slug`"),
        ] {
            let more = format!("{more}, \"vcs\": \"git\"");
            assert_eq!(meta(&more).unwrap_err(), format!("meta.json:8: {expected}"));
        }
        let text = format!("{{{}}}", REQUIRED.replace("\"main\"", "\" \""));
        let refusal = Meta::parse(text.as_bytes(), "f").unwrap_err();
        assert_eq!(refusal.to_string(), "f:5: an empty text");
    }
}
