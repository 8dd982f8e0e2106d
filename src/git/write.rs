//! Building blobs, trees and commits that no ref reaches yet.

use anyhow::{Context, Result, ensure};
use gix::objs::Kind;

use super::commit_hooks::Author;
use super::durability::Durability;
use super::loose::Loose;
use super::process::Git;
use super::repo::Repo;
use super::tree_edit::Edits;
use crate::domain::change::{Change, Entry};
use crate::domain::identity::Identity;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{CommitRefusal, Refusal};
use crate::domain::time::Instant;

/// Writes objects into a repository.
///
/// Nothing that it does can be seen until a ref leads there. What exists is not written again. An
/// object that cannot be stored is [`Refusal::ObjectNotWritten`], and leaves nothing behind.
pub struct Writer<'r> {
    pub(super) repo: &'r Repo,
    pub(super) loose: Loose<'r>,
}

/// Who did something, and when.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// Who.
    pub who: &'a Identity,
    /// When; commits and reflogs keep whole seconds, in UTC.
    pub at: Instant,
}

/// A commit to be.
#[derive(Debug, Clone)]
pub struct CommitSpec<'a> {
    /// Its tree.
    pub tree: Oid,
    /// Its parents, in order.
    pub parents: Vec<Oid>,
    /// Who made the change.
    pub author: Signed<'a>,
    /// Who records it.
    pub committer: Signed<'a>,
    /// The message, taken as it is; it should end in a line end.
    pub message: &'a str,
}

impl<'r> Writer<'r> {
    /// A writer for `repo`. Costs nothing until something is written.
    #[must_use]
    pub fn new(repo: &'r Repo, durability: Durability) -> Self {
        Self { repo, loose: Loose::new(repo, durability) }
    }

    /// Stores the content of a file.
    ///
    /// # Errors
    /// [`Refusal::ObjectNotWritten`].
    pub fn blob(&self, bytes: &[u8]) -> Result<Oid> {
        self.loose.write(Kind::Blob, bytes)
    }

    /// The tree that `base` becomes when each path holds its new entry, or none. Without a base it
    /// grows from nothing. Only the trees on the way are read, and only those that differ are
    /// written; directories that become empty vanish. Of two edits of one path the last counts.
    ///
    /// An entry may be a whole directory ([`crate::domain::change::Mode::Tree`]), which then replaces what is there;
    /// removing a directory's path removes all below it. Removing what is not there is no error.
    ///
    /// # Errors
    /// If a path is none that git would take, if a file would stand where a directory is (or the
    /// other way round) and the edits do not remove that, or if a tree cannot be read; as
    /// [`Writer::blob`].
    pub fn tree_with(&self, base: Option<Oid>, edits: &[(RepoPath, Option<Entry>)]) -> Result<Oid> {
        let write = |text: &[u8]| self.loose.write(Kind::Tree, text);
        let base = base.unwrap_or(self.repo.empty_tree());
        match Edits::of(edits)?.apply(self.repo, Some(base), &write)? {
            Some(tree) => Ok(tree),
            None => write(&[]),
        }
    }

    /// Stores a commit. When it returns, the commit and all that this writer wrote before it are as
    /// durable as was asked for: a ref may move there. Signed if `commit.gpgSign` says so, by `git
    /// commit-tree -S`.
    ///
    /// # Errors
    /// [`Refusal::ObjectNotWritten`], [`Refusal::SigningFailed`]; if the message holds a NUL.
    pub fn commit(&self, spec: &CommitSpec<'_>) -> Result<Oid> {
        let commit = self.commit_unsynced(spec)?;
        self.sync()?;
        Ok(commit)
    }

    /// As [`Writer::commit`], but nothing is durable before [`Writer::sync`].
    pub(super) fn commit_unsynced(&self, spec: &CommitSpec<'_>) -> Result<Oid> {
        ensure!(!spec.message.contains('\0'), "a commit message holds a NUL byte");
        if !self.repo.config_flag("commit.gpgSign") {
            return self.loose.write(Kind::Commit, text(spec).as_bytes());
        }
        let commit = self.signed(spec)?;
        self.loose.adopt(commit);
        Ok(commit)
    }

    /// Counts in what git stored of a merged tree: all that another tree, `before`, has not. It is
    /// durable then with what this writer wrote.
    ///
    /// # Errors
    /// If a tree cannot be read.
    pub fn adopt_tree(&self, before: Oid, tree: Oid) -> Result<()> {
        if self.loose.durability() == Durability::Git {
            return Ok(());
        }
        self.loose.adopt(tree);
        for Change { path, new, .. } in self.repo.diff(Some(before), Some(tree))? {
            new.into_iter().for_each(|entry| self.loose.adopt(entry.oid));
            for directory in path.parents() {
                let found = self.repo.entry(tree, &directory)?;
                found.into_iter().for_each(|entry| self.loose.adopt(entry.oid));
            }
        }
        Ok(())
    }

