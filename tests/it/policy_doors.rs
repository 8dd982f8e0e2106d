//! Ways around the doors by policies and names: branches that anybody may write decide nothing for those
//! that are protected.

use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::pushing::Pushing;
use crate::scene::{Scene, codes};

const POLICY: &str = ".kittify/config.yaml";
const PROTECTED: &str = "PROTECTED_BRANCH_REFUSED";

fn list(names: &str) -> String {
    format!("protection:\n  protected_branches: {names}\n")
}

/// A repository on `branch`, which has this policy.
fn guarded(branch: &str, policy: Option<&str>) -> Checkout {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    repo.must(["branch", "-q", "-m", branch]);
    if let Some(policy) = policy {
        repo.commit_file(POLICY, policy);
    }
    repo.kitty(["init"]).exits(0);
    repo
}

/// A commit on top of `parent` that is on `branch` past every door.
fn smuggle(repo: &Checkout, (branch, parent): (&str, &str), files: &[(&str, &str)]) -> String {
    let files: Vec<_> = files.iter().map(|&(path, text)| (path.into(), text.into())).collect();
    repo.commit_to(branch, parent, "Smuggle", &files)
}

/// Whether `branch` takes what `loose` has.
fn moves(repo: &Checkout, branch: &str) -> Vec<String> {
    codes(&repo.git(["update-ref", &format!("refs/heads/{branch}"), "loose"]))
}

#[test]
fn a_new_branch_does_not_give_a_server_its_policy() {
    let repo = guarded("develop", Some(&list("[develop]")));
    let server = RepoBuilder::default().bare().build(repo.sandbox(), "server");
    server.must(["symbolic-ref", "HEAD", "refs/heads/develop"]);
    repo.must(["push", "-q", "--no-verify", "../server", "develop"]);
    server.kitty(["install", "--server"]).exits(0);
    let push =
        |words: &[&str]| repo.git(["push", "-q", "--no-verify", "../server"].iter().chain(words));
    for lax in [list("[]"), "protection: [damaged\n".to_owned()] {
        smuggle(&repo, ("main", "develop"), &[(POLICY, &lax)]);
        push(&["+main"]).exits(0);
        let evil = smuggle(&repo, ("evil", "develop"), &[("evil", "x")]);
        let said = push(&[&format!("{evil}:develop")]).exits(1);
        assert!(said.stderr.contains(&format!("[{PROTECTED}]")), "{said}");
        push(&["+evil:free"]).exits(0);
    }
}

#[test]
fn a_usual_branch_that_is_made_one_day_does_not_either() {
    let repo = guarded("develop", Some(&list("[develop, prod]")));
    let server = RepoBuilder::default().bare().build(repo.sandbox(), "server");
    server.must(["symbolic-ref", "HEAD", "refs/heads/main"]);
    repo.must(["push", "-q", "--no-verify", "../server", "develop"]);
    server.kitty(["install", "--server"]).exits(0);
    let push = |words: &str| repo.git(["push", "-q", "--no-verify", "../server", words]);
    smuggle(&repo, ("lax", "develop"), &[(POLICY, &list("[]"))]);
    for usual in ["main", "master"] {
        let said = push(&format!("lax:refs/heads/{usual}")).exits(1);
        assert!(said.stderr.contains(&format!("[{PROTECTED}]")), "{said}");
    }
    push("develop:refs/heads/main").exits(0);
}

#[test]
fn a_protected_branch_that_was_renamed_is_not_begun_anywhere() {
    let repo = guarded("main", None);
    repo.stage(&[(POLICY, &list("[main]"))]);
    repo.must(["commit", "-q", "-m", "Begin"]);
    repo.must(["branch", "-q", "-m", "main", "old"]);
    smuggle(&repo, ("evil", "old"), &[("evil", "x")]);
    assert_eq!(codes(&repo.git(["branch", "main", "evil"])), [PROTECTED]);
    repo.must(["branch", "main", "old"]);
}

