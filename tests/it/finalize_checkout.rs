//! `git kitty mission finalize`: plans that are written in the coordination worktree.

use crate::finalize::Plan;
use crate::kit::checkout::Checkout;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;

fn opened() -> (Plan, Checkout) {
    let plan = Plan::new();
    let path = format!(".worktrees/{}-coord", plan.slug);
    let checkout = plan.repo.worktree(&path, &plan.branch());
    (plan, checkout)
}

/// Neither index nor files differ from the branch.
fn assert_current(plan: &Plan, checkout: &Checkout) {
    assert_eq!(checkout.ask(["status", "--porcelain"]), "");
    assert_eq!(checkout.ask(["rev-parse", "HEAD"]), plan.tip());
    assert_eq!(checkout.ask(["diff-files", "--name-only"]), "", "also without a look at the files");
}

#[test]
fn changes_of_the_coordination_worktree_are_committed_and_it_is_clean() {
    let (plan, checkout) = opened();
    plan.write_in(&checkout, &Wp::new("WP01").owns(&["src/a/**"]));
    plan.write_in(&checkout, &Wp::new("WP02").owns(&["src/b/**"]));
    checkout.write(format!("{}/spec.md", plan.dir), "# Written here\n");
    checkout.must(["add", &plan.wp_path("WP01")]);
    checkout.must(["rm", "-q", &format!("{}/tasks.md", plan.dir)]);
    std::fs::remove_file(checkout.path().join(&plan.dir).join("plan.md")).unwrap();
    plan.finalize().exits(0);
    assert_current(&plan, &checkout);
    assert_eq!(plan.on_branch("spec.md"), "# Written here\n");
    let files = plan.files_on_branch();
    assert!(!files.contains(&"plan.md".to_owned()), "{files:?}");
    assert!(checkout.read(&plan.wp_path("WP02")).contains("merge_target_branch: main\n"));
    let before = state(&plan.repo);
    plan.finalize().exits(0);
    checkout.kitty(["mission", "finalize"]).exits(0);
    assert_unchanged(&before, &state(&plan.repo));
    // And it goes on.
    checkout.write(format!("{}/spec.md", plan.dir), "# Again\n");
    checkout.kitty(["mission", "finalize"]).exits(0);
    assert_eq!(plan.on_branch("spec.md"), "# Again\n");
    assert_current(&plan, &checkout);
}

#[test]
fn both_places_may_change_and_the_first_conflict_stops_all() {
    let (plan, checkout) = opened();
    plan.write(&Wp::new("WP01").owns(&["src/a/**"]));
    plan.write_in(&checkout, &Wp::new("WP02").owns(&["src/b/**"]));
    plan.finalize().exits(0);
    assert_current(&plan, &checkout);
    let files = plan.files_on_branch().join(" ");
    assert!(files.contains("WP01") && files.contains("WP02"), "{files}");
    assert!(!plan.repo.file(plan.wp_path("WP02")).exists(), "no other file comes to a checkout");
    let spec = format!("{}/spec.md", plan.dir);
    checkout.write(&spec, "# One\n");
    plan.repo.write(&spec, "# Two\n");
    let before = state(&plan.repo);
    let said = plan.finalize().exits(3);
    let place = |place: &Checkout| place.path().join(&plan.dir).display().to_string();
    let told =
        format!("changed in `{}` and in `{}`: `{spec}`", place(&plan.repo), place(&checkout));
    assert!(said.stderr.contains(&told), "not on the branch: {said}");
    assert_unchanged(&before, &state(&plan.repo));
    plan.repo.write(&spec, "# One\n");
    plan.finalize().exits(0);
    assert_current(&plan, &checkout);
}

#[test]
fn a_kill_is_mended_by_running_it_again() {
    for step in ["after-build", "after-publish", "after-confirm", "after-settle"] {
        let (plan, checkout) = opened();
        plan.write_in(&checkout, &Wp::new("WP01").owns(&["src/a/**"]));
        plan.write(&Wp::new("WP02").owns(&["src/b/**"]));
        checkout.write(format!("{}/spec.md", plan.dir), "# Written here\n");
        std::fs::remove_file(checkout.path().join(&plan.dir).join("plan.md")).unwrap();
        let killed = plan.repo.call(["kitty", "mission", "finalize"]).env("GIT_KITTY_CRASH", step);
        assert_eq!(killed.run().status, 134, "{step}");
        plan.finalize().exits(0);
        assert_current(&plan, &checkout);
        let files = plan.files_on_branch().join(" ");
        assert!(files.contains("WP01") && files.contains("WP02"), "{step}: {files}");
        assert!(!files.contains("plan.md"), "{step}: {files}");
        assert_eq!(plan.on_branch("spec.md"), "# Written here\n", "{step}");
        assert!(
            checkout.read(&plan.wp_path("WP01")).contains("merge_target_branch: main"),
            "{step}"
        );
        let before = state(&plan.repo);
        plan.finalize().exits(0);
        assert_unchanged(&before, &state(&plan.repo));
    }
}

