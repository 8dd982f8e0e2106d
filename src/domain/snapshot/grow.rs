//! The snapshot of a log that has grown, without reading the log again.

use super::reduce::{MissionFacts, mission_type, number, summary};
use super::{Snapshot, WorkPackage};
use crate::domain::event::{Annotation, Event, LaneEvent};
use crate::domain::refusal::Refusal;

impl Snapshot {
    /// What [`super::reduce()`] makes of the log that this is the snapshot of, with `events` behind
    /// it. They must be later than all that the log has, each later than the one before, and new.
    ///
    /// `None` where only the whole log tells: for foreign lines, for the first move of all, which
    /// names the mission, and for a claim that says who claims, since annotations count after it.
    ///
    /// # Errors
    /// As [`super::reduce()`].
    pub fn grown<'a>(
        mut self,
        events: impl IntoIterator<Item = &'a Event<'a>>,
        facts: Option<&MissionFacts>,
    ) -> Result<Option<Self>, Refusal> {
        for event in events {
            let taken = match event {
                Event::Lane(event) => self.take_move(event)?,
                Event::Annotation(annotation) => self.take_annotation(annotation)?,
                Event::Foreign(_) => false,
            };
            if !taken {
                return Ok(None);
            }
        }
        self.mission_number = number(facts);
        self.mission_type = mission_type(facts);
        self.summary = summary(self.work_packages.values());
        Ok(Some(self))
    }

    fn take_move(&mut self, event: &LaneEvent<'_>) -> Result<bool, Refusal> {
        if self.event_count == 0 || event.claim()?.is_some_and(|claim| claim.says_something()) {
            return Ok(false);
        }
        let work_package = self
            .work_packages
            .entry(event.wp_id.to_string())
            .or_insert_with(|| WorkPackage::untouched(event.actor.identity()));
        work_package.keep_traces(event)?;
        work_package.settle(event);
        self.event_count += 1;
        self.last_event_id = Some(event.event_id.to_string());
        self.materialized_at = event.at.to_string();
        Ok(true)
    }

    fn take_annotation(&mut self, annotation: &Annotation<'_>) -> Result<bool, Refusal> {
        self.work_packages
            .entry(annotation.wp_id.to_string())
            .or_insert_with(|| WorkPackage::untouched(annotation.actor.identity()))
            .annotate(annotation)?;
        Ok(true)
    }
}
