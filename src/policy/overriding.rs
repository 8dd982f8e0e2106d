//! What an override may let pass.
//!
//! It lets pass what can be taken back: who touches which file, who commits where. Never what would
//! be lost for others or cannot be judged any more afterwards: see [`GuardCode::is_final`].

use crate::domain::overriding::Override;

use super::verdict::{GuardCode, Outcome, Verdict};

impl GuardCode {
    /// Whether no override lets it pass: a log that loses lines or forks, a
    /// mission that nobody can read any more or that is another one, a branch that goes with
    /// its commits, commits of a remote that would be lost, a name that leads elsewhere, and a lane
    /// on a target without the coordination branch.
    #[must_use]
    pub const fn is_final(self) -> bool {
        match self {
            Self::StatusFileProtected
            | Self::LogNotAppendOnly
            | Self::MissionFileDamaged
            | Self::MissionIdentityChanged
            | Self::BranchDeletionRefused
            | Self::BranchMadeSymbolic
            | Self::NotSynchronized
            | Self::LaneOntoTarget
            | Self::OplogForged => true,
            Self::ContextMissing
            | Self::ContextAmbiguous
            | Self::StatusUnavailable
            | Self::MetadataMissing
            | Self::MetadataInvalid
            | Self::ContextError
            | Self::ClaimTakenOver
            | Self::OwnershipMissing
            | Self::WpScopeViolation
            | Self::ScopeViolation
            | Self::MissionFileProtected
            | Self::CoordinationPathRefused
            | Self::ProtectedBranchRefused
            | Self::LandingNotHere => false,
        }
    }
}

impl Verdict {
    /// Whether it refuses, and an override could let it pass.
    #[must_use]
    pub fn can_be_overridden(&self) -> bool {
        self.outcome == Outcome::Refused && !self.violations.iter().any(|one| one.code.is_final())
    }

    /// The same, let pass by an override: as a warning, with every reason still told.
    #[must_use]
    pub fn let_pass(self, by: Override) -> Self {
        Self { outcome: Outcome::Warned, overridden: Some(by), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Instant;
    use crate::policy::Violation;

    fn verdict(codes: &[GuardCode]) -> Verdict {
        let violation = |code: &GuardCode| Violation {
            code: *code,
            path: None,
            owners: Vec::new(),
            fact: String::new(),
            next_step: String::new(),
        };
        let violations = codes.iter().map(violation).collect();
        Verdict { outcome: Outcome::Refused, violations, ..Verdict::default() }
    }

    #[test]
    fn one_final_reason_among_others_suffices() {
        use GuardCode::{LogNotAppendOnly, ProtectedBranchRefused, ScopeViolation};
        assert!(verdict(&[ScopeViolation, ProtectedBranchRefused]).can_be_overridden());
        assert!(!verdict(&[ScopeViolation, LogNotAppendOnly]).can_be_overridden());
        let warned = Verdict { outcome: Outcome::Warned, ..verdict(&[ScopeViolation]) };
        assert!(!warned.can_be_overridden(), "it passes anyway");
    }

    #[test]
    fn what_is_let_pass_still_tells_why_it_should_not() {
        let by = Override {
            id: "01".to_owned(),
            branch: "main".parse().unwrap(),
            reason: "release".to_owned(),
            actor: "ann".to_owned(),
            from: Instant::from_micros(0),
            until: Instant::from_micros(1),
        };
        let passed = verdict(&[GuardCode::ScopeViolation]).let_pass(by.clone());
        assert_eq!((passed.outcome, &passed.overridden), (Outcome::Warned, &Some(by)));
        assert_eq!(passed.violations.len(), 1);
    }
}
