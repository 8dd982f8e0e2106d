//! A clone that has one lane and nothing else.

use crate::kit::checkout::Checkout;
use crate::pushing::Pushing;

/// The clone, set up.
fn clone(here: &Pushing) -> Checkout {
    let lane = here.lane();
    here.scene.repo.must(["clone", "-q", "--single-branch", "-b", &lane, "../server", "../one"]);
    let one = Checkout::at(here.server.sandbox(), here.server.path().with_file_name("one"));
    one.kitty(["init"]).exits(0);
    one
}

/// Does what a refused commit says, word by word; then the commit passes.
#[test]
fn the_way_to_the_coordination_branch_works_as_it_is_told() {
    let here = Pushing::new();
    let one = clone(&here);
    one.stage(&[("src/b/new.rs", "mine\n")]);
    let said = one.git(["commit", "-q", "-m", "work"]);
    let (_, way) = said.stderr.split_once("bring it back: `").unwrap();
    let commands: Vec<&str> = way.split('`').step_by(2).take(2).collect();
    one.sh(&commands.join(" && ")).exits(0);
    one.must(["commit", "-q", "-m", "work"]);
}

#[test]
fn a_coordination_branch_may_be_fetched_into_a_clone_of_a_lane() {
    let here = Pushing::new();
    here.scene.commit(&[("src/b/new.rs", "mine\n")]).exits(0);
    here.passes(&[&here.lane()]);
    let one = clone(&here);
    let branch = here.scene.mission.branch();
    one.must(["fetch", "-q", "origin", &format!("{branch}:{branch}")]);
    one.stage(&[("src/b/more.rs", "mine\n")]);
    one.must(["commit", "-q", "-m", "work"]);
    one.stage(&[("src/a/foreign.rs", "foreign\n")]);
    assert_ne!(one.git(["commit", "-q", "-m", "work"]).status, 0);
    one.must(["reset", "-q", "--hard"]);
    let evil = one.ask(["commit-tree", "-p", &branch, "-m", "Evil", "HEAD^{tree}"]);
    let said = one.git(["update-ref", &format!("refs/heads/{branch}"), evil.trim()]);
    assert!(said.stderr.contains("[COORDINATION_PATH_REFUSED]"), "only what is new: {said}");
}
