//! Any bytes are a document or a refusal.
#![no_main]

use git_kitty::domain::review::ReviewCycle;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = ReviewCycle::parse(bytes, "review-cycle-1.md");
});
