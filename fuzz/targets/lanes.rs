//! Any bytes are a document or a refusal.
#![no_main]

use git_kitty::domain::lanes::Lanes;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = Lanes::parse(bytes, "lanes.json");
});
