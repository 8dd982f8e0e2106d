//! Times as people type them: RFC 3339, or how long ago.

use std::str::FromStr;
use std::time::Duration;

use super::id::InvalidId;
use super::time::Instant;

/// A point in time, still to be told from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// This instant.
    At(Instant),
    /// So long before now.
    Ago(Duration),
}

impl Moment {
    /// The instant that it is.
    #[must_use]
    pub fn instant(self, now: Instant) -> Instant {
        match self {
            Self::At(instant) => instant,
            Self::Ago(ago) => {
                let micros = u64::try_from(ago.as_micros()).unwrap_or(u64::MAX);
                Instant::from_micros(now.micros().saturating_sub(micros))
            }
        }
    }
}

impl FromStr for Moment {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let ago = || duration(text).map(Self::Ago);
        instant(text).map(Self::At).or_else(ago).ok_or_else(|| InvalidId {
            kind: "time (RFC 3339, or how long ago: `10m`, `2h`, `3d`)",
            text: text.to_owned(),
        })
    }
}

/// A duration: a number and `s`, `m`, `h`, `d` or `w`.
#[must_use]
pub fn duration(text: &str) -> Option<Duration> {
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        _ => return None,
    };
    let digits = text.get(..text.len() - 1)?;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = plain.then(|| digits.parse().ok())??;
    number.checked_mul(unit).map(Duration::from_secs)
}

/// An instant of RFC 3339 with any offset; a date alone is its midnight in UTC.
#[must_use]
pub fn instant(text: &str) -> Option<Instant> {
    let text = text.to_ascii_uppercase();
    if text.len() == 10 {
        return Instant::from_log(&format!("{text}T00:00:00Z"));
    }
    let mark = text.get(19..)?.find(['Z', '+', '-'])? + 19;
    let (local, zone) = text.split_at_checked(mark)?;
    let local = Instant::from_log(&format!("{local}Z"))?.micros();
    let offset = if zone == "Z" { 0 } else { offset(zone.get(1..)?)? };
    let utc =
        if zone.starts_with('-') { local.checked_add(offset) } else { local.checked_sub(offset) };
    utc.map(Instant::from_micros)
}

/// `HH:MM` in microseconds.
fn offset(text: &str) -> Option<u64> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| (text.len() == 2).then(|| text.parse::<u64>().ok()).flatten();
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some((hours * 60 + minutes) * 60_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_and_dates_are_midnights() {
        let same = [
            "2026-01-05T00:00:00Z",
            "2026-01-05",
            "2026-01-05t00:00:00.000z",
            "2026-01-05T02:30:00+02:30",
            "2026-01-04T19:00:00.0-05:00",
        ];
        let expected = Instant::from_log(same[0]).unwrap();
        for text in same {
            assert_eq!(text.parse(), Ok(Moment::At(expected)), "{text}");
        }
    }

    #[test]
    fn durations_count_back_from_now() {
        let now = Instant::from_micros(10_000_000_000);
        let ago = |text: &str| text.parse::<Moment>().unwrap().instant(now).micros();
        assert_eq!(ago("10m"), 10_000_000_000 - 600_000_000);
        assert_eq!(ago("2h"), 10_000_000_000 - 7_200_000_000);
        assert_eq!(ago("9999w"), 0);
    }

    #[test]
    fn nothing_else_is_a_time() {
        for bad in
            ["", "m", "2", "-2h", "1.5h", "2 h", "yesterday", "2026-01-05T00:00:00", "é", "日"]
        {
            assert!(bad.parse::<Moment>().is_err(), "{bad}");
        }
        for bad in ["2026-01-05T00:00:00+24:00", "2026-01-05T00:00:00+2:00", "2026-13-05"] {
            assert!(bad.parse::<Moment>().is_err(), "{bad}");
        }
    }
}
