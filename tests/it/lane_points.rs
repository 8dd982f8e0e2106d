//! The two sync points of a lane: its first claim, and the beginning of its first review.

use crate::kit::checkout::Checkout;
use crate::kit::mission::MissionBuilder;
use crate::kit::wp::Wp;
use crate::lane::Lanes;

/// WP01 and WP02 share lane-a, which needs lane-b.
fn shared() -> Lanes {
    Lanes::of(
        MissionBuilder::new("checkout")
            .wp(Wp::new("WP01").owns(&["src/a/**"]))
            .wp(Wp::new("WP02").owns(&["src/a/**"]).needs(&["WP03"]))
            .wp(Wp::new("WP03").owns(&["src/b/**"]))
            .lane("lane-a", &["WP01", "WP02"])
            .lane("lane-b", &["WP03"]),
    )
}

/// Moves a work package through all of these.
fn walk(at: &Checkout, wp: &str, steps: &[&str]) {
    for step in steps {
        let review = ["--reviewer", "rita", "--verdict", "approved", "--reference", "r"];
        let back = ["--reviewer", "rita", "--verdict", "changes_requested", "--reference", "r"];
        let more: &[&str] = match *step {
            "approved" => &review,
            "back" => &back,
            "for_review" => &["--subtasks-complete", "--evidence", "done"],
            _ => &[],
        };
        let to = if *step == "back" { "in_progress" } else { step };
        at.kitty(["wp", "move", wp, "--to", to].iter().chain(more)).exits(0);
    }
}

#[test]
fn a_lane_comes_in_step_twice_and_no_more() {
    let lanes = shared();
    let lane = lanes.open("lane-a");
    let has = |file: &str| lane.file(format!("docs/{file}.md")).exists();
    let plan = |file: &str| lanes.coordinate(&format!("docs/{file}.md"), "plan\n");
    plan("one");
    lanes.repo.kitty(["wp", "claim", "WP01"]).exits(0);
    assert!(has("one"), "the first claim");
    plan("two");
    walk(&lane, "WP01", &["in_progress"]);
    lane.commit_file("src/a/one.rs", "changed\n");
    walk(&lane, "WP01", &["for_review"]);
    assert!(!has("two"), "no sync point");
    walk(&lane, "WP01", &["in_review"]);
    assert!(has("two"), "the first review");
    assert_eq!(lane.read("src/a/one.rs"), "changed\n");
    plan("three");
    walk(&lane, "WP01", &["back", "for_review", "in_review", "approved"]);
    assert!(!has("three"), "the second review");
}

#[test]
fn a_later_claim_brings_in_what_the_lane_needs_and_nothing_else() {
    let lanes = shared();
    let lane = lanes.open("lane-a");
    lanes.repo.kitty(["wp", "claim", "WP01"]).exits(0);
    lane.commit_file("src/a/one.rs", "changed\n");
    walk(&lane, "WP01", &["in_progress", "for_review", "in_review", "approved"]);
    lanes.repo.kitty(["wp", "claim", "WP03"]).exits(0);
    lanes.lane("lane-b").commit_file("src/b/two.rs", "needed\n");
    walk(&lanes.repo, "WP03", &["in_progress", "for_review", "in_review", "approved"]);
    lanes.coordinate("docs/plan.md", "plan\n");
    // What WP02 waits for is approved; a claim wants it done.
    let done = ["--reviewer", "rita", "--verdict", "approved", "--reference", "r"];
    for wp in ["WP01", "WP03"] {
        lanes.repo.kitty(["wp", "move", wp, "--to", "done"].iter().chain(&done)).exits(0);
    }
    lanes.repo.kitty(["wp", "claim", "WP02"]).exits(0);
    assert_eq!(lane.read("src/b/two.rs"), "needed\n");
    assert_eq!(lane.read("src/a/one.rs"), "changed\n");
    assert!(!lane.file("docs/plan.md").exists());
    assert_eq!(lane.ask(["status", "--porcelain"]), "");
}
