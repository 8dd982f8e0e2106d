//! Reading and joining logs.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::{Envelope, Event, Log, annotations_in_order, lane_events_in_order};
use crate::domain::refusal::{Contradiction, Refusal};

const MOVE: &str = r#"{"actor":"ann","at":"2026-01-01","event_id":"E1","execution_mode":"worktree","force":false,"from_lane":"planned","to_lane":"claimed","wp_id":"WP01"}"#;
const NOTE: &str = r#"{"actor":"ann","at":"2026-01-01","delta":{"note":"n"},"event_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","kind":"annotation","wp_id":"WP01"}"#;

fn parse(text: &str) -> Result<Log<'_>, String> {
    Log::parse("log", text.as_bytes()).map_err(|refusal| refusal.to_string())
}

fn damage(line: &str) -> String {
    parse(&format!("{MOVE}\n\n{line}\n{MOVE}\n")).expect_err(line)
}

#[test]
fn the_keys_decide_the_schema_in_a_fixed_order() {
    let envelope = |line: &'static str| match &parse(line).unwrap().lines()[0].event {
        Event::Foreign(foreign) => Ok(foreign.envelope),
        Event::Lane(_) => Err("lane"),
        Event::Annotation(_) => Err("annotation"),
    };
    assert_eq!(envelope(MOVE), Err("lane"));
    assert_eq!(envelope(NOTE), Err("annotation"));
    let event_name = r#"{"event_name":"retrospective.started","event_type":null,"at":[]}"#;
    assert_eq!(envelope(event_name), Ok(Envelope::EventName));
    let kind = r#"{"type":"RetrospectiveSkipped","event_type":"x","actor":{"id":1}}"#;
    assert_eq!(envelope(kind), Ok(Envelope::Type));
    assert_eq!(envelope(r#"{"event_type":null,"wp_id":7}"#), Ok(Envelope::EventType));
    assert_eq!(envelope(r#"{"event_type":"x","kind":null}"#), Ok(Envelope::EventType));
    let annotation = NOTE.replacen('{', r#"{"event_type":"x","#, 1);
    assert!(matches!(parse(&annotation).unwrap().lines()[0].event, Event::Annotation(_)));
}

#[test]
fn a_damaged_line_is_named_with_its_number_and_fault() {
    let without = |key: &str| MOVE.replace(key, "other");
    let cases = [
        ("{\"actor\":".to_owned(), "not a line of JSON: EOF while parsing a value (column 9)"),
        ("<<<<<<< HEAD".to_owned(), "not a line of JSON: expected value (column 1)"),
        ("[]".to_owned(), "not a JSON object"),
        ("{}".to_owned(), "the event lacks `event_id`"),
        (without("to_lane"), "the event lacks `to_lane`"),
        (without("execution_mode"), "the event lacks `execution_mode`"),
        (MOVE.replace("\"E1\"", "null"), "the event lacks `event_id`"),
        (NOTE.replace("delta", "other"), "the event lacks `delta`"),
        (NOTE.replace("annotation", "else"), "unknown kind of event: \"else\""),
        (NOTE.replace("\"annotation\"", "5"), "unknown kind of event: 5"),
        (NOTE.replace("01ARZ", "01ARI"), "`event_id` is not a ULID"),
        (MOVE.replace("claimed", "nowhere"), "`nowhere` is not a status (column 132)"),
        (MOVE.replace("false", "0"), "invalid type: integer `0`, expected a boolean (column 86)"),
        (
            MOVE.replace("\"ann\"", "7"),
            "invalid type: integer `7`, expected an actor: a string, or {role, profile, tool, \
             model} (column 10)",
        ),
        (MOVE.replacen('{', r#"{"at":"x","#, 1), "duplicate field `at` (column 28)"),
    ];
    for (line, what) in cases {
        assert_eq!(damage(&line), format!("log:3: {what}"));
    }
}

#[test]
fn ends_of_lines_may_differ_and_other_encodings_may_not() {
    let log = format!("\r\n{MOVE}\r\n  \t\n{NOTE}");
    let log = parse(&log).unwrap();
    let lines: Vec<usize> = log.lines().iter().map(|line| line.place.line).collect();
    assert_eq!(lines, [2, 4]);
    assert_eq!(log.to_bytes(), format!("{MOVE}\r\n{NOTE}\n").as_bytes());
    assert!(parse("").unwrap().lines().is_empty());

    let refused = |bytes: &[u8]| Log::parse("log", bytes).unwrap_err().to_string();
    assert_eq!(refused(b"\n\n\xff\n"), "log:3: not UTF-8");
    assert_eq!(refused(b"\xef\xbb\xbf"), "log:1: the file begins with a byte order mark");
    assert_eq!(refused(b"\xff\xfe{\0"), "log:1: not UTF-8");
}

#[test]
fn old_keys_are_read() {
    let slug = |keys: &str| {
        let line = MOVE.replacen('{', &format!("{{{keys},"), 1);
        let slug = parse(&line).unwrap().lane_events().next().unwrap().mission_slug.clone();
        slug.map(String::from)
    };
    assert_eq!(slug(r#""feature_slug":"old""#).as_deref(), Some("old"));
    assert_eq!(slug(r#""feature_slug":"old","mission_slug":"""#).as_deref(), Some("old"));
    assert_eq!(slug(r#""feature_slug":"old","mission_slug":"new""#).as_deref(), Some("new"));
    assert_eq!(slug(r#""reason":null"#), None);
}

#[test]
fn parts_left_unparsed_are_named_when_they_are_damaged() {
    let with = |keys: &str| MOVE.replacen('{', &format!("{{{keys},"), 1);
    let verdict = |line: &str| {
        let log = Log::parse("log", line.as_bytes()).unwrap();
        log.lane_events().next().unwrap().verdict().map_err(|refusal| refusal.to_string())
    };
    assert_eq!(verdict(&with(r#""review_result":null"#)), Ok(None));
    assert_eq!(verdict(&with(r#""review_result":{ }"#)), Ok(None));
    let damaged = verdict(&with(r#""review_result":{"reviewer":"r","verdict":"v"}"#));
    assert_eq!(damaged.unwrap_err(), "log:1: `review_result`: missing field `reference`");

    let line = with(r#""policy_metadata":[1,2]"#);
    let log = parse(&line).unwrap();
    let claim = log.lane_events().next().unwrap().claim();
    assert!(claim.unwrap_err().to_string().starts_with("log:1: `policy_metadata`: "));

    let line = NOTE.replace(r#""note":"n""#, r#""shell_pid":"x""#);
    let log = parse(&line).unwrap();
    let delta = log.annotations().next().unwrap().delta();
    assert_eq!(delta.unwrap_err().to_string(), "log:1: `delta`: `shell_pid` is not a number");
}

#[test]
fn a_union_has_each_event_once_and_refuses_two_of_one_id() {
    let foreign = r#"{"event_type":"X"}"#;
    let spaced = MOVE.replace(':', ": ");
    let one = format!("{foreign}\n{MOVE}\n");
    let two = format!("{spaced}\n{NOTE}\n{foreign}\n");
    let union = Log::union([parse(&one).unwrap(), parse(&two).unwrap()]).unwrap();
    assert_eq!(union.to_bytes(), format!("{foreign}\n{MOVE}\n{NOTE}\n").as_bytes());

    let other = format!("\n{}", MOVE.replace("\"ann\"", "\"bob\""));
    let other = Log::parse("lane", other.as_bytes()).unwrap();
    let refusal = Log::union([parse(&one).unwrap(), other]).unwrap_err();
    let contradiction = Contradiction {
        event_id: "E1".to_owned(),
        first: "log:2".to_owned(),
        second: "lane:2".to_owned(),
    };
    let expected = Refusal::EventConflict { contradictions: vec![contradiction] };
    assert_eq!(refusal, expected);
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => select(vec![MOVE, NOTE]).prop_map(str::to_owned),
        2 => ("[a-z]{1,5}", any::<String>(), any::<f64>()).prop_map(|(key, text, number)| {
            let number = if number.is_finite() { number } else { 0.0 };
            serde_json::json!({ "event_type": key, "payload": { text: number } }).to_string()
        }),
    ]
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..200)) {
        if let Ok(log) = Log::parse("log", &bytes) {
            prop_assert!(log.lines().is_empty(), "random bytes are no event");
        }
    }

    #[test]
    fn no_damaged_event_makes_it_panic(at in 0..220usize, byte in any::<u8>(), note in any::<bool>()) {
        let mut bytes = if note { NOTE } else { MOVE }.as_bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(log) = Log::parse("log", &bytes) {
            let events = lane_events_in_order([&log]);
            prop_assert!(events.iter().all(|event| event.claim().is_ok()));
            annotations_in_order([&log]).iter().for_each(|event| drop(event.delta()));
        }
    }

    #[test]
    fn all_lines_are_kept_as_they_stand(lines in vec(line(), 0..20)) {
        let bytes: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
        prop_assert_eq!(parse(&bytes).unwrap().to_bytes(), bytes.into_bytes());
    }
}
