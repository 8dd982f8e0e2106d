//! `git kitty mission finalize`: files that changed in a checkout, on the branch, or on both.

use crate::finalize::Plan;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;

const SPEC: &str = "# Spec\n\none\n\ntwo\n\nthree\n";

/// A plan that was finalized from the primary checkout once.
fn finalized() -> Plan {
    let plan = Plan::new();
    plan.write_two();
    put(&plan, SPEC);
    plan.repo.write(format!("{}/notes/deep/a.md", plan.dir), "a\n");
    plan.finalize().exits(0);
    plan
}

fn put(plan: &Plan, spec: &str) {
    plan.repo.write(format!("{}/spec.md", plan.dir), spec);
}

fn spec(plan: &Plan) -> String {
    plan.repo.read(&format!("{}/spec.md", plan.dir))
}

#[test]
fn the_side_that_changed_holds() {
    let plan = finalized();
    put(&plan, "# Mine\n");
    plan.finalize().exits(0);
    assert_eq!(plan.on_branch("spec.md"), "# Mine\n");
    plan.commit("spec.md", "# Theirs\n");
    let tip = plan.tip();
    plan.finalize().exits(0);
    assert_eq!(
        (spec(&plan).as_str(), plan.tip()),
        ("# Theirs\n", tip),
        "written back, and no more"
    );
    put(&plan, "# Mine again\n");
    plan.finalize().exits(0);
    assert_eq!(plan.on_branch("spec.md"), "# Mine again\n");
}

#[test]
fn what_fits_together_is_merged() {
    let plan = finalized();
    plan.commit("spec.md", &SPEC.replace("three", "3"));
    put(&plan, &SPEC.replace("one", "1"));
    plan.finalize().exits(0);
    let merged = SPEC.replace("one", "1").replace("three", "3");
    assert_eq!((plan.on_branch("spec.md"), spec(&plan)), (merged.clone(), merged));
    let before = state(&plan.repo);
    plan.finalize().exits(0);
    assert_unchanged(&before, &state(&plan.repo));
}

#[test]
fn a_conflict_changes_nothing_anywhere() {
    let plan = finalized();
    plan.commit("spec.md", &SPEC.replace("two", "2"));
    plan.commit("notes/deep/a.md", "b\n");
    put(&plan, &SPEC.replace("two", "zwei"));
    plan.repo.write(format!("{}/notes/deep/a.md", plan.dir), "c\n");
    plan.write(&Wp::new("WP03").owns(&["docs/"]));
    let before = state(&plan.repo);
    for arguments in [&[][..], &["--dry-run"]] {
        let said = plan.finalize_with(arguments).exits(3);
        let names = ["notes/deep/a.md", "spec.md"].map(|name| format!("`{}/{name}`", plan.dir));
        let told = format!("and on the coordination branch: {}", names.join(", "));
        assert!(said.stderr.contains(&told), "{said}");
        assert!(said.stderr.contains("[PLAN_CONFLICT]"), "{said}");
        assert_unchanged(&before, &state(&plan.repo));
    }
    let document = plan.json(&[]);
    assert_eq!(document["paths"].as_array().unwrap().len(), 2);
}

#[test]
fn what_was_deleted_goes_unless_it_changed() {
    let plan = finalized();
    let remove = |name: &str| {
        std::fs::remove_file(plan.repo.path().join(&plan.dir).join(name)).unwrap();
    };
    plan.commit("only-there.md", "x\n");
    remove("notes/deep/a.md");
    plan.finalize().exits(0);
    let files = plan.files_on_branch();
    assert!(!files.iter().any(|file| file.starts_with("notes")), "{files:?}");
    assert!(files.contains(&"only-there.md".to_owned()), "it never was in the checkout");
    plan.commit("spec.md", "# Newer\n");
    remove("spec.md");
    let said = plan.finalize().exits(0);
    assert!(said.stderr.contains("[PLANNING_FILE_KEPT]"), "{said}");
    assert_eq!(plan.on_branch("spec.md"), "# Newer\n");
    assert_eq!(plan.finalize().exits(0).stderr, "");
}

