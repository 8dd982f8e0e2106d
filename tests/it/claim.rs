//! `git kitty wp claim`: whose a work package is, and since which claim.

use serde_json::Value;

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::state::{assert_unchanged, state};
use crate::scene::{Scene, TOPOLOGIES};

/// The scene with nothing going on in lane-b.
fn idle(topology: Topology) -> Scene {
    let mut scene = Scene::new(topology);
    scene.walk("WP02", &["for_review", "in_review", "approved", "done"]);
    scene
}

fn claim(at: &Checkout, actor: &str, more: &[&str]) -> Output {
    let call = at.call(["kitty", "wp", "claim", "WP03", "--actor", actor, "--format", "json"]);
    call.args(more).run()
}

fn document(said: &Output) -> Value {
    serde_json::from_str(&said.stdout).unwrap()
}

fn commit(scene: &Scene, actor: &str, variables: &[(&str, &str)]) -> Output {
    let count = scene.lane.ask(["rev-list", "--count", "HEAD"]);
    scene.lane.stage(&[("docs/guide.md", &format!("{count} {actor}\n"))]);
    let call = scene.lane.call(["commit", "-q", "-m", "work"]).env("GIT_KITTY_ACTOR", actor);
    variables.iter().fold(call, |call, (name, value)| call.env(name, value)).run()
}

#[test]
fn what_stands_in_the_way_is_told_by_kind() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        let before = state(&scene.repo).without("spec-kitty-locks");
        let said = claim(&scene.repo, "ada", &[]).exits(1);
        assert_unchanged(&before, &state(&scene.repo).without("spec-kitty-locks"));
        let told = document(&said);
        assert_eq!(told["error_code"], "CLAIM_BLOCKED", "{topology:?}: {said}");
        assert_eq!(told["ownership_blockers"][0]["wp_id"], "WP02", "{said}");
        assert_eq!(told["dependency_blockers"], serde_json::json!([]));
        assert_eq!(told["wp_id"], "WP03");
    }
}

#[test]
fn asked_again_by_the_same_actor_nothing_is_written_twice() {
    let scene = idle(Topology::Coordination);
    let first = document(&claim(&scene.repo, "ada", &[]).exits(0));
    assert_eq!((&first["status"], &first["epoch"]), (&"claimed".into(), &1.into()));
    assert_eq!(first["lane_id"], "lane-b");
    assert_eq!(first["branch"], scene.mission.lane_branch("lane-b"));
    let tip = scene.repo.id(&scene.mission.branch());
    let again = document(&claim(&scene.lane, "ada", &[]).exits(0));
    assert_eq!(scene.repo.id(&scene.mission.branch()), tip);
    assert_eq!((&again["event_id"], &again["epoch"]), (&first["event_id"], &1.into()));
    let said = claim(&scene.repo, "bob", &[]).exits(1);
    assert_eq!(document(&said)["error_code"], "CLAIM_HELD");
    assert!(said.stdout.contains("is ada's since"), "{said}");
}

#[test]
fn a_takeover_needs_a_reason_and_counts_on() {
    let scene = idle(Topology::Coordination);
    claim(&scene.repo, "ada", &[]).exits(0);
    claim(&scene.repo, "bob", &["--takeover"]).exits(2);
    let taken = document(&claim(&scene.repo, "bob", &["--takeover", "--reason", "gone"]).exits(0));
    assert_eq!((&taken["status"], &taken["epoch"]), (&"claimed".into(), &2.into()));
    assert_eq!(taken["warnings"][0]["code"], "CLAIM_NOT_STALE");
    let log = scene.on(&scene.mission.branch(), "status.events.jsonl");
    let last: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert_eq!(last["policy_metadata"]["epoch"], 2);
    assert_eq!((&last["force"], &last["reason"]), (&true.into(), &"gone".into()));
    scene.repo.kitty(["wp", "move", "WP03", "--to", "in_progress", "--actor", "bob"]).exits(0);
    let third = document(&claim(&scene.repo, "ada", &["--takeover", "--reason", "back"]).exits(0));
    assert_eq!((&third["status"], &third["epoch"]), (&"claimed".into(), &3.into()));
}

