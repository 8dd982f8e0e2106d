//! Protected branches at a commit, and where the policy that names them comes from.

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::{MissionBuilder, Topology};
use crate::kit::project;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::wp::Wp;
use crate::scene::{Scene, codes, last_resort};

const PROTECTED: &str = "PROTECTED_BRANCH_REFUSED";

/// A repository on `main` that is set up.
fn guarded() -> Checkout {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    repo.kitty(["init"]).exits(0);
    repo
}

fn list(branches: &str) -> String {
    format!("protection:\n  protected_branches: {branches}\n")
}

/// Puts HEAD on a branch, which begins where HEAD was if it is new.
fn switch(repo: &Checkout, branch: &str) {
    let known = repo.tip(branch).is_some();
    let words =
        if known { vec!["switch", "-q", branch] } else { vec!["switch", "-q", "-c", branch] };
    repo.must(words);
}

fn commit_on(repo: &Checkout, branch: &str) -> Output {
    switch(repo, branch);
    repo.git(["commit", "-q", "--allow-empty", "-m", "x"])
}

/// The branches of `names` that take no commit.
fn protected<'n>(repo: &Checkout, names: &[&'n str]) -> Vec<&'n str> {
    let refuses = |name: &&str| match commit_on(repo, name) {
        output if output.status == 0 => false,
        output => {
            assert_eq!(codes(&output), [PROTECTED], "{output}");
            true
        }
    };
    names.iter().copied().filter(refuses).collect()
}

/// Sets `refs/remotes/<remote>/HEAD` as a fetch would.
fn remote_head(repo: &Checkout, remote: &str, branch: &str) {
    let (head, name) =
        (format!("refs/remotes/{remote}/HEAD"), format!("refs/remotes/{remote}/{branch}"));
    repo.must(["update-ref", &name, "HEAD"]);
    repo.must(["symbolic-ref", &head, &name]);
}

