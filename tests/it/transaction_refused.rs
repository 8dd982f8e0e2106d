//! Writes that others, the policy or a worktree stand in the way of.

use serde_json::{Value, json};

use crate::kit::mission::Topology;
use crate::kit::state::{assert_unchanged, state};
use crate::scene::{Scene, TOPOLOGIES, codes};

#[test]
fn a_hook_of_others_that_refuses_the_ref_leaves_all_as_it_was() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        let view = scene.destination(topology);
        scene.repo.write(
            ".git/hooks/reference-transaction",
            "#!/bin/sh\n[ \"$1\" = prepared ] || exit 0\ngrep -q refs/heads/kitty/ || exit 0\n\
             echo 'not on Fridays' >&2\nexit 1\n",
        );
        scene.repo.set_executable(".git/hooks/reference-transaction", true);
        let before = state(&scene.repo).without("spec-kitty-locks");
        let said = scene
            .lane
            .kitty(["wp", "move", "WP03", "--to", "claimed", "--format", "json"])
            .exits(1);
        let document: Value = serde_json::from_str(&said.stdout).unwrap();
        let told = format!("a hook refused `WP03: planned -> claimed` on `{view}`: not on Fridays");
        let message = document["message"].as_str().unwrap();
        assert!(message.starts_with(&told), "{topology:?}: {message}");
        assert_eq!(
            [&document["error_code"], &document["destination_ref"]],
            [&json!("BOOKKEEPING_COMMIT_FAILED"), &json!(view)]
        );
        assert_unchanged(&before, &state(&scene.repo).without("spec-kitty-locks"));
        std::fs::remove_file(scene.repo.file(".git/hooks/reference-transaction")).unwrap();
        scene.lane.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
    }
}

#[test]
fn a_hook_of_others_that_lets_it_pass_is_asked() {
    let scene = Scene::new(Topology::Coordination);
    let asked = scene.repo.file("../asked").display().to_string();
    scene.repo.write(
        ".git/hooks/reference-transaction",
        format!("#!/bin/sh\n[ \"$1\" = committed ] || exit 0\ngrep refs/heads/kitty/ >> '{asked}'\nexit 0\n"),
    );
    scene.repo.set_executable(".git/hooks/reference-transaction", true);
    let (old, branch) = (scene.repo.id(&scene.mission.branch()), scene.mission.branch());
    scene.lane.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
    let new = scene.repo.id(&branch);
    assert_eq!(scene.repo.read("../asked"), format!("{old} {new} refs/heads/{branch}\n"));
}

#[test]
fn a_protected_destination_takes_no_bookkeeping() {
    let refused = |scene: &Scene, wp: &str, branch: &str| {
        let before = state(&scene.repo).without("spec-kitty-locks");
        let said = scene.lane.kitty(["wp", "move", wp, "--to", "blocked"]);
        let told = format!(
            "error: `{branch}` is a protected branch, which takes no bookkeeping \
             [PROTECTED_BRANCH_REFUSED]\nhint: open the work package's lane, whose branch takes \
             it, or give the mission a coordination branch that is not protected (`mission \
             adopt`)\n"
        );
        assert_eq!(said.parts(), (1, "", &*told));
        assert_unchanged(&before, &state(&scene.repo).without("spec-kitty-locks"));
    };
    // Lane-a of this older mission has no branch yet, so that the target is meant.
    refused(&Scene::new(Topology::Primary), "WP01", "main");
    let scene = Scene::new(Topology::Coordination);
    let branch = scene.mission.branch();
    scene.repo.commit_file(
        ".kittify/config.yaml",
        &format!("protection:\n  protected_branches: [{branch}]\n"),
    );
    refused(&scene, "WP02", &branch);
}

#[test]
fn in_an_older_mission_a_package_that_is_none_is_said_before_its_branch() {
    let scene = Scene::new(Topology::Primary);
    for words in [
        ["wp", "move", "WP09", "--to", "claimed"].as_slice(),
        &["wp", "move", "WP09", "--to", "blocked"],
    ] {
        assert_eq!(codes(&scene.repo.kitty(words).exits(1)), ["WP_NOT_FOUND"]);
    }
    let (status, _, said) = scene.append(&[], &[json!({"wp_id": "WP09", "to_status": "claimed"})]);
    assert!(status == 1 && said.contains("[WP_NOT_FOUND]"), "{said}");
}

