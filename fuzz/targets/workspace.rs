//! Any bytes are a document or a refusal.
#![no_main]

use git_kitty::domain::workspace::WorkspaceContext;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = WorkspaceContext::parse(bytes, "x-lane-a.json");
});
