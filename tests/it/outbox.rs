//! Events on their way to sinks: at least once, in order, whatever dies in between.

use std::sync::Mutex;
use std::time::{Duration, Instant as Stopwatch};

use git_kitty::domain::refusal::Warning;
use git_kitty::domain::time::Instant;
use git_kitty::flow::outbound::{Carrier, Commands, Failure, Patience, deliver_with, sinks};
use git_kitty::git::{Environment, Repo};
use git_kitty::store::outbox::{Delivery, News, Outbox, Prepared};

use crate::kit::checkout::Checkout;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;

/// A repository with sinks.
struct Scene {
    repo: Checkout,
    commit: String,
}

impl Scene {
    fn new(sinks: &[(&str, &str)]) -> Self {
        let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
        let commit = repo.id("HEAD");
        let scene = Self { repo, commit };
        sinks.iter().for_each(|(name, command)| scene.sink(name, command));
        scene
    }

    fn sink(&self, name: &str, command: &str) {
        self.repo.git(["config", &format!("kitty.sink.{name}.command"), command]).exits(0);
    }

    fn open(&self) -> Repo {
        Repo::open(self.repo.path(), Environment::default()).unwrap()
    }

    /// What a transaction does before its refs move.
    fn prepare(&self, commit: &str, name: &str) -> Prepared {
        let repo = self.open();
        let lines = [format!(r#"{{"event_id": "{name}"}}"#)];
        let news = News {
            branch: &"main".parse().unwrap(),
            commit: commit.parse().unwrap(),
            lines: &lines,
            at: instant(),
        };
        Outbox::of(repo.common_dir()).prepare(news, &sinks(&repo)).unwrap().unwrap()
    }

    /// A transaction that was published.
    fn publish(&self, name: &str) {
        self.prepare(&self.commit, name).confirm().unwrap();
    }

    /// The names of the events that a sink wrote to a file.
    fn got(&self, file: &str) -> String {
        let text = std::fs::read_to_string(self.repo.path().join(file)).unwrap_or_default();
        let names = text.lines().map(|line| line.split('"').nth(3).unwrap().to_owned());
        names.collect::<Vec<_>>().join(" ")
    }

    fn retry(&self) -> serde_json::Value {
        let said = self.repo.kitty(["outbox", "--retry", "--format", "json"]);
        assert_eq!(said.stderr, "", "{said}");
        serde_json::from_str(&said.stdout).unwrap()
    }

    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.repo.path().join(".git/kitty/outbox")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| !name.ends_with(".lock")).collect();
        names.sort();
        names
    }
}

fn instant() -> Instant {
    Instant::from_log("2026-01-05T09:00:00.000000+00:00").unwrap()
}

fn codes(warnings: &[Warning]) -> Vec<&str> {
    warnings.iter().map(|warning| warning.code).collect()
}

/// Records what it is given; fails where it is told to.
#[derive(Default)]
struct Recorder {
    got: Vec<String>,
    broken: Vec<&'static str>,
}

impl Carrier for Recorder {
    fn carry(&mut self, delivery: &Delivery, lines: &[String]) -> Result<(), Failure> {
        if self.broken.contains(&delivery.sink.as_str()) {
            return Err(Failure::Failed("broke".to_owned()));
        }
        let name = lines[0].split('"').nth(3).unwrap();
        self.got.push(format!("{}:{name}", delivery.sink));
        Ok(())
    }
}

#[test]
fn every_sink_gets_every_event_once_and_in_order() {
    let scene = Scene::new(&[("a", "cat >> a"), ("b.c d", "cat >> b; echo noise; sleep 0.01")]);
    for name in ["one", "two", "three"] {
        scene.publish(name);
    }
    let expected = serde_json::json!({"schema": 1, "deliveries": [], "warnings": []});
    assert_eq!(scene.retry(), expected);
    assert_eq!([scene.got("a"), scene.got("b")], ["one two three", "one two three"]);
    assert_eq!(scene.retry(), expected);
    assert_eq!([scene.got("a"), scene.got("b")], ["one two three", "one two three"]);
    assert_eq!(scene.files(), Vec::<String>::new());
}

