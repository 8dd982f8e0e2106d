//! The merge that needs no person.

use git_kitty::git::automatic_merge;

use crate::kit::checkout::Checkout;
use crate::kit::library::empty;

/// Writes files, and commits them on a branch that starts at another.
fn branch(checkout: &Checkout, name: &str, from: &str, files: &[(&str, &str)]) {
    checkout.must(["checkout", "-q", "-B", name, from]);
    for (path, text) in files {
        checkout.write(path, text);
    }
    checkout.must(["add", "-A"]);
    checkout.must(["commit", "-q", "--allow-empty", "-m", name]);
}

const LINES: &str = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

fn begin() -> Checkout {
    let checkout = empty();
    checkout.must(["commit", "-q", "--allow-empty", "-m", "root"]);
    branch(&checkout, "base", "main", &[("f", LINES), ("odd \u{e9}\n", LINES), ("dir/a", LINES)]);
    checkout
}

/// Tree, whether it is clean, and the conflicts.
fn merge(checkout: &Checkout, ours: &str, theirs: &[&str]) -> (String, bool, Vec<String>) {
    let theirs: Vec<_> = theirs.iter().map(|name| checkout.oid(name)).collect();
    let merged = automatic_merge(&checkout.open(), checkout.oid(ours), &theirs).unwrap();
    let conflicted = merged.conflicted.iter().map(ToString::to_string).collect();
    (merged.tree.to_string(), merged.clean, conflicted)
}

#[test]
fn a_clean_merge_is_what_git_merge_makes() {
    let checkout = begin();
    branch(&checkout, "x", "base", &[("f", &LINES.replace('2', "two")), ("new/x", "x")]);
    branch(&checkout, "y", "base", &[("f", &LINES.replace('8', "eight"))]);
    let (tree, clean, conflicted) = merge(&checkout, "y", &["x"]);
    assert_eq!((clean, conflicted), (true, vec![]));
    checkout.must(["merge", "-q", "--no-edit", "x"]);
    assert_eq!(tree, checkout.ask(["rev-parse", "HEAD^{tree}"]));
}

#[test]
fn conflicts_name_their_paths() {
    let checkout = begin();
    branch(&checkout, "x", "base", &[("f", "x"), ("odd \u{e9}\n", "x"), ("ok", "x")]);
    branch(&checkout, "y", "base", &[("f", "y"), ("odd \u{e9}\n", "y")]);
    let (_, clean, conflicted) = merge(&checkout, "y", &["x"]);
    assert!(!clean);
    assert_eq!(conflicted, ["f", "odd \u{e9}\\n"]);
    assert_eq!(checkout.ask(["status", "--porcelain"]), "", "no work tree is touched");
}

#[test]
fn several_are_merged_one_after_the_other() {
    let checkout = begin();
    for (name, old, new) in [("x", '1', "one"), ("y", '5', "five"), ("z", '9', "nine")] {
        branch(&checkout, name, "base", &[("f", &LINES.replace(old, new)), (name, name)]);
    }
    let (tree, clean, _) = merge(&checkout, "x", &["y", "z"]);
    assert!(clean);
    let expected = LINES.replace('1', "one").replace('5', "five").replace('9', "nine");
    assert_eq!(checkout.ask(["show", &format!("{tree}:f")]) + "\n", expected);
    checkout.must(["checkout", "-q", "x"]);
    checkout.must(["merge", "-q", "--no-edit", "y", "z"]);
    assert_eq!(tree, checkout.ask(["rev-parse", "HEAD^{tree}"]));
    assert_eq!(merge(&checkout, "x", &[]).0, tree);
}

#[test]
fn histories_without_a_common_commit_are_added() {
    let checkout = begin();
    checkout.must(["checkout", "-q", "--orphan", "other"]);
    checkout.must(["rm", "-rqf", "."]);
    checkout.write("other", "1");
    checkout.must(["add", "-A"]);
    checkout.must(["commit", "-qm", "other"]);
    let (tree, clean, _) = merge(&checkout, "base", &["other"]);
    assert!(clean);
    assert_eq!(checkout.ask(["ls-tree", "--name-only", &tree]).lines().count(), 4);
}

/// Each setting would change the result, if it were heard.
#[test]
fn settings_of_a_user_change_nothing() {
    let checkout = begin();
    branch(&checkout, "x", "base", &[("f", "x"), ("dir/new", "n"), ("low", LINES)]);
    branch(&checkout, "y", "base", &[("f", "y")]);
    checkout.must(["mv", "dir", "moved"]);
    checkout.must(["commit", "-qm", "moved"]);
    let before = merge(&checkout, "y", &["x"]);
    assert!(!before.1);
    assert!(before.2.contains(&"moved/new".to_owned()), "{before:?}");
    for (key, value) in [
        ("merge.directoryRenames", "false"),
        ("merge.directoryRenames", "true"),
        ("merge.renames", "false"),
        ("merge.renameLimit", "1"),
        ("merge.conflictStyle", "diff3"),
        ("merge.default", "union"),
        ("merge.text.name", "without a driver"),
        ("merge.text.driver", "true"),
        ("diff.algorithm", "patience"),
        ("diff.renames", "false"),
        (
            "core.attributesFile",
            &checkout.sandbox().root().join("attributes").display().to_string(),
        ),
    ] {
        checkout.write("../attributes", "* merge=union\n");
        checkout.must(["config", key, value]);
        assert_eq!(merge(&checkout, "y", &["x"]), before, "{key}={value}");
        let parameters = format!("'{key}'='{value}'");
        let told = checkout.clone().env("GIT_CONFIG_PARAMETERS", parameters);
        checkout.must(["config", "--unset", key]);
        assert_eq!(merge(&told, "y", &["x"]), before, "-c {key}={value}");
    }
}

#[test]
fn a_merge_driver_is_a_conflict_unless_one_side_is_unchanged() {
    let checkout = begin();
    branch(
        &checkout,
        "attributes",
        "base",
        &[(".gitattributes", "f merge=o=d!\ndir/a merge=union\n")],
    );
    branch(&checkout, "x", "attributes", &[("f", &LINES.replace('2', "two")), ("dir/a", "x\n")]);
    branch(&checkout, "y", "attributes", &[("f", &LINES.replace('8', "eight")), ("dir/a", "y\n")]);
    checkout.must(["config", "merge.o=d!.driver", "echo driver >%A"]);
    let (_, clean, conflicted) = merge(&checkout, "y", &["x"]);
    assert_eq!((clean, conflicted), (false, vec!["f".to_owned()]));
    branch(&checkout, "z", "attributes", &[("f", &LINES.replace('8', "eight"))]);
    assert!(merge(&checkout, "z", &["attributes"]).1);
}

#[test]
fn a_missing_commit_is_an_error() {
    let checkout = begin();
    let missing = "ab".repeat(20).parse().unwrap();
    assert!(automatic_merge(&checkout.open(), checkout.oid("base"), &[missing]).is_err());
}
