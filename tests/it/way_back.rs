//! What a refusal says of the way back, and how often it says what it says.

use crate::kit::mission::Topology;
use crate::pushing::Pushing;
use crate::scene::{Scene, codes};

const MERGE: &str = "hint: `git reset --merge` brings back what was before\n";
const PLAIN: &str = "hint: `git reset` brings back what was before\n";
const ABORT: &str = "hint: `git merge --abort` brings back what was before\n";

/// The scene, and a branch `evil` with two commits that no lane may take.
fn scene() -> Scene {
    let scene = Scene::new(Topology::Coordination);
    scene.lane.must(["switch", "-q", "-c", "evil"]);
    scene.lane.commit_file("src/a/foreign.rs", "foreign\n");
    scene.lane.commit_file("src/a/other.rs", "foreign\n");
    scene.lane.must(["switch", "-q", &scene.mission.lane_branch("lane-b")]);
    scene
}

#[test]
fn a_refusal_after_git_has_changed_files_tells_the_way_back() {
    let scene = scene();
    let (lane, before) = (scene.mission.lane_branch("lane-b"), scene.lane.id("HEAD"));
    let ways: [(&[&str], &str); 7] = [
        (&["merge", "-q", "--ff-only", "evil"], MERGE),
        (&["merge", "-q", "--ff-only", "evil~"], MERGE),
        (&["merge", "-q", "--no-ff", "--no-edit", "evil"], ABORT),
        (&["pull", "-q", "--ff-only", ".", "evil"], MERGE),
        (&["reset", "-q", "--hard", "evil"], MERGE),
        (&["reset", "-q", "evil"], PLAIN),
        (&["checkout", "-q", "-B", &lane, "evil"], MERGE),
    ];
    for (way, hint) in ways {
        let said = scene.lane.git(way);
        assert_ne!(said.status, 0, "{way:?}");
        assert!(said.stderr.contains(hint), "{way:?}: {said}");
        scene.lane.sh(hint.split('`').nth(1).unwrap()).exits(0);
        assert_eq!(scene.lane.ask(["status", "--porcelain"]), "", "{way:?}");
        assert_eq!(scene.lane.id("HEAD"), before, "{way:?}");
    }
}

#[test]
fn a_refused_revert_tells_it_and_a_refused_commit_keeps_what_is_staged() {
    let scene = scene();
    scene.lane.unhooked(["reset", "-q", "--hard", "evil"]).run().exits(0);
    scene.lane.unhooked(["rm", "-q", "src/a/other.rs"]).run().exits(0);
    scene.lane.unhooked(["commit", "-q", "-m", "Remove"]).run().exits(0);
    let said = scene.lane.git(["revert", "--no-edit", "HEAD"]);
    assert!(said.stderr.contains(MERGE), "{said}");
    scene.lane.must(["reset", "-q", "--merge"]);
    assert_eq!(scene.lane.ask(["status", "--porcelain"]), "");
    scene.lane.stage(&[("src/a/new.rs", "foreign\n")]);
    let said = scene.lane.git(["commit", "-q", "-n", "-m", "Foreign"]);
    assert!(!codes(&said).is_empty() && !said.stderr.contains("brings back"), "{said}");
}

#[test]
fn a_refused_pick_or_revert_is_taken_back_whole() {
    let scene = scene();
    let said = scene.lane.git(["cherry-pick", "evil"]);
    assert!(!said.stderr.contains("--staged"), "{said}");
    assert!(
        said.stderr.contains("hint: take all of it back: `git cherry-pick --abort`; or "),
        "{said}"
    );
    scene.lane.must(["cherry-pick", "--abort"]);
    scene.lane.unhooked(["reset", "-q", "--hard", "evil"]).run().exits(0);
    let said = scene.lane.git(["revert", "--no-edit", "HEAD"]);
    assert!(!said.stderr.contains("--staged"), "{said}");
    assert!(said.stderr.contains("hint: take all of it back: `git reset --merge`; or "), "{said}");
    scene.lane.must(["reset", "-q", "--merge"]);
    let said = scene.lane.git(["revert", "--no-edit", "HEAD", "HEAD~"]);
    assert!(said.stderr.contains("hint: take all of it back: `git revert --abort`; or "), "{said}");
    scene.lane.must(["revert", "--abort"]);
    assert_eq!(scene.lane.ask(["status", "--porcelain"]), "");
}

