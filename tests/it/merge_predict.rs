//! What is predicted of a merge is what git makes of it.

use git_kitty::domain::oid::Oid;
use git_kitty::git::{Footprint, Graph, Pair, merge_all, predict};

use crate::kit::history::{Edit, History, gone, moved, random_changes, random_files, text};
use crate::kit::library::{dice, is_thorough};

/// The tree, if it is sure.
fn predicted(history: &History, base: Oid, pair: Pair) -> Option<Oid> {
    let [ours, theirs] =
        [pair.ours, pair.theirs].map(|tip| Footprint::of(&history.repo, base, tip).unwrap());
    assert_eq!(ours.is_apart(&theirs), theirs.is_apart(&ours));
    let [before, after] = [base, pair.theirs].map(|commit| history.tree(commit));
    let changes = history.repo.diff(Some(before), Some(after)).unwrap();
    let tree = || predict(&history.writer(), history.tree(pair.ours), &changes).unwrap();
    ours.is_apart(&theirs).then(tree)
}

#[test]
fn what_is_predicted_is_what_git_makes() {
    let rounds = if is_thorough() { 6_000 } else { 500 };
    let history = History::default();
    let mut roll = dice(7);
    let mut pairs = Vec::new();
    for _ in 0..rounds {
        let files = random_files(&mut roll);
        let base = history.commit_files(&[], &files.clone().split_off("zzz"), &files);
        let [ours, theirs] = [(); 2]
            .map(|()| history.commit_files(&[base], &files, &random_changes(&files, &mut roll)));
        pairs.push((base, Pair { ours, theirs }));
    }
    let all: Vec<Pair> = pairs.iter().map(|(_, pair)| *pair).collect();
    let merges = merge_all(&history.repo, &all).unwrap();
    let mut count = 0;
    for ((base, pair), merge) in pairs.iter().zip(&merges) {
        if let Some(tree) = predicted(&history, *base, *pair) {
            assert!(merge.clean, "{pair:?}: {:?}", merge.conflicted);
            assert_eq!(merge.tree, tree, "{pair:?}");
            count += 1;
        }
    }
    let clean = merges.iter().filter(|merge| merge.clean).count();
    assert!(count * 10 > clean * 7, "{count} of {clean} clean merges of {rounds}");
}

/// Of each of these git makes something else than what both sides changed, or may.
#[test]
fn what_is_not_sure_is_not_predicted() {
    let files = |name: &str| -> Vec<Edit> {
        (0..4).map(|n| text(&format!("{name}/f{n}"), format!("{n}\n").repeat(9))).collect()
    };
    let renamed: Vec<Edit> = (0..4)
        .flat_map(|n| moved(&format!("d/f{n}"), &format!("new/f{n}"), format!("{n}\n").repeat(9)))
        .collect();
    let all_but = |kept: usize| -> Vec<Edit> {
        (0..4).filter(|n| *n != kept).map(|n| gone(&format!("d/f{n}"))).collect()
    };
    let cases = [
        ("one path", vec![text("d/f1", "x")], vec![text("d/f1", "y")], false),
        ("one path alike", vec![text("d/f1", "x")], vec![text("d/f1", "x")], false),
        ("a file above", vec![text("e", "x")], vec![text("e/f", "y")], false),
        ("an edit of a renamed file", renamed.clone(), vec![text("d/f1", "y")], false),
        ("a file for a renamed directory", renamed, vec![text("d/more", "y")], false),
        ("a file for a deleted directory", all_but(9), vec![text("d/more", "y")], false),
        ("a file for one that is left", all_but(3), vec![text("d/more", "y")], true),
        ("attributes", vec![text("e/.gitattributes", "* -merge\n")], vec![text("g", "y")], false),
        ("names that begin alike", vec![text("d.f", "x")], vec![text("d/more", "y")], true),
        ("apart", vec![gone("d/f1")], vec![text("d/f2", "y")], true),
    ];
    let history = History::default();
    let base = history.commit(&[], &files("d"));
    for (name, ours, theirs, sure) in cases {
        let [ours, theirs] = [ours, theirs].map(|edits| history.commit(&[base], &edits));
        let [forth, back] = [(ours, theirs), (theirs, ours)]
            .map(|(ours, theirs)| predicted(&history, base, Pair { ours, theirs }).is_some());
        assert_eq!([forth, back], [sure, sure], "{name}");
    }
}

