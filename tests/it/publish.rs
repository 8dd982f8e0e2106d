//! Moving refs: both ways, all or nothing.

use std::path::{Path, PathBuf};

use crate::kit::checkout::Checkout;
use crate::kit::repo::{ObjectFormat, RefFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{State, assert_unchanged, state};
use crate::worker::{NO_ROOM, answers, moving, powerless, worker, worker_under};

const ONE: &str = "refs/heads/one";
const TWO: &str = "refs/heads/deep/two";

/// A repository with three commits on `main` (checked out), and `one` and `deep/two` at the first;
/// `one` is checked out in a worktree beside it.
pub(crate) struct Refs {
    pub(crate) repo: Checkout,
    pub(crate) commits: [String; 3],
}

impl Refs {
    pub(crate) fn new(builder: RepoBuilder) -> Self {
        let repo = builder.build(&Sandbox::new(), "repo");
        let commits =
            [repo.id("HEAD"), repo.commit_file("a", "second\n"), repo.commit_file("a", "third\n")];
        repo.git(["branch", "one", &commits[0]]).exits(0);
        repo.git(["branch", "deep/two", &commits[0]]).exits(0);
        repo.worktree("../beside", "one");
        Self { repo, commits }
    }

    /// An order that moves `one` and `deep/two` from the first commit to the second.
    fn both(&self) -> String {
        let [first, second, _] = &self.commits;
        moving(&[(ONE, first, second), (TWO, first, second)])
    }

    /// The tips of `one` and `deep/two`, as numbers of the commits.
    fn tips(&self) -> [Option<usize>; 2] {
        ["one", "deep/two"].map(|branch| {
            let tip = self.repo.tip(branch)?;
            self.commits.iter().position(|commit| *commit == tip)
        })
    }

    /// State and reflogs.
    fn whole(&self) -> (State, String) {
        let common = self.repo.path().join(self.repo.ask(["rev-parse", "--git-common-dir"]));
        (state(&self.repo), reflogs(&common).replace(&self.repo.path().display().to_string(), ""))
    }
}

/// All reflog files below a Git directory.
fn reflogs(directory: &Path) -> String {
    let mut paths: Vec<_> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut text = String::new();
    for path in paths {
        if path.is_dir() {
            text += &reflogs(&path);
        } else if path.components().any(|part| part.as_os_str() == "logs") {
            text += &format!("{}\n{}", path.display(), std::fs::read_to_string(&path).unwrap());
        }
    }
    text
}

/// A reference-transaction hook of someone else.
fn hook(repo: &Checkout, script: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let common = repo.path().join(repo.ask(["rev-parse", "--git-common-dir"]));
    let file = common.join("hooks/reference-transaction");
    std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Orders with all that can be said of one transaction.
fn orders(commits: &[String; 3]) -> String {
    let [first, second, third] = commits;
    [
        moving(&[(ONE, first, second)]),
        moving(&[(ONE, first, third)]),
        moving(&[(ONE, second, third), (TWO, first, second)]),
        moving(&[(ONE, third, first), (TWO, first, second)]),
        moving(&[("refs/heads/new/er", "-", first), (TWO, second, second)]),
        moving(&[("refs/heads/new/er", "-", second)]),
        moving(&[("refs/heads/new/er/est", "-", second)]),
        moving(&[("refs/heads/new", "-", second)]),
        moving(&[("refs/heads/a", "-", second), ("refs/heads/a/b", "-", second)]),
        moving(&[("refs/tags/v1", "-", second)]),
        moving(&[("refs/kitty/oplog", "-", third), ("refs/heads/main", third, second)]),
        moving(&[("refs/heads/main", second, third)]),
        moving(&[("refs/heads/gone", first, second)]),
        moving(&[("refs/heads/gone", first, "-")]),
        moving(&[("refs/heads/new/er", first, "-"), (ONE, third, second)]),
        moving(&[("refs/heads/new", "-", second)]),
        moving(&[(TWO, second, second)]),
        moving(&[(TWO, first, first)]),
        moving(&[("refs/heads/alias", third, second)]),
        moving(&[(ONE, second, third), (ONE, second, third)]),
    ]
    .concat()
}

fn expected([first, second, third]: &[String; 3]) -> String {
    format!(
        "done\n\
         lost {ONE} {second}\n\
         done\n\
         lost {TWO} {second}\n\
         done\n\
         lost refs/heads/new/er {first}\n\
         REF_NAME_CONFLICT `refs/heads/new/er/est` cannot be created, because `refs/heads/new/er` exists\n\
         REF_NAME_CONFLICT `refs/heads/new` cannot be created, because `refs/heads/new/er` exists\n\
         REF_NAME_CONFLICT `refs/heads/a` cannot be created, because `refs/heads/a/b` exists\n\
         done\n\
         done\n\
         done\n\
         lost refs/heads/gone -\n\
         lost refs/heads/gone -\n\
         done\n\
         done\n\
         done\n\
         lost {TWO} {second}\n\
         REF_SYMBOLIC `refs/heads/alias` is a symbolic ref, and would move another one\n\
         error `{ONE}` moves twice in one transaction\n"
    )
    .replace("{third}", third)
}

/// Runs all orders natively and through git; in the end nothing but the hook may differ.
fn interchangeable(builder: RepoBuilder, setting: &[&str]) {
    let ways = [false, true].map(|through_git| {
        let refs = Refs::new(builder);
        let alias = ["symbolic-ref", "refs/heads/alias", "refs/heads/main"];
        refs.repo.git(alias).exits(0);
        if !setting.is_empty() {
            refs.repo.git(setting).exits(0);
        }
        if through_git {
            hook(&refs.repo, "exit 0");
        }
        let said = answers(&refs.repo, &orders(&refs.commits));
        assert_eq!(said, expected(&refs.commits), "through git: {through_git}");
        let (state, reflogs) = refs.whole();
        assert!(!refs.repo.path().join(".git/kitty/journal").read_dir().unwrap().any(|_| true));
        refs.repo.git(["fsck", "--strict"]).exits(0);
        (state.without("/hooks/reference-transaction"), reflogs)
    });
    let [(native, native_logs), (git, git_logs)] = ways;
    assert_unchanged(&git, &native);
    assert_eq!(git_logs, native_logs);
}

#[test]
fn both_ways_come_to_the_same() {
    interchangeable(RepoBuilder::default(), &[]);
}

#[test]
fn both_ways_come_to_the_same_with_sha256() {
    interchangeable(RepoBuilder::default().objects(ObjectFormat::Sha256), &[]);
}

#[test]
fn both_ways_come_to_the_same_with_packed_refs() {
    interchangeable(RepoBuilder::default(), &["pack-refs", "--all"]);
}

#[test]
fn both_ways_come_to_the_same_with_all_reflogs_or_none() {
    interchangeable(RepoBuilder::default(), &["config", "core.logAllRefUpdates", "always"]);
    interchangeable(RepoBuilder::default(), &["config", "core.logAllRefUpdates", "false"]);
}

#[test]
fn both_ways_come_to_the_same_with_durability_of_git() {
    interchangeable(RepoBuilder::default(), &["config", "kitty.durability", "git"]);
}

#[test]
fn reftable_goes_through_git() {
    let sandbox = Sandbox::new();
    if !sandbox.has_reftable() {
        return;
    }
    let refs = Refs::new(RepoBuilder::default().refs(RefFormat::Reftable));
    refs.repo.git(["symbolic-ref", "refs/heads/alias", "refs/heads/main"]).exits(0);
    assert_eq!(answers(&refs.repo, &orders(&refs.commits)), expected(&refs.commits));
    assert_eq!(refs.tips(), [Some(1), Some(1)]);
}

#[test]
fn a_hook_of_others_is_asked_and_may_refuse() {
    let places = [
        (&[][..], ".git/hooks"),
        (&["config", "core.hooksPath", "mine"], "mine"),
        (&["config", "--global", "core.hooksPath", "../theirs"], "../theirs"),
    ];
    for (setting, place) in places {
        let refs = Refs::new(RepoBuilder::default());
        let script = "test $1 = prepared || exit 0; echo told on stdout; echo 'not on my watch' >&2; cat >&2; exit 1";
        hook(&refs.repo, script);
        if !setting.is_empty() {
            refs.repo.git(setting).exits(0);
            let to = refs.repo.path().join(place);
            std::fs::create_dir_all(&to).unwrap();
            let from = refs.repo.path().join(".git/hooks/reference-transaction");
            std::fs::rename(from, to.join("reference-transaction")).unwrap();
        }
        let before = refs.whole();
        let said = answers(&refs.repo, &refs.both());
        let [first, second, _] = &refs.commits;
        let expected = format!(
            "refused told on stdout\\nnot on my watch\\n{first} {second} {TWO}\\n{first} {second} {ONE}\n"
        );
        assert_eq!(said, expected, "{place}");
        assert_eq!(before, refs.whole());
    }
}

#[test]
fn hooks_that_git_would_not_run_are_not_asked() {
    use std::os::unix::fs::PermissionsExt as _;
    let refs = Refs::new(RepoBuilder::default());
    hook(&refs.repo, "exit 1");
    let file = refs.repo.path().join(".git/hooks/reference-transaction");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(answers(&refs.repo, &refs.both()), "done\n");
    assert_eq!(refs.tips(), [Some(1), Some(1)]);
}

#[test]
fn our_own_hook_is_not_asked_but_the_one_behind_it_is() {
    let refs = Refs::new(RepoBuilder::default());
    hook(&refs.repo, "exit 1");
    let file = refs.repo.path().join(".git/hooks/reference-transaction");
    std::fs::write(&file, "\x7fELF [git-kitty hook reference-transaction 0.1.0]").unwrap();
    assert_eq!(answers(&refs.repo, &refs.both()), "done\n");
    let refs = Refs::new(RepoBuilder::default());
    hook(&refs.repo, "exec \"$0.git-kitty-chained\" \"$@\"");
    let file = refs.repo.path().join(".git/hooks/reference-transaction");
    std::fs::copy(&file, file.with_extension("git-kitty-chained")).unwrap();
    std::fs::write(&file, "\x7fELF [git-kitty hook reference-transaction 0.1.0]").unwrap();
    let said = answers(&refs.repo, &refs.both());
    assert!(said.starts_with("refused "), "git cannot run this file: {said}");
}

#[test]
fn a_ref_that_stays_locked_is_refused_and_one_that_does_not_is_waited_for() {
    for through_git in [false, true] {
        let refs = Refs::new(RepoBuilder::default());
        if through_git {
            hook(&refs.repo, "exit 0");
        }
        let lock = refs.repo.path().join(".git/refs/heads/deep/two.lock");
        std::fs::write(&lock, "").unwrap();
        let before = refs.whole();
        let start = std::time::Instant::now();
        let said = answers(&refs.repo, &refs.both());
        assert_eq!(said, format!("REF_LOCKED another process keeps `{TWO}` locked\n"));
        // By itself, git waits for a tenth of a second.
        assert!(start.elapsed() >= std::time::Duration::from_secs(1));
        assert_eq!(before, refs.whole());
        refs.repo.ask(["config", "core.filesRefLockTimeout", "20000"]);
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| answers(&refs.repo, &refs.both()));
            std::thread::sleep(std::time::Duration::from_millis(300));
            std::fs::remove_file(&lock).unwrap();
            assert_eq!(waiting.join().unwrap(), "done\n");
        });
    }
}

