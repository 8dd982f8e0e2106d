//! The hook programs: where they are found, and how a copy of one is recognised.

use std::env;
use std::path::PathBuf;

use anyhow::Result;

use crate::domain::refusal::Refusal;
use crate::hook::Door;

/// Where the program is that answers a door: beside the running program, or on PATH.
pub(super) fn find(door: Door) -> Result<PathBuf> {
    let name = format!("{}{}", door.binary(), env::consts::EXE_SUFFIX);
    let own = env::current_exe().ok();
    let beside = own.and_then(|own| Some(own.parent()?.join(&name)));
    let found = beside.filter(|beside| beside.is_file()).or_else(|| which::which(name).ok());
    Ok(found.ok_or_else(|| Refusal::HookBinaryMissing { name: door.binary().into() })?)
}

/// The version that a copy of one of our programs names in its mark, or `None` for anything else.
pub(super) fn version_of(bytes: &[u8], door: Door) -> Option<String> {
    let prefix = format!("[git-kitty hook {door} ");
    let mut rest = bytes;
    while let Some(start) = rest.iter().position(|&byte| byte == b'[') {
        rest = rest.get(start..)?;
        if let Some(version) = rest.strip_prefix(prefix.as_bytes()).and_then(version_at) {
            return Some(version);
        }
        rest = rest.get(1..)?;
    }
    None
}

fn version_at(bytes: &[u8]) -> Option<String> {
    let end = bytes.iter().take(64).position(|&byte| byte == b']')?;
    let version = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
    (!version.is_empty() && version.chars().all(plain)).then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_found_anywhere_with_its_version() {
        let version = Some(env!("CARGO_PKG_VERSION").to_owned());
        let mark = Door::PreCommit.mark();
        let bytes = [b"\x7fELF[[git-kitty hook ".as_slice(), mark.as_bytes(), b"tail"].concat();
        assert_eq!(version_of(&bytes, Door::PreCommit), version);
    }

    #[test]
    fn a_script_that_speaks_of_us_is_not_ours() {
        for text in ["#!/bin/sh\ngit-kitty-hook-pre-commit", "[git-kitty hook pre-commit $v]", "["]
        {
            assert_eq!(version_of(text.as_bytes(), Door::PreCommit), None, "{text}");
        }
    }
}