    /// Stores a commit as `git commit` would here: by this author, the committer as git's variables and
    /// settings say, signed if `commit.gpgSign` says so. It is as durable then as
    /// [`Writer::commit`]'s, with the objects that other processes `made` for it.
    ///
    /// # Errors
    /// [`Refusal::SigningFailed`], or [`CommitRefusal::NotMade`] where nothing is signed;
    /// [`Refusal::ObjectNotWritten`].
    pub fn commit_of_user(
        &self,
        (tree, parent): (Oid, Option<Oid>),
        author: &Author,
        message: &[u8],
        made: &[Oid],
    ) -> Result<Oid> {
        let signs = self.repo.config_flag("commit.gpgSign");
        // Of other bytes the user's setting says what they are, as with `git commit`.
        let is_utf8 = std::str::from_utf8(message).is_ok();
        let encoding = is_utf8.then_some(["-c", "i18n.commitEncoding=UTF-8"]);
        let git = self.repo.git().args(encoding.into_iter().flatten()).args(["commit-tree"]);
        let git = git.args(signs.then_some("-S"));
        let parent = parent.iter().flat_map(|parent| ["-p".to_owned(), parent.to_string()]);
        let refusal = |said| match signs {
            true => Refusal::SigningFailed { what: said },
            false => CommitRefusal::NotMade { said }.into(),
        };
        let git = author.told(git.args(parent).args([tree.to_string()])).stdin(message);
        let commit = stored(git, refusal)?;
        made.iter().chain([&tree, &commit]).for_each(|oid| self.loose.adopt(*oid));
        self.sync()?;
        Ok(commit)
    }

    /// Stores a commit that no ref will ever lead to: unsigned, and as durable as chance has it.
    pub(super) fn scratch(&self, spec: &CommitSpec<'_>) -> Result<Oid> {
        self.loose.write(Kind::Commit, text(spec).as_bytes())
    }

    /// Makes sure of all that was written; [`Writer::commit`] does so itself.
    ///
    /// # Errors
    /// [`Refusal::ObjectNotWritten`].
    pub fn sync(&self) -> Result<()> {
        self.loose.sync()
    }

    fn signed(&self, spec: &CommitSpec<'_>) -> Result<Oid> {
        let parents = spec.parents.iter().flat_map(|parent| ["-p".to_owned(), parent.to_string()]);
        let mut git = self.repo.git().args(["commit-tree", "-S"]).args(parents);
        git = git.args([spec.tree.to_string()]).stdin(spec.message);
        for (role, signed) in [("AUTHOR", spec.author), ("COMMITTER", spec.committer)] {
            git = signed
                .variables(role)
                .into_iter()
                .fold(git, |git, (name, value)| git.env(&name, value));
        }
        stored(git, |what| Refusal::SigningFailed { what })
    }
}

/// The commit that a `git commit-tree` stores, or what its words mean.
fn stored(git: Git, refusal: impl FnOnce(String) -> Refusal) -> Result<Oid> {
    let output = git.output()?;
    if output.status != 0 {
        return Err(refusal(output.stderr).into());
    }
    let id = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    id.parse().with_context(|| format!("`git commit-tree` said `{id}`"))
}

impl Signed<'_> {
    /// The variables that make git say the same, for the role `AUTHOR` or `COMMITTER`.
    pub(super) fn variables(&self, role: &str) -> [(String, String); 3] {
        let date = format!("@{} +0000", self.at.micros() / 1_000_000);
        [
            (format!("GIT_{role}_NAME"), self.who.name().to_owned()),
            (format!("GIT_{role}_EMAIL"), self.who.email().to_owned()),
            (format!("GIT_{role}_DATE"), date),
        ]
    }

    pub(super) fn signature(&self) -> String {
        self.who.signature(self.at)
    }
}

fn text(spec: &CommitSpec<'_>) -> String {
    let parents =
        spec.parents.iter().map(|parent| format!("parent {parent}\n")).collect::<String>();
    let (author, committer) = (spec.author.signature(), spec.committer.signature());
    format!(
        "tree {}\n{parents}author {author}\ncommitter {committer}\n\n{}",
        spec.tree, spec.message
    )
}
