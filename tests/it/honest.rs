//! What people and git-kitty itself do in good faith: no door may refuse it. Beside each, the bad
//! faith that looks like it.

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::repo::{RefFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;
use crate::pushing::Pushing;
use crate::scene::{Scene, TOPOLOGIES, codes, mission};

const SCOPE: &str = "ACTIVE_WP_SCOPE_VIOLATION";

/// A repository of this kind in which a hook of others, that lets pass all, wants to be asked: then
/// every move of git-kitty's goes through git, and so through our own hook too.
fn listened(format: RefFormat) -> Option<Checkout> {
    let sandbox = Sandbox::new();
    if format == RefFormat::Reftable && !sandbox.has_reftable() {
        return None;
    }
    let repo = RepoBuilder::default().refs(format).files(3).build(&sandbox, "repo");
    repo.commit_file("src/a/one.rs", "one\n");
    repo.commit_file("src/b/two.rs", "two\n");
    sandbox.hook("repo/.git/hooks/reference-transaction", "#!/bin/sh\ncat >/dev/null\n");
    Some(repo)
}

/// The scene in repositories of several kinds.
fn scenes(topology: Topology) -> impl Iterator<Item = Scene> {
    let formats = [RefFormat::Files, RefFormat::Reftable];
    let listened = formats.into_iter().filter_map(listened);
    let scenes = listened.map(move |repo| Scene::with_mission(&repo, mission(topology)));
    let plain = RepoBuilder::default().refs(RefFormat::Reftable);
    let plain = Sandbox::new().has_reftable().then(|| Scene::in_repository(topology, plain));
    scenes.chain(plain)
}

#[test]
fn every_step_of_a_mission_passes_whatever_refs_are_and_whoever_listens() {
    for scene in scenes(Topology::Coordination) {
        let repo = &scene.repo;
        repo.must(["pack-refs", "--all"]);
        repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
        scene.commit(&[("src/b/two.rs", "2\n")]).exits(0);
        repo.kitty(["lane", "sync", "lane-b"]).exits(0);
        scene.commit(&[("src/b/two.rs", "3\n")]).exits(0);
        repo.kitty(["lane", "open", "lane-a"]).exits(0);
        repo.must(["pack-refs", "--all"]);
        repo.kitty(["lane", "close", "lane-a"]).exits(0);
        repo.kitty(["lane", "open", "lane-a"]).exits(0);
        repo.must(["pack-refs", "--all"]);
        let slug = scene.mission.slug.as_str();
        repo.kitty(["mission", "close", slug, "--discard"]).exits(0);
        assert_eq!(repo.tip(&scene.mission.branch()), None);
        repo.kitty(["doctor"]).exits(0);
    }
}

#[test]
fn a_mission_is_made_and_landed_whatever_refs_are_and_whoever_listens() {
    for repo in [RefFormat::Files, RefFormat::Reftable].into_iter().filter_map(listened) {
        repo.kitty(["init"]).exits(0);
        repo.kitty(["mission", "create", "pay", "--target", "main"]).exits(0);
        let branch = repo.ask(["for-each-ref", "--format=%(refname:short)", "refs/heads/kitty"]);
        repo.unhooked(["merge", "-q", &branch]).run().exits(0);
        repo.must(["pack-refs", "--all"]);
        repo.kitty(["mission", "close", "pay"]).exits(0);
        assert_eq!(repo.tip(&branch), None);
    }
}

/// In older missions git-kitty writes status to lanes, which nobody else may.
#[test]
fn work_goes_on_after_git_kitty_has_written_to_the_branch() {
    for topology in TOPOLOGIES {
        let natively = Scene::new(topology);
        for scene in scenes(topology).chain([natively]) {
            scene.commit(&[("src/b/two.rs", "2\n")]).exits(0);
            let words = ["wp", "move", "WP02", "--to", "blocked", "--reason", "rest", "--force"];
            scene.lane.kitty(words).exits(0);
            let words = ["wp", "move", "WP02", "--to", "in_progress", "--reason", "on", "--force"];
            scene.lane.kitty(words).exits(0);
            scene.lane.unhooked(["reset", "-q", "--hard"]).run().exits(0);
            scene.commit(&[("src/b/two.rs", "3\n")]).exits(0);
            let refused = scene.lane.git(["commit", "-q", "--allow-empty", "--amend", "-mx"]);
            assert_eq!(refused.status, 0, "{refused}");
        }
    }
}

#[test]
fn what_came_past_the_doors_is_found_though_git_kitty_has_written_since() {
    let scene = Scene::new(Topology::Primary);
    scene.commit(&[("src/b/two.rs", "2\n")]).exits(0);
    scene.lane.commit_file("src/a/one.rs", "smuggled\n");
    scene.lane.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
    scene.lane.unhooked(["reset", "-q", "--hard"]).run().exits(0);
    let refused = scene.commit(&[("src/b/two.rs", "3\n")]);
    assert!(codes(&refused).contains(&SCOPE.to_owned()), "{refused}");
}

/// What the hook says to one line, as git would give it.
fn told(scene: &Scene, line: &str) -> Output {
    let hook = scene.repo.file(".git/hooks/reference-transaction");
    let call = scene.repo.program(hook.to_str().unwrap()).args(["prepared"]);
    call.stdin(format!("{line}\n")).run()
}

#[test]
fn packing_is_no_move_and_pruning_no_deletion_whoever_is_at_work_beside_it() {
    let scene = Scene::new(Topology::Coordination);
    let repo = &scene.repo;
    let (branch, zeros) = (scene.mission.branch(), "0".repeat(40));
    let (name, old) = (format!("refs/heads/{branch}"), repo.id(&format!("{branch}~")));
    // Packed at a value that another process has moved it from since.
    let packed = format!("{zeros} {old} {name}");
    told(&scene, &packed).exits(0);
    repo.write(format!(".git/{name}.lock"), "");
    told(&scene, &packed).exits(1);
    std::fs::remove_file(repo.file(format!(".git/{name}.lock"))).unwrap();
    // Pruned while another process packs or deletes.
    repo.must(["pack-refs", "--all", "--no-prune"]);
    let pruned = format!("{} {zeros} {name}", repo.id(&branch));
    repo.write(format!(".git/{name}.lock"), "");
    repo.write(".git/packed-refs.lock", "");
    told(&scene, &pruned).exits(0);
    repo.write(".git/packed-refs.new", "# without it\n");
    told(&scene, &pruned).exits(1);
}

#[test]
fn a_branch_begins_where_those_are_that_count_there() {
    let scene = Scene::new(Topology::Coordination);
    let repo = &scene.repo;
    repo.must(["branch", "master", "main"]);
    let lane_like = format!("{}-lane-zz", scene.mission.branch());
    repo.must(["branch", &lane_like, "main"]);
    repo.must(["branch", "own", "main"]);
    repo.unhooked(["branch", "-D", "master", &lane_like]).run().exits(0);
    repo.must(["switch", "-q", "own"]);
    repo.commit_file("src/new.rs", "new\n");
    for guarded in ["master", &lane_like] {
        repo.git(["branch", guarded, "own"]).exits(128);
        assert_eq!(repo.tip(guarded), None);
    }
    // One new branch does not speak for the other.
    let tip = repo.id("own");
    let both = format!("create refs/heads/master {tip}\ncreate refs/heads/main {tip}\n");
    repo.unhooked(["branch", "-D", "main"]).run().exits(0);
    repo.must(["update-ref", "refs/remotes/origin/main", "own~"]);
    repo.must(["config", "remote.origin.url", "/nowhere"]);
    repo.call(["update-ref", "--stdin"]).stdin(both).run().exits(128);
    repo.must(["branch", "main", "own~"]);
}

#[test]
fn the_first_protected_branch_of_all_begins_anywhere() {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    repo.must(["branch", "-m", "trunk"]);
    repo.kitty(["init"]).exits(0);
    repo.must(["branch", "main"]);
    repo.must(["switch", "-q", "-c", "own"]);
    repo.must(["commit", "-q", "--allow-empty", "-m", "mine"]);
    repo.git(["branch", "master"]).exits(128);
}

#[test]
fn a_fresh_clone_takes_what_its_remote_has() {
    let mut here = Pushing::new();
    let (lane, coordination) = (here.lane(), here.scene.mission.branch());
    here.scene.commit(&[("src/b/two.rs", "of WP02\n")]).exits(0);
    here.scene.walk("WP02", &["in_progress", "for_review"]);
    here.scene.walk("WP03", &["planned", "claimed", "in_progress"]);
    here.scene.commit(&[("docs/new.md", "of WP03\n")]).exits(0);
    here.passes(&[&lane, &coordination]);
    here.scene.repo.ask(["clone", "-q", "../server", "../other"]);
    let other = Checkout::at(here.scene.repo.sandbox(), here.scene.repo.path().join("../other"));
    other.kitty(["init"]).exits(0);
    other.must(["branch", &coordination, &format!("origin/{coordination}")]);
    other.must(["switch", "-q", &lane]);
    here.scene.commit(&[("docs/new.md", "more of WP03\n")]).exits(0);
    here.passes(&[&lane]);
    other.must(["pull", "-q"]);
    assert_eq!(other.id("HEAD"), here.scene.lane.id("HEAD"));
    here.scene.lane.commit_file("src/a/one.rs", "of nobody there\n");
    here.unjudged(&[&lane]);
    let said = other.git(["pull", "-q"]);
    assert_eq!(codes(&said), [SCOPE], "{said}");
}

#[test]
fn a_branch_may_go_that_a_remote_still_has() {
    let here = Pushing::new();
    let (repo, lane) = (&here.scene.repo, here.lane());
    here.scene.commit(&[("src/b/two.rs", "mine\n")]).exits(0);
    here.scene.lane.must(["switch", "-q", "--detach"]);
    let said = repo.git(["branch", "-D", &lane]);
    assert_eq!(codes(&said), ["BRANCH_DELETION_REFUSED"], "{said}");
    here.passes(&[&lane]);
    repo.must(["pack-refs", "--all"]);
    repo.must(["branch", "-q", "-D", &lane]);
    repo.must(["branch", "-q", &lane, &format!("origin/{lane}")]);
    // Not what the same transaction takes away.
    let both = format!("delete refs/heads/{lane}\ndelete refs/remotes/origin/{lane}\n");
    repo.call(["update-ref", "--stdin"]).stdin(both).run().exits(128);
}

#[test]
fn a_coordination_branch_that_is_gone_comes_back_as_it_was() {
    let scene = Scene::new(Topology::Split);
    let (repo, branch) = (&scene.repo, scene.mission.branch());
    repo.kitty(["status"]).exits(0);
    let (tip, before) = (repo.id(&branch), repo.id(&format!("{branch}~")));
    let tree = repo.ask(["rev-parse", "main^{tree}"]);
    let other = repo.ask(["commit-tree", "-m", "x", "-p", &tip, &tree]);
    repo.unhooked(["branch", "-q", "-D", &branch]).run().exits(0);
    for bad in [&before, &other, "main"] {
        repo.git(["branch", &branch, bad]).exits(128);
    }
    repo.must(["branch", &branch, &tip]);
    repo.unhooked(["branch", "-q", "-D", &branch]).run().exits(0);
    // Where nobody has seen it, its own files speak for it.
    std::fs::remove_dir_all(repo.file(".git/kitty/seen")).unwrap();
    repo.git(["branch", &branch, &other]).exits(128);
    repo.must(["branch", &branch, &tip]);
}
