//! Several processes that wait for one mission: what they want goes into one commit, and each is
//! answered by its own process, whoever dies on the way.

use std::fs::{self, File};
use std::path::PathBuf;
use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant, SystemTime};

use git_kitty::git::crash;
use serde_json::{Value, json};

use crate::kit::call::{Call, Output};
use crate::kit::disk::built;
use crate::kit::mission::Topology;
use crate::scene::Scene;

/// A mission whose lock this test holds.
struct Crowd {
    scene: Scene,
    lock: File,
}

type Waiting<'s> = ScopedJoinHandle<'s, Output>;

impl Crowd {
    fn new() -> Self {
        let scene = Scene::new(Topology::Coordination);
        let directory = scene.repo.path().join(".git/spec-kitty-locks");
        fs::create_dir_all(&directory).unwrap();
        let file = directory.join(format!("{}.status.lock", scene.mission.slug));
        let lock = File::create(file).unwrap();
        lock.lock().unwrap();
        Self { scene, lock }
    }

    fn release(&self) {
        self.lock.unlock().unwrap();
    }

    fn queue(&self) -> PathBuf {
        self.scene.repo.path().join(".git/kitty/queue").join(&self.scene.mission.slug)
    }

    fn queued(&self) -> usize {
        let files = fs::read_dir(self.queue()).into_iter().flatten().filter_map(Result::ok);
        // What is not whole yet does not end with its line.
        let is_whole = |path: &PathBuf| fs::read(path).is_ok_and(|text| text.ends_with(b"\n"));
        files.map(|file| file.path()).filter(is_whole).count()
    }

    /// Waits until so many requests are in the queue.
    fn until_queued(&self, count: usize) {
        let start = Instant::now();
        while self.queued() != count {
            assert!(start.elapsed() < Duration::from_secs(30), "{} wait", self.queued());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// A process that appends a note, to be started; its id goes to a file of the note's name.
    fn append(&self, note: &str) -> Call<'_> {
        let event = json!({"kind": "annotation", "wp_id": "WP02", "delta": {"note": note}});
        self.run(note, &["git-kitty-event", "append"]).stdin(event.to_string())
    }

    fn run(&self, name: &str, words: &[&str]) -> Call<'_> {
        let script = "echo $$ >\"$0\"; exec \"$@\"";
        let pid = self.scene.repo.sandbox().root().join(name);
        let program = built(words[0]);
        let call = self.scene.lane.program("sh").args(["-c", script]);
        call.args([pid.as_os_str(), program.as_os_str()]).args(&words[1..])
    }

    fn signal(&self, signal: &str, names: &[&str]) {
        for name in names {
            let pid = fs::read_to_string(self.scene.repo.sandbox().root().join(name)).unwrap();
            self.scene.repo.program("kill").args([signal, pid.trim()]).run().exits(0);
        }
    }

    fn branch(&self) -> String {
        self.scene.mission.branch()
    }

    /// The notes on the branch, in the order of the log.
    fn notes(&self) -> Vec<String> {
        let events = self.scene.events(&self.branch());
        let notes = events.iter().filter_map(|event| event["delta"]["note"].as_str());
        notes.map(str::to_owned).collect()
    }

    /// Asserts that the snapshot is that of the log, and that nothing waits or is locked.
    fn assert_settled(&self) {
        let log = self.scene.on(&self.branch(), "status.events.jsonl");
        self.scene.repo.write("log", &log);
        let reduced = self.scene.repo.kitty(["event", "reduce", "log"]).exits(0).stdout;
        assert_eq!(self.scene.on(&self.branch(), "status.json"), reduced);
        assert_eq!(self.queued(), 0);
    }
}

fn start<'s, 'e>(scope: &'s Scope<'s, 'e>, call: Call<'e>) -> Waiting<'s> {
    scope.spawn(move || call.run())
}

fn receipt(output: Output) -> Value {
    serde_json::from_str(&output.exits(0).stdout).unwrap()
}

