//! Landings that every door takes.

use super::ground::Ground;
use crate::kit::checkout::Checkout;

/// Another clone, with doors, that has the target as the server has it.
fn other(here: &Ground) -> Checkout {
    let sandbox = here.repo.sandbox();
    sandbox.run(".", "git", ["clone", "-q", "server", "other"]).exits(0);
    let other = Checkout::at(sandbox, sandbox.root().join("other"));
    other.kitty(["init"]).exits(0);
    other
}

/// A landing passes in CI, in a clone that takes it from this one, and on the server.
#[track_caller]
fn comes_everywhere(here: &Ground, landed: &str) {
    let own = here.own();
    here.passes_range(landed);
    let other = other(here);
    let words = ["fetch", "-q", "../repo", "main:peer"];
    let needed = format!("{own}:{own}");
    other.git(words.iter().chain(&[needed.as_str()])).exits(0);
    other.git(["merge", "-q", "--ff-only", "peer"]).exits(0);
    here.passes(&["main", &own]);
    assert_eq!(here.server.id("main"), landed);
}

#[test]
fn a_fast_forward_comes_to_every_door() {
    let here = Ground::new();
    let lanes = ["lane-a", "lane-b"].map(|lane| here.mission.lane_branch(lane));
    here.passes(&[&here.own(), &lanes[0], &lanes[1]]);
    let landed = here.land(&[]);
    comes_everywhere(&here, &landed);
}

#[test]
fn a_merge_comes_to_every_door() {
    let here = Ground::new();
    here.others_land("src/a/one.rs", "0\n1\n2\n3\n4\n5\n6\n7\n");
    let landed = here.land(&["--strategy", "merge"]);
    comes_everywhere(&here, &landed);
}

#[test]
fn a_squash_needs_its_coordination_branch_on_the_server() {
    let here = Ground::new();
    here.others_land("src/a/one.rs", "0\n1\n2\n3\n4\n5\n6\n7\n");
    let landed = here.land(&["--strategy", "squash"]);
    let said = here.declined(&["main"], "LANDING_NOT_HERE");
    assert!(said.contains(&format!("git push REMOTE {}", here.own())), "{said}");
    comes_everywhere(&here, &landed);
}

#[test]
fn a_rebase_comes_to_every_door() {
    let here = Ground::new();
    here.others_land("src/a/one.rs", "0\n1\n2\n3\n4\n5\n6\n7\n");
    let landed = here.land(&["--strategy", "rebase"]);
    here.repo.kitty(["verify-landing"]).exits(0);
    comes_everywhere(&here, &landed);
}

#[test]
fn a_landing_alone_may_come_before_its_coordination_branch() {
    let here = Ground::new();
    here.land(&[]);
    here.passes(&["main"]);
    here.passes(&[&here.own()]);
}

#[test]
fn a_host_merges_or_squashes_the_branch_of_a_pull_request() {
    let here = Ground::new();
    here.land(&["--pr"]);
    here.others_land("src/b/two.rs", "0\n1\n2\n3\n4\n5\n6\n7\n");
    let (own, pr) = (here.own(), format!("kitty/pr/{}-to-main", here.mission.slug));
    here.passes(&[&own, &pr]);
    let tree = here.repo.ask(["merge-tree", "--write-tree", "main", &pr]);
    let merged = here.repo.ask(["commit-tree", "-m", "M", "-p", "main", "-p", &pr, &tree]);
    here.passes_range(&merged);
    let squashed = here.repo.ask(["commit-tree", "-m", "S", "-p", "main", &tree]);
    here.passes_range(&squashed);
    let evil = here.with(&pr, "src/a/evil.rs", "evil\n");
    let evil = here.commit(&merged, &["main", &evil]);
    here.refused_everywhere(&evil, "commits come along that are neither");
    here.repo.git(["update-ref", "refs/heads/main", &squashed]).exits(0);
    here.passes(&["main"]);
}

#[test]
fn several_landings_come_in_one_push() {
    let here = Ground::new();
    here.land(&["--strategy", "squash"]);
    let more = here.with("main", "docs/more.md", "more\n");
    here.refused_main(&more);
    here.passes(&["main", &here.own()]);
}

impl Ground {
    /// That one more commit on a landing does not come with it.
    #[track_caller]
    fn refused_main(&self, commit: &str) {
        let own = self.own();
        self.declined(&[&format!("{commit}:main"), &own], "PROTECTED_BRANCH_REFUSED");
        let moved = self.repo.git(["update-ref", "refs/heads/main", commit]);
        assert!(moved.stderr.contains("[PROTECTED_BRANCH_REFUSED]"), "{moved}");
    }
}