#[test]
fn nothing_moves_in_quarantine() {
    let refs = Refs::new(RepoBuilder::default());
    let before = refs.whole();
    let said = worker(&refs.repo, &refs.both()).env("GIT_QUARANTINE_PATH", "x").run().exits(0);
    assert!(said.stderr.starts_with("REF_UPDATE_IN_QUARANTINE"), "{said}");
    assert_eq!(before, refs.whole());
}

#[test]
fn a_full_disk_moves_nothing() {
    for through_git in [false, true] {
        let refs = Refs::new(RepoBuilder::default());
        if through_git {
            hook(&refs.repo, "exit 0");
        }
        // A reflog is what grows.
        let log = refs.repo.path().join(".git/logs/refs/heads/deep/two");
        let line = std::fs::read_to_string(&log).unwrap();
        std::fs::write(&log, line.repeat(8200 / line.len())).unwrap();
        let before = refs.whole();
        let said = worker_under(&refs.repo, "sh", &NO_ROOM, &refs.both()).run().exits(0).stderr;
        assert!(said.starts_with("error "), "{said}");
        assert_eq!(before, refs.whole());
    }
}

#[test]
fn directories_without_permission_move_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    for place in [".git/refs/heads/deep", ".git/logs/refs/heads/deep", ".git/kitty/journal"] {
        let refs = Refs::new(RepoBuilder::default());
        std::fs::create_dir_all(refs.repo.path().join(".git/kitty/journal")).unwrap();
        let directory = refs.repo.path().join(place);
        let log = refs.repo.path().join(".git/logs/refs/heads/deep/two");
        let before = refs.whole();
        let set = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        set(&directory, 0o555);
        set(&log, 0o444);
        let said = powerless(&refs.repo, &refs.both()).run().exits(0).stderr;
        set(&directory, 0o755);
        set(&log, 0o644);
        assert!(said.contains("Permission denied"), "{said}");
        assert_eq!(before, refs.whole());
    }
}

