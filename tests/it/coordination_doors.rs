//! What a coordination branch takes of its own mission's files, at every door: nothing that would keep
//! others from reading the mission, and no other identity.

use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::pushing::Pushing;
use crate::scene::{Scene, codes};

const DAMAGED: &str = "MISSION_FILE_DAMAGED";
const IDENTITY: &str = "MISSION_IDENTITY_CHANGED";

/// A file of the scene's mission.
fn path(scene: &Scene, name: &str) -> String {
    format!("{}/{name}", scene.mission.dir())
}

/// Commits what is staged, once with each door looking and once with `--no-verify`: both must refuse.
/// Then takes it back.
#[track_caller]
fn refused(tree: &Checkout, code: &str) {
    for words in [&["commit", "-m", "work"][..], &["commit", "-n", "-m", "work"]] {
        let said = tree.git(words);
        assert_ne!(said.status, 0, "{words:?}: {said}");
        assert_eq!(codes(&said), [code], "{words:?}: {said}");
        assert!(said.stderr.contains("hint: "), "{said}");
    }
    tree.must(["reset", "-q", "--hard"]);
}

/// Commits to a branch past every door of this machine.
fn smuggle(here: &Scene, name: &str, text: &str) -> String {
    let file = (path(here, name), text.to_owned());
    here.repo.commit_to(&here.mission.branch(), "main", "Smuggle", &[file])
}

#[test]
fn damage_is_refused_as_it_enters() {
    let scene = Scene::new(Topology::Coordination);
    let tree = scene.mission.open_coordination();
    for name in ["meta.json", "lanes.json", "status.json"] {
        tree.stage(&[(&path(&scene, name), "{\n")]);
        refused(&tree, DAMAGED);
    }
    for name in ["meta.json", "status.json", "tasks/WP01-wp01.md", "tasks"] {
        tree.git(["rm", "-qr", "--cached", "--ignore-unmatch", &path(&scene, name)]).exits(0);
        let to = tree.ask(["rev-parse", "HEAD:src/a/one.rs"]);
        let entry = format!("120000,{to},{}", path(&scene, name));
        tree.must(["update-index", "--add", "--cacheinfo", &entry]);
        refused(&tree, DAMAGED);
    }
    tree.stage(&[(&path(&scene, "plan.md"), "plan\n"), (&path(&scene, "tasks/notes"), "{\n")]);
    tree.git(["commit", "-q", "-m", "plan"]).exits(0);
}

#[test]
fn damage_that_is_there_can_be_mended_and_left() {
    let scene = Scene::new(Topology::Coordination);
    let tree = scene.mission.open_coordination();
    let (sound, branch) = (tree.id("HEAD"), scene.mission.branch());
    tree.stage(&[(&path(&scene, "plan.md"), "plan\n")]);
    tree.git(["commit", "-q", "-m", "plan"]).exits(0);
    for name in ["meta.json", "lanes.json"] {
        let (file, judged) = (path(&scene, name), tree.id("HEAD"));
        let text = tree.read(&file);
        smuggle(&scene, name, "{\n");
        tree.unhooked(["reset", "-q", "--hard"]).run().exits(0);
        tree.stage(&[(&path(&scene, "plan.md"), &format!("{name}\n"))]);
        assert_eq!(codes(&tree.git(["commit", "-q", "-m", "beside"])), [DAMAGED]);
        tree.git(["reset", "-q", "--hard", &judged]).exits(0);
        smuggle(&scene, name, "{\n");
        tree.unhooked(["reset", "-q", "--hard"]).run().exits(0);
        tree.stage(&[("src/a/one.rs", "1\n")]);
        let said = tree.git(["commit", "-q", "-m", "code"]).exits(1);
        assert_eq!(codes(&said), ["COORDINATION_PATH_REFUSED"]);
        tree.must(["reset", "-q", "--hard"]);
        tree.stage(&[(&file, &text.replace("\"main\"", "\"other\""))]);
        if name == "meta.json" {
            refused(&tree, IDENTITY);
        }
        tree.stage(&[(&file, &text)]);
        tree.git(["commit", "-q", "-m", "mend"]).exits(0);
    }
    scene.repo.kitty(["status", &scene.mission.slug]).exits(0);
    let range = format!("{sound}..{branch}");
    scene.repo.kitty(["guard", "--range", &range, "--branch", &branch]).exits(0);
}

