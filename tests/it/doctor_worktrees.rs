//! `git kitty doctor`: worktrees, their records, lanes and husks.

use crate::doctor::{fix, found, mission, repository};
use crate::kit::checkout::Checkout;
use crate::kit::mission::{MissionBuilder, Topology};
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;

const NOTHING: [&str; 0] = [];

fn status(checkout: &Checkout) -> String {
    checkout.ask(["status", "--porcelain"])
}

#[test]
fn a_coordination_worktree_is_missing_switched_or_dirty() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    let view = mission.open_coordination();
    assert_eq!(found(&repo), NOTHING);
    view.write("note", "mine");
    assert_eq!(found(&repo), ["COORDINATION_WORKTREE_DIRTY"]);
    assert_eq!(fix(&repo), ["COORDINATION_WORKTREE_DIRTY left"]);
    assert_eq!(view.read("note"), "mine");
    std::fs::remove_file(view.path().join("note")).unwrap();
    view.must(["switch", "-q", "-c", "mine"]);
    assert_eq!(found(&repo), ["COORDINATION_WORKTREE_BRANCH_MISMATCH"]);
    assert_eq!(fix(&repo), ["COORDINATION_WORKTREE_BRANCH_MISMATCH left"]);
    view.must(["switch", "-q", "--detach"]);
    assert_eq!(found(&repo), ["COORDINATION_WORKTREE_BRANCH_MISMATCH"]);
    std::fs::remove_dir_all(view.path()).unwrap();
    assert_eq!(found(&repo), ["COORDINATION_WORKTREE_MISSING"]);
    assert_eq!(fix(&repo), ["COORDINATION_WORKTREE_MISSING left"], "its HEAD was detached");
}

#[test]
fn a_coordination_worktree_that_is_gone_comes_back_if_it_is_wanted() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    let view = mission.open_coordination();
    std::fs::remove_dir_all(view.path()).unwrap();
    repo.must(["config", "kitty.coordinationWorktree", "false"]);
    assert_eq!(fix(&repo), ["COORDINATION_WORKTREE_MISSING left"]);
    repo.must(["config", "--unset", "kitty.coordinationWorktree"]);
    assert_eq!(fix(&repo), ["COORDINATION_WORKTREE_MISSING mended"]);
    assert_eq!(status(&view), "");
    assert_eq!(found(&repo), NOTHING);
}

#[test]
fn what_another_repository_has_there_is_its_own() {
    let repo = repository();
    repo.must(["clone", "-q", ".", "../other"]);
    let other = repo.below("../other");
    other.must([
        "worktree",
        "add",
        "-q",
        "../repo/.worktrees/theirs",
        "-b",
        "kitty/mission-x-lane-a",
    ]);
    assert_eq!(found(&repo), NOTHING);
    std::fs::remove_dir_all(other.path()).unwrap();
    assert_eq!(found(&repo), ["WORKTREE_UNRECORDED"], "it may be ours, and have been moved");
}

#[test]
fn a_stale_coordination_worktree_is_brought_up_and_work_in_it_stays() {
    for steps in [1, 3, 12] {
        let repo = repository();
        let mission = mission(&repo, Topology::Coordination);
        let view = mission.open_coordination();
        let (branch, log) = (mission.branch(), format!("{}/log.md", mission.dir()));
        for step in 0..steps {
            let old = repo.id(&branch);
            repo.commit_to(&branch, &old, "Move", &[(log.clone(), format!("{step}\n"))]);
        }
        assert_eq!(found(&repo), ["COORDINATION_WORKTREE_STALE"], "{steps}");
        assert_eq!(fix(&repo), ["COORDINATION_WORKTREE_STALE mended"]);
        assert_eq!(status(&view), "");
        assert_eq!(view.read(&log), format!("{}\n", steps - 1));
        // Work elsewhere in it stays, and work on what differs keeps it as it is.
        let spec = format!("{}/spec.md", mission.dir());
        view.write(&spec, "mine");
        let old = repo.id(&branch);
        repo.commit_to(&branch, &old, "Move", &[(log.clone(), "more\n".to_owned())]);
        assert!(fix(&repo).contains(&"COORDINATION_WORKTREE_STALE mended".to_owned()));
        assert_eq!((view.read(&spec).as_str(), view.read(&log).as_str()), ("mine", "more\n"));
    }
}

#[test]
fn work_on_what_differs_keeps_a_stale_worktree_as_it_is() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    let view = mission.open_coordination();
    let spec = format!("{}/spec.md", mission.dir());
    view.write(&spec, "mine");
    let old = repo.id(&mission.branch());
    repo.commit_to(&mission.branch(), &old, "Move", &[(spec.clone(), "theirs".to_owned())]);
    fix(&repo);
    let before = state(&repo);
    assert_eq!(fix(&repo), ["COORDINATION_WORKTREE_STALE left"]);
    assert_unchanged(&before, &state(&repo));
    assert_eq!(view.read(&spec), "mine");
}

