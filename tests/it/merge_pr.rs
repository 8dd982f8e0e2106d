//! `git kitty merge` of a target that follows a remote: what is not in step, and pull requests.

use serde_json::{Value, json};

use crate::kit::approved::{Approved, LINES, json as ask};
use crate::kit::checkout::Checkout;
use crate::kit::state::{assert_unchanged, state};

/// A mission whose target follows `origin/main`, which is a repository of its own.
struct Hosted {
    scene: Approved,
    host: Checkout,
}

fn hosted() -> Hosted {
    let list = LINES.replacen("1\n", "one\n", 1);
    let scene = Approved::new(&[&[("common/list", &list)], &[("b/two", "two\n")]]);
    let host = scene.repo.below("../host");
    let (from, to) = (scene.repo.path().display().to_string(), host.path().display().to_string());
    scene.repo.must(["clone", "-q", "--single-branch", "--branch", "main", &from, &to]);
    host.must(["remote", "remove", "origin"]);
    scene.repo.must(["remote", "add", "origin", &to]);
    scene.repo.must(["fetch", "-q", "origin"]);
    scene.repo.must(["branch", "-q", "-u", "origin/main", "main"]);
    Hosted { scene, host }
}

impl Hosted {
    /// The host's target gets a commit of its own, which is fetched.
    fn go_on(&self) {
        self.host.commit_file("of/host", "host\n");
        self.host.commit_file("common/list", &LINES.replace("10\n", "ten\n"));
        self.scene.repo.must(["fetch", "-q", "origin"]);
    }

    /// Pushes the branch for the pull request, and the coordination branch with it.
    fn push(&self, branch: &str) {
        let own = self.scene.mission.branch();
        self.scene.repo.unhooked(["push", "-q", "origin", branch, &own]).run().exits(0);
    }
}

#[test]
fn a_target_that_is_behind_or_has_parted_is_told_with_counts() {
    let hosted = hosted();
    let scene = &hosted.scene;
    hosted.go_on();
    let before = state(&scene.repo);
    let told = scene.json(&["merge"], 1);
    assert_eq!(told["error_code"], "TARGET_BRANCH_NOT_SYNCHRONIZED");
    let invariant = "local_target_branch_must_match_tracking_branch";
    let facts = ["state", "tracking_branch", "target_branch", "violated_invariant"];
    let facts = facts.map(|key| told[key].as_str().unwrap());
    assert_eq!(facts, ["behind", "origin/main", "main", invariant]);
    assert_eq!((&told["ahead_count"], &told["behind_count"]), (&json!(0), &json!(2)));
    let next = told["remediation"][0].as_str().unwrap();
    assert!(next.contains("--pr") && !next.contains("push"), "{next}");
    assert_unchanged(&before, &state(&scene.repo));
    scene.move_target(&[("mine", "mine\n")]);
    let told = scene.json(&["merge", "--dry-run"], 1);
    assert_eq!((&told["state"], &told["ahead_count"]), (&json!("diverged"), &json!(1)));
    // Lanes alone do not touch the target.
    scene.json(&["merge", "--lanes-only"], 0);
}

#[test]
fn a_target_that_is_ahead_is_no_hindrance() {
    let hosted = hosted();
    hosted.scene.move_target(&[("mine", "mine\n")]);
    hosted.scene.json(&["merge"], 0);
    hosted.scene.json(&["verify-landing"], 0);
}

/// Makes the pull request, and returns its branch.
fn request(hosted: &Hosted, strategy: &str) -> String {
    let scene = &hosted.scene;
    let (main, checkout) = (scene.repo.id("main"), scene.repo.ask(["status", "--porcelain"]));
    let told = scene.json(&["merge", "--pr", "--strategy", strategy], 0);
    let branch = told["stages"][1]["pr_branch"].as_str().unwrap().to_owned();
    assert_eq!(branch, format!("kitty/pr/{}-to-main", scene.mission.slug));
    assert_eq!(
        (scene.repo.id("main"), scene.repo.ask(["status", "--porcelain"])),
        (main, checkout)
    );
    assert_eq!(told["certificate"]["pr_branch"], branch);
    // It has the mission, and what the host has, and no more.
    scene.repo.must(["merge-base", "--is-ancestor", "origin/main", &branch]);
    assert_eq!(scene.at(&branch, "mine"), None);
    assert_eq!(scene.at(&branch, "of/host").as_deref(), Some("host\n"));
    assert_eq!(scene.at(&branch, "b/two").as_deref(), Some("two\n"));
    hosted.push(&branch);
    branch
}

