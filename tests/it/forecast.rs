//! `git kitty forecast`: what a merge would come to.

use serde_json::{Value, json};

use crate::kit::checkout::Checkout;
use crate::kit::mission::{Mission, MissionBuilder, Topology};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;
use crate::log::following;

const LINES: &str = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";

/// `LINES` with another word in place of a line.
fn with(line: u32, word: &str) -> String {
    LINES.replace(&format!("{line}\n"), &format!("{word}\n"))
}

/// A mission of some lanes, each of one package, on a base with two files that all share.
struct Lanes {
    repo: Checkout,
    mission: Mission,
}

impl Lanes {
    /// `needs` names the packages that each one needs.
    fn needing(topology: Topology, needs: &[&[&str]]) -> Self {
        let repo = RepoBuilder::default().files(1).build(&Sandbox::new(), "repo");
        repo.stage(&[("f", LINES), ("g", LINES)]);
        repo.unhooked(["commit", "-q", "-m", "Base"]).run().exits(0);
        let plan = MissionBuilder::new("pay").topology(topology);
        let plan = needs.iter().enumerate().fold(plan, |plan, (at, needs)| {
            let wp = Wp::new(&format!("WP{:02}", at + 1)).owns(&["**"]);
            plan.wp(wp.needs(needs))
        });
        Self { mission: plan.build(&repo), repo }
    }

    fn new(count: usize) -> Self {
        Self::needing(Topology::Coordination, &vec![&[][..]; count])
    }

    fn branch(&self, lane: char) -> String {
        self.mission.lane_branch(&format!("lane-{lane}"))
    }

    /// Commits a file to a lane, which is opened if it was not.
    fn work(&self, lane: char, path: &str, text: &str) {
        let branch = self.branch(lane);
        let from = self.repo.tip(&branch).unwrap_or_else(|| self.start());
        let files = [(path.to_owned(), text.to_owned())];
        self.repo.commit_to(&branch, &from, "Work", &files);
    }

    fn start(&self) -> String {
        self.repo.id(&self.mission.branch())
    }

    fn forecast(&self) -> Value {
        let said = self.repo.kitty(["forecast", "--format", "json"]).exits(0);
        serde_json::from_str(&said.stdout).unwrap()
    }

    fn target(&self, path: &str, text: &str) {
        self.repo.stage(&[(path, text)]);
        self.repo.unhooked(["commit", "-q", "-m", "Go on"]).run().exits(0);
    }

    fn approve(&mut self) {
        let steps = ["planned", "claimed", "in_progress", "for_review", "in_review", "approved"];
        for at in 1..=self.forecast()["train"].as_array().unwrap().len() {
            self.mission.log.walk(&format!("WP{at:02}"), &steps);
        }
        self.mission.save();
    }
}

/// The pairs in conflict, with their paths.
fn pairs(document: &Value) -> Vec<(String, Vec<String>)> {
    let conflicting = document["pairs"].as_array().unwrap().iter().filter(|pair| {
        assert_eq!(pair["clean"], pair["paths"].as_array().unwrap().is_empty());
        pair["clean"] == false
    });
    let letter = |name: &Value| name.as_str().unwrap().replace("lane-", "");
    conflicting
        .map(|pair| (letter(&pair["lane_a"]) + &letter(&pair["lane_b"]), strings(&pair["paths"])))
        .collect()
}

