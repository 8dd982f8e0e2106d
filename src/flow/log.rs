//! Reading the events of a mission as they were stored, and what came since.

use std::collections::HashSet;
use std::str::FromStr;

use anyhow::Result;
use serde_json::Value;

use super::unjudged;
use crate::domain::event::{Event, Line, Log, Schema, merge};
use crate::domain::id::WpId;
use crate::domain::moment;
use crate::domain::refusal::{Refusal, Warning};
use crate::domain::time::Instant;
use crate::git::Repo;
use crate::store::{LogState, Mission, Store};

/// Which events are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Those of this work package.
    pub wp_id: Option<WpId>,
    /// Those at this time or later; what has no time is left out.
    pub since: Option<Instant>,
    /// Those of this kind.
    pub kind: Option<Kind>,
}

/// Kinds of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Moves of work packages.
    Lane,
    /// Notes about work packages.
    Annotation,
    /// Those of other subsystems.
    Foreign,
    /// Those of other subsystems that call themselves so, e.g. `MissionCreated`.
    Named(String),
}

impl FromStr for Kind {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "lane" => Self::Lane,
            "annotation" => Self::Annotation,
            "foreign" => Self::Foreign,
            name => Self::Named(name.to_owned()),
        })
    }
}

/// Reads a mission's log, again and again if need be.
pub struct Reader<'r> {
    repo: &'r Repo,
    mission: Mission,
    filter: Filter,
    state: Option<LogState>,
    seen: HashSet<String>,
    warnings: Vec<Warning>,
}

impl<'r> Reader<'r> {
    /// A reader that has read nothing yet.
    #[must_use]
    pub fn new(repo: &'r Repo, mission: Mission, filter: Filter) -> Self {
        Self { repo, mission, filter, state: None, seen: HashSet::new(), warnings: Vec::new() }
    }

    /// The lines that pass the filter and that no earlier call returned, as they stand, in the
    /// order in which events count. Cheap while nothing has changed.
    ///
    /// # Errors
    /// If the log cannot be read, or is damaged: then the next call reads it again.
    pub fn news(&mut self) -> Result<Vec<String>> {
        let store = Store::new(self.repo);
        let state = store.log_state(&self.mission)?;
        if self.state.as_ref() == Some(&state) {
            return Ok(Vec::new());
        }
        if let Some(mission) = store.open(&self.mission.dir)? {
            self.mission = mission;
        }
        let files = store.log_texts(&self.mission)?;
        let named = files.iter().map(|file| (file.shown.as_str(), file.bytes.as_slice()));
        let bytes = match (merge(Schema::Status, named), files.as_slice()) {
            // Of what one log says twice the first counts; only between two logs nobody can choose.
            (Err(Refusal::EventConflict { .. }), [only]) => only.bytes.clone(),
            (merged, _) => merged?,
        };
        let log = Log::parse(&self.mission.dir, &bytes)?;
        let mut news = Vec::new();
        for line in log.lines() {
            let id = line.event.event_id().unwrap_or(line.text);
            if !self.seen.contains(id) {
                self.seen.insert(id.to_owned());
                news.extend(self.filter.takes(line).then(|| line.text.trim_end().to_owned()));
            }
        }
        self.warnings = store.evidence(&self.mission)?.warnings();
        self.state = Some(state);
        Ok(news)
    }

    /// What the last reading found against the log; each is returned once.
    pub fn take_warnings(&mut self) -> Vec<Warning> {
        std::mem::take(&mut self.warnings)
    }
}

/// Takes the log of a mission as it is for what readers have seen and doors have judged, so that they
/// say no more against it.
///
/// # Errors
/// If a line is damaged, or it cannot be written down.
pub fn accept(repo: &Repo, mission: &Mission) -> Result<()> {
    Store::new(repo).accept(mission)?;
    unjudged::accept_log(repo, mission)
}

impl Filter {
    /// Whether a line is wanted.
    fn takes(&self, line: &Line<'_>) -> bool {
        let Self { wp_id, since, kind } = self;
        let facts = Facts::of(line);
        wp_id.as_ref().is_none_or(|wp_id| facts.wp_id.as_deref() == Some(wp_id.as_str()))
            && since.is_none_or(|since| facts.at.is_some_and(|at| at >= since))
            && kind.as_ref().is_none_or(|kind| facts.kinds.contains(kind))
    }
}

/// What filters ask for.
struct Facts {
    wp_id: Option<String>,
    at: Option<Instant>,
    kinds: Vec<Kind>,
}

impl Facts {
    fn of(line: &Line<'_>) -> Self {
        match &line.event {
            Event::Lane(event) => Self {
                wp_id: Some(event.wp_id.to_string()),
                at: moment::instant(&event.at),
                kinds: vec![Kind::Lane],
            },
            Event::Annotation(event) => Self {
                wp_id: Some(event.wp_id.to_string()),
                at: moment::instant(&event.at),
                kinds: vec![Kind::Annotation],
            },
            Event::Foreign(_) => Self::of_foreign(line.text),
        }
    }

    fn of_foreign(text: &str) -> Self {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        let string = |key: &str| value.get(key).and_then(Value::as_str);
        let names = ["event_type", "type", "event_name"].into_iter().filter_map(string);
        let named = names.map(|name| Kind::Named(name.to_owned()));
        let inner = value.get("payload").and_then(|payload| payload.get("wp_id")?.as_str());
        Self {
            wp_id: string("wp_id").or(inner).map(str::to_owned),
            at: string("at").or(string("timestamp")).and_then(moment::instant),
            kinds: named.chain([Kind::Foreign]).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOVE: &str = r#"{"actor":"ann","at":"2026-01-02T00:00:00Z","event_id":"E1","execution_mode":"worktree","force":false,"from_lane":"planned","to_lane":"claimed","wp_id":"WP01"}"#;
    const NOTE: &str = r#"{"actor":"ann","at":"2026-01-03T01:00:00+01:00","delta":{},"event_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","kind":"annotation","wp_id":"WP02"}"#;
    const MADE: &str = r#"{"event_type":"WPCreated","payload":{"wp_id":"WP01"},"timestamp":"2026-01-01T00:00:00Z"}"#;
    const BARE: &str = r#"{"type":"RetrospectiveSkipped"}"#;

    fn passing(filter: &Filter) -> Vec<&'static str> {
        let lines = [MOVE, NOTE, MADE, BARE];
        let takes = |text: &&str| {
            let log = Log::parse("log", text.as_bytes()).unwrap();
            filter.takes(&log.lines()[0])
        };
        lines.into_iter().filter(takes).collect()
    }

    #[test]
    fn filters_ask_for_package_time_and_kind() {
        assert_eq!(passing(&Filter::default()), [MOVE, NOTE, MADE, BARE]);
        let wp_id = Some("WP01".parse().unwrap());
        assert_eq!(passing(&Filter { wp_id, ..Filter::default() }), [MOVE, MADE]);
        let since = moment::instant("2026-01-03");
        assert_eq!(passing(&Filter { since, ..Filter::default() }), [NOTE]);
        for (kind, expected) in [
            ("lane", vec![MOVE]),
            ("annotation", vec![NOTE]),
            ("foreign", vec![MADE, BARE]),
            ("WPCreated", vec![MADE]),
            ("RetrospectiveSkipped", vec![BARE]),
            ("other", vec![]),
        ] {
            let kind = kind.parse().ok();
            assert_eq!(passing(&Filter { kind, ..Filter::default() }), expected);
        }
    }
}