/// `git switch -c` fails in the midst of a pick.
#[test]
fn a_protected_branch_tells_who_picks_to_take_it_back_first() {
    let scene = scene();
    scene.lane.must(["switch", "-q", "evil"]);
    scene.lane.commit_file("README.md", "theirs\n");
    let step = "hint: take all of it back: `git cherry-pick --abort`; then do it on a branch of your \
                own: `git switch -c NAME`\n";
    let said = scene.repo.git(["cherry-pick", "evil~"]);
    assert!(said.stderr.contains(step), "{said}");
    scene.repo.must(["cherry-pick", "--abort"]);
    go_on_main(&scene);
    assert_ne!(scene.repo.git(["cherry-pick", "evil"]).status, 0);
    scene.repo.must(["add", "README.md"]);
    let said = scene.repo.git(["cherry-pick", "--continue"]);
    assert!(said.stderr.contains(step), "{said}");
    scene.repo.must(["cherry-pick", "--abort"]);
    scene.repo.sh("git switch -q -c NAME").exits(0);
}

/// What a person puts together can do without a path.
#[test]
fn who_ends_a_pick_may_leave_a_path_out_or_give_it_up() {
    let scene = scene();
    scene.lane.commit_file("src/b/clash.rs", "mine\n");
    scene.lane.must(["switch", "-q", "evil"]);
    scene.lane.stage(&[("src/b/clash.rs", "theirs\n"), ("src/a/more.rs", "foreign\n")]);
    scene.lane.must(["commit", "-q", "-m", "Clash"]);
    scene.lane.must(["switch", "-q", &scene.mission.lane_branch("lane-b")]);
    assert_ne!(scene.lane.git(["cherry-pick", "evil"]).status, 0);
    scene.lane.must(["add", "."]);
    let said = scene.lane.git(["commit", "-q", "--no-edit"]).exits(1).stderr;
    assert!(said.contains("`git restore --staged src/a/more.rs`"), "{said}");
    assert!(
        said.ends_with("hint: `git cherry-pick --abort` brings back what was before\n"),
        "{said}"
    );
    scene.lane.must(["restore", "--staged", "src/a/more.rs"]);
    scene.lane.must(["commit", "-q", "--no-edit"]);
}

#[test]
fn what_is_the_same_for_several_commits_is_said_once() {
    let scene = scene();
    let said = scene.repo.git(["merge", "-q", "--no-ff", "--no-edit", "evil"]);
    assert_eq!(codes(&said), ["PROTECTED_BRANCH_REFUSED"], "{said}");
    assert_eq!(said.stderr.matches("  in commit ").count(), 3, "{said}");
}

/// What is told of commits whose subjects are odd: the fact, where it is, what to do.
#[test]
fn what_to_do_comes_last_and_subjects_are_as_they_are() {
    let scene = Scene::new(Topology::Coordination);
    let (lane, name) = (&scene.lane, scene.mission.lane_branch("lane-b"));
    lane.must(["switch", "-q", "-c", "evil"]);
    for (path, subject) in [("src/a/one.rs", "It's \"ü\" \\"), ("src/a/two.rs", "a\u{1b}[31m")] {
        lane.stage(&[(path, "foreign\n")]);
        lane.must(["commit", "-q", "-m", subject]);
    }
    lane.must(["switch", "-q", &name]);
    let said = lane.git(["merge", "-q", "--ff-only", "evil"]).stderr;
    let starts: Vec<&str> = said.lines().filter_map(|line| line.split(' ').next()).collect();
    let block = ["error:", "", "", "", "hint:"];
    assert_eq!(starts, [&block[..], &block[..], &["hint:", "hint:", "fatal:"]].concat(), "{said}");
    let first = lane.ask(["log", "-1", "--abbrev=10", "--format=%h", "evil~"]);
    assert!(said.contains(&format!("  in commit {}: It's \"ü\" \\\n", first.trim())), "{said}");
    assert!(said.contains(": a\\u{1b}[31m\n"), "{said}");
}

