//! `git kitty doctor`: what stands in another place, or on another branch, than commands need it.

use git_kitty::git::crash;

use crate::doctor::{fix, found, mission, repository};
use crate::kit::checkout::Checkout;
use crate::kit::mission::{MissionBuilder, Topology};
use crate::kit::wp::Wp;

const NOTHING: [&str; 0] = [];

#[test]
fn a_worktree_that_was_moved_keeps_its_record() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    let lane = mission.open_lane("lane-a");
    lane.stage(&[("a", "staged")]);
    for elsewhere in [repo.file("../else where"), repo.file(".worktrees/else where")] {
        let (here, there) = (lane.path().to_str().unwrap(), elsewhere.to_str().unwrap());
        repo.must(["worktree", "move", here, there]);
        std::fs::rename(&elsewhere, lane.path()).unwrap();
        assert_eq!(found(&repo), ["WORKTREE_UNRECORDED"]);
        assert_eq!(fix(&repo), ["WORKTREE_UNRECORDED left"]);
        let way = format!("`git worktree repair '{here}'` tells Git where it is");
        let said = repo.kitty(["doctor"]).stdout;
        assert!(said.contains(&way), "{said}");
        for verb in ["open", "close", "repair"] {
            let said = repo.kitty(["lane", verb, "lane-a"]).stderr;
            assert!(said.contains("[WORKTREE_MOVED]") && said.contains(&way), "{said}");
        }
        repo.must(["worktree", "repair", here]);
        assert_eq!(found(&repo), NOTHING);
        assert_eq!(lane.ask(["diff", "--cached", "--name-only"]), "a");
    }
}

#[test]
fn in_a_repository_that_was_moved_worktrees_are_only_to_be_repaired() {
    let old = repository();
    let mission = mission(&old, Topology::Coordination);
    let view = mission.open_coordination();
    let lane = mission.open_lane("lane-a");
    old.must(["worktree", "add", "-q", ".worktrees/own", "-b", "own"]);
    lane.stage(&[("a", "staged")]);
    let repo = Checkout::at(old.sandbox(), old.path().with_file_name("else where"));
    std::fs::rename(old.path(), repo.path()).unwrap();
    assert_eq!(found(&repo), ["WORKTREE_UNRECORDED"; 3]);
    assert_eq!(fix(&repo), ["WORKTREE_UNRECORDED left"; 3]);
    let moved = |checkout: &Checkout| repo.below(checkout.path().strip_prefix(old.path()).unwrap());
    let (view, lane) = (moved(&view), moved(&lane));
    let said = repo.kitty(["doctor"]).stdout;
    for checkout in [&view, &lane] {
        let way = format!("fix: `git worktree repair '{}'` tells", checkout.path().display());
        assert!(said.contains(&way), "{said}");
    }
    for words in [&["lane", "open", "lane-a"][..], &["mission", "worktree"]] {
        let said = repo.kitty(words);
        assert!(said.stderr.contains("[WORKTREE_MOVED]"), "{said}");
    }
    repo.sh("git worktree repair .worktrees/*").exits(0);
    assert_eq!(found(&repo), NOTHING);
    assert_eq!(lane.ask(["diff", "--cached", "--name-only"]), "a");
}

#[test]
fn a_coordination_worktree_that_comes_back_follows_the_log() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    let view = mission.open_coordination();
    view.stage(&[(&format!("{}/research.md", mission.dir()), "mine\n")]);
    std::fs::remove_dir_all(view.path()).unwrap();
    repo.kitty(["wp", "claim", "WP01", "--mission", &mission.slug]).exits(0);
    let staged = view.ask(["status", "--porcelain"]);
    assert_eq!(staged, format!("A  {}/research.md", mission.dir()));
    let said = repo.kitty(["doctor"]).stdout;
    assert!(said.contains("research.md` is not committed"), "{said}");
}

#[test]
fn a_claim_that_was_killed_over_the_settings_is_told_and_claimed_again() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    let claim = ["kitty", "wp", "claim", "WP01", "--mission", &mission.slug];
    let killed = || {
        repo.call(claim).env("GIT_KITTY_CRASH", crash::SETTINGS).run().exits(128 + 6);
        assert!(repo.file(".git/config.lock").exists());
    };
    killed();
    assert_eq!(found(&repo), ["LOCK_LEFT_BEHIND", "CLAIM_INTERRUPTED"]);
    assert_eq!(fix(&repo), ["LOCK_LEFT_BEHIND mended", "CLAIM_INTERRUPTED left"]);
    assert!(!repo.file(".git/config.lock").exists());
    killed();
    repo.call(claim).run().exits(0);
    assert!(!repo.file(".git/config.lock").exists());
    assert_eq!(found(&repo), NOTHING);
    assert_eq!(repo.ask(["config", "extensions.worktreeConfig"]), "true");
}

