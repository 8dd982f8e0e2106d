use proptest::prelude::*;

use super::*;

fn globs(entries: &[&str]) -> Globs {
    Globs::new(entries, false)
}

fn witness(a: &str, b: &str) -> Option<String> {
    match globs(&[a]).overlap(&globs(&[b])) {
        Overlap::Shared(path) => Some(path.to_string()),
        Overlap::Disjoint => None,
        Overlap::Unproven => panic!("{a} {b}: unproven"),
    }
}

#[test]
fn a_path_is_named_that_both_match() {
    for (a, b, path) in [
        ("src/a.rs", "src/a.rs", "src/a.rs"),
        ("src", "src/deep/a.rs", "src/deep/a.rs"),
        ("src/", "src/**", "src/a"),
        ("src/**", "src", "src/a"),
        ("src/*", "src/*.rs", "src/a.rs"),
        (".github/*", ".github/*.yml", ".github/a.yml"),
        ("**/x.rs", "src/**", "src/x.rs"),
        ("**", "**", "a"),
        ("a*", "*b", "ab"),
        ("src/**/a/**", "src/b/**/c", "src/b/a/c"),
        ("*.{rs,toml}", "Cargo.*", "Cargo.rs"),
        ("src/[a-c].rs", "src/[c-e].rs", "src/c.rs"),
        ("src/[!a].rs", "src/?.rs", "src/0.rs"),
        ("app/[id].ts", "app/\\[*", "app/[id].ts"),
        ("./a/[b", "a/**", "a/[b"),
        ("dé/**", "d*/ü", "dé/ü"),
        ("src/*/", "src/a/b/c", "src/a/b/c"),
    ] {
        assert_eq!(witness(a, b).as_deref(), Some(path), "{a} {b}");
    }
}

#[test]
fn what_cannot_meet_is_proven_disjoint() {
    for (a, b) in [
        ("src/foo", "src/foobar"),
        ("src/foo/**", "src/foobar/**"),
        ("src/foo/**", "src/fo?"),
        ("app/[id].ts", "app/[*"),
        ("src/*", "src/deep/a.rs"),
        ("*.rs", "src/**"),
        ("src/*.rs", "src/*.py"),
        ("src/**/test_1*.py", "src/**/test_2*.py"),
        ("src/a?", "src/a"),
        ("[a-c]/**", "[d-f]/**"),
        ("{a,b}/x", "{c,d}/x"),
        ("a//b", "a/**"),
        (".", "**"),
        ("..", "**"),
        ("a/../b", "**"),
        (".git/config", "**"),
        ("/src", "**"),
        ("", "**"),
        ("src/A", "src/a"),
    ] {
        assert_eq!((witness(a, b), witness(b, a)), (None, None), "{a} {b}");
    }
}

#[test]
fn folded_case_makes_more_overlaps() {
    let overlap = |a: &str, b: &str| Globs::new([a], true).overlap(&Globs::new([b], true));
    for (a, b) in [
        ("SRC/A.rs", "src/a.RS"),
        ("Src/**", "sRC/x"),
        ("src/*.RS", "SRC/a*"),
        ("ÄB/**", "äb/c"),
        ("Σας", "σΑΣ"),
        ("Kit/**", "\u{212a}it/a"),
        ("\u{130}x", "i\u{307}X"),
        ("k*", "Kb"),
    ] {
        let Overlap::Shared(path) = overlap(a, b) else { panic!("{a} {b}") };
        assert!(Pattern::new(a, true).matches(&path) && Pattern::new(b, true).matches(&path));
    }
    assert_eq!(overlap("SRC/**", "lib/**"), Overlap::Disjoint);
    assert_eq!(overlap("kit.rs", "iit.rs"), Overlap::Disjoint);
    assert_eq!(overlap("Äb", "Ëb"), Overlap::Disjoint);
}

