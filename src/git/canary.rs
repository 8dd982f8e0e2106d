//! Asking git to run its hooks without anything coming of it, from where a user would.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::process::Git;
use super::repo::Repo;
use super::unwritable;
use crate::domain::layout;
use crate::domain::refusal::Refusal;

/// Tells a hook of ours that nothing is about to happen, and that it must refuse.
pub const VARIABLE: &str = "GIT_KITTY_CANARY";

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Echo {
    /// Nothing stopped it.
    Passed,
    /// It was stopped, or could not be tried: what was said.
    Stopped(String),
}

impl Repo {
    /// Has git prepare a move of a reserved ref in `checkout`, which runs the
    /// `reference-transaction` hook, and take it back: the ref never has a value, whatever happens.
    ///
    /// # Errors
    /// If git cannot be started.
    pub fn ask_for_reserved_move(&self, checkout: &Path) -> Result<Echo> {
        let directory = self.common_dir().join("refs/kitty");
        let was_there = directory.exists();
        let name = format!("{}{}", layout::CANARY, std::process::id());
        let input = format!("start\ncreate {name} {}\nprepare\nabort\n", self.empty_tree());
        let echo = echo(Git::new(checkout).args(["update-ref", "--stdin"]).stdin(input));
        // Git makes directories for the lock, and leaves them. One that is in use stays.
        let _ = fs::remove_dir(self.common_dir().join(layout::CANARY));
        if !was_there {
            let _ = fs::remove_dir(directory);
        }
        echo
    }
}

impl Repo {
    /// Why this user may not move the ref of [`Repo::ask_for_reserved_move`], so that git never comes to
    /// the hook; `None` if nothing is seen to be in the way.
    #[must_use]
    pub fn canary_hindrance(&self) -> Option<Refusal> {
        let path = self.common_dir().join(layout::CANARY);
        let refs = path.ancestors().find(|place| place.is_dir()).map(Path::to_owned);
        let table = Some(self.common_dir().join("reftable")).filter(|place| place.is_dir());
        table.or(refs).as_deref().and_then(unwritable::check)
    }
}

/// Has git run the hook of an event in `checkout` as it always does, but told to refuse. For a hook
/// that is not ours this is an ordinary run: look first what is there.
///
/// # Errors
/// If git cannot be started.
pub fn ask_hook(checkout: &Path, event: &str) -> Result<Echo> {
    echo(Git::new(checkout).args(["hook", "run", event]).env(VARIABLE, "1"))
}

fn echo(git: Git) -> Result<Echo> {
    let output = git.output()?;
    Ok(if output.status == 0 { Echo::Passed } else { Echo::Stopped(output.stderr) })
}