fn strings(list: &Value) -> Vec<String> {
    let texts = list.as_array().unwrap().iter();
    texts.map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn counts(document: &Value) -> [u64; 2] {
    ["cached", "computed"].map(|key| document[key].as_u64().unwrap())
}

fn order(document: &Value, key: &str) -> String {
    strings(&document[key]).iter().map(|lane| lane.replace("lane-", "")).collect()
}

#[test]
fn lanes_stand_to_each_other_and_to_the_target() {
    let lanes = Lanes::new(3);
    lanes.work('a', "f", &with(2, "a"));
    lanes.work('b', "f", &with(2, "b"));
    lanes.work('c', "g", &with(5, "c"));
    lanes.target("g", &with(5, "target"));
    let said = lanes.forecast();
    assert_eq!(pairs(&said), [("ab".to_owned(), vec!["f".to_owned()])]);
    let tip = |lane| lanes.repo.id(&lanes.branch(lane));
    let target = |lane: char, paths: &[&str]| {
        json!({
            "lane_id": format!("lane-{lane}"), "branch": lanes.branch(lane), "tip": tip(lane),
            "clean": paths.is_empty(), "paths": paths,
        })
    };
    assert_eq!(said["target"], json!([target('a', &[]), target('b', &[]), target('c', &["g"])]));
    let turn = |lane: char, paths: &[&str], with: &[&str]| {
        json!({
            "lane_id": format!("lane-{lane}"), "clean": paths.is_empty(), "paths": paths,
            "with": with, "skipped": null,
        })
    };
    let train = json!([turn('a', &[], &[]), turn('b', &["f"], &["lane-a"]), turn('c', &[], &[])]);
    assert_eq!(said["train"], train);
    assert_eq!(said["landing"], json!({ "clean": false, "paths": ["g"], "with": ["lane-c"] }));
    let keys: Vec<&str> = said.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "best_order",
        "cached",
        "computed",
        "coordination_branch",
        "drivers",
        "landing",
        "mission_slug",
        "order",
        "pairs",
        "schema",
        "target",
        "target_branch",
        "train",
        "warnings",
    ];
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    assert_eq!(said["target_branch"], "main");
    assert_eq!(said["coordination_branch"], lanes.mission.branch().as_str());
    assert_eq!((order(&said, "order"), order(&said, "best_order")), ("abc".into(), "abc".into()));
}

#[test]
fn people_get_the_conflicts_and_the_orders() {
    let lanes = Lanes::new(4);
    for (lane, line) in [('b', 2), ('c', 9)] {
        lanes.work(lane, "f", &with(line, "x"));
    }
    lanes.work('a', "f", &LINES.replace("2\n", "a\n").replace("9\n", "a\n"));
    let said = lanes.repo.kitty(["forecast", "pay"]).exits(0).stdout;
    let expected = "conflict: lane-a and lane-b\n  f\nconflict: lane-a and lane-c\n  f\n\
                    in the train: lane-b behind lane-a\n  f\nin the train: lane-c behind lane-a\n  f\n\
                    3 lanes, 3 pairs, 2 in conflict\ntrain: lane-a, lane-b, lane-c\n\
                    fewest conflicts: lane-b, lane-c, lane-a\nlane-d: left out, not open\n";
    assert_eq!(said, expected);
    let said = lanes.repo.kitty(["forecast", "nobody"]).exits(1);
    assert!(said.stderr.contains("[MISSION_NOT_FOUND]"), "{said}");
}

#[test]
fn it_is_what_the_merge_then_says() {
    let mut lanes = Lanes::new(4);
    lanes.work('a', "f", &with(2, "a"));
    lanes.work('b', "g", &with(2, "b"));
    lanes.work('c', "f", &with(2, "c"));
    lanes.work('c', "g", &with(2, "c"));
    lanes.work('d', "h", "d\n");
    lanes.approve();
    let said = lanes.forecast();
    let merged = lanes.repo.kitty(["merge", "--format", "json"]).exits(3);
    let merged: Value = serde_json::from_str(&merged.stdout).unwrap();
    let turn = &said["train"][2];
    let paths: Vec<&Value> =
        merged["conflicts"].as_array().unwrap().iter().map(|one| &one["path"]).collect();
    assert_eq!(json!(paths), turn["paths"]);
    assert_eq!(
        (&turn["lane_id"], &merged["conflicts"][0]["lane_id"]),
        (&json!("lane-c"), &json!("lane-c"))
    );
    assert_eq!(turn["with"], json!(["lane-a", "lane-b"]));
    // Without what conflicts it lands as was said: the target is in the way of it.
    lanes.repo.unhooked(["branch", "-qf", &lanes.branch('c'), &lanes.start()]).run().exits(0);
    lanes.target("h", "target\n");
    let said = lanes.forecast();
    assert_eq!(pairs(&said), []);
    let merged = lanes.repo.kitty(["merge", "--format", "json"]).exits(3);
    let merged: Value = serde_json::from_str(&merged.stdout).unwrap();
    assert_eq!(merged["conflicts"][0]["stage"], 2);
    assert_eq!(said["landing"]["paths"], json!([merged["conflicts"][0]["path"]]));
    assert_eq!(said["landing"]["with"], merged["conflicts"][0]["sides"][0]);
}

