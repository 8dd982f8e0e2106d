//! The lock of a mission against Python's `filelock`, which Spec Kitty takes it with: each excludes
//! the other. `scripts/filelock` gets the library and runs these.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::kit::call::{Call, Output};
use crate::kit::mission::Topology;
use crate::scene::Scene;

/// A mission with Python at its side.
struct Stage {
    scene: Scene,
    python: String,
    lock: String,
}

impl Stage {
    fn new() -> Self {
        let scene = Scene::new(Topology::Coordination);
        scene.repo.ask(["config", "kitty.lockTimeout", "500ms"]);
        scene.repo.write("../spec_kitty_lock.py", include_str!("spec_kitty_lock.py"));
        let python = std::env::var("GIT_KITTY_PYTHON").unwrap();
        let lock = format!(".git/spec-kitty-locks/{}.status.lock", scene.mission.slug);
        // A first write makes the folder, as Spec Kitty would.
        scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
        let lock = scene.repo.file(lock).display().to_string();
        Self { scene, python, lock }
    }

    /// Python with an order about the lock.
    fn python(&self, order: &str, words: &[&str]) -> Call<'_> {
        let call = self.scene.repo.program(&self.python).args(["../spec_kitty_lock.py", order]);
        call.args([self.lock.as_str()]).args(words)
    }

    fn sign(&self) -> PathBuf {
        self.scene.repo.file("../held")
    }

    /// Waits until Python has the lock.
    fn until_held(&self) {
        let start = Instant::now();
        while !self.sign().exists() {
            assert!(start.elapsed() < Duration::from_secs(20), "nobody got the lock");
            std::thread::sleep(Duration::from_millis(5));
        }
        std::fs::remove_file(self.sign()).unwrap();
    }

    fn hold(&self, seconds: &str) -> Call<'_> {
        self.python("hold", &[seconds, self.sign().to_str().unwrap()])
    }

    fn write(&self) -> Output {
        self.scene.lane.call(["kitty", "event", "append"]).stdin(NOTE).run()
    }

    fn hook(&self, script: &str) {
        let script = format!("#!/bin/sh\ngrep -q refs/heads/kitty/ || exit 0\n{script}\n");
        self.scene.repo.sandbox().hook("repo/.git/hooks/reference-transaction", &script);
    }
}

const NOTE: &str = r#"{"kind": "annotation", "wp_id": "WP03", "delta": {"note": "n"}}"#;

#[test]
#[ignore = "needs Python's filelock: scripts/filelock"]
fn while_python_holds_it_we_wait_and_give_up_and_then_go_on() {
    let stage = Stage::new();
    std::thread::scope(|scope| {
        let holder = scope.spawn(|| stage.hold("2.5").run());
        stage.until_held();
        let start = Instant::now();
        let said = stage.write().exits(4);
        assert!(said.stderr.contains("[BOOKKEEPING_LOCK_TIMEOUT]"), "{said}");
        assert!(said.stderr.contains("still locked after 500ms by another process"), "{said}");
        assert!(start.elapsed() >= Duration::from_millis(500), "{said}");
        stage.scene.repo.ask(["config", "kitty.lockTimeout", "30s"]);
        stage.write().exits(0);
        assert!(start.elapsed() >= Duration::from_millis(1800), "it was not waited for");
        holder.join().unwrap().exits(0);
    });
}

#[test]
#[ignore = "needs Python's filelock: scripts/filelock"]
fn while_we_hold_it_python_waits() {
    let stage = Stage::new();
    let sign = stage.sign().display().to_string();
    stage.hook(&format!("test $1 = prepared && {{ touch '{sign}'; sleep 1.5; }}; exit 0"));
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| stage.write());
        stage.until_held();
        stage.python("try", &["0.3"]).run().exits(3);
        stage.python("try", &["20"]).run().exits(0);
        writer.join().unwrap().exits(0);
    });
}

#[test]
#[ignore = "needs Python's filelock: scripts/filelock"]
fn a_python_that_was_killed_blocks_nobody() {
    let stage = Stage::new();
    let sign = stage.sign().display().to_string();
    for _ in 0..3 {
        let python = stage.scene.repo.program("timeout").args(["-s", "KILL", "1", &stage.python]);
        let words = ["../spec_kitty_lock.py", "hold", &stage.lock, "60", &sign];
        python.args(words).run().exits(137);
        assert!(stage.sign().exists(), "killed before it had the lock");
        stage.write().exits(0);
    }
}

#[test]
#[ignore = "needs Python's filelock: scripts/filelock"]
fn writers_of_both_kinds_never_overlap() {
    const WRITERS: usize = 4;
    const TIMES: usize = 25;
    let stage = Stage::new();
    stage.scene.repo.ask(["config", "kitty.lockTimeout", "5m"]);
    stage.scene.repo.write("../number", "0\n");
    let branch = stage.scene.mission.branch();
    let (base, known) = (stage.scene.repo.id(&branch), stage.scene.events(&branch).len());
    let [marker, number] =
        ["../alone", "../number"].map(|name| stage.scene.repo.file(name).display().to_string());
    // Ours runs while refs are locked, which is within the mission's lock.
    stage.hook(&format!(
        "case $1 in prepared) mkdir '{marker}' ;;\n\
         committed) echo $(($(cat '{number}') + 1)) > '{number}'; rmdir '{marker}' ;; esac"
    ));
    let times = TIMES.to_string();
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| stage.python("count", &[&times, &marker, &number]).run().exits(0));
            scope.spawn(|| {
                let call = stage.scene.lane.call(["kitty", "event", "append"]);
                call.stdin(format!("{NOTE}\n").repeat(TIMES)).run().exits(0)
            });
        }
    });
    assert_eq!(stage.scene.events(&branch).len() - known, WRITERS * TIMES);
    // Events of ours that waited for the lock at the same time share a commit.
    let count = |text: &str| text.trim().parse::<usize>().unwrap();
    let commits = stage.scene.repo.ask(["rev-list", "--count", &format!("{base}..{branch}")]);
    let counted = count(&stage.scene.repo.read("../number"));
    assert_eq!(counted, WRITERS * TIMES + count(&commits));
}