#[test]
fn husks_are_removed_only_if_they_are_empty_and_unknown() {
    let repo = repository();
    let trees = repo.path().join(".worktrees");
    std::fs::create_dir_all(trees.join("empty/deep/er")).unwrap();
    repo.write(".worktrees/full/deep/file", "mine");
    repo.must(["worktree", "add", "-q", ".worktrees/known", "-b", "known"]);
    std::fs::remove_dir_all(trees.join("known")).unwrap();
    std::fs::create_dir(trees.join("known")).unwrap();
    assert_eq!(found(&repo), ["WORKTREE_HUSK"; 3]);
    assert_eq!(fix(&repo), ["WORKTREE_HUSK mended", "WORKTREE_HUSK left", "WORKTREE_HUSK left"]);
    assert!(!trees.join("empty").exists() && trees.join("known").exists());
    assert_eq!(repo.read(".worktrees/full/deep/file"), "mine");
    let said = repo.kitty(["doctor"]).stdout;
    assert!(said.contains("full/deep/file`"), "{said}");
}

#[test]
fn records_without_directory_are_forgotten_unless_they_hold_something() {
    let repo = repository();
    for name in ["plain", "staged", "locked", "apart"] {
        let path = format!(".worktrees/{name}");
        repo.must(["worktree", "add", "-q", &path, "-b", name]);
    }
    repo.below(".worktrees/staged").stage(&[("new", "mine")]);
    repo.must(["worktree", "lock", ".worktrees/locked"]);
    let apart = repo.below(".worktrees/apart");
    apart.must(["switch", "-q", "--detach"]);
    let commit = apart.commit_file("src/mine", "mine\n");
    repo.must(["worktree", "add", "-q", "../outside", "-b", "outside"]);
    std::fs::remove_dir_all(repo.path().join(".worktrees")).unwrap();
    std::fs::remove_dir_all(repo.path().join("../outside")).unwrap();
    assert_eq!(found(&repo), ["WORKTREE_GONE"; 4]);
    let way = format!("`git branch KEEP {commit}`");
    assert!(repo.kitty(["doctor"]).stdout.contains(&way), "{way}");
    let mut done = fix(&repo);
    done.sort();
    let left = "WORKTREE_GONE left";
    assert_eq!(done, [left, left, left, "WORKTREE_GONE mended"]);
    let listed = repo.ask(["worktree", "list", "--porcelain"]);
    assert!(!listed.contains("/plain\n") && listed.contains("/outside\n"), "{listed}");
    assert!(repo.tip("plain").is_some());
    repo.must(["branch", "KEEP", &commit]);
    assert!(fix(&repo).contains(&"WORKTREE_GONE mended".to_owned()), "nothing is lost any more");
}

#[test]
fn worktrees_without_record_or_mission_are_told_and_left() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    let lane = mission.open_lane("lane-a");
    lane.write("work", "mine");
    let record = lane.ask(["rev-parse", "--absolute-git-dir"]);
    std::fs::remove_dir_all(record).unwrap();
    assert_eq!(found(&repo), ["WORKTREE_UNRECORDED"]);
    assert_eq!(fix(&repo), ["WORKTREE_UNRECORDED left"]);
    assert_eq!(lane.read("work"), "mine");
    std::fs::remove_dir_all(lane.path()).unwrap();
    for branch in [mission.lane_branch("lane-z"), "kitty/mission-gone-01KV6DC9-lane-a".to_owned()] {
        repo.unhooked(["branch", &branch, "main"]).run().exits(0);
        repo.must(["worktree", "add", "-q", &format!(".worktrees/{}", branch.len()), &branch]);
    }
    repo.must(["worktree", "add", "-q", ".worktrees/own", "-b", "own"]);
    assert_eq!(found(&repo), ["WORKTREE_ORPHANED"; 2]);
    assert_eq!(fix(&repo), ["WORKTREE_ORPHANED left"; 2]);
}

