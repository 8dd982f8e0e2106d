//! A repository, and where its parts are.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};

use super::environment::Environment;
use super::lately::Lately;
use super::open::top;
use super::packed::LastPacked;
use super::process::Git;
use super::told::Told;
use crate::domain::oid::Oid;

/// An open repository, seen from one of its worktrees or from its Git directory.
///
/// Opening reads the config and HEAD; nothing else is read until asked for. Replace refs and grafts
/// are never followed, so that what is judged is what the ids say.
pub struct Repo {
    pub(crate) inner: gix::Repository,
    pub(super) environment: Environment,
    pub(super) places: Places,
    pub(super) backend: RefBackend,
    pub(super) empty_tree: Oid,
    pub(super) primary: OnceCell<Option<PathBuf>>,
    pub(super) lately: Lately,
    pub(super) last_packed: LastPacked,
    /// Objects of a push that is not accepted yet: gix does not look there.
    pub(super) quarantine: Option<gix::odb::Handle>,
    pub(super) told: Option<Told>,
}

/// Absolute, and without `..` in them.
pub(super) struct Places {
    pub(super) start: PathBuf,
    pub(super) git_dir: PathBuf,
    pub(super) common_dir: PathBuf,
    pub(super) work_tree: Option<PathBuf>,
}

/// How a repository keeps its refs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefBackend {
    /// Loose files and `packed-refs`, read natively.
    Files,
    /// Reftable or a later format, read through `git`.
    Other,
}

/// The hash function of a repository's ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectHash {
    /// Ids of 20 bytes.
    Sha1,
    /// Ids of 32 bytes.
    Sha256,
}

impl ObjectHash {
    /// The number of bytes of an id.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }
}

impl Repo {
    /// The Git directory: in a linked worktree, the private one. Absolute.
    #[must_use]
    pub fn git_dir(&self) -> &Path {
        &self.places.git_dir
    }

    /// The Git directory that all worktrees share: refs, objects, config, hooks. Absolute.
    #[must_use]
    pub fn common_dir(&self) -> &Path {
        &self.places.common_dir
    }

    /// Where new objects go: `GIT_OBJECT_DIRECTORY` if that is set.
    pub(crate) fn objects_dir(&self) -> PathBuf {
        match &self.environment.object_directory {
            Some(named) => self.places.start.join(named),
            None => self.common_dir().join("objects"),
        }
    }

    /// Where git-kitty keeps what is its own in the common directory.
    pub(crate) fn kitty_dir(&self) -> PathBuf {
        self.common_dir().join("kitty")
    }

    /// The top of the work tree one stands in; `None` if bare. Absolute.
    #[must_use]
    pub fn work_tree(&self) -> Option<&Path> {
        self.places.work_tree.as_deref()
    }

    /// Whether commits were left out when it was cloned or fetched into.
    #[must_use]
    pub fn is_shallow(&self) -> bool {
        self.inner.is_shallow().unwrap_or(true)
    }

    /// Whether the user stands below the top of the work tree, also where a hook was started at the top.
    #[must_use]
    pub fn is_below_top(&self) -> bool {
        let start = self.places.start.as_path();
        let is_below = |top: &Path| start != top && is_inside(start, top);
        self.environment.prefix.is_some() || self.work_tree().is_some_and(is_below)
    }