#[test]
fn a_sink_that_fails_holds_back_only_its_own() {
    let scene = Scene::new(&[("a", "cat >> a"), ("b", "echo first >&2; echo no luck >&2; exit 3")]);
    scene.publish("one");
    scene.publish("two");
    let said = scene.repo.kitty(["outbox", "--retry", "--format", "json"]).exits(1);
    let mut document: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    document["deliveries"][0]["last_attempt"] = "then".into();
    let entry = |id: &str, name: &str, attempts: u32| {
        serde_json::json!({
            "id": id, "sink": "b", "branch": "main", "commit": scene.commit, "events": [name],
            "attempts": attempts, "since": "2026-01-05T09:00:00.000000+00:00",
            "last_attempt": (attempts > 0).then_some("then"),
            "last_error": (attempts > 0).then_some("ended with status 3: no luck"),
        })
    };
    let message = "the sink `b` ended with status 3: no luck; its events wait in the outbox: `git kitty outbox`";
    let expected = serde_json::json!({
        "schema": 1,
        "deliveries": [entry("1767603600000000-b", "one", 1), entry("1767603600000001-b", "two", 0)],
        "warnings": [{"severity": "warning", "code": "SINK_FAILED", "message": message,
            "fatal": false, "phase": "outbound"}],
    });
    assert_eq!(document, expected);
    assert_eq!(scene.got("a"), "one two");
    let human = scene.repo.kitty(["outbox"]).exits(0).stdout;
    let expected = "1767603600000000-b: 1 event of main since 2026-01-05T09:00:00.000000+00:00, \
                    tried 1 times, ended with status 3: no luck\n\
                    1767603600000001-b: 1 event of main since 2026-01-05T09:00:00.000000+00:00\n";
    assert_eq!(human, expected);
    scene.sink("b", "cat >> b");
    scene.publish("three");
    assert_eq!(scene.retry()["deliveries"], serde_json::json!([]));
    assert_eq!([scene.got("a"), scene.got("b")], ["one two three", "one two three"]);
}

#[test]
fn a_hanging_sink_is_ended_with_all_it_started_and_then_rests() {
    let scene = Scene::new(&[("a", "cat >> a"), ("h", "sleep 300 & echo $! >> pid; wait")]);
    scene.publish("one");
    let repo = scene.open();
    let start = Stopwatch::now();
    let mut carrier = Commands::of(&repo).within(Duration::from_secs(4));
    let mut deliver = |patience| deliver_with(&repo, &mut carrier, patience, instant());
    assert_eq!(codes(&deliver(Patience::Usual)), ["SINK_TIMED_OUT"]);
    assert!(start.elapsed() < Duration::from_secs(60));
    let stat = format!("/proc/{}/stat", scene.repo.read("pid").trim());
    let lives = || std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z "));
    while lives() {
        assert!(start.elapsed() < Duration::from_secs(60), "the child lives on");
        std::thread::sleep(Duration::from_millis(5));
    }
    scene.publish("two");
    assert_eq!(codes(&deliver(Patience::Usual)), ["SINK_TIMED_OUT"]);
    assert_eq!(scene.repo.read("pid").lines().count(), 1, "it was not tried again");
    assert_eq!(codes(&deliver(Patience::Retry)), ["SINK_TIMED_OUT"]);
    assert_eq!(scene.repo.read("pid").lines().count(), 2);
    assert_eq!(scene.got("a"), "one two");
}

