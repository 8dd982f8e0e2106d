//! The plain case of `status.json`: moves in order, no annotations, no duplicates, no rollbacks.
//!
//! It is a second opinion for tests, written from `formats.md` section 2 and apart from the
//! reducer under test.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::json;
use super::log::Log;

const STATUSES: [&str; 9] = [
    "planned",
    "claimed",
    "in_progress",
    "for_review",
    "in_review",
    "approved",
    "done",
    "blocked",
    "canceled",
];

/// The snapshot of `log`. Number and type of the mission are those of the `meta.json` beside the
/// log; where there is none, both are empty.
pub fn of(log: &Log, slug: &str, meta: Option<&Value>) -> String {
    let number = meta.and_then(|meta| meta["mission_number"].as_u64());
    let mission_type = meta.and_then(|meta| meta["mission_type"].as_str()).unwrap_or_default();
    let events = log.events();
    let last = |name: &str| events.last().map(|event| event[name].clone());
    let mut packages: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for event in &events {
        assert!(event.contains_key("to_lane"), "the plain fold knows no annotations");
        let package = packages.entry(event["wp_id"].as_str().unwrap().to_owned()).or_default();
        fold(package, event);
    }
    let mut summary: BTreeMap<&str, u64> = STATUSES.map(|status| (status, 0)).into();
    for package in packages.values() {
        *summary.get_mut(package["lane"].as_str().unwrap()).unwrap() += 1;
    }
    json::document(&json!({
        "event_count": events.len(), "last_event_id": last("event_id"),
        "materialized_at": last("at").unwrap_or_else(|| "".into()),
        "mission_number": number.map(|number| number.to_string()).unwrap_or_default(),
        "mission_slug": slug, "mission_type": mission_type,
        "summary": summary, "work_packages": packages,
    }))
}

fn fold(package: &mut Map<String, Value>, event: &Map<String, Value>) {
    let forced = package.get("force_count").and_then(Value::as_u64).unwrap_or(0)
        + u64::from(event["force"] == true);
    let same = [
        ("actor", "actor"),
        ("lane", "to_lane"),
        ("last_event_id", "event_id"),
        ("last_transition_at", "at"),
    ];
    for (own, name) in same {
        package.insert(own.to_owned(), event[name].clone());
    }
    package.insert("force_count".to_owned(), forced.into());
    if event["from_lane"] == "in_review" || event.contains_key("review_result") {
        let result = event.get("review_result").cloned().unwrap_or_default();
        package.insert("review_result".to_owned(), result);
    }
    let starts = event["from_lane"] == "planned" && event["to_lane"] == "claimed";
    if let (true, Value::Object(metadata)) = (starts, &event["policy_metadata"]) {
        for name in ["agent", "shell_pid", "shell_pid_created_at"] {
            if let Some(value) = metadata.get(name) {
                package.insert(name.to_owned(), value.clone());
            }
        }
    }
}