/// Many that move the same refs, each line of theirs once.
fn crowd(refs: &Refs, each: usize, meanwhile: impl FnOnce() + Send) {
    crowd_of(refs, each, |_| None, meanwhile);
}

/// As [`crowd`]; for each process, where it has its hooks, if not in the usual place.
fn crowd_of(
    refs: &Refs,
    each: usize,
    hooks: impl Fn(usize) -> Option<PathBuf>,
    meanwhile: impl FnOnce() + Send,
) {
    std::thread::scope(|scope| {
        for process in 0..8 {
            let (names, other) = if process % 2 == 0 { (ONE, TWO) } else { (TWO, ONE) };
            let line = |number| format!("append line-{process}-{number} {names} {other}\n");
            let orders: String = (0..each).map(line).collect();
            let mut call = worker(&refs.repo, &orders);
            if let Some(hooks) = hooks(process) {
                call = call.env("GIT_CONFIG_COUNT", "1").env("GIT_CONFIG_KEY_0", "core.hooksPath");
                call = call.env("GIT_CONFIG_VALUE_0", hooks);
            }
            scope.spawn(move || assert_eq!(call.run().stderr, "done\n".repeat(each)));
        }
        scope.spawn(meanwhile);
    });
    assert_eq!(refs.repo.tip("one"), refs.repo.tip("deep/two"));
    let log = refs.repo.ask(["show", "one:deep/er/log"]);
    let mut lines: Vec<&str> = log.lines().collect();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), 8 * each);
    assert_eq!(log.lines().count(), 8 * each);
    let count = refs.repo.ask(["rev-list", "--count", "one"]);
    assert_eq!(count, (8 * each + 1).to_string());
    let reflog = refs.repo.ask(["reflog", "show", "one"]);
    assert_eq!(reflog.lines().count(), 8 * each + 1);
    refs.repo.git(["fsck", "--strict"]).exits(0);
}

