//! Any bytes are a work package's file or a refusal.
#![no_main]

use git_kitty::domain::wp::{WorkPackage, activity_log};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = activity_log(bytes);
    let Ok(package) = WorkPackage::parse(bytes, "WP01.md") else { return };
    assert_eq!(package.owns_nothing(), package.owned_entries().next().is_none() && !package.is_codebase_wide());
});
