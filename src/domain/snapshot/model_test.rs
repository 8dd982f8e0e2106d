//! The reducer against a plain second one, on random histories.
//!
//! The second works on untyped JSON, looks through all events for every question, and shares no
//! code with the first.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::{MissionFacts, Snapshot, reduce, reduce_bytes};
use crate::domain::event::{Log, statuses};

const STATUSES: [&str; 11] = [
    "genesis",
    "planned",
    "claimed",
    "in_progress",
    "for_review",
    "in_review",
    "approved",
    "done",
    "blocked",
    "canceled",
    "doing",
];
const CLAIM: [&str; 3] = ["agent", "shell_pid", "shell_pid_created_at"];
const TEXTS: [&str; 6] =
    ["assignee", "role", "agent_profile", "agent_profile_version", "model", "provider"];

/// Ids, times and work packages are few, so that they often coincide.
fn event_id() -> impl Strategy<Value = String> {
    (0..40u8).prop_map(|n| format!("01ARZ3NDEKTSV4RRFFQ69G5F{n:02}"))
}

fn at() -> impl Strategy<Value = &'static str> {
    select(vec!["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5+00:00", "2026-01-02", "2025"])
}

fn wp_id() -> impl Strategy<Value = &'static str> {
    select(vec!["WP01", "WP02", "WP10"])
}

fn actor() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => select(vec![json!("ann"), json!("bo\u{e9}\"\\\n\u{7f}\u{1}")]),
        1 => (optional_text(), optional_text()).prop_map(|(tool, role)| {
            json!({ "tool": tool, "role": role, "profile": null, "model": "m" })
        }),
    ]
}

fn optional_text() -> impl Strategy<Value = Value> {
    select(vec![json!(null), json!(""), json!("x"), json!("y")])
}

fn lane_event() -> impl Strategy<Value = Value> {
    let status = || select(STATUSES.to_vec());
    let verdict = select(vec![
        json!(null),
        json!({}),
        json!({ "reviewer": "r", "verdict": "approved", "reference": "ref" }),
        json!({ "reviewer": "r", "verdict": "changes_requested", "reference": "", "feedback_path": "f" }),
    ]);
    let policy = select(vec![
        json!(null),
        json!({ "agent": "a", "shell_pid": 7 }),
        json!({ "agent": "", "shell_pid": "8", "shell_pid_created_at": "1.5", "more": [1] }),
    ]);
    let key = (event_id(), at(), wp_id(), actor());
    // Half of the moves are those that have rules of their own.
    let step = prop_oneof![
        (status(), status()),
        select(vec![
            ("planned", "claimed"),
            ("in_review", "in_progress"),
            ("for_review", "in_progress"),
            ("in_review", "doing"),
            ("in_review", "approved"),
        ]),
    ];
    (key, step, any::<bool>(), optional_text(), verdict, policy).prop_map(
        |((event_id, at, wp_id, actor), (from, to), force, review_ref, verdict, policy)| {
            json!({
                "event_id": event_id, "at": at, "wp_id": wp_id, "actor": actor,
                "from_lane": from, "to_lane": to, "force": force, "review_ref": review_ref,
                "review_result": verdict, "policy_metadata": policy, "execution_mode": "worktree",
                "mission_slug": format!("007-{wp_id}"), "evidence": null, "unknown": { "a": 1 },
            })
        },
    )
}

fn annotation() -> impl Strategy<Value = Value> {
    let refs = || select(vec![json!(null), json!([]), json!(["#1", "#1"]), json!(["#2", "#1"])]);
    let texts = vec(optional_text(), TEXTS.len());
    let claim = (optional_text(), select(vec![json!(null), json!(0), json!("12"), json!(-3)]));
    let subtasks =
        select(vec![json!(null), json!({}), json!({ "T1": "doing" }), json!({ "T2": "done" })]);
    let review = select(vec![
        json!(null),
        json!({ "at": "", "actor": "", "wp_id": "", "reason": "" }),
        json!({ "at": "t", "actor": "a", "wp_id": "WP01", "reason": "" }),
    ]);
    let key = (event_id(), at(), wp_id(), actor());
    let lists = (refs(), refs(), subtasks, review, optional_text());
    (key, texts, claim, lists, select(vec![json!(null), json!(true), json!(false)])).prop_map(
        |((event_id, at, wp_id, actor), texts, claim, lists, release)| {
            let mut delta = Map::from_iter(TEXTS.map(str::to_owned).into_iter().zip(texts));
            delta.insert("agent".into(), claim.0.clone());
            delta.insert("shell_pid_created_at".into(), claim.0);
            delta.insert("shell_pid".into(), claim.1);
            delta.insert("tracker_refs".into(), lists.0);
            delta.insert("tracker_refs_replace".into(), lists.1);
            delta.insert("subtasks".into(), lists.2);
            delta.insert("review".into(), lists.3);
            delta.insert("note".into(), lists.4);
            delta.insert("release_runtime_claim".into(), release);
            json!({
                "event_id": event_id, "at": at, "wp_id": wp_id, "actor": actor,
                "kind": "annotation", "delta": delta,
            })
        },
    )
}

