//! The first line is a glob, the rest a path. An entry matches its own bytes; and what names no
//! wildcard matches nothing else but what is below it.
#![no_main]

use git_kitty::domain::glob::{Globs, Pattern};
use git_kitty::domain::path::RepoPath;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (glob, path) = text.split_once('\n').unwrap_or((text, text));
    let path = RepoPath::from(path);
    for fold_case in [false, true] {
        let _ = Pattern::new(glob, fold_case).check();
        let globs = Globs::new([glob], fold_case);
        let matched = globs.matching(&path).is_some();
        let _ = globs.matching_in_reference(&path);
        if path.as_bytes() == glob.as_bytes() && !glob.is_empty() {
            assert!(matched, "{glob:?}");
        }
        if !fold_case && matched && !glob.contains(['*', '?', '[', '{', '\\']) {
            let plain = glob.trim_start_matches("./").trim_end_matches('/');
            assert!(path.as_bytes().starts_with(plain.as_bytes()), "{glob:?} {path}");
        }
    }
});
