//! The layers of `docs/architecture.md`, proven by the paths that each file names.

use crate::source::{code, production};

/// A layer with those that it may use besides itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("policy", &["domain"]),
    ("git", &["domain"]),
    ("store", &["domain", "git"]),
    ("flow", &["domain", "policy", "git", "store"]),
    ("hook", &["domain", "policy", "git", "store", "flow"]),
    ("cli", &["domain", "policy", "git", "store", "flow", "hook"]),
];

/// Words that only one layer may name: git's library and processes, and printing.
const RESERVED: &[(&str, &[&str])] = &[
    ("gix", &["git"]),
    ("duct", &["git"]),
    ("Command::new", &["git"]),
    ("process::Command", &["git"]),
    ("print!", &["cli"]),
    ("println!", &["cli"]),
    ("eprint!", &["cli"]),
    ("eprintln!", &["cli"]),
    ("dbg!", &[]),
    ("stdout", &["cli", "git"]),
    ("stderr", &["cli", "git", "hook"]),
];

/// What is wrong in a file of the library, a sentence each. `text` is without comments and tests.
fn violations(path: &str, text: &str) -> Vec<String> {
    let layer = path.strip_prefix("src/").unwrap().split(['/', '.']).next().unwrap();
    let allowed = LAYERS.iter().find(|(name, _)| *name == layer);
    let Some((_, below)) = allowed else { return vec![format!("{path}: `{layer}` is no layer")] };
    let text = &text.replace("clap::Command", "clap");
    let text = &from_the_top(path, text);
    let used = modules(text).into_iter();
    let crossed = used.filter(|module| module != layer && !below.contains(&module.as_str()));
    let crossed = crossed.map(|module| format!("{path}: `{layer}` must not use `{module}`"));
    let reserved =
        RESERVED.iter().filter(|(word, layers)| !layers.contains(&layer) && names(text, word));
    crossed.chain(reserved.map(|(word, _)| format!("{path}: must not name `{word}`"))).collect()
}

/// The text with `crate::` for as many `super::` as lead out of all modules of the file.
fn from_the_top(path: &str, text: &str) -> String {
    let file = path.strip_prefix("src/").unwrap().trim_end_matches(".rs");
    let depth = file.trim_end_matches("/mod").split('/').count();
    text.replace(&"super::".repeat(depth), "crate::")
}

/// The top modules that a text names: `crate::git::Repo`, `use crate::{domain::x, git}`.
fn modules(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(group) => found.extend(first_words(group)),
            None => found.push(word(rest)),
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The first word of each item of a group, which may hold groups itself.
fn first_words(group: &str) -> Vec<String> {
    let (mut depth, mut item, mut found) = (0_u32, String::new(), Vec::new());
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.push(word(&std::mem::take(&mut item))),
            c if depth == 0 => item.push(c),
            _ => {}
        }
    }
    found.push(word(&item));
    found.retain(|word| !word.is_empty());
    found
}

fn word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Whether a text holds `name` as a word of its own.
fn names(text: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let after = &text[at + name.len()..];
        !text[..at].ends_with(part) && (name.ends_with('!') || !after.starts_with(part))
    })
}

#[test]
fn every_file_keeps_to_its_layer() {
    let files = production("src").into_iter();
    let library =
        files.filter(|file| file.path != "src/lib.rs" && !file.path.starts_with("src/bin/"));
    let found: Vec<String> = library.flat_map(|file| violations(&file.path, &file.text)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_layers_are_those_of_the_library() {
    let library = production("src/lib.rs").remove(0).text;
    let mut modules: Vec<&str> = library
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    let mut layers: Vec<&str> = LAYERS.iter().map(|(name, _)| *name).collect();
    modules.sort_unstable();
    layers.sort_unstable();
    assert_eq!(modules, layers);
}

#[test]
fn mains_are_a_few_lines() {
    let mains = production("src/bin").into_iter().chain(production("hooks"));
    for main in mains {
        assert!(main.text.lines().count() <= 10, "{} is long", main.path);
        let layer = if main.path.starts_with("hooks/") { "hook" } else { "cli" };
        let calls = main.text.matches("git_kitty::").count();
        let own = main.text.matches(&format!("git_kitty::{layer}::")).count();
        assert_eq!((calls, own), (1, 1), "{} calls one function of `{layer}`", main.path);
    }
}

#[test]
fn a_planted_violation_is_found() {
    for (path, text, expected) in [
        ("src/domain/a.rs", "use crate::git::Repo;", "`domain` must not use `git`"),
        ("src/policy/a.rs", "fn f(r: &crate::store::View) {}", "`policy` must not use `store`"),
        ("src/git/a.rs", "use crate::{domain::oid::Oid, flow};", "`git` must not use `flow`"),
        (
            "src/store/a.rs",
            "use crate::{\n    git::{Repo, refs},\n    policy::judge,\n};",
            "`store` must not use `policy`",
        ),
        ("src/flow/a.rs", "use crate::hook::Door;", "`flow` must not use `hook`"),
        ("src/hook/a.rs", "pub(in crate::cli) fn f() {}", "`hook` must not use `cli`"),
        ("src/git/index/a.rs", "use super::super::super::hook::Door;", "`git` must not use `hook`"),
        ("src/git/mod.rs", "use super::{cli, domain};", "`git` must not use `cli`"),
        (
            "src/cli/a.rs",
            "use std::process::{Command, Output};\nCommand::new(\"git\")",
            "must not name `Command::new`",
        ),
        ("src/store/a.rs", "let r: gix::Repository;", "must not name `gix`"),
        (
            "src/flow/a.rs",
            "std::process::Command::new(\"git\")",
            "must not name `process::Command`",
        ),
        ("src/hook/a.rs", "println!(\"x\")", "must not name `println!`"),
        ("src/flow/a.rs", "io::stderr().write(b)", "must not name `stderr`"),
        ("src/util/a.rs", "", "`util` is no layer"),
    ] {
        let found = violations(path, text);
        assert!(found.iter().any(|line| line.ends_with(expected)), "{expected}: {found:?}");
    }
}

#[test]
fn what_is_allowed_is_not_reported() {
    let text = "//! Not `crate::cli`.\nuse crate::{domain::{oid::Oid, path}, git};\nlet product = 1;\n\
                #[cfg(test)]\nmod tests {\n    use crate::cli;\n}\n";
    assert_eq!(violations("src/flow/mod.rs", &code(text)), Vec::<String>::new());
    assert_eq!(modules(&code(text)), ["domain", "git"]);
}
