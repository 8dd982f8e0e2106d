//! What is in the way of `git kitty merge`: all of it at once, each with a code, facts and what to do.

use serde_json::{Value, json};

use crate::kit::approved::{APPROVED, Approved, Files};
use crate::kit::checkout::Checkout;
use crate::kit::mission::MissionBuilder;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;

/// Two lanes and the worktree of lane-b; WP02 needs WP01.
fn scene() -> Approved {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    repo.commit_file("a/one", "one\n");
    let plan = MissionBuilder::new("pay")
        .wp(Wp::new("WP01").owns(&["a/**"]))
        .wp(Wp::new("WP02").owns(&["b/**"]).needs(&["WP01"]));
    let lanes: [Files<'_>; 2] = [&[("a/one", "1\n")], &[("b/two", "two\n")]];
    Approved::planned(&repo, plan, &lanes)
}

fn lane(scene: &Approved) -> Checkout {
    let path = format!(".worktrees/{}-lane-b", scene.mission.slug);
    scene.repo.worktree(&path, &scene.mission.lane_branch("lane-b"))
}

/// What `merge WORDS` says is in the way, and that a rehearsal says the same; nothing changes.
#[track_caller]
fn blocked(scene: &Approved, words: &[&str], codes: &[&str]) -> Vec<Value> {
    let before = state(&scene.repo);
    let told = scene.json(&[&["merge"], words].concat(), 1);
    let blockers = told["blockers"].as_array().unwrap().clone();
    let found: Vec<&str> = blockers.iter().map(|one| one["error_code"].as_str().unwrap()).collect();
    assert_eq!(found, codes, "{told}");
    assert_eq!(told["error_code"], codes[0]);
    for one in &blockers {
        let said = ["message", "next_step"].map(|key| one[key].as_str().unwrap());
        assert!(said.iter().all(|text| !text.is_empty()), "{one}");
        assert!(told["message"].as_str().unwrap().contains(said[0]), "{told}");
    }
    let dry = scene.json(&[&["merge", "--dry-run"], words].concat(), 1);
    assert_eq!(dry["blockers"], told["blockers"]);
    assert_unchanged(&before, &state(&scene.repo));
    blockers
}

#[test]
fn a_work_package_that_is_not_finished() {
    let mut scene = scene();
    scene.mission.log.walk("WP02", &["approved", "in_progress"]);
    scene.mission.save();
    let found = blocked(&scene, &[], &["WP_UNFINISHED"]);
    let facts = ["wp_id", "status", "lane_id"].map(|key| found[0][key].as_str().unwrap());
    assert_eq!(facts, ["WP02", "in_progress", "lane-b"]);
    // The finished lane comes alone.
    let told = scene.json(&["merge", "--lanes-only"], 0);
    let skipped = json!([{
        "lane_id": "lane-b", "branch": scene.mission.lane_branch("lane-b"), "reason": "unfinished",
        "wp_ids": ["WP02"],
    }]);
    assert_eq!((&told["skipped"], &told["certificate"]), (&skipped, &Value::Null));
    assert_eq!(scene.statuses(&scene.mission.branch()), ["done", "in_progress"]);
    assert_eq!(scene.at("main", "a/one").as_deref(), Some("one\n"));
    // Again there is nothing to do, and later the other comes, and all lands.
    assert_eq!(scene.json(&["merge", "--lanes-only"], 0)["refs"], json!([]));
    for to in ["for_review", "in_review"] {
        let more: &[&str] =
            if to == "for_review" { &["--subtasks-complete", "--evidence", "e"] } else { &[] };
        scene.repo.kitty([&["wp", "move", "WP02", "--to", to], more].concat()).exits(0);
    }
    let review = ["--reviewer", "rita", "--verdict", "approved", "--reference", "r"];
    scene.repo.kitty([&["wp", "move", "WP02", "--to", "approved"][..], &review].concat()).exits(0);
    let told = scene.json(&["merge"], 0);
    let outcomes: Vec<&Value> =
        told["stages"][0]["lanes"].as_array().unwrap().iter().map(|one| &one["outcome"]).collect();
    assert_eq!(outcomes, ["contained", "merged"]);
    scene.json(&["verify-landing"], 0);
}

#[test]
fn a_work_package_that_another_needs() {
    let mut scene = scene();
    scene.mission.log.walk("WP01", &["approved", "in_progress"]);
    scene.mission.save();
    let found = blocked(&scene, &[], &["WP_UNFINISHED", "DEPENDENCY_UNFINISHED"]);
    let facts = ["wp_id", "dependency", "status"].map(|key| found[1][key].as_str().unwrap());
    assert_eq!(facts, ["WP02", "WP01", "in_progress"]);
    // A lane whose dependency is not finished may have commits of it.
    let told = scene.json(&["merge", "--lanes-only"], 0);
    let reasons: Vec<&Value> =
        told["skipped"].as_array().unwrap().iter().map(|one| &one["reason"]).collect();
    assert_eq!(
        (reasons, &told["refs"]),
        (vec![&json!("unfinished"), &json!("dependency_unfinished")], &json!([]))
    );
}

#[test]
fn a_review_that_speaks_against_it() {
    let mut scene = scene();
    scene.mission.log.walk("WP02", &["approved", "in_progress", "for_review", "in_review"]);
    scene.mission.log.event("WP02", "in_review", "in_progress").review("rita", "changes_requested");
    scene.mission.log.event("WP02", "in_progress", "approved").force("hurry");
    scene.mission.save();
    let found = blocked(&scene, &[], &["REJECTED_REVIEW_ARTIFACT_CONFLICT"]);
    let facts = ["wp_id", "reviewer", "reference", "violated_invariant"];
    let facts = facts.map(|key| found[0][key].as_str().unwrap());
    let invariant = "terminal_wp_latest_review_artifact_must_not_be_rejected";
    assert_eq!(facts, ["WP02", "rita", "review:WP02", invariant]);
    scene.repo.kitty(["merge", "--skip-review-check"]).exits(2);
    scene.repo.kitty(["merge", "--skip-review-check", "--note", " "]).exits(2);
    scene.repo.kitty(["merge", "--note", "because"]).exits(2);
    // Who sets it aside goes on record; a rehearsal leaves none.
    let words = ["merge", "--skip-review-check", "--note", "agreed by phone"];
    let before = state(&scene.repo);
    scene.json(&[&words[..], &["--dry-run"]].concat(), 0);
    assert_unchanged(&before, &state(&scene.repo));
    scene.json(&words, 0);
    let audit = scene.repo.sh("cat $(find .git -name policy-audit.jsonl)").exits(0).stdout;
    assert!(audit.contains("merge_gate_override") && audit.contains("agreed by phone"), "{audit}");
    let log = scene.at("main", &format!("{}/status.events.jsonl", scene.mission.dir())).unwrap();
    let noted: Vec<&str> =
        log.lines().filter(|line| line.contains("\"review_note\": \"agreed")).collect();
    assert_eq!(noted.len(), 2, "the certificate and WP02: {noted:#?}");
}

#[test]
fn a_review_file_that_speaks_against_it() {
    let mut scene = scene();
    // The log has no verdict: somebody forced it, as older logs have it.
    let repo = scene.repo.below("../other");
    let repo = RepoBuilder::default().build(repo.sandbox(), "other");
    let plan = MissionBuilder::new("pay").wp(Wp::new("WP01").owns(&["a/**"]));
    scene.mission = plan.build(&repo);
    scene.repo = repo;
    scene.mission.log.event("WP01", "planned", "approved").force("imported");
    scene.mission.save();
    scene.mission.open_lane("lane-a");
    scene.mission.review_cycle("WP01", 1, Some("rejected"));
    let lock = format!(".git/spec-kitty-locks/{}.status.lock", scene.mission.slug);
    scene.repo.write(lock, "");
    let found = blocked(&scene, &[], &["REJECTED_REVIEW_ARTIFACT_CONFLICT"]);
    assert_eq!(found[0]["wp_id"], "WP01");
    assert!(found[0]["reference"].as_str().unwrap().ends_with("review-cycle-1.md"), "{}", found[0]);
}

#[test]
fn a_lane_whose_branch_is_gone() {
    let scene = scene();
    let branch = scene.mission.lane_branch("lane-b");
    scene.repo.unhooked(["branch", "-q", "-D", &branch]).run().exits(0);
    let found = blocked(&scene, &[], &["LANE_NOT_OPEN"]);
    assert_eq!(
        (&found[0]["lane_id"], &found[0]["destination_ref"]),
        (&json!("lane-b"), &json!(branch))
    );
}

#[test]
fn a_lane_with_what_none_of_its_packages_owns() {
    let scene = scene();
    let commit = scene.move_lane(1, &[("stray", "not mine\n"), ("b/more", "more\n")]);
    let found = blocked(&scene, &[], &["LANE_OUT_OF_SCOPE"]);
    assert_eq!((&found[0]["lane_id"], &found[0]["commit"]), (&json!("lane-b"), &json!(commit)));
    assert_eq!(found[0]["paths"], json!(["stray"]));
    // Taken back by a later commit it is still there.
    scene.move_lane(1, &[("stray", "")]);
    blocked(&scene, &[], &["LANE_OUT_OF_SCOPE", "LANE_OUT_OF_SCOPE"]);
}

#[test]
fn a_lane_with_what_nobody_committed() {
    let scene = scene();
    let lane = lane(&scene);
    lane.write("b/two", "in the making\n");
    lane.write("b/new", "new\n");
    let found = blocked(&scene, &[], &["LANE_WORKTREE_DIRTY"]);
    assert_eq!(
        (&found[0]["lane_id"], &found[0]["paths"]),
        (&json!("lane-b"), &json!(["b/new", "b/two"]))
    );
    lane.must(["stash", "-q", "-u"]);
    lane.must(["bisect", "start"]);
    let found = blocked(&scene, &[], &["WORKTREE_BUSY"]);
    assert!(found[0]["message"].as_str().unwrap().contains("-lane-b"), "{}", found[0]);
}

#[test]
fn a_target_that_is_not_there() {
    let scene = scene();
    scene.repo.must(["checkout", "-q", "-b", "elsewhere"]);
    scene.repo.must(["branch", "-q", "-D", "main"]);
    let found = blocked(&scene, &[], &["DESTINATION_REF_NOT_FOUND"]);
    assert_eq!(found[0]["destination_ref"], "main");
}

#[test]
fn a_strategy_that_cannot_be_is_told_with_the_rest() {
    let scene = scene();
    scene.move_target(&[("new", "new\n")]);
    scene.repo.write("a/one", "mine\n");
    blocked(
        &scene,
        &["--strategy", "ff"],
        &["LANDING_NOT_FAST_FORWARD", "REF_ADVANCE_DIRTY_WORKTREE"],
    );
}

#[test]
fn all_is_said_at_once() {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    repo.commit_file("a/one", "one\n");
    let wps = ["a", "b", "c", "d", "e"].iter().zip(1..).map(|(dir, number)| {
        let wp = Wp::new(&format!("WP{number:02}")).owns(&[&format!("{dir}/**")]);
        if number == 2 { wp.needs(&["WP05"]) } else { wp }
    });
    let plan = wps.fold(MissionBuilder::new("pay"), MissionBuilder::wp);
    let lanes: [Files<'_>; 5] = [
        &[("a/one", "1\n")],
        &[("b/x", "1\n")],
        &[("c/x", "1\n"), ("stray", "1\n")],
        &[("d/x", "1\n")],
        &[("e/x", "1\n")],
    ];
    let mut scene = Approved::planned(&repo, plan, &lanes);
    scene.mission.log.walk("WP05", &["approved", "in_progress"]);
    scene.mission.log.walk("WP04", &["approved", "in_progress", "for_review", "in_review"]);
    scene.mission.log.event("WP04", "in_review", "in_progress").review("rita", "changes_requested");
    scene.mission.log.event("WP04", "in_progress", "approved").force("hurry");
    scene.mission.save();
    let view = scene.repo.worktree(".worktrees/b", &scene.mission.lane_branch("lane-c"));
    view.write("c/x", "in the making\n");
    let host = scene.repo.id("main");
    scene.repo.must(["config", "remote.origin.url", "nowhere"]);
    scene.repo.must(["config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"]);
    scene.repo.must(["checkout", "-q", "--detach"]);
    scene.repo.commit_file("theirs", "theirs\n");
    scene.repo.must(["update-ref", "refs/remotes/origin/main", "HEAD"]);
    scene.repo.must(["checkout", "-q", "main"]);
    scene.repo.must(["branch", "-q", "-u", "origin/main", "main"]);
    scene.repo.write("a/one", "mine\n");
    assert_eq!(scene.repo.id("main"), host);
    let all = [
        "WP_UNFINISHED",
        "DEPENDENCY_UNFINISHED",
        "REJECTED_REVIEW_ARTIFACT_CONFLICT",
        "LANE_OUT_OF_SCOPE",
        "LANE_WORKTREE_DIRTY",
        "TARGET_BRANCH_NOT_SYNCHRONIZED",
        "REF_ADVANCE_DIRTY_WORKTREE",
    ];
    blocked(&scene, &[], &all);
    let said = scene.merge(&[]).exits(1).stderr;
    assert_eq!(APPROVED.last(), Some(&"approved"));
    assert!(
        said.contains("WP05 is in_progress") && said.contains("is behind `origin/main`"),
        "{said}"
    );
}

#[test]
fn a_log_that_lost_lines_is_merged_by_nobody() {
    let scene = scene();
    scene.json(&["merge", "--dry-run"], 0);
    scene.repo.kitty(["status"]).exits(0);
    let path = format!("{}/status.events.jsonl", scene.mission.dir());
    let own = scene.mission.branch();
    let text = scene.at(&own, &path).unwrap();
    let fewer: String = text.lines().take(4).map(|line| format!("{line}\n")).collect();
    scene.repo.commit_to(&own, &own, "Lose lines", &[(path, fewer)]);
    let before = state(&scene.repo);
    let told = scene.json(&["merge"], 1);
    assert_eq!(told["error_code"], "LOG_REGRESSED", "{told}");
    assert_unchanged(&before, &state(&scene.repo));
}

#[test]
fn an_older_mission_is_adopted_first() {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    let plan = MissionBuilder::new("pay").wp(Wp::new("WP01").owns(&["a/**"]));
    let mission = plan.topology(crate::kit::mission::Topology::Primary).build(&repo);
    let scene = Approved { repo, mission };
    for words in [&["merge"][..], &["merge", "--dry-run"]] {
        assert_eq!(scene.json(words, 1)["error_code"], "COORDINATION_BRANCH_NONE");
    }
}

/// A rehearsal is the same code, and changes nothing that can be seen.
#[test]
fn a_rehearsal_says_what_will_be_and_changes_nothing() {
    let scene = scene();
    let view = scene.mission.open_coordination();
    let lane = lane(&scene);
    let before = state(&scene.repo);
    for words in [
        &[][..],
        &["--lanes-only"],
        &["--pr"],
        &["--strategy", "squash"],
        &["--strategy", "rebase"],
    ] {
        let dry = scene.json(&[&["merge", "--dry-run"], words].concat(), 0);
        let planned = dry["commits"].as_array().unwrap();
        assert!(
            dry["dry_run"] == true && planned.iter().all(|one| one["outcome"] == "planned"),
            "{words:?}"
        );
    }
    let dry = scene.json(&["merge", "--dry-run", "--strategy", "merge"], 0);
    assert_unchanged(&before, &state(&scene.repo));
    let told = scene.json(&["merge", "--strategy", "merge"], 0);
    let names = |told: &Value| -> Vec<Value> {
        told["refs"].as_array().unwrap().iter().map(|one| json!([one["ref"], one["old"]])).collect()
    };
    assert_eq!(names(&dry), names(&told));
    assert_eq!(dry["would_assign_mission_number"], told["mission_number"]);
    assert_eq!(dry["certificate"]["counts"], told["certificate"]["counts"]);
    assert_eq!(
        (view.ask(["status", "--porcelain"]), lane.ask(["status", "--porcelain"])),
        (String::new(), String::new())
    );
}
