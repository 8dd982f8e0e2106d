//! A snapshot that can be read is written as one that can be read, and says the same.
#![no_main]

use git_kitty::domain::snapshot::Snapshot;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(snapshot) = Snapshot::parse("status.json", bytes) else { return };
    let written = snapshot.to_bytes().expect("what was read");
    let again = Snapshot::parse("status.json", &written).expect("what was written");
    assert_eq!(again.to_bytes().expect("what was read"), written);
});