#[test]
fn a_directory_in_place_of_a_file_leaves_the_other_missions_shown() {
    for (name, code) in [
        ("meta.json", "META_INVALID"),
        ("status.events.jsonl", "EVENT_LOG_INVALID"),
        ("lanes.json", "LANES_CORRUPT"),
        ("tasks/WP01-title.md", "WP_FILE_INVALID"),
    ] {
        let repo = repository();
        let other = mission(&repo, Topology::Coordination);
        let old = MissionBuilder::new("older").number(70).topology(Topology::Primary);
        let old = old.wp(Wp::new("WP01").owns(&["x"])).build(&repo);
        let tasks = std::fs::read_dir(repo.file(format!("{}/tasks", old.dir()))).unwrap();
        let task = tasks.map(|entry| entry.unwrap().path()).find(|path| path.ends_with("md"));
        let path = match task.filter(|_| name.starts_with("tasks/")) {
            Some(task) => task,
            None => repo.file(format!("{}/{name}", old.dir())),
        };
        let _ = std::fs::remove_file(&path);
        std::fs::create_dir(&path).unwrap();
        assert_eq!(found(&repo), [code], "{name}");
        for command in [&["status"][..], &["ready"], &["mission", "list"]] {
            let said = repo.kitty(command);
            assert_eq!(said.status, 0, "{name}: {said}");
            assert!(said.stdout.contains(&other.slug), "{name}: {said}");
        }
    }
}

#[test]
fn what_commands_refuse_for_a_worktree_is_found() {
    let repo = repository();
    let mut mission = mission(&repo, Topology::Coordination);
    let (view, lane) = (mission.open_coordination(), mission.open_lane("lane-a"));
    let (here, there) = (view.path().to_str().unwrap(), repo.file("../else where"));
    repo.must(["worktree", "move", here, there.to_str().unwrap()]);
    assert_eq!(found(&repo), ["COORDINATION_WORKTREE_ELSEWHERE"]);
    assert_eq!(fix(&repo), ["COORDINATION_WORKTREE_ELSEWHERE left"]);
    repo.must(["worktree", "remove", there.to_str().unwrap()]);
    assert_eq!(found(&repo), NOTHING);
    // A file and a link in the way, another link, and what only looks like a repository.
    repo.write(format!(".worktrees/{}-coord", mission.slug), "mine");
    repo.symlink(format!(".worktrees/{}-lane-b", mission.slug), "/nowhere");
    repo.symlink(".worktrees/link", "/nowhere");
    repo.write(".worktrees/.gitignore", "*\n");
    std::fs::create_dir_all(repo.file(".worktrees/h3/.git")).unwrap();
    assert_eq!(found(&repo), ["WORKTREE_PATH_TAKEN", "WORKTREE_PATH_TAKEN", "WORKTREE_HUSK"]);
    let left = "WORKTREE_PATH_TAKEN left";
    assert_eq!(fix(&repo), [left, left, "WORKTREE_HUSK mended"]);
    assert!(!repo.file(".worktrees/h3").exists());
    std::fs::remove_file(view.path()).unwrap();
    std::fs::remove_file(repo.file(format!(".worktrees/{}-lane-b", mission.slug))).unwrap();
    // A lane on another branch, or on none.
    for words in [&["switch", "-q", "-c", "mine"][..], &["switch", "-q", "--detach"]] {
        lane.must(words);
        assert_eq!(found(&repo), ["LANE_WORKTREE_BRANCH_MISMATCH"]);
        assert_eq!(fix(&repo), ["LANE_WORKTREE_BRANCH_MISMATCH left"]);
    }
    // Work in review whose branch is gone.
    mission.log.walk("WP02", &["planned", "claimed", "in_progress", "for_review"]);
    mission.save();
    lane.must(["switch", "-q", &mission.lane_branch("lane-a")]);
    assert_eq!(found(&repo), ["LANE_BRANCH_GONE"]);
    assert_eq!(fix(&repo), ["LANE_BRANCH_GONE left"]);
}

