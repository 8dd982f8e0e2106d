//! Changing a few entries of a tree of trees.

use std::borrow::Cow;
use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use super::repo::Repo;
use crate::domain::change::{Change, Entry, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;

impl Repo {
    /// The id that `base` (`None`: the empty tree) has or would have after these changes; nothing is
    /// written.
    ///
    /// # Errors
    /// If a tree on the way cannot be read, or the changes are none that it can take.
    pub fn id_of_changed(&self, base: Option<Oid>, changes: &[Change]) -> Result<Oid> {
        let edits: Vec<(RepoPath, Option<Entry>)> =
            changes.iter().map(|change| (change.path.clone(), change.new)).collect();
        let id = |text: &[u8]| self.id_of_tree(text);
        let base = base.unwrap_or(self.empty_tree());
        Ok(Edits::of(&edits)?.apply(self, Some(base), &id)?.unwrap_or(self.empty_tree()))
    }
}

/// What is to happen to the names of one directory.
#[derive(Debug, Default)]
pub(super) struct Edits<'e> {
    names: BTreeMap<&'e [u8], Edit<'e>>,
}

/// What is to happen at one name.
#[derive(Debug, Default)]
struct Edit<'e> {
    /// What the name itself shall hold; `Some(None)` empties it.
    own: Option<Option<Entry>>,
    below: Edits<'e>,
}

/// A line of a tree, kept byte for byte: old trees hold modes that nobody writes any more.
struct Line<'t> {
    name: &'t [u8],
    entry: Entry,
    raw: Cow<'t, [u8]>,
}

impl<'e> Edits<'e> {
    pub(super) fn of(edits: &'e [(RepoPath, Option<Entry>)]) -> Result<Self> {
        let mut all = Self::default();
        for (path, entry) in edits {
            all.add(path, *entry)?;
        }
        Ok(all)
    }

    fn add(&mut self, path: &'e RepoPath, entry: Option<Entry>) -> Result<()> {
        let mut edit = &mut Edit::default();
        let mut names = &mut self.names;
        for name in path.as_bytes().split(|byte| *byte == b'/') {
            ensure!(is_valid(name), "`{path}` cannot be a path in a tree");
            edit = names.entry(name).or_default();
            names = &mut edit.below.names;
        }
        let _ = names;
        edit.own = Some(entry);
        Ok(())
    }

    /// The tree after the edits, written with `write`; `None` if nothing is left. `base` is the
    /// tree before, `None` for one that was not there.
    pub(super) fn apply(
        &self,
        repo: &Repo,
        base: Option<Oid>,
        write: &dyn Fn(&[u8]) -> Result<Oid>,
    ) -> Result<Option<Oid>> {
        let old = base.map(|base| repo.tree_text(base)).transpose()?.unwrap_or_else(|| [].into());
        let mut lines = lines(repo, &old)?;
        for (name, edit) in &self.names {
            let found = lines.iter().position(|line| line.name == *name);
            let before = found.and_then(|at| lines.get(at)).map(|line| line.entry);
            let after = edit.outcome(repo, before, write).with_context(|| shown(name))?;
            if after == before {
                continue;
            }
            if let Some(at) = found {
                lines.remove(at);
            }
            if let Some(entry) = after {
                let at =
                    lines.partition_point(|line| key(line.name, line.entry) < key(name, entry));
                lines.insert(at, Line { name, entry, raw: Cow::Owned(raw(name, entry)) });
            }
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let new = lines.iter().map(|line| line.raw.as_ref()).collect::<Vec<_>>().concat();
        match base {
            Some(base) if new[..] == old[..] => Ok(Some(base)),
            Some(_) | None => write(&new).map(Some),
        }
    }

    fn adds_something(&self) -> bool {
        let adds =
            |edit: &Edit<'_>| matches!(edit.own, Some(Some(_))) || edit.below.adds_something();
        self.names.values().any(adds)
    }
}

impl Edit<'_> {
    /// What the name holds after the edits.
    fn outcome(
        &self,
        repo: &Repo,
        before: Option<Entry>,
        write: &dyn Fn(&[u8]) -> Result<Oid>,
    ) -> Result<Option<Entry>> {
        let start = match self.own {
            None => before,
            Some(None) => None,
            Some(Some(entry)) if entry.mode == Mode::Tree => Some(entry),
            Some(Some(entry)) => {
                let directory = before.filter(|before| before.mode == Mode::Tree);
                let left = self.below.apply(repo, directory.map(|tree| tree.oid), write)?;
                ensure!(left.is_none(), "a directory stands where a file is to be");
                return Ok(Some(entry));
            }
        };
        match start {
            _ if self.below.names.is_empty() => Ok(start),
            Some(Entry { mode: Mode::Tree, oid }) => self.directory(repo, Some(oid), write),
            None => self.directory(repo, None, write),
            Some(_) if self.below.adds_something() => {
                bail!("a file stands where a directory is to be")
            }
            file @ Some(_) => Ok(file),
        }
    }

    fn directory(
        &self,
        repo: &Repo,
        base: Option<Oid>,
        write: &dyn Fn(&[u8]) -> Result<Oid>,
    ) -> Result<Option<Entry>> {
        let tree = self.below.apply(repo, base, write)?;
        Ok(tree.map(|oid| Entry { mode: Mode::Tree, oid }))
    }
}

/// Names that `git fsck` takes.
pub(super) fn is_valid(name: &[u8]) -> bool {
    !matches!(name, b"" | b"." | b"..") && !name.eq_ignore_ascii_case(b".git") && !name.contains(&0)
}

fn lines<'t>(repo: &Repo, text: &'t [u8]) -> Result<Vec<Line<'t>>> {
    let mut rest = text;
    let mut line = |found: Result<(&'t [u8], Entry)>| {
        let (name, entry) = found?;
        let nul = rest.iter().position(|byte| *byte == 0).context("a tree is damaged")?;
        let end = nul + 1 + entry.oid.as_bytes().len();
        let (raw, behind) = rest.split_at_checked(end).context("a tree is damaged")?;
        rest = behind;
        Ok(Line { name, entry, raw: Cow::Borrowed(raw) })
    };
    repo.tree_entries(text).map(&mut line).collect()
}

/// Git sorts a directory as if its name ended in a slash.
fn key(name: &[u8], entry: Entry) -> impl Ord + '_ {
    let slash: &[u8] = if entry.mode == Mode::Tree { b"/" } else { b"" };
    Chained(name, slash)
}

/// Two texts, compared as if they were one.
#[derive(PartialEq, Eq)]
struct Chained<'a>(&'a [u8], &'a [u8]);

impl Ord for Chained<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.iter().chain(self.1).cmp(other.0.iter().chain(other.1))
    }
}

impl PartialOrd for Chained<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

fn raw(name: &[u8], entry: Entry) -> Vec<u8> {
    let mode: &[u8] = match entry.mode {
        Mode::Tree => b"40000",
        Mode::File => b"100644",
        Mode::Executable => b"100755",
        Mode::Symlink => b"120000",
        Mode::Gitlink => b"160000",
    };
    [mode, b" ", name, b"\0", entry.oid.as_bytes()].concat()
}

fn shown(name: &[u8]) -> String {
    format!("at `{}`", RepoPath::new(name))
}