/// What a fresh clone of the host says.
fn proven(hosted: &Hosted) -> Value {
    let clone = hosted.scene.repo.below("../clone");
    let (from, to) = (hosted.host.path().display().to_string(), clone.path().display().to_string());
    hosted.host.must(["clone", "-q", &from, &to]);
    let told = ask(&clone, &["verify-landing", "pay"], 0);
    assert_eq!(told["verified"], true, "{told}");
    told
}

#[test]
fn what_a_host_makes_of_the_pull_request_is_proven_in_a_fresh_clone() {
    for strategy in ["merge", "squash", "rebase"] {
        for how in ["merge", "squash", "rebase"] {
            let hosted = hosted();
            hosted.go_on();
            hosted.scene.move_target(&[("mine", "mine\n")]);
            let branch = request(&hosted, strategy);
            // The host's target has gone on since.
            hosted.host.commit_file("later", "later\n");
            let host = &hosted.host;
            match how {
                "merge" => drop(host.must(["merge", "-q", "--no-ff", "--no-edit", &branch])),
                "squash" => {
                    host.must(["merge", "-q", "--squash", &branch]);
                    host.must(["commit", "-q", "-m", "The pull request"]);
                }
                _ => {
                    host.must(["checkout", "-q", "-B", "work", &branch]);
                    let said = host.git(["rebase", "-q", "main"]);
                    if said.status != 0 {
                        // A host would not offer it.
                        assert_eq!(strategy, "merge", "{said}");
                        continue;
                    }
                    host.must(["checkout", "-q", "main"]);
                    host.must(["merge", "-q", "--ff-only", "work"]);
                }
            }
            proven(&hosted);
            assert_eq!(host.read("later"), "later\n");
            assert_eq!(host.read("b/two"), "two\n");
        }
    }
}

#[test]
fn a_host_that_takes_the_branch_as_it_is_has_it_proven_too() {
    let hosted = hosted();
    hosted.go_on();
    let branch = request(&hosted, "merge");
    hosted.host.must(["merge", "-q", "--ff-only", &branch]);
    proven(&hosted);
}

#[test]
fn a_host_that_loses_work_is_found_out() {
    let hosted = hosted();
    hosted.go_on();
    let branch = request(&hosted, "merge");
    hosted.host.commit_file("later", "later\n");
    hosted.host.must(["merge", "-q", "--no-ff", "--no-commit", &branch]);
    hosted.host.must(["rm", "-q", "-f", "later"]);
    hosted.host.must(["commit", "-q", "-m", "Merge it"]);
    hosted.scene.repo.must(["fetch", "-q", "origin"]);
    hosted.scene.repo.must(["reset", "-q", "--hard", "origin/main"]);
    let told = hosted.scene.json(&["verify-landing"], 1);
    assert_eq!(
        (&told["error_code"], &told["paths"]),
        (&json!("LANDING_UNPROVEN"), &json!(["later"]))
    );
}

/// A branch that is there is never moved.
#[test]
fn a_second_pull_request_has_a_branch_of_its_own() {
    let scene = Approved::two();
    let first = scene.json(&["merge", "--pr"], 0);
    let branch = first["stages"][1]["pr_branch"].as_str().unwrap();
    let tip = scene.repo.id(branch);
    scene.move_lane(1, &[("b/two", "better\n")]);
    let second = scene.json(&["merge", "--pr"], 0);
    let other = second["stages"][1]["pr_branch"].as_str().unwrap();
    assert_eq!((other, scene.repo.id(branch)), (&*format!("{branch}-2"), tip));
    assert_eq!(scene.at(other, "b/two").as_deref(), Some("better\n"));
}