/// A git that was killed leaves an empty lock, which nobody can tell from one in use.
#[test]
fn a_lock_on_the_ref_is_named_with_the_way_to_get_rid_of_it() {
    for through_git in [false, true] {
        let scene = Scene::new(Topology::Coordination);
        if through_git {
            let hook = ".git/hooks/reference-transaction";
            scene.repo.write(hook, "#!/bin/sh\nexit 0\n");
            scene.repo.set_executable(hook, true);
        }
        let lock = scene.repo.file(format!(".git/refs/heads/{}.lock", scene.mission.branch()));
        std::fs::write(&lock, "").unwrap();
        let before = state(&scene.repo).without("spec-kitty-locks");
        let said = scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]);
        let told = format!(
            "error: another process keeps `refs/heads/{}` locked [REF_LOCKED]\nhint: try again; if no \
             other process is at work, remove `{}`\n",
            scene.mission.branch(),
            lock.display()
        );
        assert_eq!(said.parts(), (4, "", &*told));
        assert_unchanged(&before, &state(&scene.repo).without("spec-kitty-locks"));
        std::fs::remove_file(&lock).unwrap();
        scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
    }
}

#[test]
fn a_clean_worktree_of_the_branch_is_brought_up() {
    for topology in [Topology::Coordination, Topology::Split] {
        let scene = Scene::new(topology);
        let view = scene.mission.open_coordination();
        view.write("notes.txt", "mine\n");
        view.write(format!("{}/spec.md", scene.mission.dir()), "# Being written\n");
        let before = view.ask(["status", "--porcelain"]);
        scene.lane.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
        assert_eq!(view.ask(["status", "--porcelain"]), before, "{topology:?}");
        for file in ["status.events.jsonl", "status.json"] {
            let path = format!("{}/{file}", scene.mission.dir());
            assert_eq!(view.read(&path), scene.on(&scene.mission.branch(), file), "{topology:?}");
        }
        assert_eq!(view.read("notes.txt"), "mine\n");
    }
}

/// What was written in the very moment of the index is told from it only by what it holds.
#[test]
fn a_change_that_is_as_old_as_the_index_is_still_seen_afterwards() {
    let scene = Scene::new(Topology::Coordination);
    let view = scene.mission.open_coordination();
    view.git(["config", "core.trustctime", "false"]).exits(0);
    let path = format!("{}/spec.md", scene.mission.dir());
    let index = scene.repo.file(format!(".git/worktrees/{}-coord/index", scene.mission.slug));
    let text = view.read(&path);
    let written = std::fs::metadata(view.file(&path)).unwrap().modified().unwrap();
    let moment = written - std::time::Duration::from_secs(10);
    let date = |file: &std::path::Path| {
        std::fs::File::options().write(true).open(file).unwrap().set_modified(moment).unwrap();
    };
    date(&view.file(&path));
    view.git(["update-index", "--refresh"]).exits(0);
    view.write(&path, "X".repeat(text.len()));
    date(&view.file(&path));
    date(&index);
    let changed = |checkout: &crate::kit::checkout::Checkout| {
        checkout.ask(["--no-optional-locks", "status", "--porcelain"])
    };
    let before = changed(&view);
    assert_eq!(before, format!(" M {path}"));
    scene.lane.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
    assert_eq!(changed(&view), before);
}

#[test]
fn a_worktree_with_changes_in_the_log_stands_in_the_way() {
    let scene = Scene::new(Topology::Coordination);
    let view = scene.mission.open_coordination();
    let path = format!("{}/status.events.jsonl", scene.mission.dir());
    let text = view.read(&path);
    view.write(&path, text.clone() + "{}\n");
    let before = state(&scene.repo).without("spec-kitty-locks");
    let said = scene.lane.kitty(["wp", "move", "WP03", "--to", "claimed"]).masked();
    let place = format!("[TMP]/repo/.worktrees/{}-coord", scene.mission.slug);
    let told = format!(
        "error: uncommitted changes in `{place}` stand in the way: `{path}` \
         [REF_ADVANCE_DIRTY_WORKTREE]\nhint: commit or move away what stands there: `git -C \
         '{place}' status`\n"
    );
    assert_eq!(said.parts(), (1, "", &*told));
    assert_unchanged(&before, &state(&scene.repo).without("spec-kitty-locks"));
    view.write(&path, text);
    scene.lane.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
    assert_eq!(view.ask(["status", "--porcelain"]), "");
}
