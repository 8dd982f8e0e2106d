//! The attributes that a merge can ask for: those of the commit that is merged into, since the index
//! and the files of a work tree differ from place to place.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use anyhow::Result;

use super::batch::Pair;
use crate::domain::change::{Entry, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::git::object::TreeEntry;
use crate::git::repo::Repo;
use crate::git::tree_edit::is_valid;

/// The name of such a file (`git help attributes`). A symbolic link of that name counts for nothing.
pub(in crate::git) const NAME: &[u8] = b".gitattributes";

/// What git merges by itself (`git help attributes`, "Built-in merge drivers").
const BUILT_IN: [&[u8]; 3] = [b"text", b"binary", b"union"];

/// Files with their blobs, as a tree has them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Attributes {
    pub(super) files: BTreeMap<RepoPath, Oid>,
}

impl Attributes {
    /// The names of merge drivers in them, sorted. A name that is none (in a pattern with spaces) does
    /// no harm.
    pub(super) fn drivers(&self, repo: &Repo) -> Result<BTreeSet<Vec<u8>>> {
        let mut names = BTreeSet::new();
        for blob in self.files.values() {
            let text = repo.blob(*blob)?;
            let words = text.split(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
            let named = words.filter_map(|word| word.strip_prefix(b"merge="));
            let custom = named.filter(|name| !name.is_empty() && !name.contains(&0));
            names.extend(custom.filter(|name| !BUILT_IN.contains(name)).map(<[u8]>::to_vec));
        }
        Ok(names)
    }
}

/// Pairs that ask for the same attributes, by their places in the list that was given.
pub(super) type Groups = BTreeMap<Attributes, Vec<usize>>;

/// Puts pairs together that ask for the same attributes: most often that is one group.
///
/// A file that is merged differs between the two commits, and so do all directories around it: what
/// others hold cannot matter, so that not all of a tree has to be read.
pub(super) fn groups(repo: &Repo, pairs: &[Pair]) -> Result<Groups> {
    let mut reader = Reader { repo, known: HashMap::new(), seen: HashSet::new() };
    let mut asked = BTreeSet::new();
    let mut trees = Vec::new();
    for pair in pairs {
        let [ours, theirs] = [pair.ours, pair.theirs].map(|commit| repo.tree_of_commit(commit));
        let (ours, theirs) = (ours?, theirs?);
        reader.ask(ours, theirs, &mut asked)?;
        trees.push(ours);
    }
    let mut known: HashMap<Oid, Attributes> = HashMap::new();
    let mut groups = Groups::new();
    for (place, tree) in trees.into_iter().enumerate() {
        let attributes = match known.get(&tree) {
            Some(attributes) => attributes.clone(),
            None => of_tree(repo, tree, &asked)?,
        };
        known.insert(tree, attributes.clone());
        groups.entry(attributes).or_default().push(place);
    }
    Ok(groups)
}

fn of_tree(repo: &Repo, tree: Oid, paths: &BTreeSet<RepoPath>) -> Result<Attributes> {
    let mut files = BTreeMap::new();
    for path in paths {
        if let Some(blob) = repo.entry(tree, path)?.and_then(file) {
            files.insert(path.clone(), blob);
        }
    }
    Ok(Attributes { files })
}

fn file(entry: Entry) -> Option<Oid> {
    matches!(entry.mode, Mode::File | Mode::Executable).then_some(entry.oid)
}

/// Remembers what it looked at: of many merges most directories are the same.
struct Reader<'r> {
    repo: &'r Repo,
    known: HashMap<Oid, Rc<Directory>>,
    /// Directories with both sides of them that it was in.
    seen: HashSet<(Vec<u8>, Oid, Option<Oid>)>,
}

/// What counts in a tree.
#[derive(Default)]
struct Directory {
    has_attributes: bool,
    below: BTreeMap<Vec<u8>, Oid>,
}

impl Reader<'_> {
    /// Adds the attributes files of `ours` in directories that differ. It keeps its own stack: trees
    /// may be deeper than ours.
    fn ask(&mut self, ours: Oid, theirs: Oid, asked: &mut BTreeSet<RepoPath>) -> Result<()> {
        let mut pending = vec![(Vec::new(), ours, Some(theirs))];
        while let Some((prefix, ours, theirs)) = pending.pop() {
            if theirs == Some(ours) || !self.seen.insert((prefix.clone(), ours, theirs)) {
                continue;
            }
            let ours = self.directory(ours)?;
            let theirs = theirs.map(|theirs| self.directory(theirs)).transpose()?;
            if ours.has_attributes {
                asked.insert(RepoPath::new([prefix.as_slice(), NAME].concat()));
            }
            for (name, tree) in &ours.below {
                let other = theirs.as_ref().and_then(|theirs| theirs.below.get(name)).copied();
                if other != Some(*tree) {
                    pending.push(([&prefix, name.as_slice(), b"/"].concat(), *tree, other));
                }
            }
        }
        Ok(())
    }

    fn directory(&mut self, tree: Oid) -> Result<Rc<Directory>> {
        if let Some(known) = self.known.get(&tree) {
            return Ok(known.clone());
        }
        let mut directory = Directory::default();
        for TreeEntry { name, entry } in self.repo.entries(tree)? {
            directory.has_attributes |= name == NAME && file(entry).is_some();
            // Others lead out of the work tree in which the files will stand.
            let is_plain = is_valid(&name) && !(cfg!(windows) && name.contains(&b'\\'));
            if entry.mode == Mode::Tree && is_plain {
                directory.below.insert(name, entry.oid);
            }
        }
        let directory = Rc::new(directory);
        self.known.insert(tree, directory.clone());
        Ok(directory)
    }
}
