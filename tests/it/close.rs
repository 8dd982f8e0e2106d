//! `git kitty mission close`: nothing goes that only a branch or a worktree has.

use serde_json::Value;

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::{Mission, MissionBuilder, Topology};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;

/// A mission whose only work package is claimed, in a repository whose `main` one may commit to.
fn scene() -> (Checkout, Mission, Checkout) {
    let repo = RepoBuilder::default().files(3).build(&Sandbox::new(), "repo");
    repo.commit_file(".gitignore", ".kittify/workspaces/\n");
    repo.commit_file(".kittify/metadata.yaml", "spec_kitty: {}\n");
    repo.commit_file(".kittify/config.yaml", "protection:\n  protected_branches: []\n");
    let mission = MissionBuilder::new("pay")
        .topology(Topology::Coordination)
        .wp(Wp::new("WP01").owns(&["src/**"]))
        .lane("lane-a", &["WP01"])
        .build(&repo);
    repo.kitty(["init"]).exits(0);
    repo.kitty(["wp", "claim", "WP01"]).exits(0);
    let lane = repo.below(format!(".worktrees/{}-lane-a", mission.slug));
    lane.stage(&[("src/new.rs", "new\n")]);
    lane.git(["commit", "-q", "-m", "work"]).exits(0);
    (repo, mission, lane)
}

fn close(repo: &Checkout, more: &[&str]) -> Output {
    repo.call(["kitty", "mission", "close", "pay", "--format", "json"]).args(more).run()
}

fn code(said: &Output) -> String {
    let document: Value = serde_json::from_str(&said.stdout).unwrap();
    document["error_code"].as_str().unwrap_or_default().to_owned()
}

fn land(repo: &Checkout, mission: &Mission) {
    let lane = mission.lane_branch("lane-a");
    let view = repo.below(format!(".worktrees/{}-coord", mission.slug));
    view.unhooked(["merge", "-q", "--no-edit", &lane]).run().exits(0);
    repo.unhooked(["merge", "-q", "--ff-only", &mission.branch()]).run().exits(0);
}

fn branches(repo: &Checkout) -> String {
    repo.ask(["for-each-ref", "--format=%(refname)", "refs/heads/kitty/"])
}

