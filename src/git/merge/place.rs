//! Where git merges: a Git directory of our own, with the repository's objects and nothing else of it.
//!
//! A merge in the repository itself depends on what nobody else has: `info/attributes`, configured
//! drivers, which submodules are checked out, and (with git before 2.41) the attributes in the work
//! tree that one stands in. `git kitty install --uninstall` removes the directory, as all below
//! `kitty/cache/`; it is made again when it is needed.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::attributes::Attributes;
use super::settings::parameters;
use crate::domain::layout;
use crate::git::file::{path_of, replace_quickly};
use crate::git::process::Git;
use crate::git::repo::{ObjectHash, Repo};
use crate::git::shared;
use crate::git::temporary::Temporary;

/// A place to merge in. When it is dropped, its work tree is removed.
pub(super) struct Place<'r> {
    repo: &'r Repo,
    git_dir: PathBuf,
    work_tree: Temporary,
    /// Settings of the repository, where it must be its own Git directory.
    told: Option<OsString>,
    drivers: BTreeSet<Vec<u8>>,
}

/// Names below `kitty/cache/` that begin with a dot are no mission's.
const DIRECTORY: &str = ".merges.git";
const HEAD: &[u8] = b"ref: refs/heads/none\n";
const WORK: &str = "work";

impl<'r> Place<'r> {
    /// A place in which files have these attributes. In a partial clone, objects that are missing
    /// have to be fetched, which takes the repository's own configuration.
    pub(super) fn of(repo: &'r Repo, attributes: &Attributes) -> Result<Self> {
        let home = repo.common_dir().join(layout::CACHE).join(DIRECTORY);
        let mut drivers = attributes.drivers(repo)?;
        let work_tree = prepare(repo, &home).and_then(|()| Ok(Temporary::below(&home.join(WORK))?));
        let work_tree =
            work_tree.with_context(|| format!("could not write below `{}`", home.display()))?;
        let (git_dir, told) = if is_partial(repo) {
            drivers.extend(repo.config_subsections("merge"));
            (
                repo.git_dir().to_owned(),
                Some(repo.environment().parameters.clone().unwrap_or_default()),
            )
        } else {
            (home, None)
        };
        let place = Self { repo, git_dir, work_tree, told, drivers };
        place.check_out(attributes)?;
        Ok(place)
    }

    /// The drivers that fail here, whoever has them.
    pub(super) fn drivers(&self) -> &BTreeSet<Vec<u8>> {
        &self.drivers
    }

    /// A call of git here, with the fixed settings.
    pub(super) fn git(&self) -> Result<Git> {
        let (repo, environment) = (self.repo, self.repo.environment());
        let work_tree = self.work_tree.path();
        let mut settings = parameters(&self.drivers)?;
        if let Some(told) = self.told.as_ref().filter(|told| !told.is_empty()) {
            settings = [told.as_os_str(), " ".as_ref(), &settings].into_iter().collect();
        }
        let shallow = match &environment.shallow_file {
            Some(file) => repo.places.start.join(file),
            None => repo.common_dir().join("shallow"),
        };
        let mut git = Git::new(work_tree)
            .env("GIT_DIR", &self.git_dir)
            .env("GIT_WORK_TREE", work_tree)
            .env("GIT_INDEX_FILE", work_tree.join(".git-index"))
            .env("GIT_OBJECT_DIRECTORY", repo.objects_dir())
            .env("GIT_SHALLOW_FILE", shallow)
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_ATTR_NOSYSTEM", "1")
            .env("GIT_CONFIG_PARAMETERS", settings);
        if self.told.is_none() {
            git = git
                .env("GIT_CONFIG_NOSYSTEM", "1")
                .env("GIT_CONFIG_GLOBAL", null())
                .env("GIT_CONFIG_COUNT", "0");
        }
        if let Some(alternates) = &environment.alternates {
            git = git.env("GIT_ALTERNATE_OBJECT_DIRECTORIES", from_start(repo, alternates));
        }
        if let Some(quarantine) = &environment.quarantine {
            git = git.env("GIT_QUARANTINE_PATH", quarantine);
        }
        Ok(git)
    }

    fn check_out(&self, attributes: &Attributes) -> Result<()> {
        let work_tree = self.work_tree.path();
        let unwritable = || format!("could not write below `{}`", work_tree.display());
        for (path, blob) in &attributes.files {
            let file = work_tree.join(path_of(path.as_bytes().to_vec()));
            if let Some(directory) = file.parent() {
                shared::create_dir_all(directory).with_context(unwritable)?;
            }
            replace_quickly(&file, &self.repo.blob(*blob)?)?;
        }
        Ok(())
    }
}

/// What git takes for a Git directory. After a power cut files in it may be empty.
fn prepare(repo: &Repo, home: &Path) -> Result<()> {
    let config = config(repo);
    let has = |name: &str, text: &[u8]| fs::read(home.join(name)).is_ok_and(|found| found == text);
    if !has("HEAD", HEAD) || !has("config", config.as_bytes()) {
        for directory in ["refs", "objects", WORK] {
            shared::create_dir_all(&home.join(directory))?;
        }
        replace_quickly(&home.join("config"), config.as_bytes())?;
        replace_quickly(&home.join("HEAD"), HEAD)?;
    }
    Ok(())
}

/// Settings of the repository without which git cannot read its objects, or would write some that
/// others may not read.
fn config(repo: &Repo) -> String {
    let mut text = "[core]\n\tbare = true\n".to_owned();
    if let Some(shared) = repo.config_string("core.sharedRepository") {
        text.push_str(&format!("\tsharedRepository = {shared}\n"));
    }
    match repo.object_hash() {
        ObjectHash::Sha1 => text + "\trepositoryFormatVersion = 0\n",
        ObjectHash::Sha256 => {
            text + "\trepositoryFormatVersion = 1\n[extensions]\n\tobjectFormat = sha256\n"
        }
    }
}

/// Whether objects may be missing that a remote promised (`git help partial-clone`).
fn is_partial(repo: &Repo) -> bool {
    let promises =
        |name: Vec<u8>| repo.config_flag([b"remote.", name.as_slice(), b".promisor"].concat());
    repo.config_string("extensions.partialClone").is_some()
        || repo.config_subsections("remote").into_iter().any(promises)
}

/// Directories that count from where this process stands; git will stand elsewhere. (Git takes
/// quoted names too; a list with such a one is left as it is.)
fn from_start(repo: &Repo, alternates: &OsString) -> OsString {
    if alternates.as_encoded_bytes().contains(&b'"') {
        return alternates.clone();
    }
    let absolute = |path: PathBuf| match path.as_os_str().as_encoded_bytes().first() {
        None => path.into_os_string(),
        Some(_) => repo.places.start.join(path).into_os_string(),
    };
    std::env::join_paths(std::env::split_paths(alternates).map(absolute))
        .unwrap_or_else(|_| alternates.clone())
}

const fn null() -> &'static str {
    if cfg!(windows) { "NUL" } else { "/dev/null" }
}
