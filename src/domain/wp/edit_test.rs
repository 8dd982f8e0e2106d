//! Tests of edits, byte by byte.

use proptest::prelude::*;

use super::*;
use crate::domain::yaml::scalar;

const HEAD: &str = "\u{feff}---\nwork_package_id: \"WP07\"  # id\n";
const TAIL: &str = "zz: end \n--- \n# Body\nmerge_target_branch: no\n---\ntail without end";

fn edited(file: &str, edits: &[Edit<'_>]) -> Result<String, String> {
    let bytes = edit(file.as_bytes(), "f", edits).map_err(|refusal| refusal.to_string())?;
    Ok(String::from_utf8(bytes).unwrap())
}

/// A front matter between head and tail, and what becomes of it.
fn inside(front: &str, edits: &[Edit<'_>]) -> String {
    let whole = edited(&format!("{HEAD}{front}{TAIL}"), edits).unwrap();
    let rest = whole.strip_prefix(HEAD).unwrap();
    rest.strip_suffix(TAIL).unwrap().to_owned()
}

fn refused(front: &str, edits: &[Edit<'_>]) -> String {
    edited(&format!("---\nwork_package_id: WP07\n{front}---\n"), edits).unwrap_err()
}

/// Ways to write the key K, and the same with the value N.
const FORMS: &[(&str, &str)] = &[
    ("K: old\n", "K: N\n"),
    ("K: old \t\n", "K: N \t\n"),
    ("K:   'o''l # d'  # c\n", "K:   N  # c\n"),
    ("K: \"o\\\"l # d\\\\\" # 'c'\n", "K: N # 'c'\n"),
    ("K:\n", "K: N\n"),
    ("K:  \n", "K: N  \n"),
    ("K:  # c\n", "K: N  # c\n"),
    ("K: ~ # c\n", "K: N # c\n"),
    ("K : old#d # c\n", "K : N # c\n"),
    ("\"K\": old\n", "\"K\": N\n"),
    ("'K' : ''\n", "'K' : N\n"),
    ("K: éé # c\n", "K: N # c\n"),
    ("K: one\n  two # c\n", "K: N # c\n"),
    ("K: 'one\n\n  two' # c\n", "K: N # c\n"),
    ("K:\n  one\n", "K: N\n"),
    ("K: # c\n  \"one\"\n", "K: N\n"),
    ("K: |\n  one\n\n  two \n", "K: N\n"),
    ("K: >- # c\n   one\n\n\n", "K: N\n\n\n"),
    ("K: |+\n", "K: N\n"),
    ("K: |\n  one\u{a0}\n", "K: N\n"),
    ("K: |2\n    one\n# c\n", "K: N\n# c\n"),
];

/// What may stand around a key.
const OTHERS: &[&str] = &[
    "",
    "\n",
    "# K: remark\n",
    "  # remark\n",
    "a: 'K: x'\n",
    "b: &b [x, 'K: 1', {K: y}] # c\n",
    "c: {K: z}\n",
    "d:\n- K: 1\n  e: 2 # c\n- |\n  K: 2\n\n",
    "e: |+\n  K: 3\n\n\n",
    "f: >\n    K: 4\n",
    "g: é\"\n  K\n",
    "h: h\nh: h\n",
    "'i': \"\u{2028}\\u00e9\"\n",
    "j:\n",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn only_the_value_of_the_key_changes(
        form in prop::sample::select(FORMS),
        before in prop::sample::select(OTHERS),
        after in prop::sample::select(OTHERS),
        new in prop_oneof!["[a-z/]{1,6}", any::<String>(), r#"[-?:,\[\]{}#&*!|>'"%@` \n0-2a~<]{0,6}"#],
        crlf: bool,
    ) {
        // What is said already stays as it looks.
        prop_assume!(!["", "old", "one"].contains(&new.as_str()));
        // There the remark is text.
        prop_assume!(!(form.0.contains(['|', '>']) && after.starts_with("  #")));
        let fill = |form: &str, value: &str| {
            let text = form.replace('K', "branch_strategy").replace('\n', if crlf { "\r\n" } else { "\n" });
            let other = |text: &str| text.replace('\n', if crlf { "\r\n" } else { "\n" });
            format!("{HEAD}{}{}{}{TAIL}", other(before), text.replacen('N', value, 1), other(after))
        };
        let file = fill(form.0, "N");
        let old = WorkPackage::parse(file.as_bytes(), "f").unwrap();
        prop_assume!(old.text("branch_strategy") != Some(new.as_str()));
        let expected = fill(form.1, &scalar(&new));
        let edits = [Edit::set("branch_strategy", &new)];
        let found = edited(&file, &edits).unwrap();
        prop_assert_eq!(&found, &expected);
        prop_assert_eq!(edited(&found, &edits).unwrap(), found.clone());
        let wp = WorkPackage::parse(found.as_bytes(), "f").unwrap();
        prop_assert_eq!(wp.text("branch_strategy"), Some(new.as_str()));
    }

    #[test]
    fn any_edit_says_what_was_asked_or_is_refused(
        front in prop::collection::vec(prop_oneof![
            prop::sample::select(OTHERS).prop_map(str::to_owned),
            prop::sample::select(FORMS).prop_map(|(form, _)| form.replace('K', "base_branch")),
            r"( {0,2}(base_branch|a|-|\?)( |: ?)[\[\]{}&*|>'#a,]{0,4}\r?\n){0,3}",
        ], 0..4),
        new in "[a#: ]{0,3}",
        list: bool,
    ) {
        let front = front.concat();
        let file = format!("{HEAD}{front}{TAIL}");
        let texts = [new.as_str(), "b"];
        let wanted = if list { Edit::include("base_branch", &texts) } else { Edit::set("base_branch", &new) };
        let Ok(found) = edited(&file, &[wanted]) else { return Ok(()) };
        prop_assert_eq!(edited(&found, &[wanted]).unwrap(), found.clone());
        let read = |file: &str| WorkPackage::parse(file.as_bytes(), "f").map(|wp| wp.front_matter);
        let (was, is) = (read(&file), read(&found).unwrap());
        for entry in was.iter().flat_map(|was| &was.entries).filter(|entry| entry.key != "base_branch") {
            prop_assert!(is.entry(&entry.key).unwrap().value.same_value(&was.as_ref().unwrap().entry(&entry.key).unwrap().value));
        }
        // A list is no text for that key: only the tree is asked.
        let value = &is.entry("base_branch").unwrap().value;
        if list {
            let yaml::Value::Sequence(items) = &value.value else { panic!("{found}") };
            prop_assert!(items.iter().any(|item| item.text() == Some("b")));
        } else {
            prop_assert_eq!(value.text(), Some(new.as_str()));
        }
    }
}

#[test]
fn new_keys_go_where_the_reference_has_them() {
    let edits = [
        Edit::set("branch_strategy", "Lands on `main`."),
        Edit::set("planning_base_branch", "main"),
        Edit::set("merge_target_branch", "main"),
    ];
    let new = "planning_base_branch: main\nmerge_target_branch: main\nbranch_strategy: 'Lands on `main`.'\n";
    let new = new.replace("'Lands on `main`.'", "Lands on `main`.");
    let (before, after) = ("title: x\ndependencies:\n- WP01 # c\n", "# remark\nsubtasks: []\n");
    assert_eq!(inside(&format!("{before}{after}"), &edits), format!("{before}{new}{after}"));
    assert_eq!(inside("subtasks:\n  - T1\n", &edits), format!("{new}subtasks:\n  - T1\n"));
    let all = format!("{before}{new}{after}");
    assert_eq!(inside(&all, &edits), all);
    let found = edited("---\r\n  work_package_id: WP07\r\n---\r\n", &edits[2..]).unwrap();
    assert_eq!(found, "---\r\n  work_package_id: WP07\r\n  merge_target_branch: main\r\n---\r\n");
    let found = edited("---\nwork_package_id: WP07\ntitle: |+\n  x\n\n---", &edits[1..2]).unwrap();
    assert_eq!(
        found,
        "---\nwork_package_id: WP07\ntitle: |+\n  x\n\nplanning_base_branch: main\n---"
    );
    let (block, next) = ("title: |\n  x\n", "subtasks: []\n");
    let expected = format!("{block}planning_base_branch: main\n{next}");
    assert_eq!(inside(&format!("{block}{next}"), &edits[1..2]), expected);
    let found =
        edited("---\nwork_package_id: WP07\na: 1\n---", &[Edit::set("model", "m"), edits[1]]);
    let expected = "---\nwork_package_id: WP07\nplanning_base_branch: main\na: 1\nmodel: m\n---";
    assert_eq!(found.unwrap(), expected);
}

#[test]
fn lists_get_what_they_lack() {
    let edits = [Edit::include("dependencies", &["WP01", "WP02", "WP03", "WP01"])];
    for (list, expected) in [
        ("dependencies: []\n", "dependencies: [WP01, WP02, WP03]\n"),
        ("dependencies: [ ] # c\n", "dependencies: [ WP01, WP02, WP03] # c\n"),
        ("dependencies:\n", "dependencies: [WP01, WP02, WP03]\n"),
        ("dependencies: [WP02] # c\n", "dependencies: [WP02, WP01, WP03] # c\n"),
        ("dependencies: [\"WP02\", 'WP01', ]\n", "dependencies: [\"WP02\", 'WP01', WP03]\n"),
        ("dependencies: [WP02, WP01,]\n", "dependencies: [WP02, WP01, WP03]\n"),
        (
            "dependencies: [\n  WP01, # a\n  WP02 # b\n]\n",
            "dependencies: [\n  WP01, # a\n  WP02 # b\n, WP03]\n",
        ),
        (
            "dependencies:\n- WP02 # c\n\n# d\n",
            "dependencies:\n- WP02 # c\n- WP01\n- WP03\n\n# d\n",
        ),
        (
            "dependencies:\n  -   'WP03'\n  - WP01\n",
            "dependencies:\n  -   'WP03'\n  - WP01\n  - WP02\n",
        ),
        ("dependencies: [WP03, WP02, WP01]\n", "dependencies: [WP03, WP02, WP01]\n"),
        ("", "dependencies: [WP01, WP02, WP03]\n"),
    ] {
        let crlf = |text: &str| text.replace('\n', "\r\n");
        assert_eq!(inside(list, &edits), expected);
        assert_eq!(inside(&crlf(list), &edits).replace("\r\n", "\n"), expected, "{list:?}");
    }
    let crlf = inside("dependencies:\r\n- WP01\r\n", &edits);
    assert_eq!(crlf, "dependencies:\r\n- WP01\r\n- WP02\r\n- WP03\r\n");
    let refs =
        inside("tracker_refs: [a]\n", &[Edit::include("tracker_refs", &["b, c", "#1", "7", "#1"])]);
    assert_eq!(refs, "tracker_refs: [a, 'b, c', '#1', '7']\n");
    assert_eq!(inside("", &[Edit::include("dependencies", &[])]), "");
}

#[test]
fn a_value_that_only_some_readers_take_for_a_text_gets_quotes() {
    assert_eq!(inside("phase: 2026\n", &[Edit::set("phase", "2026")]), "phase: '2026'\n");
    assert_eq!(inside("phase: \"2026\"\n", &[Edit::set("phase", "2026")]), "phase: \"2026\"\n");
    assert_eq!(inside("phase: on # c\n", &[Edit::set("phase", "on")]), "phase: 'on' # c\n");
    assert_eq!(inside("phase: ''\n", &[Edit::set("phase", "")]), "phase: ''\n");
    assert_eq!(inside("phase:\n", &[Edit::set("phase", "")]), "phase: ''\n");
}

#[test]
fn what_cannot_be_changed_alone_is_left_alone() {
    let main = [Edit::set("base_branch", "main")];
    for (front, expected) in [
        (
            "base_branch: a\nx: 1\nbase_branch: main\n",
            "f:5: `base_branch` cannot be changed on its own: it stands there for the second time",
        ),
        (
            "base_branch: [a]\n",
            "f:3: `base_branch` cannot be changed on its own: it holds no single value of its own",
        ),
        (
            "x: 1\nbase_branch: {a: b}\n",
            "f:4: `base_branch` cannot be changed on its own: it holds no single value of its own",
        ),
        (
            "x: &x a\nbase_branch: *x\n",
            "f:4: `base_branch` cannot be changed on its own: it holds no single value of its own",
        ),
        (
            "base_branch: &x a\nx: *x\n",
            "f:3: `base_branch` cannot be changed on its own: it has an anchor, a tag or an unusual form",
        ),
        (
            "base_branch: !!str a\n",
            "f:3: `base_branch` cannot be changed on its own: it has an anchor, a tag or an unusual form",
        ),
        (
            "base_branch: !!str 'a'\n",
            "f:3: `base_branch` cannot be changed on its own: it has an anchor, a tag or an unusual form",
        ),
        (
            "? base_branch\n: a\n",
            "f:3: `base_branch` cannot be changed on its own: it has an anchor, a tag or an unusual form",
        ),
    ] {
        assert_eq!(refused(front, &main), expected);
    }
    let flow = edited("---\n{work_package_id: WP07}\n---\n", &main).unwrap_err();
    assert_eq!(
        flow,
        "f:2: `base_branch` cannot be changed on its own: the keys do not stand in lines of their own"
    );
    let twice = [Edit::set("base_branch", "a"), Edit::set("base_branch", "b")];
    assert!(refused("", &twice).contains("cannot be changed on its own"));
    let lists = [Edit::include("dependencies", &["WP01"])];
    assert!(refused("dependencies: WP02, WP03\n", &lists).contains("holds no list of its own"));
    assert!(refused("title: \"open\n", &main).starts_with("f:3: not YAML"));
    assert!(edited("# none\n", &main).unwrap_err().contains("no front matter"));
    let bad = [Edit::set("base_commit", "HEAD")];
    assert_eq!(refused("", &bad), "f:3: `base_commit` is no commit: `HEAD`");
}

#[test]
fn a_key_that_says_it_already_may_look_as_it_likes() {
    for front in
        ["base_branch: &x main\nx: *x\n", "? base_branch\n: main\n", "base_branch: >-\n  main\n"]
    {
        assert_eq!(inside(front, &[Edit::set("base_branch", "main")]), front);
    }
}

/// The shape of the files from before there was a log of events.
const LEGACY: &str = "---
work_package_id: \"WP03\"
subtasks:
  - \"T010\"
  - \"T011\"
title: \"Pipes: laid\"
phase: \"Phase 1 - Ground\"
lane: \"doing\"
assignee: \"\"
agent: \"mole\"
shell_pid: \"94225\"
review_status: \"\"
dependencies: [\"WP02\"]
history:
  - timestamp: \"2026-01-20T20:00:00Z\"
    lane: \"planned\"
    shell_pid: \"\"
    action: \"made by: hand\"
---

# Pipes

lane: \"planned\"

## Activity Log

- 2026-01-20T20:00:00Z – ann – lane=planned – made
- 2026-01-20T22:45:25Z – mole – shell_pid=86115 – lane=doing – began
";

#[test]
fn an_older_file_keeps_its_status_and_its_log() {
    let edits = [
        Edit::set("planning_base_branch", "main"),
        Edit::set("merge_target_branch", "main"),
        Edit::include("dependencies", &["WP01"]),
        Edit::set("base_commit", "0123456"),
        Edit::set("agent", "vole"),
    ];
    let found = edited(LEGACY, &edits).unwrap();
    let expected = LEGACY
        .replace("\"mole\"", "vole")
        .replace("[\"WP02\"]\n", "[\"WP02\", WP01]\nplanning_base_branch: main\nmerge_target_branch: main\nbase_commit: '0123456'\n");
    assert_eq!(found, expected);
    let (was, is) = (wp_of(LEGACY), wp_of(&found));
    assert_eq!((is.legacy_status, was.legacy_status), (Some(Status::InProgress), is.legacy_status));
    assert_eq!((is.history, is.subtasks, is.title), (was.history, was.subtasks, was.title));
    let log = |file: &str| {
        activity_log(file.as_bytes())
            .into_iter()
            .map(|entry| (entry.at, entry.status))
            .collect::<Vec<_>>()
    };
    assert_eq!((log(&found), log(LEGACY).len()), (log(LEGACY), 2));
    assert_eq!(edited(&found, &edits).unwrap(), found);
}

fn wp_of(file: &str) -> WorkPackage {
    WorkPackage::parse(file.as_bytes(), "f").unwrap()
}