#[test]
fn what_waits_goes_into_one_commit_and_each_hears_of_its_own() {
    let crowd = Crowd::new();
    let base = crowd.scene.repo.id(&crowd.branch());
    let names = ["a", "b", "c", "d", "e"];
    let receipts = std::thread::scope(|scope| {
        let calls = names.map(|name| start(scope, crowd.append(name)));
        crowd.until_queued(5);
        crowd.release();
        calls.map(|call| receipt(call.join().unwrap()))
    });
    let tip = crowd.scene.repo.id(&crowd.branch());
    assert_eq!(crowd.scene.messages(&base, &crowd.branch()), ["WP02: annotation, and 4 more"]);
    let mut notes = crowd.notes();
    for (name, receipt) in names.iter().zip(&receipts) {
        let events = crowd.scene.events(&crowd.branch());
        let own = events.iter().find(|event| event["event_id"] == receipt["event_id"]).unwrap();
        assert_eq!((&own["delta"]["note"], &own["at"]), (&json!(name), &receipt["at"]));
        assert_eq!(receipt["commit"], tip.as_str());
    }
    notes.sort();
    assert_eq!(notes, names);
    crowd.assert_settled();
}

#[test]
fn who_is_refused_hears_it_in_its_own_process_and_the_others_go_on() {
    let crowd = Crowd::new();
    let illegal = ["git-kitty-wp", "move", "WP01", "--to", "done"];
    let legal = ["git-kitty-wp", "move", "WP01", "--to", "blocked"];
    let half = [
        json!({"kind": "annotation", "wp_id": "WP02", "delta": {"note": "half"}}),
        json!({"wp_id": "WP02", "to_status": "done"}),
    ];
    let [refused, half, moved, note] = std::thread::scope(|scope| {
        let batch = crowd.run("half", &["git-kitty-event", "append", "--batch"]);
        let calls = [
            start(scope, crowd.run("illegal", &illegal)),
            start(scope, batch.stdin(half.map(|event| format!("{event}\n")).concat())),
            start(scope, crowd.run("legal", &legal)),
            start(scope, crowd.append("note")),
        ];
        crowd.until_queued(4);
        crowd.release();
        calls.map(|call| call.join().unwrap())
    });
    for refused in [&refused, &half] {
        assert!(refused.stderr.contains("[TRANSITION_ILLEGAL]"), "{refused}");
    }
    assert_eq!((refused.status, half.status, note.status), (1, 1, 0), "{refused}{half}{note}");
    let moved = moved.exits(0);
    assert!(moved.stdout.starts_with("WP01: in_progress -> blocked\ncommitted "), "{moved}");
    assert_eq!(crowd.notes(), ["note"]);
    crowd.assert_settled();
}

