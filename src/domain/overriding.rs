//! Overrides: the one lawful way around the judge, on one branch and for a while.

use std::fmt;
use std::time::Duration;

use super::branch::BranchName;
use super::duration;
use super::time::Instant;

/// The longest that an override lasts. What has to hold for longer belongs into the policy.
pub const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// That somebody lets a branch take for a while what the judge refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Its ULID.
    pub id: String,
    /// The branch.
    pub branch: BranchName,
    /// Why; never empty.
    pub reason: String,
    /// Who granted it.
    pub actor: String,
    /// From when on it holds.
    pub from: Instant,
    /// The first moment at which it does not hold any more.
    pub until: Instant,
}

impl Override {
    /// Whether it has not run out. What lasts longer than [`LONGEST`], or begins later, was not
    /// granted by us and never holds.
    #[must_use]
    pub fn is_in_force(&self, now: Instant) -> bool {
        let span = self.until.micros().checked_sub(self.from.micros());
        let is_lawful = span.is_some_and(|span| Duration::from_micros(span) <= LONGEST);
        is_lawful && self.from <= now && now < self.until
    }

    /// Whether it is about this branch, and in force.
    #[must_use]
    pub fn covers(&self, branch: &BranchName, now: Instant) -> bool {
        self.branch == *branch && self.is_in_force(now)
    }
}

/// Why an override cannot last as long as a text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanFault {
    /// It is no span of time.
    Unreadable,
    /// It is none at all.
    Nothing,
    /// It is longer than [`LONGEST`].
    TooLong,
}

impl fmt::Display for SpanFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable => f.write_str("is no span of time"),
            Self::Nothing => f.write_str("is no time at all"),
            Self::TooLong => {
                write!(f, "is longer than {} h", LONGEST.as_secs() / 3600)
            }
        }
    }
}

/// How long an override lasts, as one types it: `90s`, `10m`, `2h`, `1h30m`.
///
/// # Errors
/// If it is no such text, if nothing is left of it, or if it is longer than [`LONGEST`].
pub fn lasting(text: &str) -> Result<Duration, SpanFault> {
    match duration::parse(text) {
        None => Err(SpanFault::Unreadable),
        Some(span) if span.is_zero() => Err(SpanFault::Nothing),
        Some(span) if span > LONGEST => Err(SpanFault::TooLong),
        Some(span) => Ok(span),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000_000;

    fn given(from: u64, until: u64) -> Override {
        Override {
            id: "01".to_owned(),
            branch: "main".parse().unwrap(),
            reason: "release".to_owned(),
            actor: "ann".to_owned(),
            from: Instant::from_micros(from),
            until: Instant::from_micros(until),
        }
    }

    fn holds(given: &Override, branch: &str, now: u64) -> bool {
        given.covers(&branch.parse().unwrap(), Instant::from_micros(now))
    }

    #[test]
    fn it_holds_on_its_branch_from_its_first_moment_to_before_its_last() {
        let ten = given(MINUTE, 11 * MINUTE);
        for (branch, now, expected) in [
            ("main", MINUTE, true),
            ("main", 11 * MINUTE - 1, true),
            ("main", 11 * MINUTE, false),
            ("main", MINUTE - 1, false),
            ("Main", MINUTE, false),
            ("main2", MINUTE, false),
        ] {
            assert_eq!(holds(&ten, branch, now), expected, "{branch} at {now}");
        }
    }

    #[test]
    fn what_nobody_could_grant_never_holds() {
        let day = 24 * 60 * MINUTE;
        assert!(holds(&given(0, day), "main", 1));
        assert!(!holds(&given(0, day + 1), "main", 1), "too long");
        assert!(!holds(&given(5, 4), "main", 4), "backwards");
    }

    #[test]
    fn spans_are_whole_units_up_to_a_day() {
        let seconds = |text: &str| lasting(text).map(|span| span.as_secs());
        for (text, expected) in [("90s", 90), ("10m", 600), ("2h", 7200), ("1h30m", 5400)] {
            assert_eq!(seconds(text), Ok(expected));
        }
        assert_eq!(seconds("1d"), seconds("24h"));
        for (text, fault) in [
            ("0", SpanFault::Nothing),
            ("0s", SpanFault::Nothing),
            ("25h", SpanFault::TooLong),
            ("24h1s", SpanFault::TooLong),
            ("99999999999h", SpanFault::TooLong),
            ("", SpanFault::Unreadable),
            ("10", SpanFault::Unreadable),
            ("-10m", SpanFault::Unreadable),
            ("soon", SpanFault::Unreadable),
        ] {
            assert_eq!(lasting(text), Err(fault), "{text}");
        }
    }
}
