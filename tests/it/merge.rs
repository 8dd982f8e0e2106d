//! The merge that needs no person.

use git_kitty::git::automatic_merge;

use crate::sandbox::Sandbox;

/// Writes files, and commits them on a branch that starts at another.
fn branch(sandbox: &Sandbox, name: &str, from: &str, files: &[(&str, &str)]) {
    sandbox.git(&["checkout", "-q", "-B", name, from]);
    for (path, text) in files {
        sandbox.write(path, text);
    }
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-q", "--allow-empty", "-m", name]);
}

const LINES: &str = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

impl Sandbox {
    fn begin() -> Self {
        let sandbox = Self::new(&[]);
        sandbox.git(&["commit", "-q", "--allow-empty", "-m", "root"]);
        branch(
            &sandbox,
            "base",
            "main",
            &[("f", LINES), ("odd \u{e9}\n", LINES), ("dir/a", LINES)],
        );
        sandbox
    }

    fn merge(&self, ours: &str, theirs: &[&str]) -> (String, bool, Vec<String>) {
        let theirs: Vec<_> = theirs.iter().map(|name| self.oid(name)).collect();
        let merged = automatic_merge(&self.repo(), self.oid(ours), &theirs).unwrap();
        let conflicted = merged.conflicted.iter().map(ToString::to_string).collect();
        (merged.tree.to_string(), merged.clean, conflicted)
    }
}

#[test]
fn a_clean_merge_is_what_git_merge_makes() {
    let sandbox = Sandbox::begin();
    branch(&sandbox, "x", "base", &[("f", &LINES.replace('2', "two")), ("new/x", "x")]);
    branch(&sandbox, "y", "base", &[("f", &LINES.replace('8', "eight"))]);
    let (tree, clean, conflicted) = sandbox.merge("y", &["x"]);
    assert_eq!((clean, conflicted), (true, vec![]));
    sandbox.git(&["merge", "-q", "--no-edit", "x"]);
    assert_eq!(tree, sandbox.line(&["rev-parse", "HEAD^{tree}"]));
}

#[test]
fn conflicts_name_their_paths() {
    let sandbox = Sandbox::begin();
    branch(&sandbox, "x", "base", &[("f", "x"), ("odd \u{e9}\n", "x"), ("ok", "x")]);
    branch(&sandbox, "y", "base", &[("f", "y"), ("odd \u{e9}\n", "y")]);
    let (_, clean, conflicted) = sandbox.merge("y", &["x"]);
    assert!(!clean);
    assert_eq!(conflicted, ["f", "odd \u{e9}\\n"]);
    assert_eq!(sandbox.git(&["status", "--porcelain"]), b"", "no work tree is touched");
}

#[test]
fn several_are_merged_one_after_the_other() {
    let sandbox = Sandbox::begin();
    for (name, old, new) in [("x", '1', "one"), ("y", '5', "five"), ("z", '9', "nine")] {
        branch(&sandbox, name, "base", &[("f", &LINES.replace(old, new)), (name, name)]);
    }
    let (tree, clean, _) = sandbox.merge("x", &["y", "z"]);
    assert!(clean);
    let expected = LINES.replace('1', "one").replace('5', "five").replace('9', "nine");
    assert_eq!(sandbox.git(&["cat-file", "blob", &format!("{tree}:f")]), expected.as_bytes());
    sandbox.git(&["checkout", "-q", "x"]);
    sandbox.git(&["merge", "-q", "--no-edit", "y", "z"]);
    assert_eq!(tree, sandbox.line(&["rev-parse", "HEAD^{tree}"]));
    assert_eq!(sandbox.merge("x", &[]).0, tree);
}

#[test]
fn histories_without_a_common_commit_are_added() {
    let sandbox = Sandbox::begin();
    sandbox.git(&["checkout", "-q", "--orphan", "other"]);
    sandbox.git(&["rm", "-rqf", "."]);
    sandbox.write("other", "1");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-qm", "other"]);
    let (tree, clean, _) = sandbox.merge("base", &["other"]);
    assert!(clean);
    let names = sandbox.git(&["ls-tree", "--name-only", &tree]);
    assert_eq!(String::from_utf8(names).unwrap().lines().count(), 4);
}

/// Each setting would change the result, if it were heard.
#[test]
fn settings_of_a_user_change_nothing() {
    let sandbox = Sandbox::begin();
    branch(&sandbox, "x", "base", &[("f", "x"), ("dir/new", "n"), ("low", LINES)]);
    branch(&sandbox, "y", "base", &[("f", "y")]);
    sandbox.git(&["mv", "dir", "moved"]);
    sandbox.git(&["commit", "-qm", "moved"]);
    let before = sandbox.merge("y", &["x"]);
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
        ("core.attributesFile", &sandbox.home().join("attributes").display().to_string()),
    ] {
        sandbox.write("../attributes", "* merge=union\n");
        sandbox.git(&["config", key, value]);
        assert_eq!(sandbox.merge("y", &["x"]), before, "{key}={value}");
        let parameters = format!("'{key}'='{value}'");
        let told = sandbox.shared().env("GIT_CONFIG_PARAMETERS", parameters);
        sandbox.git(&["config", "--unset", key]);
        assert_eq!(told.merge("y", &["x"]), before, "-c {key}={value}");
    }
}

#[test]
fn a_merge_driver_is_a_conflict_unless_one_side_is_unchanged() {
    let sandbox = Sandbox::begin();
    branch(
        &sandbox,
        "attributes",
        "base",
        &[(".gitattributes", "f merge=o=d!\ndir/a merge=union\n")],
    );
    branch(&sandbox, "x", "attributes", &[("f", &LINES.replace('2', "two")), ("dir/a", "x\n")]);
    branch(&sandbox, "y", "attributes", &[("f", &LINES.replace('8', "eight")), ("dir/a", "y\n")]);
    sandbox.git(&["config", "merge.o=d!.driver", "echo driver >%A"]);
    let (_, clean, conflicted) = sandbox.merge("y", &["x"]);
    assert_eq!((clean, conflicted), (false, vec!["f".to_owned()]));
    branch(&sandbox, "z", "attributes", &[("f", &LINES.replace('8', "eight"))]);
    assert!(sandbox.merge("z", &["attributes"]).1);
}

#[test]
fn a_missing_commit_is_an_error() {
    let sandbox = Sandbox::begin();
    let missing = "ab".repeat(20).parse().unwrap();
    assert!(automatic_merge(&sandbox.repo(), sandbox.oid("base"), &[missing]).is_err());
}
