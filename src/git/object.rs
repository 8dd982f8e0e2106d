//! Reading objects by their id.
//!
//! gix reads what lies in the repository, or in quarantine while a push is judged; what it does not
//! find (a partial clone) is asked of `git cat-file`, one process an object.

use std::io::{ErrorKind, Read};
use std::path::Path;
use std::rc::Rc;

use anyhow::{Context, Result, bail, ensure};
use gix::objs::{Exists, Find, TreeRefIter};

use super::repo::{Repo, unexpected};
use crate::domain::change::{Entry, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;

/// One line of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeEntry {
    /// The name, without any `/`.
    pub name: Vec<u8>,
    /// What it is.
    pub entry: Entry,
}

/// What a commit says that we judge by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its tree.
    pub tree: Oid,
    /// Its parents, in order.
    pub parents: Vec<Oid>,
}

/// What a rebase and a cherry-pick leave as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorship {
    /// Who wrote the commit, and when.
    pub author: Vec<u8>,
    /// Its message.
    pub message: Vec<u8>,
}

impl Repo {
    /// Tree and parents of a commit.
    ///
    /// # Errors
    /// If `commit` is missing, is no commit, or is damaged.
    pub fn commit(&self, commit: Oid) -> Result<Commit> {
        let text = self.object(commit, "commit")?;
        let kind = self.inner.object_hash();
        let mut tokens = gix::objs::CommitRefIter::from_bytes(&text, kind);
        let tree = tokens.tree_id().map_err(unexpected)?;
        let tree = from_gix(&tree).with_context(|| format!("the commit {commit} has no tree"))?;
        let parents = gix::objs::CommitRefIter::from_bytes(&text, kind).parent_ids();
        Ok(Commit { tree, parents: parents.filter_map(|id| from_gix(&id)).collect() })
    }

    /// Parents of a commit, in order, and when it was made, in seconds since the epoch.
    ///
    /// # Errors
    /// As [`Repo::commit`].
    pub(super) fn parents_and_date(&self, commit: Oid) -> Result<(Vec<Oid>, i64)> {
        let text = self.object(commit, "commit")?;
        let tokens = || gix::objs::CommitRefIter::from_bytes(&text, self.inner.object_hash());
        let parents = tokens().parent_ids().filter_map(|id| from_gix(&id)).collect();
        Ok((parents, tokens().committer().map_err(unexpected)?.seconds()))
    }

    /// A commit's own text, as Git hashes it.
    pub(crate) fn commit_text(&self, commit: Oid) -> Result<Vec<u8>> {
        Ok(self.object(commit, "commit")?.to_vec())
    }

    /// The tree of a commit.
    ///
    /// # Errors
    /// As [`Repo::commit`].
    pub fn tree_of_commit(&self, commit: Oid) -> Result<Oid> {
        Ok(self.commit(commit)?.tree)
    }

    /// Who wrote a commit and when, and its message.
    ///
    /// # Errors
    /// As [`Repo::commit`].
    pub fn authorship(&self, commit: Oid) -> Result<Authorship> {
        let text = self.object(commit, "commit")?;
        let tokens = || gix::objs::CommitRefIter::from_bytes(&text, self.inner.object_hash());
        let author = tokens().author().map_err(unexpected)?;
        let author: [&[u8]; 5] = [author.name, b" ", author.email, b" ", author.time.as_bytes()];
        let message = tokens().message().map_err(unexpected)?.to_vec();
        Ok(Authorship { author: author.concat(), message })
    }

    /// The first line of a commit's message; bytes that are no UTF-8 are replaced.
    ///
    /// # Errors
    /// As [`Repo::commit`].
    pub fn subject(&self, commit: Oid) -> Result<String> {
        let text = self.object(commit, "commit")?;
        let message = gix::objs::CommitRefIter::from_bytes(&text, self.inner.object_hash())
            .message()
            .map_err(unexpected)?;
        let first = message.split(|byte| *byte == b'\n').next().unwrap_or_default();
        Ok(String::from_utf8_lossy(first).into_owned())
    }

