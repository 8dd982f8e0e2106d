//! What a doctor finds in a repository.
//!
//! Source: `formats.md` section 8. `docs/doctor.md` explains each kind; a test compares the two.

use super::refusal::{Refusal, Return};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something does not work, or is not guarded.
    Error,
    /// Something will be in somebody's way.
    Warning,
    /// Good to know; changes no exit status.
    Info,
}

impl Severity {
    /// The name that JSON carries.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// A kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The stable code.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Why it is never mended; `None` if it can be.
    pub left: Option<&'static str>,
}

impl Kind {
    /// An error that can be mended.
    #[must_use]
    pub const fn error(code: &'static str) -> Self {
        Self { code, severity: Severity::Error, left: None }
    }

    /// A warning that can be mended.
    #[must_use]
    pub const fn warning(code: &'static str) -> Self {
        Self { code, severity: Severity::Warning, left: None }
    }

    /// Something good to know.
    #[must_use]
    pub const fn info(code: &'static str) -> Self {
        Self { code, severity: Severity::Info, left: None }
    }

    /// The same, but never mended, for this reason.
    #[must_use]
    pub const fn left(self, why: &'static str) -> Self {
        Self { left: Some(why), ..self }
    }

    /// A finding of this kind: about what, what is wrong there, and what a person can do.
    #[must_use]
    pub fn found(
        self,
        subject: impl Into<String>,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Finding {
        let (subject, message, fix) = (subject.into(), message.into(), fix.into());
        Finding { kind: self, subject, message, fix, outcome: None, gone: None }
    }
}

/// What was done about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is mended: what was done.
    Mended(String),
    /// It is as it was: why.
    Left(String),
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub kind: Kind,
    /// What it is about: a path, a branch, a mission or a setting.
    pub subject: String,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What a person can do, as a rule a command.
    pub fix: String,
    /// What was done about it; `None` if nothing was to be done.
    pub outcome: Option<Outcome>,
    /// The branch that is gone, where that is what is wrong.
    pub gone: Option<String>,
}

impl Finding {
    /// What keeps something from being looked at: a document that is damaged, for example.
    #[must_use]
    pub fn of_refusal(refusal: &Refusal, subject: impl Into<String>) -> Self {
        let kind = Kind::error(refusal.code()).left("what is damaged is not guessed");
        kind.found(subject, refusal.to_string(), refusal.hint()).as_of(refusal)
    }

    /// The same, for want of the branch that this refusal is about, if it is for want of one.
    #[must_use]
    pub fn as_of(self, refusal: &Refusal) -> Self {
        if let Refusal::CoordinationBranchDeleted { branch: gone, .. }
        | Refusal::WorktreeMismatch { expected: gone, back: Return::Rename, .. } = refusal
        {
            return self.for_want_of(gone.as_str());
        }
        self
    }

    /// The same, for what is wrong because a branch is gone.
    #[must_use]
    pub fn for_want_of(self, branch: impl Into<String>) -> Self {
        Self { gone: Some(branch.into()), ..self }
    }

    /// Whether it is still there, and matters.
    #[must_use]
    pub const fn counts(&self) -> bool {
        !matches!(self.outcome, Some(Outcome::Mended(_)))
            && !matches!(self.kind.severity, Severity::Info)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mended_or_only_good_to_know_does_not_count() {
        let found = |kind: Kind, outcome| Finding { outcome, ..kind.found("s", "m", "f") };
        let warning = Kind::warning("X");
        assert!(found(warning, None).counts());
        assert!(found(warning, Some(Outcome::Left(String::new()))).counts());
        assert!(!found(warning, Some(Outcome::Mended(String::new()))).counts());
        assert!(!found(Kind::info("X"), None).counts());
        assert!(Severity::Error < Severity::Warning && Severity::Warning < Severity::Info);
    }
}
