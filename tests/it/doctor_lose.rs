//! What `doctor --fix` leaves: a record that has something of its own.

use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::scene::Scene;

/// A repository with a worktree below `.worktrees` whose directory is gone, after `work` in it.
fn gone(work: impl Fn(&Checkout)) -> Checkout {
    let repo = RepoBuilder::default().files(3).build(&Sandbox::new(), "repo");
    repo.kitty(["init"]).exits(0);
    let tree = repo.worktree(".worktrees/w", "w");
    work(&tree);
    std::fs::remove_dir_all(tree.path()).unwrap();
    repo
}

fn is_there(repo: &Checkout) -> bool {
    repo.file(".git/worktrees/w").exists()
}

#[test]
fn a_record_with_something_of_its_own_stays() {
    let ways: [&dyn Fn(&Checkout); 4] = [
        &|tree| {
            let commit = tree.ask(["commit-tree", "-m", "k", "HEAD^{tree}"]);
            tree.git(["update-ref", "refs/worktree/keep", &commit]).exits(0);
        },
        &|tree| {
            let commit = tree.ask(["commit-tree", "-p", "HEAD", "-m", "m", "HEAD^{tree}"]);
            tree.git(["merge", "-q", "--no-ff", "--no-commit", &commit]).exits(0);
        },
        &|tree| {
            tree.git(["commit", "-q", "--allow-empty", "-m", "mine"]).exits(0);
            tree.git(["reset", "-q", "--hard", "HEAD^"]).exits(0);
        },
        &|tree| tree.stage(&[("staged.txt", "mine\n")]),
    ];
    for (place, work) in ways.iter().enumerate() {
        let repo = gone(work);
        let said = repo.kitty(["doctor", "--fix"]).exits(1);
        assert!(said.stdout.contains("[WORKTREE_GONE]"), "{place}: {said}");
        assert!(is_there(&repo), "{place}: {said}");
    }
}

#[test]
fn a_record_of_nothing_is_forgotten() {
    let repo = gone(|_| ());
    repo.kitty(["doctor", "--fix"]).exits(0);
    assert!(!is_there(&repo));
}

#[test]
fn healthy_worktrees_in_deeper_directories_and_copies_are_told_rightly() {
    let repo = RepoBuilder::default().files(3).build(&Sandbox::new(), "repo");
    repo.kitty(["init"]).exits(0);
    repo.worktree(".worktrees/feature/login", "login");
    repo.kitty(["doctor"]).exits(0);
    let own = repo.worktree(".worktrees/w", "w");
    repo.sh("cp -a .worktrees/w .worktrees/copy").exits(0);
    let said = repo.kitty(["doctor"]).exits(1);
    assert!(!said.stdout.contains("worktree repair"), "it would rob the other: {said}");
    assert_eq!(own.ask(["status", "--porcelain"]), "");
}

#[test]
fn a_coordination_branch_that_was_deleted_is_told_with_the_way_back() {
    let scene = Scene::new(Topology::Coordination);
    let (branch, tip) = (scene.mission.branch(), scene.repo.id(&scene.mission.branch()));
    let before = scene.repo.kitty(["status"]).exits(0).stdout;
    scene.repo.unhooked(["update-ref", "-d", &format!("refs/heads/{branch}")]).run().exits(0);
    let way = format!("git branch {branch} {tip}");
    let said = scene.repo.kitty(["status"]).exits(0);
    assert!(said.stderr.contains("[COORDINATION_BRANCH_DELETED]"), "{said}");
    let said = scene.repo.kitty(["wp", "list", "--mission", &scene.mission.slug]).exits(1);
    assert!(said.stderr.contains(&way), "{said}");
    let said = scene.repo.kitty(["doctor"]).exits(1);
    assert!(said.stdout.contains("[COORDINATION_BRANCH_DELETED]"), "{said}");
    assert!(said.stdout.contains(&way), "{said}");
    scene.lane.stage(&[("src/b/two.rs", "2\n")]);
    let said = scene.lane.git(["commit", "-q", "-m", "work"]).exits(1);
    assert!(said.stderr.contains(&way), "{said}");
    scene.repo.sh(&way).exits(0);
    assert_eq!(scene.repo.kitty(["status"]).exits(0).stdout, before);
}

#[test]
fn a_directory_that_is_gone_is_in_no_repository() {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    let said = repo.sh("mkdir gone && cd gone && rmdir ../gone && git-kitty status");
    assert_eq!(said.status, 5, "{said}");
}
