//! Minting ULIDs (github.com/ulid/spec): 48 bits of milliseconds and 80 random bits, in Crockford's
//! base 32.

const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The ULID of a millisecond since 1970 and ten random bytes.
#[must_use]
pub fn ulid(millis: u64, random: [u8; 10]) -> String {
    let tail = random.iter().fold(0u128, |value, byte| value << 8 | u128::from(*byte));
    let value = u128::from(millis & 0xFFFF_FFFF_FFFF) << 80 | tail;
    (0..26)
        .rev()
        .map(|place| (value >> (place * 5) & 31) as usize)
        .filter_map(|digit| DIGITS.get(digit).map(|byte| char::from(*byte)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::ulid;
    use crate::domain::id::MissionId;

    #[test]
    fn the_time_comes_first_and_sorts() {
        assert_eq!(ulid(0, [0; 10]), "0".repeat(26));
        assert_eq!(ulid(1_469_918_176_385, [0xFF; 10]), "01ARYZ6S41ZZZZZZZZZZZZZZZZ");
        assert!(ulid(1, [0xFF; 10]) < ulid(2, [0; 10]));
        ulid(1_763_711_100_000, [7; 10]).parse::<MissionId>().unwrap();
    }
}
