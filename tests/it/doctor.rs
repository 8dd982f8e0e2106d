//! `git kitty doctor`: what it finds in logs, locks and settings, and what `--fix` makes of that.

use std::fs::File;
use std::os::unix::fs::symlink;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::kit::checkout::Checkout;
use crate::kit::mission::{Mission, MissionBuilder, Topology};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;
use crate::scene::TOPOLOGIES;

/// A repository that is set up.
pub(crate) fn repository() -> Checkout {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    repo.kitty(["init"]).exits(0);
    repo
}

/// A mission of two lanes in it, nothing of which has begun.
pub(crate) fn mission(repo: &Checkout, topology: Topology) -> Mission {
    let builder = MissionBuilder::new("checkout").topology(topology);
    builder.wp(Wp::new("WP01").owns(&["a"])).wp(Wp::new("WP02").owns(&["b"])).build(repo)
}

fn report(repo: &Checkout, arguments: &[&str]) -> (i32, Vec<Value>) {
    let words = ["doctor", "--format", "json"].iter().chain(arguments);
    let said = repo.kitty(words);
    assert_eq!(said.stderr, "", "{said}");
    let document: Value = serde_json::from_str(&said.stdout).unwrap();
    (said.status, document["findings"].as_array().unwrap().clone())
}

/// The codes that are found, and that nothing changes by looking. What else tells is the exit status.
#[track_caller]
pub(crate) fn found(repo: &Checkout) -> Vec<String> {
    let before = state(repo);
    let (status, findings) = report(repo, &[]);
    assert_unchanged(&before, &state(repo));
    let matters = findings.iter().any(|finding| finding["severity"] != "info");
    assert_eq!(status, i32::from(matters), "{findings:?}");
    for finding in &findings {
        assert!(finding["outcome"].is_null() && finding["explanation"].is_null(), "{finding}");
        for key in ["subject", "message", "fix"] {
            assert!(finding[key].as_str().is_some_and(|text| !text.is_empty()), "{finding}");
        }
    }
    findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

/// What `--fix` did, as code and outcome; the second run has nothing more to do.
#[track_caller]
pub(crate) fn fix(repo: &Checkout) -> Vec<String> {
    let (status, findings) = report(repo, &["--fix"]);
    let outcome = |finding: &Value| {
        assert!(finding["explanation"].as_str().is_some_and(|text| !text.is_empty()), "{finding}");
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        format!("{} {}", text("code"), text("outcome"))
    };
    let outcomes: Vec<String> = findings.iter().map(outcome).collect();
    let is_left = |finding: &Value| finding["outcome"] == "left" && finding["severity"] != "info";
    assert_eq!(status, i32::from(findings.iter().any(is_left)), "{findings:?}");
    let before = state(repo);
    let (_, again) = report(repo, &["--fix"]);
    assert_unchanged(&before, &state(repo));
    let again: Vec<String> = again.iter().map(outcome).collect();
    assert!(!again.iter().any(|outcome| outcome.ends_with(" mended")), "{again:?}");
    outcomes
}

fn age(path: &std::path::Path, seconds: u64) {
    let at = SystemTime::now() - Duration::from_secs(seconds);
    File::options().append(true).open(path).unwrap().set_modified(at).unwrap();
}

#[test]
fn nothing_is_wrong_with_a_mission_as_it_should_be() {
    for topology in TOPOLOGIES {
        let repo = repository();
        let mission = mission(&repo, topology);
        mission.open_lane("lane-a");
        if topology != Topology::Primary {
            mission.open_coordination();
        }
        assert_eq!(found(&repo), Vec::<String>::new(), "{topology:?}");
        assert_eq!(fix(&repo), Vec::<String>::new());
        assert_eq!(repo.kitty(["doctor"]).parts(), (0, "nothing is wrong\n", ""));
    }
}

#[test]
fn a_repository_that_is_not_set_up_is_told_so() {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    let said = repo.kitty(["doctor"]).masked();
    let text = "warning: [TMP]/repo/.git [NOT_SET_UP]\n  nothing here is guarded: git-kitty was \
                never set up\n  fix: `git kitty init`\n1 finding\n";
    assert_eq!(said.parts(), (1, text, ""));
    assert_eq!(fix(&repo), ["NOT_SET_UP left"]);
    assert_eq!(Checkout::at(repo.sandbox(), repo.sandbox().root()).kitty(["doctor"]).status, 5);
}

#[test]
fn hooks_that_are_gone_or_not_ours_are_installed_again() {
    let repo = repository();
    if repo.sandbox().git_version() >= (2, 54, 0) {
        return;
    }
    let hook = repo.path().join(".git/hooks/pre-commit");
    std::fs::remove_file(&hook).unwrap();
    assert_eq!(found(&repo), ["HOOK_MISSING"]);
    assert_eq!(fix(&repo), ["HOOK_MISSING mended"]);
    assert_eq!(found(&repo), Vec::<String>::new());
    repo.sandbox().hook("repo/.git/hooks/pre-commit", "#!/bin/sh\nexit 0\n");
    assert_eq!(found(&repo), ["HOOK_REPLACED"]);
    assert_eq!(fix(&repo), ["HOOK_REPLACED mended"]);
    let chained = repo.path().join(".git/hooks/pre-commit.git-kitty-chained");
    assert!(chained.exists(), "their hook still runs");
    repo.sandbox().hook("repo/.git/hooks/pre-commit", "#!/bin/sh\nexit 7\n");
    assert_eq!(fix(&repo), ["HOOK_REPLACED left"]);
    repo.must(["config", "--global", "core.hooksPath", "/elsewhere"]);
    assert_eq!(fix(&repo), ["HOOKS_PATH_FOREIGN left"]);
}

#[test]
fn a_hook_is_told_once_however_many_worktrees_run_it() {
    let repo = repository();
    if repo.sandbox().git_version() >= (2, 54, 0) {
        return;
    }
    mission(&repo, Topology::Coordination).open_lane("lane-a");
    repo.set_executable(".git/hooks/pre-commit", false);
    let said = repo.kitty(["doctor"]).exits(1).stdout;
    assert!(said.contains("is not executable, so that git does not run it"), "{said}");
    assert!(said.ends_with("1 finding\n"), "{said}");
    assert_eq!(fix(&repo), ["HOOK_OUTDATED mended"]);
    std::fs::remove_file(repo.file(".git/hooks/pre-commit")).unwrap();
    assert_eq!(found(&repo), ["HOOK_MISSING"]);
    assert_eq!(fix(&repo), ["HOOK_MISSING mended"]);
}

#[test]
fn a_setting_that_leaves_hooks_out_is_told() {
    let repo = repository();
    let all = "pre-commit,pre-merge-commit,pre-push,reference-transaction";
    repo.must(["config", "kitty.doors", all]);
    assert_eq!(found(&repo), Vec::<String>::new());
    for fewer in ["pre-commit", "none"] {
        repo.must(["config", "kitty.doors", fewer]);
        assert_eq!(found(&repo), ["DOORS_LOOSENED"]);
    }
    assert_eq!(fix(&repo), ["DOORS_LOOSENED left"]);
    repo.must(["config", "kitty.doors", "pre-comit,reference-transaction"]);
    assert_eq!(found(&repo), ["SETTING_INVALID", "DOORS_LOOSENED"]);
}

#[test]
fn a_git_that_is_too_old_or_says_nothing_is_told() {
    let repo = repository();
    let sandbox = repo.sandbox();
    let real = which::which("git").unwrap();
    let program = crate::kit::disk::built("git-kitty-doctor");
    for (says, code) in [
        ("echo git version 2.30.2", "GIT_VERSION_TOO_OLD"),
        ("echo hello", "GIT_VERSION_UNDETECTABLE"),
    ] {
        let script = format!(
            "#!/bin/sh\ncase \" $* \" in *' version ') {says} ;; *) exec {} \"$@\" ;; esac\n",
            real.display()
        );
        sandbox.hook("other/git", &script);
        let path = format!("{}:/usr/bin:/bin", sandbox.at("other").display());
        let call = sandbox.call(program.to_str().unwrap(), repo.path());
        let said = call.env("PATH", &path).run().exits(1);
        assert!(said.stdout.contains(&format!("error: git [{code}]")), "{said}");
        assert!(said.stdout.ends_with("1 finding\n"), "{said}");
    }
}

#[test]
fn a_git_that_cannot_read_the_repository_is_told_by_every_command() {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    let mut config = repo.read(".git/config").replace("version = 0", "version = 1");
    config.push_str("[extensions]\n\trefstorage = reftable\n");
    let knows_reftable = repo.sandbox().has_reftable();
    if knows_reftable {
        config.push_str("\tunheardOf = true\n");
    }
    repo.write(".git/config", config);
    let (named, needed) = match knows_reftable {
        true => ("unheardof", "put the git that made the repository first on PATH"),
        false => ("refstorage", "install git 2.45 or later, and put it first on PATH"),
    };
    let sentence =
        format!("the git on PATH cannot read this repository: it does not know `{named}`");
    let told = format!("error: {sentence} [GIT_VERSION_TOO_OLD]\nhint: {needed}\n");
    for call in ["status", "init", "install", "guard", "log", "mission create x --target main"] {
        // Git itself would warn on the way.
        let said = repo.program("git-kitty").args(call.split(' ')).run();
        assert_eq!(said.parts(), (5, "", told.as_str()), "{call}");
    }
    let said = repo.kitty(["doctor"]).exits(1).stdout;
    assert!(said.contains("[GIT_VERSION_TOO_OLD]") && said.contains(needed), "{said}");
    assert!(said.ends_with("1 finding\n"), "{said}");
}

#[test]
fn what_spec_kitty_left_in_the_config_is_taken_out_and_nothing_else() {
    let repo = repository();
    let local = |words: &[&str]| repo.must(["config", "--local"].iter().chain(words));
    local(&["user.name", "spec-kitty auto-rebase"]);
    local(&["user.email", "me@example.com"]);
    assert_eq!(found(&repo), Vec::<String>::new(), "one of the two is somebody's own");
    local(&["user.email", "auto-rebase@spec-kitty"]);
    local(&["user.signingKey", "mine"]);
    assert_eq!(found(&repo), ["SPEC_KITTY_IDENTITY"]);
    assert_eq!(fix(&repo), ["SPEC_KITTY_IDENTITY mended"]);
    assert_eq!(repo.ask(["config", "--local", "--get-regexp", "^user"]), "user.signingkey mine");
}

#[test]
fn a_repository_that_denies_its_checkout_is_worked_in_and_mended() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    repo.kitty(["wp", "claim", "WP01"]).exits(0);
    repo.must(["config", "core.bare", "true"]);
    let lane = repo.below(format!(".worktrees/{}-lane-a", mission.slug));
    for place in [&repo, &repo.below(".git"), &lane] {
        let said = place.kitty(["doctor"]).exits(1).stdout;
        assert!(said.starts_with("error: core.bare [CORE_BARE_WITH_CHECKOUT]"), "{said}");
        assert!(said.ends_with("1 finding\n"), "{said}");
    }
    repo.kitty(["wp", "claim", "WP02"]).exits(0);
    assert!(repo.file(".worktrees").join(format!("{}-lane-b", mission.slug)).is_dir());
    let open = repo.kitty(["lane", "list"]).exits(0).stdout;
    assert_eq!(open.matches(" open ").count(), 2, "{open}");
    let (status, mended) = report(&repo, &["--fix"]);
    assert_eq!((status, &mended[0]["outcome"]), (0, &"mended".into()), "{mended:?}");
    assert_eq!(repo.ask(["rev-parse", "--is-bare-repository"]), "false");
    assert_eq!(found(&repo), Vec::<String>::new());
}