#[test]
fn a_refusal_says_what_to_do() {
    let repo = guarded();
    repo.must(["branch", "release/next"]);
    remote_head(&repo, "origin", "release/next");
    for branch in ["main", "master", "release/next"] {
        let expected = format!(
            "$ git commit -q --allow-empty -m x\n\
             ! error: `{branch}` is a protected branch [PROTECTED_BRANCH_REFUSED]\n\
             ! hint: commit on a branch of your own: `git switch -c NAME` takes your changes along\n\
             ! {}[exit 1]\n",
            last_resort(branch)
        );
        assert_eq!(commit_on(&repo, branch).to_string(), expected);
    }
    let judged =
        repo.kitty(["guard", "--branch", "main", "--paths", "x", "--format", "json"]).exits(1);
    assert!(judged.stdout.contains(r#""error_code":"PROTECTED_BRANCH_REFUSED""#), "{judged}");
}

#[test]
fn without_policy_the_remotes_head_is_protected_and_names_are_exact() {
    let repo = guarded();
    let names = ["main", "master", "trunk", "x/trunk", "feature/main", "Main", "main2", "next"];
    assert_eq!(protected(&repo, &names), ["main", "master"]);
    // Nobody asks the remote itself.
    repo.must(["config", "remote.origin.url", "https://no.such.host.invalid/x"]);
    remote_head(&repo, "origin", "x/trunk");
    assert_eq!(protected(&repo, &names), ["main", "master", "x/trunk"]);
    remote_head(&repo, "origin", "trunk");
    assert_eq!(protected(&repo, &names), ["main", "master", "trunk"]);
    repo.must(["symbolic-ref", "--delete", "refs/remotes/origin/HEAD"]);
    assert_eq!(protected(&repo, &names), ["main", "master"]);
}

#[test]
fn the_only_remote_counts_whatever_its_name_and_of_several_origin() {
    let repo = guarded();
    repo.must(["config", "remote.upstream.url", "/nowhere"]);
    remote_head(&repo, "upstream", "trunk");
    assert_eq!(protected(&repo, &["trunk", "other"]), ["trunk"]);
    repo.must(["config", "remote.origin.url", "/nowhere"]);
    remote_head(&repo, "origin", "other");
    assert_eq!(protected(&repo, &["trunk", "other"]), ["other"]);
}

#[test]
fn a_tag_of_the_name_is_no_branch() {
    let repo = guarded();
    repo.must(["switch", "-q", "-c", "own"]);
    repo.unhooked(["branch", "-q", "-D", "main"]).run().exits(0);
    repo.must(["tag", "main"]);
    repo.must(["tag", "own"]);
    repo.must(["commit", "-q", "--allow-empty", "-m", "x"]);
    repo.must(["switch", "-q", "--detach", "main"]);
    repo.must(["commit", "-q", "--allow-empty", "-m", "x"]);
}

#[test]
fn a_list_is_exact_and_an_empty_one_protects_none() {
    let names = ["main", "master", "trunk", "release/1", "release-1"];
    for (branches, expected) in [
        ("[release/1]", &["release/1"][..]),
        ("[trunk, main]", &["main", "trunk"]),
        ("[]", &[]),
        ("['release/*']", &[]),
    ] {
        let repo = guarded();
        remote_head(&repo, "origin", "trunk");
        names
            .iter()
            .filter(|name| **name != "main")
            .for_each(|name| drop(repo.must(["branch", name])));
        project::set_up(&repo, &list(branches));
        assert_eq!(protected(&repo, &names), expected, "{branches}");
    }
}

#[test]
fn a_policy_that_cannot_be_read_stops_every_commit_but_its_repair() {
    for (policy, line, what) in [
        (list("main"), 7, "`protection.protected_branches` must be a list, not a single value"),
        (list("[main"), 8, "not YAML: while parsing a flow sequence, expected ',' or ']'"),
        (
            "policy:\n  commit_guard:\n    mode: blok\n".to_owned(),
            8,
            "`policy.commit_guard.mode` must be one of block, warn, off, not `blok`",
        ),
    ] {
        let repo = guarded();
        project::set_up(&repo, &policy);
        let output = commit_on(&repo, "own");
        let (first, rest) = output.stderr.split_once('\n').unwrap();
        let place = "error: the commit cannot be judged: refs/heads/main:.kittify/config.yaml";
        assert_eq!(first, format!("{place}:{line}: {what} [POLICY_CONFIG_INVALID]"));
        let hint = "hint: commit a `.kittify/config.yaml` that can be read, and nothing else with it: \
            that commit passes\n";
        assert_eq!((output.status, rest), (1, hint));

        switch(&repo, "main");
        let config = |text: &str| repo.stage(&[(".kittify/config.yaml", text)]);
        config("protection: [still wrong]\n");
        assert_eq!(codes(&repo.git(["commit", "-m", "x"])), ["POLICY_CONFIG_INVALID"]);
        config(&list("[main]"));
        repo.stage(&[("stowaway", "x\n")]);
        assert_eq!(
            codes(&repo.git(["commit", "-m", "x"])),
            ["POLICY_CONFIG_INVALID"],
            "only the repair"
        );
        repo.must(["rm", "-q", "--cached", "stowaway"]);
        repo.must(["commit", "-q", "-m", "Repair the policy"]);
        assert_eq!(protected(&repo, &["main", "own"]), ["main"]);
    }
}

#[test]
fn the_commit_that_first_adds_the_policy_passes_and_no_later_change_of_it() {
    let repo = guarded();
    let file = ".kittify/config.yaml";
    repo.stage(&[(file, &list("[main]"))]);
    repo.must(["commit", "-q", "-m", "Say what is protected"]);
    for change in [list("[]"), list("[main, trunk]")] {
        repo.stage(&[(file, &change)]);
        assert_eq!(codes(&repo.git(["commit", "-m", "x"])), [PROTECTED]);
    }
    repo.must(["rm", "-q", "--cached", file]);
    assert_eq!(codes(&repo.git(["commit", "-m", "x"])), [PROTECTED]);
}

#[test]
fn the_first_commit_of_a_repository_may_go_anywhere() {
    for branch in ["main", "master"] {
        let repo = RepoBuilder::default().files(0).build(&Sandbox::new(), "repo");
        repo.must(["symbolic-ref", "HEAD", &format!("refs/heads/{branch}")]);
        repo.kitty(["init"]).exits(0);
        repo.must(["commit", "-q", "--allow-empty", "-m", "first"]);
        assert_eq!(codes(&repo.git(["commit", "--allow-empty", "-m", "x"])), [PROTECTED]);
    }
}

#[test]
fn what_is_not_committed_decides_nothing() {
    let repo = guarded();
    project::set_up(&repo, &list("[main]"));
    let free = list("[]");
    repo.write(".kittify/config.yaml", &free);
    assert_eq!(protected(&repo, &["main"]), ["main"]);
    repo.must(["add", "."]);
    assert_eq!(protected(&repo, &["main"]), ["main"]);
    // Nor what another branch says.
    repo.must(["stash", "-q"]);
    switch(&repo, "own");
    repo.commit_file(".kittify/config.yaml", &list("[own]"));
    assert_eq!(protected(&repo, &["main", "own"]), ["main"]);
}

#[test]
fn the_branches_that_hold_a_policy_give_the_stricter_one() {
    let repo = guarded();
    for (branch, protects) in [("other", "o"), ("master", "m"), ("main", "n"), ("trunk", "t")] {
        switch(&repo, branch);
        repo.commit_file(".kittify/config.yaml", &list(&format!("[{protects}]")));
    }
    let names = ["t", "n", "m", "o"];
    names.iter().for_each(|name| drop(repo.must(["branch", name, "other"])));
    remote_head(&repo, "origin", "trunk");
    assert_eq!(protected(&repo, &names), ["t", "n", "m"], "the remote's head besides");
    repo.must(["symbolic-ref", "--delete", "refs/remotes/origin/HEAD"]);
    assert_eq!(protected(&repo, &names), ["n", "m"], "those of main and master");
    repo.must(["branch", "-q", "-D", "main"]);
    assert_eq!(protected(&repo, &names), ["m"], "that of master");
    repo.must(["branch", "-q", "-D", "master"]);
    assert_eq!(protected(&repo, &names), ["o"], "that of a branch that it protects");
}

#[test]
fn a_missions_branches_obey_the_policy_of_its_target() {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    project::set_up(&repo, "");
    switch(&repo, "develop");
    repo.commit_file(".kittify/config.yaml", "policy:\n  commit_guard:\n    mode: off\n");
    switch(&repo, "main");
    let mission = MissionBuilder::new("pay")
        .topology(Topology::Coordination)
        .target("develop")
        .wp(Wp::new("WP01").owns(&["src/a/**"]))
        .lane("lane-b", &["WP01"]);
    let scene = Scene::with_mission(&repo, mission);
    scene.commit(&[("foreign", "x\n")]).exits(0);
    // Neither what the lane itself has, nor what main says.
    scene.lane.commit_file(".kittify/config.yaml", "policy:\n  commit_guard:\n    mode: block\n");
    scene.commit(&[("foreign", "y\n")]).exits(0);
    repo.kitty(["scope", "add", "--branch", "own", "src/**"]).exits(0);
    switch(&repo, "own");
    repo.stage(&[("foreign", "x\n")]);
    assert_eq!(codes(&repo.git(["commit", "-m", "x"])), ["SCOPE_VIOLATION"], "main blocks");
}

#[test]
fn a_lane_cannot_loosen_its_own_policy() {
    let scene = Scene::new(Topology::Coordination);
    scene.lane.commit_file(".kittify/config.yaml", "policy:\n  commit_guard:\n    mode: off\n");
    assert_eq!(codes(&scene.commit(&[("src/a/one.rs", "1\n")])), ["ACTIVE_WP_SCOPE_VIOLATION"]);
    // Nor by becoming a lane that nobody knows.
    scene.lane.must(["branch", "-m", &format!("{}-lane-zz", scene.mission.branch())]);
    assert_eq!(codes(&scene.lane.git(["commit", "-m", "x"])), ["ACTIVE_WP_CONTEXT_MISSING"]);
}

#[test]
fn a_policy_that_the_machine_names_only_tightens() {
    let repo = guarded();
    project::set_up(&repo, &list("[main]"));
    for (branch, text) in
        [("strict", list("[own]")), ("lax", list("[]") + "policy: {commit_guard: {mode: off}}\n")]
    {
        switch(&repo, branch);
        repo.commit_file(".kittify/config.yaml", &text);
    }
    repo.kitty(["scope", "add", "--branch", "scoped", "src/**"]).exits(0);
    repo.must(["config", "kitty.policyRef", "strict"]);
    assert_eq!(protected(&repo, &["main", "own", "other"]), ["main", "own"]);
    repo.must(["config", "kitty.policyRef", "refs/heads/lax"]);
    assert_eq!(protected(&repo, &["main", "own", "other"]), ["main"]);
    switch(&repo, "scoped");
    repo.stage(&[("foreign", "x\n")]);
    assert_eq!(codes(&repo.git(["commit", "-m", "x"])), ["SCOPE_VIOLATION"]);
    repo.must(["config", "kitty.policyRef", "gone"]);
    assert_eq!(codes(&commit_on(&repo, "other")), ["POLICY_REF_MISSING"]);
}

#[test]
fn no_variable_and_no_message_is_a_password() {
    let repo = guarded();
    let messages = ["chore(spec-kitty): x", "[skip guard] x", "chore: finalize tasks"];
    for message in messages {
        let call = repo.call(["commit", "-q", "--allow-empty", "-m", message]);
        let output = call
            .env("SPEC_KITTY_ALLOW_PROTECTED_BRANCH_COMMITS", "1")
            .env("SPEC_KITTY_TEST_MODE", "1")
            .env("SPECIFY_REPO_ROOT", "/")
            .env("GIT_KITTY_ALLOW", "1")
            .env("CI", "true")
            .run();
        assert_eq!((output.status, codes(&output)), (1, vec![PROTECTED.to_owned()]));
    }
}
