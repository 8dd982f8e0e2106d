//! Any bytes are a document or a refusal.
#![no_main]

use git_kitty::domain::meta::Meta;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = Meta::parse(bytes, "meta.json");
});
