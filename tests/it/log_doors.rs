//! What the doors hold a mission's log and its branches to, however they came to be as they are.

use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::pushing::Pushing;
use crate::scene::{Scene, codes};

/// A scene whose lane-b has work, and an older log than the coordination branch, by which its packages
/// are finished. With the names of both branches.
fn finished() -> (Scene, String, String) {
    let mut scene = Scene::new(Topology::Coordination);
    let (lane, coordination) = (scene.mission.lane_branch("lane-b"), scene.mission.branch());
    scene.commit(&[("src/b/two.rs", "mine\n")]).exits(0);
    scene.mission.log.walk("WP02", &["in_progress", "for_review", "approved"]);
    scene.walk("WP03", &["planned", "canceled"]);
    (scene, lane, coordination)
}

/// A merge of both that has all files as the lane has them, and so its older log.
fn older(scene: &Scene, parents: [&str; 2]) -> String {
    let tree = scene.repo.id(&format!("{}^{{tree}}", scene.mission.lane_branch("lane-b")));
    let [first, second] = parents;
    scene.repo.ask(["commit-tree", "-m", "Sync", "-p", first, "-p", second, &tree])
}

#[test]
fn a_lane_merge_takes_mission_files_as_the_coordination_branch_has_them() {
    let (scene, lane, coordination) = finished();
    for parents in [[&*lane, &*coordination], [&*coordination, &*lane]] {
        let evil = older(&scene, parents);
        let said = scene.repo.git(["update-ref", &format!("refs/heads/{lane}"), &evil]);
        assert_eq!(codes(&said), ["STATUS_FILE_PROTECTED"], "{parents:?}: {said}");
    }
    scene.lane.must(["merge", "-q", "--no-edit", &coordination]);
}

#[test]
fn a_log_that_a_lane_merge_shrank_does_not_come_to_the_coordination_branch() {
    let (scene, lane, coordination) = finished();
    let evil = older(&scene, [&lane, &coordination]);
    scene.repo.unhooked(["branch", "-q", "honest", &lane]).run().exits(0);
    scene.lane.unhooked(["reset", "-q", "--soft", &evil]).run().exits(0);
    let view = scene.mission.open_coordination();
    let said = view.git(["merge", "-q", "--no-ff", "--no-edit", &lane]);
    assert_eq!(codes(&said), ["LOG_NOT_APPEND_ONLY"], "{said}");
    view.must(["merge", "--abort"]);
    scene.lane.unhooked(["reset", "-q", "--soft", "honest"]).run().exits(0);
    view.must(["merge", "-q", "--no-ff", "--no-edit", &lane]);
}

#[test]
fn a_branch_does_not_go_for_refs_that_anybody_may_take_away() {
    let here = Pushing::new();
    let (repo, lane) = (&here.scene.repo, here.lane());
    here.scene.commit(&[("src/b/two.rs", "mine\n")]).exits(0);
    here.scene.lane.must(["switch", "-q", "--detach"]);
    let refs = ["refs/kitty/x", "refs/remotes/nobody/y", "refs/kitty/landedx/y"];
    for made_up in refs {
        repo.must(["update-ref", made_up, &lane]);
        let said = repo.git(["branch", "-D", &lane]);
        assert_eq!(codes(&said), ["BRANCH_DELETION_REFUSED"], "{made_up}: {said}");
    }
    let kept = "refs/kitty/discarded/m/lane-b";
    repo.must(["update-ref", kept, &lane]);
    repo.must(["branch", "-q", "-D", &lane]);
    for words in [&["update-ref", "-d", kept][..], &["update-ref", kept, "main"]] {
        let said = repo.git(words);
        assert_eq!(codes(&said), ["BRANCH_DELETION_REFUSED"], "{words:?}: {said}");
        repo.must(["pack-refs", "--all", "--prune"]);
    }
    repo.must(["update-ref", "-d", "refs/kitty/x"]);
}

/// Grows the log through the doors, and returns the commit.
fn grow(scene: &mut Scene, view: &Checkout, statuses: &[&str]) -> String {
    scene.mission.log.walk("WP03", statuses);
    view.write(format!("{}/status.events.jsonl", scene.mission.dir()), scene.mission.log.text());
    view.must(["commit", "-q", "-am", "Grow"]);
    view.id("HEAD")
}