#[test]
fn a_checkout_that_may_be_given_up_is_left_and_a_setting_of_its_own_is_mended() {
    let repo = repository();
    repo.must(["config", "extensions.worktreeConfig", "true"]);
    repo.must(["config", "--worktree", "core.bare", "true"]);
    let git_dir = repo.below(".git");
    let listed = repo.file("src/0000/file_0.txt");
    let text = std::fs::read(&listed).unwrap();
    std::fs::remove_file(&listed).unwrap();
    assert_eq!(found(&git_dir), ["CORE_BARE_WITH_CHECKOUT"]);
    assert_eq!(fix(&git_dir), ["CORE_BARE_WITH_CHECKOUT left"]);
    std::fs::write(&listed, text).unwrap();
    assert_eq!(fix(&git_dir), ["CORE_BARE_WITH_CHECKOUT mended"]);
    assert_eq!(repo.ask(["status", "--porcelain"]), "");
}

#[test]
fn a_snapshot_that_is_stale_gone_or_no_json_is_written_anew() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    let coordination = mission.open_coordination();
    let path = format!("{}/status.json", mission.dir());
    let right = coordination.read(&path);
    for wrong in [Some("{}\n".to_owned()), Some(right.replace("planned", "done")), None] {
        match wrong {
            Some(text) => mission.put("Drift", vec![(path.clone(), text)]),
            None => {
                coordination.unhooked(["rm", "-q", &path]).run().exits(0);
                coordination.unhooked(["commit", "-q", "-m", "Drop"]).run().exits(0);
                String::new()
            }
        };
        let log = repo.id(&format!("{}:{}/status.events.jsonl", mission.branch(), mission.dir()));
        assert_eq!(found(&repo), ["SNAPSHOT_DRIFT"]);
        assert_eq!(fix(&repo), ["SNAPSHOT_DRIFT mended"]);
        assert_eq!(coordination.read(&path), right, "branch and worktree have it");
        assert_eq!(coordination.ask(["status", "--porcelain"]), "");
        let after = repo.id(&format!("{}:{}/status.events.jsonl", mission.branch(), mission.dir()));
        assert_eq!(after, log);
    }
    mission.put("Drift", vec![(path.clone(), right.replace("planned", "done"))]);
    let nobody = repo.clone().env("GIT_COMMITTER_NAME", "").env("GIT_COMMITTER_EMAIL", "");
    assert_eq!(fix(&nobody), ["SNAPSHOT_DRIFT left"]);
}

