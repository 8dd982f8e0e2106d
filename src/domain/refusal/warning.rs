//! What is worth telling, and refuses nothing.

/// Something worth telling that stops nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The stable code, explained in `docs/codes.md`.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
}

/// Codes of warnings about what comes after the local commit.
pub mod outbound {
    /// A sink ended with another status than 0.
    pub const SINK_FAILED: &str = "SINK_FAILED";
    /// A sink did not end in time, and was ended.
    pub const SINK_TIMED_OUT: &str = "SINK_TIMED_OUT";
    /// Deliveries wait for a sink that the configuration does not name any more.
    pub const SINK_UNKNOWN: &str = "SINK_UNKNOWN";
    /// The outbox cannot be read or written.
    pub const OUTBOX_UNUSABLE: &str = "OUTBOX_UNUSABLE";
}

impl Warning {
    /// In which part of a command it came up: `local`, or `outbound` after the local commit.
    #[must_use]
    pub fn phase(&self) -> &'static str {
        use outbound::{OUTBOX_UNUSABLE, SINK_FAILED, SINK_TIMED_OUT, SINK_UNKNOWN};
        let outbound = [SINK_FAILED, SINK_TIMED_OUT, SINK_UNKNOWN, OUTBOX_UNUSABLE];
        if outbound.contains(&self.code) { "outbound" } else { "local" }
    }
}
