//! What the commands print as JSON, against docs/json.md, in both directions.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::kit::mission::Topology;
use crate::scene::Scene;

/// The commands that print a document, each with arguments that make it say much. They are run one
/// after another.
const CALLS: &[(&str, &[&str])] = &[
    ("init", &["init"]),
    ("install", &["install", "--status"]),
    ("scope", &["scope", "list", "--branch", "main"]),
    ("mission list", &["mission", "list"]),
    ("mission show", &["mission", "show"]),
    ("mission worktree", &["mission", "worktree"]),
    ("mission finalize", &["mission", "finalize", "--dry-run"]),
    ("wp list", &["wp", "list"]),
    ("wp show", &["wp", "show", "WP03"]),
    ("wp claim", &["wp", "claim", "WP01", "--takeover", "--reason", "gone"]),
    ("wp move", &["wp", "move", "WP03", "--to", "claimed"]),
    ("wp move", &["wp", "move", "WP01", "--to", "in_review", "--force", "--reason", "why"]),
    ("review open", &["review", "open", "WP01"]),
    ("review verify", &["review", "verify", "no-such-prompt.md"]),
    ("review diff", &["review", "diff", "WP01"]),
    (
        "review verdict",
        &["review", "verdict", "WP01", "--verdict", "changes_requested", "--reference", "r"],
    ),
    ("lane list", &["lane", "list"]),
    ("lane open", &["lane", "open", "lane-a"]),
    ("lane sync", &["lane", "sync", "lane-a"]),
    ("lane repair", &["lane", "repair", "lane-a"]),
    ("forecast", &["forecast"]),
    ("lane close", &["lane", "close", "lane-a"]),
    ("status", &["status"]),
    ("ready", &["ready"]),
    ("why", &["why", "src/a/one.rs"]),
    ("guard", &["guard", "--explain", "--paths", "src/a/one.rs"]),
    ("guard", &["guard", "--explain", "--range", "main~..main"]),
    ("override", &["override", "--ref", "main", "--reason", "why", "--for", "1m"]),
    ("commit", &["commit", "--to-branch", "main", "-m", "m", "src"]),
    ("outbox", &["outbox"]),
    ("doctor", &["doctor"]),
    ("event check", &["event", "check", "WP03", "--to", "for_review"]),
    ("mission create", &["mission", "create", "another"]),
    ("mission close", &["mission", "close", "another", "--discard"]),
    ("mission adopt", &["mission", "adopt", "checkout"]),
];

/// The sections of commands that print something else.
const OTHERS: [&str; 6] =
    ["log", "event append", "merge-driver", "merge", "verify-landing", "undo"];

/// Keys that the head of the page explains.
const EVERYWHERE: &[&str] = &[
    "schema",
    "warnings",
    "severity",
    "code",
    "fatal",
    "phase",
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
    "event_ids",
    "dependency_blockers",
    "ownership_blockers",
    "workspace_blockers",
    "policy_blockers",
];

/// Keys of what a write committed, which the head of the page explains too.
const COMMITS: [&str; 5] = ["commits", "commit", "branch", "message", "outcome"];

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
    scene.repo.must(["config", "kitty.sink.broken.command", "false"]);
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
        if section.contains("`commits`") {
            known.extend(COMMITS.map(str::to_owned));
        }
        known.extend(EVERYWHERE.iter().map(ToString::to_string));
        let unknown: Vec<_> = found.difference(&known).collect();
        assert!(
            unknown.is_empty(),
            "{command} prints {unknown:?}, which docs/json.md does not tell"
        );
    }
}

#[test]
fn every_key_of_a_receipt_is_on_the_page() {
    let scene = Scene::new(Topology::Coordination);
    let call = scene.lane.call(["kitty", "event", "append", "--format", "json"]);
    let line = r#"{"wp_id": "WP03", "to_status": "claimed"}"#;
    let said = call.stdin(format!("{line}\n{line}\n")).run().exits(1);
    let lines: Vec<Value> =
        said.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut found = BTreeSet::new();
    keys(&lines[0], &mut found);
    let known: BTreeSet<String> = words(section(&page(), "event append"));
    assert_eq!(found.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!((lines.len(), &lines[1]["error_code"]), (2, &Value::from("TRANSITION_ILLEGAL")));
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
    let calls = CALLS.iter().map(|(command, _)| *command);
    let known: BTreeSet<&str> = calls.chain(OTHERS).collect();
    assert_eq!((headings.len(), headings.iter().copied().collect()), (known.len(), known));
    let output = Scene::new(Topology::Primary).repo.kitty(["help"]).exits(0);
    let known = |name: &str| headings.iter().any(|h| h.split(' ').next() == Some(name));
    let lines = output.stdout.lines().filter(|line| line.starts_with("  "));
    for name in lines.filter_map(|line| line.split_whitespace().next()) {
        assert!(known(name), "`{name}` has no section in docs/json.md");
    }
}
