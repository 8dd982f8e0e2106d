//! Whether a log is what it was, and more: what readers hold against the last tip that they saw.
//!
//! Outside of merges the old file is a byte prefix of the new one; a merge holds the lines of all
//! its parents (`design.md` section 3, invariant 4). Lines in the order in which the merge driver
//! puts them count as merged: a `git pull --rebase` leaves such a log, and no merge.

use std::collections::{HashMap, HashSet};

use super::log::Log;
use super::union::{Schema, merge, says_the_same};

/// Something that no lawful history does to a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub kind: Kind,
    /// The line, counted from 1: of the old log for lines that are gone, else of the new one.
    pub line: usize,
    /// The event there, where it has an id.
    pub event_id: Option<String>,
}

/// The kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The log lost its last lines, and gained none.
    Shrank,
    /// A line that was there is gone or changed, and others came.
    Forked,
    /// All lines are there, but not in their order.
    Reordered,
    /// Two different events have one id.
    DoubledId,
}

impl Kind {
    /// What happened, to be said after "the log".
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::Shrank => "lost this line and those after it",
            Self::Forked => "lost this line or changed it",
            Self::Reordered => "was put into another order, from this line on",
            Self::DoubledId => "got a second event with the id of an earlier one",
        }
    }

    /// The stable code, explained in `docs/codes.md`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shrank => "LOG_SHRANK",
            Self::Forked => "LOG_FORKED",
            Self::Reordered => "LOG_REORDERED",
            Self::DoubledId => "LOG_DOUBLED_ID",
        }
    }
}

/// The first finding of each kind, if `new` is no lawful successor of `old`; `merged` says that a
/// merge lies between the two, after which only the presence of lines counts.
#[must_use]
pub fn compare(old: &[u8], new: &[u8], merged: bool) -> Vec<Finding> {
    if has_grown(old, new) {
        return doubled(new, old.len()).into_iter().collect();
    }
    let mut findings: Vec<Finding> = doubled(new, 0).into_iter().collect();
    match lost(&[old], &[new]) {
        Some((_, finding)) => findings.push(finding),
        None if merged || is_merged(new) => {}
        None => findings.extend(reordered(old, new)),
    }
    findings
}

/// Whether `old` is damaged, `new` is not, and has all of `old` but for what damages it: lines that are
/// no events, and of different events with one id all but one.
#[must_use]
pub fn mends(old: &[u8], new: &[u8]) -> bool {
    !is_sound(old)
        && is_sound(new)
        && without_damage(old, new).is_some_and(|kept| compare(&kept, new, false).is_empty())
}

fn is_sound(log: &[u8]) -> bool {
    Log::parse("", log).is_ok() && doubled(log, 0).is_none()
}

/// The lines of `old` that may not go; `None` if of events with one id `new` has none.
fn without_damage(old: &[u8], new: &[u8]) -> Option<Vec<u8>> {
    let present: HashSet<&[u8]> = texts(&[new]).collect();
    let events: Vec<&[u8]> = texts(&[old]).filter(|line| Log::parse("", line).is_ok()).collect();
    let mut first: HashMap<String, &[u8]> = HashMap::new();
    let mut disputed: HashMap<String, bool> = HashMap::new();
    for &line in &events {
        let Some(event_id) = id(line) else { continue };
        let earlier = *first.entry(event_id.clone()).or_insert(line);
        if !is_same(earlier, line) {
            let is_kept = present.contains(earlier) || present.contains(line);
            *disputed.entry(event_id).or_default() |= is_kept;
        }
    }
    let is_disputed = |line| id(line).is_some_and(|id| disputed.contains_key(&id));
    let kept = events.into_iter().filter(|line| present.contains(line) || !is_disputed(line));
    let text = kept.flat_map(|line| [line, b"\n"]).collect::<Vec<_>>().concat();
    disputed.values().all(|is_kept| *is_kept).then_some(text)
}

/// The first line of `old`, several files that were seen, that none of `new` holds, and the number
/// of its file: all that the files of an older mission can be held to.
#[must_use]
pub fn lost(old: &[&[u8]], new: &[&[u8]]) -> Option<(usize, Finding)> {
    let known: HashSet<&[u8]> = texts(old).collect();
    let present: HashSet<&[u8]> = texts(new).collect();
    let kind = if present.is_subset(&known) { Kind::Shrank } else { Kind::Forked };
    let is_there = |line| present.contains(line) || texts(new).any(|other| is_same(line, other));
    old.iter().enumerate().find_map(|(file, log)| {
        let (at, line) = numbered(log).find(|(_, line)| !is_there(line))?;
        Some((file, Finding { kind, line: at, event_id: id(line) }))
    })
}

