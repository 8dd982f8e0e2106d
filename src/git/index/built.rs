use std::collections::HashMap;
use std::io::Read;

use super::Unread;
use super::cache_tree::{CacheTree, Valid};
use super::entries::{Entries, Held};
use crate::domain::change::Entry;
use crate::domain::oid::Oid;

/// Directories of an index that are not written as trees yet, each by its number.
#[derive(Debug)]
pub(crate) struct Built {
    directories: Vec<Vec<(Vec<u8>, Content)>>,
}

/// What a built directory holds under a name.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content {
    /// A file, link or submodule.
    Leaf(Entry),
    /// A path in conflict.
    Unmerged,
    /// A directory that is a tree already.
    Tree(Oid),
    /// A directory that is built too.
    Built(usize),
}

impl Content {
    /// Whether both are the same, as far as that is known without a look into directories.
    pub(crate) fn is_surely(self, other: Self) -> bool {
        match (self, other) {
            (Self::Leaf(own), Self::Leaf(other)) => own == other,
            (Self::Tree(own), Self::Tree(other)) => own == other,
            _ => false,
        }
    }

    /// Whether it sorts as a directory does.
    pub(crate) const fn is_directory(self) -> bool {
        match self {
            Self::Tree(_) | Self::Built(_) => true,
            Self::Leaf(_) | Self::Unmerged => false,
        }
    }
}

impl Built {
    /// The number of the top directory.
    pub(crate) const ROOT: usize = 0;

    /// With nothing at all.
    pub(crate) fn empty() -> Self {
        Self { directories: vec![Vec::new()] }
    }

    /// Names and contents of a directory, in Git's order of trees.
    pub(crate) fn directory(&self, number: usize) -> &[(Vec<u8>, Content)] {
        self.directories.get(number).map(Vec::as_slice).unwrap_or_default()
    }

    fn add(&mut self, directory: usize, name: &[u8], content: Content) -> Result<(), Unread> {
        let entries = self.directories.get_mut(directory).ok_or(MISFIT)?;
        let again = |(last, held): &(Vec<u8>, Content)| last == name && held.is_directory();
        if content.is_directory() && entries.last().is_some_and(again) {
            return Err(MISFIT);
        }
        entries.push((name.to_vec(), content));
        Ok(())
    }
}

const MISFIT: Unread = Unread("its TREE extension does not fit its entries");

/// Reads all entries into directories, leaving out those that `known` has as valid trees.
pub(super) fn build<R: Read>(
    entries: &mut Entries<R>,
    known: Option<&CacheTree<'_>>,
) -> Result<Built, Unread> {
    let mut builder = Builder { built: Built::empty(), known, open: Vec::new(), path: Vec::new() };
    builder.open(Built::ROOT, 0, Some(CacheTree::ROOT));
    while entries.advance()? {
        let again = builder.go_to(entries.path())?;
        if !builder.descend(entries)? {
            builder.place(entries.held()?, again)?;
        }
    }
    Ok(builder.built)
}

struct Builder<'a, 'k> {
    built: Built,
    known: Option<&'k CacheTree<'a>>,
    /// The directories around `path`, from the top.
    open: Vec<Open<'a>>,
    path: Vec<u8>,
}

struct Open<'a> {
    number: usize,
    /// The length of its path with the slash; 0 for the top.
    prefix: usize,
    /// The nodes of `TREE` below it.
    known: HashMap<&'a [u8], usize>,
}

impl Builder<'_, '_> {
    fn open(&mut self, number: usize, prefix: usize, node: Option<usize>) {
        let known = self.known.zip(node).map(|(known, node)| known.children(node));
        self.open.push(Open { number, prefix, known: known.unwrap_or_default() });
    }

    /// Leaves the directories that `path` is not in. Whether it is the path before, again.
    fn go_to(&mut self, path: &[u8]) -> Result<bool, Unread> {
        if path < self.path.as_slice() {
            return Err(Unread("it is not sorted"));
        }
        let shared = shared_prefix(&self.path, path);
        self.open.truncate(self.open.partition_point(|open| open.prefix <= shared));
        let again = path == self.path;
        self.path.clear();
        self.path.extend_from_slice(path);
        Ok(again)
    }

    /// Opens the directories down to the path. Where one is known as a tree, passes its entries and
    /// returns `true`.
    fn descend<R: Read>(&mut self, entries: &mut Entries<R>) -> Result<bool, Unread> {
        while let Some(slash) = self.rest().iter().position(|b| *b == b'/') {
            let Some(open) = self.open.last() else { return Err(MISFIT) };
            let (number, below) = (open.number, open.prefix + slash + 1);
            let name = self.rest().get(..slash).unwrap_or_default().to_vec();
            let node = open.known.get(name.as_slice()).copied();
            let valid = self.known.zip(node).and_then(|(known, node)| known.node(node)?.valid);
            if let Some(valid) = valid {
                self.built.add(number, &name, Content::Tree(valid.oid))?;
                skip(entries, valid, self.path.get(..below).unwrap_or_default())?;
                return Ok(true);
            }
            let inner = self.built.directories.len();
            self.built.add(number, &name, Content::Built(inner))?;
            self.built.directories.push(Vec::new());
            self.open(inner, below, node);
        }
        Ok(false)
    }

    fn place(&mut self, held: Held, again: bool) -> Result<(), Unread> {
        let content = match held {
            Held::Staged(mode, oid) => Content::Leaf(Entry { mode, oid }),
            // A path in conflict has up to three entries.
            Held::Unmerged if !again => Content::Unmerged,
            Held::Unmerged | Held::Intended => return Ok(()),
        };
        let directory = self.open.last().map_or(Built::ROOT, |open| open.number);
        let name = self.rest().to_vec();
        self.built.add(directory, &name, content)
    }

    /// The path below the innermost open directory.
    fn rest(&self) -> &[u8] {
        let prefix = self.open.last().map_or(0, |open| open.prefix);
        self.path.get(prefix..).unwrap_or_default()
    }
}

/// Passes the entries of a valid tree. The current one is its first.
fn skip<R: Read>(entries: &mut Entries<R>, valid: Valid, directory: &[u8]) -> Result<(), Unread> {
    let mut inside = valid.entries > 0;
    for _ in 1..valid.entries {
        inside &= entries.advance()?;
    }
    if inside && entries.path().starts_with(directory) { Ok(()) } else { Err(MISFIT) }
}

/// The length of the common beginning up to its last slash.
fn shared_prefix(a: &[u8], b: &[u8]) -> usize {
    let equal = a.iter().zip(b).take_while(|(a, b)| a == b).map(|(a, _)| *a);
    equal.enumerate().filter(|(_, byte)| *byte == b'/').last().map_or(0, |(place, _)| place + 1)
}
