//! The lock of a mission, among processes of ours and against Spec Kitty's way to hold it.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::kit::checkout::Checkout;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::worker::{answers, worker, worker_under};

const MISSION: &str = "pay-01KV6DC9";

fn repo() -> Checkout {
    RepoBuilder::default().build(&Sandbox::new(), "repo")
}

fn lock_file(repo: &Checkout) -> PathBuf {
    repo.path().join(format!(".git/spec-kitty-locks/{MISSION}.status.lock"))
}

/// The file that names the holder.
fn sign(repo: &Checkout) -> PathBuf {
    repo.path().join(format!(".git/kitty/holders/{MISSION}.json"))
}

/// Waits until a worker holds the lock.
fn until_held(repo: &Checkout) {
    let sign = repo.path().join(".git/held");
    let start = Instant::now();
    while !sign.exists() {
        assert!(start.elapsed() < Duration::from_secs(20), "nobody got the lock");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn it_is_the_reference_s_own_file_and_nothing_stays_locked() {
    let repo = repo();
    assert_eq!(answers(&repo, &format!("lock {MISSION} 1s 0\n")), "held\n");
    assert_eq!(std::fs::metadata(lock_file(&repo)).unwrap().len(), 0);
    let sign = std::fs::File::open(sign(&repo)).unwrap();
    sign.try_lock().expect("nobody says any more to hold it");
}

#[test]
fn a_timeout_names_the_holder_and_others_are_not_waited_for() {
    let repo = repo();
    std::thread::scope(|scope| {
        scope.spawn(|| answers(&repo, &format!("lock {MISSION} 1s 2500\n")));
        until_held(&repo);
        let said = answers(&repo, &format!("lock {MISSION} 300ms 0\nlock other 300ms 0\n"));
        let (first, second) = said.split_once('\n').unwrap();
        let expected = format!(
            "BOOKKEEPING_LOCK_TIMEOUT the mission `{MISSION}` was still locked after 300ms, by ada (`wp move`, process "
        );
        assert!(first.starts_with(&expected), "{first}");
        assert!(first.ends_with(", since 2026-01-05T09:00:00.000000+00:00)"), "{first}");
        assert_eq!(second, "held\n");
        let linked = repo.worktree("../linked", "linked");
        let said = answers(&linked, &format!("lock {MISSION} 0 0\n"));
        assert!(said.starts_with("BOOKKEEPING_LOCK_TIMEOUT"), "one lock for all worktrees: {said}");
        assert_eq!(
            answers(&repo, &format!("lock {MISSION} 20s 0\n")),
            "held\n",
            "it is waited for"
        );
    });
}

#[test]
fn one_process_takes_it_once() {
    let repo = repo();
    let start = Instant::now();
    let said = answers(&repo, &format!("relock {MISSION}\nlock {MISSION} 20s 0\n"));
    let expected = format!(
        "BOOKKEEPING_LOCK_TIMEOUT this process holds the lock of the mission `{MISSION}` already\nheld\n"
    );
    assert_eq!(said, expected);
    assert!(start.elapsed() < Duration::from_secs(20), "it must not be waited for");
}

#[test]
fn a_holder_that_died_holds_nothing_and_is_not_named() {
    let repo = repo();
    let words = ["-s", "KILL", "0.5"];
    let died = worker_under(&repo, "timeout", &words, &format!("lock {MISSION} 1s 60000\n")).run();
    assert_eq!(died.status, 137, "{died}");
    assert!(sign(&repo).exists());
    // Now someone holds the lock who says nothing.
    let file = std::fs::File::open(lock_file(&repo)).unwrap();
    file.lock().unwrap();
    let said = answers(&repo, &format!("lock {MISSION} 100ms 0\n"));
    let expected = format!(
        "BOOKKEEPING_LOCK_TIMEOUT the mission `{MISSION}` was still locked after 100ms by another process\n"
    );
    assert_eq!(said, expected);
    drop(file);
    assert_eq!(answers(&repo, &format!("lock {MISSION} 100ms 0\n")), "held\n");
}

#[test]
fn spec_kitty_s_way_to_hold_it_excludes_us_and_we_exclude_it() {
    let repo = repo();
    std::fs::create_dir_all(lock_file(&repo).parent().unwrap()).unwrap();
    let file = lock_file(&repo);
    let flock = |words: &[&str]| {
        let call = repo.sandbox().call("flock", repo.path()).args(&words[..words.len() - 1]);
        call.args([file.to_str().unwrap(), "-c", words[words.len() - 1]])
    };
    std::thread::scope(|scope| {
        let held = repo.path().join(".git/held");
        let script = format!("touch '{}'; sleep 1", held.display());
        let theirs = flock(&[&script]);
        scope.spawn(move || theirs.run().exits(0));
        until_held(&repo);
        let said = answers(&repo, &format!("lock {MISSION} 100ms 0\n"));
        assert!(said.ends_with("after 100ms by another process\n"), "{said}");
        assert_eq!(answers(&repo, &format!("lock {MISSION} 20s 0\n")), "held\n");
        std::fs::remove_file(held).unwrap();
    });
    std::thread::scope(|scope| {
        scope.spawn(|| answers(&repo, &format!("lock {MISSION} 1s 1000\n")));
        until_held(&repo);
        flock(&["-n", "true"]).run().exits(1);
        flock(&["-w", "20", "true"]).run().exits(0);
    });
    assert_eq!(std::fs::metadata(&file).unwrap().len(), 0);
}

#[test]
fn a_lock_file_that_was_removed_and_made_again_is_waited_for() {
    let repo = repo();
    std::thread::scope(|scope| {
        scope.spawn(|| answers(&repo, &format!("lock {MISSION} 20s 3000\n")));
        until_held(&repo);
        let second = scope.spawn(|| answers(&repo, &format!("lock {MISSION} 20s 0\n")));
        std::thread::sleep(Duration::from_millis(200));
        std::fs::remove_file(lock_file(&repo)).unwrap();
        let third = std::fs::File::create(lock_file(&repo)).unwrap();
        third.lock().unwrap();
        std::thread::sleep(Duration::from_millis(3500));
        assert!(!second.is_finished(), "it holds a file that nobody else sees");
        drop(third);
        assert_eq!(second.join().unwrap(), "held\n");
    });
}

#[test]
fn names_and_settings_that_cannot_be_are_refused() {
    let repo = repo();
    for bad in ["..", "a/b", ".", "", "a\\b"] {
        let said = answers(&repo, &format!("lock {bad} 1s 0\n"));
        assert!(said.starts_with("MISSION_NAME_INVALID "), "{bad}: {said}");
    }
    repo.ask(["config", "kitty.lockTimeout", "30"]);
    let said = worker(&repo, &format!("lock {MISSION} setting 0\n")).run().exits(0).stderr;
    assert_eq!(said, "SETTING_INVALID the setting `kitty.lockTimeout` cannot be `30`\n");
    repo.ask(["config", "kitty.lockTimeout", "2m"]);
    assert_eq!(answers(&repo, &format!("lock {MISSION} setting 0\n")), "held\n");
}
