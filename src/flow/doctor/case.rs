//! A finding, and what can be done about it.

use anyhow::Result;

use super::Treatment;
use crate::domain::finding::{Finding, Outcome};

/// Mends something, or says why not.
type Remedy<'p> = Box<dyn FnOnce() -> Result<Outcome> + 'p>;

/// A finding with its remedy, if it has one.
pub(super) struct Case<'p> {
    finding: Finding,
    remedy: Option<Remedy<'p>>,
}

impl<'p> Case<'p> {
    /// One that nothing is done about.
    pub(super) const fn left(finding: Finding) -> Self {
        Self { finding, remedy: None }
    }

    /// One that this mends.
    pub(super) fn mended_by(
        finding: Finding,
        remedy: impl FnOnce() -> Result<Outcome> + 'p,
    ) -> Self {
        Self { finding, remedy: Some(Box::new(remedy)) }
    }

    /// Mends it, if that is wished. What fails is left, for the reason why it failed.
    pub(super) fn treat(self, treatment: Treatment<'_>) -> Finding {
        let Self { mut finding, remedy } = self;
        finding.outcome = match (treatment, remedy) {
            (Treatment::None, _) => None,
            (Treatment::Fix(_), None) => finding.kind.left.map(|why| Outcome::Left(why.to_owned())),
            (Treatment::Fix(_), Some(remedy)) => {
                Some(remedy().unwrap_or_else(|error| Outcome::Left(format!("{error:#}"))))
            }
        };
        finding
    }
}

/// That something is mended.
pub(super) fn mended(what: impl Into<String>) -> Result<Outcome> {
    Ok(Outcome::Mended(what.into()))
}

/// That something is left.
pub(super) fn left(why: impl Into<String>) -> Result<Outcome> {
    Ok(Outcome::Left(why.into()))
}
