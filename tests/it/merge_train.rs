//! Trains of merges, against one merge after the other.

use git_kitty::domain::oid::Oid;
use git_kitty::domain::path::RepoPath;
use git_kitty::git::train::{AtConflict, Outcome, Request, Settle, Step, Train, Wagon, train};
use git_kitty::git::{AutoMerge, Writer, automatic_merge};

use crate::kit::history::{Edit, History, gone, random_changes, random_files, text};
use crate::kit::library::{dice, is_thorough};

fn as_is(_: &Writer<'_>, merge: AutoMerge, _: Oid, _: Oid) -> anyhow::Result<AutoMerge> {
    Ok(merge)
}

fn request<'a>(history: &'a History, start: Oid, at_conflict: AtConflict) -> Request<'a> {
    let message = &|wagon: &Wagon| format!("Merge {}\n", wagon.name);
    let signed = history.signed();
    Request { start, kept: &[], but: &[], settle: &as_is, message, signed, at_conflict }
}

fn wagons(tips: &[Oid]) -> Vec<Wagon> {
    let wagon = |(n, tip): (usize, &Oid)| Wagon { name: format!("lane-{n}"), tip: *tip };
    tips.iter().enumerate().map(wagon).collect()
}

fn go(history: &History, tips: &[Oid], request: &Request<'_>) -> Train {
    train(&history.writer(), &wagons(tips), request).unwrap()
}

/// A letter a step: merged, contained or conflict.
fn story(train: &Train) -> String {
    let letter = |step: &Step| match step.outcome {
        Outcome::Merged { .. } => 'm',
        Outcome::Contained => 'c',
        Outcome::Conflict(_) => 'x',
    };
    train.steps.iter().map(letter).collect()
}

/// The same by one merge after the other.
fn one_by_one(history: &History, start: Oid, tips: &[Oid]) -> (String, Oid) {
    let (mut story, mut tip) = (String::new(), start);
    for theirs in tips {
        if history.repo.is_ancestor(*theirs, tip).unwrap() {
            story.push('c');
            continue;
        }
        let merge = automatic_merge(&history.repo, tip, &[*theirs]).unwrap();
        story.push(if merge.clean { 'm' } else { 'x' });
        if merge.clean {
            tip = history.commit_tree(&[tip, *theirs], merge.tree);
        }
    }
    (story, history.tree(tip))
}

fn lines() -> String {
    (1..=30).map(|n| format!("line {n}\n")).collect()
}

fn with(line: usize, word: &str) -> String {
    lines().replace(&format!("line {line}\n"), &format!("{word}\n"))
}

/// A base with a file for each of `count` lanes and one for all of them.
fn base(history: &History, count: usize) -> Oid {
    let own = (0..count).map(|n| text(&format!("src/{n}/f"), lines()));
    history.commit(&[], &own.chain([text("all", lines())]).collect::<Vec<_>>())
}

#[test]
fn lanes_apart_are_merged_in_order() {
    let history = History::default();
    let base = base(&history, 20);
    let start = history.commit(&[base], &[text("start", "start\n")]);
    let lane = |n: usize| {
        let first = history.commit(&[base], &[text(&format!("src/{n}/f"), with(3, "x"))]);
        history.commit(
            &[first],
            &[text(&format!("src/{n}/new/g"), "g\n"), text(&format!("{n}"), "n\n")],
        )
    };
    let tips: Vec<Oid> = (0..20).map(lane).collect();
    let made = go(&history, &tips, &request(&history, start, AtConflict::Stop));
    assert_eq!((story(&made), history.tree(made.tip)), one_by_one(&history, start, &tips));
    let mut tip = made.tip;
    for (n, step) in made.steps.iter().enumerate().rev() {
        assert_eq!(step.outcome, Outcome::Merged { commit: tip });
        assert_eq!(history.repo.subject(tip).unwrap(), format!("Merge lane-{n}"));
        let parents = history.repo.commit(tip).unwrap().parents;
        assert_eq!(parents[1], step.wagon.tip);
        tip = parents[0];
    }
    assert_eq!(tip, start);
    history.checkout.must(["fsck", "--strict", &made.tip.to_string()]);
}

#[test]
fn lanes_that_touch_are_merged_by_git_in_between() {
    let history = History::default();
    let base = base(&history, 12);
    let lane = |n: usize| {
        let own = text(&format!("src/{n}/f"), with(3, "x"));
        let shared = text("all", with(1 + 2 * n, &format!("of {n}")));
        let edits = if n.is_multiple_of(3) { vec![own, shared] } else { vec![own] };
        history.commit(&[base], &edits)
    };
    let tips: Vec<Oid> = (0..12).map(lane).collect();
    let made = go(&history, &tips, &request(&history, base, AtConflict::Stop));
    assert_eq!(story(&made), "m".repeat(12));
    assert_eq!((story(&made), history.tree(made.tip)), one_by_one(&history, base, &tips));
}

