//! Whether a log is what it was, and more: what readers hold against the last tip that they saw.
//!
//! Outside of merges the old file is a byte prefix of the new one; a merge holds the lines of all
//! its parents (`design.md` section 3, invariant 4).

use std::collections::{HashMap, HashSet};

use serde_json::Value;

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
    let mut findings: Vec<Finding> = doubled(new).into_iter().collect();
    if new.starts_with(old) {
        return findings;
    }
    let (old, new) = (lines(old), lines(new));
    let present: HashSet<&[u8]> = new.iter().copied().collect();
    let lost = old.iter().position(|line| !present.contains(line));
    let finding = |kind, at: usize, line: &[u8]| Finding { kind, line: at + 1, event_id: id(line) };
    match lost {
        Some(at) => {
            let kind = if old.starts_with(&new) { Kind::Shrank } else { Kind::Forked };
            findings.extend(old.get(at).map(|line| finding(kind, at, line)));
        }
        None if merged => {}
        None => {
            let at = old.iter().zip(&new).position(|(old, new)| old != new);
            findings.extend(at.and_then(|at| Some(finding(Kind::Reordered, at, new.get(at)?))));
        }
    }
    findings
}

/// The first line whose id an earlier line gave to another event.
fn doubled(log: &[u8]) -> Option<Finding> {
    let mut seen: HashMap<String, &[u8]> = HashMap::new();
    for (at, line) in lines(log).into_iter().enumerate() {
        let Some(event_id) = id(line) else { continue };
        match seen.insert(event_id.clone(), line) {
            Some(earlier) if !is_same(earlier, line) => {
                let event_id = Some(event_id);
                return Some(Finding { kind: Kind::DoubledId, line: at + 1, event_id });
            }
            Some(_) | None => {}
        }
    }
    None
}

fn lines(log: &[u8]) -> Vec<&[u8]> {
    let lines = log.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    lines.filter(|line| !line.is_empty()).collect()
}

#[derive(serde::Deserialize)]
struct WithId {
    event_id: Option<String>,
}

fn id(line: &[u8]) -> Option<String> {
    serde_json::from_slice::<WithId>(line).ok()?.event_id
}

/// The same event may be written with other spaces or another order of keys.
fn is_same(a: &[u8], b: &[u8]) -> bool {
    let value = |line: &[u8]| serde_json::from_slice::<Value>(line).ok();
    a == b || (value(a).is_some() && value(a) == value(b))
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
        assert_eq!(found(&old, &log(&["a", "b", "c"]), true), []);
        assert_eq!(found(&old, &log(&["a", "b"]), true), [(Kind::Forked, 2)]);
        assert_eq!(found(&old, &log(&["a", "b", "c"]), false), [(Kind::Reordered, 2)]);
    }

    #[test]
    fn the_same_event_twice_is_no_doubled_id_however_it_is_written() {
        let twice = b"{\"event_id\": \"a\", \"x\": 1}\n{\"x\":1,\"event_id\":\"a\"}\n";
        assert_eq!(found(b"", twice, false), []);
        assert_eq!(found(b"no json\n", b"no json\nno json\n", false), []);
    }
}
