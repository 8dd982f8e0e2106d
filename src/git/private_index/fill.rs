//! What a private index begins with: HEAD, and the files of the paths.

use std::collections::HashSet;
use std::fs;

use anyhow::{Context, Result};

use super::PrivateIndex;
use crate::domain::change::Mode;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::git::enter::{Entered, enter_into};
use crate::git::file::path_of;
use crate::git::index::{Listed, listing, pathspecs};
use crate::git::process::Output;

/// What came of putting files into the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// They are there.
    All,
    /// This is neither a file nor known to git.
    Nothing {
        /// The path, as git says it.
        path: String,
    },
    /// Git would not.
    Refused {
        /// Its words.
        said: String,
    },
}

/// What `git add` says before it lists paths; the others are taken all the same.
const IGNORED: &str = "The following paths are ignored by one of your .gitignore files:\n";

impl PrivateIndex<'_> {
    /// Fills it with the tree of HEAD (`None`: nothing), and the files of the paths as they are, those
    /// that are gone, those that git does not know yet, and those that are ignored and that the
    /// caller's index tracks all the same included. What it knows of files that did
    /// not change it has from the caller's index.
    ///
    /// # Errors
    /// If the tree cannot be read, or git not be started.
    pub fn fill(&self, tree: Option<Oid>) -> Result<Added> {
        match fs::copy(self.lock.copy(), self.path()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).context("could not copy the index");
            }
            Err(_) | Ok(_) => {}
        }
        let git = self.own().args(["read-tree"]);
        match tree {
            // A file that git was told not to look at would stop it without `-i`.
            Some(tree) => git.args(["--reset", "-i", &tree.to_string()]).run()?,
            None => git.args(["--empty"]).run()?,
        };
        self.track()?;
        let git = self.own().env("GIT_LITERAL_PATHSPECS", "1");
        let git = git.args(["-c", "add.ignoreErrors=false", "-c", "advice.addEmbeddedRepo=false"]);
        let output = git.args(["add", "-A", "--"]).args(pathspecs(&self.paths)).output()?;
        let added = added(&output);
        let is_refused = matches!(added, Added::Refused { .. });
        Ok(if is_refused && self.is_tracked(&output)? { Added::All } else { added })
    }

    /// Whether a `git add` has done all but to say of directories that they are ignored, and something
    /// is tracked in each: `git commit` takes that, and so it did.
    fn is_tracked(&self, output: &Output) -> Result<bool> {
        let Some((_, paths)) = output.stderr.split_once(IGNORED).filter(|_| output.status == 1)
        else {
            return Ok(false);
        };
        for path in paths.lines().filter(|line| !line.starts_with("hint: ")) {
            if listing(self.own(), &[RepoPath::from(path)])?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Tracks what the caller's index tracks at the paths and HEAD has not: else an ignored file would
    /// not be taken, and one that is gone be nothing that git knows.
    fn track(&self) -> Result<()> {
        let known = listing(self.own(), &self.paths)?;
        let known: HashSet<&RepoPath> = known.iter().map(|one| &one.path).collect();
        let is_new = |one: &&Listed| !one.is_left_out && !known.contains(&one.path);
        let found = self.listed.iter().filter(is_new).filter(|one| !self.is_directory(one));
        let entries: Vec<Entered> = found.map(|one| (one.path.clone(), Some(one.entry))).collect();
        enter_into(&|| self.own(), &entries)
    }

    /// Whether a directory stands where this was a file.
    fn is_directory(&self, one: &Listed) -> bool {
        let place = self.repo.work_tree().unwrap_or(self.repo.git_dir());
        let found = fs::symlink_metadata(place.join(path_of(one.path.as_bytes().to_vec())));
        one.entry.mode != Mode::Gitlink && found.is_ok_and(|found| found.is_dir())
    }
}

/// What a `git add` says, in one line and without its advice.
fn added(output: &Output) -> Added {
    let lines = output.stderr.lines().filter(|line| !line.starts_with("hint: "));
    let said = lines.collect::<Vec<_>>().join(" ");
    let unknown = |line: &'_ str| {
        let path = line.strip_prefix("fatal: pathspec '")?;
        path.strip_suffix("' did not match any files").map(str::to_owned)
    };
    match output.stderr.lines().find_map(unknown) {
        _ if output.status == 0 => Added::All,
        Some(path) => Added::Nothing { path },
        None => Added::Refused { said },
    }
}