#[test]
fn all_pairs_of_owners_are_told_once() {
    let owners = [
        globs(&["src/a/**", "docs/a.md"]),
        globs(&["src/b/**", "docs/*.md"]),
        globs(&["src/c.rs"]),
        globs(&["src/**", "docs/a.md"]),
        globs(&[]),
    ];
    let owners: Vec<&Globs> = owners.iter().collect();
    let found = overlaps(&owners);
    let text: Vec<String> = found
        .iter()
        .map(|c| format!("{:?} {:?} {}", c.owners, c.entries, c.witness.as_ref().unwrap()))
        .collect();
    assert_eq!(
        text,
        [
            "(0, 1) (\"docs/a.md\", \"docs/*.md\") docs/a.md",
            "(0, 3) (\"docs/a.md\", \"docs/a.md\") docs/a.md",
            "(1, 3) (\"docs/*.md\", \"docs/a.md\") docs/a.md",
            "(2, 3) (\"src/c.rs\", \"src/**\") src/c.rs",
        ]
    );
}

#[test]
fn hostile_patterns_end_in_an_honest_answer() {
    let stars = |end: &str| format!("{}{end}", "*a".repeat(2000));
    let braces = |end: &str| format!("{}{end}", "{*a,*b*}".repeat(64));
    let deep = |end: &str| format!("{}{end}", "**/a*/".repeat(600));
    for (a, b) in [
        (stars("x"), stars("y")),
        (braces("x"), braces("y")),
        (deep("x"), deep("[y]")),
        (stars("x"), deep("{y,z}")),
    ] {
        let (a, b) = (Globs::new([a], false), Globs::new([b], false));
        assert_ne!(a.overlap(&b), Overlap::Shared("x".into()));
    }
}

#[test]
fn a_spent_budget_is_no_proof() {
    let (a, b) = (globs(&["**/a*b*c"]), globs(&["**/a*b*{d,e}"]));
    let question = Question::new(&[&a, &b]);
    assert!(question.answer(BUDGET).is_empty());
    let unproven = question.answer(Budget::new(10, 10));
    assert_eq!(unproven.len(), 1);
    assert_eq!(unproven[0].witness, None);
}

#[test]
fn two_thousand_globs_of_two_hundred_owners_are_within_the_budget() {
    let owners: Vec<Globs> = (0..200)
        .map(|n| {
            let entries = (0..10).map(|k| match k % 6 {
                0 => format!("src/module_{n}/{k}/**"),
                1 => format!("tests/**/test_{n}_{k}_*.py"),
                2 => format!("src/module_{n}/*_{k}.rs"),
                3 => format!("docs/**/part-{n}-{k}/*.md"),
                4 => format!("src/[a-z]_{n}_{k}/*.{{rs,toml}}"),
                _ => format!("src/shared/file_{n}_{k}.rs"),
            });
            Globs::new(entries, false)
        })
        .collect();
    let owners: Vec<&Globs> = owners.iter().collect();
    let found = overlaps(&owners);
    assert_eq!(found.first(), None);
}

#[test]
fn of_very_many_overlaps_enough_are_told_to_link_their_owners() {
    let owners: Vec<Globs> = (0..200).map(|n| globs(&[&format!("src/*_{n}_*.rs")])).collect();
    let owners: Vec<&Globs> = owners.iter().collect();
    let found = overlaps(&owners);
    assert!((PLENTY..PLENTY + 200).contains(&found.len()), "{}", found.len());
    let mut linked = std::collections::BTreeSet::from([0]);
    for _ in 0..200 {
        let reached =
            found.iter().filter(|c| linked.contains(&c.owners.0) || linked.contains(&c.owners.1));
        let reached: Vec<usize> = reached.flat_map(|c| [c.owners.0, c.owners.1]).collect();
        linked.extend(reached);
    }
    assert_eq!(linked.len(), 200);
}