#[test]
fn what_is_known_is_not_asked_again() {
    let lanes = Lanes::new(4);
    for (lane, path) in [('a', "f"), ('b', "f"), ('c', "c"), ('d', "d")] {
        lanes.work(lane, path, &format!("{lane}\n"));
    }
    let first = lanes.forecast();
    assert_eq!(counts(&first), [0, 10]);
    let again = lanes.forecast();
    assert_eq!(counts(&again), [10, 0]);
    let merged = |document: &Value| {
        let mut document = document.clone();
        let keys = document.as_object_mut().unwrap();
        keys.retain(|key, _| !["cached", "computed"].contains(&key.as_str()));
        document
    };
    assert_eq!(merged(&first), merged(&again));
    // Only what moved is looked at; and no git is started where it touches nothing of another.
    lanes.work('d', "d2", "more\n");
    let git = lanes.repo.sandbox().root().join("git-calls");
    let told = lanes.repo.clone().env("GIT_TRACE", git.as_os_str());
    let said = told.program("git-kitty-forecast").args(["--format", "json"]).run().exits(0);
    let moved: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(counts(&moved), [6, 4]);
    assert_eq!((&moved["pairs"], &moved["train"]), (&first["pairs"], &first["train"]));
    assert!(!git.exists(), "{}", std::fs::read_to_string(&git).unwrap_or_default());
    lanes.work('d', "f", "d\n");
    let moved = lanes.forecast();
    assert_eq!(counts(&moved), [6, 4]);
    let names: Vec<String> = pairs(&moved).into_iter().map(|(pair, _)| pair).collect();
    assert_eq!(names, ["ab", "ad", "bd"]);
    let cache = lanes.repo.path().join(".git/kitty/cache/.forecasts").join(&lanes.mission.slug);
    let text = std::fs::read(&cache).unwrap();
    std::fs::write(&cache, &text[..text.len() - 1]).unwrap();
    let fresh = lanes.forecast();
    assert_eq!(counts(&fresh), [0, 10], "what is damaged counts for nothing");
    assert_eq!(merged(&fresh), merged(&moved));
}

/// Whichever way it is known: each state is looked at by one who remembers, and by one who does not.
#[test]
fn what_is_predicted_is_what_git_says() {
    let lanes = Lanes::new(4);
    let cache = lanes.repo.path().join(".git/kitty/cache");
    lanes.work('a', "dir/one", "1\n2\n3\n4\n5\n");
    lanes.work('b', "b", "b\n");
    let steps: [(char, &str, &str); 8] = [
        ('c', "f", &with(3, "c")),
        ('d', "f", &with(9, "d")),
        ('c', "b", "other\n"),
        ('d', "dir", "a file where another has a directory\n"),
        ('b', ".gitattributes", "f -merge\n"),
        ('a', "g", &with(4, "a")),
        ('t', "g", &with(4, "target")),
        ('a', "dir/two", "2\n"),
    ];
    for (lane, path, text) in steps {
        match lane {
            't' => lanes.target(path, text),
            lane => lanes.work(lane, path, text),
        }
        let mut known = lanes.forecast();
        std::fs::remove_dir_all(&cache).unwrap();
        let mut fresh = lanes.forecast();
        for document in [&mut known, &mut fresh] {
            document["cached"] = Value::Null;
            document["computed"] = Value::Null;
        }
        assert_eq!(known, fresh, "{lane} {path}");
    }
}