#[test]
fn what_has_landed_goes_and_is_read_from_the_target_then() {
    let (repo, mission, _) = scene();
    land(&repo, &mission);
    let (tip, lane) = (repo.id(&mission.branch()), repo.id(&mission.lane_branch("lane-a")));
    let told: Value = serde_json::from_str(&close(&repo, &[]).exits(0).stdout).unwrap();
    assert_eq!(told["refs"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&told["refs"][0]["old"], &told["refs"][1]["old"]),
        (&tip.clone().into(), &lane.into())
    );
    assert_eq!(told["worktrees"].as_array().unwrap().len(), 2);
    assert_eq!(branches(&repo), "");
    assert_eq!(repo.ask(["worktree", "list", "--porcelain"]).matches("worktree ").count(), 1);
    assert_eq!(repo.id(&format!("refs/kitty/landed/{}", mission.id)), tip);
    assert_eq!(repo.ask(["status", "--porcelain"]), "");
    assert_eq!(std::fs::read_dir(repo.file(".kittify/workspaces")).unwrap().count(), 0);
    let shown = repo.kitty(["mission", "show", "pay", "--format", "json"]).exits(0).stdout;
    assert!(shown.contains(r#""source":"primary""#), "{shown}");
    assert!(repo.kitty(["status"]).exits(0).stdout.contains("WP01"));
    let again: Value = serde_json::from_str(&close(&repo, &[]).exits(0).stdout).unwrap();
    assert_eq!(
        (&again["refs"], &again["worktrees"]),
        (&Value::Array(vec![]), &Value::Array(vec![]))
    );
    assert_eq!(
        code(&repo.kitty(["mission", "create", "pay", "--format", "json"]).exits(1)),
        "MISSION_EXISTS"
    );
    let calls =
        [&["lane", "open", "lane-a"][..], &["wp", "claim", "WP01"], &["mission", "adopt", "pay"]];
    for words in calls {
        let said = repo.call(["kitty"]).args(words).args(["--format", "json"]).run().exits(1);
        assert_eq!(code(&said), "MISSION_CLOSED", "{said}");
    }
    assert_eq!(branches(&repo), "");
}

#[test]
fn what_has_not_landed_stays_and_so_does_what_is_not_committed() {
    let (repo, mission, lane) = scene();
    let whole = || state(&repo).without("spec-kitty-locks");
    let before = whole();
    let said = close(&repo, &[]).exits(1);
    assert_eq!(code(&said), "MISSION_NOT_LANDED");
    assert!(said.stdout.contains(&mission.lane_branch("lane-a")), "{said}");
    assert_unchanged(&before, &whole());
    land(&repo, &mission);
    for (file, text) in [("src/new.rs", "changed\n"), ("untracked.txt", "mine\n")] {
        let old = std::fs::read_to_string(lane.file(file)).ok();
        lane.write(file, text);
        let before = whole();
        for how in [&[][..], &["--discard"], &["--keep-branches"]] {
            let said = close(&repo, how).exits(1);
            assert_eq!(code(&said), "LANE_WORKTREE_DIRTY", "{said}");
            assert_unchanged(&before, &whole());
        }
        match old {
            Some(old) => lane.write(file, old),
            None => std::fs::remove_file(lane.file(file)).unwrap(),
        }
    }
    close(&lane, &[]).exits(0);
}

#[test]
fn what_is_given_up_can_be_taken_back() {
    let (repo, mission, _) = scene();
    let tips = [mission.branch(), mission.lane_branch("lane-a")].map(|branch| repo.id(&branch));
    let main = repo.id("main");
    close(&repo, &["--discard"]).exits(0);
    assert_eq!((branches(&repo), repo.id("main")), (String::new(), main));
    let kept = ["coordination", "lane-a"]
        .map(|name| format!("refs/kitty/discarded/{}/{name}", mission.id));
    assert_eq!(kept.clone().map(|name| repo.id(&name)), tips);
    assert_eq!(repo.kitty(["mission", "list", "--all"]).exits(0).stdout, "no missions\n");
    repo.git(["branch", &mission.branch(), &kept[0]]).exits(0);
    assert!(repo.kitty(["status"]).exits(0).stdout.contains("WP01"));
}

#[test]
fn branches_stay_where_that_is_asked_for() {
    let (repo, _, _) = scene();
    let before = branches(&repo);
    close(&repo, &["--keep-branches"]).exits(0);
    assert_eq!(branches(&repo), before);
    assert_eq!(repo.ask(["worktree", "list", "--porcelain"]).matches("worktree ").count(), 1);
    repo.kitty(["wp", "claim", "WP01"]).exits(0);
    assert_eq!(repo.ask(["worktree", "list", "--porcelain"]).matches("worktree ").count(), 3);
}

#[test]
fn killed_at_any_step_and_closed_again_it_is_closed() {
    for step in ["before-journal", "after-publish", "after-settle"] {
        let (repo, mission, _) = scene();
        land(&repo, &mission);
        let call = repo.call(["kitty", "mission", "close", "pay"]).env("GIT_KITTY_CRASH", step);
        call.run().exits(128 + 6);
        close(&repo, &[]).exits(0);
        assert_eq!(branches(&repo), "", "{step}");
        repo.id(&format!("refs/kitty/landed/{}", mission.id));
    }
}

#[test]
fn what_a_remote_still_has_does_not_bring_it_back() {
    let (repo, mission, _) = scene();
    land(&repo, &mission);
    let remote = format!("refs/remotes/origin/{}", mission.branch());
    repo.git(["update-ref", &remote, &mission.branch()]).exits(0);
    close(&repo, &[]).exits(0);
    let shown = repo.kitty(["mission", "show", "pay", "--format", "json"]).exits(0).stdout;
    assert!(shown.contains(r#""source":"primary""#), "{shown}");
}

#[test]
fn what_was_given_up_before_is_kept_beside_what_is_given_up_now() {
    let (repo, mission, _) = scene();
    close(&repo, &["--discard"]).exits(0);
    let kept = format!("refs/kitty/discarded/{}", mission.id);
    let first = repo.id(&format!("{kept}/lane-a"));
    repo.git(["branch", &mission.branch(), &format!("{kept}/coordination")]).exits(0);
    repo.kitty(["wp", "claim", "WP01"]).exits(0);
    let second = repo.id(&mission.lane_branch("lane-a"));
    close(&repo, &["--discard"]).exits(0);
    assert_eq!(repo.id(&format!("{kept}/lane-a")), first);
    assert_eq!(repo.id(&format!("{kept}/lane-a-2")), second);
}

#[test]
fn a_branch_that_is_checked_out_elsewhere_does_not_go() {
    let (repo, mission, lane) = scene();
    land(&repo, &mission);
    let moved = repo.below("../moved");
    let from = lane.path().to_str().unwrap();
    repo.git(["worktree", "move", from, moved.path().to_str().unwrap()]).exits(0);
    moved.write("src/new.rs", "mine\n");
    let before = state(&repo).without("spec-kitty-locks");
    for how in [&[][..], &["--discard"]] {
        let said = close(&repo, how).exits(1);
        assert_eq!(code(&said), "BRANCH_CHECKED_OUT", "{said}");
    }
    let said = repo.kitty(["lane", "close", "lane-a", "--format", "json"]).exits(1);
    assert_eq!(code(&said), "BRANCH_CHECKED_OUT", "{said}");
    assert_unchanged(&before, &state(&repo).without("spec-kitty-locks"));
    assert_eq!(moved.read("src/new.rs"), "mine\n");
}

#[test]
fn a_hook_that_refuses_it_is_told_what_it_refused() {
    let (repo, mission, _) = scene();
    repo.sandbox().hook(
        "repo/.git/hooks/reference-transaction",
        "#!/bin/sh\n[ \"$1\" != prepared ] || { echo not today >&2; exit 1; }\n",
    );
    let said = repo.kitty(["mission", "close", "pay", "--discard"]).exits(1);
    let first = said.stderr.lines().next().unwrap();
    let told = format!("refused `Close mission {}` on `{}`: ", mission.slug, mission.branch());
    assert!(first.contains(&told) && first.contains("not today"), "{said}");
}
