//! The latest verdict about each work package, and whether it speaks against the package's status.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::cycle::ReviewCycle;
use super::{Verdict, cycle};
use crate::domain::event::{LaneEvent, Log, annotations_in_order, lane_events_in_order};
use crate::domain::id::WpId;
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;

/// What [`Latest::contradicts`] looks for, by the name that the reference has for it
/// (`formats.md` section 7).
pub const INVARIANT: &str = "terminal_wp_latest_review_artifact_must_not_be_rejected";

/// The verdict that was given last about a work package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Latest {
    /// What it is.
    pub verdict: Verdict,
    /// Who gave it; empty where nothing says so.
    pub reviewer: String,
    /// What was reviewed, or where it is written.
    pub reference: String,
    /// The event that carries it; `None` for one that only a file has.
    pub event_id: Option<String>,
    /// Whether an arbiter set it aside since.
    pub is_set_aside: bool,
}

/// The verdict that counts of each work package that has one, by the order in which the reducer
/// takes events: an event that yields to a rollback at the same time brings none. Several logs count
/// as their union.
///
/// A verdict is `review_result`, else `evidence.review`. A forced step without either leaves the
/// verdict of before.
///
/// # Errors
/// [`Refusal::Damaged`] for a `review_result` or the delta of an annotation that cannot be read.
pub fn latest_verdicts<'l, 'a: 'l>(
    logs: impl IntoIterator<Item = &'l Log<'a>> + Clone,
) -> Result<BTreeMap<WpId, Latest>, Refusal> {
    let mut last: BTreeMap<&str, &LaneEvent<'_>> = BTreeMap::new();
    let mut verdicts: BTreeMap<&str, (&str, Latest)> = BTreeMap::new();
    for event in lane_events_in_order(logs.clone()) {
        if last.get(&*event.wp_id).is_some_and(|earlier| !event.supersedes(earlier)) {
            continue;
        }
        last.insert(&event.wp_id, event);
        if let Some(latest) = Latest::of_event(event)? {
            verdicts.insert(&event.wp_id, (&event.at, latest));
        }
    }
    for annotation in annotations_in_order(logs) {
        let Some((at, latest)) = verdicts.get_mut(&*annotation.wp_id) else { continue };
        if let Some(decision) = annotation.delta()?.review
            && *at <= &*annotation.at
        {
            latest.is_set_aside = !decision.is_withdrawal();
        }
    }
    let named =
        verdicts.into_iter().map(|(wp_id, (_, latest))| Some((wp_id.parse().ok()?, latest)));
    Ok(named.flatten().collect())
}

impl Latest {
    /// What the last round says, where the log itself has no verdict; `file` is how to name it.
    /// `None` if it says nothing.
    #[must_use]
    pub fn of_cycle(cycle: &ReviewCycle, file: &str) -> Option<Self> {
        Some(Self {
            verdict: cycle.verdict?,
            reviewer: cycle.reviewer.clone().unwrap_or_default(),
            reference: file.to_owned(),
            event_id: None,
            is_set_aside: cycle.set_aside.is_some(),
        })
    }

    /// Whether it speaks against the status: the package counts as good, and the reviewer asked
    /// for changes last ([`INVARIANT`]).
    #[must_use]
    pub fn contradicts(&self, status: Status) -> bool {
        let is_good = matches!(status, Status::Approved | Status::Done);
        is_good && self.verdict == Verdict::ChangesRequested && !self.is_set_aside
    }

    fn of_event(event: &LaneEvent<'_>) -> Result<Option<Self>, Refusal> {
        let given = match event.verdict()? {
            Some(result) => Some((result.verdict, result.reviewer, result.reference)),
            None => event.evidence.and_then(in_evidence),
        };
        Ok(given.map(|(word, reviewer, reference)| Self {
            verdict: cycle::verdict_of(&word).unwrap_or(Verdict::ChangesRequested),
            reviewer,
            reference,
            event_id: Some(event.event_id.to_string()),
            is_set_aside: false,
        }))
    }
}

