//! Opening a repository, and where its parts are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use super::environment::Environment;
use super::object::from_gix;
use super::process::Git;
use crate::domain::oid::Oid;
use crate::domain::refusal::Refusal;

/// An open repository, seen from one of its worktrees or from its Git directory.
///
/// Opening reads the config and HEAD; nothing else is read until asked for. Replace refs and grafts
/// are never followed, so that what is judged is what the ids say.
pub struct Repo {
    pub(crate) inner: gix::Repository,
    environment: Environment,
    start: PathBuf,
    work_tree: Option<PathBuf>,
    backend: RefBackend,
    empty_tree: Oid,
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
    /// The repository that Git would take in the directory `start`, with the environment of this
    /// process: `GIT_DIR` and its kin first, then upwards, up to `GIT_CEILING_DIRECTORIES`.
    ///
    /// # Errors
    /// [`Refusal::NotARepository`]; [`Refusal::UntrustedRepository`] where another user owns it and
    /// no `safe.directory` names it; unexpected ones for a damaged repository.
    pub fn discover(start: &Path) -> Result<Self> {
        Self::open(start, Environment::of_process())
    }

    /// As [`Repo::discover`], with the variables of `environment` for those that choose a part of
    /// the repository. (The config is still found as this process's `HOME` and `GIT_CONFIG_*` say.)
    ///
    /// # Errors
    /// As [`Repo::discover`].
    pub fn open(start: &Path, environment: Environment) -> Result<Self> {
        let start = std::path::absolute(start)
            .with_context(|| format!("could not make `{}` absolute", start.display()))?;
        let candidate = match &environment.git_dir {
            Some(git_dir) => start.join(git_dir),
            None => search_upwards(&start)?,
        };
        let inner = open_candidate(&candidate, &environment, &start)?;
        check_common_dir(&inner, &environment, &start)?;
        let backend = match inner.config_snapshot().string("extensions.refStorage") {
            Some(name) if !name.eq_ignore_ascii_case(b"files") => RefBackend::Other,
            Some(_) | None => RefBackend::Files,
        };
        let work_tree = work_tree(&inner, &environment, &start);
        let empty_tree = from_gix(&gix::ObjectId::empty_tree(inner.object_hash()))
            .context("the empty tree has the zero id")?;
        Ok(Self { inner, environment, start, work_tree, backend, empty_tree })
    }

    /// The Git directory: in a linked worktree, the private one. Absolute.
    #[must_use]
    pub fn git_dir(&self) -> &Path {
        self.inner.git_dir()
    }

    /// The Git directory that all worktrees share: refs, objects, config, hooks. Absolute.
    #[must_use]
    pub fn common_dir(&self) -> &Path {
        self.inner.common_dir()
    }

    /// Where new objects go: `GIT_OBJECT_DIRECTORY` if that is set.
    pub(crate) fn objects_dir(&self) -> PathBuf {
        match &self.environment.object_directory {
            Some(named) => self.start.join(named),
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
        self.work_tree.as_deref()
    }

    /// Whether there is no work tree here. A linked worktree of a bare repository is not bare.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.work_tree.is_none()
    }

    /// Whether one stands in a linked worktree.
    #[must_use]
    pub fn is_linked(&self) -> bool {
        self.git_dir() != self.common_dir()
    }

    /// The main worktree's directory, from whichever worktree one asks; `None` if the repository is
    /// bare, or keeps its Git directory elsewhere without saying where the main worktree is.
    ///
    /// # Errors
    /// If the main repository of a linked worktree cannot be opened.
    pub fn primary_work_tree(&self) -> Result<Option<PathBuf>> {
        if !self.is_linked() {
            return Ok(self.work_tree.clone());
        }
        let main = self.inner.main_repo().map_err(unexpected)?;
        Ok(main.workdir().map(Path::to_owned))
    }

    /// The last value of a config key such as `kitty.actor` or `branch.<name>.kittyscope` (any name,
    /// dots too). Bytes that are no UTF-8 are replaced.
    #[must_use]
    pub fn config_string(&self, key: impl AsRef<[u8]>) -> Option<String> {
        let key: &gix::bstr::BStr = key.as_ref().into();
        self.inner.config_snapshot().string(key).map(|value| lossy(&value))
    }

    /// All values of a config key, those of wider scopes first.
    #[must_use]
    pub fn config_strings(&self, key: impl AsRef<[u8]>) -> Vec<String> {
        let key: &gix::bstr::BStr = key.as_ref().into();
        let values = self.inner.config_snapshot().plumbing().strings(key);
        values.unwrap_or_default().iter().map(|value| lossy(value)).collect()
    }

