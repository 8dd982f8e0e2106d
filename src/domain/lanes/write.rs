//! Writing `lanes.json`, byte for byte as the reference writes it.
//!
//! Source: `formats.md` section 1: Python's `json.dumps(lanes, indent=2)` with a line end: keys in
//! the order of the format, all but printable ASCII escaped. Keys that we do not know stand last.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Map, Value};

use super::compute::Grouping;
use super::file::{Lane, Lanes};
use super::joins::Join;
use super::members::Member;
use crate::domain::id::{MissionId, WpId};
use crate::domain::json::Object;

/// What `lanes.json` says of its mission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The mission's `mission_slug`.
    pub mission_slug: String,
    /// Its identity.
    pub mission_id: Option<MissionId>,
    /// The branch that the lanes are merged into first.
    pub mission_branch: String,
    /// The branch that the mission lands on.
    pub target_branch: String,
    /// The present time: ISO 8601 with microseconds and offset.
    pub computed_at: String,
    /// The commit that the planning files were in.
    pub planning_commit_sha: Option<String>,
}

const COMPUTED_FROM: &str = "dependency_graph+ownership";

impl Lanes {
    /// The document of lanes that were computed from these work packages. Keys of `former` that we
    /// do not know stay, in the document and in the lanes that are still there.
    #[must_use]
    pub fn of(
        grouping: Grouping,
        members: &[Member],
        header: Header,
        former: Option<&Self>,
    ) -> Self {
        let planning = grouping.lanes.iter().filter(|lane| lane.id.is_planning());
        Self {
            _version: (),
            mission_slug: header.mission_slug,
            mission_id: header.mission_id.map(|id| id.to_string()),
            mission_branch: header.mission_branch,
            target_branch: header.target_branch,
            planning_artifact_wps: planning.flat_map(|lane| lane.wp_ids.clone()).collect(),
            collapse_report: report(&grouping.joins, members),
            lanes: grouping.lanes,
            computed_at: header.computed_at,
            computed_from: COMPUTED_FROM.to_owned(),
            planning_commit_sha: header.planning_commit_sha,
            unknown: former.map_or_else(Object::new, |former| former.unknown.clone()),
        }
    }

    /// Whether the two say the same but for the time at which they were computed.
    #[must_use]
    pub fn is_same_but_for_time(&self, other: &Self) -> bool {
        let timeless = |lanes: &Self| Self { computed_at: String::new(), ..lanes.clone() };
        timeless(self) == timeless(other)
    }

    /// The bytes of the file. [`Lanes::parse`] reads the same lanes from them.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let document = Document {
            version: 1,
            mission_slug: &self.mission_slug,
            mission_id: self.mission_id.as_deref(),
            mission_branch: &self.mission_branch,
            target_branch: &self.target_branch,
            lanes: self.lanes.iter().map(LaneText::of).collect(),
            computed_at: &self.computed_at,
            computed_from: &self.computed_from,
            planning_artifact_wps: &self.planning_artifact_wps,
            planning_commit_sha: self.planning_commit_sha.as_deref(),
            collapse_report: self.collapse_report.as_ref().map(Ordered),
            unknown: &self.unknown,
        };
        // Texts, numbers and string keys: what can fail is a map with other keys, and there is none.
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        escaped(&text).into_bytes()
    }
}

/// What the reference tells about joined lanes; `None` without any. Only those joins are in it that
/// brought lanes together.
fn report(joins: &[Join], members: &[Member]) -> Option<Value> {
    let decisive: Vec<&Join> = joins.iter().filter(|join| join.is_decisive).collect();
    if decisive.is_empty() {
        return None;
    }
    let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
    for join in &decisive {
        *by_rule.entry(join.cause.rule()).or_default() += 1;
    }
    let needs = |a: &WpId, b: &WpId| {
        members.iter().any(|member| member.id == *a && member.dependencies.contains(b))
    };
    let independent = decisive
        .iter()
        .filter(|join| !needs(&join.first, &join.second) && !needs(&join.second, &join.first));
    let independent = independent.count();
    Some(serde_json::json!({
        "events": decisive.iter().map(|join| event(join)).collect::<Vec<_>>(),
        "total_merges": decisive.len(),
        "independent_wps_collapsed": independent,
        "by_rule": by_rule,
    }))
}

fn event(join: &Join) -> Value {
    serde_json::json!({
        "wp_a": join.first,
        "wp_b": join.second,
        "rule": join.cause.rule(),
        "evidence": join.cause.to_string(),
    })
}

#[derive(Serialize)]
struct Document<'a> {
    version: u8,
    mission_slug: &'a str,
    mission_id: Option<&'a str>,
    mission_branch: &'a str,
    target_branch: &'a str,
    lanes: Vec<LaneText<'a>>,
    computed_at: &'a str,
    computed_from: &'a str,
    planning_artifact_wps: &'a [WpId],
    planning_commit_sha: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    collapse_report: Option<Ordered<'a>>,
    #[serde(flatten)]
    unknown: &'a Object,
}

#[derive(Serialize)]
struct LaneText<'a> {
    lane_id: &'a str,
    wp_ids: &'a [WpId],
    write_scope: &'a [String],
    predicted_surfaces: &'a [String],
    depends_on_lanes: Vec<&'a str>,
    parallel_group: u32,
    #[serde(flatten)]
    unknown: &'a Object,
}

impl<'a> LaneText<'a> {
    fn of(lane: &'a Lane) -> Self {
        Self {
            lane_id: lane.id.as_str(),
            wp_ids: &lane.wp_ids,
            write_scope: &lane.write_scope,
            predicted_surfaces: &lane.predicted_surfaces,
            depends_on_lanes: lane.depends_on_lanes.iter().map(|id| id.as_str()).collect(),
            parallel_group: lane.parallel_group,
            unknown: &lane.unknown,
        }
    }
}

/// A value whose objects have the keys of the report first, in the reference's order.
struct Ordered<'a>(&'a Value);

const REPORT_KEYS: [&str; 8] = [
    "events",
    "wp_a",
    "wp_b",
    "rule",
    "evidence",
    "total_merges",
    "independent_wps_collapsed",
    "by_rule",
];

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(object) => serialize_ordered(object, serializer),
            Value::Array(items) => serializer.collect_seq(items.iter().map(Ordered)),
            plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                plain.serialize(serializer)
            }
        }
    }
}

fn serialize_ordered<S: Serializer>(
    object: &Map<String, Value>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let rank = |key: &str| REPORT_KEYS.iter().position(|known| *known == key);
    let mut entries: Vec<(&String, &Value)> = object.iter().collect();
    entries.sort_by_key(|(key, _)| rank(key).unwrap_or(REPORT_KEYS.len()));
    let mut map = serializer.serialize_map(Some(entries.len()))?;
    for (key, value) in entries {
        map.serialize_entry(key, &Ordered(value))?;
    }
    map.end()
}

/// JSON text with all but printable ASCII escaped: outside of strings it has nothing else.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(c, '\n' | ' '..='~') {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    text
}

#[cfg(test)]
#[path = "write_test.rs"]
mod tests;
