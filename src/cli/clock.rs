//! What time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::time::Instant;

/// Now, by the clock of the machine; 1970 for a clock that stands before it.
#[expect(clippy::disallowed_methods, reason = "time is read in cli, and passed on as a value")]
pub(super) fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant::from_micros(u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
}
