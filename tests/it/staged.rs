//! The staged change against `git diff-index`, change by change.

use git_kitty::git::Way;

use crate::kit::checkout::Checkout;
use crate::kit::library::{empty, is_thorough, with_files, with_files_in};
use crate::kit::repo::{ObjectFormat, RepoBuilder};

/// A change of the index of [`with_files`].
type Step = fn(&Checkout);

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
        let oid = s.ask(["rev-parse", "HEAD:a"]);
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

/// Index versions and hash functions. (Version 3 is what git writes for 2 where entries have flags.)
const KINDS: [(&str, ObjectFormat); 4] = [
    ("2", ObjectFormat::Sha1),
    ("4", ObjectFormat::Sha1),
    ("2", ObjectFormat::Sha256),
    ("4", ObjectFormat::Sha256),
];

/// Each change in one of the kinds in turn, in a thorough run in all of them.
#[test]
fn every_change_is_seen_in_both_ways_and_all_formats() {
    for (number, (name, change)) in CHANGES.iter().enumerate() {
        for (place, kind) in KINDS.into_iter().enumerate() {
            if place == number % KINDS.len() || is_thorough() {
                check_change(name, *change, kind);
            }
        }
    }
}

/// After a change the entries are read; after `git write-tree` the known tree serves.
fn check_change(name: &str, change: Step, (version, objects): (&str, ObjectFormat)) {
    let checkout = with_files_in(RepoBuilder::default().objects(objects));
    checkout.must(["update-index", "--index-version", version]);
    change(&checkout);
    let way = checkout.assert_staged();
    assert_eq!(way, Way::Entries, "{name}, version {version}, {objects:?}");
    checkout.must(["write-tree"]);
    let way = checkout.assert_staged();
    assert_eq!(way, Way::KnownTree, "{name}, version {version}, {objects:?}");
}

#[test]
fn changes_add_up() {
    let checkout = with_files();
    let replacing = ["directory becomes", "file becomes directory", "delete", "rename"];
    for (name, change) in CHANGES {
        if replacing.iter().any(|word| name.starts_with(word)) || name.ends_with("submodule") {
            continue;
        }
        change(&checkout);
        assert_eq!(checkout.assert_staged(), Way::Entries, "{name}");
        if name.len() % 2 == 0 {
            // From here on, most of TREE is valid.
            checkout.must(["write-tree"]);
            assert_eq!(checkout.assert_staged(), Way::KnownTree, "{name}");
        }
        if name.len() % 3 == 0 {
            checkout.must(["commit", "-q", "--allow-empty", "-m", name]);
            assert_eq!(checkout.assert_staged(), Way::KnownTree, "{name}");
        }
    }
}

#[test]
fn nothing_staged_is_nothing() {
    let checkout = with_files();
    checkout.write("a", "not staged");
    assert_eq!(checkout.assert_staged(), Way::KnownTree);
    assert!(checkout.git(["diff-index", "--cached", "--quiet", "HEAD"]).status == 0);
}

#[test]
fn submodules_are_updated_and_deleted() {
    let checkout = with_files();
    gitlink(&checkout, "d/sub", &"ab".repeat(20));
    checkout.must(["commit", "-qm", "sub"]);
    gitlink(&checkout, "d/sub", &"cd".repeat(20));
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
    // A setting that hides submodules from `git diff` hides nothing here.
    checkout.must(["config", "diff.ignoreSubmodules", "all"]);
    assert_eq!(checkout.open().staged(tree(&checkout)).unwrap().changes.len(), 1);
    checkout.must(["config", "--unset", "diff.ignoreSubmodules"]);
    checkout.must(["rm", "-q", "--cached", "d/sub"]);
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
}

#[test]
fn intent_to_add_stages_nothing() {
    let checkout = with_files();
    for path in ["new", "d/new", "n/e/w"] {
        checkout.write(path, "text");
        checkout.must(["add", "-N", path]);
    }
    assert_eq!(checkout.assert_staged(), Way::Entries);
    assert_eq!(checkout.open().staged(tree(&checkout)).unwrap().changes, []);
    // Over a deleted entry, the deletion stays.
    checkout.must(["rm", "-q", "--cached", "d/x"]);
    checkout.must(["add", "-N", "d/x"]);
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
    checkout.git(["write-tree"]);
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
    checkout.must(["update-index", "--index-version", "4"]);
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
}

#[test]
fn conflicts_are_changes() {
    for kind in ["content", "add", "delete", "directory"] {
        let checkout = with_files();
        checkout.must(["checkout", "-qb", "other"]);
        match kind {
            "content" => add(&checkout, "d/e/deep", "theirs"),
            "add" => add(&checkout, "src/new", "theirs"),
            "delete" => run(&checkout, &["rm", "-q", "d/x"]),
            _ => add(&checkout, "n/inner", "theirs"),
        }
        checkout.must(["commit", "-qm", "theirs"]);
        checkout.must(["checkout", "-q", "main"]);
        match kind {
            "content" => add(&checkout, "d/e/deep", "ours"),
            "add" => add(&checkout, "src/new", "ours"),
            "delete" => add(&checkout, "d/x", "ours"),
            _ => add(&checkout, "n", "ours"),
        }
        checkout.must(["commit", "-qm", "ours"]);
        assert!(checkout.git(["merge", "other"]).status != 0);
        assert_eq!(checkout.assert_some_staged(), Way::Entries, "{kind}");
        checkout.must(["add", "-A"]);
        assert_eq!(checkout.assert_staged(), Way::Entries, "{kind}");
    }
}

#[test]
fn an_unborn_branch_has_the_empty_tree() {
    let checkout = empty();
    assert_eq!(checkout.assert_staged(), Way::Entries);
    checkout.write("d/a", "1");
    checkout.must(["add", "-A"]);
    assert_eq!(checkout.assert_staged(), Way::Entries);
    checkout.must(["write-tree"]);
    assert_eq!(checkout.assert_staged(), Way::KnownTree);
    checkout.must(["commit", "-qm", "first"]);
    checkout.must(["checkout", "-q", "--orphan", "fresh"]);
    assert_eq!(checkout.assert_staged(), Way::KnownTree);
}

fn add(checkout: &Checkout, path: &str, text: &str) {
    checkout.write(path, text);
    checkout.must(["add", path]);
}

fn run(checkout: &Checkout, arguments: &[&str]) {
    checkout.git(arguments);
}

fn gitlink(checkout: &Checkout, path: &str, oid: &str) {
    checkout.must(["update-index", "--add", "--cacheinfo", &format!("160000,{oid},{path}")]);
}

fn hash_size(checkout: &Checkout) -> usize {
    checkout.open().object_hash().size()
}

fn tree(checkout: &Checkout) -> Option<git_kitty::domain::oid::Oid> {
    Some(checkout.oid("HEAD^{tree}"))
}