    /// The names `<name>` of the config sections `[section "<name>"]` that set `variable`.
    #[must_use]
    pub fn config_subsections(&self, section: &str, variable: &str) -> Vec<Vec<u8>> {
        let snapshot = self.inner.config_snapshot();
        let sections = snapshot.plumbing().sections_by_name(section).into_iter().flatten();
        let mut names: Vec<Vec<u8>> = sections
            .filter(|section| section.value(variable).is_some())
            .filter_map(|section| Some(section.header().subsection_name()?.to_vec()))
            .collect();
        names.sort();
        names.dedup();
        names
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
        match &self.work_tree {
            Some(top) if is_inside(&self.start, top) => top.join(named),
            Some(_) | None => self.start.join(named),
        }
    }

    /// A call of `git` about this repository and worktree, with the default index. It sees objects
    /// in quarantine, and no replace refs.
    #[must_use]
    pub fn git(&self) -> Git {
        let directory = self.work_tree.as_deref().unwrap_or(self.git_dir());
        let mut git =
            Git::new(directory).env("GIT_DIR", self.git_dir()).env("GIT_NO_REPLACE_OBJECTS", "1");
        if let Some(work_tree) = &self.work_tree {
            git = git.env("GIT_WORK_TREE", work_tree);
        }
        self.environment.object_variables().fold(git, |git, (name, value)| git.env(name, value))
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

fn search_upwards(start: &Path) -> Result<PathBuf> {
    let options = gix::discover::upwards::Options {
        trust: gix::discover::upwards::TrustPolicy::Assume(gix::sec::Trust::Full),
        match_ceiling_dir_or_error: false,
        current_dir: Some(start),
        ..Default::default()
    };
    let found = gix::discover::upwards_opts(start, options.apply_environment());
    let (path, _) = found.map_err(|error| classify(error, start))?;
    Ok(match path {
        gix::discover::repository::Path::LinkedWorkTree { work_dir, .. }
        | gix::discover::repository::Path::WorkTree(work_dir) => work_dir.join(".git"),
        gix::discover::repository::Path::Repository(git_dir) => git_dir,
    })
}

fn open_candidate(
    candidate: &Path,
    environment: &Environment,
    start: &Path,
) -> Result<gix::Repository> {
    let opened = gix::open::Options::default()
        .open_path_as_is(true)
        .cli_overrides(environment.settings())
        .config_overrides(["core.useReplaceRefs=false"])
        .open(candidate);
    let mut inner = opened.map_err(|error| classify(error, start))?.to_thread_local();
    if inner.git_dir_trust() != gix::sec::Trust::Full {
        let path = inner.workdir().unwrap_or(inner.git_dir()).display().to_string();
        bail!(Refusal::UntrustedRepository { path });
    }
    inner.clear_namespace();
    Ok(inner)
}

fn classify(error: gix::Error, start: &Path) -> anyhow::Error {
    if error.is_not_found() {
        return Refusal::NotARepository { start: start.display().to_string() }.into();
    }
    unexpected(error).context(format!("could not open the repository at `{}`", start.display()))
}

/// gix takes the common directory from the `commondir` file; where `GIT_COMMON_DIR` says otherwise,
/// objects and refs would come from the wrong place.
fn check_common_dir(
    inner: &gix::Repository,
    environment: &Environment,
    start: &Path,
) -> Result<()> {
    let Some(named) = &environment.common_dir else { return Ok(()) };
    if canonical(&start.join(named)) != canonical(inner.common_dir()) {
        let own = inner.common_dir().display();
        bail!("GIT_COMMON_DIR is `{}`, but the repository's own is `{own}`", named.display());
    }
    Ok(())
}

/// Git takes the current directory for the work tree if only `GIT_DIR` is set. We do so only where
/// the repository does not itself know a work tree around the current directory: hooks that run
/// below the top, or in the Git directory, keep the right one.
fn work_tree(inner: &gix::Repository, environment: &Environment, start: &Path) -> Option<PathBuf> {
    if let Some(work_tree) = &environment.work_tree {
        return Some(start.join(work_tree));
    }
    let own = inner.workdir()?.to_owned();
    let configured = inner.config_snapshot().string("core.worktree").is_some();
    let guessed = environment.git_dir.is_some() && !configured;
    if guessed && !is_inside(start, &own) && !is_inside(start, inner.common_dir()) {
        return Some(start.to_owned());
    }
    Some(own)
}

fn is_inside(path: &Path, directory: &Path) -> bool {
    path.starts_with(directory) || canonical(path).starts_with(canonical(directory))
}

fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn lossy(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}
