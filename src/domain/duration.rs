//! Spans of time as people write them in settings and options: `500ms`, `30s`, `10m`, `2h`, `3d`.

use std::time::Duration;

/// Reads a span: a whole number and a unit (`ms`, `s`, `m`, `h`, `d`), or several such parts, as in
/// `1h30m`. A lone `0` needs no unit. `None` for anything else, and for more than fits.
#[must_use]
pub fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    let mut total = Duration::ZERO;
    loop {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, behind) = rest.split_at(digits);
        let unit = behind.find(|c: char| c.is_ascii_digit()).unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(unit);
        total = total.checked_add(part(number.parse().ok()?, unit)?)?;
        rest = behind;
        if rest.is_empty() {
            return Some(total);
        }
    }
}

/// The span as [`parse`] reads it, in the largest unit that divides it; below a millisecond it is
/// rounded down.
#[must_use]
pub fn display(span: Duration) -> String {
    let millis = span.as_millis();
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")];
    match units.into_iter().find(|(size, _)| millis >= *size && millis.is_multiple_of(*size)) {
        Some((size, unit)) => format!("{}{unit}", millis / size),
        None => format!("{millis}ms"),
    }
}

fn part(number: u64, unit: &str) -> Option<Duration> {
    let seconds = |each: u64| number.checked_mul(each).map(Duration::from_secs);
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => seconds(1),
        "m" => seconds(60),
        "h" => seconds(3600),
        "d" => seconds(86_400),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_round_trip() {
        for (text, millis) in
            [("500ms", 500), ("30s", 30_000), ("10m", 600_000), ("2h", 7_200_000), ("0ms", 0)]
        {
            let span = Duration::from_millis(millis);
            assert_eq!((parse(text), display(span).as_str()), (Some(span), text));
        }
        assert_eq!(parse("1h30m"), Some(Duration::from_secs(5400)));
        assert_eq!(parse("3d"), parse("72h"));
        assert_eq!(parse(" 0 "), Some(Duration::ZERO));
    }

    #[test]
    fn what_has_no_unit_or_no_number_is_none() {
        for bad in
            ["", "30", "s", "-1s", "1.5s", "1 s", "10 m", "1y", "1h30", "99999999999999999999s"]
        {
            assert_eq!(parse(bad), None, "{bad:?}");
        }
    }
}