#[test]
fn of_many_that_move_two_refs_in_opposite_orders_none_is_lost() {
    crowd(&Refs::new(RepoBuilder::default()), 12, || {});
}

#[test]
fn of_many_none_is_lost_while_the_repository_is_packed() {
    let refs = Refs::new(RepoBuilder::default());
    let repo = refs.repo.clone();
    repo.ask(["config", "gc.reflogExpire", "never"]);
    crowd(&refs, 12, move || {
        for _ in 0..6 {
            repo.call(["pack-refs", "--all"]).still().run();
            repo.call(["gc", "-q"]).still().run();
        }
    });
}

#[test]
fn some_through_git_and_some_not_lose_nothing_either() {
    let refs = Refs::new(RepoBuilder::default());
    hook(&refs.repo, "exit 0");
    let none = refs.repo.path().join(".git/info");
    crowd_of(&refs, 6, |process| (process % 3 == 0).then(|| none.clone()), || {});
}

mod killed {
    //! Processes that die while they publish.

    use git_kitty::git::crash;

    use super::*;

    /// What is left when nobody disturbs the orders: nothing, or all of it.
    fn undisturbed(orders: bool) -> (State, String) {
        let refs = Refs::new(RepoBuilder::default());
        if orders {
            assert_eq!(answers(&refs.repo, &refs.both()), "done\n");
        }
        refs.whole()
    }

