//! What came past every door, and what the doctor says of it.

use serde_json::Value;

use crate::kit::checkout::Checkout;
use crate::kit::mission::{Mission, Topology};
use crate::kit::repo::{RefFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::scene::Scene;

const BYPASSED: &str = "BRANCH_BYPASSED_DOORS";
const GONE: &str = "BRANCH_GONE_UNSEEN";

/// The findings about branches; looking changes nothing, and neither does `--fix` where it leaves them.
#[track_caller]
fn found(repo: &Checkout) -> Vec<Value> {
    let before = state(repo);
    let looked = report(repo, &[]);
    let fixed = report(repo, &["--fix"]);
    assert_unchanged(&before, &state(repo));
    assert!(fixed.iter().all(|finding| finding["outcome"] == "left"), "{fixed:?}");
    assert_eq!(looked.len(), fixed.len());
    looked
}

/// All findings that are for want of a branch, or that speak of it.
fn about(repo: &Checkout, branch: &str) -> Vec<Value> {
    let said = repo.kitty(["doctor", "--format", "json"]);
    let document: Value = serde_json::from_str(&said.stdout).unwrap();
    let all = document["findings"].as_array().unwrap().iter();
    let is_about = |found: &&Value| {
        let keys = ["subject", "message", "fix"].iter();
        let mut texts = keys.filter_map(|key| found[*key].as_str());
        texts.any(|text| text.contains(branch)) || found["code"] == "CLAIM_INTERRUPTED"
    };
    all.filter(is_about)
        .filter(|found| found["subject"] != "checkout-01KE6SJT lane-a")
        .cloned()
        .collect()
}

fn report(repo: &Checkout, arguments: &[&str]) -> Vec<Value> {
    let said = repo.kitty(["doctor", "--format", "json"].iter().chain(arguments));
    let document: Value = serde_json::from_str(&said.stdout).unwrap();
    let all = document["findings"].as_array().unwrap().clone();
    let own = all.iter().filter(|f| [BYPASSED, GONE].iter().any(|code| f["code"] == *code));
    own.cloned().collect()
}

/// Does what the finding says, word by word; then nothing is to be said any more.
#[track_caller]
fn follow(repo: &Checkout, finding: &Value) {
    let fix = finding["fix"].as_str().unwrap();
    let commands: Vec<&str> = fix.split('`').skip(1).step_by(2).collect();
    let script = if fix.contains(" or ") { commands[0].to_owned() } else { commands.join(" && ") };
    repo.sh(&script).exits(0);
    assert_eq!(found(repo), Vec::<Value>::new(), "{script}");
}

fn formats() -> Vec<RefFormat> {
    let reftable = Sandbox::new().has_reftable().then_some(RefFormat::Reftable);
    [RefFormat::Files].into_iter().chain(reftable).collect()
}

/// A commit of one file on top of the lane, on a branch that nobody guards.
fn prepare(scene: &Scene, branch: &str, path: &str) {
    scene.lane.unhooked(["switch", "-q", "-c", branch]).run().exits(0);
    scene.lane.commit_file(path, "new\n");
    scene.lane.unhooked(["switch", "-q", "-"]).run().exits(0);
}

#[test]
fn commits_that_came_past_every_door_are_told_with_the_way_back() {
    let ways = [
        "git -c core.hooksPath=/dev/null merge -q --ff-only $X",
        "git switch -q --detach; git branch -q -C $X $LANE; git switch -q $LANE",
    ];
    for (refs, way) in formats().into_iter().flat_map(|refs| ways.map(|way| (refs, way))) {
        let scene = Scene::in_repository(Topology::Coordination, RepoBuilder::default().refs(refs));
        let lane = scene.mission.lane_branch("lane-b");
        scene.commit(&[("src/b/more.rs", "more\n")]).exits(0);
        prepare(&scene, "good", "src/b/own.rs");
        prepare(&scene, "evil", "src/a/foreign.rs");
        let judged = scene.lane.id("HEAD");
        for (x, is_told) in [("good", false), ("evil", true)] {
            scene
                .lane
                .program("sh")
                .args(["-ec", way])
                .env("X", x)
                .env("LANE", &lane)
                .run()
                .exits(0);
            let found = found(&scene.repo);
            assert_eq!(found.len(), usize::from(is_told), "{refs:?} {way}: {found:?}");
            if is_told {
                assert_eq!(
                    (&found[0]["code"], &found[0]["subject"]),
                    (&BYPASSED.into(), &lane.as_str().into())
                );
                let message = found[0]["message"].as_str().unwrap();
                assert!(message.contains("[ACTIVE_WP_SCOPE_VIOLATION]"), "{message}");
                follow(&scene.repo, &found[0]);
                assert!(scene.repo.tip(&format!("kept/{lane}")).is_some(), "nothing is lost");
            }
            scene.restore(&judged);
        }
    }
}

/// No hook has seen the lane yet: it was made by us, and proven.
/// A mission whose first lane was claimed, and the worktree of that.
fn claimed() -> (Checkout, Mission, Checkout) {
    let repo = RepoBuilder::default().files(3).build(&Sandbox::new(), "repo");
    let mission = crate::scene::mission(Topology::Coordination).build(&repo);
    repo.kitty(["init"]).exits(0);
    repo.kitty(["wp", "claim", "WP01", "--actor", "ada"]).exits(0);
    let lane = Checkout::at(
        repo.sandbox(),
        repo.path().join(format!(".worktrees/{}-lane-a", mission.slug)),
    );
    (repo, mission, lane)
}

#[test]
fn the_first_commit_of_a_lane_is_found_too() {
    let (repo, _, lane) = claimed();
    assert_eq!(found(&repo), Vec::<Value>::new());
    lane.stage(&[("src/b/foreign.rs", "x\n")]);
    lane.unhooked(["commit", "-q", "-m", "x"]).run().exits(0);
    let told = found(&repo);
    assert_eq!(told.len(), 1, "{told:?}");
    follow(&repo, &told[0]);
}

#[test]
fn a_protected_branch_is_told_once_a_door_has_seen_it() {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    repo.kitty(["init"]).exits(0);
    let ahead = repo.ask(["commit-tree", "-p", "HEAD", "-m", "theirs", "HEAD^{tree}"]);
    repo.must(["update-ref", "refs/remotes/origin/main", &ahead]);
    repo.must(["config", "remote.origin.url", "/none"]);
    repo.must(["merge", "-q", "--ff-only", "origin/main"]);
    repo.commit_file("a", "past every hook\n");
    let told = found(&repo);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0]["message"].as_str().unwrap().ends_with("[PROTECTED_BRANCH_REFUSED]"),
        "{told:?}"
    );
    follow(&repo, &told[0]);
    repo.commit_file("a", "past every hook\n");
    repo.must(["update-ref", "refs/remotes/origin/main", "HEAD"]);
    assert_eq!(found(&repo), Vec::<Value>::new(), "its remote has it");
    repo.must(["update-ref", "-d", "refs/remotes/origin/main"]);
    assert_eq!(found(&repo).len(), 1);
    repo.kitty(["install", "--uninstall"]).exits(0);
    repo.kitty(["init"]).exits(0);
    assert_eq!(found(&repo), Vec::<Value>::new(), "what was there before is believed");
}