/// A glob from pieces that meet often.
fn glob() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", "b", "ab", "*", "?", "**", "[ab]", "[--0]", "[!a]", "{a,b/a}", "{*,b}", ".", "\\*",
        "é", "{a,**}", "[",
    ]);
    let component = prop::collection::vec(piece, 1..3).prop_map(|pieces| pieces.concat());
    (prop::collection::vec(component, 1..4), prop::sample::select(vec!["", "/", "/**", "/*"]))
        .prop_map(|(components, end)| format!("{}{end}", components.join("/")))
}

fn path() -> impl Strategy<Value = String> {
    let component =
        prop::sample::select(vec!["a", "b", "ab", "ba", "aa", ".a", "*", "é", "[", "a."]);
    prop::collection::vec(component, 1..5).prop_map(|components| components.join("/"))
}

/// A path that is close to a glob: its wildcards replaced.
fn like(glob: &str, filling: &str) -> String {
    let replaced = glob.replace("**", filling).replace(['*', '?'], "a");
    replaced
        .replace("[ab]", "b")
        .replace("[!a]", "b")
        .replace("{a,b/a}", "b/a")
        .replace("{a,b}", "b")
}

/// A glob that matches a path, if its characters let it.
fn widened(path: &str, ways: impl Iterator<Item = u8>) -> String {
    let components = path.split('/').zip(ways).map(|(name, way)| match way {
        0 => name.to_owned(),
        1 => "*".to_owned(),
        2 => "**".to_owned(),
        3 => format!("{{{name},x/y}}"),
        4 => "[!x]*".to_owned(),
        5 => format!("**/{name}"),
        _ => format!("{}*", name.chars().next().unwrap()),
    });
    components.collect::<Vec<_>>().join("/")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_proof_agrees_with_the_matcher(
        a in prop::collection::vec(glob(), 1..3),
        b in prop::collection::vec(glob(), 1..3),
        paths in prop::collection::vec(path(), 40),
        fold_case: bool,
    ) {
        let (of_a, of_b) = (Globs::new(&a, fold_case), Globs::new(&b, fold_case));
        let both = |path: &RepoPath| of_a.matching(path).is_some() && of_b.matching(path).is_some();
        match of_a.overlap(&of_b) {
            Overlap::Shared(path) => {
                prop_assert!(both(&path), "{path} is not owned by both");
                prop_assert!(component::is_path(path.as_bytes()), "{path} is no path");
            }
            Overlap::Disjoint => {
                let near = a.iter().chain(&b).flat_map(|glob| paths.iter().map(|p| like(glob, p)));
                for path in paths.iter().cloned().chain(near.take(80)) {
                    let path = RepoPath::from(path.as_str());
                    let valid = component::is_path(path.as_bytes());
                    prop_assert!(!(valid && both(&path)), "{path} is owned by both");
                }
            }
            Overlap::Unproven => prop_assert!(fold_case, "unproven"),
        }
    }

    #[test]
    fn a_path_that_both_match_is_always_found(
        path in path(),
        ways in prop::collection::vec((0..7_u8, 0..7_u8), 5),
    ) {
        let (a, b) = (widened(&path, ways.iter().map(|w| w.0)), widened(&path, ways.iter().map(|w| w.1)));
        let (of_a, of_b) = (Globs::new([&a], false), Globs::new([&b], false));
        let path = RepoPath::from(path.as_str());
        if of_a.matching(&path).is_some() && of_b.matching(&path).is_some() {
            prop_assert!(matches!(of_a.overlap(&of_b), Overlap::Shared(_)), "{a} {b} {path}");
        }
    }

    #[test]
    fn an_owner_overlaps_with_its_own_path_and_itself(a in glob(), path in path()) {
        let (of_a, of_path) = (Globs::new([&a], false), Globs::new([&path], false));
        if of_a.matching(&RepoPath::from(path.as_str())).is_some() {
            prop_assert!(matches!(of_a.overlap(&of_path), Overlap::Shared(_)));
            prop_assert!(matches!(of_a.overlap(&of_a), Overlap::Shared(_)));
        }
    }
}