#[test]
fn what_the_train_has_is_contained() {
    let history = History::default();
    let base = base(&history, 3);
    let one = history.commit(&[base], &[text("src/0/f", with(3, "x"))]);
    let two = history.commit(&[one], &[text("src/1/f", with(3, "x"))]);
    let other = history.commit(&[base], &[text("src/2/f", with(3, "x"))]);
    let tips = [base, two, one, other, two];
    let made = go(&history, &tips, &request(&history, base, AtConflict::Stop));
    assert_eq!(story(&made), "cmcmc");
    assert_eq!((story(&made), history.tree(made.tip)), one_by_one(&history, base, &tips));
    let none = go(&history, &[], &request(&history, base, AtConflict::Stop));
    assert_eq!((none.tip, none.steps), (base, vec![]));
}

#[test]
fn a_conflict_stops_the_train_or_is_left_out() {
    let history = History::default();
    let base = base(&history, 4);
    let edit = |edits: &[Edit]| history.commit(&[base], edits);
    let tips = [
        edit(&[text("src/0/f", with(3, "x"))]),
        edit(&[text("all", with(3, "one"))]),
        edit(&[text("all", with(3, "two")), text("src/1/f", with(3, "x"))]),
        edit(&[text("src/2/f", with(3, "x"))]),
    ];
    let stopped = go(&history, &tips, &request(&history, base, AtConflict::Stop));
    assert_eq!(story(&stopped), "mmx");
    let Some(Step { outcome: Outcome::Conflict(merge), .. }) = stopped.steps.last() else {
        panic!("{stopped:?}")
    };
    assert_eq!(merge.conflicted, ["all".into()]);
    let Outcome::Merged { commit } = stopped.steps[1].outcome else { panic!("{stopped:?}") };
    assert_eq!(stopped.tip, commit);
    let skipped = go(&history, &tips, &request(&history, base, AtConflict::Skip));
    assert_eq!(story(&skipped), "mmxm");
    assert_eq!((story(&skipped), history.tree(skipped.tip)), one_by_one(&history, base, &tips));
}

/// What both sides added to a file is settled, and the mission's files stay as the start has them.
#[test]
fn conflicts_are_settled_and_files_are_kept() {
    let history = History::default();
    let specs = |path: &str, content: &str| text(&format!("specs/m/{path}"), content);
    let base = history.commit(&[], &[specs("log", "0\n"), specs("map", "0\n"), text("f", lines())]);
    let start = history.commit(&[base], &[specs("log", "0\n1\n"), specs("plan", "p\n")]);
    let tips = [
        history
            .commit(&[base], &[specs("log", "0\nlane\n"), specs("map", "1\n"), text("a", "a\n")]),
        history
            .commit(&[base], &[gone("specs/m/log"), specs("new", "n\n"), text("f", with(3, "1"))]),
        history.commit(&[base], &[text("f", with(3, "2")), text("b", "b\n")]),
    ];
    let settled = |writer: &Writer<'_>, merge: AutoMerge, ours: Oid, theirs: Oid| {
        assert!(merge.conflicted.iter().all(|path| path.as_bytes() == b"f"), "{merge:?}");
        assert_ne!(ours, theirs);
        let entries: Vec<_> = merge.stages.iter().map(|at| (at.path.clone(), at.theirs)).collect();
        merge.settled(writer, &entries)
    };
    let settle: Settle<'_> = &settled;
    let (kept, but): ([RepoPath; 1], [RepoPath; 1]) = (["specs/m".into()], ["specs/m/map".into()]);
    let plain = request(&history, start, AtConflict::Stop);
    let made = go(&history, &tips, &Request { kept: &kept, but: &but, settle, ..plain });
    assert_eq!(story(&made), "mmm");
    let expected =
        [text("a", "a\n"), text("b", "b\n"), text("f", with(3, "2")), specs("map", "1\n")];
    let expected = history.commit(&[start], &expected);
    assert_eq!(history.tree(made.tip), history.tree(expected));
}

/// Wagons begin at several places, some hold others, and some have been merged before.
#[test]
fn a_train_is_what_one_merge_after_the_other_gives() {
    let rounds = if is_thorough() { 400 } else { 25 };
    let history = History::default();
    let mut roll = dice(5);
    let mut stories = String::new();
    for _ in 0..rounds {
        let files = random_files(&mut roll);
        let root = history.commit_files(&[], &files.clone().split_off("zzz"), &files);
        let mut known = vec![(root, files)];
        for _ in 0..9 {
            let at = usize::try_from(roll(known.len().try_into().unwrap())).unwrap();
            let (parent, old) = known[if roll(2) == 0 { 0 } else { at }].clone();
            let new = random_changes(&old, &mut roll);
            known.push((history.commit_files(&[parent], &old, &new), new));
        }
        let mut tips: Vec<Oid> = known.iter().skip(2).map(|(tip, _)| *tip).collect();
        tips.sort();
        let start = known[1].0;
        let made = go(&history, &tips, &request(&history, start, AtConflict::Skip));
        assert_eq!((story(&made), history.tree(made.tip)), one_by_one(&history, start, &tips));
        stories += &story(&made);
    }
    for letter in ['m', 'c', 'x'] {
        assert!(stories.contains(letter), "{stories}");
    }
}
