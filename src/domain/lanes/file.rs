//! Reading `lanes.json` (`formats.md` section 1).

use std::collections::HashSet;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::domain::id::{LaneId, MissionId, WpId};
use crate::domain::json::{self, Object};
use crate::domain::refusal::{Document, Refusal};
use crate::domain::source::Source;

/// The lanes of a mission.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Lanes {
    #[serde(rename = "version", deserialize_with = "version")]
    pub(super) _version: (),
    /// `mission_slug`, or the older `feature_slug`.
    #[serde(alias = "feature_slug", deserialize_with = "json::filled")]
    pub mission_slug: String,
    /// The mission's identity, or the slug again in files from before there were identities.
    #[serde(default, deserialize_with = "json::text")]
    pub(super) mission_id: Option<String>,
    /// The branch that the lanes are merged into first.
    #[serde(deserialize_with = "json::filled")]
    pub mission_branch: String,
    /// The branch that the mission lands on.
    #[serde(deserialize_with = "json::filled")]
    pub target_branch: String,
    /// The lanes, in the order of the file. Their ids differ, and no work package is in two.
    pub lanes: Vec<Lane>,
    /// When they were computed, as written.
    #[serde(deserialize_with = "json::filled")]
    pub computed_at: String,
    /// What they were computed from.
    #[serde(deserialize_with = "json::filled")]
    pub computed_from: String,
    /// The work packages that write planning files.
    #[serde(default, deserialize_with = "json::parsed_list")]
    pub planning_artifact_wps: Vec<WpId>,
    /// The commit that the planning files were in.
    #[serde(default, deserialize_with = "json::text")]
    pub planning_commit_sha: Option<String>,
    /// Why lanes were joined, as written.
    #[serde(default)]
    pub collapse_report: Option<Value>,
    /// Keys that we do not know.
    #[serde(flatten)]
    pub unknown: Object,
}

/// One lane.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Lane {
    /// Its id, unique in the mission.
    #[serde(rename = "lane_id", deserialize_with = "json::parsed")]
    pub id: LaneId,
    /// Its work packages, in the order of their dependencies.
    #[serde(deserialize_with = "json::parsed_list")]
    pub wp_ids: Vec<WpId>,
    /// The globs that its work packages own.
    #[serde(default, deserialize_with = "json::list")]
    pub write_scope: Vec<String>,
    /// The parts of the product it is likely to touch.
    #[serde(default, deserialize_with = "json::list")]
    pub predicted_surfaces: Vec<String>,
    /// The lanes to be merged before.
    #[serde(default, deserialize_with = "json::parsed_list")]
    pub depends_on_lanes: Vec<LaneId>,
    /// Its depth in the graph of lanes; those of equal depth can be worked on at once.
    #[serde(default)]
    pub parallel_group: u32,
    /// Keys that we do not know.
    #[serde(flatten)]
    pub unknown: Object,
}

impl Lanes {
    /// Reads the bytes of a `lanes.json`.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] with the line where there is one: no JSON, a version other than 1, a
    /// required key that is missing or empty, an id that is none, two lanes of the same id, a work
    /// package in two lanes or twice in one.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Self, Refusal> {
        let lanes: Self = json::read(bytes, Source::new(Document::Lanes, file))?;
        lanes
            .check_mission()
            .and_then(|()| lanes.check_unique())
            .map_err(|what| Refusal::damaged(Document::Lanes, file, None, what))?;
        Ok(lanes)
    }

    /// The mission's identity; files from before there were any have none.
    #[must_use]
    pub fn mission_id(&self) -> Option<MissionId> {
        self.mission_id.as_ref()?.parse().ok()
    }

    /// The lane with this id.
    #[must_use]
    pub fn lane(&self, id: &LaneId) -> Option<&Lane> {
        self.lanes.iter().find(|lane| lane.id == *id)
    }

    /// The lane that a work package is in.
    #[must_use]
    pub fn lane_of(&self, wp: &WpId) -> Option<&Lane> {
        self.lanes.iter().find(|lane| lane.wp_ids.contains(wp))
    }

    fn check_mission(&self) -> Result<(), String> {
        match &self.mission_id {
            Some(text) if *text != self.mission_slug => {
                text.parse::<MissionId>().map(|_| ()).map_err(|error| error.to_string())
            }
            Some(_) | None => Ok(()),
        }
    }

    fn check_unique(&self) -> Result<(), String> {
        let mut ids = HashSet::new();
        let mut wps = HashSet::new();
        for lane in &self.lanes {
            if !ids.insert(&lane.id) {
                return Err(format!("`{}` occurs twice", lane.id));
            }
            if let Some(wp) = lane.wp_ids.iter().find(|wp| !wps.insert(*wp)) {
                return Err(format!("`{wp}` occurs twice, the second time in `{}`", lane.id));
            }
        }
        Ok(())
    }
}