/// A history that grows anywhere, its commits one second after the other.
fn grown(history: &History, seed: u64) -> Vec<Oid> {
    let mut roll = dice(seed);
    let empty = history.repo.empty_tree();
    let mut commits = vec![history.commit_tree(&[], empty)];
    for second in 1..40 {
        let mut some =
            || commits[usize::try_from(roll(commits.len().try_into().unwrap())).unwrap()];
        let (one, other) = (some(), some());
        let parents = if roll(4) == 0 && one != other { vec![one, other] } else { vec![one] };
        commits.push(history.commit_later(&parents, empty, second));
    }
    commits
}

/// Also where it stops on the way, since all that is older is common.
#[test]
fn a_graph_stops_behind_all_that_is_not_common() {
    for seed in 0..8 {
        let history = History::default();
        let commits = grown(&history, seed);
        let tips: Vec<Oid> = commits.iter().rev().take(3).copied().collect();
        let graph = Graph::of(&history.repo, &tips).unwrap();
        for tip in &tips {
            for other in &tips {
                let mut own = graph.own(*tip, &[*other]).unwrap();
                let mut listed = history.repo.commits_since(*tip, &[*other]).unwrap();
                own.sort();
                listed.sort();
                assert_eq!(own, listed, "{seed}");
            }
        }
    }
}

/// The graph says what git says, wherever it says something.
#[test]
fn a_graph_knows_what_came_before() {
    let history = History::default();
    let empty = history.repo.empty_tree();
    let commits = grown(&history, 11);
    let tips: Vec<Oid> = commits.iter().rev().take(7).copied().collect();
    let unrelated = history.commit_later(&[], empty, 99);
    let graph = Graph::of(&history.repo, &[&tips[..], &[unrelated]].concat()).unwrap();
    let repo = &history.repo;
    for tip in &tips {
        assert_eq!(graph.base(&[*tip], unrelated), None);
        for other in &tips {
            let known = graph.contains(&[*tip], *other);
            assert_eq!(known, Some(repo.is_ancestor(*other, *tip).unwrap()));
            let ids = [tip, other].map(ToString::to_string);
            let bases = history.checkout.ask(["merge-base", "--all", &ids[0], &ids[1]]);
            let bases: Vec<&str> = bases.lines().collect();
            let expected = if let [base] = bases[..] { Some(base.to_owned()) } else { None };
            assert_eq!(graph.base(&[*tip], *other).map(|base| base.to_string()), expected);
            let own = graph.own(*tip, &[*other]).unwrap();
            let mut listed = repo.commits_since(*tip, &[*other]).unwrap();
            let position = |commit: &Oid| own.iter().position(|known| known == commit);
            for commit in &own {
                let parents = repo.commit(*commit).unwrap().parents;
                assert!(parents.iter().all(|parent| position(parent) <= position(commit)));
            }
            let mut own = own.clone();
            own.sort();
            listed.sort();
            assert_eq!(own, listed);
        }
    }
    // Of several commits that are merged, the base is that of the merge.
    let merge = history.commit_tree(&tips[..3], empty);
    let theirs = tips[3];
    let ids = [merge, theirs].map(|id| id.to_string());
    let bases = history.checkout.ask(["merge-base", "--all", &ids[0], &ids[1]]);
    let expected = if let [base] = bases.lines().collect::<Vec<_>>()[..] {
        Some(base.to_owned())
    } else {
        None
    };
    assert_eq!(graph.base(&tips[..3], theirs).map(|base| base.to_string()), expected);
}