#[test]
fn damage_hides_nothing_and_is_never_guessed() {
    let repo = repository();
    let first = mission(&repo, Topology::Coordination);
    let second =
        MissionBuilder::new("second").number(2).wp(Wp::new("WP01").owns(&["x"])).build(&repo);
    let third =
        MissionBuilder::new("third").number(3).wp(Wp::new("WP01").owns(&["x"])).build(&repo);
    let fourth = MissionBuilder::new("fourth")
        .number(4)
        .topology(Topology::Primary)
        .wp(Wp::new("WP01").owns(&["x"]))
        .meta("coordination_branch", "kitty/mission-nobody")
        .build(&repo);
    let fifth = MissionBuilder::new("fifth")
        .number(5)
        .topology(Topology::Primary)
        .meta("topology", "lanes_with_coord")
        .build(&repo);
    first.put("Break", vec![(format!("{}/meta.json", first.dir()), "{".to_owned())]);
    let lanes = (format!("{}/lanes.json", second.dir()), "[".to_owned());
    let log = (format!("{}/status.events.jsonl", second.dir()), "{\n".to_owned());
    second.put("Break", vec![lanes, log]);
    third.put("Break", vec![(format!("{}/status.json", third.dir()), "{}".to_owned())]);
    let mut expected = [
        "META_INVALID",
        "LANES_CORRUPT",
        "EVENT_LOG_INVALID",
        "COORDINATION_BRANCH_DELETED",
        "COORDINATION_META_INCOMPLETE",
        "SNAPSHOT_DRIFT",
    ];
    expected.sort_unstable();
    let sorted = |mut codes: Vec<String>| {
        codes.sort();
        codes
    };
    assert_eq!(sorted(found(&repo)), expected);
    let done = fix(&repo);
    assert!(done.contains(&"SNAPSHOT_DRIFT mended".to_owned()), "{done:?}");
    assert_eq!(done.iter().filter(|outcome| outcome.ends_with("left")).count(), 5, "{done:?}");
    let (_, findings) = report(&repo, &[]);
    let about = |code: &str| {
        let found = findings.iter().find(|finding| finding["code"] == code).unwrap();
        found["subject"].as_str().unwrap().to_owned()
    };
    assert_eq!(about("COORDINATION_BRANCH_DELETED"), fourth.slug);
    assert_eq!(about("COORDINATION_META_INCOMPLETE"), fifth.slug);
}

