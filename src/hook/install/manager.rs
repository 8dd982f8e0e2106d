//! Which tool a hook belongs to that is not ours.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// Tools that manage hooks, by what their hooks say of themselves.
const MANAGERS: &[(&str, &[u8])] = &[
    ("lefthook", b"lefthook"),
    ("husky", b"husky"),
    ("pre-commit", b"pre-commit.com"),
    ("prek", b"prek"),
    ("overcommit", b"overcommit"),
    ("simple-git-hooks", b"simple-git-hooks"),
    ("CaptainHook", b"captainhook"),
    ("hk", b"hk run"),
    ("Spec Kitty", b"spec-kitty"),
    ("Git LFS", b"git lfs"),
];

/// How much of a file is looked at.
const HEAD: u64 = 4096;
/// How many files of a directory are looked at.
const SOME: usize = 64;

/// The tool that wrote a hook, or the hooks of a directory; `None` if none is recognised.
pub(super) fn manager_of(path: &Path) -> Option<&'static str> {
    if path.is_dir() {
        let entries = fs::read_dir(path).ok()?.flatten().take(SOME);
        let mut files: Vec<_> = entries.map(|entry| entry.path()).collect();
        files.sort();
        return files.iter().filter(|file| file.is_file()).find_map(|file| of_file(file));
    }
    of_file(path)
}

fn of_file(path: &Path) -> Option<&'static str> {
    let mut head = Vec::new();
    File::open(path).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    of_text(&head)
}

fn of_text(text: &[u8]) -> Option<&'static str> {
    let says = |mark: &[u8]| text.windows(mark.len()).any(|window| window == mark);
    let is_script = text.starts_with(b"#!") || !text.contains(&0);
    MANAGERS.iter().find(|(_, mark)| is_script && says(mark)).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::of_text;

    #[test]
    fn tools_are_known_by_their_scripts_and_programs_are_not_searched() {
        assert_eq!(of_text(b"#!/bin/sh\ncall_lefthook run \"x\"\n"), Some("lefthook"));
        assert_eq!(
            of_text(b"#!/usr/bin/env sh\n. \"$(dirname \"$0\")/husky.sh\"\n"),
            Some("husky")
        );
        assert_eq!(of_text(b"# https://pre-commit.com\n"), Some("pre-commit"));
        assert_eq!(of_text(b"#!/bin/sh\nmake lint\n"), None);
        assert_eq!(of_text(b"\x7fELF\0lefthook"), None);
    }
}
