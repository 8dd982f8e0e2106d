//! Commits made from lists of files, without an index, a work tree or a process.

use std::collections::BTreeMap;

use git_kitty::domain::change::{Entry, Mode};
use git_kitty::domain::identity::Identity;
use git_kitty::domain::oid::Oid;
use git_kitty::domain::path::RepoPath;
use git_kitty::domain::time::Instant;
use git_kitty::git::{CommitSpec, Durability, Repo, Signed, Writer};

use super::checkout::Checkout;
use super::library::empty_in;
use super::repo::RepoBuilder;

/// A repository, open.
pub struct History {
    /// As git sees it.
    pub checkout: Checkout,
    /// As the library sees it.
    pub repo: Repo,
    who: Identity,
}

/// What a path is to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaf {
    /// A file.
    Text(String),
    /// A file that can be run.
    Program(String),
    /// A symbolic link.
    Link(String),
    /// A submodule at a commit.
    Module(Oid),
    /// Nothing.
    Gone,
}

/// A path with what it is to hold.
pub type Edit = (String, Leaf);

/// A file with a text.
pub fn text(path: &str, text: impl Into<String>) -> Edit {
    (path.to_owned(), Leaf::Text(text.into()))
}

/// A path without anything.
pub fn gone(path: &str) -> Edit {
    (path.to_owned(), Leaf::Gone)
}

/// A file that moves.
pub fn moved(from: &str, to: &str, content: impl Into<String>) -> [Edit; 2] {
    [gone(from), text(to, content)]
}

impl Default for History {
    fn default() -> Self {
        Self::of(RepoBuilder::default())
    }
}

impl History {
    /// An empty one in a repository of this kind.
    pub fn of(builder: RepoBuilder) -> Self {
        let checkout = empty_in(builder);
        let repo = checkout.open();
        Self { checkout, repo, who: Identity::new("Ada", "ada@example.com").unwrap() }
    }

    /// Who writes, at a fixed moment.
    pub fn signed(&self) -> Signed<'_> {
        Signed { who: &self.who, at: Instant::from_micros(1_767_603_600_000_000) }
    }

    /// A writer for its repository.
    pub fn writer(&self) -> Writer<'_> {
        Writer::new(&self.repo, Durability::Git)
    }

    /// A commit of the first parent's files with these edits.
    pub fn commit(&self, parents: &[Oid], edits: &[Edit]) -> Oid {
        let base = parents.first().map(|parent| self.repo.tree_of_commit(*parent).unwrap());
        let entries: Vec<_> = edits.iter().map(|(path, leaf)| self.entry(path, leaf)).collect();
        let tree = self.writer().tree_with(base, &entries).unwrap();
        self.commit_tree(parents, tree)
    }

    /// A commit of a tree.
    pub fn commit_tree(&self, parents: &[Oid], tree: Oid) -> Oid {
        self.commit_later(parents, tree, 0)
    }

    /// A commit of a tree, made so many seconds after the fixed moment.
    pub fn commit_later(&self, parents: &[Oid], tree: Oid, seconds: u32) -> Oid {
        let at = Instant::from_micros(self.signed().at.micros() + 1_000_000 * u64::from(seconds));
        let signed = Signed { who: &self.who, at };
        let (parents, message) = (parents.to_vec(), "step\n");
        let spec = CommitSpec { tree, parents, author: signed, committer: signed, message };
        self.writer().commit(&spec).unwrap()
    }

    /// The tree of a commit.
    pub fn tree(&self, commit: Oid) -> Oid {
        self.repo.tree_of_commit(commit).unwrap()
    }

    fn entry(&self, path: &str, leaf: &Leaf) -> (RepoPath, Option<Entry>) {
        let blob = |text: &str| self.writer().blob(text.as_bytes()).unwrap();
        let entry = match leaf {
            Leaf::Text(text) => Some((Mode::File, blob(text))),
            Leaf::Program(text) => Some((Mode::Executable, blob(text))),
            Leaf::Link(target) => Some((Mode::Symlink, blob(target))),
            Leaf::Module(commit) => Some((Mode::Gitlink, *commit)),
            Leaf::Gone => None,
        };
        (path.into(), entry.map(|(mode, oid)| Entry { mode, oid }))
    }
}

