//! The options that every command has.

use std::env;
use std::io::{IsTerminal, stderr};
use std::path::PathBuf;

use crate::domain::refusal::Refusal;
use anyhow::Result;
use clap::{Args, ValueEnum};

/// The form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for people.
    Human,
    /// One JSON document.
    Json,
    /// Workflow commands of GitHub Actions.
    Github,
    /// A SARIF 2.1.0 log.
    Sarif,
}

impl Format {
    /// The forms that a command has: all of them where files are judged, else those that every
    /// command has.
    pub(super) const fn of_command(name: &str) -> &'static [Self] {
        match name.as_bytes() {
            b"guard" => &[Self::Human, Self::Json, Self::Github, Self::Sarif],
            _ => &[Self::Human, Self::Json],
        }
    }
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The options that every command has.
#[derive(Debug, Clone, Args)]
pub struct Globals {
    /// Work as if started in PATH; several are taken one after another
    #[arg(short = 'C', value_name = "PATH", global = true)]
    pub directory: Vec<PathBuf>,
    /// Form of the answer
    #[arg(long, value_enum, default_value = "human", value_name = "FORMAT", global = true)]
    pub format: Format,
    /// Leave out warnings
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// When to colour
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN", global = true)]
    pub color: Color,
    /// Who acts (default: GIT_KITTY_ACTOR, then git's identity)
    #[arg(long, value_name = "NAME", global = true)]
    pub actor: Option<String>,
}

/// Where and how a command runs.
#[derive(Debug, Clone)]
pub struct Context {
    /// The directory to work in, absolute.
    pub directory: PathBuf,
    /// The form of the answer.
    pub format: Format,
    /// How much to tell.
    pub detail: Detail,
    /// Whether standard error is coloured.
    pub color: bool,
    /// Who acts, where it was said; else git's identity counts.
    pub actor: Option<String>,
}

/// How much to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// No warnings.
    Quiet,
    /// The usual.
    Normal,
    /// More.
    Verbose,
}

impl Globals {
    /// What the options, the environment and the terminal come to.
    ///
    /// # Errors
    /// If the current directory cannot be told.
    pub fn context(&self) -> Result<Context> {
        let gone = |_| Refusal::NotARepository { start: "the current directory".to_owned() };
        let start = env::current_dir().map_err(gone)?;
        Ok(Context {
            directory: self.directory.iter().fold(start, |path, next| path.join(next)),
            format: self.format,
            detail: self.detail(),
            color: self.color.applies(stderr().is_terminal(), variable("NO_COLOR").is_some()),
            actor: self.actor.clone().or_else(|| variable("GIT_KITTY_ACTOR")),
        })
    }

    fn detail(&self) -> Detail {
        match (self.quiet, self.verbose) {
            (true, _) => Detail::Quiet,
            (false, true) => Detail::Verbose,
            (false, false) => Detail::Normal,
        }
    }
}

impl Color {
    const fn applies(self, terminal: bool, no_color: bool) -> bool {
        match self {
            Self::Auto => terminal && !no_color,
            Self::Always => true,
            Self::Never => false,
        }
    }
}

/// A variable with a value; an empty one counts as unset (no-color.org).
#[expect(clippy::disallowed_methods, reason = "the environment is read in cli")]
pub(super) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_follows_the_option_then_the_terminal() {
        assert!(Color::Auto.applies(true, false));
        assert!(!Color::Auto.applies(true, true));
        assert!(!Color::Auto.applies(false, false));
        assert!(Color::Always.applies(false, true));
        assert!(!Color::Never.applies(true, false));
    }
}