fn reordered(old: &[u8], new: &[u8]) -> Option<Finding> {
    let mut pairs = numbered(old).zip(numbered(new));
    let (_, (line, text)) = pairs.find(|((_, old), (_, new))| old != new)?;
    Some(Finding { kind: Kind::Reordered, line, event_id: id(text) })
}

/// Whether whole lines were appended, and nothing else.
#[must_use]
pub fn has_grown(old: &[u8], new: &[u8]) -> bool {
    new.starts_with(old) && ends_a_line(new, old.len())
}

/// Whether the first `length` bytes of a log are whole lines.
#[must_use]
pub fn ends_a_line(log: &[u8], length: usize) -> bool {
    let (before, after) = (length.checked_sub(1).and_then(|at| log.get(at)), log.get(length));
    before.is_none_or(|byte| *byte == b'\n') || after.is_none_or(|byte| *byte == b'\n')
}

/// The first line whose time is before one above it; `None` in a log whose times only grow. Times
/// decide, not the order of lines, so this is no more than odd.
#[must_use]
pub fn unsorted(log: &[u8]) -> Option<usize> {
    let mut greatest = None;
    for (line, text) in numbered(log) {
        let time = serde_json::from_slice::<WithTime>(text).ok().and_then(|line| line.at);
        if time.is_some() && time < greatest {
            return Some(line);
        }
        greatest = greatest.max(time);
    }
    None
}

/// The first line behind the first `known` bytes whose id an earlier line gave to another event.
#[must_use]
pub fn doubled(log: &[u8], known: usize) -> Option<Finding> {
    let known = numbered(log.get(..known)?).last().map_or(0, |(line, _)| line);
    let mut seen: HashMap<String, &[u8]> = HashMap::new();
    for (line, text) in numbered(log) {
        let Some(event_id) = id(text) else { continue };
        match seen.insert(event_id.clone(), text) {
            Some(earlier) if line > known && !is_same(earlier, text) => {
                return Some(Finding { kind: Kind::DoubledId, line, event_id: Some(event_id) });
            }
            Some(_) | None => {}
        }
    }
    None
}

/// Whether the merge driver would leave the log as it is.
fn is_merged(log: &[u8]) -> bool {
    merge(Schema::Any, [("", log)]).is_ok_and(|merged| merged == log)
}

/// The lines that are not blank, with their numbers.
fn numbered(log: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let lines = log.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    (1..).zip(lines).filter(|(_, line)| !line.is_empty())
}

fn texts<'l>(logs: &[&'l [u8]]) -> impl Iterator<Item = &'l [u8]> {
    logs.iter().flat_map(|log| numbered(log)).map(|(_, text)| text)
}

#[derive(serde::Deserialize)]
struct WithTime {
    at: Option<String>,
}

#[derive(serde::Deserialize)]
struct WithId {
    event_id: Option<String>,
}

fn id(line: &[u8]) -> Option<String> {
    serde_json::from_slice::<WithId>(line).ok()?.event_id
}

