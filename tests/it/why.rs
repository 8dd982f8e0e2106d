//! `git kitty why`: whose a path is, and what a commit of it would be told.

use serde_json::{Value, json};

use crate::kit::checkout::Checkout;
use crate::kit::log::{time, ulid};
use crate::kit::mission::Topology;
use crate::scene::{Scene, TOPOLOGIES};

/// What it says in JSON, without a word on stderr.
#[track_caller]
fn why(place: &Checkout, words: &[&str]) -> Value {
    let said = place.call(["kitty", "why", "--format", "json"]).args(words).run().exits(0);
    assert_eq!(said.stderr, "");
    serde_json::from_str(&said.stdout).unwrap()
}

#[test]
fn it_tells_owner_status_last_event_and_verdict() {
    let scene = Scene::new(Topology::Coordination);
    let said = scene.lane.kitty(["why", "src/b/two.rs", "src/a/one.rs", "no/such.file"]);
    let expected = "src/b/two.rs
  owned by WP02 (lane-b, in_progress) of checkout-01KE6SJT through `src/b/**`
    last moved at 2026-01-05T09:00:07.000007+00:00 by claude
  a commit on kitty/mission-checkout-01KE6SJT-lane-b: allowed, owned by the active work package through `src/b/**`
src/a/one.rs
  owned by WP01 (lane-a, in_progress) of checkout-01KE6SJT through `src/a/**`
    last moved at 2026-01-05T09:00:05.000005+00:00 by claude
  a commit on kitty/mission-checkout-01KE6SJT-lane-b: refused [ACTIVE_WP_SCOPE_VIOLATION]
no/such.file
  owned by no work package
  a commit on kitty/mission-checkout-01KE6SJT-lane-b: refused [ACTIVE_WP_SCOPE_VIOLATION]
";
    assert_eq!(said.parts(), (0, expected, ""));
}

#[test]
fn the_same_in_json() {
    let scene = Scene::new(Topology::Coordination);
    let expected = json!({
        "schema": 1,
        "branch": scene.mission.lane_branch("lane-b"),
        "paths": [{
            "path": "src/a/one.rs",
            "owners": ["WP01"],
            "active_wp": "WP02",
            "verdict": "refused",
            "rule": "not_owned",
            "reason": "refused: ACTIVE_WP_SCOPE_VIOLATION",
            "error_code": "ACTIVE_WP_SCOPE_VIOLATION",
            "work_packages": [{
                "mission_slug": scene.mission.slug,
                "wp_id": "WP01",
                "lane_id": "lane-a",
                "status": "in_progress",
                "entry": "src/a/**",
                "actor": "claude",
                "last_event_id": ulid(1_000_005),
                "last_transition_at": time(5),
            }],
        }],
        "warnings": [],
    });
    assert_eq!(why(&scene.lane, &["src/a/one.rs"]), expected);
}

#[test]
fn rules_have_names() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        let dir = scene.mission.dir();
        let paths = ["src/b/x", "src/a/x", "x", "README.md"].map(str::to_owned);
        let own = ["spec.md", "occurrence_map.yaml", "status.json", "status.events.jsonl"];
        let paths: Vec<_> =
            paths.into_iter().chain(own.map(|name| format!("{dir}/{name}"))).collect();
        let words: Vec<_> = paths.iter().map(String::as_str).collect();
        let told = |document: &Value| -> Vec<(String, String)> {
            let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
            let each = document["paths"].as_array().unwrap().iter();
            each.map(|entry| (text(&entry["verdict"]), text(&entry["error_code"]))).collect()
        };
        let allowed = ("allowed".to_owned(), "-".to_owned());
        let refused = |code: &str| ("refused".to_owned(), code.to_owned());
        let scope = refused("ACTIVE_WP_SCOPE_VIOLATION");
        let status = refused("STATUS_FILE_PROTECTED");
        let expected = [
            allowed.clone(),
            scope.clone(),
            scope,
            allowed.clone(),
            refused("MISSION_FILE_PROTECTED"),
            allowed.clone(),
            status.clone(),
            status,
        ];
        assert_eq!(told(&why(&scene.lane, &words)), expected, "{topology:?}");
        let branch = scene.mission.lane_branch("lane-b");
        let named = [&["--branch", branch.as_str()], words.as_slice()].concat();
        assert_eq!(told(&why(&scene.repo, &named)), expected, "{topology:?}");
        let protected = vec![refused("PROTECTED_BRANCH_REFUSED"); words.len()];
        assert_eq!(told(&why(&scene.repo, &words)), protected);
        scene.repo.must(["branch", "free"]);
        let named = [&["--branch", "free"], words.as_slice()].concat();
        assert_eq!(told(&why(&scene.repo, &named)), vec![allowed; words.len()]);
    }
}

#[test]
fn a_scope_decides_where_there_is_no_mission() {
    let scene = Scene::new(Topology::Primary);
    scene.repo.kitty(["scope", "add", "--branch", "own", "docs/**"]).exits(0);
    let said = scene.repo.kitty(["why", "--branch", "own", "docs/x", "src/a/one.rs"]);
    let expected = "docs/x
  owned by WP03 (lane-b, planned) of checkout-01KE6SJT through `docs/`
    last moved at 2026-01-05T09:00:03.000003+00:00 by finalize-tasks
  a commit on own: allowed, in the branch's scope through `docs/**`
src/a/one.rs
  owned by WP01 (lane-a, in_progress) of checkout-01KE6SJT through `src/a/**`
    last moved at 2026-01-05T09:00:05.000005+00:00 by claude
  a commit on own: refused [SCOPE_VIOLATION]
";
    assert_eq!(said.parts(), (0, expected, ""));
}

#[test]
fn without_context_it_says_why_there_is_none() {
    let mut scene = Scene::new(Topology::Split);
    scene.walk("WP03", &["planned", "claimed", "in_progress"]);
    let document = why(&scene.lane, &["src/b/two.rs"]);
    let entry = &document["paths"][0];
    assert_eq!(entry["error_code"], "ACTIVE_WP_CONTEXT_AMBIGUOUS");
    assert_eq!((&entry["verdict"], &entry["active_wp"]), (&json!("refused"), &Value::Null));
    assert_eq!(entry["owners"], json!(["WP02"]));
}

#[test]
fn looking_changes_nothing() {
    let scene = Scene::new(Topology::Coordination);
    let before = crate::kit::state::state(&scene.repo);
    scene.lane.kitty(["why", "src/b/two.rs"]).exits(0);
    scene.lane.kitty(["guard", "--explain"]).exits(0);
    crate::kit::state::assert_unchanged(&before, &crate::kit::state::state(&scene.repo));
}