#[test]
fn a_log_that_lost_lines_is_an_error_and_one_out_of_order_is_not() {
    let repo = repository();
    let mut mission = mission(&repo, Topology::Coordination);
    assert_eq!(found(&repo), Vec::<String>::new());
    let before = mission.log.clone();
    mission.log.walk("WP01", &["planned", "blocked"]);
    mission.save();
    repo.kitty(["status"]).exits(0);
    mission.log = before;
    mission.save();
    assert_eq!(found(&repo), ["LOG_SHRANK"]);
    assert_eq!(fix(&repo), ["LOG_SHRANK left"]);
    let said = repo.kitty(["doctor"]).stdout;
    assert!(said.contains(" brings the lines back; `git kitty log"), "{said}");
    repo.kitty(["log", "--accept"]).exits(0);
    mission.log.event("WP01", "planned", "blocked").set("at", "2020-01-01T00:00:00.000000+00:00");
    mission.save();
    // The kit adds up in the order of lines.
    assert_eq!(fix(&repo), ["SNAPSHOT_DRIFT mended", "LOG_UNSORTED left"]);
    assert_eq!(found(&repo), ["LOG_UNSORTED"]);
    assert_eq!(fix(&repo), ["LOG_UNSORTED left"]);
}

#[test]
fn claims_grow_stale_after_a_week_and_work_after_two() {
    let repo = repository();
    let mut mission = mission(&repo, Topology::Coordination);
    mission.open_lane("lane-a");
    mission.open_lane("lane-b");
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let ago = |days: u64| {
        let micros = (now - days * 86_400) * 1_000_000;
        git_kitty::domain::time::Instant::from_micros(micros).to_log()
    };
    let original = mission.log.clone();
    for (wp01, wp02, expected) in
        [(6, 13, &[][..]), (8, 13, &["STALE_CLAIM"]), (8, 15, &["STALE_CLAIM", "STALE_CLAIM"])]
    {
        mission.log = original.clone();
        mission.log.event("WP01", "planned", "claimed").set("at", ago(wp01));
        mission.log.event("WP02", "planned", "claimed").set("at", ago(wp02 + 1));
        mission.log.event("WP02", "claimed", "in_progress").set("at", ago(wp02));
        mission.save();
        repo.kitty(["log", "--accept"]).exits(0);
        fix(&repo);
        let codes = found(&repo).into_iter();
        let stale: Vec<_> = codes.filter(|code| code != "LOG_UNSORTED").collect();
        assert_eq!(stale, expected, "{wp01} {wp02}");
    }
    let said = repo.kitty(["doctor"]).exits(1).stdout;
    assert!(said.contains("WP01 has been claimed by claude for 8 days"), "{said}");
    assert!(said.contains("WP02 has been in_progress by claude for 15 days"), "{said}");
}