#[test]
fn what_was_taken_back_can_be_pushed_where_nobody_saw_it() {
    let here = Ground::new();
    here.passes(&[&here.own()]);
    let landed = here.land(&[]);
    here.repo.kitty(["undo"]).exits(0);
    here.refused_everywhere(&landed, "it was taken back since");
    here.passes(&[&here.own()]);
    here.land(&[]);
    here.passes(&["main", &here.own()]);
}

#[test]
fn what_a_mission_tells_after_its_landing_keeps_nobody_from_pushing_that() {
    let here = Ground::new();
    here.land(&["--strategy", "squash"]);
    let log = here.repo.ask(["show", &format!("{}:{}", here.own(), here.log())]);
    let event = "{\"event_id\": \"01KZ0000000000000000000000\", \"event_type\": \"Told\"}";
    let later = here.with(&here.own(), &here.log(), &format!("{log}\n{event}\n"));
    here.repo.git(["push", "-q", ".", &format!("{later}:refs/heads/{}", here.own())]).exits(0);
    here.passes(&["main", &here.own()]);
}

#[test]
fn conflicts_that_a_person_resolved_pass() {
    let here = Ground::new();
    for lane in ["lane-a", "lane-b"] {
        let path = here.repo.path().join(format!(".worktrees/{}-{lane}", here.mission.slug));
        let tree = Checkout::at(here.repo.sandbox(), path);
        tree.commit_file("docs/x.md", &format!("{lane}\n"));
    }
    here.others_land("src/a/one.rs", "theirs\n");
    here.others_land("src/b/two.rs", "theirs\n");
    here.repo.kitty(["merge"]).exits(3);
    here.repo.kitty(["merge", "--resolve"]).exits(0);
    let place = here.repo.path().join(format!(".worktrees/{}-merge", here.mission.slug));
    let place = Checkout::at(here.repo.sandbox(), place);
    place.stage(&[("docs/x.md", "both\n")]);
    here.repo.kitty(["merge", "--continue"]).exits(3);
    place.stage(&[("src/a/one.rs", "ours and theirs\n"), ("src/b/two.rs", "of both\n")]);
    here.repo.kitty(["merge", "--continue"]).exits(0);
    let landed = here.repo.id("main");
    here.passes_range(&landed);
    here.passes(&[&here.own()]);
    here.passes(&["main"]);
}

#[test]
fn conflicts_that_are_resolved_by_hand_pass_as_far_as_finished_lanes_own_them() {
    let here = Ground::new();
    let lanes = ["lane-a", "lane-b"].map(|lane| here.mission.lane_branch(lane));
    for lane in ["lane-a", "lane-b"] {
        let path = here.repo.path().join(format!(".worktrees/{}-{lane}", here.mission.slug));
        let tree = Checkout::at(here.repo.sandbox(), path);
        tree.commit_file("docs/x.md", &format!("{lane}\n"));
    }
    let tree = here.mission.open_coordination();
    tree.git(["merge", "-q", "--no-edit", &lanes[0]]).exits(0);
    let before = tree.id("HEAD");
    tree.git(["merge", "-q", "--no-edit", &lanes[1]]).exits(1);
    tree.stage(&[("docs/x.md", "both\n"), ("docs/evil.md", "evil\n")]);
    let said = tree.git(["commit", "-q", "--no-edit", "-n"]);
    assert!(said.stderr.contains("[COORDINATION_PATH_REFUSED]"), "{said}");
    assert_eq!(tree.id("HEAD"), before);
    tree.ask(["rm", "-q", "-f", "docs/evil.md"]);
    tree.git(["commit", "-q", "--no-edit"]).exits(0);
    here.passes(&[&here.own()]);
}

#[test]
fn branches_of_a_squashed_mission_may_go() {
    let here = Ground::new();
    let lanes = ["lane-a", "lane-b"].map(|lane| here.mission.lane_branch(lane));
    let own = here.own();
    here.passes(&[&own, &lanes[0], &lanes[1]]);
    here.declined(&[&format!(":{own}")], "BRANCH_DELETION_REFUSED");
    here.land(&["--strategy", "squash"]);
    here.passes(&["main", &own]);
    let gone = [&own, &lanes[0], &lanes[1]].map(|name| format!(":{name}"));
    here.passes(&[&gone[0], &gone[1], &gone[2]]);
}
