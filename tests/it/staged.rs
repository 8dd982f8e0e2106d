//! The staged change against `git diff-index`, change by change.

use git_kitty::git::Way;

use crate::sandbox::Sandbox;

/// A change of the index of [`Sandbox::with_files`].
type Step = fn(&Sandbox);

const CHANGES: &[(&str, Step)] = &[
    ("add at the top", |s| add(s, "new", "1")),
    ("add in a directory", |s| add(s, "d/new", "1")),
    ("add in a new directory", |s| add(s, "n/e/w/f", "1")),
    ("edit", |s| add(s, "d/e/deep", "2")),
    ("edit at the top", |s| add(s, "a", "2")),
    ("edit back", |s| {
        add(s, "d/x", "2");
        add(s, "d/x", "d/x");
    }),
    ("delete", |s| run(s, &["rm", "-q", "d/x"])),
    ("delete a directory", |s| run(s, &["rm", "-qr", "d"])),
    ("delete all", |s| run(s, &["rm", "-qr", "."])),
    ("rename", |s| run(s, &["mv", "d/x", "src/x"])),
    ("rename a directory", |s| run(s, &["mv", "src/one", "one"])),
    ("executable", |s| {
        s.set_executable("a", true);
        run(s, &["add", "a"]);
    }),
    ("link becomes file", |s| {
        run(s, &["rm", "-q", "link"]);
        add(s, "link", "a");
    }),
    ("file becomes link", |s| {
        run(s, &["rm", "-q", "d/x"]);
        s.symlink("d/x", "y");
        run(s, &["add", "d/x"]);
    }),
    ("file becomes directory", |s| {
        run(s, &["rm", "-q", "a"]);
        add(s, "a/inner", "1");
    }),
    ("directory becomes file", |s| {
        run(s, &["rm", "-qr", "d"]);
        add(s, "d", "1");
    }),
    ("directory becomes link", |s| {
        run(s, &["rm", "-qr", "src/one"]);
        s.symlink("src/one", "two");
        run(s, &["add", "src/one"]);
    }),
    ("submodule comes", |s| gitlink(s, "sub", &"ab".repeat(hash_size(s)))),
    ("file becomes submodule", |s| {
        run(s, &["rm", "-q", "--cached", "d/x"]);
        gitlink(s, "d/x", &"ab".repeat(hash_size(s)));
    }),
    ("directory becomes submodule", |s| {
        run(s, &["rm", "-qr", "--cached", "d"]);
        gitlink(s, "d", &"ab".repeat(hash_size(s)));
    }),
    ("names between a file and a directory", |s| {
        for path in ["d-a", "d.", "d-", "dz", "d!"] {
            add(s, path, path);
        }
    }),
    ("many files", |s| {
        for number in 0..300 {
            s.write(format!("many/{number}"), format!("{number}"));
        }
        run(s, &["add", "many"]);
    }),
    ("names of all kinds", |s| {
        let names: [&[u8]; 9] = [
            b"with space",
            b"quote\"s",
            b"new\nline",
            b"tab\t",
            b"back\\slash",
            "d\u{e9}/\u{4f60}".as_bytes(),
            b"not-utf8-\xff\xfe/\x80",
            b":colon",
            b"dTREE",
        ];
        for name in names {
            s.write(name, name);
        }
        run(s, &["add", "-A"]);
    }),
    ("a long path", |s| {
        let deep = vec!["directory-with-a-name"; 150].join("/");
        let oid = s.line(&["rev-parse", "HEAD:a"]);
        let long = "l".repeat(5000);
        let info = format!("100644,{oid},");
        run(s, &["update-index", "--add", "--cacheinfo", &format!("{info}{deep}/f")]);
        run(s, &["update-index", "--add", "--cacheinfo", &format!("{info}{long}")]);
        let longer = "m".repeat(70_000);
        run(s, &["update-index", "--add", "--cacheinfo", &format!("{info}{longer}/x")]);
    }),
    ("skip-worktree and assume-unchanged", |s| {
        run(s, &["update-index", "--skip-worktree", "d/x"]);
        run(s, &["update-index", "--assume-unchanged", "d/y"]);
        add(s, "d/e/deep", "2");
    }),
];

/// After each change the entries are read; after `git write-tree` the known tree serves.
#[test]
fn every_change_is_seen_in_both_ways_and_all_formats() {
    for version in ["2", "3", "4"] {
        for options in [&[][..], &["--object-format=sha256"]] {
            for (name, change) in CHANGES {
                let sandbox = Sandbox::with_files(options);
                sandbox.git(&["config", "index.version", version]);
                sandbox.git(&["update-index", "--index-version", version]);
                change(&sandbox);
                let way = sandbox.assert_staged();
                assert_eq!(way, Way::Entries, "{name}, version {version}, {options:?}");
                sandbox.git(&["write-tree"]);
                let way = sandbox.assert_staged();
                assert_eq!(way, Way::KnownTree, "{name}, version {version}, {options:?}");
            }
        }
    }
}