#[test]
fn another_name_for_a_protected_branch_is_judged_as_that() {
    let here = Pushing::new();
    here.server.must(["symbolic-ref", "refs/heads/alias", "refs/heads/main"]);
    here.smuggle("evil", "evil");
    here.refused(&["evil:alias"], PROTECTED);
    here.refused(&[":alias"], "BRANCH_DELETION_REFUSED");
    here.passes(&["evil"]);
    here.server.kitty(["install", "--server"]).exits(0);
    for (words, code) in [("evil:alias", PROTECTED), (":alias", "BRANCH_DELETION_REFUSED")] {
        let words = ["push", "-q", "--no-verify", "origin", words];
        let said = here.scene.repo.git(words).exits(1);
        assert!(said.stderr.contains(&format!("[{code}]")), "{said}");
    }
    here.server.must(["symbolic-ref", "refs/heads/alias", "refs/heads/evil"]);
    here.smuggle("evil", "more");
    here.passes(&["evil:alias"]);
}

#[test]
fn the_first_policy_brings_nothing_but_what_is_new_beside_it() {
    let repo = guarded("main", None);
    repo.stage(&[(POLICY, &list("[main]")), ("evil", "x\n")]);
    assert_eq!(codes(&repo.git(["commit", "-m", "x"])), [PROTECTED]);
    repo.must(["rm", "-q", "--cached", "evil"]);
    repo.symlink(".kittify/link", "../evil");
    repo.must(["add", "."]);
    repo.must(["reset", "-q", "evil"]);
    assert_eq!(codes(&repo.git(["commit", "-m", "x"])), [PROTECTED], "a link");
    repo.must(["rm", "-q", "-f", ".kittify/link"]);
    repo.stage(&[(".kittify/metadata.yaml", "a: 1\n")]);
    repo.must(["commit", "-q", "-m", "Begin"]);
}

#[test]
fn no_head_loosens_what_a_protected_branch_says() {
    let repo = guarded("main", Some(&list("[main]")));
    let loose = smuggle(&repo, ("loose", "main"), &[(POLICY, &list("[]"))]);
    repo.must(["update-ref", "refs/remotes/origin/loose", &loose]);
    repo.must(["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/loose"]);
    assert_eq!(moves(&repo, "main"), [PROTECTED], "the remote's");
    // Nor where no policy was ever committed, or another branch than the usual ones is protected.
    let never = guarded("main", None);
    let trunk = guarded("trunk", Some(&list("[trunk]")));
    let loose = smuggle(&never, ("served", "main"), &[(POLICY, &list("[]"))]);
    never.must(["branch", "loose", "served"]);
    never.must(["update-ref", "refs/remotes/origin/loose", &loose]);
    never.must(["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/loose"]);
    assert_eq!(moves(&never, "main"), [PROTECTED], "the remote's, and main says nothing");
    never.must(["symbolic-ref", "--delete", "refs/remotes/origin/HEAD"]);
    never.must(["branch", "-q", "-D", "loose"]);
    for (repo, branch) in [(&never, "main"), (&trunk, "trunk")] {
        smuggle(repo, ("loose", branch), &[(POLICY, &list("[]")), ("evil", "x")]);
        repo.must(["switch", "-q", "loose"]);
        assert_eq!(moves(repo, branch), [PROTECTED], "{branch}");
        repo.must(["branch", "-q", "free", "loose~1"]);
        assert_eq!(moves(repo, "free"), [""; 0]);
    }
}

#[test]
fn a_damaged_policy_on_a_free_branch_stands_in_nobodys_way() {
    let repo = guarded("main", Some(&list("[main]")));
    smuggle(&repo, ("loose", "main"), &[(POLICY, "protection: [damaged\n"), ("evil", "x")]);
    let never = guarded("main", None);
    smuggle(&never, ("loose", "main"), &[(POLICY, "protection: [damaged\n"), ("evil", "x")]);
    for repo in [&repo, &never] {
        repo.must(["switch", "-q", "loose"]);
        repo.must(["branch", "-q", "other"]);
        repo.must(["reset", "-q", "--hard", "main"]);
        repo.must(["reset", "-q", "--hard", "other"]);
        assert_eq!(moves(repo, "main"), [PROTECTED]);
    }
}

