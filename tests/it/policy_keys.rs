//! What a policy says at a place where nobody reads it, or cannot say: told where it governs, and when
//! it is committed.

use crate::kit::checkout::Checkout;
use crate::kit::project;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;

const POLICY: &str = ".kittify/config.yaml";
const MISPLACED: &str = "policy:\n  mode: warn\n  risk:\n    mode: block\n";
const MEANT: &str =
    "`policy.mode` is an unknown key and has no effect, did you mean `policy.commit_guard.mode`?";

fn guarded(policy: &str) -> Checkout {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    project::set_up(&repo, policy);
    repo.kitty(["init"]).exits(0);
    repo.must(["switch", "-q", "-c", "own"]);
    repo
}

#[test]
fn a_key_at_the_wrong_place_is_told_to_who_asks_and_not_at_commits_of_others() {
    let repo = guarded(MISPLACED);
    let place = "refs/heads/main:.kittify/config.yaml:7";
    let told = format!("warning: {place}: {MEANT} [UNKNOWN_POLICY_KEY]\n");
    repo.stage(&[("a", "a\n")]);
    assert_eq!(repo.kitty(["guard"]).exits(0).stderr, told);
    assert_eq!(repo.kitty(["why", "a"]).exits(0).stderr, told);
    assert_eq!(repo.git(["commit", "-q", "-m", "x"]).exits(0).stderr, "");
    assert_eq!(repo.kitty(["guard", "--range", "main..own"]).exits(0).stderr, told);
    let found = repo.kitty(["doctor"]).exits(1).stdout;
    assert_eq!(
        found,
        format!(
            "warning: {POLICY} [UNKNOWN_POLICY_KEY]\n  {place}: {MEANT}\n  fix: correct it on that \
             branch: git-kitty-config(5) lists the keys\n1 finding\n"
        )
    );
}

#[test]
fn a_policy_is_spoken_of_at_the_commit_that_brings_it() {
    let repo = guarded("");
    let says = |policy: &str| {
        repo.stage(&[(POLICY, policy)]);
        repo.git(["commit", "-q", "-m", "x"]).exits(0).stderr
    };
    assert_eq!(says(MISPLACED), format!("warning: {POLICY}:2: {MEANT} [UNKNOWN_POLICY_KEY]\n"));
    let blok = "`policy.commit_guard.mode` must be one of block, warn, off, not `blok`";
    assert_eq!(
        says("policy: {commit_guard: {mode: blok}}\n"),
        format!(
            "warning: {POLICY}:1: {blok}: where it governs, it stops every commit \
             [POLICY_CONFIG_INVALID]\n"
        )
    );
    assert_eq!(says("policy: {commit_guard: {mode: warn}, merge_gates: {}}\nmode: x\n"), "");
}

#[test]
fn the_doctor_tells_of_a_policy_that_cannot_be_read() {
    let repo = guarded("policy: {commit_guard: {mode: blok}}\n");
    let found = repo.kitty(["doctor"]).exits(1).stdout;
    assert!(found.starts_with("error: the policy [POLICY_CONFIG_INVALID]\n"), "{found}");
    assert!(found.ends_with("\n1 finding\n"), "{found}");
}

#[test]
fn who_mends_a_key_on_a_protected_branch_is_told_the_way_there() {
    let repo = guarded(MISPLACED);
    repo.must(["switch", "-q", "main"]);
    repo.stage(&[(POLICY, "policy:\n  commit_guard:\n    mode: warn\n")]);
    let said = repo.git(["commit", "-q", "-m", "x"]).exits(1).stderr;
    let hint = "hint: commit on a branch of your own: `git switch -c NAME` takes your changes along; the \
                policy of `main` changes by a pull request\n";
    assert!(said.starts_with("error: `main` is a protected branch"), "{said}");
    assert!(said.contains(hint), "{said}");
}
