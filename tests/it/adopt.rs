//! `git kitty mission adopt`: an older mission gets a coordination branch.

use serde_json::Value;

use crate::kit::checkout::Checkout;
use crate::kit::mission::{Mission, MissionBuilder, Topology};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;
use crate::scene::Scene;

fn adopt(repo: &Checkout, handle: &str) -> Value {
    let said = repo.kitty(["mission", "adopt", handle, "--format", "json"]).exits(0);
    serde_json::from_str(&said.stdout).unwrap()
}

fn shown(repo: &Checkout) -> Value {
    let said =
        repo.kitty(["mission", "show", "--mission", "checkout", "--format", "json"]).exits(0);
    serde_json::from_str(&said.stdout).unwrap()
}

fn statuses(repo: &Checkout) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let packages = shown(repo)["work_packages"].as_array().unwrap().clone();
    packages.iter().map(|package| (text(&package["wp_id"]), text(&package["status"]))).collect()
}

#[test]
fn it_is_read_from_its_branch_then_with_all_that_its_logs_had() {
    let scene = Scene::new(Topology::Primary);
    scene.lane.kitty(["wp", "move", "WP02", "--to", "blocked"]).exits(0);
    let before = statuses(&scene.repo);
    let main = scene.repo.id("main");
    let document = adopt(&scene.repo, "checkout");
    let branch = scene.mission.branch();
    assert_eq!(document["refs"][0], format!("refs/heads/{branch}"));
    assert_eq!(document["commits"][0]["branch"], *branch);
    assert_eq!(scene.repo.id("main"), main, "the target did not move");
    let changed = scene.repo.ask(["status", "--porcelain", "--untracked-files=no"]);
    let dir = scene.mission.dir();
    assert!(changed.lines().all(|line| line.contains(&dir)), "{changed}");
    assert_eq!(shown(&scene.repo)["source"], "coordination");
    assert_eq!(statuses(&scene.repo), before);
    let lines = |text: &str| {
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let own = scene.repo.ask(["show", &format!("{branch}:{dir}/status.events.jsonl")]);
    let primary = scene.repo.read(&format!("{dir}/status.events.jsonl"));
    assert_eq!(lines(&own), lines(&primary));
    scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
    assert_eq!(scene.repo.read(&format!("{dir}/status.events.jsonl")), primary);
    let before = state(&scene.repo).without("spec-kitty-locks");
    assert_eq!(adopt(&scene.repo, "checkout")["commits"], serde_json::json!([]));
    assert_unchanged(&before, &state(&scene.repo).without("spec-kitty-locks"));
}

#[test]
fn what_older_files_say_of_their_status_becomes_an_event() {
    let repo = RepoBuilder::default().files(3).build(&Sandbox::new(), "repo");
    let mission: Mission = MissionBuilder::new("checkout")
        .topology(Topology::Primary)
        .wp(Wp::new("WP01").owns(&["src/a/**"]).legacy("done"))
        .wp(Wp::new("WP02").owns(&["src/b/**"]).legacy("planned"))
        .build(&repo);
    let log = format!("{}/status.events.jsonl", mission.dir());
    repo.must(["rm", "-q", &log, &format!("{}/status.json", mission.dir())]);
    repo.commit_all("As it was before the log");
    repo.kitty(["init"]).exits(0);
    let wanted =
        [("WP01".to_owned(), "done".to_owned()), ("WP02".to_owned(), "planned".to_owned())];
    assert_eq!(statuses(&repo), wanted);
    adopt(&repo, "checkout");
    assert_eq!(statuses(&repo), wanted);
    let own = repo.ask(["show", &format!("{}:{log}", mission.branch())]);
    assert_eq!(own.lines().count(), 2, "{own}");
    let first: Value = serde_json::from_str(own.lines().next().unwrap()).unwrap();
    assert_eq!(first["actor"], "claude", "who has it by its file, not who adopts it");
}

#[test]
fn without_its_files_in_the_primary_checkout_it_says_where_they_are() {
    let scene = Scene::new(Topology::Primary);
    scene.repo.git(["checkout", "-q", "--orphan", "empty"]).exits(0);
    scene.repo.git(["rm", "-rqf", "."]).exits(0);
    let said = scene.repo.kitty(["mission", "adopt", "checkout"]).exits(1);
    assert!(said.stderr.contains("[ADOPTION_NEEDS_CHECKOUT]"), "{said}");
    assert!(said.stderr.contains("git switch main"), "{said}");
}

#[test]
fn killed_at_any_step_and_run_again_it_is_whole() {
    for step in
        ["before-journal", "after-locks", "after-first-rename", "after-publish", "after-settle"]
    {
        let scene = Scene::new(Topology::Primary);
        let before = statuses(&scene.repo);
        let call = scene.repo.call(["kitty", "mission", "adopt", "checkout"]);
        call.env("GIT_KITTY_CRASH", step).run().exits(128 + 6);
        adopt(&scene.repo, "checkout");
        assert_eq!(shown(&scene.repo)["source"], "coordination", "{step}");
        assert_eq!(statuses(&scene.repo), before, "{step}");
        let log = format!("{}:{}/status.events.jsonl", scene.mission.branch(), scene.mission.dir());
        let mut lines: Vec<_> = scene.repo.ask(["show", &log]).lines().map(str::to_owned).collect();
        let all = lines.len();
        lines.sort();
        lines.dedup();
        assert_eq!(lines.len(), all, "{step}");
    }
}

#[test]
fn it_stays_adopted_whatever_the_primary_checkout_has() {
    let scene = Scene::new(Topology::Primary);
    adopt(&scene.repo, "checkout");
    scene.repo.git(["stash", "-q"]).exits(0);
    assert_eq!(shown(&scene.repo)["source"], "coordination");
    scene.lane.kitty(["wp", "move", "WP02", "--to", "blocked"]).exits(0);
    let log = format!("{}:{}/status.events.jsonl", scene.mission.branch(), scene.mission.dir());
    assert!(scene.repo.ask(["show", &log]).contains("blocked"), "it went to the branch");
    scene.repo.git(["checkout", "-q", "--orphan", "empty"]).exits(0);
    scene.repo.git(["rm", "-rqf", "."]).exits(0);
    assert_eq!(shown(&scene.repo)["source"], "coordination");
}

#[test]
fn its_snapshot_is_that_of_its_log() {
    let scene = Scene::new(Topology::Primary);
    let path = format!("{}/status.json", scene.mission.dir());
    scene.repo.write(&path, "{}\n");
    scene.repo.unhooked(["commit", "-qam", "A snapshot that is stale"]).run().exits(0);
    adopt(&scene.repo, "checkout");
    let own = scene.repo.ask(["show", &format!("{}:{path}", scene.mission.branch())]);
    assert!(own.contains("last_event_id"), "{own}");
}

#[test]
fn a_branch_of_its_name_that_has_somebodys_work_is_left_alone() {
    let scene = Scene::new(Topology::Primary);
    let (repo, branch) = (&scene.repo, scene.mission.branch());
    let lane = format!("{branch}-lane-b");
    scene.lane.write("src/b/two.rs", "2\n");
    scene.lane.unhooked(["commit", "-qam", "Work of the lane"]).run().exits(0);
    // As Spec Kitty leaves it: at the target's tip, with a lane merged.
    let integration = repo.worktree("../integration", &branch);
    integration.unhooked(["merge", "-q", "--no-ff", "-m", "Merge", &lane]).run().exits(0);
    let merged = repo.id(&branch);
    integration.write("src/mine.rs", "mine\n");
    integration.unhooked(["add", "."]).run().exits(0);
    integration.unhooked(["commit", "-qm", "Somebody's work"]).run().exits(0);
    let tip = repo.id(&branch);
    let before = state(repo).without("spec-kitty-locks");
    let said = repo.kitty(["mission", "adopt", "checkout"]).exits(1);
    assert!(said.stderr.contains("[ADOPTION_BRANCH_TAKEN]"), "{said}");
    assert!(said.stderr.contains(&format!("nor a lane has: {} [", &tip[..12])), "{said}");
    assert_unchanged(&before, &state(repo).without("spec-kitty-locks"));
    let renamed = format!("work/{}", scene.mission.slug);
    let way_out = format!("git branch -m {branch} {renamed}");
    assert!(said.stderr.contains(&format!("`{way_out}`")), "{said}");
    repo.sh(&way_out).exits(0);
    repo.must(["branch", &branch, &merged]);
    adopt(repo, "checkout");
    assert_eq!(repo.id(&renamed), tip);
    assert_eq!(repo.ask(["merge-base", &branch, &merged]), merged);
}

#[test]
fn before_the_first_commit_it_says_that_one_is_needed() {
    let scene = Scene::new(Topology::Primary);
    for branch in ["main", &scene.mission.branch()] {
        let gone = format!("refs/heads/{branch}");
        scene.repo.unhooked(["update-ref", "-d", &gone]).run().exits(0);
    }
    let said = scene.repo.kitty(["mission", "adopt", "checkout"]).exits(1);
    assert!(said.stderr.contains("hint: commit something on `main` first"), "{said}");
}

#[test]
fn a_repository_that_calls_itself_bare_does_not_hide_its_checkout() {
    let scene = Scene::new(Topology::Primary);
    scene.repo.must(["config", "core.bare", "true"]);
    adopt(&scene.repo, "checkout");
    let files = scene.repo.ask(["ls-tree", "-r", "--name-only", &scene.mission.branch()]);
    assert!(files.contains(&format!("{}/tasks/WP01", scene.mission.dir())), "{files}");
    assert_eq!(shown(&scene.repo)["source"], "coordination");
}

#[test]
fn what_is_left_out_is_told_and_no_link_is_followed_out() {
    let scene = Scene::new(Topology::Primary);
    let dir = scene.mission.dir();
    let (tasks, log) =
        (scene.repo.file(format!("{dir}/tasks")), format!("{dir}/status.events.jsonl"));
    std::os::unix::fs::symlink("README.md", tasks.join("WP09-x.md")).unwrap();
    scene.repo.must(["init", "-q", &format!("{dir}/nested")]);
    scene.repo.write(format!("{dir}/nested/a.md"), "a\n");
    let outside = scene.repo.file("../log");
    std::fs::rename(scene.repo.file(&log), &outside).unwrap();
    std::os::unix::fs::symlink(&outside, scene.repo.file(&log)).unwrap();
    let before = state(&scene.repo).without("spec-kitty-locks");
    let said = scene.repo.kitty(["mission", "adopt", "checkout"]).exits(1);
    assert!(said.stderr.contains("[ADOPTION_OUTSIDE_REPOSITORY]"), "{said}");
    assert_unchanged(&before, &state(&scene.repo).without("spec-kitty-locks"));
    std::fs::rename(&outside, scene.repo.file(&log)).unwrap();
    let said = scene.repo.kitty(["mission", "adopt", "checkout"]).exits(0);
    for (path, what) in [("tasks/WP09-x.md", "a symbolic link"), ("nested", "another repository")] {
        let told = format!("`{dir}/{path}` is left out: it is {what}");
        assert!(said.stderr.contains(&told), "{told} in {said}");
    }
}

#[test]
fn lines_that_are_there_twice_are_no_fork() {
    let scene = Scene::new(Topology::Primary);
    let path = format!("{}/status.events.jsonl", scene.mission.dir());
    let log = scene.repo.read(&path);
    scene.repo.write(&path, format!("\n{log}{log}"));
    let doubts = || {
        let said = scene.repo.kitty(["status"]).exits(0).stderr;
        ["LOG_FORKED", "LOG_REORDERED", "LOG_SHRANK"].map(|code| said.contains(code))
    };
    assert_eq!(doubts(), [false; 3]);
    adopt(&scene.repo, "checkout");
    assert_eq!(doubts(), [false; 3]);
}

#[test]
fn given_up_it_is_closed_for_everybody() {
    let scene = Scene::new(Topology::Primary);
    adopt(&scene.repo, "checkout");
    scene.repo.unhooked(["commit", "-qam", "It has a branch"]).run().exits(0);
    scene.repo.kitty(["wp", "move", "WP01", "--to", "blocked"]).exits(0);
    scene.repo.kitty(["mission", "close", "checkout", "--discard"]).exits(0);
    let ask = |words: &[&str]| scene.repo.call(["kitty"]).args(words).run();
    assert_eq!(
        ask(&["mission", "list"]).exits(0).stdout,
        "no open missions; 1 complete or given up (`--all` shows them)\n"
    );
    let all = ask(&["mission", "list", "--all"]).exits(0);
    assert!(all.stdout.contains("  given up, ") && all.stderr.is_empty(), "{all}");
    assert_eq!(ask(&["status"]).exits(0).stdout, "no missions\n");
    assert!(!ask(&["ready"]).exits(0).stdout.contains("WP0"));
    let said = ask(&["mission", "finalize", "checkout"]).exits(1);
    assert!(said.stderr.contains("[MISSION_CLOSED]"), "{said}");
    let said = ask(&["doctor"]);
    assert!(!said.stdout.contains("LOG_"), "{said}");
}

#[test]
fn what_it_asks_for_can_be_done_where_the_checkout_is_on_a_protected_branch() {
    let scene = Scene::new(Topology::Primary);
    let said = scene.repo.kitty(["mission", "adopt", "checkout"]).exits(0).stdout;
    let (_, rest) = said.split_once("meta.json` names it: `").unwrap();
    let (step, rest) = rest.split_once('`').unwrap();
    let expected = " takes that along; commit it there, and it comes to `main` by a pull request, so \
                    that other clones know\n";
    assert!(rest.starts_with(expected), "{said}");
    scene.repo.sh(step).exits(0);
    scene.repo.must(["commit", "-q", "-a", "-m", "Adopt"]);
    assert_eq!(scene.repo.ask(["status", "--porcelain", "-uno"]), "");
    let source = || shown(&scene.repo)["source"].clone();
    assert_eq!(source(), "coordination");
    scene.repo.must(["switch", "-q", "main"]);
    assert_eq!(source(), "coordination");
}

/// On a free branch the commit can be made right there.
#[test]
fn where_the_checkout_is_on_a_free_branch_the_file_is_committed_there() {
    let scene = Scene::new(Topology::Primary);
    scene.repo.must(["switch", "-q", "-c", "own"]);
    let said = scene.repo.kitty(["mission", "adopt", "checkout"]).exits(0).stdout;
    assert!(said.contains("names it: commit that, so that other clones know\n"), "{said}");
    scene.repo.must(["commit", "-q", "-a", "-m", "Adopt"]);
}

/// Spec Kitty wrote the mission's type under another key once.
#[test]
fn a_mission_with_the_older_name_of_its_type_is_read_and_adopted() {
    let scene = Scene::new(Topology::Primary);
    let file = format!("{}/meta.json", scene.mission.dir());
    let older = scene.repo.read(&file).replace("\"mission_type\"", "\"mission\"");
    scene.repo.write(&file, &older);
    assert_eq!(shown(&scene.repo)["source"], "primary");
    adopt(&scene.repo, "checkout");
    assert_eq!(shown(&scene.repo)["source"], "coordination");
    assert!(scene.repo.read(&file).contains("\"mission\": "));
}
