//! `git kitty verify-landing`: what landed is what its certificate says, on any clone.

use serde_json::{Value, json};

use crate::kit::approved::{Approved, LINES, json as ask};
use crate::kit::checkout::Checkout;

fn scene() -> Approved {
    let list = LINES.replacen("1\n", "one\n", 1);
    let scene = Approved::new(&[&[("common/list", &list)], &[("b/two", "two\n")]]);
    scene.move_target(&[("new", "new\n"), ("common/list", &LINES.replace("10\n", "ten\n"))]);
    scene
}

/// A clone of all that the other has, or of these refs.
fn clone(scene: &Approved, refs: &[&str]) -> Checkout {
    let place = scene.repo.below("../clone");
    let _ = std::fs::remove_dir_all(place.path());
    let from = scene.repo.path().display().to_string();
    std::fs::create_dir_all(place.path()).unwrap();
    place.must(["init", "-q", "-b", "main"]);
    place.must(["remote", "add", "origin", &from]);
    place.unhooked([&["fetch", "-q", "origin"], refs].concat()).run().exits(0);
    place.unhooked(["checkout", "-q", "-B", "main", "origin/main"]).run().exits(0);
    place
}

const ALL: &str = "+refs/heads/*:refs/remotes/origin/*";

#[track_caller]
fn proven(place: &Checkout) -> Value {
    let told = ask(place, &["verify-landing", "pay"], 0);
    assert_eq!(told["verified"], true, "{told}");
    let checks = told["checks"].as_array().unwrap();
    assert!(checks.len() >= 7 && checks.iter().all(|check| check["ok"] == true), "{told}");
    told
}

#[track_caller]
fn unproven(place: &Checkout, paths: &[&str]) -> Value {
    let told = ask(place, &["verify-landing", "pay"], 1);
    assert_eq!(
        (&told["error_code"], &told["paths"]),
        (&json!("LANDING_UNPROVEN"), &json!(paths)),
        "{told}"
    );
    told
}

#[test]
fn each_way_to_land_is_proven_in_a_clone_and_after_the_mission_is_closed() {
    for strategy in ["merge", "squash", "rebase"] {
        let scene = scene();
        let told = scene.json(&["merge", "--strategy", strategy], 0);
        let proof = proven(&clone(&scene, &[ALL]));
        assert_eq!(proof["certificate"], told["certificate"]);
        assert_eq!(proof["landing"]["commit"], told["stages"][1]["commit"]);
        // The target goes on, and takes back what it likes.
        scene.move_target(&[("new", "newer\n"), ("b/two", "more\n")]);
        proven(&clone(&scene, &[ALL]));
        scene.repo.kitty(["mission", "close"]).exits(0);
        proven(&scene.repo);
        let kept = "+refs/kitty/landed/*:refs/kitty/landed/*";
        proven(&clone(&scene, &[ALL, kept]));
        // Without what was kept a squash cannot be proven, and what to fetch is said.
        let bare = clone(&scene, &["+refs/heads/main:refs/remotes/origin/main"]);
        if strategy == "merge" {
            proven(&bare);
            continue;
        }
        let missing = ask(&bare, &["verify-landing", "pay"], 1);
        assert_eq!(missing["error_code"], "LANDING_NOT_HERE", "{missing}");
        let next = missing["next_step"].as_str().unwrap();
        let fetch = next.trim_matches('`').to_owned();
        bare.sh(&fetch).exits(0);
        proven(&bare);
    }
}

#[test]
fn a_fast_forward_is_proven() {
    let scene = Approved::two();
    scene.json(&["merge", "--strategy", "ff"], 0);
    proven(&scene.repo);
    scene.repo.kitty(["mission", "close"]).exits(0);
    proven(&clone(&scene, &["+refs/heads/main:refs/remotes/origin/main"]));
}

#[test]
fn what_has_not_landed_is_not_proven() {
    let scene = scene();
    assert_eq!(scene.json(&["verify-landing"], 1)["error_code"], "LANDING_NOT_FOUND");
    scene.json(&["merge", "--pr"], 0);
    assert_eq!(scene.json(&["verify-landing"], 1)["error_code"], "LANDING_NOT_FOUND");
}

/// The commit that landed, with another tree.
fn forge(scene: &Approved, edits: &[(&str, Option<&str>)]) {
    for (path, text) in edits {
        match text {
            Some(text) => scene.repo.stage(&[(path, text)]),
            None => drop(scene.repo.must(["rm", "-q", path])),
        }
    }
    scene.repo.unhooked(["commit", "-q", "--amend", "--no-edit"]).run().exits(0);
}

