//! Instants as event logs have them, and how a new one follows all that are there.
//!
//! Source: `formats.md` section 1: `2026-01-05T09:00:00.000000+00:00`, compared as strings.

use super::refusal::Refusal;

const MICROS: u64 = 1_000_000;
const DAY: u64 = 86_400;

/// An instant in UTC: microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(u64);

impl Instant {
    /// The instant so many microseconds after the beginning of 1970.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// Microseconds since the beginning of 1970.
    #[must_use]
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// The text that a log has for it.
    #[must_use]
    pub fn to_log(self) -> String {
        let (seconds, micros) = (self.0 / MICROS, self.0 % MICROS);
        let (year, month, day) = civil(seconds / DAY);
        let (hour, minute, second) = (seconds % DAY / 3600, seconds % 3600 / 60, seconds % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}+00:00")
    }

    /// Reads a text of a log in UTC, with or without a fraction, `Z` or `+00:00`.
    #[must_use]
    pub fn from_log(text: &str) -> Option<Self> {
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<u64>().ok();
        let marks = [(4, '-'), (7, '-'), (10, 'T'), (13, ':'), (16, ':')];
        if !text.is_ascii()
            || marks.iter().any(|(at, c)| !text.get(*at..).is_some_and(|t| t.starts_with(*c)))
        {
            return None;
        }
        let zone = text.get(19..)?;
        let fraction = zone.strip_suffix('Z').or_else(|| zone.strip_suffix("+00:00"))?;
        let micros = match fraction.strip_prefix('.') {
            Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                format!("{digits:0<6}").get(..6)?.parse().ok()?
            }
            Some(_) => return None,
            None if fraction.is_empty() => 0,
            None => return None,
        };
        let days = days(number(0, 4)?, number(5, 7)?, number(8, 10)?)?;
        let seconds = days * DAY + number(11, 13)? * 3600 + number(14, 16)? * 60 + number(17, 19)?;
        Some(Self(seconds * MICROS + micros))
    }
}

/// The text of an instant that is, as a string, greater than every `at` that is there, and not
/// before `now`. Of the texts there only the greatest counts.
///
/// # Errors
/// [`Refusal::TimeExhausted`] if a log holds a text that no instant follows.
pub fn after(now: Instant, greatest: Option<&str>) -> Result<String, Refusal> {
    let Some(greatest) = greatest else { return Ok(now.to_log()) };
    let known = Instant::from_log(greatest).map_or(now.0, |known| known.0.max(now.0));
    let steps = [now.0, known + 1, known - known % MICROS + MICROS, known + DAY * MICROS];
    let texts = steps.into_iter().map(|micros| Instant(micros).to_log());
    texts
        .into_iter()
        .find(|text| text.as_str() > greatest)
        .ok_or_else(|| Refusal::TimeExhausted { at: greatest.to_owned() })
}

/// The civil date of a day since 1970 (H. Hinnant, "chrono-compatible low-level date algorithms").
const fn civil(day: u64) -> (u64, u64, u64) {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + (month <= 2) as u64;
    (year, month, of_year - (153 * shifted_month + 2) / 5 + 1)
}

/// The days from 1970 to a civil date; `None` for one that is none or lies before.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let of_era = year % 400 * 365 + year % 400 / 4 - year % 400 / 100 + of_year;
    (year / 400 * 146_097 + of_era).checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_round_trip_over_leap_years() {
        for text in [
            "1970-01-01T00:00:00.000000+00:00",
            "2000-02-29T23:59:59.999999+00:00",
            "2026-11-21T07:45:00.000001+00:00",
            "2100-03-01T00:00:00.000000+00:00",
        ] {
            assert_eq!(Instant::from_log(text).unwrap().to_log(), text);
        }
        assert_eq!(
            Instant::from_log("2026-01-01T00:00:00Z"),
            Instant::from_log("2026-01-01T00:00:00.0+00:00")
        );
        for bad in [
            "",
            "yesterday",
            "2026-13-01T00:00:00Z",
            "2026-01-01T00:00:00+02:00",
            "2026-01-01T00:00:00.xZ",
        ] {
            assert_eq!(Instant::from_log(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_new_event_follows_whatever_is_there() {
        let now = Instant::from_log("2026-01-05T09:00:00.000000+00:00").unwrap();
        let next = |greatest| after(now, greatest).unwrap();
        assert_eq!(next(None), now.to_log());
        assert_eq!(next(Some("2025-12-31T00:00:00Z")), now.to_log());
        assert_eq!(
            next(Some("2026-01-05T09:00:00.000000+00:00")),
            "2026-01-05T09:00:00.000001+00:00"
        );
        assert_eq!(next(Some("2026-01-05T09:00:00Z")), "2026-01-05T09:00:01.000000+00:00");
        assert_eq!(
            next(Some("2031-01-01T00:00:00.999999+00:00")),
            "2031-01-01T00:00:01.000000+00:00"
        );
        for odd in [
            "2026-01-05T09:00:00.5Z",
            "2026-01-05T11:00:00+02:00",
            "2026-01-05T09:00:00.9999999+00:00",
        ] {
            assert!(next(Some(odd)).as_str() > odd, "{odd}");
        }
        assert!(after(now, Some("tomorrow")).is_err(), "no instant follows a letter");
    }
}
