//! `git kitty event reduce`: the bytes of the snapshot, from wherever the log comes.

use serde_json::json;

use crate::kit::call::Output;
use crate::kit::json;
use crate::kit::log::Log;
use crate::kit::sandbox::Sandbox;
use crate::kit::snapshot;

const SLUG: &str = "pay-01KE6V6S";
const REDUCE: [&str; 2] = ["event", "reduce"];

fn log() -> Log {
    let mut log = Log::new(SLUG, None);
    log.event("WP01", "genesis", "planned");
    log.event("WP02", "genesis", "planned").actor("zo\u{eb}");
    log.walk("WP01", &["planned", "claimed", "in_progress", "for_review", "in_review", "approved"]);
    log
}

fn meta() -> serde_json::Value {
    json!({
        "created_at": "2026-01-05T09:00:00+00:00", "friendly_name": "Pay", "mission_number": 42,
        "mission_slug": SLUG, "mission_type": "research", "slug": "pay", "target_branch": "main",
    })
}

/// What it says of a log that has no `meta.json`.
fn without_meta() -> String {
    snapshot::of(&log(), SLUG, Some(&json!({"mission_type": "software-dev"})))
}

fn reduce(sandbox: &Sandbox, arguments: &[&str]) -> Output {
    sandbox.program(".", "git").args(["kitty"]).args(REDUCE).args(arguments).run().masked()
}

#[test]
fn a_file_is_reduced_with_the_meta_beside_it() {
    let sandbox = Sandbox::new();
    sandbox.write("m/status.events.jsonl", &log().text());
    assert_eq!(reduce(&sandbox, &["m/status.events.jsonl"]).parts(), (0, &*without_meta(), ""));
    sandbox.write("m/meta.json", &json::document(&meta()));
    let expected = snapshot::of(&log(), SLUG, Some(&meta()));
    for words in [
        &["m/status.events.jsonl"][..],
        &["m/status.events.jsonl", "--format", "json"],
        &["m/../m/status.events.jsonl", "-q"],
        &["-C", "m", "status.events.jsonl"],
        &["m/status.events.jsonl", "--meta", "m/meta.json"],
    ] {
        assert_eq!(reduce(&sandbox, words).parts(), (0, &*expected, ""), "{words:?}");
    }
}

#[test]
fn standard_input_has_no_meta_beside_it() {
    let sandbox = Sandbox::new();
    sandbox.write("meta.json", &json::document(&meta()));
    let call = |more: &[&str]| {
        let call = sandbox.program(".", "git").args(["kitty", "event", "reduce", "-"]).args(more);
        call.stdin(log().text()).run().exits(0).stdout
    };
    assert_eq!(call(&[]), without_meta());
    let expected = snapshot::of(&log(), SLUG, Some(&meta()));
    assert_eq!(call(&["--meta", "meta.json"]), expected);
}

#[test]
fn an_empty_log_is_a_mission_without_packages() {
    let sandbox = Sandbox::new();
    sandbox.write("empty", "");
    let said = reduce(&sandbox, &["empty"]).exits(0);
    let document: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!((&document["event_count"], &document["work_packages"]), (&json!(0), &json!({})));
}

#[test]
fn a_damaged_line_is_named() {
    let sandbox = Sandbox::new();
    for (bad, what) in [
        ("{not json", "not a line of JSON: key must be a string (column 2)"),
        ("{\"event_id\": \"x\"}", "the event lacks `wp_id`"),
        ("[]", "not a JSON object"),
        ("{\"kind\": \"unheard-of\"}", "unknown kind of event: \"unheard-of\""),
    ] {
        let mut log = log();
        log.raw(bad);
        log.event("WP02", "planned", "claimed");
        sandbox.write("log", &log.text());
        let said = reduce(&sandbox, &["log"]);
        let expected = format!(
            "error: log:8: {what} [EVENT_LOG_INVALID]\nhint: mend `log`, or restore it from Git, and try again\n"
        );
        assert_eq!(said.parts(), (2, "", expected.as_str()));
        let said = sandbox
            .program(".", "git")
            .args(["kitty", "event", "reduce", "-"])
            .stdin(log.text())
            .run();
        assert!(said.stderr.starts_with("error: standard input:8: "), "{said}");
        let said = reduce(&sandbox, &["log", "--format", "json"]).exits(2);
        let document: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
        assert_eq!(
            (&document["error_code"], &document["line"]),
            (&json!("EVENT_LOG_INVALID"), &json!(8))
        );
        assert_eq!(said.stderr, "");
    }
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let sandbox = Sandbox::new();
    sandbox.write("log", &log().text());
    sandbox.write("bad", "{");
    for (words, code) in [
        (&["gone"][..], "FILE_UNREADABLE"),
        (&["."], "FILE_UNREADABLE"),
        (&["log", "--meta", "gone"], "FILE_UNREADABLE"),
        (&["log", "--meta", "bad"], "META_INVALID"),
    ] {
        let said = reduce(&sandbox, words).exits(2);
        assert_eq!(crate::scene::codes(&said), [code], "{said}");
    }
    let said = reduce(&sandbox, &["gone"]);
    let expected = "error: could not read `gone`: No such file or directory (os error 2) [FILE_UNREADABLE]\n\
        hint: name a file that is there, or `-` for standard input\n";
    assert_eq!(said.parts(), (2, "", expected));
}
