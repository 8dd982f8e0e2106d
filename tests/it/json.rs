//! What the commands print as JSON, against docs/json.md, in both directions.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::kit::mission::Topology;
use crate::scene::Scene;

/// The commands in the order of the page, each with arguments that make it say much.
const CALLS: [(&str, &[&str]); 10] = [
    ("init", &["init"]),
    ("install", &["install", "--status"]),
    ("scope", &["scope", "list", "--branch", "main"]),
    ("mission list", &["mission", "list"]),
    ("mission show", &["mission", "show"]),
    ("wp list", &["wp", "list"]),
    ("wp show", &["wp", "show", "WP03"]),
    ("status", &["status"]),
    ("why", &["why", "src/a/one.rs"]),
    ("guard", &["guard", "--explain", "--paths", "src/a/one.rs"]),
];

/// Keys that the head of the page explains.
const EVERYWHERE: [&str; 12] = [
    "schema",
    "warnings",
    "error_code",
    "message",
    "next_step",
    "destination_ref",
    "mission_slug",
    "wp_id",
    "lane_id",
    "paths",
    "line",
    "candidates",
];

fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/json.md");
    std::fs::read_to_string(path).unwrap()
}

/// The text of a command's section.
fn section<'p>(page: &'p str, command: &str) -> &'p str {
    let start =
        page.find(&format!("\n## {command}\n")).unwrap_or_else(|| panic!("no section {command}"));
    let text = &page[start + 4..];
    &text[..text.find("\n## ").unwrap_or(text.len())]
}

/// Words in backticks.
fn words(text: &str) -> BTreeSet<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .flat_map(|word| word.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .map(str::to_owned)
        .collect()
}

/// The keys of a document, at any depth; statuses are values that stand as keys in `counts`.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                found.insert(key.clone());
                if key != "counts" {
                    keys(value, found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_key_is_on_the_page() {
    let page = page();
    let scene = Scene::new(Topology::Coordination);
    for (command, arguments) in CALLS {
        let output = scene.lane.kitty(arguments.iter().chain(&["--format", "json"]));
        assert!(output.stdout.starts_with(r#"{"schema":1,"#), "{output}");
        let document: Value = serde_json::from_str(&output.stdout).unwrap();
        let mut found = BTreeSet::new();
        keys(&document, &mut found);
        let section = section(&page, command);
        let mut known = words(section);
        for other in ["install", "mission show", "wp show", "status"] {
            if section.contains(&format!("as for {other}"))
                || section.contains(&format!("As one of {other}"))
            {
                known.extend(words(self::section(&page, other)));
            }
        }
        if section.contains("as for wp show") || section.contains("as for mission show") {
            known.extend(words(self::section(&page, "status")));
        }
        known.extend(EVERYWHERE.map(str::to_owned));
        let unknown: Vec<_> = found.difference(&known).collect();
        assert!(
            unknown.is_empty(),
            "{command} prints {unknown:?}, which docs/json.md does not tell"
        );
    }
}

#[test]
fn everything_on_the_page_is_printed_or_is_a_value_of_the_source() {
    let source: String = ["src/cli", "src/flow", "src/policy", "src/domain", "src/hook"]
        .into_iter()
        .flat_map(crate::source::production)
        .map(|file| file.text)
        .collect();
    for word in words(&page()).into_iter().filter(|word| word.contains('_')) {
        assert!(source.contains(&word), "`{word}` is nowhere in the source");
    }
}

#[test]
fn every_command_has_a_section() {
    let page = page();
    let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(headings, CALLS.map(|(command, _)| command));
    let output = Scene::new(Topology::Primary).repo.kitty(["help"]).exits(0);
    let known =
        |name: &str| name == "event" || headings.iter().any(|h| h.split(' ').next() == Some(name));
    let lines = output.stdout.lines().filter(|line| line.starts_with("  "));
    for name in lines.filter_map(|line| line.split_whitespace().next()) {
        assert!(known(name), "`{name}` has no section in docs/json.md");
    }
}
