//! A rollback and a step forward of the same work package at the same time, in two clones: merged in
//! either order the rollback wins, and everybody sees it.

use crate::kit::checkout::Checkout;
use crate::kit::log::time;
use crate::kit::mission::{Mission, MissionBuilder, Topology};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::wp::Wp;

/// Two clones of a mission whose only work package is in review.
fn clones(topology: Topology) -> [Mission; 2] {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().build(&sandbox, "ours");
    let plan = MissionBuilder::new("checkout").topology(topology).wp(Wp::new("WP01"));
    let mut ours = plan.build(&repo);
    let life = ["planned", "claimed", "in_progress", "for_review", "in_review"];
    ours.log.walk("WP01", &life);
    ours.save();
    sandbox.git("", ["clone", "-q", "ours", "theirs"]);
    let mut theirs = ours.clone();
    theirs.repo = Checkout::at(&sandbox, sandbox.root().join("theirs"));
    let branch = ours.branch();
    theirs.repo.ask(["branch", "-q", &branch, &format!("origin/{branch}")]);
    for mission in [&ours, &theirs] {
        mission.repo.kitty(["init"]).exits(0);
    }
    // So that the ids differ; the times are set.
    theirs.log.wait(100);
    [ours, theirs]
}

/// Appends a step out of the review, at a time.
fn step(mission: &mut Mission, to: &str, verdict: &str, at: &str) {
    let event = mission.log.event("WP01", "in_review", to);
    event.set("at", at).review("rita", verdict);
    if verdict == "approved" {
        event.evidence("rita");
    }
    mission.save();
}

/// Merges the one clone's log into the other's by an ordinary `git merge`, and says what all who
/// ask see.
fn merged(into: &Mission, from: &Mission) -> Vec<String> {
    let view = into.open_coordination();
    let url = from.repo.path().display().to_string();
    view.must(["pull", "-q", "--no-rebase", "--no-edit", &url, &into.branch()]);
    let log = view.read(&format!("{}/status.events.jsonl", into.dir()));
    assert_eq!(log.lines().count(), 7, "{log}");
    let snapshot = view.read(&format!("{}/status.json", into.dir()));
    let snapshot: serde_json::Value = serde_json::from_str(&snapshot).unwrap();
    let told = view.kitty(["wp", "show", "WP01", "--format", "json"]).exits(0).stdout;
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let seen = [&snapshot["work_packages"]["WP01"]["lane"], &told["status"]];
    seen.iter().map(|status| status.as_str().unwrap_or("none").to_owned()).collect()
}

#[test]
fn a_rollback_beats_a_step_forward_of_the_same_moment_in_either_order() {
    for topology in [Topology::Coordination, Topology::Split] {
        for rollback_is_ours in [true, false] {
            for merge_into_ours in [true, false] {
                let [mut ours, mut theirs] = clones(topology);
                let at = time(1000);
                let (back, forward) = if rollback_is_ours {
                    (&mut ours, &mut theirs)
                } else {
                    (&mut theirs, &mut ours)
                };
                step(back, "in_progress", "changes_requested", &at);
                step(forward, "approved", "approved", &at);
                let (into, from) =
                    if merge_into_ours { (&ours, &theirs) } else { (&theirs, &ours) };
                assert_eq!(merged(into, from), ["in_progress", "in_progress"]);
            }
        }
    }
}

#[test]
fn of_different_moments_the_later_one_counts() {
    for (back, forward, expected) in [(1000, 1001, "approved"), (1001, 1000, "in_progress")] {
        for merge_into_ours in [true, false] {
            let [mut ours, mut theirs] = clones(Topology::Coordination);
            step(&mut ours, "in_progress", "changes_requested", &time(back));
            step(&mut theirs, "approved", "approved", &time(forward));
            let (into, from) = if merge_into_ours { (&ours, &theirs) } else { (&theirs, &ours) };
            assert_eq!(merged(into, from), [expected, expected]);
        }
    }
}

#[test]
fn what_two_clones_write_by_command_merges_in_either_order() {
    let back = ["wp", "move", "WP01", "--to", "in_progress"];
    let back = [&back[..], &["--reviewer", "rita", "--verdict", "changes_requested"]].concat();
    let forward = ["wp", "move", "WP01", "--to", "approved"];
    let forward = [&forward[..], &["--reviewer", "rita", "--verdict", "approved"]].concat();
    for merge_into_ours in [true, false] {
        for (one, other, expected) in
            [(&back, &forward, "approved"), (&forward, &back, "in_progress")]
        {
            let [ours, theirs] = clones(Topology::Coordination);
            ours.repo.kitty(one.iter().chain(&["--reference", "PR-7"])).exits(0);
            theirs.repo.kitty(other.iter().chain(&["--reference", "PR-7"])).exits(0);
            let (into, from) = if merge_into_ours { (&ours, &theirs) } else { (&theirs, &ours) };
            assert_eq!(merged(into, from), [expected, expected]);
        }
    }
}