#[test]
fn work_of_who_was_taken_over_from_is_refused_with_a_code_of_its_own() {
    let scene = idle(Topology::Coordination);
    claim(&scene.repo, "ada", &[]).exits(0);
    commit(&scene, "ada", &[]).exits(0);
    claim(&scene.repo, "bob", &["--takeover", "--reason", "gone"]).exits(0);
    let tip = scene.lane.id("HEAD");
    let said = commit(&scene, "ada", &[]).exits(1);
    assert!(said.stderr.contains("[CLAIM_TAKEN_OVER]"), "{said}");
    assert!(said.stderr.contains("--takeover --reason"), "{said}");
    assert_eq!(scene.lane.id("HEAD"), tip);
    let said = commit(&scene, "nobody known", &[("GIT_KITTY_EPOCH", "1")]).exits(1);
    assert!(said.stderr.contains("[CLAIM_TAKEN_OVER]"), "{said}");
    commit(&scene, "bob", &[("GIT_KITTY_EPOCH", "2")]).exits(0);
    claim(&scene.repo, "ada", &["--takeover", "--reason", "back"]).exits(0);
    commit(&scene, "ada", &[("GIT_KITTY_EPOCH", "3")]).exits(0);
    commit(&scene, "bob", &[]).exits(1);
}

#[test]
fn neither_may_they_move_it_on_but_they_may_review_it() {
    let scene = idle(Topology::Coordination);
    claim(&scene.repo, "ada", &[]).exits(0);
    claim(&scene.repo, "bob", &["--takeover", "--reason", "gone"]).exits(0);
    let go = |actor: &str, to: &str| {
        let words = ["kitty", "wp", "move", "WP03", "--to", to, "--actor", actor];
        scene.repo.call(words).args(["--subtasks-complete", "--evidence", "e"])
    };
    let said = go("ada", "in_progress").run().exits(1);
    assert!(said.stderr.contains("[CLAIM_TAKEN_OVER]"), "{said}");
    go("bob", "in_progress").env("GIT_KITTY_EPOCH", "1").run().exits(1);
    go("bob", "in_progress").env("GIT_KITTY_EPOCH", "2").run().exits(0);
    go("ada", "for_review").run().exits(1);
    go("bob", "for_review").run().exits(0);
    go("ada", "in_review").run().exits(0);
}

#[test]
fn what_cannot_be_claimed_says_how_to_go_on_with_it() {
    let scene = idle(Topology::Coordination);
    claim(&scene.repo, "ada", &[]).exits(0);
    for (to, further) in [("blocked", "in_progress"), ("canceled", "planned")] {
        let words = ["kitty", "wp", "move", "WP03", "--to", to, "--actor", "ada"];
        let reason = ["--force", "--reason", "r"];
        scene.repo.call(words).args(reason).run().exits(0);
        let told = document(&claim(&scene.repo, "bob", &[]).exits(1));
        assert_eq!(
            (&told["error_code"], &told["wp_id"]),
            (&"TRANSITION_ILLEGAL".into(), &"WP03".into())
        );
        assert_eq!(told["mission_id"], scene.mission.id.as_str());
        let step = told["next_step"].as_str().unwrap().split('`').nth(1).unwrap().to_owned();
        assert!(step.contains(&format!("--to {further}")), "{step}");
        scene.repo.sh(&format!("{} --actor bob", step.replace('…', "r"))).exits(0);
    }
}

/// Two clones claim, and their logs come together: the earlier one's worktree is not the claim's.
#[test]
fn a_worktree_that_was_opened_for_an_earlier_claim_is_known() {
    let scene = idle(Topology::Coordination);
    let first = document(&claim(&scene.repo, "ada", &[]).exits(0));
    let marker =
        scene.repo.file(format!(".git/worktrees/{}-lane-b/kitty-claims.json", scene.mission.slug));
    let text = format!(r#"{{"schema":1,"claims":{{"WP03":{}}}}}"#, first["event_id"]);
    std::fs::write(&marker, text).unwrap();
    commit(&scene, "ada", &[]).exits(0);
    let elsewhere = format!(r#"{{"schema":1,"claims":{{"WP03":"{}"}}}}"#, "0".repeat(26));
    std::fs::write(&marker, elsewhere).unwrap();
    let said = commit(&scene, "ada", &[]).exits(1);
    assert!(said.stderr.contains("[CLAIM_TAKEN_OVER]"), "{said}");
}