#[test]
fn a_mission_stays_the_one_that_it_is() {
    let scene = Scene::new(Topology::Coordination);
    let tree = scene.mission.open_coordination();
    let file = path(&scene, "meta.json");
    let text = tree.read(&file);
    for (old, new) in [
        ("\"target_branch\": \"main\"", "\"target_branch\": \"dev\""),
        ("\"coordination_branch\": ", "\"coordinated\": "),
        ("\"mission_slug\": \"", "\"mission_slug\": \"not-"),
        ("\"mission_id\": ", "\"other_id\": "),
    ] {
        assert!(text.contains(old), "{text}");
        tree.stage(&[(&file, &text.replace(old, new))]);
        refused(&tree, IDENTITY);
    }
    tree.must(["rm", "-q", &file]);
    refused(&tree, IDENTITY);
    let named = text.replace("\"friendly_name\": \"", "\"friendly_name\": \"The ");
    assert_ne!(named, text);
    tree.stage(&[(&file, &named)]);
    tree.git(["commit", "-q", "-m", "name"]).exits(0);
}

#[test]
fn pushes_and_ranges_know_what_the_branch_was() {
    let here = Pushing::new();
    let (scene, branch) = (&here.scene, here.scene.mission.branch());
    let old = scene.repo.id(&branch);
    let text = scene.repo.ask(["show", &format!("{branch}:{}", path(scene, "meta.json"))]);
    here.server.kitty(["install", "--server"]).exits(0);
    for (name, new, code) in [
        ("meta.json", text.replace("\"coordination_branch\": ", "\"was\": "), IDENTITY),
        ("meta.json", text.replace("\"main\"", "\"dev\""), IDENTITY),
        ("meta.json", "{\n".to_owned(), DAMAGED),
        ("lanes.json", "{\n".to_owned(), DAMAGED),
    ] {
        let evil = smuggle(scene, name, &new);
        here.refused(&[&branch], code);
        let said = here.push(&["--no-verify", &branch]);
        assert!(said.stderr.contains(code) && said.status != 0, "{name}: {said}");
        let range = format!("{old}..{evil}");
        let said = scene.repo.kitty(["guard", "--range", &range, "--branch", &branch]).exits(1);
        assert!(said.stderr.contains(code), "{said}");
        scene.repo.unhooked(["update-ref", &format!("refs/heads/{branch}"), &old]).run().exits(0);
    }
    smuggle(scene, "meta.json", "{\n");
    smuggle(scene, "meta.json", &format!("{text}\n"));
    here.passes(&[&branch]);
}

#[test]
fn no_event_gets_the_id_of_another() {
    let scene = Scene::new(Topology::Coordination);
    let tree = scene.mission.open_coordination();
    tree.stage(&[(&path(&scene, "plan.md"), "plan\n")]);
    tree.git(["commit", "-q", "-m", "plan"]).exits(0);
    let log = path(&scene, "status.events.jsonl");
    let text = tree.read(&log);
    let last = text.lines().last().unwrap();
    let doubled = format!("{text}{}\n", last.replacen('{', "{\"extra\": 1, ", 1));
    tree.stage(&[(&log, &doubled)]);
    refused(&tree, "LOG_NOT_APPEND_ONLY");
    smuggle(&scene, "status.events.jsonl", &doubled);
    tree.unhooked(["reset", "-q", "--hard"]).run().exits(0);
    scene.repo.kitty(["log", "--accept", "--mission", &scene.mission.slug]).exits(0);
    tree.stage(&[(&log, &text)]);
    tree.git(["commit", "-q", "-m", "mend"]).exits(0);
}

#[test]
fn a_log_is_not_lost_by_a_merge_of_the_target() {
    let here = Pushing::new();
    let (scene, branch) = (&here.scene, here.scene.mission.branch());
    let tree = scene.mission.open_coordination();
    scene.repo.unhooked(["merge", "-q", "--no-ff", "-m", "land", &branch]).run().exits(0);
    let log = path(scene, "status.events.jsonl");
    scene.repo.unhooked(["rm", "-q", &log]).run().exits(0);
    scene.repo.unhooked(["commit", "-q", "-m", "lose"]).run().exits(0);
    let said = tree.git(["merge", "-q", "--ff-only", "main"]);
    assert_eq!(codes(&said), ["LOG_NOT_APPEND_ONLY"], "{said}");
    let main = scene.repo.id("main");
    here.unjudged(&["main"]);
    here.refused(&[&format!("{main}:refs/heads/{branch}")], "LOG_NOT_APPEND_ONLY");
}