#[test]
fn a_landing_with_more_or_less_than_the_merge_is_not_proven() {
    for strategy in ["merge", "squash"] {
        // One byte more.
        let scene = scene();
        scene.json(&["merge", "--strategy", strategy], 0);
        proven(&scene.repo);
        forge(&scene, &[("evil", Some("evil\n"))]);
        unproven(&scene.repo, &["evil"]);
        unproven(&clone(&scene, &[ALL]), &["evil"]);
        // What the target got is taken back.
        let scene = self::scene();
        scene.json(&["merge", "--strategy", strategy], 0);
        forge(&scene, &[("new", None)]);
        let told = unproven(&scene.repo, &["new"]);
        assert!(
            told["checks"].to_string().contains("changes of the target are gone: new"),
            "{told}"
        );
        // What a lane has is left out, and a file is taken as one side has it.
        let scene = self::scene();
        scene.json(&["merge", "--strategy", strategy], 0);
        let ours = LINES.replacen("1\n", "one\n", 1);
        forge(&scene, &[("b/two", None), ("common/list", Some(&ours))]);
        unproven(&scene.repo, &["b/two", "common/list"]);
    }
    let scene = scene();
    scene.json(&["merge", "--strategy", "rebase"], 0);
    forge(&scene, &[("new", None)]);
    unproven(&scene.repo, &["new"]);
}

/// Lands by hand what the command would not: the certificate is written by a person.
fn certified(scene: &Approved, edit: impl Fn(&mut Value), extra: &[(&str, &str)]) {
    scene.json(&["merge", "--strategy", "squash"], 0);
    let dir = scene.mission.dir();
    let path = format!("{dir}/status.events.jsonl");
    let log = scene.at("main", &path).unwrap();
    let forged: String = log
        .lines()
        .map(|line| {
            if !line.contains("\"MissionLanded\"") {
                return format!("{line}\n");
            }
            let mut event: Value = serde_json::from_str(line).unwrap();
            edit(&mut event["payload"]);
            format!("{event}\n")
        })
        .collect();
    let own = scene.mission.branch();
    let mut files: Vec<(String, String)> = vec![(path, forged)];
    files.extend(extra.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    let kept = ["status.json", "meta.json"].map(|name| format!("{dir}/{name}"));
    files.extend(kept.map(|path| (path.clone(), scene.at(&own, &path).unwrap())));
    // As the coordination branch would have it.
    let parent = scene.repo.id(&format!("{own}~"));
    scene.repo.unhooked(["update-ref", &format!("refs/heads/{own}"), &parent]).run().exits(0);
    scene.repo.commit_to(&own, &own, "Land", &files);
    let borrowed: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    forge(scene, &borrowed.iter().map(|(path, text)| (*path, Some(*text))).collect::<Vec<_>>());
}

#[test]
fn a_forged_certificate_is_not_proven() {
    let scene = scene();
    certified(&scene, |_| {}, &[]);
    proven(&scene.repo);
    type Forge<'f> = &'f dyn Fn(&mut Value);
    let forgeries: [(&str, Forge<'_>); 4] = [
        ("counts", &|payload| payload["counts"]["target_paths"] = 0.into()),
        ("bases", &|payload| payload["bases"] = json!([payload["target_old"]])),
        ("lanes", &|payload| payload["lanes"][0]["tip"] = payload["target_old"].clone()),
        ("resolved", &|payload| {
            let commit = payload["target_old"].clone();
            payload["resolved"] = json!([{"commit": commit, "paths": []}]);
        }),
    ];
    for (what, forge) in forgeries {
        let scene = self::scene();
        certified(&scene, forge, &[]);
        let told = ask(&scene.repo, &["verify-landing", "pay"], 1);
        assert_eq!(told["error_code"], "LANDING_UNPROVEN", "{what}: {told}");
    }
    // The commit of the certificate may have nothing but bookkeeping.
    let scene = self::scene();
    certified(&scene, |_| {}, &[("b/evil", "evil\n")]);
    let told = ask(&scene.repo, &["verify-landing", "pay"], 1);
    assert!(told["checks"].to_string().contains("changed besides: b/evil"), "{told}");
}

/// A lane's file is renamed on the target, and what the lane changed follows it.
#[test]
fn a_path_that_the_target_renamed_is_merged_and_proven() {
    for strategy in ["merge", "squash", "rebase"] {
        let list = LINES.replacen("1\n", "one\n", 1);
        let scene = Approved::new(&[&[("common/list", &list)]]);
        scene.repo.must(["mv", "common/list", "renamed"]);
        scene.repo.unhooked(["commit", "-q", "-m", "Rename it"]).run().exits(0);
        scene.json(&["merge", "--strategy", strategy], 0);
        assert_eq!(scene.at("main", "renamed").as_deref(), Some(&*list));
        proven(&scene.repo);
    }
}

/// Approvals that were taken back, or that a review speaks against, give no permission.
#[test]
fn who_sets_a_review_aside_is_named_and_nobody_else_can() {
    let mut scene = scene();
    scene.mission.log.walk("WP02", &["approved", "in_progress", "for_review", "in_review"]);
    scene.mission.log.event("WP02", "in_review", "in_progress").review("rita", "changes_requested");
    scene.mission.log.event("WP02", "in_progress", "approved").force("hurry");
    scene.mission.save();
    let told = scene.json(&["merge"], 1);
    assert_eq!(told["error_code"], "REJECTED_REVIEW_ARTIFACT_CONFLICT");
    let words = ["merge", "--skip-review-check", "--note", "they agreed"];
    assert_eq!(scene.json(&words, 0)["certificate"]["review_note"], "they agreed");
    proven(&scene.repo);
}
