//! `git kitty merge`: many lanes, their order, and which of them come.

use serde_json::{Value, json};

use crate::kit::approved::{APPROVED, Approved, Files};
use crate::kit::mission::MissionBuilder;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::wp::Wp;

/// Twenty texts, each with another line of the same.
fn lists(count: usize) -> Vec<String> {
    let line = |lane: usize, n: usize| {
        if lane == n { format!("{n} of {lane}\n") } else { format!("{n}\n") }
    };
    (0..count).map(|lane| (0..count * 4).map(|n| line(lane * 4, n)).collect()).collect()
}

fn outcomes(told: &Value) -> Vec<(String, String)> {
    let lanes = told["stages"][0]["lanes"].as_array().unwrap();
    let text = |lane: &Value, key: &str| lane[key].as_str().unwrap().to_owned();
    lanes.iter().map(|lane| (text(lane, "lane_id"), text(lane, "outcome"))).collect()
}

#[test]
fn twenty_lanes_that_touch_nothing_in_common_come_together() {
    let names: Vec<String> = ('a'..='t').map(|letter| format!("{letter}/file")).collect();
    let files: Vec<[(&str, &str); 1]> =
        names.iter().map(|name| [(name.as_str(), "new\n")]).collect();
    let lanes: Vec<Files<'_>> = files.iter().map(|files| &files[..]).collect();
    let scene = Approved::new(&lanes);
    let told = scene.json(&["merge"], 0);
    let all = outcomes(&told);
    assert_eq!(all.len(), 20);
    assert!(all.iter().all(|(_, outcome)| outcome == "merged") && all.is_sorted());
    assert!(names.iter().all(|name| scene.at("main", name).is_some()));
    assert_eq!(scene.statuses("main"), ["done"; 20]);
    // The summary stays short.
    let said = scene.repo.kitty(["undo"]).exits(0);
    let merged = scene.merge(&[]).exits(0);
    for said in [said, merged] {
        let rest = said.stdout.lines().filter(|line| !line.starts_with("lane-"));
        assert!(rest.map(str::len).sum::<usize>() <= 1024, "{said}");
    }
    scene.json(&["verify-landing"], 0);
    scene.assert_clean("after it");
}

#[test]
fn twenty_lanes_that_touch_one_file_come_together() {
    let lists = lists(20);
    let base = (0..80).map(|n| format!("{n}\n")).collect::<String>();
    let base = vec![("common/list".to_owned(), Some(base))];
    let edits: Vec<_> =
        lists.iter().map(|list| vec![("common/list".to_owned(), Some(list.clone()))]).collect();
    let scene = Approved::edited(&base, &edits.iter().collect::<Vec<_>>());
    for strategy in ["merge", "rebase"] {
        scene.json(&["merge", "--strategy", strategy], 0);
        let list = scene.at("main", "common/list").unwrap();
        assert_eq!(list.lines().filter(|line| line.contains(" of ")).count(), 20);
        scene.json(&["verify-landing"], 0);
        scene.json(&["undo"], 0);
    }
}

