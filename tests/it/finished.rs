//! Pushing the work of lanes that are finished: with their coordination branch, whatever the server has
//! of the lanes.

use crate::pushing::Pushing;

const APPROVED: &[&str] = &["in_progress", "for_review", "in_review", "approved"];

/// Lane-b with commits of its own, finished; of those the server, which has our hook, may have one.
fn finished(is_older_there: bool) -> Pushing {
    let mut here = Pushing::new();
    here.scene.commit(&[("src/b/new.rs", "mine\n")]).exits(0);
    if is_older_there {
        here.passes(&[&here.lane()]);
    }
    here.scene.commit(&[("src/b/newer.rs", "mine\n")]).exits(0);
    here.scene.walk("WP03", &["planned", "canceled"]);
    here.scene.walk("WP02", APPROVED);
    here.server.kitty(["install", "--server"]).exits(0);
    here
}

/// Merges a commit into the coordination branch, as a door would or past them all.
fn join(here: &Pushing, commit: &str) {
    let branch = here.scene.mission.branch();
    let repo = &here.scene.repo;
    let tree = repo.ask(["merge-tree", "--write-tree", &branch, commit]);
    let [one, other] = [branch.as_str(), commit].map(|name| repo.id(name));
    let words = ["commit-tree", "-p", &one, "-p", &other, "-m", "Merge", tree.trim()];
    let merge = repo.ask(words);
    let name = format!("refs/heads/{branch}");
    repo.unhooked(["update-ref", &name, merge.trim()]).run().exits(0);
}

#[test]
fn the_coordination_branch_may_go_alone_with_lanes_that_are_finished() {
    for is_older_there in [false, true] {
        let here = finished(is_older_there);
        let coordination = here.scene.mission.branch();
        join(&here, &here.lane());
        here.scene.repo.kitty(["lane", "close", "lane-b"]).exits(0);
        here.passes(&[&coordination]);
        assert_eq!(here.server.id(&coordination), here.scene.repo.id(&coordination));
    }
}

#[test]
fn what_no_finished_lane_may_have_comes_by_no_push() {
    let here = finished(false);
    let (lane, coordination) = (here.lane(), here.scene.mission.branch());
    let other = here.scene.mission.lane_branch("lane-a");
    here.smuggle("evil", "src/a/foreign.rs");
    here.smuggle("evil", "src/a/more.rs");
    join(&here, "evil");
    for words in [
        &[coordination.clone()][..],
        &[coordination.clone(), format!("+evil:{lane}")],
        &[coordination.clone(), format!("evil:refs/heads/{other}")],
        &[coordination.clone(), format!("+evil:{lane}"), format!("evil:refs/heads/{other}")],
    ] {
        let before = here.server.ask(["for-each-ref"]);
        for verify in ["--verify", "--no-verify"] {
            let words =
                ["push", "-q", verify, "origin"].into_iter().chain(words.iter().map(|w| &**w));
            let said = here.scene.repo.git(words);
            assert_ne!(said.status, 0, "{verify} {said}");
            assert_eq!(here.server.ask(["for-each-ref"]), before, "{said}");
            assert!(said.stderr.contains("[COORDINATION_PATH_REFUSED]"), "{verify} {said}");
        }
    }
}

/// Two lanes that are finished prove nothing for each other.
#[test]
fn lanes_that_come_at_once_do_not_vouch_for_each_other() {
    let mut here = finished(false);
    here.scene.walk("WP01", APPROVED);
    let (lane, coordination) = (here.lane(), here.scene.mission.branch());
    let other = here.scene.mission.lane_branch("lane-a");
    here.smuggle("evil", "Makefile");
    let before = here.server.ask(["for-each-ref"]);
    for verify in ["--verify", "--no-verify"] {
        let [one, two] = [&lane, &other].map(|name| format!("+evil:refs/heads/{name}"));
        let said = here.scene.repo.git(["push", "-q", verify, "origin", &coordination, &one, &two]);
        assert_eq!(here.server.ask(["for-each-ref"]), before, "{verify} {said}");
        assert!(said.stderr.contains("Makefile"), "{verify} {said}");
    }
}
