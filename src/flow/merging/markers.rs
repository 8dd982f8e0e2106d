//! The lines that git writes around two sides in conflict, told from those that belong to a file.

use anyhow::Result;

use crate::domain::change::{Entry, Mode};
use crate::domain::oid::Oid;
use crate::git::{Conflicted, Repo};

/// The least that git makes a marker of; the attribute `conflict-marker-size` and nested conflicts
/// make it longer.
const SIZE: usize = 7;

/// Whether a result still has a marker of the conflict between two commits: one that names them as
/// the merge does which was laid out, or the sides as `git checkout --merge` does. Lines that a side
/// had already belong to the file.
///
/// # Errors
/// If an object cannot be read.
pub(super) fn are_left(
    repo: &Repo,
    conflict: &Conflicted,
    (result, sides): (Option<Entry>, [Oid; 2]),
) -> Result<bool> {
    let text = text(repo, result)?;
    let names = sides.map(|side| side.to_string());
    let mut found: Vec<&[u8]> = marked(&text, &names).collect();
    for entry in [conflict.base, conflict.ours, conflict.theirs] {
        if found.is_empty() {
            break;
        }
        let side = self::text(repo, entry)?;
        found.retain(|line| lines(&side).all(|own| own != *line));
    }
    Ok(!found.is_empty())
}

/// What a file has; nothing of what is none, or not here.
fn text(repo: &Repo, entry: Option<Entry>) -> Result<Vec<u8>> {
    let is_text = |entry: &Entry| matches!(entry.mode, Mode::File | Mode::Executable);
    let entry = entry.filter(|entry| is_text(entry) && repo.has_object(entry.oid));
    entry.map_or_else(|| Ok(Vec::new()), |entry| repo.blob(entry.oid))
}

/// The lines of a text that are markers of these commits.
fn marked<'t>(text: &'t [u8], names: &'t [String; 2]) -> impl Iterator<Item = &'t [u8]> {
    lines(text).filter(|line| {
        let [ours, theirs] = names;
        is_marker(line, (b'<', ours, "ours")) || is_marker(line, (b'>', theirs, "theirs"))
    })
}

/// Lines without their ends, which a person's editor may have changed.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// Whether a line is a marker of this sign with a name behind it. Git adds `:PATH` to that where the
/// sides have the file at different paths.
fn is_marker(line: &[u8], (sign, name, plain): (u8, &str, &str)) -> bool {
    let size = line.iter().take_while(|byte| **byte == sign).count();
    let label = line.get(size..).and_then(|rest| rest.strip_prefix(b" "));
    let is_name = |label: &[u8], name: &str| {
        let rest = label.strip_prefix(name.as_bytes());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b":"))
    };
    size >= SIZE && label.is_some_and(|label| is_name(label, name) || is_name(label, plain))
}

#[cfg(test)]
mod tests {
    use super::marked;

    fn count(text: &str) -> usize {
        marked(text.as_bytes(), &["a1".to_owned(), "b2".to_owned()]).count()
    }

    #[test]
    fn markers_name_the_two_sides() {
        assert_eq!(count("a\n<<<<<<< a1\nb\n=======\nc\n>>>>>>> b2\n"), 2);
        assert_eq!(count(">>>>>>> b2"), 1, "one is enough");
        assert_eq!(count("<<<<<<< a1:old/name\r\n>>>>>>> b2:new/name\r\n"), 2);
        assert_eq!(count("<<<<<<<<<<< a1\n>>>>>>>>> b2\n"), 2, "they may be longer");
        assert_eq!(count("<<<<<<< ours\n>>>>>>> theirs\n"), 2, "`git checkout --merge`");
    }

    #[test]
    fn what_names_something_else_is_text() {
        assert_eq!(count("<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> branch\n"), 0);
        assert_eq!(count("<<<<<<< a12\n>>>>>>> a1\n<<<<<<<\n<<<<<< a1\n <<<<<<< a1\n"), 0);
        assert_eq!(count("a title\n=======\n"), 0);
    }
}