#[test]
fn the_order_with_the_fewest_conflicts_keeps_dependencies() {
    let needs: [&[&str]; 4] = [&[], &[], &[], &["WP01"]];
    let lanes = Lanes::needing(Topology::Coordination, &needs);
    lanes.work('a', "f", &LINES.replace("2\n", "a\n").replace("9\n", "a\n"));
    lanes.work('b', "f", &with(2, "b"));
    lanes.work('c', "f", &with(9, "c"));
    lanes.work('d', "d", "d\n");
    let said = lanes.forecast();
    assert_eq!((order(&said, "order"), order(&said, "best_order")), ("abcd".into(), "bcad".into()));
}

#[test]
fn a_lane_with_another_in_it_is_no_conflict() {
    let lanes = Lanes::needing(Topology::Coordination, &[&[], &["WP01"], &[]]);
    lanes.work('a', "f", &with(2, "a"));
    lanes.repo.unhooked(["branch", &lanes.branch('b'), &lanes.branch('a')]).run().exits(0);
    lanes.work('b', "f", &with(3, "b"));
    lanes.work('c', "f", &with(3, "c"));
    let said = lanes.forecast();
    let names: Vec<String> = pairs(&said).into_iter().map(|(pair, _)| pair).collect();
    assert_eq!(names, ["ac", "bc"]);
    assert_eq!(said["train"][2]["with"], json!(["lane-a", "lane-b"]));
}

#[test]
fn only_lanes_with_work_count() {
    let mut lanes = Lanes::new(4);
    lanes.work('a', "f", "a\n");
    lanes.work('b', "f", "b\n");
    lanes.mission.log.walk("WP02", &["planned", "canceled"]);
    lanes.mission.save();
    lanes.repo.unhooked(["branch", &lanes.branch('c'), &lanes.start()]).run().exits(0);
    let said = lanes.forecast();
    assert_eq!(said["pairs"], json!([]));
    let skipped: Vec<_> = said["train"]
        .as_array()
        .unwrap()
        .iter()
        .map(|turn| (turn["lane_id"].as_str().unwrap(), turn["skipped"].as_str().unwrap_or("-")))
        .collect();
    let expected =
        [("lane-c", "contained"), ("lane-a", "-"), ("lane-b", "canceled"), ("lane-d", "not_open")];
    assert_eq!(skipped, expected);
    assert_eq!(order(&said, "best_order"), "a");
}

#[test]
fn a_mission_without_lanes_has_nothing_to_foresee() {
    let lanes = Lanes::needing(Topology::Coordination, &[]);
    let said = lanes.forecast();
    for key in ["target", "pairs", "train", "best_order", "drivers"] {
        assert_eq!(said[key], json!([]), "{key}");
    }
    let said = lanes.repo.kitty(["forecast"]).exits(0).stdout;
    assert_eq!(said, format!("{}: no lane has anything to merge\n", lanes.mission.slug));
}

#[test]
fn older_missions_are_foreseen_too() {
    for topology in [Topology::Primary, Topology::Split] {
        let lanes = Lanes::needing(topology, &[&[], &[]]);
        if topology == Topology::Primary {
            lanes.repo.ask(["branch", &lanes.mission.branch(), "main"]);
        }
        lanes.work('a', "f", &with(2, "a"));
        lanes.work('b', "f", &with(2, "b"));
        let said = lanes.forecast();
        assert_eq!(pairs(&said), [("ab".to_owned(), vec!["f".to_owned()])], "{topology:?}");
        assert_eq!(said["train"][1]["clean"], false);
    }
}

#[test]
fn a_target_that_is_not_here_is_a_warning() {
    let lanes = Lanes::new(2);
    lanes.work('a', "f", "a\n");
    lanes.work('b', "f", "b\n");
    lanes.repo.must(["checkout", "-q", "--detach"]);
    lanes.repo.unhooked(["branch", "-qD", "main"]).run().exits(0);
    let said = lanes.forecast();
    assert_eq!((&said["target"], &said["landing"]), (&json!([]), &Value::Null));
    assert_eq!(pairs(&said).len(), 1);
    assert!(said["warnings"][0]["message"].as_str().unwrap().contains("main"), "{said}");
}

