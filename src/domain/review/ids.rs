//! The commits that a review is of, as the event that begins it records them.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::domain::event::{LaneEvent, Log, lane_events_in_order};
use crate::domain::id::WpId;
use crate::domain::oid::Oid;
use crate::domain::status::Status;

/// What is reviewed: all that a lane has at `tip`, and neither `base` nor the lanes that it depends on
/// have. Kept as `policy_metadata.review` of the move to `in_review`, which is free in form
/// (`formats.md` section 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// The commit that the lane has in common with its mission.
    pub base: Oid,
    /// The lane's last commit as the review began.
    pub tip: Oid,
    /// What the lane has of lanes that it depends on, and `base` has not: they have reviews of their
    /// own.
    pub without: Vec<Oid>,
}

/// What the log says of the review that began last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// What it is of.
    Ids(Reviewed),
    /// It began, and nothing says what it is of: an event of before, or of another tool.
    Nothing,
    /// No review began.
    NeverBegun,
}

impl Reviewed {
    const KEY: &'static str = "review";

    /// Adds the commits to an event's notes.
    pub fn note(&self, fields: &mut Map<String, Value>) {
        let notes = fields.entry("policy_metadata").or_insert(Value::Null);
        if !notes.is_object() {
            *notes = json!({});
        }
        let mut ids = Map::from_iter([
            ("base".to_owned(), self.base.to_string().into()),
            ("tip".to_owned(), self.tip.to_string().into()),
        ]);
        if !self.without.is_empty() {
            let without: Vec<_> = self.without.iter().map(ToString::to_string).collect();
            ids.insert("without".to_owned(), without.into());
        }
        if let Value::Object(notes) = notes {
            notes.insert(Self::KEY.to_owned(), ids.into());
        }
    }

    /// What logs say of the last review of a work package, by the reducer's order; several logs
    /// count as their union.
    pub fn in_logs<'l, 'a: 'l>(
        logs: impl IntoIterator<Item = &'l Log<'a>>,
        wp_id: &WpId,
    ) -> Recorded {
        let mut events = lane_events_in_order(logs).into_iter().rev();
        match events.find(|event| is_begin(event, wp_id)) {
            None => Recorded::NeverBegun,
            Some(event) => {
                let notes = event.policy_metadata.map(|raw| raw.get()).and_then(Self::in_notes);
                notes.map_or(Recorded::Nothing, Recorded::Ids)
            }
        }
    }

    fn in_notes(text: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Ids {
            base: String,
            tip: String,
            #[serde(default)]
            without: Vec<String>,
        }
        let mut notes: Map<String, Value> = serde_json::from_str(text).ok()?;
        let Ids { base, tip, without } = serde_json::from_value(notes.remove(Self::KEY)?).ok()?;
        let without = without.iter().map(|id| id.parse().ok()).collect::<Option<_>>()?;
        Some(Self { base: base.parse().ok()?, tip: tip.parse().ok()?, without })
    }
}

fn is_begin(event: &LaneEvent<'_>, wp_id: &WpId) -> bool {
    event.to == Status::InReview && &*event.wp_id == wp_id.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(n: u32, wp_id: &str, notes: &Value) -> String {
        format!(
            r#"{{"actor":"a","at":"{n}","event_id":"e{n}","execution_mode":"w","force":false,"from_lane":"for_review","to_lane":"in_review","wp_id":"{wp_id}","policy_metadata":{notes}}}"#
        ) + "\n"
    }

    fn recorded(text: &str) -> Recorded {
        let log = Log::parse("log", text.as_bytes()).unwrap();
        Reviewed::in_logs([&log], &"WP01".parse().unwrap())
    }

    #[test]
    fn the_last_review_of_the_work_package_is_the_one() {
        let oid = |digit: &str| digit.repeat(40).parse().unwrap();
        let (first, second) = (
            Reviewed { base: oid("1"), tip: oid("2"), without: Vec::new() },
            Reviewed { base: oid("3"), tip: oid("4"), without: vec![oid("5"), oid("6")] },
        );
        let notes = |reviewed: &Reviewed, more: Value| {
            let mut fields = Map::from_iter([("policy_metadata".to_owned(), more)]);
            reviewed.note(&mut fields);
            fields.remove("policy_metadata").unwrap()
        };
        let (one, two) = (notes(&first, json!({ "agent": "x" })), notes(&second, Value::Null));
        assert_eq!(one["agent"], "x", "what else is noted stays");
        let both = event(2, "WP01", &two) + &event(1, "WP01", &one) + &event(3, "WP02", &one);
        assert_eq!(recorded(&both), Recorded::Ids(second));
        assert_eq!(recorded(&event(3, "WP02", &one)), Recorded::NeverBegun);
        for notes in [json!(null), json!({}), json!({ "review": { "base": "x", "tip": "y" } })] {
            let log = event(1, "WP01", &one) + &event(2, "WP01", &notes);
            assert_eq!(recorded(&log), Recorded::Nothing, "{notes}");
        }
    }
}
