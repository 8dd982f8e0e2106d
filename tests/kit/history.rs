//! Commits made from lists of files, without an index, a work tree or a process.

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
        let signed = self.signed();
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
