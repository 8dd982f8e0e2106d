//! The first line is a glob, the rest a path. An entry matches its own bytes where git can have such
//! a path; and what names no wildcard matches nothing else but what is below it.
#![no_main]

use git_kitty::domain::glob::{Globs, Pattern};
use git_kitty::domain::path::RepoPath;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (glob, path) = text.split_once('\n').unwrap_or((text, text));
    let possible = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    let path = RepoPath::from(path);
    for fold_case in [false, true] {
        let _ = Pattern::new(glob, fold_case).check();
        let globs = Globs::new([glob], fold_case);
        let matched = globs.matching(&path).is_some();
        let _ = globs.matching_in_reference(&path);
        if possible && path.as_bytes() == glob.as_bytes() {
            assert!(matched, "{glob:?}");
        }
        if !fold_case && matched && !glob.contains(['*', '?', '[', '{', '\\']) {
            let plain = glob.strip_prefix("./").unwrap_or(glob).trim_end_matches('/');
            assert!(path.as_bytes().starts_with(plain.as_bytes()), "{glob:?} {path}");
        }
    }
});