fn foreign() -> impl Strategy<Value = Value> {
    select(vec![
        json!({ "event_type": "X", "at": 3, "event_id": "01ARZ3NDEKTSV4RRFFQ69G5F00" }),
        json!({ "type": "RetrospectiveCaptured", "wp_id": null, "actor": { "kind": "runtime" } }),
    ])
}

fn growth() -> impl Strategy<Value = Value> {
    prop_oneof![6 => lane_event(), 3 => annotation(), 1 => foreign()]
}

/// The event as one that comes after all those of [`history`].
fn later((mut event, number): (Value, usize)) -> Value {
    if event.get("wp_id").is_some_and(Value::is_string) {
        event["at"] = json!(format!("2026-02-01T00:00:{number:02}"));
        event["event_id"] = json!(format!("01BRZ3NDEKTSV4RRFFQ69G5F{number:02}"));
    }
    event
}

fn history() -> impl Strategy<Value = Vec<Value>> {
    vec(growth(), 0..40)
}

fn to_log(events: &[Value]) -> String {
    events.iter().map(|event| format!("{event}\n")).collect()
}

fn canonical(status: &Value) -> &str {
    status.as_str().map(|name| if name == "doing" { "in_progress" } else { name }).unwrap()
}

fn name(actor: &Value) -> &str {
    let of = |key| actor.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    actor.as_str().or(of("tool")).or(of("role")).unwrap_or("")
}

fn is_rollback(event: &Value) -> bool {
    canonical(&event["to_lane"]) == "in_progress"
        && (event["from_lane"] == "in_review"
            || event["from_lane"] == "for_review" && !event["review_ref"].is_null())
}

fn is_something(value: &Value) -> bool {
    !value.is_null() && *value != json!("")
}

/// Those that `wanted` takes, the first of each id, sorted.
fn counted(events: &[Value], wanted: impl Fn(&Value) -> bool) -> Vec<&Value> {
    let mut counted: Vec<&Value> = Vec::new();
    for event in events.iter().filter(|event| wanted(event)) {
        if counted.iter().all(|other| other["event_id"] != event["event_id"]) {
            counted.push(event);
        }
    }
    counted.sort_by_key(|event| (event["at"].as_str(), event["event_id"].as_str()));
    counted
}

fn model(events: &[Value]) -> Value {
    let moves = counted(events, |event| event.get("to_lane").is_some());
    let mut wps: Map<String, Value> = Map::new();
    for (index, event) in moves.iter().enumerate() {
        let same_moment =
            |other: &&&Value| other["wp_id"] == event["wp_id"] && other["at"] == event["at"];
        // All events of one moment stand together, so any rollback among them before this one wins.
        if !is_rollback(event) && moves[..index].iter().filter(same_moment).any(|e| is_rollback(e))
        {
            continue;
        }
        apply_move(wps.entry(event["wp_id"].as_str().unwrap()).or_insert(json!({})), event);
    }
    for note in counted(events, |event| event.get("kind").is_some()) {
        let fresh = json!({
            "lane": "uninitialized", "actor": name(&note["actor"]), "last_event_id": null,
            "last_transition_at": null, "force_count": 0,
        });
        apply_note(wps.entry(note["wp_id"].as_str().unwrap()).or_insert(fresh), &note["delta"]);
    }
    let count = |status| wps.values().filter(|wp| wp["lane"] == status).count();
    let summary: Map<String, Value> =
        STATUSES[1..10].iter().map(|s| ((*s).to_owned(), json!(count(*s)))).collect();
    json!({
        "event_count": moves.len(),
        "last_event_id": moves.last().map(|event| &event["event_id"]),
        "materialized_at": moves.last().map_or(json!(""), |event| event["at"].clone()),
        "mission_number": "",
        "mission_slug": moves.first().map_or(json!(""), |event| event["mission_slug"].clone()),
        "mission_type": "software-dev",
        "summary": summary,
        "work_packages": wps,
    })
}