fn version<'de, D: Deserializer<'de>>(input: D) -> Result<(), D::Error> {
    let version = Value::deserialize(input)?;
    if version == 1 {
        Ok(())
    } else {
        Err(D::Error::custom(format!("version {version}: only version 1 can be read")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lanes(version: &str, lanes: &str) -> Result<Lanes, String> {
        let text = format!(
            "{{\n\"version\": {version},\n\"mission_slug\": \"m\",\n\"mission_branch\": \"kitty/m\",\n\
             \"target_branch\": \"main\",\n\"lanes\": [{lanes}],\n\"computed_at\": \"now\",\n\
             \"computed_from\": \"graph\",\n\"planning_commit_sha\": null,\n\"zzz\": 1}}\n"
        );
        Lanes::parse(text.as_bytes(), "lanes.json").map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn a_work_package_is_found_in_its_lane() {
        let lanes = lanes(
            "1",
            r#"{"lane_id": "lane-a", "wp_ids": ["WP01", "WP03"], "write_scope": ["src/**"], "path_base": "x"},
               {"lane_id": "lane-planning", "wp_ids": ["WP02"], "depends_on_lanes": ["lane-a"],
                "write_scope": null, "parallel_group": 1}"#,
        )
        .unwrap();
        let of = |wp: &str| lanes.lane_of(&wp.parse().unwrap()).map(|lane| lane.id.to_string());
        assert_eq!(of("WP03").as_deref(), Some("lane-a"));
        assert_eq!((of("WP02").as_deref(), of("WP04")), (Some("lane-planning"), None));
        let planning = lanes.lane(&"lane-planning".parse().unwrap()).unwrap();
        assert_eq!((planning.parallel_group, planning.depends_on_lanes.len()), (1, 1));
        assert_eq!(lanes.lanes[0].unknown["path_base"], "x");
        assert_eq!(lanes.unknown.keys().collect::<Vec<_>>(), ["zzz"]);
    }

    #[test]
    fn the_identity_may_be_the_slug_but_no_other_text() {
        for (text, expected) in [
            ("\"m\"", Ok(None)),
            ("null", Ok(None)),
            ("\"01ABCDEFGHJKMNPQRSTVWXYZ01\"", Ok(Some("01ABCDEFGHJKMNPQRSTVWXYZ01"))),
            ("\"n\"", Err("`n` is not a mission id (26 characters of Crockford's base 32)")),
        ] {
            let read = lanes(&format!("1, \"mission_id\": {text}"), "");
            let id = read.as_ref().map(Lanes::mission_id).map_err(String::as_str);
            let expected = expected
                .map(|id| id.map(|id| id.parse().unwrap()))
                .map_err(|what| format!("lanes.json: {what}"));
            assert_eq!(id.map_err(str::to_owned), expected);
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        let a = r#"{"lane_id": "lane-a", "wp_ids": ["WP01"]}"#;
        let b = r#"{"lane_id": "lane-b", "wp_ids": ["WP02", "WP01"]}"#;
        for (version, text, expected) in [
            ("1", format!("{a}, {a}"), "lanes.json: `lane-a` occurs twice"),
            (
                "1",
                format!("{a}, {b}"),
                "lanes.json: `WP01` occurs twice, the second time in `lane-b`",
            ),
            ("2", a.to_owned(), "lanes.json:2: version 2: only version 1 can be read"),
            ("\"1\"", a.to_owned(), "lanes.json:2: version \"1\": only version 1 can be read"),
            (
                "1",
                a.replace("WP01", "WP1"),
                "lanes.json:6: `WP1` is not a work package id (`WP` and at least two digits)",
            ),
            ("1", a.replace("wp_ids", "wps"), "lanes.json:6: missing field `wp_ids`"),
            (
                "1",
                a.replace("-a", "-{"),
                "lanes.json:6: `lane-{` is not a lane id (`lane-` and lower-case letters)",
            ),
        ] {
            assert_eq!(lanes(version, &text).unwrap_err(), expected);
        }
    }
}
