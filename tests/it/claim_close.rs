//! A claim while somebody closes the lane or the mission: no worktree is left on a branch that is gone.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::kit::call::Output;
use crate::lane::Lanes;

/// Waits, without end but that of the test, for what another process is to do.
fn until(is_so: impl Fn() -> bool) {
    for _ in 0..15_000 {
        if is_so() {
            return;
        }
        thread::sleep(Duration::from_millis(2));
    }
    panic!("it did not come to that");
}

/// A directory for the pauses of a process.
fn pauses(lanes: &Lanes, name: &str) -> PathBuf {
    let directory = lanes.repo.file(format!(".git/{name}"));
    std::fs::create_dir(&directory).unwrap();
    directory
}

fn paused(lanes: &Lanes, words: &[&str], (step, at): (&str, &Path)) -> Output {
    let pause = format!("{step}:{}", at.display());
    lanes.repo.call(["kitty"]).args(words).env("GIT_KITTY_PAUSE", pause).run()
}

/// Closes with the worktrees gone and the branches not, while WP03 is claimed; the claim has either
/// ended by then, or waits.
fn raced(lanes: &Lanes, close: &[&str]) -> (Output, Output) {
    let (closing, claiming) = (pauses(lanes, "closing"), pauses(lanes, "claiming"));
    std::fs::write(claiming.join("go"), "").unwrap();
    thread::scope(|scope| {
        let closer = scope.spawn(|| paused(lanes, close, ("worktrees-removed", &closing)));
        until(|| closing.join("worktrees-removed").exists());
        let claim = scope.spawn(|| {
            let words = ["wp", "claim", "WP03", "--actor", "ada"];
            paused(lanes, &words, ("worktree-waits", &claiming))
        });
        until(|| claim.is_finished() || claiming.join("worktree-waits").exists());
        std::fs::write(closing.join("go"), "").unwrap();
        (closer.join().unwrap(), claim.join().unwrap())
    })
}

/// No worktree has a branch checked out that is not there.
#[track_caller]
fn assert_no_branch_is_missing(lanes: &Lanes) {
    let listed = lanes.repo.ask(["worktree", "list", "--porcelain"]);
    let branches = listed.lines().filter_map(|line| line.strip_prefix("branch refs/heads/"));
    let missing: Vec<_> = branches.filter(|branch| lanes.repo.tip(branch).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_claim_waits_for_the_closing_of_its_lane() {
    let lanes = Lanes::new();
    lanes.open("lane-c");
    let (closed, claimed) = raced(&lanes, &["lane", "close", "lane-c"]);
    closed.exits(0);
    assert!(claimed.exits(1).stderr.contains("[CLAIM_UNFINISHED]"));
    assert_no_branch_is_missing(&lanes);
    lanes.repo.kitty(["wp", "claim", "WP03", "--actor", "ada"]).exits(0);
    assert_eq!(lanes.states()[2], "open");
}

#[test]
fn a_claim_waits_for_the_closing_of_its_mission() {
    let lanes = Lanes::new();
    let slug = lanes.mission.slug.clone();
    let (closed, claimed) = raced(&lanes, &["mission", "close", &slug, "--discard"]);
    closed.exits(0);
    claimed.exits(1);
    assert_no_branch_is_missing(&lanes);
}
