//! The four pieces are the file again.
#![no_main]

use git_kitty::domain::frontmatter::split;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(Some(found)) = split(bytes) else { return };
    assert_eq!([found.opening, found.yaml, found.closing, found.body].concat(), bytes);
    assert!(found.body_line() > 2);
});
