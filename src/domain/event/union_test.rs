//! Merging files of events.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{Schema, merge};
use crate::domain::refusal::Refusal;

fn event(id: &str, at: &str, actor: &str) -> String {
    format!(
        r#"{{"actor": "{actor}", "at": "{at}", "event_id": "{id}", "execution_mode": "worktree", "force": false, "from_lane": "planned", "to_lane": "claimed", "wp_id": "WP01"}}"#
    )
}

fn foreign(rest: &str) -> String {
    format!(r#"{{"event_type": "X", {rest}}}"#)
}

fn file(lines: &[&str]) -> String {
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

fn merged(schema: Schema, base: &str, ours: &str, theirs: &str) -> Result<String, Refusal> {
    let versions = [("base", base), ("ours", ours), ("theirs", theirs)];
    let bytes = merge(schema, versions.map(|(name, text)| (name, text.as_bytes())))?;
    Ok(String::from_utf8(bytes).unwrap())
}

#[test]
fn lines_of_both_sides_are_kept_in_the_order_of_their_times() {
    let (a, b, c) = (event("A", "1", "x"), event("B", "2", "x"), event("C", "3", "x"));
    let stamped = foreign(r#""timestamp": "2.5", "event_id": "Z""#);
    let bare = foreign(r#""note": "é""#);
    let tie = event("AA", "2", "x");
    let union = merged(
        Schema::Status,
        &file(&[&a]),
        &file(&[&a, &c, &bare]),
        &file(&[&a, &b, &stamped, &tie, &bare]),
    );
    assert_eq!(union.unwrap(), file(&[&bare, &a, &tie, &b, &stamped, &c]));
}

#[test]
fn numbers_of_any_size_are_kept_and_told_apart() {
    let of = |number: &str| foreign(&format!(r#""event_id": "Z",  "n": {number}, "é": 1E2"#));
    let (big, next) = (of("123456789012345678901234567890"), of("123456789012345678901234567891"));
    let union = merged(Schema::Status, "", &file(&[&big]), &file(&[&big]));
    assert_eq!(union.unwrap(), file(&[&big]));
    assert!(merged(Schema::Status, "", &file(&[&big]), &file(&[&next])).is_err());
    assert!(merged(Schema::Any, "", &file(&[&big]), &file(&[&next])).is_err());
}

#[test]
fn a_line_that_a_side_left_out_comes_back() {
    let (a, b) = (event("A", "1", "x"), event("B", "2", "x"));
    let union = merged(Schema::Status, &file(&[&a]), "", &file(&[&b]));
    assert_eq!(union.unwrap(), file(&[&a, &b]));
}

#[test]
fn line_ends_and_spaces_do_not_make_two_of_one_event() {
    let a = event("A", "1", "x");
    let (windows, tight) = (format!("{a}\r\n"), a.replace(": ", ":"));
    let union = merged(Schema::Status, &windows, &format!("\n{a}"), &tight);
    assert_eq!(union.unwrap(), windows);
}

#[test]
fn all_ids_that_contradict_are_named() {
    let ours =
        file(&[&event("A", "1", "x"), &event("B", "2", "x"), &foreign(r#""event_id": "F""#)]);
    let theirs = file(&[
        &event("B", "2", "y"),
        &event("A", "1", "x"),
        &foreign(r#""event_id": "F", "n": 1"#),
    ]);
    let refusal = merged(Schema::Status, "", &ours, &theirs).unwrap_err();
    let expected = "ours:2 and theirs:1 are different events with the same id `B`; \
                    ours:3 and theirs:3 are different events with the same id `F`";
    assert_eq!(refusal.to_string(), expected);
    assert_eq!((refusal.code(), refusal.exit() as u8), ("EVENT_PAYLOAD_CONFLICT", 3));
}

#[test]
fn a_damaged_parent_is_named_with_its_line() {
    let a = event("A", "1", "x");
    let refused = |schema, theirs: &str| merged(schema, "", &file(&[&a]), theirs).unwrap_err();
    let marker = refused(Schema::Status, &format!("{a}\n<<<<<<< HEAD\n"));
    assert_eq!(marker.to_string(), "theirs:2: not a line of JSON: expected value (column 1)");
    let other = r#"{"event_id": "D", "decision": "yes"}"#;
    assert_eq!(refused(Schema::Status, other).to_string(), "theirs:1: the event lacks `wp_id`");
    assert_eq!(merged(Schema::Any, "", "", other).unwrap(), file(&[other]));
    assert_eq!(refused(Schema::Any, "[]").to_string(), "theirs:1: not a JSON object");
}

proptest! {
    #[test]
    fn every_line_of_every_parent_is_there_once_and_sides_may_be_swapped(
        base in vec((0..30u32, 0..9u32), 0..8),
        ours in vec((0..30u32, 0..9u32), 0..8),
        theirs in vec((0..30u32, 0..9u32), 0..8),
    ) {
        let text = |pairs: &[(u32, u32)]| -> Vec<String> {
            pairs.iter().map(|(id, at)| event(&format!("{id}-{at}"), &at.to_string(), "x")).collect()
        };
        let base = text(&base);
        let [ours, theirs] = [ours, theirs].map(|own| [base.clone(), text(&own)].concat());
        let joined = |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let union = merged(Schema::Status, &joined(&base), &joined(&ours), &joined(&theirs)).unwrap();
        let mut expected = [ours.clone(), theirs.clone()].concat();
        expected.sort();
        expected.dedup();
        let mut lines: Vec<&str> = union.lines().collect();
        lines.sort_unstable();
        prop_assert_eq!(&lines, &expected);
        let swapped = merged(Schema::Status, &joined(&base), &joined(&theirs), &joined(&ours));
        prop_assert_eq!(swapped.unwrap(), union);
    }
}