#[test]
fn only_locks_of_ours_are_removed() {
    let repo = repository();
    let lane = mission(&repo, Topology::Coordination).open_lane("lane-a");
    let git_dir = lane.ask(["rev-parse", "--absolute-git-dir"]);
    let ours = std::path::PathBuf::from(git_dir).join("index.lock");
    std::fs::write(&ours, "git-kitty\n").unwrap();
    let held = File::open(&ours).unwrap();
    held.lock().unwrap();
    assert_eq!(found(&repo), Vec::<String>::new(), "its taker lives");
    drop(held);
    let theirs = [".git/index.lock", ".git/refs/heads/deep/er.lock", ".git/config.lock"];
    for path in theirs {
        repo.write(path, "");
    }
    assert_eq!(found(&repo), ["LOCK_LEFT_BEHIND"], "the others are young");
    for path in theirs {
        age(&repo.path().join(path), 3700);
    }
    let expected = ["LOCK_HELD_LONG", "LOCK_HELD_LONG", "LOCK_LEFT_BEHIND", "LOCK_HELD_LONG"];
    let mut codes = found(&repo);
    let mut wanted = expected.map(str::to_owned);
    codes.sort();
    wanted.sort();
    assert_eq!(codes, wanted);
    let said = repo.kitty(["doctor"]).stdout;
    assert!(said.contains("somebody has kept this lock for 1 h"), "{said}");
    assert!(fix(&repo).contains(&"LOCK_LEFT_BEHIND mended".to_owned()));
    assert!(!ours.exists());
    for path in theirs {
        assert!(repo.path().join(path).exists(), "{path}");
    }
}

