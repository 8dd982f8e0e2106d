//! What differs between two trees, or between a tree and what an index would commit.

use std::cmp::Ordering;
use std::rc::Rc;

use anyhow::Result;

use super::index::{Built, Content};
use super::raw;
use super::repo::Repo;
use crate::domain::change::{Change, Entry, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;

impl Repo {
    /// The paths that differ between two trees, sorted by their bytes; `None` is the empty tree. No
    /// renames are looked for.
    ///
    /// # Errors
    /// If a tree is missing (and cannot be fetched) or damaged.
    pub fn diff(&self, old: Option<Oid>, new: Option<Oid>) -> Result<Vec<Change>> {
        let side = |tree: Option<Oid>| tree.map_or(Side::Absent, Side::Tree);
        match Comparison::new(self, &Built::empty()).run(side(old), side(new))? {
            Some(changes) => Ok(changes),
            None => {
                let [old, new] = [old, new].map(|tree| tree.unwrap_or(self.empty_tree()));
                let git = self.git().args(["diff-tree", "-r"]).args(raw::OPTIONS);
                raw::parse(&git.args([old.to_string(), new.to_string()]).run()?)
            }
        }
    }
}

/// One side of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Absent,
    Tree(Oid),
    Built(usize),
}

/// What stands under a name on one side.
type Item<'a> = (&'a [u8], Content);

/// A walk through two trees at once. It keeps its own stack: trees may be deeper than ours.
pub(crate) struct Comparison<'r> {
    repo: &'r Repo,
    built: &'r Built,
    pending: Vec<(Vec<u8>, Side, Side)>,
    changes: Vec<Change>,
}

impl<'r> Comparison<'r> {
    /// A comparison in which [`Side::Built`] counts in `built`.
    pub(crate) fn new(repo: &'r Repo, built: &'r Built) -> Self {
        Self { repo, built, pending: Vec::new(), changes: Vec::new() }
    }

    /// The changes, sorted by path; `None` if a tree is not in the repository.
    pub(crate) fn run(mut self, old: Side, new: Side) -> Result<Option<Vec<Change>>> {
        self.pending.push((Vec::new(), old, new));
        while let Some((prefix, old, new)) = self.pending.pop() {
            if old == new {
                continue;
            }
            let (Some(old_text), Some(new_text)) = (self.text(old)?, self.text(new)?) else {
                return Ok(None);
            };
            let (old, new) = (self.items(old, &old_text)?, self.items(new, &new_text)?);
            self.compare(&prefix, &old, &new);
        }
        self.changes.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(Some(self.changes))
    }

    /// The text of a side that is a tree; `None` if that is not here.
    fn text(&self, side: Side) -> Result<Option<Rc<[u8]>>> {
        match side {
            Side::Absent | Side::Built(_) => Ok(Some(Rc::new([]))),
            Side::Tree(oid) => self.repo.local_tree(oid),
        }
    }

    fn items<'b>(&self, side: Side, text: &'b [u8]) -> Result<Vec<Item<'b>>>
    where
        'r: 'b,
    {
        match side {
            Side::Absent => Ok(Vec::new()),
            Side::Built(number) => {
                let entries = self.built.directory(number).iter();
                Ok(entries.map(|(name, content)| (name.as_slice(), *content)).collect())
            }
            Side::Tree(_) => {
                let item = |entry: Result<(&'b [u8], Entry)>| {
                    let (name, entry) = entry?;
                    let content = match entry.mode {
                        Mode::Tree => Content::Tree(entry.oid),
                        Mode::File | Mode::Executable | Mode::Symlink | Mode::Gitlink => {
                            Content::Leaf(entry)
                        }
                    };
                    Ok((name, content))
                };
                self.repo.tree_entries(text).map(item).collect()
            }
        }
    }

    fn compare(&mut self, prefix: &[u8], old: &[Item<'_>], new: &[Item<'_>]) {
        let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(old), Some(new)) => order(old, new),
            };
            let left = if order.is_le() { old.next() } else { None };
            let right = if order.is_ge() { new.next() } else { None };
            self.compare_items(prefix, left, right);
        }
    }

    /// Items of one name, of which both or neither are directories; one of them may be missing.
    fn compare_items(&mut self, prefix: &[u8], old: Option<&Item<'_>>, new: Option<&Item<'_>>) {
        let Some((name, content)) = new.or(old) else { return };
        if let (Some((_, old)), Some((_, new))) = (old, new)
            && old.is_surely(*new)
        {
            return;
        }
        let path = [prefix, name].concat();
        if content.is_directory() {
            let below = [&path, &b"/"[..]].concat();
            return self.pending.push((below, side(old), side(new)));
        }
        let unmerged = matches!(content, Content::Unmerged);
        let (old, new) = (leaf(old), leaf(new));
        if unmerged || old != new {
            self.changes.push(Change { path: RepoPath::new(path), old, new });
        }
    }
}

fn side(item: Option<&Item<'_>>) -> Side {
    match item {
        Some((_, Content::Tree(oid))) => Side::Tree(*oid),
        Some((_, Content::Built(number))) => Side::Built(*number),
        Some((_, Content::Leaf(_) | Content::Unmerged)) | None => Side::Absent,
    }
}

fn leaf(item: Option<&Item<'_>>) -> Option<Entry> {
    match item {
        Some((_, Content::Leaf(entry))) => Some(*entry),
        Some((_, Content::Unmerged | Content::Tree(_) | Content::Built(_))) | None => None,
    }
}

/// The order of names in a tree, in which a directory's name ends in a slash. A file and a directory
/// of one name are two places.
fn order(a: &Item<'_>, b: &Item<'_>) -> Ordering {
    let common = a.0.len().min(b.0.len());
    let next = |(name, content): &Item<'_>| {
        let slash = content.is_directory().then_some(b'/');
        name.get(common).copied().or(slash)
    };
    a.0.get(..common).cmp(&b.0.get(..common)).then_with(|| next(a).cmp(&next(b)))
}