/// A mission in which lane-a needs lane-c, which needs lane-b; lane-d is canceled.
fn chain() -> Approved {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    let wp = |id: &str, dir: &str| Wp::new(id).owns(&[dir]);
    let plan = MissionBuilder::new("pay")
        .wp(wp("WP01", "a/**").needs(&["WP03"]))
        .wp(wp("WP02", "b/**"))
        .wp(wp("WP03", "c/**").needs(&["WP02"]))
        .wp(wp("WP04", "d/**"));
    let lanes: [Files<'_>; 3] = [&[("a/x", "1\n")], &[("b/x", "1\n")], &[("c/x", "1\n")]];
    let mut scene = Approved::planned(&repo, plan, &lanes);
    scene.mission.log.walk("WP04", &APPROVED[..3]);
    scene.mission.log.event("WP04", "in_progress", "canceled").force("not wanted");
    scene.mission.save();
    let own = scene.mission.lane_branch("lane-d");
    let files = [("d/x".to_owned(), "unwanted\n".to_owned())];
    scene.repo.commit_to(&own, &scene.mission.branch(), "Unwanted", &files);
    scene
}

#[test]
fn each_lane_comes_behind_those_that_it_needs_and_a_canceled_one_stays_out() {
    let scene = chain();
    let told = scene.json(&["merge"], 0);
    let order: Vec<String> = outcomes(&told).into_iter().map(|(lane, _)| lane).collect();
    assert_eq!(order, ["lane-b", "lane-c", "lane-a"]);
    let skipped = json!([{
        "lane_id": "lane-d", "branch": scene.mission.lane_branch("lane-d"), "reason": "canceled",
        "wp_ids": ["WP04"],
    }]);
    assert_eq!(told["skipped"], skipped);
    assert_eq!(scene.at("main", "d/x"), None);
    assert_eq!(scene.statuses("main"), ["done", "done", "done", "canceled"]);
    let merges = scene.repo.ask(["log", "--first-parent", "--merges", "--format=%s", "main"]);
    let own = scene.mission.branch();
    let due = ["a", "c", "b"].map(|lane| format!("Merge lane-{lane} into {own}"));
    assert_eq!(merges.lines().collect::<Vec<_>>(), due);
    scene.json(&["verify-landing"], 0);
}

/// One that somebody merged by hand, and one that is part of another.
#[test]
fn what_is_there_already_is_merged_by_nobody() {
    let lanes: [Files<'_>; 3] = [&[("a/one", "1\n")], &[], &[("c/x", "x\n")]];
    let scene = Approved::new(&lanes);
    let [first, last] = ["lane-a", "lane-c"].map(|lane| scene.mission.lane_branch(lane));
    scene
        .repo
        .worktree(".worktrees/last", &last)
        .unhooked(["merge", "-q", "--no-edit", &first])
        .run()
        .exits(0);
    let told = scene.json(&["merge"], 0);
    let outcome = |lane: &str, outcome: &str| (lane.to_owned(), outcome.to_owned());
    assert_eq!(outcomes(&told)[0], outcome("lane-a", "merged"));
    assert_eq!(outcomes(&told)[2], outcome("lane-c", "merged"));
    scene.json(&["verify-landing"], 0);
    let scene = Approved::two();
    let view = scene.mission.open_coordination();
    let second = scene.mission.lane_branch("lane-b");
    view.unhooked(["merge", "-q", "--no-edit", &second]).run().exits(0);
    let told = scene.json(&["merge"], 0);
    let due = [("lane-a", "merged"), ("lane-b", "contained")];
    assert_eq!(outcomes(&told), due.map(|(lane, outcome)| (lane.to_owned(), outcome.to_owned())));
    assert_eq!(scene.statuses("main"), ["done", "done"]);
    assert_eq!(told["certificate"]["lanes"][1]["commit"], Value::Null);
    scene.json(&["verify-landing"], 0);
    scene.repo.kitty(["mission", "close"]).exits(0);
}

/// Events name what happened as the reference does, and reviews as they were.
#[test]
fn events_say_who_approved_what_and_where_it_went() {
    let scene = Approved::two();
    let told = scene.json(&["merge"], 0);
    let path = format!("{}/status.events.jsonl", scene.mission.dir());
    let log = scene.at("main", &path).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let new = &lines[lines.len() - 3..];
    assert_eq!(new[0]["event_type"], "MissionLanded");
    assert_eq!(new[0]["payload"]["operation"], told["operation"]);
    for (event, wp) in new[1..].iter().zip(["WP01", "WP02"]) {
        let keys =
            ["wp_id", "from_lane", "to_lane", "reason"].map(|key| event[key].as_str().unwrap());
        assert_eq!(keys, [wp, "approved", "done", &format!("Merged {wp} into main")]);
        let review =
            json!({"reference": format!("review:{wp}"), "reviewer": "rita", "verdict": "approved"});
        assert_eq!(event["evidence"]["review"], review);
        let phase = json!({"merge_phase": "lane_integrated", "target_branch": "main"});
        assert_eq!(event["policy_metadata"], phase);
        assert_eq!(event["force"], false);
    }
    let times: Vec<&str> = lines.iter().filter_map(|line| line["at"].as_str()).collect();
    assert!(times.is_sorted_by(|one, two| one < two), "{times:?}");
    let ids: Vec<&Value> = told["stages"][0]["events"].as_array().unwrap().iter().collect();
    assert_eq!(ids, new.iter().map(|line| &line["event_id"]).collect::<Vec<_>>());
}
