//! The commands there are: ours, and those that others put on PATH.

use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::commands::{COMMANDS, Summary};
use crate::domain::printable::Printable;
use crate::git::file::is_executable;

/// What the names of all our programs begin with.
pub(super) const PREFIX: &str = "git-kitty-";

/// The commands there are.
#[derive(Debug, Serialize)]
pub(super) struct Listing {
    commands: &'static [Summary],
    others: Vec<String>,
}

impl Listing {
    /// Ours, and what stands beside this program and on PATH.
    pub(super) fn read() -> Self {
        let mut others: Vec<String> =
            directories().iter().flat_map(|directory| names_in(directory)).collect();
        others.retain(|name| !COMMANDS.iter().any(|command| command.name == name));
        others.sort();
        others.dedup();
        Self { commands: COMMANDS, others }
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Usage: git kitty [OPTIONS] NAME [ARGUMENTS]\n\nCommands:")?;
        for Summary { name, summary } in self.commands {
            writeln!(f, "  {name:10} {summary}")?;
        }
        if !self.others.is_empty() {
            writeln!(f, "\nCommands of others:")?;
        }
        for name in &self.others {
            writeln!(f, "  {}", Printable(name))?;
        }
        writeln!(f, "\n`git kitty help NAME` tells about one.")
    }
}

/// Whether a word can name a command. The hooks are programs that only git starts.
pub(super) fn is_command_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(plain)
        && !name.starts_with("hook-")
}

fn directories() -> Vec<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "the environment is read in cli")]
    let path = env::var_os("PATH").unwrap_or_default();
    let own = env::current_exe().ok().and_then(|own| Some(own.parent()?.to_owned()));
    own.into_iter().chain(env::split_paths(&path)).collect()
}

fn names_in(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let file = entry.file_name().into_string().ok()?;
            let name = file.strip_prefix(PREFIX)?.strip_suffix(env::consts::EXE_SUFFIX)?;
            let metadata = fs::metadata(entry.path()).ok()?;
            let runs = metadata.is_file() && is_executable(&metadata);
            (runs && is_command_name(name)).then(|| name.to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_name_commands() {
        for name in ["wp", "merge-driver", "x_1.2"] {
            assert!(is_command_name(name), "{name}");
        }
        for name in ["", "../wp", "a/b", "-x", ".x", "a b", "é", "hook-pre-commit", "a\n"] {
            assert!(!is_command_name(name), "{name:?}");
        }
    }
}