/// Commits a file to the branch, and takes a line of its log: both must be refused.
#[track_caller]
fn stays_guarded(scene: &Scene, tree: &Checkout) {
    tree.stage(&[("src/a/one.rs", "1\n")]);
    refused(tree, "COORDINATION_PATH_REFUSED");
    let log = path(scene, "status.events.jsonl");
    let first = tree.read(&log).lines().next().unwrap().to_owned() + "\n";
    tree.stage(&[(&log, &first)]);
    refused(tree, "LOG_NOT_APPEND_ONLY");
    scene.commit(&[("src/a/one.rs", "foreign\n")]).exits(1);
    scene.lane.must(["reset", "-q", "--hard"]);
}

#[test]
fn nothing_in_a_work_tree_and_no_free_branch_frees_a_coordination_branch() {
    let scene = Scene::new(Topology::Coordination);
    let tree = scene.mission.open_coordination();
    let (file, task) = (path(&scene, "meta.json"), path(&scene, "tasks/WP02-part-wp02.md"));
    let doctored = tree.read(&file).replace("\"coordination_branch\": ", "\"was\": ");
    let widened = tree.read(&task).replace("src/b/**", "src/**");
    scene.repo.write(&file, &doctored);
    scene.repo.write(&task, &widened);
    stays_guarded(&scene, &tree);
    scene.repo.must(["switch", "-q", "-c", "free"]);
    scene.repo.must(["add", "kitty-specs"]);
    scene.repo.git(["commit", "-q", "-m", "free"]).exits(0);
    stays_guarded(&scene, &tree);
}

#[test]
fn what_a_door_has_judged_as_a_coordination_branch_stays_one() {
    let scene = Scene::new(Topology::Coordination);
    let tree = scene.mission.open_coordination();
    tree.stage(&[(&path(&scene, "plan.md"), "plan\n")]);
    tree.git(["commit", "-q", "-m", "plan"]).exits(0);
    let file = path(&scene, "meta.json");
    let doctored = tree.read(&file).replace("\"coordination_branch\": ", "\"was\": ");
    scene.repo.commit_file(&file, &doctored);
    stays_guarded(&scene, &tree);
}

/// A coordination branch that is not there yet, and the file that makes it one.
pub(crate) fn other_mission(scene: &Scene) -> (String, Vec<(String, String)>) {
    let (name, other) = (scene.mission.slug.as_str(), "evil-01M8ZZZZ");
    let file = format!("{}:{}/meta.json", scene.mission.branch(), scene.mission.dir());
    let text = scene.repo.ask(["show", &file]).replace(name, other);
    let text = text.replace(&scene.mission.id, "01M8ZZZZDM9560CAZ048PNHDPN");
    let files = vec![(format!("kitty-specs/{other}/meta.json"), text)];
    (scene.mission.branch().replace(name, other), files)
}

#[test]
fn what_a_branch_has_is_judged_when_it_becomes_a_coordination_branch() {
    let here = Pushing::new();
    let (branch, files) = other_mission(&here.scene);
    here.scene.repo.must(["branch", "scratch"]);
    let tree = here.scene.repo.worktree("../other", "scratch");
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    tree.must(["switch", "-q", "--detach"]);
    tree.stage(&[("src/a/one.rs", "1\n"), files[0]]);
    tree.must(["commit", "-q", "-m", "both"]);
    assert_eq!(codes(&tree.git(["branch", &branch])), ["COORDINATION_PATH_REFUSED"]);
    tree.git(["switch", "-q", "-c", &branch, "main"]).exits(0);
    tree.stage(&[("src/a/one.rs", "1\n")]);
    tree.git(["commit", "-q", "-m", "free"]).exits(0);
    here.passes(&[&branch]);
    tree.stage(&files);
    let said = tree.git(["commit", "-q", "-m", "meta"]);
    assert_eq!(codes(&said), ["COORDINATION_PATH_REFUSED"], "{said}");
    tree.unhooked(["commit", "-q", "-m", "meta"]).run().exits(0);
    here.refused(&[&branch], "COORDINATION_PATH_REFUSED");
    tree.unhooked(["switch", "-q", "--detach", "main"]).run().exits(0);
    tree.unhooked(["branch", "-q", "-D", &branch]).run().exits(0);
    tree.git(["switch", "-q", "-c", &branch]).exits(0);
    tree.stage(&files);
    tree.git(["commit", "-q", "-m", "by hand"]).exits(0);
}