#[test]
fn what_commands_refuse_for_names_and_settings_is_found() {
    let repo = repository();
    let first = mission(&repo, Topology::Coordination);
    repo.must(["config", "kitty.lockTimeout", "abc"]);
    repo.must(["config", "kitty.coordinationWorktree", "maybe"]);
    assert_eq!(found(&repo), ["SETTING_INVALID"; 2]);
    repo.must(["config", "--unset", "kitty.lockTimeout"]);
    repo.must(["config", "--unset", "kitty.coordinationWorktree"]);
    repo.must(["branch", "-m", "main", "trunk"]);
    assert_eq!(found(&repo), ["DESTINATION_REF_NOT_FOUND"]);
    assert_eq!(fix(&repo), ["DESTINATION_REF_NOT_FOUND left"]);
    repo.must(["branch", "-m", "trunk", "main"]);
    assert_eq!(found(&repo), NOTHING);
    let meta = repo.ask(["show", &format!("{}:{}/meta.json", first.branch(), first.dir())]);
    let meta: serde_json::Value = serde_json::from_str(&meta).unwrap();
    let copy = serde_json::json!({
        "mission_id": meta["mission_id"], "mission_slug": "070-copy", "slug": "070-copy",
        "mission_number": "070", "mission_type": "software-dev", "target_branch": "main",
        "created_at": meta["created_at"], "friendly_name": "Copy",
    });
    repo.write("kitty-specs/070-copy/meta.json", copy.to_string());
    assert_eq!(found(&repo), ["MISSION_ID_DOUBLED"]);
    assert_eq!(fix(&repo), ["MISSION_ID_DOUBLED left"]);
}

#[test]
fn a_fresh_clone_is_told_how_to_begin() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    let (branch, tip) = (mission.branch(), repo.id(&mission.branch()));
    repo.must(["remote", "add", "origin", "nowhere"]);
    repo.must(["update-ref", &format!("refs/remotes/origin/{branch}"), &tip]);
    repo.must(["update-ref", "-d", &format!("refs/heads/{branch}")]);
    assert_eq!(found(&repo), ["COORDINATION_BRANCH_REMOTE"]);
    assert_eq!(fix(&repo), ["COORDINATION_BRANCH_REMOTE left"]);
    let way = format!("`git branch {branch} origin/{branch}`");
    for call in [&["doctor"][..], &["wp", "claim", "WP01"], &["mission", "worktree"]] {
        let said = repo.kitty(call).to_string();
        assert!(said.contains(&way), "{said}");
    }
}

#[test]
fn a_branch_that_was_lost_right_after_its_adoption_comes_back_from_the_ref_of_that() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    let tip = repo.id(&mission.branch());
    let meta = repo.ask(["show", &format!("{}:{}/meta.json", mission.branch(), mission.dir())]);
    let id = meta.split("\"mission_id\"").nth(1).unwrap().split('"').nth(1).unwrap();
    repo.write(format!("{}/meta.json", mission.dir()), &meta);
    repo.must(["update-ref", &format!("refs/kitty/adopted/{id}"), &tip]);
    let branch = format!("refs/heads/{}", mission.branch());
    repo.unhooked(["update-ref", "-d", &branch]).run().exits(0);
    assert_eq!(found(&repo), ["COORDINATION_BRANCH_DELETED"]);
    let said = repo.kitty(["doctor"]).stdout;
    assert!(said.contains(&format!("`git branch {} {tip}`", mission.branch())), "{said}");
}

#[test]
fn a_setting_of_a_worktree_is_taken_back_where_it_is_and_paths_are_quoted() {
    let repo = repository();
    repo.must(["config", "extensions.worktreeConfig", "true"]);
    repo.must(["config", "--worktree", "core.bare", "true"]);
    let said = repo.kitty(["doctor"]).stdout;
    let fix = said.split("fix: `").nth(1).unwrap().split('`').next().unwrap();
    assert!(fix.contains("/.git/config.worktree' "), "{said}");
    repo.sh(fix).exits(0);
    assert_eq!(found(&repo), NOTHING);
    repo.must(["worktree", "add", "-q", ".worktrees/a 'b", "-b", "kitty/mission-gone-01KV6DC9"]);
    repo.must([
        "branch",
        "-m",
        "kitty/mission-gone-01KV6DC9",
        "kitty/mission-gone-01KV6DC9-lane-a",
    ]);
    let said = repo.kitty(["doctor"]).stdout;
    assert!(said.contains(r"/.worktrees/a '\''b'`"), "{said}");
}

#[test]
fn a_work_tree_that_is_not_there_is_told_as_that() {
    let repo = repository();
    repo.must(["config", "core.worktree", "/nowhere/at/all"]);
    let said = repo.kitty(["doctor"]);
    assert!(said.status == 5 && said.stderr.contains("[WORK_TREE_MISSING]"), "{said}");
    let way = said.stderr.split('`').find(|part| part.starts_with("git -C /")).unwrap();
    repo.sh(way).exits(0);
    assert_eq!(found(&repo), NOTHING);
}