/// Lane-b is finished, and then gets a commit past every door, as by `git branch -C evil LANE`.
fn finished_and_swapped(scene: &mut Scene) -> String {
    let lane = scene.mission.lane_branch("lane-b");
    scene.commit(&[("src/b/two.rs", "mine\n")]).exits(0);
    scene.walk("WP02", &["for_review", "approved"]);
    scene.walk("WP03", &["planned", "canceled"]);
    smuggle(&scene.repo, (&lane, &lane), &[("src/a/foreign.rs", "x\n")]);
    lane
}

#[test]
fn a_local_branch_that_no_door_has_seen_so_vouches_for_nothing() {
    let mut scene = Scene::new(Topology::Coordination);
    let lane = finished_and_swapped(&mut scene);
    let coordination = scene.mission.branch();
    let work = scene.repo.sandbox().root().join("work");
    scene.repo.must(["worktree", "add", "-q", work.to_str().unwrap(), &coordination]);
    let work = Checkout::at(scene.repo.sandbox(), work);
    let said = work.git(["merge", "-q", "--no-ff", "-m", "Take", &lane]);
    assert!(!codes(&said).is_empty(), "{said}");
    work.git(["merge", "--abort"]);
    work.must(["merge", "-q", "--no-ff", "-m", "Take", &format!("{lane}~1")]);
}

#[test]
fn before_a_push_only_what_the_remote_has_vouches() {
    let mut here = Pushing::new();
    let lane = finished_and_swapped(&mut here.scene);
    let (repo, coordination) = (&here.scene.repo, here.scene.mission.branch());
    here.passes(&[&format!("{lane}~1:refs/heads/{lane}"), &coordination]);
    repo.unhooked(["switch", "-q", &coordination]).run().exits(0);
    repo.unhooked(["merge", "-q", "--no-ff", "-m", "Take", &lane]).run().exits(0);
    let said = here.push(&[&coordination]).exits(1);
    assert!(said.stderr.contains("src/a/foreign.rs"), "{said}");
    repo.unhooked(["reset", "-q", "--hard", "HEAD~1"]).run().exits(0);
    repo.must(["merge", "-q", "--no-ff", "-m", "Take", &format!("{lane}~1")]);
    here.passes(&[&coordination]);
}

#[test]
fn a_remote_that_a_branch_does_not_follow_vouches_for_nothing() {
    let here = Pushing::new();
    let repo = &here.scene.repo;
    let evil = here.smuggle("evil", "evil");
    repo.must(["remote", "add", "other", "../other"]);
    repo.must(["update-ref", "refs/remotes/other/main", &evil]);
    assert_eq!(codes(&repo.git(["merge", "-q", "--ff-only", "other/main"])), [PROTECTED]);
    repo.unhooked(["reset", "-q", "--hard"]).run().exits(0);
    repo.must(["update-ref", "refs/remotes/origin/main", &evil]);
    repo.must(["merge", "-q", "--ff-only", "origin/main"]);
}

#[test]
fn a_remote_without_a_name_is_asked_for_what_it_has() {
    let here = Pushing::new();
    here.scene.commit(&[("src/b/two.rs", "mine\n")]).exits(0);
    let (repo, lane) = (&here.scene.repo, here.lane());
    let push = |words: &[&str]| repo.git(["push", "-q", "../server"].iter().chain(words));
    push(&[&lane]).exits(0);
    here.smuggle(&lane, "src/a/foreign.rs");
    push(&[&lane]).exits(1);
}

#[test]
fn a_history_that_is_cut_off_counts_only_where_the_remote_has_it() {
    let here = Pushing::new();
    let (repo, lane) = (&here.scene.repo, here.lane());
    let bad = smuggle(repo, ("bad", &lane), &[("src/a/foreign.rs", "x\n")]);
    here.unjudged(&["bad"]);
    let url = format!("file://{}", here.server.path().display());
    here.scene.lane.must(["fetch", "-q", "--depth=1", &url, "bad"]);
    let said = here.scene.lane.git(["reset", "-q", "--hard", &bad]);
    assert_eq!(codes(&said), ["SHALLOW_REPOSITORY"], "{said}");
    here.scene.lane.unhooked(["reset", "-q", "--hard"]).run().exits(0);
    repo.must(["update-ref", &format!("refs/remotes/origin/{lane}"), &bad]);
    here.scene.lane.must(["reset", "-q", "--hard", &bad]);
}
