//! Random missions on random targets: what the target changed is in what lands, in each way to land.

use std::collections::{BTreeMap, BTreeSet};

use crate::kit::approved::{Approved, Edits};
use crate::kit::library::{dice, is_thorough};
use crate::kit::state::{assert_unchanged, state};

const LISTS: [&str; 3] = ["common/one", "common/two", "common/three"];
const LENGTH: u64 = 30;

type Dice<'d> = &'d mut dyn FnMut(u64) -> u64;

fn lines(changed: &BTreeMap<u64, String>) -> String {
    let line = |n| changed.get(&n).cloned().unwrap_or_else(|| n.to_string());
    (0..LENGTH).map(|n| format!("{}\n", line(n))).collect()
}

/// What one side changes: lines of lists, files of its own, a list that goes or is renamed.
#[derive(Debug, Default)]
struct Side {
    lists: BTreeMap<&'static str, BTreeMap<u64, String>>,
    edits: Edits,
}

/// Two sides seldom change lines beside each other.
fn side(name: &str, dice: Dice<'_>) -> Side {
    let mut side = Side::default();
    for list in LISTS {
        match dice(8) {
            0..4 => {
                let line = dice(LENGTH);
                side.lists.entry(list).or_default().insert(line, format!("{line} of {name}"));
            }
            4 if name == "main" => {
                side.edits.push((list.to_owned(), None));
                let moved = list.replace("common/", "moved/");
                side.edits.push((moved, Some(lines(&BTreeMap::new()))));
            }
            5 if dice(4) == 0 => side.edits.push((list.to_owned(), None)),
            _ => {}
        }
    }
    for (list, changed) in &side.lists {
        side.edits.push(((*list).to_owned(), Some(lines(changed))));
    }
    for number in 0..dice(3) {
        side.edits.push((format!("{name}/new{number}"), Some(format!("{name} {number}\n"))));
    }
    side
}

/// Each file with its text, but for the mission's own.
fn files(scene: &Approved, revision: &str) -> BTreeMap<String, String> {
    let listed = scene.repo.ask(["ls-tree", "-r", "--format=%(objectname) %(path)", revision]);
    let entry =
        |line: &str| line.split_once(' ').map(|(id, path)| (path.to_owned(), id.to_owned()));
    let all = listed.lines().filter_map(entry);
    all.filter(|(path, _)| !path.starts_with("kitty-specs/")).collect()
}

fn changed(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> BTreeSet<String> {
    let all = old.keys().chain(new.keys());
    all.filter(|path| old.get(*path) != new.get(*path)).cloned().collect()
}

/// Returns whether it landed.
fn check(seed: u64) -> bool {
    let mut dice = dice(seed);
    let lanes: Vec<Side> = ["a", "b", "c"].iter().map(|name| side(name, &mut dice)).collect();
    let main = side("main", &mut dice);
    let base: Edits =
        LISTS.iter().map(|list| ((*list).to_owned(), Some(lines(&BTreeMap::new())))).collect();
    let edits: Vec<&Edits> = lanes.iter().map(|lane| &lane.edits).collect();
    let scene = Approved::edited(&base, &edits);
    let old = files(&scene, "main");
    scene.edit_target(&main.edits);
    let target = files(&scene, "main");
    let tip = scene.repo.id("main");
    let mut landed: Vec<BTreeMap<String, String>> = Vec::new();
    for strategy in ["merge", "squash", "rebase"] {
        let before = state(&scene.repo);
        let said = scene.merge(&["--strategy", strategy]);
        let is_empty = said.stderr.contains("[LANDING_EMPTY]");
        if said.status == 3 || is_empty {
            assert_unchanged(&before, &state(&scene.repo));
            // A conflict is one in each way; only commits one by one may conflict by themselves.
            assert!(landed.is_empty() || strategy == "rebase" || is_empty, "{seed}: {said}");
            continue;
        }
        said.exits(0);
        scene.json(&["verify-landing"], 0);
        scene.assert_clean(strategy);
        let result = files(&scene, "main");
        for path in changed(&old, &target) {
            if result.get(&path) == target.get(&path) {
                continue;
            }
            // Else it was merged without a conflict: each line of the target is there.
            let list = LISTS
                .into_iter()
                .find(|list| path == *list || path == list.replace("common/", "moved/"));
            let list = list.unwrap_or_else(|| panic!("{seed} {strategy}: {path} is lost"));
            let text = scene.at("main", &path).unwrap_or_default();
            for line in main.lists.get(list).into_iter().flat_map(BTreeMap::values) {
                assert!(text.lines().any(|one| one == line), "{seed} {strategy}: {path}: {line}");
            }
        }
        landed.push(result);
        scene.json(&["undo"], 0);
        assert_eq!(scene.repo.id("main"), tip, "{seed}");
        scene.assert_clean("undone");
    }
    assert!(landed.windows(2).all(|pair| pair[0] == pair[1]), "{seed}");
    !landed.is_empty()
}

#[test]
fn what_the_target_changed_is_in_the_result_or_was_merged_without_conflict() {
    let (seeds, least) = if is_thorough() { (0..200, 20) } else { (0..12, 3) };
    let count = seeds.end - seeds.start;
    let landed = seeds.filter(|seed| check(*seed)).count();
    let conflicts = usize::try_from(count).unwrap() - landed;
    assert!(landed >= least && conflicts >= 1, "{landed} landed, {conflicts} did not");
}