/// Does the step that is told, as an editor would that drops the line of the commit.
#[test]
fn a_step_for_commits_that_are_made_already_works_where_it_is_told() {
    let scene = Scene::new(Topology::Coordination);
    let (lane, name) = (&scene.lane, scene.mission.lane_branch("lane-b"));
    lane.must(["switch", "-q", "-c", "evil"]);
    lane.commit_file("src/b/own.rs", "mine\n");
    lane.commit_file("src/a/foreign.rs", "foreign\n");
    lane.commit_file("src/b/more.rs", "mine\n");
    lane.must(["switch", "-q", &name]);
    let said = lane.git(["merge", "-q", "--ff-only", "evil"]);
    assert!(!said.stderr.contains("--staged"), "{said}");
    let (_, step) = said.stderr.split_once("on the branch that it comes from: `").unwrap();
    lane.must(["reset", "-q", "--merge"]);
    lane.must(["switch", "-q", "evil"]);
    let step = step.split('`').next().unwrap();
    lane.sh(&format!("GIT_SEQUENCE_EDITOR='sed -i 1d' {step}")).exits(0);
    lane.must(["switch", "-q", &name]);
    lane.must(["merge", "-q", "--ff-only", "evil"]);
}

#[test]
fn before_a_push_and_on_a_server_nothing_is_said_of_what_is_staged() {
    let here = Pushing::new();
    let (lane, scene) = (here.lane(), &here.scene);
    let files = [("src/a/foreign.rs".to_owned(), "x\n".to_owned())];
    scene.repo.commit_to("evil", &lane, "Foreign", &files);
    let step = format!("`git rebase --interactive {:.10}~`", scene.repo.id("evil"));
    let refspec = format!("evil:{lane}");
    let said = here.push(&[&refspec]).exits(1).stderr;
    assert!(said.contains(&step) && !said.contains("--staged"), "{said}");
    here.server.kitty(["install", "--server"]).exits(0);
    let said = scene.repo.git(["push", "-q", "--no-verify", "origin", &refspec]).exits(1).stderr;
    assert!(said.contains(&step) && !said.contains("--staged"), "{said}");
}

/// Past `pre-commit`, with what `-a` takes along and nothing stages.
#[test]
fn what_a_commit_takes_along_by_itself_is_not_said_to_be_staged() {
    let scene = Scene::new(Topology::Coordination);
    scene.lane.write("src/a/one.rs", "changed\n");
    let said = scene.lane.git(["commit", "-q", "-n", "-a", "-m", "x"]).exits(128);
    assert!(said.stderr.contains("`git commit -- OTHERS`"), "{said}");
}

#[test]
fn a_warning_is_told_by_one_door() {
    let scene = scene();
    let name = scene.mission.lane_branch("lane-b");
    let words = ["override", "--ref", &name, "--reason", "r", "--for", "10m"];
    scene.repo.kitty(words).exits(0);
    let said = scene.commit(&[("src/a/new.rs", "foreign\n")]);
    assert_eq!(said.stderr.matches("[ACTIVE_WP_SCOPE_VIOLATION]").count(), 1, "{said}");
    scene.lane.stage(&[("src/a/newer.rs", "foreign\n")]);
    let said = scene.lane.git(["commit", "-q", "-n", "-m", "Foreign"]);
    assert_eq!(said.stderr.matches("[ACTIVE_WP_SCOPE_VIOLATION]").count(), 1, "{said}");
}

/// `main` with a commit that nobody judged.
fn go_on_main(scene: &Scene) {
    scene.repo.write("README.md", "of others\n");
    scene.repo.must(["add", "README.md"]);
    scene.repo.unhooked(["commit", "-q", "-m", "Others"]).run().exits(0);
}

