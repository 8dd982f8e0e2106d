//! Which work package is active in a lane, and why it sometimes cannot be said.

use crate::domain::id::WpId;
use crate::domain::status::Status;

use super::verdict::GuardCode;

/// The reason why no active work package is known: never reported as a scope violation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextTrouble {
    /// One of the `ACTIVE_WP_…` codes of `formats.md` section 4.
    pub code: GuardCode,
    /// What was found.
    pub fact: String,
    /// What to do about it.
    pub next_step: String,
}

/// The active work package of a lane: of its work packages the only one in progress; if none is,
/// the only one claimed; if none is, the only one in review, so that fixes can be committed
/// (`design.md` section 6).
///
/// # Errors
/// [`GuardCode::ContextAmbiguous`] if there are several, or none at all.
pub fn active_work_package(lane: &[(WpId, Status)]) -> Result<WpId, ContextTrouble> {
    const STAGES: [&[Status]; 3] =
        [&[Status::InProgress], &[Status::Claimed], &[Status::ForReview, Status::InReview]];
    for stage in STAGES {
        let here: Vec<&WpId> =
            lane.iter().filter(|(_, status)| stage.contains(status)).map(|(wp, _)| wp).collect();
        match here.as_slice() {
            [] => {}
            [only] => return Ok((*only).clone()),
            several => return Err(several_active(several, stage)),
        }
    }
    Err(none_active(lane))
}

fn several_active(several: &[&WpId], stage: &[Status]) -> ContextTrouble {
    let stage = stage.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
    ContextTrouble {
        code: GuardCode::ContextAmbiguous,
        fact: format!(
            "{} work packages of this lane are {stage}: {}",
            several.len(),
            join(several)
        ),
        next_step: "leave one of them active: finish or put back the others, then commit again"
            .to_owned(),
    }
}

fn none_active(lane: &[(WpId, Status)]) -> ContextTrouble {
    let all = lane.iter().map(|(wp, status)| format!("{wp} {status}")).collect::<Vec<_>>();
    let fact = if all.is_empty() {
        "this lane has no work packages".to_owned()
    } else {
        format!("no work package of this lane is active ({})", all.join(", "))
    };
    ContextTrouble {
        code: GuardCode::ContextAmbiguous,
        fact,
        next_step: "claim or start the work package that the change belongs to, then commit again"
            .to_owned(),
    }
}

fn join(ids: &[&WpId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn active(lane: &[(&str, Status)]) -> Result<String, ContextTrouble> {
        let lane: Vec<_> = lane.iter().map(|(wp, s)| (wp.parse().unwrap(), *s)).collect();
        active_work_package(&lane).map(|wp| wp.to_string())
    }

    #[test]
    fn each_stage_asks_the_next_only_when_it_is_empty() {
        use Status::{Approved, Claimed, Done, ForReview, InProgress, InReview, Planned};
        assert_eq!(
            active(&[("WP01", Done), ("WP02", InProgress), ("WP03", Claimed)]).unwrap(),
            "WP02"
        );
        assert_eq!(
            active(&[("WP01", Approved), ("WP02", Claimed), ("WP03", InReview)]).unwrap(),
            "WP02"
        );
        assert_eq!(active(&[("WP01", InReview), ("WP02", Planned)]).unwrap(), "WP01");
        assert_eq!(active(&[("WP01", ForReview)]).unwrap(), "WP01");
        for lane in [
            &[("WP01", InProgress), ("WP02", InProgress)][..],
            &[("WP01", Claimed), ("WP02", Claimed)],
            &[("WP01", ForReview), ("WP02", InReview)],
            &[("WP01", Done), ("WP02", Planned)],
            &[],
        ] {
            assert_eq!(active(lane).unwrap_err().code, GuardCode::ContextAmbiguous, "{lane:?}");
        }
    }
}