#[test]
fn branches_of_a_mission_that_were_renamed_away_are_told() {
    for refs in formats() {
        let scene = Scene::in_repository(Topology::Coordination, RepoBuilder::default().refs(refs));
        let lane = scene.mission.lane_branch("lane-b");
        scene.commit(&[("src/b/more.rs", "more\n")]).exits(0);
        scene.repo.must(["branch", "-q", "-m", &lane, "mine"]);
        let told = found(&scene.repo);
        // Its worktree tells the same, and how it gets the name back.
        assert_eq!(told, Vec::<Value>::new(), "{refs:?}");
        let all = about(&scene.repo, &lane);
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!(all[0]["code"], "LANE_WORKTREE_BRANCH_MISMATCH", "{all:?}");
        let fix = all[0]["fix"].as_str().unwrap();
        scene.repo.sh(fix.split('`').nth(1).unwrap()).exits(0);
        assert_eq!(about(&scene.repo, &lane), Vec::<Value>::new());
        let last = scene.lane.id("HEAD");
        scene.lane.must(["switch", "-q", "--detach"]);
        scene.repo.must(["update-ref", "refs/heads/mine", &last]);
        scene.repo.unhooked(["branch", "-q", "-D", &lane]).run().exits(0);
        let all = about(&scene.repo, &lane);
        let told: Vec<_> = all.iter().filter(|found| found["code"] == GONE).cloned().collect();
        assert_eq!((told.len(), all.len()), (1, 2), "the other is of what is checked out: {all:?}");
        assert_eq!(told[0]["subject"], lane.as_str());
        assert!(
            told[0]["message"].as_str().unwrap().contains("`mine` has its commits"),
            "{told:?}"
        );
        follow(&scene.repo, &told[0]);
        scene.lane.must(["switch", "-q", &lane]);
        let coordination = scene.mission.branch();
        let (tip, tree) = (scene.repo.id(&coordination), format!("{coordination}^{{tree}}"));
        let seen = scene.repo.ask(["commit-tree", "-p", &tip, "-m", "seen", &tree]);
        scene.repo.must(["update-ref", &format!("refs/heads/{coordination}"), &seen]);
        scene.repo.must(["branch", "-q", "-m", &coordination, "away"]);
        let told = found(&scene.repo);
        assert_eq!(told, Vec::<Value>::new(), "{refs:?}");
        assert_eq!(about(&scene.repo, &coordination).len(), 1, "{refs:?}");
        scene.repo.must(["branch", "-q", "-m", "away", &coordination]);
        assert_eq!(found(&scene.repo), Vec::<Value>::new());
    }
}

