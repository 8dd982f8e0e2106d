//! A status log to be written: events with times that only grow and ids that are the same on
//! every run.

use serde_json::{Map, Value, json};

use super::json;

/// A ULID made of a number alone: 48 bits of time, a second a step from 2026-01-05T09:00:00Z, and
/// 80 bits of the number.
pub fn ulid(number: u64) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let milliseconds = u128::from(super::sandbox::EPOCH + number) * 1000;
    let value = milliseconds << 80 | u128::from(number);
    let digit = |place: u32| char::from(ALPHABET[(value >> (5 * place) & 31) as usize]);
    (0..26).rev().map(digit).collect()
}

/// A time as the log writes it: `2026-01-05T09:00:00.000000+00:00` and a second and a microsecond
/// more for each step, up to the end of that January.
pub fn time(step: u64) -> String {
    let seconds = 9 * 3600 + step;
    let (day, hour) = (5 + seconds / 86_400, seconds / 3600 % 24);
    let (minute, second, micros) = (seconds / 60 % 60, seconds % 60, step % 1_000_000);
    assert!(day <= 31, "the kit's January is over");
    format!("2026-01-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}+00:00")
}

/// The lines of one mission's `status.events.jsonl`.
#[derive(Clone, Debug)]
pub struct Log {
    slug: String,
    mission_id: Option<String>,
    step: u64,
    lines: Vec<Line>,
}

#[derive(Clone, Debug)]
enum Line {
    Known(Event),
    Raw(String),
}

/// A line that can still be changed.
#[derive(Clone, Debug)]
pub struct Event(Map<String, Value>);

impl Log {
    /// An empty log. `mission_id` is in each event, as `null` if there is none.
    pub fn new(slug: &str, mission_id: Option<&str>) -> Self {
        let mission_id = mission_id.map(str::to_owned);
        Self { slug: slug.to_owned(), mission_id, step: 0, lines: Vec::new() }
    }

    /// Appends a move of `wp`. Unless told otherwise: actor `claude`, not forced, in a worktree.
    pub fn event(&mut self, wp: &str, from: &str, to: &str) -> &mut Event {
        let (id, at) = self.next();
        self.push(json!({
            "actor": "claude", "at": at, "event_id": id, "evidence": null,
            "execution_mode": "worktree", "force": false, "from_lane": from,
            "mission_id": self.mission_id, "mission_slug": self.slug, "policy_metadata": null,
            "reason": null, "review_ref": null, "to_lane": to, "wp_id": wp,
        }))
    }

    /// Appends the moves of `wp` along `statuses`, each with what its guard asks for.
    pub fn walk(&mut self, wp: &str, statuses: &[&str]) -> &mut Self {
        for pair in statuses.windows(2) {
            let approved = matches!(pair[1], "approved" | "done");
            let event = self.event(wp, pair[0], pair[1]);
            if pair[0] == "in_review" {
                event.review("rita", if approved { "approved" } else { "changes_requested" });
            }
            if approved {
                event.evidence("rita");
            }
        }
        self
    }

    /// Appends an annotation of `wp`.
    pub fn annotation(&mut self, wp: &str, delta: Value) -> &mut Event {
        let (id, at) = self.next();
        self.push(json!({
            "actor": "claude", "at": at, "delta": delta, "event_id": id, "kind": "annotation",
            "wp_id": wp,
        }))
    }

    /// Appends a line as it is.
    pub fn raw(&mut self, line: &str) -> &mut Self {
        self.lines.push(Line::Raw(line.to_owned()));
        self
    }

    /// Lets `steps` seconds pass, e.g. for events of another machine.
    pub fn wait(&mut self, steps: u64) -> &mut Self {
        self.step += steps;
        self
    }

    /// The events that the kit made, in order; raw lines are not among them.
    pub fn events(&self) -> Vec<&Map<String, Value>> {
        let known = |line| match line {
            &Line::Known(Event(ref fields)) => Some(fields),
            Line::Raw(_) => None,
        };
        self.lines.iter().filter_map(known).collect()
    }

    /// The file.
    pub fn text(&self) -> String {
        let line = |line: &Line| match line {
            Line::Known(Event(fields)) => json::line(&Value::Object(fields.clone())) + "\n",
            Line::Raw(text) => format!("{text}\n"),
        };
        self.lines.iter().map(line).collect()
    }

    fn next(&mut self) -> (String, String) {
        self.step += 1;
        (ulid(1_000_000 + self.step), time(self.step))
    }

    fn push(&mut self, value: Value) -> &mut Event {
        let Value::Object(fields) = value else { panic!("an event is an object") };
        self.lines.push(Line::Known(Event(fields)));
        match self.lines.last_mut() {
            Some(Line::Known(event)) => event,
            Some(Line::Raw(_)) | None => unreachable!("it was pushed just now"),
        }
    }
}

impl Event {
    /// Sets any field, also an unknown one; what is there is replaced.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) -> &mut Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// Drops a field.
    pub fn without(&mut self, name: &str) -> &mut Self {
        self.0.remove(name);
        self
    }

    /// The value of a text field.
    pub fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap()
    }

    /// Who did it.
    pub fn actor(&mut self, name: &str) -> &mut Self {
        self.set("actor", name)
    }

    /// Forced, for this reason.
    pub fn force(&mut self, reason: &str) -> &mut Self {
        self.set("force", true).set("reason", reason)
    }

    /// With the outcome of a review, which `review_ref` refers to.
    pub fn review(&mut self, reviewer: &str, verdict: &str) -> &mut Self {
        let reference = format!("review:{}", self.text("wp_id"));
        self.set("review_ref", reference.as_str()).set(
            "review_result",
            json!({"reference": reference, "reviewer": reviewer, "verdict": verdict}),
        )
    }

    /// With the evidence of an approval by `reviewer`.
    pub fn evidence(&mut self, reviewer: &str) -> &mut Self {
        let reference = format!("review:{}", self.text("wp_id"));
        let review = json!({"reference": reference, "reviewer": reviewer, "verdict": "approved"});
        self.set("evidence", json!({ "review": review }))
    }

    /// With an entry of `policy_metadata`.
    pub fn metadata(&mut self, name: &str, value: impl Into<Value>) -> &mut Self {
        let mut all = self.0["policy_metadata"].as_object().cloned().unwrap_or_default();
        all.insert(name.to_owned(), value.into());
        self.set("policy_metadata", all)
    }
}
