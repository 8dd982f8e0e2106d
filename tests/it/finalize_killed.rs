//! `git kitty mission finalize`: killed at any step, and then people go on writing.

use git_kitty::git::crash;

use crate::finalize::Plan;
use crate::kit::checkout::Checkout;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;

const SPEC: &str = "# Spec\n\none\n\ntwo\n\nthree\n";

fn put(plan: &Plan, place: &Checkout, spec: &str) {
    place.write(format!("{}/spec.md", plan.dir), spec);
}

fn spec(plan: &Plan, place: &Checkout) -> String {
    place.read(&format!("{}/spec.md", plan.dir))
}

#[track_caller]
fn kill(plan: &Plan, step: &str) {
    let call = plan.repo.call(["kitty", "mission", "finalize"]).env("GIT_KITTY_CRASH", step);
    let killed = call.run();
    assert_eq!(killed.status, 134, "{step}: {killed}");
}

/// Kills at each step, writes on, and finalizes.
fn write_on(plan: &Plan, place: &Checkout) {
    for step in crash::PUBLISH.iter().chain(crash::TRANSACTION) {
        put(plan, place, &SPEC.replace("two", &format!("2, before {step}")));
        kill(plan, step);
        let after = SPEC.replace("two", &format!("2, after {step}"));
        put(plan, place, &after);
        plan.finalize().exits(0);
        assert_eq!(plan.on_branch("spec.md"), after, "{step}");
        assert_eq!(spec(plan, place), after, "{step}");
    }
}

#[test]
fn in_the_primary_checkout_one_writes_on() {
    let plan = Plan::new();
    write_on(&plan, &plan.repo);
    let before = state(&plan.repo);
    plan.finalize().exits(0);
    assert_unchanged(&before, &state(&plan.repo));
}

#[test]
fn in_the_coordination_worktree_one_writes_on() {
    let plan = Plan::new();
    let checkout = plan.repo.worktree(".worktrees/view", &plan.branch());
    write_on(&plan, &checkout);
    assert_eq!(checkout.ask(["status", "--porcelain"]), "");
}

#[test]
fn what_was_merged_stays_merged() {
    let plan = Plan::new();
    put(&plan, &plan.repo, SPEC);
    plan.finalize().exits(0);
    plan.commit("spec.md", &SPEC.replace("three", "3"));
    put(&plan, &plan.repo, &SPEC.replace("one", "1"));
    kill(&plan, "after-publish");
    put(&plan, &plan.repo, &SPEC.replace("one", "uno"));
    plan.finalize().exits(0);
    let merged = SPEC.replace("one", "uno").replace("three", "3");
    assert_eq!((plan.on_branch("spec.md"), spec(&plan, &plan.repo)), (merged.clone(), merged));
}

#[test]
fn what_never_was_published_counts_for_nothing() {
    let plan = Plan::new();
    put(&plan, &plan.repo, SPEC);
    plan.finalize().exits(0);
    let mine = SPEC.replace("two", "zwei");
    put(&plan, &plan.repo, &mine);
    kill(&plan, "after-announcement");
    plan.commit("spec.md", &SPEC.replace("two", "deux"));
    let said = plan.finalize().exits(3);
    assert!(said.stderr.contains("[PLAN_CONFLICT]"), "{said}");
    assert_eq!(spec(&plan, &plan.repo), mine);
}

#[test]
fn what_the_branch_changed_after_the_kill_still_conflicts_or_holds() {
    let plan = Plan::new();
    put(&plan, &plan.repo, SPEC);
    kill(&plan, "after-publish");
    let theirs = SPEC.replace("two", "deux");
    plan.commit("spec.md", &theirs);
    put(&plan, &plan.repo, &SPEC.replace("two", "zwei"));
    let said = plan.finalize().exits(3);
    assert!(said.stderr.contains("[PLAN_CONFLICT]"), "{said}");
    put(&plan, &plan.repo, SPEC);
    plan.finalize().exits(0);
    assert_eq!((plan.on_branch("spec.md"), spec(&plan, &plan.repo)), (theirs.clone(), theirs));
}

/// The first plan of a mission, from its coordination worktree: `lanes.json` comes to the branch.
fn begun() -> (Plan, Checkout) {
    let plan = Plan::new();
    let checkout = plan.repo.worktree(".worktrees/view", &plan.branch());
    plan.write_in(&checkout, &Wp::new("WP01").owns(&["src/a/**"]));
    put(&plan, &checkout, SPEC);
    (plan, checkout)
}

/// Writes on in the coordination worktree, also what changes the lanes, and finalizes.
fn write_more(plan: &Plan, checkout: &Checkout) {
    let after = SPEC.replace("two", "2");
    put(plan, checkout, &after);
    plan.write_in(checkout, &Wp::new("WP02").owns(&["src/b/**"]));
    plan.finalize().exits(0);
    assert_eq!((plan.on_branch("spec.md"), spec(plan, checkout)), (after.clone(), after));
    assert_eq!(checkout.ask(["status", "--porcelain"]), "");
}

#[test]
fn a_coordination_worktree_that_was_left_behind_comes_up() {
    for step in ["after-first-rename", "after-confirm", "after-settle"] {
        let (plan, checkout) = begun();
        kill(&plan, step);
        put(&plan, &checkout, &SPEC.replace("three", "3"));
        plan.finalize().exits(0);
        assert_eq!(checkout.ask(["status", "--porcelain"]), "", "{step}");
        kill_again(&plan, &checkout, step);
        write_more(&plan, &checkout);
    }
}

/// Kills a plan that changes the lanes.
fn kill_again(plan: &Plan, checkout: &Checkout, step: &str) {
    plan.write_in(checkout, &Wp::new("WP03").owns(&["docs/**"]));
    kill(plan, step);
}

#[test]
fn a_coordination_worktree_that_was_locked_comes_up_later() {
    let (plan, checkout) = begun();
    let lock = checkout.ask(["rev-parse", "--path-format=absolute", "--git-path", "index.lock"]);
    std::fs::write(&lock, "").unwrap();
    let said = plan.finalize().exits(0);
    assert!(said.stderr.contains("[WORKTREE_BEHIND]"), "{said}");
    std::fs::remove_file(&lock).unwrap();
    write_more(&plan, &checkout);
}