fn apply_move(wp: &mut Value, event: &Value) {
    let forced = wp["force_count"].as_u64().unwrap_or(0) + u64::from(event["force"] == true);
    wp["lane"] = json!(canonical(&event["to_lane"]));
    wp["actor"] = json!(name(&event["actor"]));
    wp["last_event_id"] = event["event_id"].clone();
    wp["last_transition_at"] = event["at"].clone();
    wp["force_count"] = json!(forced);
    if event["from_lane"] == "planned" && event["to_lane"] == "claimed" {
        for key in CLAIM {
            let value = &event["policy_metadata"][key];
            if !value.is_null() && (key != "agent" || value != "") {
                wp[key] = value.clone();
            }
        }
    }
    let verdict = &event["review_result"];
    if verdict.get("verdict").is_some() {
        wp["review_result"] = verdict.clone();
    } else if event["from_lane"] == "in_review" {
        wp["review_result"] = Value::Null;
    }
}

fn apply_note(wp: &mut Value, delta: &Value) {
    if delta["release_runtime_claim"] == true {
        CLAIM.iter().for_each(|key| wp[*key] = Value::Null);
    }
    for key in CLAIM.iter().chain(&TEXTS).filter(|key| is_something(&delta[**key])) {
        wp[*key] = if delta[*key] == "12" { json!(12) } else { delta[*key].clone() };
    }
    if let Some(subtasks) = delta["subtasks"].as_object() {
        if wp.get("subtasks").is_none() {
            wp["subtasks"] = json!({});
        }
        subtasks.iter().for_each(|(id, status)| wp["subtasks"][id] = json!(canonical(status)));
    }
    if !delta["note"].is_null() {
        append(wp, "notes", &delta["note"]);
    }
    if delta["tracker_refs_replace"].is_array() {
        wp["tracker_refs"] = json!([]);
    }
    let replaced = delta["tracker_refs_replace"].as_array();
    if let Some(refs) = replaced.or(delta["tracker_refs"].as_array()) {
        if wp.get("tracker_refs").is_none() {
            wp["tracker_refs"] = json!([]);
        }
        for item in refs {
            if !wp["tracker_refs"].as_array().unwrap().contains(item) {
                append(wp, "tracker_refs", item);
            }
        }
    }
    if delta["review"].is_object() {
        let all_empty = delta["review"].as_object().unwrap().values().all(|text| text == "");
        wp["review"] = if all_empty { Value::Null } else { delta["review"].clone() };
    }
}

fn append(wp: &mut Value, key: &str, item: &Value) {
    if wp.get(key).is_none() {
        wp[key] = json!([]);
    }
    wp[key].as_array_mut().unwrap().push(item.clone());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_reducer_equals_the_plain_one(events in history()) {
        let log = to_log(&events);
        let ours = reduce_bytes("log", log.as_bytes(), Some(&MissionFacts::default())).unwrap();
        let expected = format!("{:#}\n", model(&events));
        prop_assert_eq!(String::from_utf8(ours).unwrap(), expected);
    }

    #[test]
    fn what_grows_is_what_is_read_whole(events in history(), news in vec(growth(), 0..8)) {
        let facts = MissionFacts { number: Some(7), mission_type: None };
        let old = to_log(&events);
        let news: Vec<Value> = news.into_iter().zip(0..).map(later).collect();
        let added = to_log(&news);
        let log = |bytes| Log::parse("log", bytes).unwrap();
        let events: Vec<_> = log(added.as_bytes()).lines().iter().map(|l| l.event.clone()).collect();
        let bytes = reduce_bytes("log", old.as_bytes(), None).unwrap();
        let grown = Snapshot::parse("s", &bytes).unwrap().grown(&events, Some(&facts)).unwrap();
        let whole = reduce(&log((old.clone() + &added).as_bytes()), Some(&facts)).unwrap();
        if let Some(grown) = grown {
            prop_assert_eq!(grown, whole);
        } else {
            let tells_less = |event: &Value| {
                let claims = event["from_lane"] == "planned" && event["to_lane"] == "claimed";
                claims || event.get("event_type").is_some() || event.get("type").is_some()
            };
            let begins = whole.event_count == news.iter().filter(|e| e.get("to_lane").is_some()).count();
            prop_assert!(begins || news.iter().any(tells_less));
        }
    }

    #[test]
    fn the_light_reading_is_that_of_the_union(events in history(), cut in 0..40usize) {
        let (one, two) = events.split_at(cut.min(events.len()));
        let (one, two, all) = (to_log(one), to_log(two), to_log(&events));
        let logs = [&one, &two].map(|log| Log::parse("log", log.as_bytes()).unwrap());
        let all = Log::parse("log", all.as_bytes()).unwrap();
        prop_assert_eq!(statuses(&logs), statuses([&all]));
        let model = model(&events);
        for (wp_id, wp) in statuses([&all]) {
            let expected = &model["work_packages"][wp_id];
            prop_assert_eq!(&json!(wp.status.as_str()), &expected["lane"]);
            prop_assert_eq!(&json!(wp.last_event_id), &expected["last_event_id"]);
        }
    }
}