#[test]
fn a_rebase_that_copies_the_commits_of_others_says_so_once() {
    let scene = Scene::new(Topology::Coordination);
    go_on_main(&scene);
    scene.commit(&[("src/b/new.rs", "mine\n")]).exits(0);
    let said = scene.lane.git(["rebase", "-q", "main"]);
    assert_eq!(codes(&said).len(), 1, "{said}");
    assert!(said.stderr.contains("from other branches would be made anew on it"), "{said}");
    assert!(said.stderr.contains("hint: bring branches together by merges"), "{said}");
    scene.lane.must(["rebase", "--abort"]);
    scene.lane.must(["merge", "-q", "--no-edit", "main"]);
    assert_eq!(scene.lane.read("README.md"), "of others\n");
    scene.lane.must(["switch", "-q", "-c", "evil", "main"]);
    scene.lane.commit_file("src/a/foreign.rs", "foreign\n");
    let lane = scene.mission.lane_branch("lane-b");
    let said = scene.lane.git(["rebase", "-q", "evil", &lane]);
    assert!(said.stderr.contains("[ACTIVE_WP_SCOPE_VIOLATION]"), "no copy: {said}");
}

#[test]
fn a_rebase_that_copies_what_main_has_says_nothing_of_owners() {
    let mut scene = Scene::new(Topology::Coordination);
    scene.repo.stage(&[("Makefile", "of others\n")]);
    scene.repo.unhooked(["commit", "-q", "-m", "Others"]).run().exits(0);
    scene.commit(&[("src/b/new.rs", "mine\n")]).exits(0);
    scene.lane.must(["merge", "-q", "--no-edit", "main"]);
    scene.walk("WP01", &["in_progress", "for_review"]);
    let said = scene.lane.git(["rebase", "-q", &scene.mission.branch()]);
    assert_eq!(codes(&said), ["ACTIVE_WP_SCOPE_VIOLATION"], "{said}");
    assert!(said.stderr.contains("made anew on it") && !said.stderr.contains(" own"), "{said}");
}

#[test]
fn a_lane_that_comes_too_early_says_what_is_missing() {
    let mut scene = Scene::new(Topology::Coordination);
    let coordination = scene.mission.open_coordination();
    scene.commit(&[("src/b/new.rs", "mine\n")]).exits(0);
    scene.commit(&[("src/b/more.rs", "mine\n")]).exits(0);
    let lane = scene.mission.lane_branch("lane-b");
    let said = coordination.git(["merge", "-q", "--no-edit", &lane]);
    assert_eq!(codes(&said), ["COORDINATION_PATH_REFUSED"], "{said}");
    let fact = "2 commits of `lane-b` would come before it is finished: WP02 is in_progress, WP03 is planned";
    assert!(said.stderr.contains(fact), "{said}");
    coordination.must(["merge", "--abort"]);
    scene.walk("WP03", &["planned", "canceled"]);
    scene.walk("WP02", &["in_progress", "for_review", "in_review", "approved"]);
    coordination.must(["merge", "-q", "--no-edit", &lane]);
}

/// The way of a mission to its protected target, by whatever merge it comes.
#[test]
fn a_mission_that_is_merged_into_its_protected_target_goes_there_by_a_pull_request() {
    let scene = Scene::new(Topology::Coordination);
    let (repo, own) = (&scene.repo, scene.mission.branch());
    let tip = repo.id(&own);
    let way = |remote: &str| {
        format!(
            "hint: push it as a branch of its own, for a pull request: `git push {remote} \
             {tip}:refs/heads/kitty/pr/{}-to-main`\n",
            own.trim_start_matches("kitty/mission-")
        )
    };
    let merge = |ff: &str| repo.git(["merge", "-q", "--no-edit", ff, &own]).stderr;
    assert!(!merge("--ff").contains("for a pull request"), "there is no remote");
    repo.must(["reset", "-q", "--merge"]);
    repo.must(["config", "remote.up.url", "nowhere"]);
    for (ff, back) in [("--ff-only", "reset"), ("--no-ff", "merge"), ("--no-commit", "merge")] {
        let said = if ff == "--no-commit" {
            repo.must(["merge", "-q", "--no-ff", ff, &own]);
            repo.git(["commit", "-q", "-m", "x"]).stderr
        } else {
            merge(ff)
        };
        assert_eq!(said.matches(&way("up")).count(), 1, "{ff}: {said}");
        repo.must([back, if back == "merge" { "--abort" } else { "--merge" }]);
    }
    scene.lane.must(["switch", "-q", "-c", "other"]);
    let said = repo.git(["merge", "-q", "--ff-only", "other"]).stderr;
    assert!(!said.contains("kitty/pr/"), "{said}");
}
