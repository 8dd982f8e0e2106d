//! What `git diff-tree` and `git diff-index` print with `--raw -z`
//! (`git help git-diff-tree`, "Raw output format").

use anyhow::{Context, Result};

use crate::domain::change::{Change, Entry, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;

/// The options to call them with: no settings of the user change what is printed.
pub(crate) const OPTIONS: &[&str] = &[
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-renames",
    "--no-relative",
    "--ignore-submodules=none",
    "--ita-invisible-in-index",
];

/// The changes in that output, sorted by path. An unmerged path has no new side.
pub(crate) fn parse(text: &[u8]) -> Result<Vec<Change>> {
    let mut words = text.split(|b| *b == 0);
    let mut changes = Vec::new();
    while let Some(head) = words.next().filter(|head| !head.is_empty()) {
        let path = words.next().context("a change without a path")?;
        let head = std::str::from_utf8(head).context("a damaged change")?;
        changes.push(change(head, path).with_context(|| format!("a damaged change: {head}"))?);
    }
    changes.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(changes)
}

/// `:old-mode new-mode old-id new-id status`
fn change(head: &str, path: &[u8]) -> Option<Change> {
    let mut words = head.strip_prefix(':')?.split(' ');
    let mut word = || words.next();
    let (old_mode, new_mode, old, new) = (word()?, word()?, word()?, word()?);
    let (old, new) = (side(old_mode, old)?, side(new_mode, new)?);
    // Git passes on what it reads from a damaged index.
    let sound = !path.is_empty() && (old.or(new).is_some() || word()? == "U");
    sound.then(|| Change { path: RepoPath::new(path), old, new })
}

/// One side; `Some(None)` if it is absent, `None` if it cannot be read.
fn side(mode: &str, oid: &str) -> Option<Option<Entry>> {
    let bits = u32::from_str_radix(mode, 8).ok()?;
    if bits == 0 {
        return Some(None);
    }
    Some(Some(Entry { mode: Mode::from_bits(bits)?, oid: oid.parse::<Oid>().ok()? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OID: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

    #[test]
    fn reads_sides_and_any_bytes() {
        let zero = "0".repeat(40);
        let text =
            format!(":100644 000000 {OID} {zero} D\0b\n\"\0:000000 120000 {zero} {OID} A\0a\0");
        let changes = parse(text.as_bytes()).unwrap();
        let entry = |mode| Some(Entry { mode, oid: OID.parse().unwrap() });
        assert_eq!(
            changes,
            [
                Change { path: "a".into(), old: None, new: entry(Mode::Symlink) },
                Change { path: "b\n\"".into(), old: entry(Mode::File), new: None },
            ]
        );
    }

    #[test]
    fn refuses_what_is_cut() {
        let whole = format!(":100644 100755 {OID} {OID} M\0a\0");
        assert!(parse(whole.as_bytes()).is_ok());
        for cut in 1..whole.len() - 2 {
            assert!(parse(&whole.as_bytes()[..cut]).is_err(), "{cut}");
        }
        let nothing = format!(":000000 000000 {zero} {zero} A\0a\0", zero = "0".repeat(40));
        assert!(parse(nothing.as_bytes()).is_err());
        assert_eq!(parse(nothing.replace('A', "U").as_bytes()).unwrap().len(), 1);
    }
}
