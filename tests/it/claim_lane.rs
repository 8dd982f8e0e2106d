//! What a claim opens: the lane's branch and worktree, once, whoever is killed on the way.

use std::thread;

use git_kitty::git::crash::{CLAIM, TRANSACTION, WORKTREE};
use serde_json::Value;

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::{Mission, MissionBuilder, Topology};
use crate::kit::repo::{RefFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;

/// A mission of as many lanes of one work package each; the last one waits for the first.
fn mission(repo: &Checkout, topology: Topology, lanes: usize) -> Mission {
    let mut builder = MissionBuilder::new("pay").topology(topology);
    for number in 1..=lanes {
        let id = format!("WP{number:02}");
        let wp = Wp::new(&id).owns(&[&format!("src/{number}/**")]);
        let letter = char::from(b'a' + u8::try_from(number - 1).unwrap());
        builder = builder.wp(if number == lanes && lanes > 1 { wp.needs(&["WP01"]) } else { wp });
        builder = builder.lane(&format!("lane-{letter}"), &[&id]);
    }
    let mission = builder.build(repo);
    repo.kitty(["init"]).exits(0);
    mission
}

fn repo() -> Checkout {
    RepoBuilder::default().files(3).build(&Sandbox::new(), "repo")
}

fn claim(at: &Checkout, wp: &str) -> Output {
    at.kitty(["wp", "claim", wp, "--actor", "ada", "--format", "json"])
}

fn document(said: &Output) -> Value {
    serde_json::from_str(&said.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

fn worktree(repo: &Checkout, mission: &Mission, lane: &str) -> Checkout {
    repo.below(format!(".worktrees/{}-{lane}", mission.slug))
}

#[test]
fn the_lane_is_open_and_one_can_commit_there() {
    for topology in [Topology::Coordination, Topology::Split] {
        let repo = repo();
        let mission = mission(&repo, topology, 2);
        let told = document(&claim(&repo, "WP01").exits(0));
        let lane = worktree(&repo, &mission, "lane-a");
        assert_eq!(told["worktree"], lane.path().canonicalize().unwrap().to_str().unwrap());
        assert_eq!(told["branch"], mission.lane_branch("lane-a"));
        assert_eq!(lane.ask(["symbolic-ref", "--short", "HEAD"]), mission.lane_branch("lane-a"));
        assert_eq!(lane.ask(["status", "--porcelain"]), "");
        assert_eq!(repo.ask(["status", "--porcelain", "--untracked-files=no"]), "", "{topology:?}");
        let skipped = lane.ask(["ls-files", "-t"]);
        let skipped: Vec<_> = skipped.lines().filter(|line| line.starts_with('S')).collect();
        let dir = mission.dir();
        assert_eq!(
            skipped,
            [format!("S {dir}/status.events.jsonl"), format!("S {dir}/status.json")]
        );
        lane.stage(&[("src/1/new.rs", "1\n")]);
        lane.git(["commit", "-q", "-m", "mine"]).exits(0);
        lane.stage(&[("src/2/new.rs", "2\n")]);
        lane.git(["commit", "-q", "-m", "not mine"]).exits(1);
        let view = repo.below(format!(".worktrees/{}-coord", mission.slug));
        let log = format!("{dir}/status.events.jsonl");
        assert!(view.read(&log).contains("\"claimed\""), "the coordination worktree is there");
        assert_eq!(view.ask(["status", "--porcelain"]), "");
    }
}

#[test]
fn without_the_coordination_worktree_if_nobody_wants_it() {
    let repo = repo();
    let mission = mission(&repo, Topology::Coordination, 1);
    repo.git(["config", "kitty.coordinationWorktree", "false"]).exits(0);
    claim(&repo, "WP01").exits(0);
    assert!(!repo.path().join(format!(".worktrees/{}-coord", mission.slug)).exists());
}

#[test]
fn a_setting_that_says_neither_yes_nor_no_is_refused_before_anything_happens() {
    let repo = repo();
    mission(&repo, Topology::Coordination, 1);
    repo.git(["config", "kitty.coordinationWorktree", "maybe"]).exits(0);
    let before = state(&repo);
    let said = repo.kitty(["wp", "claim", "WP01"]).exits(2);
    assert_eq!(
        said.stderr,
        "error: the setting `kitty.coordinationWorktree` cannot be `maybe` [SETTING_INVALID]\n\
         hint: set it to `true` or `false`: `git config kitty.coordinationWorktree VALUE`\n"
    );
    assert_unchanged(&before, &state(&repo));
}

#[test]
fn an_older_mission_opens_its_lane_from_a_protected_main() {
    let repo = repo();
    let mission = mission(&repo, Topology::Primary, 2);
    let main = repo.id("main");
    let told = document(&claim(&repo, "WP01").exits(0));
    assert_eq!(told["commits"][0]["branch"], mission.lane_branch("lane-a"));
    let lane = worktree(&repo, &mission, "lane-a");
    assert_eq!(lane.ask(["status", "--porcelain"]), "");
    assert_eq!(repo.id("main"), main);
    let codes: Vec<_> =
        told["warnings"].as_array().unwrap().iter().map(|w| w["code"].clone()).collect();
    assert_eq!(codes, ["OLDER_MISSION"]);
    let said = claim(&repo, "WP02").exits(1);
    assert_eq!(document(&said)["dependency_blockers"][0]["wp_id"], "WP01");
    assert_eq!(repo.tip(&mission.lane_branch("lane-b")), None);
}

#[test]
fn twenty_at_once_all_succeed() {
    for refs in [RefFormat::Files, RefFormat::Reftable] {
        let sandbox = Sandbox::new();
        if refs == RefFormat::Reftable && !sandbox.has_reftable() {
            continue;
        }
        let repo = RepoBuilder::default().files(3).refs(refs).build(&sandbox, "repo");
        let mission = mission(&repo, Topology::Coordination, 20);
        let ids: Vec<String> = (1..20).map(|number| format!("WP{number:02}")).collect();
        thread::scope(|scope| {
            let claims = ids.iter().map(|id| scope.spawn(|| claim(&repo, id)));
            let claims: Vec<_> = claims.collect();
            claims.into_iter().for_each(|claim| drop(claim.join().unwrap().exits(0)));
        });
        let worktrees = repo.ask(["worktree", "list", "--porcelain"]);
        let lanes =
            worktrees.lines().filter(|line| line.contains("-lane-") && line.starts_with("branch"));
        assert_eq!(lanes.count(), 19, "{worktrees}");
        for number in 0..19 {
            let lane = format!("lane-{}", char::from(b'a' + number));
            assert_eq!(worktree(&repo, &mission, &lane).ask(["status", "--porcelain"]), "");
        }
        let log = format!("{}:{}/status.events.jsonl", mission.branch(), mission.dir());
        assert_eq!(repo.ask(["show", &log]).matches("\"to_lane\": \"claimed\"").count(), 19);
    }
}

#[test]
fn killed_at_any_step_and_claimed_again_it_is_whole() {
    for step in TRANSACTION
        .iter()
        .chain(WORKTREE)
        .chain(CLAIM)
        .chain(&["after-publish", "after-first-rename"])
    {
        let repo = repo();
        let mission = mission(&repo, Topology::Coordination, 1);
        let call = repo.call(["kitty", "wp", "claim", "WP01", "--actor", "ada"]);
        let status = call.env("GIT_KITTY_CRASH", step).run().status;
        assert!(status == 128 + 6 || status == 0, "{step}: {status}");
        let told = document(&claim(&repo, "WP01").exits(0));
        assert_eq!(told["epoch"], 1, "{step}");
        let lane = worktree(&repo, &mission, "lane-a");
        assert_eq!(lane.ask(["status", "--porcelain"]), "", "{step}");
        lane.stage(&[("src/1/new.rs", "1\n")]);
        lane.git(["commit", "-q", "-m", "mine"]).exits(0);
        let log = format!("{}:{}/status.events.jsonl", mission.branch(), mission.dir());
        assert_eq!(
            repo.ask(["show", &log]).matches("\"to_lane\": \"claimed\"").count(),
            1,
            "{step}"
        );
        assert!(repo.ask(["ls-files"]).lines().count() > 2);
        let marker = std::fs::read_to_string(
            repo.file(format!(".git/worktrees/{}-lane-a/kitty-claims.json", mission.slug)),
        );
        assert!(marker.unwrap().contains(told["event_id"].as_str().unwrap()), "{step}");
    }
}

#[test]
fn what_stands_where_the_worktree_would_be_is_told_and_nothing_is_lost() {
    let repo = repo();
    let mission = mission(&repo, Topology::Coordination, 1);
    let path = format!(".worktrees/{}-lane-a/mine.txt", mission.slug);
    repo.write(&path, "mine\n");
    let before = state(&repo).without("spec-kitty-locks");
    let said = claim(&repo, "WP01").exits(1);
    let told = document(&said);
    assert_eq!(told["error_code"], "CLAIM_BLOCKED", "{said}");
    assert_eq!(told["workspace_blockers"].as_array().unwrap().len(), 1, "{said}");
    assert_unchanged(&before, &state(&repo).without("spec-kitty-locks"));
    assert_eq!(repo.read(&path), "mine\n");
    std::fs::remove_file(repo.file(&path)).unwrap();
    claim(&repo, "WP01").exits(0);
}

#[test]
fn the_first_review_brings_the_coordination_branch_in() {
    let repo = repo();
    let mission = mission(&repo, Topology::Coordination, 2);
    claim(&repo, "WP01").exits(0);
    let lane = worktree(&repo, &mission, "lane-a");
    repo.kitty(["wp", "move", "WP01", "--to", "in_progress", "--actor", "ada"]).exits(0);
    lane.stage(&[("src/1/new.rs", "1\n")]);
    lane.git(["commit", "-q", "-m", "mine"]).exits(0);
    let call =
        ["wp", "move", "WP01", "--to", "for_review", "--actor", "ada", "--subtasks-complete"];
    repo.kitty(call).exits(0);
    let before = lane.id("HEAD");
    repo.kitty(["wp", "move", "WP01", "--to", "in_review", "--actor", "rita"]).exits(0);
    let after = lane.id("HEAD");
    assert_ne!(before, after);
    assert_eq!(lane.ask(["status", "--porcelain"]), "");
    let own = lane.ask(["log", "--format=%s", &format!("{}..HEAD", mission.branch())]);
    assert_eq!(own, "mine", "replayed on the coordination branch as it was before the move");
}

#[test]
fn no_link_leads_out_of_the_repository() {
    let repo = repo();
    mission(&repo, Topology::Coordination, 1);
    std::fs::create_dir(repo.file("../outside")).unwrap();
    std::fs::create_dir(repo.file("../outside/empty")).unwrap();
    repo.symlink(".worktrees", "../outside");
    let told = document(&claim(&repo, "WP01").exits(1));
    assert_eq!(told["error_code"], "WORKTREE_PATH_TAKEN", "{told}");
    assert!(told["paths"][0].as_str().unwrap().ends_with("/.worktrees"), "{told}");
    let said = repo.kitty(["mission", "worktree"]).exits(1);
    assert!(said.stderr.contains("[WORKTREE_PATH_TAKEN]"), "{said}");
    repo.kitty(["doctor", "--fix"]);
    let left = std::fs::read_dir(repo.file("../outside")).unwrap().count();
    assert_eq!(left, 1, "the empty directory is not ours");
    std::fs::remove_file(repo.file(".worktrees")).unwrap();
    repo.write(".worktrees", "a file\n");
    let told = document(&claim(&repo, "WP01").exits(1));
    assert_eq!(told["error_code"], "WORKTREE_PATH_TAKEN", "{told}");
}

#[test]
fn what_was_staged_in_a_worktree_that_is_gone_comes_back_with_it() {
    let repo = repo();
    let mission = mission(&repo, Topology::Coordination, 1);
    claim(&repo, "WP01").exits(0);
    let lane = worktree(&repo, &mission, "lane-a");
    lane.stage(&[("src/1/staged.rs", "staged\n")]);
    std::fs::remove_dir_all(lane.path()).unwrap();
    let told = document(&claim(&repo, "WP01").exits(0));
    assert_eq!(told["warnings"][0]["code"], "WORKTREE_REVIVED", "{told}");
    assert_eq!(lane.read("src/1/staged.rs"), "staged\n");
    assert_eq!(lane.ask(["status", "--porcelain"]), "A  src/1/staged.rs");
}

#[test]
fn a_finished_lane_that_only_the_remote_has_is_brought_in() {
    let repo = repo();
    let mission = mission(&repo, Topology::Coordination, 2);
    claim(&repo, "WP01").exits(0);
    let lane = worktree(&repo, &mission, "lane-a");
    lane.stage(&[("src/1/new.rs", "1\n")]);
    lane.git(["commit", "-q", "-m", "mine"]).exits(0);
    let (tip, branch) = (lane.id("HEAD"), mission.lane_branch("lane-a"));
    let force = ["--force", "--reason", "enough"];
    repo.call(["kitty", "wp", "move", "WP01", "--to", "done"]).args(force).run().exits(0);
    repo.git(["worktree", "remove", lane.path().to_str().unwrap()]).exits(0);
    repo.git(["remote", "add", "origin", "nowhere"]).exits(0);
    repo.git(["update-ref", &format!("refs/remotes/origin/{branch}"), &tip]).exits(0);
    repo.git(["branch", "-q", "-D", &branch]).exits(0);
    claim(&repo, "WP02").exits(0);
    let other = worktree(&repo, &mission, "lane-b");
    assert_eq!(other.read("src/1/new.rs"), "1\n");
}

/// What may start by `ready` finds what it needs, also where the lane of that goes on.
#[test]
fn a_needed_package_is_brought_in_though_its_lane_goes_on() {
    let repo = repo();
    let mission = MissionBuilder::new("pay")
        .topology(Topology::Coordination)
        .wp(Wp::new("WP01").owns(&["src/1/**"]))
        .wp(Wp::new("WP02").owns(&["src/2/**"]).needs(&["WP01"]))
        .wp(Wp::new("WP03").owns(&["src/1/more.rs"]))
        .lane("lane-a", &["WP01", "WP03"])
        .lane("lane-b", &["WP02"])
        .build(&repo);
    repo.kitty(["init"]).exits(0);
    claim(&repo, "WP01").exits(0);
    let lane = worktree(&repo, &mission, "lane-a");
    lane.stage(&[("src/1/new.rs", "1\n")]);
    lane.git(["commit", "-q", "-m", "mine"]).exits(0);
    let force = ["--force", "--reason", "enough"];
    repo.call(["kitty", "wp", "move", "WP01", "--to", "done"]).args(force).run().exits(0);
    assert!(repo.kitty(["ready"]).exits(0).stdout.contains("ready    WP02"));
    claim(&repo, "WP02").exits(0);
    assert_eq!(worktree(&repo, &mission, "lane-b").read("src/1/new.rs"), "1\n");
}

#[test]
fn a_branch_that_was_deleted_under_its_worktree_comes_back_with_its_commits() {
    let repo = repo();
    let mission = mission(&repo, Topology::Coordination, 1);
    claim(&repo, "WP01").exits(0);
    let lane = worktree(&repo, &mission, "lane-a");
    lane.stage(&[("src/1/new.rs", "1\n")]);
    lane.git(["commit", "-q", "-m", "mine"]).exits(0);
    let (tip, branch) = (lane.id("HEAD"), mission.lane_branch("lane-a"));
    repo.unhooked(["update-ref", "-d", &format!("refs/heads/{branch}")]).run().exits(0);
    let told = document(&repo.kitty(["lane", "list", "--format", "json"]).exits(0));
    assert_eq!(told["lanes"][0]["state"], "incomplete", "{told}");
    claim(&repo, "WP01").exits(0);
    assert_eq!(repo.tip(&branch), Some(tip));
    assert_eq!(lane.ask(["status", "--porcelain"]), "");
}

#[test]
fn a_claim_that_was_killed_lets_the_coordination_worktree_follow_when_repeated() {
    let repo = repo();
    let mission = mission(&repo, Topology::Coordination, 3);
    claim(&repo, "WP01").exits(0);
    let call = repo.call(["kitty", "wp", "claim", "WP02", "--actor", "ada"]);
    call.env("GIT_KITTY_CRASH", "after-publish").run().exits(128 + 6);
    let view = repo.below(format!(".worktrees/{}-coord", mission.slug));
    assert_ne!(view.ask(["status", "--porcelain"]), "", "it was left behind");
    claim(&repo, "WP02").exits(0);
    assert_eq!(view.ask(["status", "--porcelain"]), "");
}

#[test]
fn somebody_else_s_branch_is_no_lane() {
    let repo = repo();
    let mission = mission(&repo, Topology::Coordination, 1);
    let commit = repo.ask(["commit-tree", "-m", "not of the mission", &repo.id("HEAD^{tree}")]);
    let branch = mission.lane_branch("lane-a");
    repo.unhooked(["branch", &branch, &commit]).run().exits(0);
    let told = document(&claim(&repo, "WP01").exits(1));
    assert!(told.to_string().contains("LANE_BRANCH_FOREIGN"), "{told}");
    assert_eq!(repo.tip(&branch), Some(commit));
    repo.git(["branch", "-m", &branch, "KEEP"]).exits(0);
    claim(&repo, "WP01").exits(0);
}
