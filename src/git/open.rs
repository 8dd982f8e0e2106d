//! Finding and opening a repository.

use std::cell::OnceCell;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::denied::{Denied, denied};
use super::environment::Environment;
use super::lately::Lately;
use super::object::from_gix;
use super::packed::LastPacked;
use super::repo::{Places, RefBackend, Repo, canonical, is_inside, unexpected};
use super::{shared, trust};
use crate::domain::refusal::Refusal;

impl Repo {
    /// The repository that Git would take in the directory `start`, with the environment of this
    /// process: `GIT_DIR` and its kin first, then upwards, up to `GIT_CEILING_DIRECTORIES`.
    ///
    /// # Errors
    /// [`Refusal::NotARepository`]; [`Refusal::WorkTreeMissing`]; [`Refusal::UntrustedRepository`]
    /// where another user owns it and no `safe.directory`
    /// outside of it names it; unexpected ones for a damaged repository.
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
        let (git_dir, common_dir) = (tidy(inner.git_dir()), tidy(inner.common_dir()));
        let places = Places { start, git_dir, common_dir, work_tree };
        let primary = OnceCell::new();
        let lately = Lately::default();
        let quarantine = quarantine(&inner, &environment, &places.start)?;
        let repo = Self {
            inner,
            environment,
            places,
            backend,
            empty_tree,
            primary,
            lately,
            last_packed: LastPacked::default(),
            quarantine,
            told: None,
        };
        shared::learn(&repo);
        Ok(repo)
    }
}

fn search_upwards(start: &Path) -> Result<PathBuf> {
    let options = gix::discover::upwards::Options {
        trust: gix::discover::upwards::TrustPolicy::Assume(gix::sec::Trust::Full),
        match_ceiling_dir_or_error: false,
        current_dir: Some(start),
        ..Default::default()
    };
    if !start.is_dir() {
        bail!(Refusal::NotARepository { start: start.display().to_string() });
    }
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
    let options = gix::open::Options::default()
        .open_path_as_is(true)
        .cli_overrides(environment.settings())
        .config_overrides(["core.useReplaceRefs=false"]);
    let open = |options: gix::open::Options| {
        let opened = options.open(candidate).map_err(|error| classify(error, start));
        opened.map(|opened| opened.to_thread_local())
    };
    let mut inner = open(options.clone())?;
    if inner.git_dir_trust() != gix::sec::Trust::Full {
        check_trust(&inner)?;
        // Its own settings were left out.
        inner = open(options.with(gix::sec::Trust::Full).filter_config_section(|_| true))?;
    }
    inner.clear_namespace();
    Ok(inner)
}

/// Whether the user trusts a repository of another.
fn check_trust(inner: &gix::Repository) -> Result<(), Refusal> {
    let place = inner.workdir().unwrap_or(inner.git_dir());
    let path = place.display().to_string();
    // Nobody owns a work tree that is not there.
    if inner.workdir().is_some_and(|top| !top.exists()) {
        let config = inner.common_dir().join("config").display().to_string();
        return Err(Refusal::WorkTreeMissing { path, config });
    }
    if trust::is_declared(inner, place) {
        return Ok(());
    }
    Err(Refusal::UntrustedRepository { path })
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

/// Where new objects go while a push is judged; `None` if that is the repository itself. What is
/// there is seen with what the repository has: it is its alternate (git-receive-pack(1)).
fn quarantine(
    inner: &gix::Repository,
    environment: &Environment,
    start: &Path,
) -> Result<Option<gix::odb::Handle>> {
    let Some(named) = &environment.object_directory else { return Ok(None) };
    let directory = start.join(named);
    if !directory.is_dir()
        || canonical(&directory) == canonical(&inner.common_dir().join("objects"))
    {
        return Ok(None);
    }
    let opened = gix::odb::at(&directory, inner.object_hash());
    let mut opened = opened.with_context(|| format!("could not read `{}`", directory.display()))?;
    // Packs come before the push is judged; for each object that is not there it would look again.
    opened.refresh_never();
    Ok(Some(opened))
}

/// Git takes the current directory for the work tree if only `GIT_DIR` is set. We do so only where
/// the repository does not itself know a work tree around the current directory: hooks that run
/// below the top, or in the Git directory, keep the right one.
fn work_tree(inner: &gix::Repository, environment: &Environment, start: &Path) -> Option<PathBuf> {
    if let Some(work_tree) = &environment.work_tree {
        return Some(tidy(&start.join(work_tree)));
    }
    let own = top(inner)?;
    let configured = inner.config_snapshot().string("core.worktree").is_some();
    let guessed = environment.git_dir.is_some() && !configured;
    if guessed && !is_inside(start, &own) && !is_inside(start, inner.common_dir()) {
        return Some(start.to_owned());
    }
    Some(own)
}

/// The top of the work tree that a repository has of itself, also where it denies that.
pub(super) fn top(inner: &gix::Repository) -> Option<PathBuf> {
    let is_linked = inner.git_dir() != inner.common_dir();
    match inner.workdir() {
        Some(top) => Some(tidy(top)),
        None if is_linked => None,
        None => match denied(inner)? {
            Denied::Checkout(top) => Some(top),
            Denied::Index => None,
        },
    }
}

/// A relative link from one part of a repository to another leaves `..` in a path. What that means
/// depends on symbolic links, so the file system is asked; but not on Windows, where its answer has
/// a prefix that git does not take.
pub(super) fn tidy(path: &Path) -> PathBuf {
    if path.components().all(|part| part != Component::ParentDir) {
        return path.components().filter(|part| *part != Component::CurDir).collect();
    }
    if let (false, Ok(physical)) = (cfg!(windows), path.canonicalize()) {
        return physical;
    }
    let tidied = gix::path::normalize(path.into(), Path::new(""));
    tidied.map_or_else(|| path.to_owned(), std::borrow::Cow::into_owned)
}