#[test]
fn an_empty_directory_deletes_nothing() {
    let plan = finalized();
    let (tip, dir) = (plan.tip(), plan.repo.path().join(&plan.dir));
    std::fs::remove_dir_all(&dir).unwrap();
    plan.finalize().exits(0);
    std::fs::create_dir_all(dir.join("tasks")).unwrap();
    plan.finalize().exits(0);
    assert_eq!(plan.tip(), tip);
    // What comes back is what it was.
    put(&plan, SPEC);
    plan.write_two();
    plan.repo.write(format!("{}/notes/deep/a.md", plan.dir), "a\n");
    plan.finalize().exits(0);
    assert_eq!(plan.tip(), tip);
}

#[test]
fn without_a_record_the_history_tells() {
    let plan = finalized();
    let forget = || {
        std::fs::remove_dir_all(plan.repo.path().join(".git/kitty/planning")).unwrap();
    };
    forget();
    let tip = plan.tip();
    plan.finalize().exits(0);
    assert_eq!(plan.tip(), tip);
    plan.commit("spec.md", "# Newer\n");
    let tip = plan.tip();
    forget();
    plan.finalize().exits(0);
    assert_eq!((plan.tip(), spec(&plan).as_str()), (tip, "# Newer\n"), "an older version is none");
    forget();
    put(&plan, "# Nobody knows it\n");
    let before = state(&plan.repo);
    let said = plan.finalize().exits(3);
    assert!(said.stderr.contains("spec.md`"), "{said}");
    assert_unchanged(&before, &state(&plan.repo));
}

#[test]
fn what_vanished_from_the_branch_is_not_brought_back() {
    let plan = finalized();
    let tree = plan.repo.worktree("../copy", &plan.branch());
    tree.unhooked(["rm", "-q", &format!("{}/notes/deep/a.md", plan.dir)]).run().exits(0);
    tree.unhooked(["commit", "-q", "-m", "Without notes"]).run().exits(0);
    let tip = plan.tip();
    let said = plan.finalize().exits(0);
    assert!(said.stderr.contains("[PLANNING_FILE_LEFT_OUT]"), "{said}");
    assert_eq!(plan.tip(), tip);
    assert_eq!(plan.repo.read(&format!("{}/notes/deep/a.md", plan.dir)), "a\n");
}

#[test]
fn a_kill_is_mended_by_running_it_again() {
    for step in ["after-build", "before-journal", "after-publish", "after-confirm", "after-settle"]
    {
        let plan = finalized();
        plan.commit("spec.md", &SPEC.replace("three", "3"));
        put(&plan, &SPEC.replace("one", "1"));
        plan.write(&Wp::new("WP01").owns(&["src/a/**", "docs/"]));
        plan.write(&Wp::new("WP03").owns(&["new/**"]));
        let words = ["kitty", "mission", "finalize"];
        let killed = plan.repo.call(words).env("GIT_KITTY_CRASH", step).run();
        assert_eq!(killed.status, 134, "{step}: {killed}");
        plan.finalize().exits(0);
        let merged = SPEC.replace("one", "1").replace("three", "3");
        assert_eq!((plan.on_branch("spec.md"), spec(&plan)), (merged.clone(), merged), "{step}");
        for id in ["WP01", "WP02", "WP03"] {
            let stem = Wp::new(id).stem();
            let own = plan.repo.read(&plan.wp_path(id));
            assert_eq!(own, plan.on_branch(&format!("tasks/{stem}.md")), "{step}");
            assert!(own.contains("merge_target_branch: main\n"), "{step}: {own}");
        }
        let log = plan.on_branch("status.events.jsonl");
        assert_eq!(log.lines().count(), 3, "{step}: {log}");
        let before = state(&plan.repo);
        plan.finalize().exits(0);
        assert_unchanged(&before, &state(&plan.repo));
    }
}

#[test]
fn a_directory_in_place_of_a_file_is_a_conflict() {
    let plan = finalized();
    plan.repo.write(format!("{}/tasks.md/x.md", plan.dir), "x\n");
    let before = state(&plan.repo);
    let said = plan.finalize().exits(3);
    assert!(said.stderr.contains("tasks.md`"), "{said}");
    assert_unchanged(&before, &state(&plan.repo));
}