fn is_same(a: &[u8], b: &[u8]) -> bool {
    let text = |line| std::str::from_utf8(line).ok();
    let same = || Some(says_the_same(text(a)?, text(b)?));
    a == b || (id(a) == id(b) && same().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(ids: &[&str]) -> Vec<u8> {
        ids.iter()
            .map(|id| format!("{{\"event_id\": \"{id}\"}}\n"))
            .collect::<String>()
            .into_bytes()
    }

    fn found(old: &[u8], new: &[u8], merged: bool) -> Vec<(Kind, usize)> {
        compare(old, new, merged).into_iter().map(|finding| (finding.kind, finding.line)).collect()
    }

    #[test]
    fn growth_is_lawful_and_everything_else_is_named_with_its_line() {
        let old = log(&["a", "b", "c"]);
        assert_eq!(found(&old, &log(&["a", "b", "c", "d"]), false), []);
        assert_eq!(found(&old, &log(&["a", "b"]), false), [(Kind::Shrank, 3)]);
        assert_eq!(found(&old, b"", false), [(Kind::Shrank, 1)]);
        assert_eq!(found(&old, &log(&["a", "x", "c"]), false), [(Kind::Forked, 2)]);
        assert_eq!(found(&old, &log(&["a", "c", "b"]), false), [(Kind::Reordered, 2)]);
        let doubled = [log(&["a"]), b"{\"event_id\": \"a\", \"x\": 1}\n".to_vec()].concat();
        assert_eq!(found(&log(&["a"]), &doubled, false), [(Kind::DoubledId, 2)]);
        assert_eq!(compare(&old, &log(&["a"]), false)[0].event_id.as_deref(), Some("b"));
    }

    #[test]
    fn after_a_merge_only_the_presence_of_lines_counts() {
        let old = log(&["a", "c"]);
        assert_eq!(found(&old, &log(&["b", "a", "c"]), true), []);
        assert_eq!(found(&old, &log(&["a", "b"]), true), [(Kind::Forked, 2)]);
        assert_eq!(found(&old, &log(&["b", "a", "c"]), false), [(Kind::Reordered, 1)]);
    }

    #[test]
    fn lines_as_the_merge_driver_sorts_them_are_merged() {
        let at = |id: &str, at: &str| format!("{{\"at\": \"{at}\", \"event_id\": \"{id}\"}}\n");
        let (a, b, c) = (at("a", "1"), at("b", "2"), at("c", "3"));
        let of = |lines: &[&String]| lines.iter().copied().cloned().collect::<String>();
        let old = of(&[&a, &c]);
        let found = |new: String| found(old.as_bytes(), new.as_bytes(), false);
        assert_eq!(found(of(&[&a, &b, &c])), []);
        assert_eq!(found(of(&[&b, &a, &c])), [(Kind::Reordered, 1)]);
        assert_eq!(found(of(&[&a, &b])), [(Kind::Forked, 2)]);
        assert_eq!(unsorted(of(&[&a, &c, &b]).as_bytes()), Some(3));
        assert_eq!(unsorted(of(&[&a, &a, &b, &c]).as_bytes()), None);
    }

    #[test]
    fn lines_are_counted_as_an_editor_does_and_are_whole() {
        let old = b"{\"event_id\": \"a\"}\r\n\n{\"event_id\": \"b\"}";
        assert_eq!(found(old, b"{\"event_id\": \"a\"}\n", false), [(Kind::Shrank, 3)]);
        assert_eq!(found(old, &[&old[..], b"\n{}\n"].concat(), false), []);
        assert_eq!(found(old, &[&old[..], b" {}\n"].concat(), false), [(Kind::Forked, 3)]);
        assert!(has_grown(b"", b"a\n") && has_grown(b"a\n", b"a\nb\n"));
        assert!(has_grown(b"a", b"a\nb\n") && has_grown(b"a\n", b"a\n"));
        assert!(!has_grown(b"a", b"ab\n") && !has_grown(b"a\n", b"b\n"));
    }

    #[test]
    fn a_log_is_mended_by_what_takes_the_damage_alone() {
        let note = |id: &str, text: &str| {
            format!("{{\"event_type\": \"Note\", \"event_id\": \"{id}\", \"x\": \"{text}\"}}\n")
        };
        let (a, b, other) = (note("a", "1"), note("b", "1"), note("a", "2"));
        let doubled = [a.clone(), b.clone(), other.clone()].concat();
        let broken = [&a, "<<<<<<<\n", &b].concat();
        let mends = |old: &str, new: &[&str]| mends(old.as_bytes(), new.concat().as_bytes());
        assert!(mends(&doubled, &[&a, &b]) && mends(&broken, &[&a, &b]));
        assert!(mends(&doubled, &[&b, &other]) && mends(&broken, &[&a, &b, &note("c", "1")]));
        assert!(!mends(&doubled, &[&a]) && !mends(&broken, &[&a]), "an event is gone");
        assert!(!mends(&doubled, &[&b]) && !mends(&doubled, &[&b, &note("a", "3")]));
        assert!(!mends(&a, &[]), "nothing was damaged");
        assert!(!mends(&broken, &[&a, "=======\n", &b]));
    }

    #[test]
    fn of_several_files_a_line_may_stand_in_any() {
        let [a, ab, bc, c] = [&["a"][..], &["a", "b"], &["b", "c"], &["c"]].map(log);
        let lost = |old: &[&[u8]], new: &[&[u8]]| {
            lost(old, new).map(|(file, finding)| (file, finding.kind, finding.line))
        };
        assert_eq!(lost(&[&ab, &c], &[&bc, &a]), None);
        assert_eq!(lost(&[&a, &bc], &[&ab]), Some((1, Kind::Shrank, 2)));
        assert_eq!(lost(&[&ab], &[&bc]), Some((0, Kind::Forked, 1)));
    }

    #[test]
    fn the_same_event_twice_is_no_doubled_id_however_it_is_written() {
        let twice = b"{\"event_id\": \"a\", \"x\": 1}\n{\"x\":1,\"event_id\":\"a\"}\n";
        assert_eq!(found(b"", twice, false), []);
        assert_eq!(found(b"no json\n", b"no json\nno json\n", false), []);
        let doubled = b"{\"event_id\": \"a\", \"x\": 1}\n{\"event_id\": \"a\"}\n";
        let more = [&doubled[..], b"{\"event_id\": \"b\"}\n"].concat();
        assert_eq!(found(doubled, &more, false), [], "it was known");
        assert_eq!(found(&doubled[..25], &more, false), [(Kind::DoubledId, 2)]);
    }
}