/// All files of a commit.
pub type Files = BTreeMap<String, Leaf>;

impl History {
    /// A commit of exactly these files, on parents of which the first has those others.
    pub fn commit_files(&self, parents: &[Oid], old: &Files, new: &Files) -> Oid {
        let left = old.keys().filter(|path| !new.contains_key(*path)).map(|path| gone(path));
        let changed = new.iter().filter(|(path, leaf)| old.get(*path) != Some(leaf));
        let changed = changed.map(|(path, leaf)| (path.clone(), leaf.clone()));
        self.commit(parents, &left.chain(changed).collect::<Vec<_>>())
    }
}

/// Some directories of files, each with a text of its own.
pub fn random_files(roll: &mut impl FnMut(u64) -> u64) -> Files {
    let name = |n: u64| ["a", "a/b", "a/b/c", "d", "e/f", "g", "."][usize::try_from(n).unwrap()];
    let path = |directory: &str, n: u64| format!("{directory}/f{n}").replacen("./", "", 1);
    let count = 6 + roll(14);
    let all = (0..count).map(|n| (path(name(roll(7)), roll(9)), Leaf::Text(random_text(n))));
    all.collect()
}

fn random_text(n: u64) -> String {
    (0..12).map(|line| format!("{n} {} {line}\n", n * 7 + line * n)).collect()
}

/// The files after a few changes: edits, new and deleted files, files and directories that are
/// renamed, files in place of directories and the other way round, modes, links.
pub fn random_changes(files: &Files, roll: &mut impl FnMut(u64) -> u64) -> Files {
    let mut files = files.clone();
    for _ in 0..=roll(3) {
        change(&mut files, roll);
    }
    files
}

fn change(files: &mut Files, roll: &mut impl FnMut(u64) -> u64) {
    let count = u64::try_from(files.len()).unwrap().max(1);
    let Some(path) = files.keys().nth(usize::try_from(roll(count)).unwrap()).cloned() else {
        return;
    };
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory).to_owned();
    let below =
        |name: String| if directory.is_empty() { name } else { format!("{directory}/{name}") };
    match roll(16) {
        0..=4 => edit(files, &path, roll),
        5..=7 => {
            put(files, &below(format!("new{}", roll(4))), Leaf::Text(random_text(100 + roll(50))))
        }
        8 | 9 => drop(files.remove(&path)),
        10 => {
            let leaf = files.remove(&path).unwrap();
            put(files, &below(format!("moved{}", roll(3))), leaf);
            if roll(2) == 0 {
                edit(files, &below("moved0".to_owned()), roll);
            }
        }
        11 | 12 if !directory.is_empty() => {
            let (from, to) = (format!("{directory}/"), format!("dir{}/", roll(3)));
            let moved: Vec<String> =
                files.keys().filter(|path| path.starts_with(&from)).cloned().collect();
            for old in moved {
                let leaf = files.remove(&old).unwrap();
                put(files, &old.replacen(&from, &to, 1), leaf);
            }
        }
        13 => put(files, &directory.clone(), Leaf::Text(random_text(200 + roll(9)))),
        14 => put(files, &format!("{path}/below"), Leaf::Text(random_text(300 + roll(9)))),
        15 => put(files, &path, Leaf::Link(format!("to{}", roll(3)))),
        _ => {
            if let Some(Leaf::Text(text)) = files.get(&path).cloned() {
                files.insert(path, Leaf::Program(text));
            }
        }
    }
}

fn edit(files: &mut Files, path: &str, roll: &mut impl FnMut(u64) -> u64) {
    if let Some(Leaf::Text(text)) = files.get_mut(path) {
        let line = usize::try_from(roll(12)).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        let new = format!("edited {}", roll(5));
        if let Some(line) = lines.get_mut(line) {
            *line = &new;
        }
        *text = lines.join("\n") + "\n";
    }
}

/// Puts a leaf at a path; what stood in its way goes.
fn put(files: &mut Files, path: &str, leaf: Leaf) {
    if path.is_empty() {
        return;
    }
    files.retain(|old, _| {
        !old.starts_with(&format!("{path}/")) && !path.starts_with(&format!("{old}/"))
    });
    files.insert(path.to_owned(), leaf);
}
