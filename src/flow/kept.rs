//! Refs that keep what closed missions had: they stand for branches that are gone, so that nobody
//! moves or deletes them by hand.

use anyhow::Result;

use super::commits::Judged;
use super::guard::Judgement;
use super::refs::Refs;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::ref_update::Value;
use crate::domain::refname::RefName;
use crate::policy::{GuardCode, Outcome, Verdict, Violation};

/// Below which they are.
const PLACES: [&str; 2] = [layout::LANDED, layout::DISCARDED];

/// What git-kitty keeps of missions that were closed, or is about to keep.
///
/// # Errors
/// If a ref is damaged.
pub(super) fn kept_for_good(refs: &Refs<'_>) -> Result<Vec<Oid>> {
    let mut kept = Vec::new();
    for place in PLACES {
        let below = format!("{place}/");
        kept.extend(refs.kept_below(&below)?);
        kept.extend(refs.repo.about_to_be_held(&below));
    }
    Ok(kept)
}

/// Whether it is such a ref.
pub(super) fn is_kept_for_good(name: &RefName) -> bool {
    PLACES.iter().any(|place| {
        let rest = name.as_bytes().strip_prefix(place.as_bytes());
        rest.is_some_and(|rest| rest.starts_with(b"/"))
    })
}

/// That one which is there would go or move.
pub(super) fn unkept((name, new): (&RefName, &Value)) -> Judged {
    let verb = if *new == Value::Nothing { "be deleted" } else { "move" };
    let violation = Violation {
        code: GuardCode::BranchDeletionRefused,
        path: None,
        owners: Vec::new(),
        fact: format!("`{name}` keeps what a closed mission had, and would {verb}"),
        next_step: "leave it: it has the commits of branches that were deleted".to_owned(),
    };
    let (outcome, violations) = (Outcome::Refused, vec![violation]);
    let verdict = Verdict { outcome, violations, ..Verdict::default() };
    Judged { commit: None, judgement: Judgement { verdict, ..Judgement::default() } }
}