    /// What `tree` holds at `path`; `None` if nothing.
    ///
    /// # Errors
    /// If a tree on the way is missing or damaged.
    pub fn entry(&self, tree: Oid, path: &RepoPath) -> Result<Option<Entry>> {
        let mut found = Entry { mode: Mode::Tree, oid: tree };
        for name in path.as_bytes().split(|b| *b == b'/') {
            if found.mode != Mode::Tree {
                return Ok(None);
            }
            let text = self.object(found.oid, "tree")?;
            let entries = self.tree_entries(&text);
            let same = |entry: &Result<(&[u8], Entry)>| {
                entry.as_ref().map_or(true, |(found, _)| *found == name)
            };
            match entries.into_iter().find(same) {
                Some(entry) => found = entry?.1,
                None => return Ok(None),
            }
        }
        Ok(Some(found))
    }

    /// Whether the object is there.
    #[must_use]
    pub fn has_object(&self, oid: Oid) -> bool {
        let id = gix::ObjectId::try_from(oid.as_bytes());
        id.is_ok_and(|id| self.in_quarantine(&id).is_some() || self.inner.has_object(id))
    }

    /// The content of the file (or the target of the symbolic link) that `tree` holds at `path`;
    /// `None` if there is nothing, or a directory or submodule.
    ///
    /// # Errors
    /// If an object on the way is missing or damaged.
    pub fn blob_at(&self, tree: Oid, path: &RepoPath) -> Result<Option<Vec<u8>>> {
        match self.entry(tree, path)? {
            Some(Entry { mode: Mode::File | Mode::Executable | Mode::Symlink, oid }) => {
                self.blob(oid).map(Some)
            }
            Some(Entry { mode: Mode::Tree | Mode::Gitlink, .. }) | None => Ok(None),
        }
    }

    /// The content of a blob.
    ///
    /// # Errors
    /// If it is missing, is no blob, or is damaged.
    pub fn blob(&self, blob: Oid) -> Result<Vec<u8>> {
        self.read_object(blob, "blob")
    }

    /// The id that a blob of this content has or would have; nothing is written.
    ///
    /// # Errors
    /// If the content is made to break SHA-1.
    pub fn id_of_blob(&self, content: &[u8]) -> Result<Oid> {
        self.id_of_stream("blob", content, content.len().try_into()?)
    }

    /// The id that a tree of this text has or would have; nothing is written.
    ///
    /// # Errors
    /// If the text is made to break SHA-1.
    pub(super) fn id_of_tree(&self, text: &[u8]) -> Result<Oid> {
        self.id_of_stream("tree", text, text.len().try_into()?)
    }

