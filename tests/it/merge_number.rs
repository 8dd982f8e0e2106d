//! `mission_number`: given when a mission lands, once.

use serde_json::{Value, json};

use crate::kit::approved::{Approved, Files};
use crate::kit::mission::MissionBuilder;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::wp::Wp;

/// A mission with this in its `meta.json`, on a target that has such missions already.
fn scene(number: Value, others: &[Value]) -> Approved {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    for (index, other) in others.iter().enumerate() {
        let meta = json!({"mission_slug": format!("old-{index}"), "mission_number": other});
        repo.write(format!("kitty-specs/old-{index}/meta.json"), meta.to_string());
    }
    repo.write("kitty-specs/damaged/meta.json", "{\"mission_number\": 90");
    repo.write("kitty-specs/file", "no mission\n");
    repo.commit_all("Older missions");
    let wp = Wp::new("WP01").owns(&["a/**"]);
    let plan = MissionBuilder::new("pay").wp(wp).meta("mission_number", number);
    let lanes: [Files<'_>; 1] = [&[("a/one", "1\n")]];
    Approved::planned(&repo, plan, &lanes)
}

fn in_meta(scene: &Approved, revision: &str) -> Value {
    let text = scene.at(revision, &format!("{}/meta.json", scene.mission.dir())).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["mission_number"].clone()
}

#[test]
fn it_is_the_one_after_the_greatest_on_the_target() {
    let cases: [(&[Value], u32); 4] = [
        (&[], 1),
        (&[json!(3), json!(null), json!(41)], 42),
        (&[json!("042")], 43),
        (&[json!("x"), json!(-1)], 1),
    ];
    for (others, due) in cases {
        let scene = scene(json!(null), others);
        let dry = scene.json(&["merge", "pay", "--dry-run"], 0);
        assert_eq!(dry["would_assign_mission_number"], due, "{others:?}");
        let told = scene.json(&["merge", "pay"], 0);
        assert_eq!(
            (&told["mission_number"], &told["certificate"]["mission_number"]),
            (&json!(due), &json!(due))
        );
        assert_eq!(
            (in_meta(&scene, "main"), in_meta(&scene, &scene.mission.branch())),
            (json!(due), json!(due))
        );
        let status = scene.at("main", &format!("{}/status.json", scene.mission.dir())).unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(&status).unwrap()["mission_number"],
            due.to_string()
        );
        scene.json(&["verify-landing", "pay"], 0);
    }
}

#[test]
fn a_mission_that_has_one_keeps_it() {
    for (number, shown) in [(json!(7), json!(7)), (json!("007"), json!("007"))] {
        let scene = scene(number, &[json!(41)]);
        assert_eq!(scene.json(&["merge", "pay"], 0)["mission_number"], 7);
        assert_eq!(in_meta(&scene, "main"), shown);
        scene.json(&["verify-landing", "pay"], 0);
    }
}

#[test]
fn lanes_alone_and_what_is_taken_back_have_none() {
    let scene = scene(json!(null), &[json!(4)]);
    scene.json(&["merge", "pay", "--lanes-only"], 0);
    assert_eq!(in_meta(&scene, &scene.mission.branch()), Value::Null);
    assert_eq!(scene.json(&["merge", "pay"], 0)["mission_number"], 5);
    scene.json(&["undo"], 0);
    assert_eq!(in_meta(&scene, &scene.mission.branch()), Value::Null);
    // Another mission has landed meanwhile.
    scene.move_target(&[(
        "kitty-specs/new/meta.json",
        "{\"mission_slug\": \"new\", \"mission_number\": 5}",
    )]);
    assert_eq!(scene.json(&["merge", "pay"], 0)["mission_number"], 6);
    scene.json(&["verify-landing", "pay"], 0);
    assert_eq!(scene.statuses("main"), ["done"]);
}
