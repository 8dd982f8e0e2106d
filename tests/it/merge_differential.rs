//! Our merges against `git merge-tree`, kind by kind.

use git_kitty::domain::oid::Oid;
use git_kitty::git::{AutoMerge, Pair, automatic_merge, merge_all};

use crate::kit::checkout::Checkout;
use crate::kit::history::{Edit, History, Leaf, gone, moved, text};
use crate::kit::repo::{ObjectFormat, RepoBuilder};

/// What is fixed, and is not git's default.
const FIXED: [&str; 6] = [
    "merge.directoryRenames=conflict",
    "merge.renameLimit=7000",
    "diff.renameLimit=7000",
    "diff.algorithm=histogram",
    "merge.conflictStyle=merge",
    "merge.renormalize=false",
];

/// A merge: its name, whether it is clean, and the edits of base, ours and theirs.
type Case = (&'static str, bool, Vec<Edit>, Vec<Edit>, Vec<Edit>);

pub(crate) fn lines() -> String {
    (1..=30).map(|n| format!("line {n}\n")).collect()
}

/// The lines with one changed.
pub(crate) fn with(line: u32, word: &str) -> String {
    lines().replace(&format!("line {line}\n"), &format!("{word}\n"))
}

pub(crate) fn link(path: &str, target: &str) -> Edit {
    (path.to_owned(), Leaf::Link(target.to_owned()))
}

fn program(path: &str, content: String) -> Edit {
    (path.to_owned(), Leaf::Program(content))
}

fn module(path: &str, digit: &str) -> Edit {
    (path.to_owned(), Leaf::Module(digit.repeat(40).parse().unwrap()))
}

/// Files in a directory that is told from others by what they hold.
fn directory(name: &str) -> Vec<Edit> {
    (0..4).map(|n| text(&format!("{name}/f{n}"), format!("{n}\n{}", lines()))).collect()
}

fn texts() -> Vec<Case> {
    let crlf = |content: String| content.replace('\n', "\r\n");
    let large = |head: &str, tail: &str| format!("{head}\n{}{tail}\n", lines().repeat(20_000));
    let binary = |byte: &str| format!("\0{byte}{}", lines());
    let file = |content: String| vec![text("f", content)];
    vec![
        ("edits apart", true, file(lines()), file(with(2, "x")), file(with(28, "y"))),
        ("edits of one line", false, file(lines()), file(with(2, "x")), file(with(2, "y"))),
        ("the same edit", true, file(lines()), file(with(2, "x")), file(with(2, "x"))),
        ("neighbouring lines", false, file(lines()), file(with(2, "x")), file(with(3, "y"))),
        ("added alike", true, vec![], file(lines()), file(lines())),
        ("added otherwise", false, vec![], file(lines()), file(with(2, "x"))),
        ("deleted and edited", false, file(lines()), vec![gone("f")], file(with(2, "x"))),
        ("deleted by both", true, file(lines()), vec![gone("f")], vec![gone("f")]),
        ("line ends, then an edit", false, file(lines()), file(crlf(lines())), file(with(2, "y"))),
        (
            "edits apart with CRLF",
            true,
            file(crlf(lines())),
            file(crlf(with(2, "x"))),
            file(crlf(with(28, "y"))),
        ),
        ("large", true, file(large("a", "b")), file(large("x", "b")), file(large("a", "y"))),
        ("binary", false, file(binary("1")), file(binary("2")), file(binary("3"))),
        ("binary of one side", true, file(binary("1")), file(binary("2")), vec![text("g", "g")]),
    ]
}

fn renames() -> Vec<Case> {
    let file = || vec![text("f", lines())];
    let to = |name: &str, content: String| moved("f", name, content).to_vec();
    let whole = |from: &str, to: &str| -> Vec<Edit> {
        let left = directory(from).into_iter().map(|(path, _)| gone(&path));
        left.chain(directory(to)).collect()
    };
    vec![
        ("renamed and edited", true, file(), to("g", lines()), vec![text("f", with(2, "y"))]),
        ("edited and renamed", true, file(), vec![text("f", with(2, "y"))], to("g", with(28, "x"))),
        ("renamed twice", false, file(), to("g", lines()), to("h", lines())),
        ("renamed alike", true, file(), to("g", with(2, "x")), to("g", with(28, "y"))),
        ("renamed and deleted", false, file(), to("g", lines()), vec![gone("f")]),
        ("renamed onto", false, file(), to("g", lines()), vec![text("g", "other\n")]),
        ("case only", true, file(), to("F", lines()), vec![text("f", with(2, "y"))]),
        ("two that differ in case", true, vec![], vec![text("a", "1")], vec![text("A", "2")]),
        (
            "directory renamed, file added",
            false,
            directory("old"),
            whole("old", "new"),
            vec![text("old/added", "added\n")],
        ),
        (
            "file added, directory renamed",
            false,
            directory("old"),
            vec![text("old/added", "added\n")],
            whole("old", "new"),
        ),
        (
            "directory renamed, file edited",
            true,
            directory("old"),
            whole("old", "new"),
            vec![text("old/f1", format!("1\n{}", with(9, "y")))],
        ),
    ]
}

fn kinds() -> Vec<Case> {
    let file = || vec![text("f", lines())];
    vec![
        ("mode and edit", true, file(), vec![program("f", lines())], vec![text("f", with(2, "y"))]),
        ("mode of both", true, file(), vec![program("f", lines())], vec![program("f", lines())]),
        ("links", false, vec![link("l", "a")], vec![link("l", "b")], vec![link("l", "c")]),
        ("link of one", true, vec![link("l", "a")], vec![link("l", "b")], file()),
        ("link or file", false, file(), vec![link("f", "a")], vec![text("f", with(2, "y"))]),
        (
            "file or directory",
            false,
            file(),
            vec![gone("f"), text("f/below", "b\n")],
            vec![text("f", with(2, "y"))],
        ),
        ("directory over a file", true, file(), vec![gone("f"), text("f/b", "b\n")], vec![]),
        ("submodule of one", true, vec![module("m", "1")], vec![module("m", "2")], file()),
        (
            "submodules",
            false,
            vec![module("m", "1")],
            vec![module("m", "2")],
            vec![module("m", "3")],
        ),
        (
            "odd names",
            false,
            vec![],
            vec![text("a\tb\n\u{e9} \"", "1")],
            vec![text("a\tb\n\u{e9} \"", "2")],
        ),
        (
            "many at once",
            false,
            vec![text("f", lines()), text("g", lines()), text("h", lines())],
            vec![text("f", with(2, "x")), text("g", with(2, "x")), text("new/a/b", "n")],
            vec![text("f", with(2, "y")), text("g", with(28, "y")), gone("h")],
        ),
    ]
}

/// The two commits of a case.
fn pair(history: &History, (_, _, base, ours, theirs): &Case) -> Pair {
    let base = history.commit(&[], base);
    let [ours, theirs] = [ours, theirs].map(|edits| history.commit(&[base], edits));
    Pair { ours, theirs }
}

/// What plain git says of each pair: whether it is clean, and the tree.
pub(crate) fn plain(checkout: &Checkout, pairs: &[Pair]) -> Vec<(bool, String)> {
    let settings = FIXED.iter().flat_map(|setting| ["-c", *setting]);
    let words = ["merge-tree", "--write-tree", "-z", "--no-messages", "--stdin"];
    let call = checkout.call(settings).args(words).args(["--allow-unrelated-histories"]);
    let input: String = pairs.iter().map(|at| format!("{} {}\n", at.ours, at.theirs)).collect();
    let output = call.stdin(input).run().exits(0).bytes;
    let output = String::from_utf8_lossy(&output).into_owned();
    let answers = output.split("\0\0").filter(|answer| answer.len() > 40);
    let answer = |text: &str| {
        let mut words = text.split('\0').filter(|word| !word.is_empty());
        (words.next() == Some("1"), words.next().unwrap().to_owned())
    };
    answers.map(answer).collect()
}

pub(crate) fn shown(merge: &AutoMerge) -> (bool, String) {
    (merge.clean, merge.tree.to_string())
}

#[test]
fn every_kind_of_merge_is_what_git_makes() {
    for objects in [ObjectFormat::Sha1, ObjectFormat::Sha256] {
        let history = History::of(RepoBuilder::default().objects(objects));
        let mut cases = [texts(), renames(), kinds()].concat();
        if objects == ObjectFormat::Sha256 {
            cases.retain(|(name, ..)| !name.starts_with("submodule"));
        }
        let pairs: Vec<Pair> = cases.iter().map(|case| pair(&history, case)).collect();
        let merges = merge_all(&history.repo, &pairs).unwrap();
        let expected = plain(&history.checkout, &pairs);
        assert_eq!(expected.len(), cases.len());
        for (((case, pair), merge), expected) in
            cases.iter().zip(&pairs).zip(&merges).zip(&expected)
        {
            let name = case.0;
            assert_eq!(shown(merge), *expected, "{name}");
            assert_eq!(merge.clean, case.1, "{name}: {:?}", merge.conflicted);
            assert_eq!(merge.clean, merge.stages.is_empty(), "{name}");
            let single = automatic_merge(&history.repo, pair.ours, &[pair.theirs]).unwrap();
            assert_eq!(single, *merge, "{name}");
        }
    }
}

/// Two bases, which git merges first; in that merge they conflict.
#[test]
fn criss_cross_histories_are_merged_as_git_does() {
    let history = History::default();
    let root = history.commit(&[], &[text("f", lines()), text("g", lines())]);
    let one = history.commit(&[root], &[text("f", with(5, "one")), text("g", with(2, "one"))]);
    let two = history.commit(&[root], &[text("f", with(5, "two")), text("g", with(28, "two"))]);
    let settled = |word: &str| [text("f", with(5, word)), text("h", word)];
    let left = history.commit(&[one, two], &settled("left"));
    let right = history.commit(&[two, one], &settled("right"));
    let more = history.commit(&[left], &[text("g", with(9, "more"))]);
    let pairs = [(left, right), (right, more), (more, right)];
    let pairs = pairs.map(|(ours, theirs)| Pair { ours, theirs });
    let merges: Vec<_> = merge_all(&history.repo, &pairs).unwrap().iter().map(shown).collect();
    assert_eq!(merges, plain(&history.checkout, &pairs));
    assert!(!merges[0].0);
}

/// Conflicts as an index would hold them.
#[test]
fn the_sides_of_a_conflict_are_told() {
    let history = History::default();
    let base = history.commit(&[], &[text("f", "base\n"), text("g", "g\n")]);
    let ours = history.commit(&[base], &[program("f", "ours\n".to_owned()), text("new", "1\n")]);
    let theirs = history.commit(&[base], &[gone("f"), text("g", "other\n"), text("new", "2\n")]);
    let merge = automatic_merge(&history.repo, ours, &[theirs]).unwrap();
    let at =
        |commit: Oid, path: &str| history.repo.entry(history.tree(commit), &path.into()).unwrap();
    let [f, new] = merge.stages.as_slice() else { panic!("{:?}", merge.stages) };
    assert_eq!([f.base, f.ours, f.theirs], [at(base, "f"), at(ours, "f"), None]);
    assert_eq!([new.base, new.ours, new.theirs], [None, at(ours, "new"), at(theirs, "new")]);
    assert_eq!(merge.conflicted, ["f".into(), "new".into()]);
}