#[test]
fn a_sink_may_be_killed_ignore_its_input_or_leave_a_child_behind() {
    let scene = Scene::new(&[
        ("deaf", "exec 0<&-; exit 0"),
        ("killed", "kill -9 $$"),
        ("parent", "sleep 90 & exit 0"),
    ]);
    let repo = scene.open();
    let lines: Vec<String> = (0..20_000).map(|n| format!(r#"{{"event_id": "{n}"}}"#)).collect();
    let news = News {
        branch: &"main".parse().unwrap(),
        commit: scene.commit.parse().unwrap(),
        lines: &lines,
        at: instant(),
    };
    let prepared = Outbox::of(repo.common_dir()).prepare(news, &sinks(&repo)).unwrap().unwrap();
    prepared.confirm().unwrap();
    let start = Stopwatch::now();
    let document = scene.retry();
    assert!(start.elapsed() < Duration::from_secs(60));
    assert_eq!(document["deliveries"].as_array().unwrap().len(), 1);
    assert_eq!(document["deliveries"][0]["last_error"], "ended with status 137");
}

#[test]
fn killed_after_delivery_and_before_its_record_it_delivers_again() {
    let once = "cat >> a; [ -e killed ] || { touch killed; kill -9 $PPID; }";
    let scene = Scene::new(&[("a", once)]);
    scene.publish("one");
    scene.publish("two");
    scene.repo.kitty(["outbox", "--retry"]).exits(137);
    assert_eq!(scene.got("a"), "one");
    assert_eq!(scene.retry()["deliveries"], serde_json::json!([]));
    assert_eq!(scene.got("a"), "one one two");
}

#[test]
fn what_a_dead_writer_left_counts_if_it_was_published() {
    let scene = Scene::new(&[("a", "cat >> a")]);
    let tree = scene.repo.id("HEAD^{tree}");
    let unpublished = scene.repo.ask(["commit-tree", &tree, "-m", "never"]);
    drop(scene.prepare(&unpublished, "lost race"));
    drop(scene.prepare(&scene.commit, "published"));
    drop(scene.prepare(&"1".repeat(40), "no such commit"));
    scene.repo.write(".git/kitty/outbox/1767603600999999.prepared", "{\"schema\":1,\"bra");
    scene.publish("later");
    let alive = scene.prepare(&scene.commit, "alive");
    assert_eq!(scene.retry()["deliveries"], serde_json::json!([]));
    assert_eq!(scene.got("a"), "published later");
    assert_eq!(scene.files().len(), 1, "a living writer's batch is left to it");
    alive.confirm().unwrap();
    scene.prepare(&scene.commit, "refused").discard().unwrap();
    scene.retry();
    assert_eq!(scene.got("a"), "published later alive");
    assert_eq!(scene.files(), Vec::<String>::new());
}

#[test]
fn several_processes_deliver_once_and_in_order() {
    let scene = Scene::new(&[("a", "cat >> a"), ("b", "cat >> b")]);
    let done = Mutex::new(0);
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                for _ in 0..10 {
                    {
                        let mut number = done.lock().unwrap();
                        *number += 1;
                        scene.publish(&number.to_string());
                    }
                    scene.repo.kitty(["outbox", "--retry"]).exits(0);
                }
            });
        }
    });
    let expected = (1..=40).map(|number| number.to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!([scene.got("a"), scene.got("b")], [expected.as_str(), &expected]);
    assert_eq!(scene.files(), Vec::<String>::new());
}

#[test]
fn a_recorder_in_memory_serves_tests() {
    let scene = Scene::new(&[("a", "false"), ("b", "false")]);
    scene.publish("one");
    scene.publish("two");
    let repo = scene.open();
    let mut recorder = Recorder { broken: vec!["a"], ..Recorder::default() };
    let warnings = deliver_with(&repo, &mut recorder, Patience::Usual, instant());
    assert_eq!(codes(&warnings), ["SINK_FAILED"]);
    recorder.broken.clear();
    assert_eq!(deliver_with(&repo, &mut recorder, Patience::Usual, instant()), []);
    assert_eq!(recorder.got, ["b:one", "b:two", "a:one", "a:two"]);
}

#[test]
fn a_delivery_can_be_given_up() {
    let scene = Scene::new(&[("a", "cat >> a"), ("gone", "false")]);
    scene.publish("one");
    scene.publish("two");
    scene.repo.git(["config", "--unset", "kitty.sink.gone.command"]).exits(0);
    let said = scene.retry();
    assert_eq!(said["warnings"][0]["code"], "SINK_UNKNOWN");
    scene.repo.kitty(["outbox", "--drop", "1767603600000000-gone"]).exits(0);
    let left = scene.repo.kitty(["outbox", "--drop", "1767603600000001-gone"]).exits(0).stdout;
    assert_eq!(left, "nothing waits to be delivered\n");
    let said = scene.repo.kitty(["outbox", "--drop", "nothing"]).exits(1);
    assert!(said.stderr.contains("[DELIVERY_NOT_FOUND]"), "{said}");
}

#[test]
fn without_sinks_nothing_is_written() {
    let scene = Scene::new(&[]);
    let repo = scene.open();
    let lines = ["{}".to_owned()];
    let news = News {
        branch: &"main".parse().unwrap(),
        commit: scene.commit.parse().unwrap(),
        lines: &lines,
        at: instant(),
    };
    assert!(Outbox::of(repo.common_dir()).prepare(news, &sinks(&repo)).unwrap().is_none());
    assert_eq!(
        scene.repo.kitty(["outbox", "--retry"]).exits(0).stdout,
        "nothing waits to be delivered\n"
    );
    assert!(!scene.repo.path().join(".git/kitty").exists());
}
