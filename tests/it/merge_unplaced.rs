//! Conflicts over where files belong: one that no path of an index shows, and a file where others have
//! a directory.

use serde_json::{Value, json};

use crate::kit::approved::{Approved, Edits};
use crate::kit::checkout::Checkout;

fn edits(all: &[(&str, Option<&str>)]) -> Edits {
    all.iter().map(|(path, text)| ((*path).to_owned(), text.map(str::to_owned))).collect()
}

/// Texts that git takes for the same file wherever it stands.
const TEXTS: [&str; 4] = [
    "one\n1\n2\n3\n4\n5\n",
    "two\n21\n22\n23\n24\n25\n",
    "three\n31\n32\n33\n34\n35\n",
    "four\n41\n42\n43\n44\n45\n",
];

/// lane-a splits a directory to which the target has added a file.
fn split() -> Approved {
    let [one, two, three, four] = TEXTS.map(Some);
    let base = [("a/d/1", one), ("a/d/2", two), ("a/d/3", three), ("a/d/4", four)];
    let moved = [
        ("a/e/1", one),
        ("a/e/2", two),
        ("a/f/3", three),
        ("a/f/4", four),
        ("a/d/1", None),
        ("a/d/2", None),
        ("a/d/3", None),
        ("a/d/4", None),
    ];
    let scene = Approved::edited(&edits(&base), &[&edits(&moved)]);
    scene.edit_target(&edits(&[("a/d/new", Some("new\n"))]));
    scene
}

/// lane-a makes a file of what is a directory on the target.
fn file_or_directory() -> Approved {
    let base = edits(&[("a/one", Some("one\n"))]);
    let scene = Approved::edited(&base, &[&edits(&[("a/x", Some("file\n"))])]);
    scene.edit_target(&edits(&[("a/x/y", Some("below\n"))]));
    scene
}

fn place(scene: &Approved) -> Checkout {
    scene.repo.below(format!(".worktrees/{}-merge", scene.mission.slug))
}

#[track_caller]
fn stops(scene: &Approved) -> Value {
    let told = scene.json(&["merge"], 3);
    assert_eq!(told["error_code"], "LANDING_CONFLICT");
    told["conflicts"].clone()
}

#[test]
fn where_a_file_belongs_is_said_and_left_to_a_person() {
    let scene = split();
    let conflicts = stops(&scene);
    assert_eq!(conflicts.as_array().unwrap().len(), 1, "{conflicts}");
    assert_eq!(conflicts[0]["path"], "a/d");
    let message = conflicts[0]["message"].as_str().unwrap();
    assert!(message.contains("a/d"), "{message}");
    assert!(scene.merge(&[]).stderr.contains(message));
    let foreseen = scene.json(&["forecast"], 0);
    assert_eq!(foreseen["target"][0]["paths"], json!(["a/d"]), "{foreseen}");
    // It may stay where it is.
    scene.json(&["merge", "--resolve"], 0);
    scene.json(&["merge", "--continue"], 0);
    assert_eq!(scene.at("main", "a/d/new").unwrap(), "new\n");
    assert_eq!(scene.at("main", "a/e/1").unwrap(), TEXTS[0]);
    scene.json(&["verify-landing"], 0);
    scene.assert_clean("landed");
}

#[test]
fn a_person_may_put_the_file_elsewhere() {
    let scene = split();
    scene.json(&["merge", "--resolve"], 0);
    place(&scene).must(["mv", "a/d/new", "a/e/new"]);
    scene.json(&["merge", "--continue"], 0);
    assert_eq!(scene.at("main", "a/e/new").unwrap(), "new\n");
    assert!(scene.at("main", "a/d/new").is_none());
    let told = scene.json(&["verify-landing"], 0);
    assert_eq!(told["verified"], true, "{told}");
}

/// Git names the file after a commit that is another one in each attempt.
#[test]
fn a_file_in_place_of_a_directory_is_resolved_whoever_goes_on() {
    let scene = file_or_directory();
    let conflicts = stops(&scene);
    assert_eq!(conflicts[0]["sides"], json!([["lane-a"], ["target"]]), "{conflicts}");
    scene.json(&["merge", "--resolve"], 0);
    let place = place(&scene);
    place.must(["rm", "-q", "-r", "--cached", "a"]);
    let left = std::fs::read_dir(place.file("a")).unwrap().map(Result::unwrap);
    for entry in left.filter(|entry| entry.file_name().to_string_lossy().starts_with("x~")) {
        std::fs::remove_file(entry.path()).unwrap();
    }
    place.write("a/x.txt", "file\n");
    place.must(["add", "-A", "a"]);
    let other = scene.repo.clone().env("GIT_COMMITTER_NAME", "Somebody Else");
    other.kitty(["merge", "--continue"]).exits(0);
    assert_eq!(scene.at("main", "a/x.txt").unwrap(), "file\n");
    assert_eq!(scene.at("main", "a/x/y").unwrap(), "below\n");
    scene.json(&["verify-landing"], 0);
}

/// Git calls such a file modified from the moment it is checked out.
#[test]
fn a_file_that_attributes_would_have_otherwise_is_nobodys_work() {
    let list = |first: &str| format!("{first}\n2\n");
    let (ours, theirs) = (list("a"), list("main"));
    let base = [("common/list", Some("1\n2\n")), ("other.txt", Some("one\r\ntwo\r\n"))];
    for last in ["--continue", "--abort"] {
        let scene =
            Approved::edited(&edits(&base), &[&edits(&[("common/list", Some(ours.as_str()))])]);
        scene.move_target(&[(".gitattributes", "*.txt text\n"), ("common/list", &theirs)]);
        scene.json(&["merge", "--resolve"], 0);
        let place = place(&scene);
        if last == "--continue" {
            place.write("common/list", "both\n2\n");
            place.must(["add", "common/list"]);
        }
        scene.json(&["merge", last], 0);
        assert!(!place.path().exists(), "{last}");
    }
}
