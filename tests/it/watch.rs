//! `git kitty status --watch`, and `git kitty ready --watch`.

use std::time::Duration;

use serde_json::Value;

use crate::kit::mission::{Mission, MissionBuilder, Topology};
use crate::kit::repo::{RefFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;
use crate::kit::wp::Wp;
use crate::log::following;
use crate::scene::TOPOLOGIES;

fn mission_in(topology: Topology, builder: RepoBuilder, sandbox: &Sandbox) -> Mission {
    let repo = builder.build(sandbox, "repo");
    let plan = MissionBuilder::new("checkout").topology(topology);
    plan.wp(Wp::new("WP01").owns(&["a"])).wp(Wp::new("WP02").owns(&["b"])).build(&repo)
}

fn mission(topology: Topology) -> Mission {
    mission_in(topology, RepoBuilder::default(), &Sandbox::new())
}

fn statuses(documents: &str) -> Vec<Value> {
    let lines = documents.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|doc| doc["missions"][0]["work_packages"][0]["status"].clone()).collect()
}

fn walk(mission: &mut Mission, from: &str, to: &str) {
    mission.log.walk("WP01", &[from, to]);
    mission.save();
}

#[test]
fn each_change_is_a_document() {
    for topology in TOPOLOGIES {
        let mut mission = mission(topology);
        let here = mission.clone();
        let command = "git kitty status --watch --format json | head -n 3";
        let said = following(&here, command, || {
            walk(&mut mission, "planned", "claimed");
            // A commit elsewhere changes a ref, and not the board.
            here.repo.must(["branch", "other"]);
            std::thread::sleep(Duration::from_millis(600));
            walk(&mut mission, "claimed", "in_progress");
        });
        assert_eq!(statuses(&said), ["planned", "claimed", "in_progress"], "{topology:?}");
    }
}

#[test]
fn a_reftable_is_watched_too() {
    let sandbox = Sandbox::new();
    if !sandbox.has_reftable() {
        return;
    }
    let builder = RepoBuilder::default().refs(RefFormat::Reftable);
    let mut mission = mission_in(Topology::Coordination, builder, &sandbox);
    let here = mission.clone();
    let said = following(&here, "git kitty status --watch --format json | head -n 2", || {
        walk(&mut mission, "planned", "claimed");
    });
    assert_eq!(statuses(&said), ["planned", "claimed"]);
}

#[test]
fn files_and_worktrees_in_the_way_are_watched() {
    let mission = mission(Topology::Primary);
    let dir = mission.dir();
    let command = "git kitty status --watch | grep -m 2 -o 'title twice\\|is no worktree'";
    let said = following(&mission, command, || {
        let stem = format!("{dir}/tasks/{}.md", Wp::new("WP01").stem());
        let text = mission.repo.read(&stem).replace("Part WP01", "title twice");
        mission.repo.write(&stem, text);
        std::thread::sleep(Duration::from_millis(600));
        mission.repo.write(format!(".worktrees/{}-lane-b/x", mission.slug), "");
    });
    assert_eq!(said, "title twice\ntitle twice\n");
}

#[test]
fn people_get_whole_boards_and_on_a_terminal_one_in_its_place() {
    let mut mission = mission(Topology::Coordination);
    let board = mission.repo.kitty(["status"]).exits(0).stdout;
    let lines = board.lines().count();
    let here = mission.clone();
    let command = format!("git kitty status --watch | head -n {}", 2 * lines);
    let said = following(&here, &command, || walk(&mut mission, "planned", "claimed"));
    let after = here.repo.kitty(["status"]).exits(0).stdout;
    assert_eq!(said, format!("{board}{after}"));
    assert_ne!(board, after);
    if which::which("script").is_err() {
        return;
    }
    let command = "TERM=xterm script -qefc \
                   'timeout --foreground -s INT 2 git-kitty-status --watch' /dev/null; true";
    let said = following(&here, command, || walk(&mut mission, "claimed", "in_progress"));
    let erased = |text: &str| text.replace('\n', "\u{1b}[K\r\n");
    let last = here.repo.kitty(["status"]).exits(0).stdout;
    let expected =
        format!("\u{1b}[2J\u{1b}[H{}\u{1b}[J\u{1b}[H{}\u{1b}[J", erased(&after), erased(&last));
    assert!(said.starts_with(&expected), "{said:?}\n{expected:?}");
}

#[test]
fn it_ends_quietly_with_its_reader_or_at_an_interrupt() {
    let mission = mission(Topology::Coordination);
    let first = mission.repo.kitty(["status"]).stdout.lines().next().unwrap().to_owned() + "\n";
    assert_eq!(following(&mission, "git kitty status --watch | head -n 1", || ()), first);
    let interrupt =
        "timeout --preserve-status -s INT 1 git-kitty-status --watch >/dev/null; [ $? = 130 ]";
    assert_eq!(following(&mission, interrupt, || ()), "");
    assert_eq!(mission.repo.kitty(["status", "nobody", "--watch"]).status, 1);
}

#[test]
fn what_is_damaged_for_a_moment_is_waited_for() {
    let mission = mission(Topology::Primary);
    let log = format!("{}/status.events.jsonl", mission.dir());
    let command = "git kitty status checkout --watch --format json | head -n 2";
    let said = following(&mission, command, || {
        let text = mission.repo.read(&log);
        mission.repo.write(&log, format!("{text}{{\"half"));
        std::thread::sleep(Duration::from_millis(700));
        let mut whole = mission.clone();
        whole.log.walk("WP01", &["planned", "claimed"]);
        mission.repo.write(&log, whole.log.text());
    });
    assert_eq!(statuses(&said), ["planned", "claimed"]);
}

#[test]
fn what_is_ready_is_watched_as_the_board_is() {
    let mut mission = mission(Topology::Coordination);
    let here = mission.clone();
    let said = following(&here, "git kitty ready --watch --format json | head -n 2", || {
        walk(&mut mission, "planned", "claimed");
    });
    let documents = said.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let ready: Vec<Value> =
        documents.map(|document| document["summary"]["ready"].clone()).collect();
    assert_eq!(ready, [2, 1]);
}