    #[test]
    fn at_each_step_all_or_nothing_has_happened_after_the_next_command() {
        let (nothing, all) = (undisturbed(false), undisturbed(true));
        let first = crash::PUBLISH.iter().position(|step| *step == "after-first-rename").unwrap();
        for (at, step) in crash::PUBLISH.iter().enumerate() {
            let refs = Refs::new(RepoBuilder::default());
            let died = worker(&refs.repo, &refs.both()).env("GIT_KITTY_CRASH", step).run();
            assert_eq!((died.status, died.stderr.as_str()), (134, ""), "{step}");
            let said = answers(&refs.repo, "recover\n");
            let (done, outcome) = match *step {
                "before-journal" => (false, "recovered\n"),
                "after-publish" => (true, "recovered\n"),
                _ if at < first => (false, "recovered dropped\n"),
                _ => (true, "recovered finished\n"),
            };
            assert_eq!(said, outcome, "{step}");
            let expected = if done { &all } else { &nothing };
            assert_unchanged(&expected.0, &refs.whole().0);
            assert_eq!(expected.1, refs.whole().1, "{step}");
            if !done {
                assert_eq!(answers(&refs.repo, &refs.both()), "done\n", "{step}");
                assert_unchanged(&all.0, &refs.whole().0);
                assert_eq!(all.1, refs.whole().1, "{step}");
            }
        }
    }

    #[test]
    fn through_git_as_well() {
        for step in ["before-journal", "after-journal", "after-renames", "after-publish"] {
            let refs = Refs::new(RepoBuilder::default());
            hook(&refs.repo, "exit 0");
            let died = worker(&refs.repo, &refs.both()).env("GIT_KITTY_CRASH", step).run();
            assert_eq!(died.status, 134, "{step}");
            answers(&refs.repo, "recover\n");
            let tip = if step.starts_with("after-j") || step.starts_with("b") { 0 } else { 1 };
            assert_eq!(refs.tips(), [Some(tip), Some(tip)], "{step}");
            assert!(!refs.repo.path().join(".git/kitty/journal").is_dir() || journals(&refs) == 0);
        }
    }

