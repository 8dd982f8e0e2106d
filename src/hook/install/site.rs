//! What git finds in a checkout when it looks for a hook, for who wants to know why none runs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::config_hooks::{file_path, program_path};
use super::manager::manager_of;
use super::occupant::{Hook, Occupant};
use crate::domain::refusal::Refusal;
use crate::git::file::is_executable;
use crate::git::setup::{self, HooksPath};
use crate::hook::Door;

/// Where git looks for a hook in a checkout, and what stands there.
#[derive(Debug, Clone)]
pub struct Site {
    door: Door,
    /// Whether it is the configuration that names the hook.
    is_configured: bool,
    set: Option<HooksPath>,
    /// The hooks directory of the repository itself.
    own: PathBuf,
    path: PathBuf,
    found: Found,
}

/// What comes of running a hook only to see what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// It is ours, and git would run no other before it.
    Safe,
    /// It is ours, and others may be in the configuration that run before it, and do what they do.
    Unsafe,
    /// It is none of ours, or does not know how to answer: that is all there is to know.
    Needless,
}

/// What stands where git looks.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Found {
    /// A hook of ours, of this version.
    Ours,
    /// A hook of ours, of another version.
    OtherVersion(String),
    /// Nothing; but the directory is that of another tool, if one is named.
    Missing(Option<&'static str>),
    /// A file that git does not run.
    NotExecutable,
    /// A symbolic link to nothing.
    Dangling,
    /// The hook of another tool, which is named if it is known.
    Foreign(Option<&'static str>),
    /// No file.
    Odd(&'static str),
    /// Nothing that this version of git reads: the configuration names the hook.
    Unread(String),
}

impl Site {
    /// Looks at the checkout `top` of the repository with this common directory.
    ///
    /// # Errors
    /// If git cannot tell where it looks, or what stands there cannot be read.
    pub fn look(top: &Path, common: &Path, door: Door) -> Result<Self> {
        let own = common.join("hooks");
        if file_path(common).is_file() {
            let (path, version) = (program_path(common, door), setup::version(top)?);
            let found = match version.has_config_hooks() {
                true => Found::at(&path, door)?,
                false => Found::Unread(version.to_string()),
            };
            return Ok(Self { door, is_configured: true, set: None, own, path, found });
        }
        let set = setup::hooks_path(top)?;
        let path = setup::hooks_directory(top)?.join(door.event());
        let found = Found::at(&path, door)?;
        Ok(Self { door, is_configured: false, set, own, path, found })
    }

    /// The hook that is looked for.
    #[must_use]
    pub const fn door(&self) -> Door {
        self.door
    }

    /// Whether there is nothing where git looks.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        matches!(self.found, Found::Missing(_))
    }

    /// Whether it is one of ours.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        matches!(self.found, Found::Ours | Found::OtherVersion(_))
    }

    /// Whether the hook can be run to see what it says.
    #[must_use]
    pub const fn asking(&self) -> Asking {
        match (&self.found, self.is_configured) {
            (Found::Ours, false) => Asking::Safe,
            (Found::Ours, true) => Asking::Unsafe,
            (
                Found::OtherVersion(_)
                | Found::Missing(_)
                | Found::NotExecutable
                | Found::Dangling
                | Found::Foreign(_)
                | Found::Odd(_)
                | Found::Unread(_),
                _,
            ) => Asking::Needless,
        }
    }

    /// Why no hook of ours judges there, as far as can be told from outside.
    #[must_use]
    pub fn cause(&self) -> String {
        let path = self.path.display();
        let event = self.door.event();
        let what = match &self.found {
            Found::Ours => format!("`{path}` is ours, and did not answer"),
            Found::OtherVersion(version) => {
                format!("`{path}` is of another version, {version}, and did not answer")
            }
            Found::Missing(None) => format!("there is no `{path}`"),
            Found::Missing(Some(manager)) => {
                format!("there is no `{event}` in `{}`, which is {manager}'s", parent(&self.path))
            }
            Found::NotExecutable => format!("`{path}` is not executable"),
            Found::Dangling => format!("`{path}` is a link that leads nowhere"),
            Found::Foreign(Some(manager)) => format!("`{path}` is {manager}'s hook"),
            Found::Foreign(None) => format!("`{path}` is another tool's hook"),
            Found::Odd(what) => format!("`{path}` is {what}"),
            Found::Unread(version) => {
                format!("the configuration names it, which git {version} does not read hooks from")
            }
        };
        format!("{}{what}", self.leading_there())
    }

    /// What a person can do.
    #[must_use]
    pub fn fix(&self) -> String {
        match &self.set {
            Some(set) if !is_own(set) => {
                let (scope, value) = (set.scope.clone(), set.value.clone());
                let own = self.own.display().to_string();
                Refusal::HooksPathForeign { scope, value, own }.hint()
            }
            Some(set) if is_relative(&set.value) => {
                "`git kitty install`; all worktrees share one hook if `core.hooksPath` is absolute"
                    .to_owned()
            }
            Some(_) | None => "`git kitty install`".to_owned(),
        }
    }

    fn leading_there(&self) -> String {
        let Some(set) = &self.set else { return String::new() };
        let HooksPath { scope, value } = set;
        match scope.as_str() {
            "worktree" => {
                format!("the worktree's own configuration sets `core.hooksPath` to `{value}`, and ")
            }
            "local" if is_relative(value) => {
                let there = parent(&self.path);
                format!("`core.hooksPath` is relative (`{value}`), leads here to `{there}`, and ")
            }
            "local" => format!("`core.hooksPath` is `{value}`, and "),
            other => format!("the {other} configuration sets `core.hooksPath` to `{value}`, and "),
        }
    }
}

impl Found {
    fn at(path: &Path, door: Door) -> Result<Self> {
        let runs = fs::metadata(path).is_ok_and(|found| is_executable(&found));
        Ok(match Occupant::at(path, door, None)? {
            Occupant::Nothing => Self::Missing(path.parent().and_then(manager_of)),
            Occupant::Odd(what) => Self::Odd(what),
            Occupant::Foreign(Hook::Link(_)) if !path.exists() => Self::Dangling,
            Occupant::Ours { .. } | Occupant::Foreign(_) if !runs => Self::NotExecutable,
            Occupant::Ours { version, .. } if version == env!("CARGO_PKG_VERSION") => Self::Ours,
            Occupant::Ours { version, .. } => Self::OtherVersion(version),
            Occupant::Foreign(_) => Self::Foreign(manager_of(path)),
        })
    }
}

fn is_own(set: &HooksPath) -> bool {
    matches!(set.scope.as_str(), "local" | "worktree")
}

/// Git counts such a path from the top of each work tree.
fn is_relative(value: &str) -> bool {
    Path::new(value).is_relative() && !value.starts_with(['~', '%'])
}

fn parent(path: &Path) -> std::path::Display<'_> {
    path.parent().unwrap_or(path).display()
}
