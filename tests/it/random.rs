//! Random operations, each followed by a comparison with git.

use git_kitty::git::Way;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::kit::checkout::Checkout;
use crate::kit::library::{is_thorough, with_files};

#[derive(Debug, Clone)]
enum Operation {
    Write(String, u8),
    Link(String, u8),
    Remove(String),
    Mode(String, bool),
    Gitlink(String),
    Intend(String),
    WriteTree,
    Commit,
    Version(u8),
}

fn path() -> impl Strategy<Value = String> {
    let part = prop_oneof!["[ab]", "[ab][.!0-]", Just("a b".to_owned()), Just("\u{e9}".to_owned())];
    proptest::collection::vec(part, 1..4).prop_map(|parts| parts.join("/"))
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        8 => (path(), any::<u8>()).prop_map(|(path, text)| Operation::Write(path, text)),
        1 => (path(), any::<u8>()).prop_map(|(path, text)| Operation::Link(path, text)),
        4 => path().prop_map(Operation::Remove),
        1 => (path(), any::<bool>()).prop_map(|(path, on)| Operation::Mode(path, on)),
        1 => path().prop_map(Operation::Gitlink),
        1 => path().prop_map(Operation::Intend),
        2 => Just(Operation::WriteTree),
        1 => Just(Operation::Commit),
        1 => (2..=4u8).prop_map(Operation::Version),
    ]
}

impl Operation {
    /// Does it in the index alone; what does not apply is left out.
    fn apply(&self, checkout: &Checkout) {
        let blob = |text: u8| {
            checkout.write("../blob", [text]);
            checkout.ask(["hash-object", "-w", "../blob"])
        };
        let place = |mode: &str, oid: &str, path: &str| {
            let info = format!("{mode},{oid},{path}");
            checkout.must(["update-index", "--add", "--replace", "--cacheinfo", &info]);
        };
        match self {
            Self::Write(path, text) => place("100644", &blob(*text), path),
            Self::Link(path, text) => place("120000", &blob(*text), path),
            Self::Gitlink(path) => place("160000", &"ab".repeat(20), path),
            Self::Remove(path) => {
                checkout.git(["rm", "-rq", "--cached", path]);
            }
            Self::Mode(path, on) => {
                let chmod = if *on { "--chmod=+x" } else { "--chmod=-x" };
                checkout.git(["update-index", chmod, path]);
            }
            Self::Intend(path) => {
                if !checkout.file(path).is_dir()
                    && checkout.file(path).ancestors().all(|p| !p.is_file())
                {
                    checkout.write(path, "intended");
                    checkout.git(["add", "-N", path]);
                }
            }
            Self::WriteTree => {
                checkout.git(["write-tree"]);
            }
            Self::Commit => {
                checkout.git(["commit", "-qm", "step"]);
            }
            Self::Version(version) => {
                checkout.git(["update-index", "--index-version", &version.to_string()]);
            }
        }
    }
}

#[test]
fn any_sequence_gives_what_git_gives() {
    let cases = if is_thorough() { 100 } else { 6 };
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let operations = proptest::collection::vec(operation(), 1..25);
    TestRunner::new(config)
        .run(&operations, |operations| {
            let checkout = with_files();
            for operation in &operations {
                operation.apply(&checkout);
                let way = checkout.assert_staged();
                assert!(!matches!(way, Way::Git(_)), "{operation:?}: {way:?}");
            }
            Ok(())
        })
        .unwrap();
}