    #[test]
    fn a_git_that_outlives_us_finishes_and_is_left_alone() {
        let refs = Refs::new(RepoBuilder::default());
        let kill = "kill -9 $(ps -o ppid= -p $PPID)";
        let wait = "until test -e .git/go; do sleep 0.01; done";
        hook(
            &refs.repo,
            &format!("test $1 = prepared && {{ {kill}; touch .git/asked; {wait}; }}; exit 0"),
        );
        std::thread::scope(|scope| {
            let dying = scope.spawn(|| worker(&refs.repo, &refs.both()).run());
            while !refs.repo.path().join(".git/asked").exists() {
                std::thread::yield_now();
            }
            assert_eq!(answers(&refs.repo, "recover\n"), "recovered\n", "git is at work");
            refs.repo.write(".git/go", "");
            assert_ne!(dying.join().unwrap().status, 0);
        });
        let still = std::iter::repeat_with(|| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            answers(&refs.repo, "recover\n")
        });
        let said = still.take(400).find(|said| said != "recovered\n");
        assert_eq!(said.as_deref(), Some("recovered finished\n"));
        assert_eq!(refs.tips(), [Some(1), Some(1)]);
    }

    #[test]
    fn a_git_that_was_killed_leaves_no_lock() {
        let refs = Refs::new(RepoBuilder::default());
        hook(&refs.repo, "test $1 = prepared && kill -9 $PPID; exit 0");
        let said = answers(&refs.repo, &refs.both());
        assert!(said.contains("ended with status 137"), "{said}");
        assert!(refs.repo.path().join(".git/refs/heads/one.lock").exists());
        assert_eq!(answers(&refs.repo, "recover\n"), "recovered dropped\n");
        hook(&refs.repo, "exit 0");
        assert_eq!(answers(&refs.repo, &refs.both()), "done\n");
    }

    #[test]
    fn nor_one_on_the_head_that_it_stood_in() {
        let refs = Refs::new(RepoBuilder::default());
        let linked = refs.repo.below("../beside");
        hook(&refs.repo, "test $1 = prepared && kill -9 $PPID; exit 0");
        let said = worker(&linked, &refs.both()).run().exits(0).stderr;
        assert!(said.contains("ended with status 137"), "{said}");
        let head = refs.repo.file(".git/worktrees/beside/HEAD.lock");
        assert!(head.exists(), "git writes this HEAD's reflog");
        assert_eq!(answers(&linked, "recover\n"), "recovered dropped\n");
        assert!(!head.exists());
        hook(&refs.repo, "exit 0");
        assert_eq!(answers(&linked, &refs.both()), "done\n");
    }

    #[test]
    fn a_lock_without_a_word_is_a_dead_git_s_only_if_it_is_as_old() {
        for (age, stays) in [("now", false), ("5 seconds ago", true), ("now + 1 minute", true)] {
            let refs = Refs::new(RepoBuilder::default());
            hook(&refs.repo, "test $1 = prepared && kill -9 $PPID; exit 0");
            answers(&refs.repo, &refs.both());
            let lock = refs.repo.file(".git/refs/heads/one.lock");
            std::fs::write(&lock, "").unwrap();
            refs.repo
                .program("touch")
                .args(["-d".as_ref(), age.as_ref(), lock.as_os_str()])
                .run()
                .exits(0);
            answers(&refs.repo, "recover\n");
            assert_eq!(lock.exists(), stays, "{age}");
        }
    }

    #[test]
    fn others_may_have_gone_on_from_where_a_dead_process_came() {
        let refs = Refs::new(RepoBuilder::default());
        let [_, second, third] = &refs.commits;
        let crash = worker(&refs.repo, &refs.both()).env("GIT_KITTY_CRASH", "after-first-rename");
        assert_eq!(crash.run().status, 134);
        refs.repo.git(["update-ref", ONE, third, second]).exits(0);
        assert_eq!(answers(&refs.repo, "recover\n"), "recovered finished\n");
        assert_eq!(refs.tips(), [Some(2), Some(1)]);
    }

    #[test]
    fn a_lock_of_someone_else_is_left_alone() {
        let refs = Refs::new(RepoBuilder::default());
        let crash = worker(&refs.repo, &refs.both()).env("GIT_KITTY_CRASH", "after-first-rename");
        assert_eq!(crash.run().status, 134);
        let lock = refs.repo.path().join(".git/refs/heads/one.lock");
        std::fs::write(&lock, "theirs").unwrap();
        assert_eq!(answers(&refs.repo, "recover\n"), "recovered finished\n");
        assert_eq!(std::fs::read_to_string(lock).unwrap(), "theirs");
    }

    #[test]
    fn at_random_moments_no_acknowledged_line_is_lost() {
        let refs = Refs::new(RepoBuilder::default());
        let mut acknowledged = 0;
        for round in 0..50_u32 {
            let line = |number| format!("append line-{round}-{number} {ONE} {TWO}\n");
            let orders: String = (0..200).map(line).collect();
            let after = format!("0.{:03}", 8 + round * 37 % 61);
            let killed = worker_under(&refs.repo, "timeout", &["-s", "KILL", &after], &orders);
            acknowledged += killed.run().stderr.matches("done").count();
            answers(&refs.repo, "recover\n");
            assert_eq!(refs.repo.tip("one"), refs.repo.tip("deep/two"));
        }
        let log = refs.repo.call(["show", "one:deep/er/log"]).still().run().stdout;
        let mut lines: Vec<&str> = log.lines().collect();
        let written = lines.len();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), written, "a line is there twice");
        assert!((acknowledged..=acknowledged + 50).contains(&written), "{acknowledged} {written}");
        assert!(acknowledged > 0, "killed too early to tell");
        assert_eq!(journals(&refs), 0);
        let refs_dir = refs.repo.path().join(".git/refs");
        let found =
            refs.repo.sandbox().call("find", &refs_dir).args([".", "-name", "*.lock"]).run();
        assert_eq!(found.stdout, "");
        let reflog = refs.repo.ask(["reflog", "show", "one"]);
        assert_eq!(reflog.lines().count(), written + 1);
        refs.repo.git(["fsck", "--strict"]).exits(0);
    }

    /// A worker that is killed after 0.6 seconds, without those that it started.
    fn journals(refs: &Refs) -> usize {
        let files = refs.repo.path().join(".git/kitty/journal").read_dir().unwrap();
        // What was not even called a journal yet is removed after a minute.
        files
            .filter(|file| file.as_ref().unwrap().path().extension() != Some("new".as_ref()))
            .count()
    }
}
