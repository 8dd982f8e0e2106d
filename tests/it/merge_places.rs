//! Automatic merges depend on nothing but the commits, wherever they are made.

use git_kitty::domain::oid::Oid;
use git_kitty::git::{Pair, automatic_merge, merge_all};

use crate::kit::checkout::Checkout;
use crate::kit::history::{History, Leaf, text};
use crate::kit::library::empty;
use crate::merge_differential::{lines, link, plain, shown, with};

/// Attributes count as the commit has them that is merged into, at any depth.
#[test]
fn attributes_are_those_of_what_is_merged_into() {
    let history = History::default();
    let attributes = "*.bin binary\nunion merge=union\nno -merge\nyes merge=text\n";
    let base = history.commit(
        &[],
        &["x.bin", "union", "no", "yes", "deep/union", "deep/er/no"]
            .map(|path| text(path, lines())),
    );
    let edited = |parent: Oid, line: u32, word: &str| {
        let paths = ["x.bin", "union", "no", "yes", "deep/union", "deep/er/no"];
        history.commit(&[parent], &paths.map(|path| text(path, with(line, word))))
    };
    let deep = text("deep/.gitattributes", "union -merge\ner/no merge=union\n");
    let marked = history.commit(&[base], &[text(".gitattributes", attributes), deep]);
    let [ours, theirs] = [edited(marked, 2, "x"), edited(marked, 28, "y")];
    let [bare_ours, same_line] = [edited(base, 2, "x"), edited(base, 2, "y")];
    let conflicts = |ours: Oid, theirs: Oid| {
        let merge = automatic_merge(&history.repo, ours, &[theirs]).unwrap();
        merge.conflicted.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(conflicts(ours, theirs), ["deep/union", "no", "x.bin"]);
    assert_eq!(conflicts(ours, same_line), ["deep/union", "no", "x.bin", "yes"]);
    // Those of the other side do not count, and all of them can be in one call.
    assert_eq!(conflicts(bare_ours, theirs), [""; 0]);
    let pairs = [(ours, theirs), (bare_ours, theirs), (ours, same_line)];
    let pairs = pairs.map(|(ours, theirs)| Pair { ours, theirs });
    let all = merge_all(&history.repo, &pairs).unwrap();
    for (pair, merge) in pairs.iter().zip(&all) {
        assert_eq!(*merge, automatic_merge(&history.repo, pair.ours, &[pair.theirs]).unwrap());
        history.checkout.must(["checkout", "-q", "-f", &pair.ours.to_string()]);
        assert_eq!([shown(merge)], *plain(&history.checkout, &[*pair]));
    }
}

/// Anybody can push a tree in which a directory is called `..`.
#[test]
fn attributes_are_not_written_outside_of_the_place() {
    let history = History::default();
    let files = [text("up/.gitattributes", "* -merge\n"), text("f", lines())];
    let base = history.commit(&[], &files);
    let tree = history.checkout.ask(["ls-tree", &base.to_string()]).replace("\tup", "\t..");
    let tree = history.checkout.call(["mktree"]).stdin(tree + "\n").run().success();
    let ours = history.commit_tree(&[base], tree.parse().unwrap());
    let theirs = history.commit(&[base], &[text("f", with(2, "y"))]);
    let work = history.checkout.file(".git/kitty/cache/.merges.git/work");
    std::fs::create_dir_all(&work).unwrap();
    let _ = automatic_merge(&history.repo, ours, &[theirs]);
    assert_eq!(work.read_dir().unwrap().count(), 0);
}

/// What a link or a directory of that name says does not count, nor what git would not read.
#[test]
fn only_a_file_holds_attributes() {
    let history = History::default();
    let base = history.commit(&[], &[text("f", lines()), text("no", "f -merge\n")]);
    let edits = |parent: Oid| {
        let [ours, theirs] = [(2, "x"), (28, "y")]
            .map(|(line, word)| history.commit(&[parent], &[text("f", with(line, word))]));
        automatic_merge(&history.repo, ours, &[theirs]).unwrap().clean
    };
    assert!(edits(history.commit(&[base], &[link(".gitattributes", "no")])));
    assert!(edits(history.commit(&[base], &[text(".gitattributes/f", "f -merge\n")])));
    assert!(!edits(history.commit(&[base], &[text(".gitattributes", "f -merge\n")])));
}

#[test]
fn a_merge_driver_is_a_conflict_that_names_it_also_where_nobody_configured_it() {
    let history = History::default();
    let attributes =
        text(".gitattributes", "[attr]mine merge=it's=mine!\n\"a b\" mine\nf merge=other\n");
    let files = ["a b", "f", "g", "only"].map(|path| text(path, lines()));
    let base = history.commit(&[], &[&files[..], &[attributes]].concat());
    let edited = |line, word| {
        let edits = ["a b", "f", "g"].map(|path| text(path, with(line, word)));
        history.commit(&[base], &edits)
    };
    let [ours, theirs] = [edited(2, "x"), edited(28, "y")];
    let merge = automatic_merge(&history.repo, ours, &[theirs]).unwrap();
    let drivers = [("a b", "it's=mine!"), ("f", "other")];
    assert_eq!(merge.drivers, drivers.map(|(path, name)| (path.into(), name.to_owned())));
    assert_eq!(merge.conflicted, ["a b".into(), "f".into()]);
    assert!(automatic_merge(&history.repo, base, &[theirs]).unwrap().clean, "one side only");
}

/// Both sides edit files with each kind of attributes, and move a submodule.
fn sensitive(history: &History, module: [Oid; 3]) -> Pair {
    let attributes = "a merge=mine\nb merge=union\nc -merge\nd merge=text\n";
    let files = ["a", "b", "c", "d", "plain"];
    let side = |line: u32, word: &str, at: usize| {
        let edits = files.map(|path| text(path, with(line, word)));
        [&edits[..], &[("sub".to_owned(), Leaf::Module(module[at]))]].concat()
    };
    let modules = "[submodule \"sub\"]\n\tpath = sub\n\turl = ../sub\n";
    let begin = [text(".gitattributes", attributes), text(".gitmodules", modules)];
    let base = history.commit(&[], &[&side(1, "line 1", 0)[..], &begin].concat());
    let [ours, theirs] = [(2, "x", 1), (28, "y", 2)]
        .map(|(line, word, at)| history.commit(&[base], &side(line, word, at)));
    Pair { ours, theirs }
}

/// Three commits, one after the other, in a repository of their own.
fn submodule(history: &History) -> (Checkout, [Oid; 3]) {
    let sub = Checkout::at(history.checkout.sandbox(), history.checkout.sandbox().at("sub"));
    history.checkout.must(["init", "-q", "../sub"]);
    let commits = ["1", "2", "3"].map(|name| {
        sub.must(["commit", "-q", "--allow-empty", "-m", name]);
        sub.oid("HEAD")
    });
    (sub, commits)
}

#[test]
fn the_same_merge_is_the_same_everywhere() {
    let history = History::default();
    let (_, commits) = submodule(&history);
    let pair = sensitive(&history, commits);
    let checkout = &history.checkout;
    let merge = |from: &Checkout| automatic_merge(&from.open(), pair.ours, &[pair.theirs]).unwrap();
    let before = merge(checkout);
    assert_eq!(before.conflicted, ["a".into(), "c".into(), "sub".into()]);

    checkout.must(["checkout", "-q", "-b", "ours", &pair.ours.to_string()]);
    assert_eq!(merge(checkout), before, "with a work tree");
    checkout.must(["-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init"]);
    assert_eq!(merge(checkout), before, "with the submodule checked out");
    checkout.write(".git/info/attributes", "* -merge\n");
    assert_eq!(merge(checkout), before, "with attributes of the clone");
    std::fs::remove_file(checkout.file(".git/info/attributes")).unwrap();
    for driver in ["mine", "union", "text"] {
        checkout.must(["config", &format!("merge.{driver}.driver"), "true"]);
    }
    assert_eq!(merge(checkout), before, "with drivers");
    checkout.write("elsewhere/.gitattributes", "* merge=union\n");
    checkout.write(".gitattributes", "* merge=union\n");
    checkout.must(["add", "-A"]);
    assert_eq!(merge(&checkout.below("elsewhere")), before, "below, with other attributes");

    let other = empty();
    other.must(["checkout", "-q", "--orphan", "x"]);
    let elsewhere = other.clone().env("GIT_DIR", checkout.file(".git").into_os_string());
    let elsewhere = elsewhere.env("GIT_WORK_TREE", other.path().as_os_str());
    assert_eq!(merge(&elsewhere), before, "from another work tree");

    checkout.must(["update-ref", "refs/heads/theirs", &pair.theirs.to_string()]);
    checkout.must(["clone", "-q", "--bare", ".", "../bare.git"]);
    assert_eq!(merge(&checkout.below("../bare.git")), before, "bare");
    checkout.must(["clone", "-q", "--shared", "--no-checkout", ".", "../shared"]);
    assert_eq!(merge(&checkout.below("../shared")), before, "with borrowed objects");
    let objects = checkout.below("../shared").env("GIT_OBJECT_DIRECTORY", "../new");
    let objects = objects.env("GIT_ALTERNATE_OBJECT_DIRECTORIES", "../repo/.git/objects");
    std::fs::create_dir(checkout.file("../new")).unwrap();
    assert_eq!(merge(&objects), before, "with objects put elsewhere");
    automatic_merge(&objects.open(), pair.theirs, &[pair.ours]).unwrap();
    assert!(checkout.file("../new").read_dir().unwrap().count() > 0);
}

/// Of a partial clone what is missing is fetched.
#[test]
fn a_partial_clone_merges_alike() {
    let history = History::default();
    let checkout = &history.checkout;
    let ids = ["1", "2", "3"].map(|digit| digit.repeat(40).parse().unwrap());
    let pair = sensitive(&history, ids);
    checkout.must(["update-ref", "refs/heads/ours", &pair.ours.to_string()]);
    checkout.must(["update-ref", "refs/heads/theirs", &pair.theirs.to_string()]);
    checkout.must(["config", "uploadpack.allowFilter", "true"]);
    checkout.must(["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let url = format!("file://{}", checkout.path().display());
    checkout.must(["clone", "-q", "--no-checkout", "--filter=blob:none", &url, "../partial"]);
    let [here, there] = [checkout.clone(), checkout.below("../partial")]
        .map(|from| automatic_merge(&from.open(), pair.ours, &[pair.theirs]).unwrap());
    assert_eq!(here, there);
}

/// A place to merge in leaves nothing behind, and one that a power cut damaged is made again.
#[test]
fn the_place_to_merge_in_is_made_again() {
    let history = History::default();
    let ids = ["1", "2", "3"].map(|digit| digit.repeat(40).parse().unwrap());
    let pair = sensitive(&history, ids);
    let merge = || automatic_merge(&history.repo, pair.ours, &[pair.theirs]).unwrap();
    let before = merge();
    let place = history.checkout.file(".git/kitty/cache/.merges.git");
    for name in ["HEAD", "config"] {
        std::fs::write(place.join(name), "").unwrap();
        assert_eq!(merge(), before);
    }
    assert_eq!(place.join("work").read_dir().unwrap().count(), 0);
    std::fs::remove_dir_all(&place).unwrap();
    assert_eq!(merge(), before);
}

/// History that ends in a shallow clone ends there for the merge too.
#[test]
fn a_shallow_clone_merges_what_it_has() {
    let history = History::default();
    let checkout = &history.checkout;
    let root = history.commit(&[], &[text("f", lines())]);
    let base = history.commit(&[root], &[text("f", with(9, "base"))]);
    let ours = history.commit(&[base], &[text("f", with(9, "base").replace("line 2\n", "x\n"))]);
    let theirs = history.commit(&[base], &[text("f", with(9, "base").replace("line 28\n", "y\n"))]);
    checkout.must(["update-ref", "refs/heads/ours", &ours.to_string()]);
    checkout.must(["update-ref", "refs/heads/theirs", &theirs.to_string()]);
    let url = format!("file://{}", checkout.path().display());
    for (depth, clean) in [("2", true), ("1", false)] {
        let name = format!("../shallow{depth}");
        let depth = format!("--depth={depth}");
        checkout.must(["clone", "-q", "--no-single-branch", "--no-checkout", &depth, &url, &name]);
        let shallow = checkout.below(&name);
        let merge = automatic_merge(&shallow.open(), ours, &[theirs]).unwrap();
        assert_eq!(merge.clean, clean, "{depth}");
    }
}
