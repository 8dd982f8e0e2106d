//! Two policies at once: whatever either forbids is forbidden.

use super::{GuardConfig, PolicyConfig, Protected};

impl PolicyConfig {
    /// The stricter of two policies, key by key. Where neither is stricter (the merge strategy),
    /// `self` decides if it says anything. Warnings of both are kept.
    #[must_use]
    pub fn tighten(self, other: Self) -> Self {
        Self {
            guard: self.guard.tighten(other.guard),
            protected: self.protected.union(other.protected),
            strategy: self.strategy.or(other.strategy),
            overrides: self.overrides.max(other.overrides),
            warnings: [self.warnings, other.warnings].concat(),
        }
    }
}

impl GuardConfig {
    /// Matching with regard to case is the stricter way: it allows fewer paths.
    fn tighten(self, other: Self) -> Self {
        Self {
            enabled: self.enabled || other.enabled,
            mode: self.effective_mode().max(other.effective_mode()),
            block_mission_specs: self.block_mission_specs || other.block_mission_specs,
            enforce_ownership: self.enforce_ownership || other.enforce_ownership,
            case_insensitive: self.case_insensitive && other.case_insensitive,
        }
    }
}

impl Protected {
    /// These, and those that are protected without a policy.
    #[must_use]
    pub fn and_usual(self) -> Self {
        self.union(Self::Default)
    }

    /// The branches that either protects.
    fn union(self, other: Self) -> Self {
        let (default, mut names) = self.parts();
        let (other_default, others) = other.parts();
        for name in others {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        match (default || other_default, names.is_empty()) {
            (true, true) => Self::Default,
            (true, false) => Self::DefaultAnd(names),
            (false, _) => Self::Exactly(names),
        }
    }

    /// Whether the default ones are among them, and which others.
    fn parts(self) -> (bool, Vec<String>) {
        match self {
            Self::Default => (true, Vec::new()),
            Self::Exactly(names) => (false, names),
            Self::DefaultAnd(names) => (true, names),
        }
    }
}