#[test]
fn changes_add_up() {
    let sandbox = Sandbox::with_files(&[]);
    let replacing = ["directory becomes", "file becomes directory", "delete", "rename"];
    for (name, change) in CHANGES {
        if replacing.iter().any(|word| name.starts_with(word)) || name.ends_with("submodule") {
            continue;
        }
        change(&sandbox);
        assert_eq!(sandbox.assert_staged(), Way::Entries, "{name}");
        if name.len() % 2 == 0 {
            // From here on, most of TREE is valid.
            sandbox.git(&["write-tree"]);
            assert_eq!(sandbox.assert_staged(), Way::KnownTree, "{name}");
        }
        if name.len() % 3 == 0 {
            sandbox.git(&["commit", "-q", "--allow-empty", "-m", name]);
            assert_eq!(sandbox.assert_staged(), Way::KnownTree, "{name}");
        }
    }
}

#[test]
fn nothing_staged_is_nothing() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.write("a", "not staged");
    assert_eq!(sandbox.assert_staged(), Way::KnownTree);
    assert!(sandbox.output(&["diff-index", "--cached", "--quiet", "HEAD"]).status.success());
}

#[test]
fn submodules_are_updated_and_deleted() {
    let sandbox = Sandbox::with_files(&[]);
    gitlink(&sandbox, "d/sub", &"ab".repeat(20));
    sandbox.git(&["commit", "-qm", "sub"]);
    gitlink(&sandbox, "d/sub", &"cd".repeat(20));
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
    // A setting that hides submodules from `git diff` hides nothing here.
    sandbox.git(&["config", "diff.ignoreSubmodules", "all"]);
    assert_eq!(sandbox.repo().staged(tree(&sandbox)).unwrap().changes.len(), 1);
    sandbox.git(&["config", "--unset", "diff.ignoreSubmodules"]);
    sandbox.git(&["rm", "-q", "--cached", "d/sub"]);
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
}

#[test]
fn intent_to_add_stages_nothing() {
    let sandbox = Sandbox::with_files(&[]);
    for path in ["new", "d/new", "n/e/w"] {
        sandbox.write(path, "text");
        sandbox.git(&["add", "-N", path]);
    }
    assert_eq!(sandbox.assert_staged(), Way::Entries);
    assert_eq!(sandbox.repo().staged(tree(&sandbox)).unwrap().changes, []);
    // Over a deleted entry, the deletion stays.
    sandbox.git(&["rm", "-q", "--cached", "d/x"]);
    sandbox.git(&["add", "-N", "d/x"]);
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
    sandbox.output(&["write-tree"]);
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
    sandbox.git(&["update-index", "--index-version", "4"]);
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
}

#[test]
fn conflicts_are_changes() {
    for kind in ["content", "add", "delete", "directory"] {
        let sandbox = Sandbox::with_files(&[]);
        sandbox.git(&["checkout", "-qb", "other"]);
        match kind {
            "content" => add(&sandbox, "d/e/deep", "theirs"),
            "add" => add(&sandbox, "src/new", "theirs"),
            "delete" => run(&sandbox, &["rm", "-q", "d/x"]),
            _ => add(&sandbox, "n/inner", "theirs"),
        }
        sandbox.git(&["commit", "-qm", "theirs"]);
        sandbox.git(&["checkout", "-q", "main"]);
        match kind {
            "content" => add(&sandbox, "d/e/deep", "ours"),
            "add" => add(&sandbox, "src/new", "ours"),
            "delete" => add(&sandbox, "d/x", "ours"),
            _ => add(&sandbox, "n", "ours"),
        }
        sandbox.git(&["commit", "-qm", "ours"]);
        assert!(!sandbox.output(&["merge", "other"]).status.success());
        assert_eq!(sandbox.assert_some_staged(), Way::Entries, "{kind}");
        sandbox.git(&["add", "-A"]);
        assert_eq!(sandbox.assert_staged(), Way::Entries, "{kind}");
    }
}

#[test]
fn an_unborn_branch_has_the_empty_tree() {
    let sandbox = Sandbox::new(&[]);
    assert_eq!(sandbox.assert_staged(), Way::Entries);
    sandbox.write("d/a", "1");
    sandbox.git(&["add", "-A"]);
    assert_eq!(sandbox.assert_staged(), Way::Entries);
    sandbox.git(&["write-tree"]);
    assert_eq!(sandbox.assert_staged(), Way::KnownTree);
    sandbox.git(&["commit", "-qm", "first"]);
    sandbox.git(&["checkout", "-q", "--orphan", "fresh"]);
    assert_eq!(sandbox.assert_staged(), Way::KnownTree);
}

fn add(sandbox: &Sandbox, path: &str, text: &str) {
    sandbox.write(path, text);
    sandbox.git(&["add", path]);
}

fn run(sandbox: &Sandbox, arguments: &[&str]) {
    sandbox.git(arguments);
}

fn gitlink(sandbox: &Sandbox, path: &str, oid: &str) {
    sandbox.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{oid},{path}")]);
}

fn hash_size(sandbox: &Sandbox) -> usize {
    sandbox.repo().object_hash().size()
}

fn tree(sandbox: &Sandbox) -> Option<git_kitty::domain::oid::Oid> {
    Some(sandbox.oid("HEAD^{tree}"))
}