#[test]
fn what_is_not_planned_stands_in_the_way() {
    let (plan, checkout) = opened();
    plan.write_in(&checkout, &Wp::new("WP01").owns(&["src/a/**"]));
    plan.finalize().exits(0);
    checkout.write(format!("{}/status.events.jsonl", plan.dir), "forged\n");
    plan.write_in(&checkout, &Wp::new("WP02").owns(&["src/b/**"]));
    let before = state(&plan.repo);
    let said = plan.finalize().exits(1);
    assert!(said.stderr.contains("[REF_ADVANCE_DIRTY_WORKTREE]"), "{said}");
    assert_unchanged(&before, &state(&plan.repo));
}

#[test]
fn work_elsewhere_in_the_worktree_stays() {
    let (plan, checkout) = opened();
    plan.write_in(&checkout, &Wp::new("WP01").owns(&["src/a/**"]));
    checkout.write("src/a/one.rs", "changed");
    checkout.write("new.rs", "new");
    checkout.must(["add", "src/a/one.rs"]);
    plan.finalize().exits(0);
    assert_eq!(checkout.ask(["status", "--porcelain"]), "M  src/a/one.rs\n?? new.rs");
}

#[test]
fn a_worktree_elsewhere_counts_too_and_one_that_is_gone_does_not() {
    let plan = Plan::new();
    let checkout = plan.repo.worktree("../elsewhere", &plan.branch());
    plan.write_in(&checkout, &Wp::new("WP01").owns(&["src/a/**"]));
    plan.finalize().exits(0);
    assert_current(&plan, &checkout);
    std::fs::remove_dir_all(checkout.path()).unwrap();
    plan.write(&Wp::new("WP02").owns(&["src/b/**"]));
    plan.finalize().exits(0);
    assert!(plan.files_on_branch().join(" ").contains("WP02"));
}

#[test]
fn a_coordination_worktree_on_another_branch_is_told() {
    let (plan, checkout) = opened();
    checkout.must(["checkout", "-q", "--detach"]);
    plan.write_in(&checkout, &Wp::new("WP01").owns(&["src/a/**"]));
    let said = plan.finalize().exits(0);
    let place = checkout.path().join(&plan.dir);
    let told = format!(
        "warning: `{}` is left out: `{}` is not checked out there [PLANNING_FILE_LEFT_OUT]\n",
        place.display(),
        plan.branch()
    );
    assert_eq!(said.stderr.split_inclusive('\n').next(), Some(&*told), "{said}");
    checkout.must(["checkout", "-q", &plan.branch()]);
    plan.finalize().exits(0);
    assert!(plan.files_on_branch().join(" ").contains("WP01"));
}

#[test]
fn the_primary_checkout_may_have_the_branch_itself() {
    let plan = Plan::new();
    plan.repo.must(["switch", "-q", &plan.branch()]);
    plan.write(&Wp::new("WP01").owns(&["src/a/**"]));
    plan.repo.write(format!("{}/spec.md.kitty.tmp", plan.dir), "half");
    plan.finalize().exits(0);
    let status = plan.repo.ask(["status", "--porcelain"]);
    assert_eq!(status, format!("?? {}/spec.md.kitty.tmp", plan.dir), "of a killed process");
    assert!(plan.files_on_branch().join(" ").contains("WP01"));
}

#[test]
fn a_file_that_a_checkout_has_not_got_yet_was_not_deleted() {
    let (plan, checkout) = opened();
    plan.write_in(&checkout, &Wp::new("WP01").owns(&["src/a/**"]));
    plan.finalize().exits(0);
    // Somebody moves the branch, and leaves the checkout behind.
    plan.commit("notes.md", "new\n");
    checkout.write(format!("{}/spec.md", plan.dir), "# Written meanwhile\n");
    plan.finalize().exits(0);
    assert_eq!(plan.on_branch("notes.md"), "new\n");
    assert_eq!(plan.on_branch("spec.md"), "# Written meanwhile\n");
    assert_current(&plan, &checkout);
    assert_eq!(checkout.read(&format!("{}/notes.md", plan.dir)), "new\n");
}
