//! Any bytes are answers of `git merge-tree`, or an error.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| git_kitty::git::fuzz::merge_tree(bytes));
