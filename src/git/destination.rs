//! Where writing a file ends, whatever links are on the way.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// How many links are followed, as on Linux (`path_resolution(7)`).
const LINKS: usize = 40;

/// All files that writing to `path`, an absolute one, may change or replace: the entry that it
/// names, and if that is a link each entry that it leads to. They need not exist; none has a link
/// above its last part. Where `..` follows a link both readings are in it, the system's and that of
/// programs that take the words.
///
/// # Errors
/// If links go in a circle, or a directory may not be searched.
pub fn destinations(path: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    for reading in [path.to_owned(), by_words(path)] {
        follow(entry(&reading, LINKS)?, &mut found)?;
    }
    Ok(found)
}

/// A path without `.` and `..`, by its words alone.
#[must_use]
pub fn by_words(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir && plain.file_name().is_some() {
            plain.pop();
        } else if part != Component::CurDir {
            plain.push(part);
        }
    }
    plain
}

fn follow(mut next: PathBuf, found: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    for _ in 0..LINKS {
        let target = link(&next)?.map(|target| beside(&next, &target));
        found.insert(next);
        match target {
            Some(target) => next = entry(&target, LINKS)?,
            None => return Ok(()),
        }
    }
    Err(too_many_links())
}

/// The path with the links above its last part resolved.
fn entry(path: &Path, links: usize) -> io::Result<PathBuf> {
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => Ok(directory(parent, links)?.join(name)),
        (_, _) => directory(path, links),
    }
}

/// The path with all links resolved, and what is not there as it stands.
fn directory(path: &Path, links: usize) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Ok(path) => return Ok(path),
        Err(error) if is_missing(&error) => {}
        Err(error) => return Err(error),
    }
    let Some(parent) = path.parent() else { return Ok(path.to_owned()) };
    let above = directory(parent, links)?;
    let Some(name) = path.file_name() else {
        return Ok(above.parent().map_or(above.clone(), Path::to_owned));
    };
    let own = above.join(name);
    match link(&own)? {
        Some(target) => {
            let left = links.checked_sub(1).ok_or_else(too_many_links)?;
            directory(&beside(&own, &target), left)
        }
        None => Ok(own),
    }
}

fn link(path: &Path) -> io::Result<Option<PathBuf>> {
    match fs::read_link(path) {
        Ok(target) => Ok(Some(target)),
        Err(error) if is_missing(&error) || error.kind() == ErrorKind::InvalidInput => Ok(None),
        Err(error) => Err(error),
    }
}

fn beside(link: &Path, target: &Path) -> PathBuf {
    link.parent().unwrap_or(link).join(target)
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn too_many_links() -> io::Error {
    io::Error::other("too many links lead to each other")
}