#[test]
fn branches_that_went_as_they_may_are_not_told() {
    let (repo, mission, lane) = claimed();
    lane.stage(&[("src/a/own.rs", "x\n")]);
    lane.must(["commit", "-q", "-m", "x"]);
    assert_eq!(found(&repo), Vec::<Value>::new());
    repo.kitty(["mission", "close", &mission.slug, "--discard"]).exits(0);
    assert_eq!(repo.tip(&mission.lane_branch("lane-a")), None);
    assert_eq!(found(&repo), Vec::<Value>::new());
}

#[test]
fn a_lane_that_went_for_something_that_went_after_it_is_told_with_its_commit() {
    let (repo, mission, lane) = claimed();
    lane.stage(&[("src/a/own.rs", "x\n")]);
    lane.must(["commit", "-q", "-m", "x"]);
    let (own, branch) = (lane.id("HEAD"), mission.lane_branch("lane-a"));
    repo.must(["worktree", "remove", &lane.path().display().to_string()]);
    repo.must(["remote", "add", "made-up", "."]);
    repo.must(["fetch", "-q", "made-up"]);
    repo.must(["branch", "-q", "-D", &branch]);
    let fixes = || -> Vec<String> {
        let said = repo.kitty(["doctor", "--format", "json"]).stdout;
        let document: Value = serde_json::from_str(&said).unwrap();
        let findings = document["findings"].as_array().unwrap().iter();
        let interrupted = findings.filter(|found| found["code"] == "CLAIM_INTERRUPTED");
        interrupted.map(|found| found["fix"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(fixes(), Vec::<String>::new(), "it may be somebody else's, elsewhere");
    repo.must(["remote", "remove", "made-up"]);
    let fix = fixes().remove(0);
    assert!(fix.contains(&format!("`git branch {branch} {own}`")), "{fix}");
    let commands = fix.split('`').skip(1).step_by(2).collect::<Vec<_>>().join(" && ");
    repo.sh(&format!("{commands} --actor ada")).exits(0);
    assert_eq!(lane.id("HEAD"), own);
}

#[test]
fn a_coordination_branch_that_was_written_over_unseen_is_none_that_nobody_guards() {
    let scene = Scene::new(Topology::Coordination);
    let branch = scene.mission.branch();
    let tree = scene.mission.open_coordination();
    tree.stage(&[(&format!("{}/plan.md", scene.mission.dir()), "plan\n")]);
    tree.must(["commit", "-q", "-m", "plan"]);
    let judged = tree.id("HEAD");
    tree.must(["switch", "-q", "--detach"]);
    scene.repo.commit_to("free", "main", "Free", &[("README.md".to_owned(), "x\n".to_owned())]);
    scene.repo.git(["branch", "-q", "-C", "free", &branch]).exits(0);
    let told = found(&scene.repo);
    assert_eq!(told.len(), 1, "{told:?}");
    tree.unhooked(["switch", "-q", &branch]).run().exits(0);
    tree.stage(&[("README.md", "more\n")]);
    assert!(!crate::scene::codes(&tree.git(["commit", "-q", "-m", "more"])).is_empty());
    tree.unhooked(["switch", "-q", "-f", "--detach"]).run().exits(0);
    for over in ["free", "main"] {
        scene.repo.unhooked(["branch", "-q", "-f", &branch, over]).run().exits(0);
        let said = scene.repo.git(["branch", "-D", &branch]);
        assert_eq!(crate::scene::codes(&said), ["BRANCH_DELETION_REFUSED"], "{said}");
    }
    scene.repo.git(["branch", "-q", "-f", &branch, &judged]).exits(0);
    assert_eq!(found(&scene.repo), Vec::<Value>::new());
}