#[test]
fn what_a_killed_writer_was_about_to_do_is_finished_or_forgotten() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    let view = mission.open_coordination();
    let tip = || repo.id(&mission.branch());
    let kill = |point: &str| {
        let call = ["kitty", "wp", "move", "WP01", "--to", "blocked"];
        let said = repo.call(call).env("GIT_KITTY_CRASH", point).run();
        assert_ne!(said.status, 0, "{point}");
    };
    let before = tip();
    kill("after-locks");
    let lock = repo.path().join(format!(".git/refs/heads/{}.lock", mission.branch()));
    assert!(lock.exists());
    assert_eq!(found(&repo), ["JOURNAL_UNFINISHED"]);
    assert_eq!(fix(&repo), ["JOURNAL_UNFINISHED mended"]);
    assert!(tip() == before && !lock.exists());
    kill("after-renames");
    assert_ne!(tip(), before);
    assert_eq!(found(&repo), ["JOURNAL_UNFINISHED", "COORDINATION_WORKTREE_STALE"]);
    let mended = ["JOURNAL_UNFINISHED mended", "COORDINATION_WORKTREE_STALE mended"];
    assert_eq!(fix(&repo), mended);
    assert_eq!(view.ask(["status", "--porcelain"]), "");
    assert_eq!(found(&repo), Vec::<String>::new());
}

#[test]
fn tracked_worktrees_are_told_and_left() {
    let repo = repository();
    repo.write(".worktrees/x/file", "mine");
    repo.must(["add", "-f", ".worktrees"]);
    assert_eq!(found(&repo), ["TRACKED_WORKTREES_CONTENT", "WORKTREE_HUSK"]);
    assert_eq!(fix(&repo), ["TRACKED_WORKTREES_CONTENT left", "WORKTREE_HUSK left"]);
    let link = repo.path().join(".worktrees/link");
    symlink("x", link).unwrap();
    assert_eq!(found(&repo).len(), 2, "a symbolic link is nobody's husk");
}

#[test]
fn a_journal_that_cannot_be_read_is_told_as_that() {
    let repo = repository();
    repo.write(".git/kitty/journal/1-1.journal", "junk");
    let said = repo.kitty(["doctor", "--fix"]).exits(0).stdout;
    assert!(said.contains("mended: removed as unreadable: 1\n"), "{said}");
    assert_eq!(found(&repo), Vec::<String>::new());
}

#[test]
fn branches_that_are_no_missions_are_not_looked_into() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    mission.open_lane("lane-a");
    // Whoever reads this ref fails.
    repo.write(".git/refs/heads/other", "junk");
    assert_eq!(found(&repo), Vec::<String>::new());
    repo.kitty(["status"]).exits(0);
}