#[test]
fn of_two_that_want_the_same_only_one_gets_it() {
    let crowd = Crowd::new();
    let block = ["git-kitty-wp", "move", "WP01", "--to", "blocked"];
    let mut statuses = std::thread::scope(|scope| {
        let calls = ["one", "two"].map(|name| start(scope, crowd.run(name, &block)));
        crowd.until_queued(2);
        crowd.release();
        calls.map(|call| call.join().unwrap().status)
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [0, 1]);
    crowd.assert_settled();
}

#[test]
fn a_commit_names_who_made_it_so_only_the_same_person_s_events_go_together() {
    let crowd = Crowd::new();
    let base = crowd.scene.repo.id(&crowd.branch());
    std::thread::scope(|scope| {
        let ours = ["a", "b"].map(|name| start(scope, crowd.append(name)));
        let theirs = start(scope, crowd.append("c").env("GIT_COMMITTER_NAME", "Eve"));
        crowd.until_queued(3);
        crowd.release();
        for call in ours {
            receipt(call.join().unwrap());
        }
        receipt(theirs.join().unwrap());
    });
    let range = format!("{base}..{}", crowd.branch());
    let said = crowd.scene.repo.ask(["log", "--format=%an %cn", &range]);
    assert_eq!(said.lines().filter(|line| *line == "Eve Eve").count(), 1, "{said}");
    assert_eq!((said.lines().count(), crowd.notes().len()), (2, 3), "{said}");
    crowd.assert_settled();
}

#[test]
fn who_gives_up_leaves_nothing_behind_that_happens_later() {
    let crowd = Crowd::new();
    crowd.scene.repo.must(["config", "kitty.lockTimeout", "300ms"]);
    let late = crowd.append("late").run();
    assert_eq!(late.status, 4, "{late}");
    assert!(late.stderr.contains("[BOOKKEEPING_LOCK_TIMEOUT]"), "{late}");
    assert_eq!(crowd.queued(), 0);
    crowd.scene.repo.must(["config", "kitty.lockTimeout", "30s"]);
    std::thread::scope(|scope| {
        let killed = start(scope, crowd.append("killed"));
        crowd.until_queued(1);
        crowd.signal("-KILL", &["killed"]);
        killed.join().unwrap();
        crowd.release();
    });
    for left in fs::read_dir(crowd.queue()).unwrap().filter_map(Result::ok) {
        File::open(left.path()).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    }
    receipt(crowd.append("next").run());
    assert_eq!(crowd.notes(), ["next"]);
    crowd.assert_settled();
}

/// Who took what others want is slower than they are willing to wait for a lock.
#[test]
fn who_hears_of_a_timeout_has_no_event_and_whose_events_were_taken_waits_for_them() {
    let crowd = Crowd::new();
    let hook = ".git/hooks/reference-transaction";
    crowd.scene.repo.write(hook, "#!/bin/sh\n[ \"$1\" != prepared ] || sleep 3\n");
    crowd.scene.repo.set_executable(hook, true);
    crowd.scene.repo.must(["config", "kitty.lockTimeout", "1s"]);
    let base = crowd.scene.repo.id(&crowd.branch());
    std::thread::scope(|scope| {
        let calls = ["a", "b", "c"].map(|name| start(scope, crowd.append(name)));
        crowd.until_queued(3);
        crowd.release();
        for call in calls {
            receipt(call.join().unwrap());
        }
    });
    assert_eq!((crowd.notes().len(), crowd.scene.messages(&base, &crowd.branch()).len()), (3, 1));
    crowd.assert_settled();
}

/// The process that publishes is killed, while a `git` that it started is still at it.
#[test]
fn an_orphaned_git_is_waited_for_and_what_it_publishes_is_there_once() {
    let crowd = Crowd::new();
    let [begun, hook] = ["../begun", ".git/hooks/reference-transaction"];
    let begun = crowd.scene.repo.file(begun);
    let slow = format!("[ \"$1\" != prepared ] || {{ touch '{}'; sleep 1; }}", begun.display());
    crowd.scene.repo.write(hook, format!("#!/bin/sh\n{slow}\n"));
    crowd.scene.repo.set_executable(hook, true);
    std::thread::scope(|scope| {
        let followers = ["a", "b"].map(|name| start(scope, crowd.append(name)));
        crowd.until_queued(2);
        crowd.signal("-STOP", &["a", "b"]);
        crowd.release();
        let leader = start(scope, crowd.append("leader"));
        let start = Instant::now();
        while !begun.exists() {
            assert!(start.elapsed() < Duration::from_secs(30), "the hook never ran");
            std::thread::sleep(Duration::from_millis(2));
        }
        crowd.signal("-KILL", &["leader"]);
        crowd.signal("-CONT", &["a", "b"]);
        assert_eq!(leader.join().unwrap().signal, Some(9));
        for call in followers {
            receipt(call.join().unwrap());
        }
    });
    let mut notes = crowd.notes();
    notes.sort();
    assert_eq!(notes, ["a", "b", "leader"]);
    crowd.assert_settled();
}

/// Two wait and sleep, a third one takes what they want along, and dies at `step`.
fn leader_dies_at(step: &str) {
    let crowd = Crowd::new();
    std::thread::scope(|scope| {
        let followers = ["a", "b"].map(|name| start(scope, crowd.append(name)));
        crowd.until_queued(2);
        crowd.signal("-STOP", &["a", "b"]);
        crowd.release();
        let leader = crowd.append("leader").env("GIT_KITTY_CRASH", step).run();
        crowd.signal("-CONT", &["a", "b"]);
        assert_eq!(leader.status, 128 + 6, "{step}: {leader}");
        for call in followers {
            let receipt = receipt(call.join().unwrap());
            let commit = receipt["commit"].as_str().unwrap();
            let log = crowd.scene.on(commit, "status.events.jsonl");
            let own = receipt["event_id"].as_str().unwrap();
            assert_eq!(log.matches(own).count(), 1, "{step}: {log}");
            let before = crowd.scene.on(&format!("{commit}^"), "status.events.jsonl");
            assert!(!before.contains(own), "{step}: the commit that brought it");
        }
    });
    let mut notes = crowd.notes();
    notes.retain(|note| note != "leader");
    notes.sort();
    assert_eq!(notes, ["a", "b"], "{step}");
    crowd.assert_settled();
}

#[test]
fn what_a_dying_process_took_along_is_there_once_wherever_it_dies() {
    for step in crash::PUBLISH.iter().chain(crash::TRANSACTION) {
        leader_dies_at(step);
    }
}
