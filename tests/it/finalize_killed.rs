//! `git kitty mission finalize`: killed at any step, and then people go on writing.

use git_kitty::git::crash;

use crate::finalize::Plan;
use crate::kit::checkout::Checkout;
use crate::kit::state::{assert_unchanged, state};

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