    /// Whether there is no work tree here. A linked worktree of a bare repository is not bare.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.places.work_tree.is_none()
    }

    /// Whether one stands in a linked worktree.
    #[must_use]
    pub fn is_linked(&self) -> bool {
        self.git_dir() != self.common_dir()
    }

    /// The main worktree's directory, from whichever worktree one asks; `None` if the repository is
    /// bare, or keeps its Git directory elsewhere without saying where the main worktree is. What is
    /// around an ordinary `.git` it is whatever `GIT_WORK_TREE` says: missions are read from there; and
    /// whatever `core.bare` says, if there is a checkout.
    ///
    /// # Errors
    /// If the main repository of a linked worktree cannot be opened.
    pub fn primary_work_tree(&self) -> Result<Option<PathBuf>> {
        if let Some(primary) = self.primary.get() {
            return Ok(primary.clone());
        }
        let primary = match self.ordinary_primary() {
            Some(primary) => Some(primary),
            None if !self.is_linked() => self.places.work_tree.clone(),
            None => top(&self.inner.main_repo().map_err(unexpected)?),
        };
        Ok(self.primary.get_or_init(|| primary).clone())
    }

    /// The directory around a `.git` that is not bare and names no work tree. Opening the main
    /// repository would say the same at ten times the cost; `None` if it takes that.
    fn ordinary_primary(&self) -> Option<PathBuf> {
        use gix::config::{Source, file::Metadata};
        let (common, config) = (self.common_dir(), self.inner.config_snapshot());
        let own = |meta: &Metadata| {
            meta.source == Source::Local || (meta.source == Source::Worktree && !self.is_linked())
        };
        let bare = config.plumbing().boolean_filter("core.bare", own).ok()??;
        let named = config.plumbing().string_filter("core.worktree", own).is_some();
        let more = self.is_linked() && common.join("config.worktree").exists();
        let ordinary = !bare && !named && !more && common.file_name()? == ".git";
        ordinary.then(|| common.parent().map(Path::to_owned))?
    }

    /// The hash function of its ids.
    #[must_use]
    pub fn object_hash(&self) -> ObjectHash {
        match self.inner.object_hash().len_in_bytes() {
            32 => ObjectHash::Sha256,
            _ => ObjectHash::Sha1,
        }
    }

    /// The tree without entries, which always exists.
    #[must_use]
    pub fn empty_tree(&self) -> Oid {
        self.empty_tree
    }

    /// How it keeps its refs.
    #[must_use]
    pub fn ref_backend(&self) -> RefBackend {
        self.backend
    }

    /// The environment it was opened with.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The index file: the one that `GIT_INDEX_FILE` names, else the worktree's own. Git counts a
    /// relative name from the top of the work tree if one stands in it, else from where one stands.
    #[must_use]
    pub fn index_file(&self) -> PathBuf {
        let Some(named) = &self.environment.index_file else {
            return self.git_dir().join("index");
        };
        match &self.places.work_tree {
            Some(top) if is_inside(&self.places.start, top) => top.join(named),
            Some(_) | None => self.places.start.join(named),
        }
    }

    /// A call of `git` about this repository and worktree, with the default index. It sees objects
    /// in quarantine, and no replace refs.
    #[must_use]
    pub fn git(&self) -> Git {
        let directory = self.places.work_tree.as_deref().unwrap_or(self.git_dir());
        let mut git =
            Git::new(directory).env("GIT_DIR", self.git_dir()).env("GIT_NO_REPLACE_OBJECTS", "1");
        if let Some(work_tree) = &self.places.work_tree {
            git = git.env("GIT_WORK_TREE", work_tree);
        }
        self.environment.object_variables().fold(git, |git, (name, value)| git.env(name, value))
    }

    /// A call of `git config` about one file, whatever state the repository's own is in.
    pub(super) fn config_file(&self, file: &Path) -> Git {
        let file = ["config".as_ref(), "--file".as_ref(), file.as_os_str()];
        Git::new(self.common_dir()).args(file)
    }
}

/// An error of gix that no caller expects.
pub(crate) fn unexpected(error: gix::Error) -> anyhow::Error {
    anyhow!("{error}")
}

/// Adds arguments that may hold any bytes, such as names of refs.
pub(crate) fn with_bytes(git: Git, arguments: &[&[u8]]) -> Result<Git> {
    arguments.iter().try_fold(git, |git, argument| {
        Ok(git.args([gix::path::from_byte_slice(argument).map_err(unexpected)?]))
    })
}

pub(super) fn is_inside(path: &Path, directory: &Path) -> bool {
    path.starts_with(directory) || canonical(path).starts_with(canonical(directory))
}

pub(super) fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
