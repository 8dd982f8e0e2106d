//! What a snapshot says that its log does not: number and type of the mission.

use crate::domain::layout;
use crate::domain::path::RepoPath;
use crate::domain::snapshot::Snapshot;

use super::Versions;

/// The three versions of a snapshot, as far as they can be read.
pub(super) struct Facts {
    base: Option<Snapshot>,
    ours: Option<Snapshot>,
    theirs: Option<Snapshot>,
}

impl Facts {
    pub(super) fn of(versions: &Versions) -> Self {
        let parse = |bytes: &[u8]| Snapshot::parse(layout::SNAPSHOT, bytes).ok();
        let Versions { base, ours, theirs } = versions;
        Self { base: parse(base), ours: parse(ours), theirs: parse(theirs) }
    }

    /// Where the snapshot of the mission stands that ours is about.
    pub(super) fn usual_path(&self) -> Option<RepoPath> {
        let slug = self.ours.as_ref().map(|ours| ours.mission_slug.as_str())?;
        (!slug.is_empty()).then(|| layout::in_mission(slug, layout::SNAPSHOT))
    }

    /// Number and type as the merge has them: where only one side changed one, the change counts. A
    /// side that cannot be read has no say. `None` if both changed one differently, or neither
    /// can be read.
    pub(super) fn merged(&self) -> Option<(String, String)> {
        let number = self.field(|snapshot| &snapshot.mission_number)?;
        Some((number, self.field(|snapshot| &snapshot.mission_type)?))
    }

    fn field(&self, of: impl Fn(&Snapshot) -> &String) -> Option<String> {
        let [base, ours, theirs] =
            [&self.base, &self.ours, &self.theirs].map(|side| side.as_ref().map(&of));
        match (ours, theirs) {
            (Some(ours), Some(theirs)) if ours == theirs || Some(theirs) == base => Some(ours),
            (Some(ours), Some(theirs)) => (Some(ours) == base).then_some(theirs),
            (one, other) => one.or(other),
        }
        .cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(numbers: [Option<&str>; 3]) -> Option<String> {
        let text = |number: Option<&str>| match number {
            Some(number) => format!(
                r#"{{"event_count":0,"last_event_id":null,"materialized_at":"","mission_slug":"s","mission_number":"{number}","summary":{{}},"work_packages":{{}}}}"#
            ),
            None => "<<<<<<< HEAD".to_owned(),
        };
        let [base, ours, theirs] = numbers.map(|number| text(number).into_bytes());
        Facts::of(&Versions { base, ours, theirs }).merged().map(|(number, _)| number)
    }

    #[test]
    fn a_change_of_one_side_counts_and_two_do_not_agree() {
        let same = Some("7");
        assert_eq!(merged([Some(""), same, same]).as_deref(), same);
        assert_eq!(merged([Some(""), Some(""), same]).as_deref(), same);
        assert_eq!(merged([Some(""), same, Some("")]).as_deref(), same);
        assert_eq!(merged([Some(""), same, Some("8")]), None);
        assert_eq!(merged([None, same, None]).as_deref(), same);
        assert_eq!(merged([same, None, None]), None);
    }
}
