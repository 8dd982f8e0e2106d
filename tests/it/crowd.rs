//! Many processes that append at once: no event is lost, each is there once, in order.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::kit::checkout::Checkout;
use crate::kit::mission::{Mission, MissionBuilder};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::wp::Wp;

/// Processes, each with a work package of its own.
struct Crowd {
    repo: Checkout,
    missions: Vec<Mission>,
    workers: usize,
    each: usize,
}

impl Crowd {
    fn new(missions: u64, workers: usize, each: usize, durability: &str) -> Self {
        let repo = RepoBuilder::default().files(3).build(&Sandbox::new(), "repo");
        repo.ask(["config", "kitty.durability", durability]);
        repo.ask(["config", "kitty.lockTimeout", "5m"]);
        // By itself, `git gc` gives up where a ref is locked for a tenth of a second.
        repo.ask(["config", "core.filesRefLockTimeout", "300000"]);
        repo.ask(["config", "core.packedRefsTimeout", "300000"]);
        let mission = |number: u64| {
            let plan = MissionBuilder::new(&format!("m{number}")).number(number);
            (0..workers).fold(plan, |plan, worker| plan.wp(Wp::new(&wp(worker)))).build(&repo)
        };
        let missions = (1..=missions).map(mission).collect();
        repo.kitty(["init"]).exits(0);
        Self { repo, missions, workers, each }
    }

    /// The mission that a worker writes to.
    fn mission(&self, worker: usize) -> &Mission {
        &self.missions[worker % self.missions.len()]
    }

    /// What a worker appends: its work package goes to and fro, and is talked about.
    fn lines(&self, worker: usize) -> Vec<Value> {
        let step = |to: &str| json!({"wp_id": wp(worker), "to_status": to, "workspace": "w"});
        let line = |number: usize| match number {
            0 => step("claimed"),
            1 => step("in_progress"),
            _ if number % 3 == 2 => step("blocked"),
            _ if number.is_multiple_of(3) => step("in_progress"),
            _ => {
                json!({"kind": "annotation", "wp_id": wp(worker), "delta": {"note": number.to_string()}})
            }
        };
        (0..self.each).map(line).collect()
    }

    /// Lets all append, one process each. Returns the ids that each was given receipts for.
    fn run(&self) -> Vec<Vec<String>> {
        let append = |worker: usize| {
            let input: String = self.lines(worker).iter().map(|line| format!("{line}\n")).collect();
            let words = ["kitty", "event", "append", "--mission", &self.mission(worker).slug];
            let said = self.repo.call(words).stdin(input).run().exits(0);
            said.stdout.lines().map(|line| id(&serde_json::from_str(line).unwrap())).collect()
        };
        std::thread::scope(|threads| {
            let started: Vec<_> =
                (0..self.workers).map(|worker| threads.spawn(move || append(worker))).collect();
            started.into_iter().map(|thread| thread.join().unwrap()).collect()
        })
    }

    /// As [`Crowd::run`], while the repository is packed and swept over and over.
    fn run_while_packed(&self) -> Vec<Vec<String>> {
        let is_over = AtomicBool::new(false);
        std::thread::scope(|threads| {
            threads.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    self.repo.must(["repack", "-d", "-q"]);
                    self.repo.must(["pack-refs", "--all"]);
                    self.repo.must(["gc", "-q"]);
                }
            });
            let receipts = self.run();
            is_over.store(true, Ordering::Relaxed);
            receipts
        })
    }

    fn assert_complete(&self, receipts: &[Vec<String>]) {
        assert!(receipts.iter().all(|own| own.len() == self.each));
        for (number, mission) in self.missions.iter().enumerate() {
            let own = (0..self.workers).filter(|worker| worker % self.missions.len() == number);
            let own: Vec<_> = own.map(|worker| (wp(worker), &receipts[worker])).collect();
            self.assert_log(mission, &own);
        }
        self.repo.must(["fsck", "--strict"]);
        let git = self.repo.file(".git");
        let left = ["refs", "logs", "kitty"].map(|dir| git.join(dir).display().to_string());
        let locks = self.repo.program("find").args(left).args(["-name", "*.lock"]).run();
        assert_eq!(locks.exits(0).stdout, "");
    }

    /// The log of a mission holds each worker's events once, in its order, and all ordered by time;
    /// the snapshot is what they add up to.
    fn assert_log(&self, mission: &Mission, own: &[(String, &Vec<String>)]) {
        let branch = mission.branch();
        let show = |file: &str| {
            let path = format!("{branch}:{}/{file}", mission.dir());
            self.repo.call(["show", &path]).still().run().exits(0).stdout
        };
        let log = show("status.events.jsonl");
        let events = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let events: Vec<Value> = events.skip(self.workers).collect();
        assert!(events.iter().map(|event| event["at"].as_str()).is_sorted_by(|a, b| a < b));
        for (wp, receipts) in own {
            let found = events.iter().filter(|event| event["wp_id"] == **wp).map(id);
            assert_eq!(&found.collect::<Vec<_>>(), *receipts);
        }
        let ids: BTreeSet<String> = events.iter().map(id).collect();
        let all = own.len() * self.each;
        assert_eq!((events.len(), ids.len()), (all, all));
        let commits = self.repo.ask(["rev-list", "--count", "--no-merges", &branch, "^main"]);
        // Events that waited at the same time share a commit.
        assert!((3..=all + 2).contains(&commits.parse().unwrap()), "{commits} commits");
        let [log_file, meta] = ["log", "meta"].map(|name| format!("../{}.{name}", mission.slug));
        self.repo.write(&log_file, &log);
        self.repo.write(&meta, show("meta.json"));
        let reduced = self.repo.kitty(["event", "reduce", &log_file, "--meta", &meta]);
        assert_eq!(reduced.exits(0).stdout, show("status.json"));
    }
}

fn wp(worker: usize) -> String {
    format!("WP{:02}", worker + 1)
}

fn id(event: &Value) -> String {
    event["event_id"].as_str().unwrap().to_owned()
}

#[test]
fn of_a_few_processes_none_loses_an_event_while_the_repository_is_packed() {
    for (missions, durability) in [(1, "git"), (3, "full")] {
        let crowd = Crowd::new(missions, 6, 6, durability);
        crowd.assert_complete(&crowd.run_while_packed());
    }
}

#[test]
#[ignore = "takes its time: scripts/stress"]
fn of_a_thousand_events_of_twenty_processes_none_is_lost() {
    for (missions, durability) in [(1, "full"), (5, "git")] {
        let crowd = Crowd::new(missions, 20, 50, durability);
        crowd.assert_complete(&crowd.run());
    }
}

#[test]
#[ignore = "takes its time: scripts/stress"]
fn of_a_thousand_events_none_is_lost_while_the_repository_is_packed() {
    for (missions, durability) in [(1, "git"), (5, "full")] {
        let crowd = Crowd::new(missions, 20, 50, durability);
        crowd.assert_complete(&crowd.run_while_packed());
    }
}