/// Verdict, reviewer and reference of the evidence, which is free in form.
fn in_evidence(raw: &RawValue) -> Option<(String, String, String)> {
    #[derive(Deserialize)]
    struct Evidence {
        review: Review,
    }
    #[derive(Deserialize)]
    struct Review {
        verdict: String,
        #[serde(default)]
        reviewer: String,
        #[serde(default)]
        reference: String,
    }
    let Review { verdict, reviewer, reference } =
        serde_json::from_str::<Evidence>(raw.get()).ok()?.review;
    Some((verdict, reviewer, reference))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log of one package's steps: `at`, from, to, and further fields.
    fn log(steps: &[(&str, &str, &str, &str)]) -> String {
        let line = |(n, (at, from, to, more)): (usize, &(&str, &str, &str, &str))| {
            format!(
                r#"{{"actor":"a","at":"{at}","event_id":"e{n}","execution_mode":"w","force":false,"from_lane":"{from}","to_lane":"{to}","wp_id":"WP01"{more}}}"#
            ) + "\n"
        };
        steps.iter().enumerate().map(line).collect()
    }

    fn latest(text: &str) -> Option<Latest> {
        let log = Log::parse("log", text.as_bytes()).unwrap();
        latest_verdicts([&log]).unwrap().remove(&"WP01".parse().unwrap())
    }

    fn is_against(text: &str) -> bool {
        latest(text).is_some_and(|latest| latest.contradicts(Status::Approved))
    }

    const NO: &str = r#","review_result":{"reviewer":"r","verdict":"changes_requested","reference":"f"},"review_ref":"f""#;
    const YES: &str = r#","review_result":{"reviewer":"s","verdict":"approved","reference":"g"}"#;

    #[test]
    fn the_last_verdict_counts_and_a_step_without_one_leaves_it() {
        let back = ("1", "in_review", "in_progress", NO);
        assert!(!is_against(&log(&[("1", "planned", "approved", "")])), "forced, never reviewed");
        assert!(is_against(&log(&[back, ("2", "in_progress", "approved", "")])));
        let mended = latest(&log(&[back, ("2", "in_review", "approved", YES)])).unwrap();
        assert_eq!((mended.reviewer.as_str(), mended.event_id.as_deref()), ("s", Some("e1")));
        assert!(!mended.contradicts(Status::Done));
        let rejected = latest(&log(&[back])).unwrap();
        for status in Status::ALL {
            let is_good = matches!(status, Status::Approved | Status::Done);
            assert_eq!(rejected.contradicts(status), is_good, "{status}");
        }
    }

    #[test]
    fn order_is_the_reducers_and_not_that_of_the_lines() {
        let (no, yes) =
            (("2", "in_review", "in_progress", NO), ("1", "in_review", "approved", YES));
        assert!(is_against(&log(&[no, yes])), "the later one stands first");
        let together = ("2", "in_review", "approved", YES);
        assert!(is_against(&log(&[no, together])), "a rollback beats a step of the same time");
        assert!(is_against(&log(&[together, no])));
    }

    #[test]
    fn evidence_counts_where_there_is_no_result() {
        let evidence = |verdict| {
            format!(
                r#","evidence":{{"review":{{"reviewer":"s","verdict":"{verdict}","reference":"g"}}}}"#
            )
        };
        let approved = evidence("approved");
        let back = ("1", "in_review", "in_progress", NO);
        assert!(!is_against(&log(&[back, ("2", "in_progress", "approved", &approved)])));
        let strange = evidence("meh");
        assert!(is_against(&log(&[("2", "in_progress", "approved", &strange)])), "read strictly");
        let other = r#","evidence":{"tests":"green"}"#;
        assert!(latest(&log(&[("2", "in_progress", "approved", other)])).is_none());
        let damaged = r#","review_result":{"verdict":"approved"}"#;
        let text = log(&[("2", "in_review", "approved", damaged)]);
        assert!(latest_verdicts([&Log::parse("log", text.as_bytes()).unwrap()]).is_err());
    }

    #[test]
    fn an_arbiter_sets_a_verdict_aside_after_it_was_given() {
        let decision = |at: &str, who: &str| {
            format!(
                r#"{{"kind":"annotation","event_id":"01ARZ3NDEKTSV4RRFFQ69G5F0{at}","at":"{at}","actor":"a","wp_id":"WP01","delta":{{"review":{{"actor":"{who}","at":"","reason":"","wp_id":""}}}}}}"#
            ) + "\n"
        };
        let back = log(&[("2", "in_review", "in_progress", NO)]);
        assert!(!is_against(&(back.clone() + &decision("3", "ann"))));
        assert!(is_against(&(back.clone() + &decision("3", "ann") + &decision("4", ""))), "back");
        assert!(is_against(&(back + &decision("1", "ann"))), "of an earlier round");
    }

    #[test]
    fn a_file_says_it_where_the_log_is_silent() {
        let of = |text: &str| {
            let cycle =
                ReviewCycle::parse(text.as_bytes(), "tasks/WP01/review-cycle-1.md").unwrap();
            Latest::of_cycle(&cycle, "x").map(|latest| latest.contradicts(Status::Done))
        };
        assert_eq!(of("---\nverdict: rejected\n---\n"), Some(true));
        assert_eq!(of("---\nverdict: approved\n---\n"), Some(false));
        assert_eq!(of("# It fails\n"), None);
        let aside = "---\nverdict: rejected\nreview_artifact_override_actor: bob\n---\n";
        assert_eq!(of(aside), Some(false));
    }
}