#[test]
fn a_log_does_not_go_back_unseen_to_where_it_was() {
    let mut scene = Scene::new(Topology::Coordination);
    let view = scene.mission.open_coordination();
    let older = grow(&mut scene, &view, &["planned", "claimed"]);
    let newer = grow(&mut scene, &view, &["claimed", "in_progress"]);
    view.unhooked(["reset", "-q", "--hard", &older]).run().exits(0);
    view.stage(&[(&format!("{}/notes.md", scene.mission.dir()), "notes\n")]);
    let said = view.git(["commit", "-q", "-m", "Note"]);
    assert_eq!(codes(&said), ["LOG_NOT_APPEND_ONLY"], "{said}");
    let report = scene.repo.kitty(["doctor"]).stdout;
    assert!(report.contains("BRANCH_BYPASSED_DOORS"), "{report}");
    view.must(["reset", "-q", "--hard", &newer]);
    view.stage(&[(&format!("{}/notes.md", scene.mission.dir()), "notes\n")]);
    view.must(["commit", "-q", "-m", "Note"]);
}

#[test]
fn a_move_that_was_let_pass_and_not_made_is_held_against_nobody() {
    let mut scene = Scene::new(Topology::Coordination);
    let (view, branch) = (scene.mission.open_coordination(), scene.mission.branch());
    let made = grow(&mut scene, &view, &["planned", "claimed"]);
    view.must(["switch", "-q", "--detach"]);
    let never = grow(&mut scene, &view, &["claimed", "in_progress"]);
    view.must(["switch", "-q", &branch]);
    let hook = format!(
        "echo {made} {never} refs/heads/{branch} | .git/hooks/reference-transaction prepared"
    );
    scene.repo.sh(&hook).exits(0);
    view.stage(&[(&format!("{}/notes.md", scene.mission.dir()), "notes\n")]);
    view.must(["commit", "-q", "-m", "Note"]);
}

/// What `git pack-refs` tells while another process has moved the ref, and is about to move it again.
#[test]
fn packing_is_no_move_while_others_move_the_ref() {
    let mut scene = Scene::new(Topology::Coordination);
    let (view, branch) = (scene.mission.open_coordination(), scene.mission.branch());
    let packed = grow(&mut scene, &view, &["planned", "claimed"]);
    let held = grow(&mut scene, &view, &["claimed", "in_progress"]);
    let lock = scene.repo.file(format!(".git/refs/heads/{branch}.lock"));
    let hook = format!(
        "echo {} {packed} refs/heads/{branch} | .git/hooks/reference-transaction prepared",
        "0".repeat(packed.len())
    );
    for (locked_with, status) in [(&scene.repo.id("main"), 0), (&packed, 1)] {
        std::fs::write(&lock, format!("{locked_with}\n")).unwrap();
        scene.repo.sh(&hook).exits(status);
    }
    std::fs::remove_file(&lock).unwrap();
    assert_eq!(scene.repo.id(&branch), held);
}

#[test]
fn a_lane_that_comes_back_unseen_is_judged_from_where_it_was() {
    let scene = Scene::new(Topology::Coordination);
    let (repo, lane) = (&scene.repo, scene.mission.lane_branch("lane-b"));
    scene.commit(&[("src/b/two.rs", "mine\n")]).exits(0);
    repo.must(["update-ref", "refs/kitty/discarded/m/lane-b", &lane]);
    scene.lane.must(["switch", "-q", "-c", "evil"]);
    scene.lane.commit_file("src/a/foreign.rs", "foreign\n");
    repo.must(["branch", "-q", "-D", &lane]);
    let report = repo.kitty(["doctor"]).stdout;
    assert!(!report.contains("BRANCH_GONE_UNSEEN"), "{report}");
    repo.must(["branch", "-q", "-c", "evil", &lane]);
    scene.lane.must(["switch", "-q", &lane]);
    let said = scene.commit(&[("src/b/more.rs", "mine\n")]);
    assert_eq!(codes(&said), ["ACTIVE_WP_SCOPE_VIOLATION"], "{said}");
    // A new beginning.
    scene.lane.must(["switch", "-q", "--detach", "--discard-changes"]);
    repo.must(["update-ref", "refs/kitty/discarded/m/evil", &lane]);
    repo.must(["branch", "-q", "-D", &lane]);
    repo.must(["branch", "-q", &lane, &scene.mission.branch()]);
    scene.lane.must(["switch", "-q", "--discard-changes", &lane]);
    scene.commit(&[("src/b/more.rs", "mine\n")]).exits(0);
}