#[test]
fn a_driver_is_named() {
    let lanes = Lanes::new(2);
    for (lane, line) in [('a', 2), ('b', 9)] {
        lanes.work(lane, "f", &with(line, "x"));
        lanes.work(lane, ".gitattributes", "f merge=odd\n");
    }
    let said = lanes.forecast();
    assert_eq!(pairs(&said), [("ab".to_owned(), vec!["f".to_owned()])]);
    assert_eq!(said["drivers"], json!([{ "path": "f", "driver": "odd" }]));
    let said = lanes.repo.kitty(["forecast"]).exits(0).stdout;
    assert!(said.contains("  f  (its merge driver `odd` is not run)\n"), "{said}");
}

#[test]
fn nothing_is_left_that_anyone_could_see() {
    let lanes = Lanes::new(3);
    lanes.work('a', "f", &with(2, "a"));
    lanes.work('b', "f", &with(5, "b"));
    lanes.work('c', "f", &with(5, "c"));
    lanes.repo.must(["config", "commit.gpgSign", "true"]);
    lanes.repo.must(["config", "gpg.program", "false"]);
    let before = (state(&lanes.repo), lanes.repo.ask(["count-objects", "-v"]));
    lanes.forecast();
    lanes.work('c', "f", &with(2, "c"));
    let before = (state(&lanes.repo), lanes.repo.ask(["count-objects", "-v"]), before).1;
    let now = state(&lanes.repo);
    lanes.forecast();
    assert_unchanged(&now, &state(&lanes.repo));
    assert_eq!(lanes.repo.ask(["count-objects", "-v"]), before);
    let scratch = lanes.repo.path().join(".git/kitty/cache/.scratch");
    assert_eq!(std::fs::read_dir(scratch).unwrap().count(), 0);
}

#[test]
fn many_lanes_are_put_together_in_one_go() {
    let lanes = Lanes::new(20);
    for lane in 'a'..='t' {
        lanes.work(lane, &format!("src/{lane}"), "x\n");
    }
    let said = lanes.forecast();
    assert_eq!((said["pairs"].as_array().unwrap().len(), counts(&said)), (190, [0, 210]));
    assert_eq!(pairs(&said), []);
    lanes.work('g', "src/h", "g\n");
    let moved = lanes.forecast();
    assert_eq!(counts(&moved), [190, 20]);
    assert_eq!(pairs(&moved), [("gh".to_owned(), vec!["src/h".to_owned()])]);
    assert_eq!(moved["train"][7]["paths"], json!(["src/h"]));
    assert_eq!(order(&moved, "best_order"), "abcdefghijklmnopqrst");
}

#[test]
fn a_bare_repository_is_foreseen() {
    let lanes = Lanes::new(2);
    lanes.work('a', "f", "a\n");
    lanes.work('b', "f", "b\n");
    let bare = lanes.repo.sandbox().root().join("bare.git");
    lanes.repo.must(["clone", "-q", "--mirror", ".", &bare.display().to_string()]);
    let bare = Checkout::at(lanes.repo.sandbox(), bare);
    let said = bare.kitty(["forecast", "--format", "json"]).exits(0);
    let said: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(pairs(&said), [("ab".to_owned(), vec!["f".to_owned()])]);
}

#[test]
fn each_change_is_shown() {
    let lanes = Lanes::new(2);
    lanes.work('a', "f", &with(2, "a"));
    lanes.work('b', "g", &with(2, "b"));
    let command = "git kitty forecast --watch --format json | head -n 2";
    let said = following(&lanes.mission, command, || lanes.work('b', "f", &with(2, "b")));
    let shown: Vec<usize> =
        said.lines().map(|line| pairs(&serde_json::from_str(line).unwrap()).len()).collect();
    assert_eq!(shown, [0, 1]);
}
