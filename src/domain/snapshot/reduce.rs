//! The reducer: from a log to its snapshot.
//!
//! All moves count before all annotations, each in the order of [`crate::domain::event`]. A move
//! that yields to a rollback at the same time counts in the total and nowhere else.

use std::collections::BTreeMap;

use super::retrospective::Retrospective;
use super::{Snapshot, WorkPackage};
use crate::domain::event::{LaneEvent, Log, annotations_in_order, lane_events_in_order};
use crate::domain::meta::Meta;
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;

/// What the snapshot takes from `meta.json`. Its slug is not among them: the events' own counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MissionFacts {
    /// `mission_number`, if the mission has one.
    pub number: Option<i64>,
    /// `mission_type`; `software-dev` if empty or absent.
    pub mission_type: Option<String>,
}

impl MissionFacts {
    /// Those of a `meta.json`.
    #[must_use]
    pub fn of(meta: &Meta) -> Self {
        let mission_type = Some(meta.mission_type.clone());
        Self { number: meta.number.map(i64::from), mission_type }
    }
}

/// The snapshot of a log. Without `meta.json` the mission has no number.
///
/// # Errors
/// [`Refusal::Damaged`] if a part of an event that reading the log left unparsed is damaged.
pub fn reduce(log: &Log<'_>, facts: Option<&MissionFacts>) -> Result<Snapshot, Refusal> {
    let events = lane_events_in_order([log]);
    let mut work_packages = fold(&events)?;
    for annotation in annotations_in_order([log]) {
        work_packages
            .entry(annotation.wp_id.to_string())
            .or_insert_with(|| WorkPackage::untouched(annotation.actor.identity()))
            .annotate(annotation)?;
    }
    let slug = events.first().and_then(|event| event.mission_slug.as_deref());
    let mission_slug = slug.filter(|slug| is_safe(slug)).unwrap_or_default();
    Ok(Snapshot {
        event_count: events.len(),
        last_event_id: events.last().map(|event| event.event_id.to_string()),
        materialized_at: events.last().map(|event| event.at.to_string()).unwrap_or_default(),
        mission_number: number(facts),
        mission_slug: mission_slug.to_owned(),
        mission_type: mission_type(facts),
        retrospective: Retrospective::of(log),
        summary: summary(work_packages.values()),
        work_packages,
    })
}

/// The bytes of the snapshot of a log's bytes; `file` names the log in messages.
///
/// # Errors
/// As [`Log::parse`] and [`reduce`].
pub fn reduce_bytes(
    file: &str,
    bytes: &[u8],
    facts: Option<&MissionFacts>,
) -> anyhow::Result<Vec<u8>> {
    let log = Log::parse(file, bytes)?;
    Ok(reduce(&log, facts)?.to_bytes()?)
}

fn fold(events: &[&LaneEvent<'_>]) -> Result<BTreeMap<String, WorkPackage>, Refusal> {
    let mut current: BTreeMap<&str, (WorkPackage, &LaneEvent<'_>)> = BTreeMap::new();
    for event in events {
        let (work_package, last) = current
            .entry(&event.wp_id)
            .or_insert_with(|| (WorkPackage::untouched(event.actor.identity()), event));
        if event.supersedes(last) {
            work_package.keep_traces(event)?;
            *last = event;
        }
    }
    let settled = current.into_iter().map(|(wp_id, (mut work_package, last))| {
        work_package.settle(last);
        (wp_id.to_owned(), work_package)
    });
    Ok(settled.collect())
}

pub(super) fn number(facts: Option<&MissionFacts>) -> String {
    facts.and_then(|facts| facts.number).map(|number| number.to_string()).unwrap_or_default()
}

pub(super) fn summary<'a>(
    work_packages: impl Iterator<Item = &'a WorkPackage>,
) -> BTreeMap<String, usize> {
    let zeros = Status::ALL.map(|status| (status.to_string(), 0));
    work_packages.fold(zeros.into(), |mut counts: BTreeMap<_, _>, work_package| {
        if work_package.status.is_displayed() {
            *counts.entry(work_package.status.to_string()).or_default() += 1;
        }
        counts
    })
}

pub(super) fn mission_type(facts: Option<&MissionFacts>) -> String {
    let given = facts.and_then(|facts| facts.mission_type.as_deref()).unwrap_or_default().trim();
    if given.is_empty() { "software-dev" } else { given }.to_owned()
}

/// Whether the slug is one harmless segment of a path: other tools build paths from it.
fn is_safe(slug: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    slug.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
        && slug.bytes().all(is_plain)
        && !slug.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(slug: &str, facts: Option<&MissionFacts>) -> Snapshot {
        let log = format!(
            r#"{{"actor":"a","at":"t","event_id":"e","execution_mode":"w","force":true,"from_lane":"genesis","to_lane":"planned","wp_id":"WP01","mission_slug":"{slug}"}}"#
        );
        reduce(&Log::parse("log", log.as_bytes()).unwrap(), facts).unwrap()
    }

    #[test]
    fn the_number_is_that_of_meta_json_and_never_guessed() {
        let number = |slug, number| {
            let facts = MissionFacts { number, mission_type: None };
            snapshot(slug, Some(&facts)).mission_number
        };
        assert_eq!(number("042-x", Some(7)), "7");
        assert_eq!(number("042-x", None), "");
        assert_eq!(snapshot("042-x", None).mission_number, "", "without meta.json");
    }

    #[test]
    fn the_type_has_a_default() {
        let of = |text: &str| {
            let facts = MissionFacts { number: None, mission_type: Some(text.to_owned()) };
            snapshot("x", Some(&facts)).mission_type
        };
        assert_eq!((of("research").as_str(), of(" ").as_str()), ("research", "software-dev"));
        assert_eq!(snapshot("x", None).mission_type, "software-dev");
    }

    #[test]
    fn a_slug_that_would_leave_its_directory_is_dropped() {
        for slug in ["a.b-c_1", "01ABC"] {
            assert_eq!(snapshot(slug, None).mission_slug, slug);
        }
        for slug in ["../x", "a/b", "a..b", ".a", "-a", "é", " a", ""] {
            assert_eq!(snapshot(slug, None).mission_slug, "", "{slug}");
        }
    }

    #[test]
    fn an_empty_log_has_a_snapshot() {
        let bytes = reduce_bytes("log", b"", None).unwrap();
        let expected = r#"{
  "event_count": 0,
  "last_event_id": null,
  "materialized_at": "",
  "mission_number": "",
  "mission_slug": "",
  "mission_type": "software-dev",
  "summary": {
    "approved": 0,
    "blocked": 0,
    "canceled": 0,
    "claimed": 0,
    "done": 0,
    "for_review": 0,
    "in_progress": 0,
    "in_review": 0,
    "planned": 0
  },
  "work_packages": {}
}
"#;
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }
}
