//! Any bytes are an index or left to git.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for hash_size in [20, 32] {
        git_kitty::git::fuzz::index(bytes, hash_size);
    }
});
