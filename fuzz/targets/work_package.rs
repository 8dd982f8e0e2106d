//! Any bytes are a work package's file or a refusal.
#![no_main]

use git_kitty::domain::wp::WorkPackage;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(package) = WorkPackage::parse(bytes, "WP01.md") else { return };
    let _ = (package.owns_nothing(), package.status_by_file(), package.owned_entries());
});
