//! A log that can be read is written as it was read, and adds nothing to itself.
#![no_main]

use git_kitty::domain::event::{Log, statuses};
use git_kitty::domain::snapshot::reduce_bytes;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let reduced = reduce_bytes("log", bytes, None);
    let Ok(log) = Log::parse("log", bytes) else {
        assert!(reduced.is_err());
        return;
    };
    let written = log.to_bytes();
    assert_eq!(Log::parse("log", &written).expect("what was read").lines().len(), log.lines().len());
    let Ok(once) = Log::union([log.clone()]) else { return };
    let twice = Log::union([log.clone(), log.clone()]).expect("a log does not contradict itself");
    assert_eq!(twice.to_bytes(), once.to_bytes());
    assert_eq!(statuses([&log, &log]), statuses([&log]));
    if let (Ok(reduced), Ok(again)) = (reduced, reduce_bytes("log", &once.to_bytes(), None)) {
        assert_eq!(reduced, again);
    }
});