#[test]
fn a_claim_without_a_place_to_work_in_was_interrupted() {
    for topology in [Topology::Primary, Topology::Coordination] {
        let repo = repository();
        let mut mission = mission(&repo, topology);
        mission.log.walk("WP01", &["planned", "claimed"]);
        mission.save();
        repo.must(["config", "core.logAllRefUpdates", "true"]);
        let interrupted = |repo: &Checkout| {
            let codes = found(repo);
            codes.into_iter().filter(|code| code != "STALE_CLAIM").collect::<Vec<_>>()
        };
        assert_eq!(interrupted(&repo), ["CLAIM_INTERRUPTED"], "{topology:?}");
        let said = repo.kitty(["doctor"]).stdout;
        assert!(said.contains("WP01 is claimed, but its lane has no branch"), "{said}");
        let fix = format!("fix: `git kitty wp claim WP01 --mission {}`", mission.slug);
        assert!(said.contains(&fix), "{said}");
        let lane = mission.open_lane("lane-a");
        assert_eq!(interrupted(&repo), NOTHING);
        repo.must(["worktree", "remove", lane.path().to_str().unwrap()]);
        let said = repo.kitty(["doctor"]).stdout;
        assert!(said.contains("WP01 is claimed, but its lane has no worktree"), "{said}");
        let branch = mission.lane_branch("lane-a");
        let remote = format!("refs/remotes/origin/{branch}");
        repo.must(["update-ref", &remote, &branch]);
        repo.unhooked(["branch", "-q", "-D", &branch]).run().exits(0);
        assert_eq!(interrupted(&repo), NOTHING, "another machine works on it");
    }
}

#[test]
fn a_lane_that_nobody_works_in_may_lose_its_directory() {
    let repo = repository();
    let lane = mission(&repo, Topology::Coordination).open_lane("lane-a");
    std::fs::remove_dir_all(lane.path()).unwrap();
    assert_eq!(found(&repo), ["LANE_WORKTREE_MISSING"]);
    assert_eq!(fix(&repo), ["LANE_WORKTREE_MISSING left"]);
}

#[test]
fn a_sparse_checkout_that_drifted_is_put_right_where_nobody_works() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    let lane = mission.open_lane("lane-a");
    assert_eq!(found(&repo), NOTHING);
    let file =
        lane.ask(["rev-parse", "--path-format=absolute", "--git-path", "info/sparse-checkout"]);
    let right = std::fs::read_to_string(&file).unwrap();
    for wrong in ["/*\n".to_owned(), format!("{right}!/src\n"), String::new()] {
        std::fs::write(&file, wrong).unwrap();
        assert_eq!(found(&repo), ["LANE_SPARSE_CHECKOUT_DRIFT"]);
    }
    std::fs::write(&file, &right).unwrap();
    for (key, value, back) in
        [("core.sparseCheckout", "false", "true"), ("core.sparseCheckoutCone", "true", "false")]
    {
        lane.must(["config", "--worktree", key, value]);
        lane.write("src/mine", "mine\n");
        assert_eq!(found(&repo), ["LANE_SPARSE_CHECKOUT_DRIFT"], "{key}");
        assert_eq!(fix(&repo), ["LANE_SPARSE_CHECKOUT_DRIFT left"]);
        std::fs::remove_file(lane.file("src/mine")).unwrap();
        assert_eq!(fix(&repo), ["LANE_SPARSE_CHECKOUT_DRIFT mended"]);
        assert_eq!(lane.ask(["config", "--worktree", key]), back);
        assert_eq!(found(&repo), NOTHING);
    }
    std::fs::write(&file, "/*\n").unwrap();
    lane.must(["sparse-checkout", "reapply"]);
    let status = format!("{}/status.json", mission.dir());
    assert!(lane.file(&status).exists());
    lane.write(&status, "mine\n");
    assert_eq!(fix(&repo), ["LANE_SPARSE_CHECKOUT_DRIFT left"]);
    assert_eq!(lane.read(&status), "mine\n");
    lane.must(["checkout", "-q", "HEAD", &status]);
    assert_eq!(fix(&repo), ["LANE_SPARSE_CHECKOUT_DRIFT mended"]);
    assert!(!lane.file(&status).exists());
    repo.must(["config", "extensions.worktreeConfig", "false"]);
    assert_eq!(found(&repo), ["LANE_SPARSE_CHECKOUT_DRIFT"], "nobody reads its settings");
}

/// Everything that people may have under way, in every kind of checkout.
#[test]
fn fixing_touches_nobodys_work() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    let view = mission.open_coordination();
    let lane = mission.open_lane("lane-a");
    MissionBuilder::new("older")
        .number(2)
        .topology(Topology::Primary)
        .wp(Wp::new("WP01").owns(&["x"]))
        .build(&repo)
        .open_lane("lane-a");
    for checkout in [&repo, &view, &lane] {
        checkout.stage(&[("staged", "mine")]);
        checkout.write("staged", "mine, and changed");
        checkout.write("untracked", "mine");
    }
    repo.must(["worktree", "add", "-q", "--detach", ".worktrees/own"]);
    repo.below(".worktrees/own").commit_file("alone", "reachable from here only");
    repo.write(".worktrees/notes/mine", "mine");
    repo.must(["stash", "list"]);
    let before = state(&repo);
    assert_eq!(fix(&repo), ["COORDINATION_WORKTREE_DIRTY left", "WORKTREE_HUSK left"]);
    assert_unchanged(&before, &state(&repo));
}