    /// The id that a file would have as a blob, without holding all of it in memory; `None` if it is
    /// not there.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn id_of_file(&self, path: &Path) -> Result<Option<Oid>> {
        let unreadable = || format!("could not read `{}`", path.display());
        match super::file::open_regular(path) {
            Ok(file) => {
                let size = file.metadata().with_context(unreadable)?.len();
                self.id_of_stream("blob", file, size).with_context(unreadable).map(Some)
            }
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                Ok(None)
            }
            Err(error) => Err(error).with_context(unreadable),
        }
    }

    fn id_of_stream(&self, kind: &str, mut stream: impl Read, size: u64) -> Result<Oid> {
        let mut hasher = gix::hash::hasher(self.inner.object_hash());
        hasher.update(format!("{kind} {size}\0").as_bytes());
        let mut buffer = [0; 16 << 10];
        loop {
            let count = stream.read(&mut buffer)?;
            match buffer.get(..count) {
                Some([]) | None => break,
                Some(part) => hasher.update(part),
            }
        }
        let id = hasher.try_finalize().map_err(unexpected)?;
        from_gix(&id).context("an object with the zero id")
    }

    /// The entries of one tree, in Git's order (directories sort as if their name ended in `/`).
    ///
    /// # Errors
    /// If it is missing, is no tree, or is damaged.
    pub fn entries(&self, tree: Oid) -> Result<Vec<TreeEntry>> {
        let text = self.object(tree, "tree")?;
        let owned = |entry: Result<(&[u8], Entry)>| {
            let (name, entry) = entry?;
            Ok(TreeEntry { name: name.to_vec(), entry })
        };
        self.tree_entries(&text).map(owned).collect()
    }

    /// The raw text of a tree, if gix finds it; `None` if it is not here.
    pub(crate) fn local_tree(&self, tree: Oid) -> Result<Option<Rc<[u8]>>> {
        if tree == self.empty_tree() {
            return Ok(Some(Rc::new([])));
        }
        if let Some(known) = self.lately.get(tree, "tree") {
            return Ok(Some(known));
        }
        let mut buffer = Vec::new();
        let found = self.local(tree, "tree", &mut buffer)?.map(Rc::<[u8]>::from);
        if let Some(text) = &found {
            self.lately.keep(tree, "tree", text);
        }
        Ok(found)
    }

    /// The raw text of a tree.
    pub(crate) fn tree_text(&self, tree: Oid) -> Result<Rc<[u8]>> {
        self.object(tree, "tree")
    }

    /// The entries in the raw text of a tree.
    pub(crate) fn tree_entries<'a>(
        &self,
        text: &'a [u8],
    ) -> impl Iterator<Item = Result<(&'a [u8], Entry)>> + use<'a> {
        TreeRefIter::from_bytes(text, self.inner.object_hash()).map(|entry| {
            let entry = entry.map_err(unexpected)?;
            let mode =
                Mode::from_bits(entry.mode.value().into()).context("an unknown mode in a tree")?;
            let oid = Oid::from_bytes(entry.oid.as_bytes()).context("a zero id in a tree")?;
            let name: &[u8] = entry.filename;
            Ok((name, Entry { mode, oid }))
        })
    }

    /// A commit or a tree.
    fn object(&self, oid: Oid, kind: &'static str) -> Result<Rc<[u8]>> {
        if let Some(known) = self.lately.get(oid, kind) {
            return Ok(known);
        }
        let text = Rc::from(self.read_object(oid, kind)?);
        self.lately.keep(oid, kind, &text);
        Ok(text)
    }

    fn read_object(&self, oid: Oid, kind: &str) -> Result<Vec<u8>> {
        if oid == self.empty_tree() && kind == "tree" {
            return Ok(Vec::new());
        }
        let mut buffer = Vec::new();
        let found = self.local(oid, kind, &mut buffer)?;
        let found = found.map(|text| (text.as_ptr().addr(), text.len()));
        let Some((start, length)) = found else { return self.object_through_git(oid, kind) };
        // The text is a part of the buffer, in most cases all of it: no need to copy a long log.
        let offset = start.wrapping_sub(buffer.as_ptr().addr());
        let end = offset.checked_add(length).filter(|end| *end <= buffer.len());
        buffer.truncate(end.with_context(|| format!("{oid} was read to another place"))?);
        buffer.drain(..offset);
        Ok(buffer)
    }

    fn local<'a>(&self, oid: Oid, kind: &str, buffer: &'a mut Vec<u8>) -> Result<Option<&'a [u8]>> {
        let id = gix::ObjectId::try_from(oid.as_bytes()).context("an id of an unknown hash")?;
        let found = match self.in_quarantine(&id) {
            Some(quarantine) => quarantine.try_find(&id, buffer),
            None => self.inner.objects.try_find(&id, buffer),
        };
        let Some(found) = found.map_err(unexpected)? else { return Ok(None) };
        ensure!(
            found.kind.as_bytes() == kind.as_bytes(),
            "{oid} is a {}, not a {kind}",
            found.kind
        );
        Ok(Some(found.data))
    }

    /// The quarantine, if it has the object.
    fn in_quarantine(&self, id: &gix::oid) -> Option<&gix::odb::Handle> {
        self.quarantine.as_ref().filter(|quarantine| quarantine.exists(id))
    }

    fn object_through_git(&self, oid: Oid, kind: &str) -> Result<Vec<u8>> {
        let output = self.git().args(["cat-file", kind, &oid.to_string()]).output()?;
        if output.status != 0 {
            bail!("the {kind} {oid} cannot be read: {}", output.stderr);
        }
        Ok(output.stdout)
    }
}

/// The id as a domain value; `None` for the zero id.
pub(crate) fn from_gix(id: &gix::oid) -> Option<Oid> {
    Oid::from_bytes(id.as_bytes())
}
