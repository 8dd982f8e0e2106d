//! The tools that we know.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A tool. Prints, parses and serialises as `claude`, `codex` or `cursor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tool {
    /// Claude Code.
    Claude,
    /// Codex CLI.
    Codex,
    /// Cursor.
    Cursor,
}

/// A text that names no tool that we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownTool(String);

impl Tool {
    /// All of them, in the order of their names.
    pub const ALL: [Self; 3] = [Self::Claude, Self::Codex, Self::Cursor];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Claude => "claude",
            Self::Codex => "codex",
            Self::Cursor => "cursor",
        }
    }

    /// The file, below the top of a worktree, in which it is told of hooks: one that is a person's
    /// own where the tool has such a file.
    #[must_use]
    pub const fn settings_file(self) -> &'static str {
        match self {
            Self::Claude => ".claude/settings.local.json",
            Self::Codex => ".codex/hooks.json",
            Self::Cursor => ".cursor/hooks.json",
        }
    }

    /// Its name of the moment before a file is written.
    #[must_use]
    pub const fn event(self) -> &'static str {
        match self {
            Self::Claude | Self::Codex => "PreToolUse",
            Self::Cursor => "preToolUse",
        }
    }

    /// The names of what it edits files with, as its settings want them.
    #[must_use]
    pub const fn matcher(self) -> &'static str {
        match self {
            Self::Claude => "Edit|MultiEdit|NotebookEdit|Write",
            Self::Codex => "apply_patch|Edit|Write",
            Self::Cursor => {
                "ApplyPatch|Delete|Edit|EditNotebook|MultiEdit|NotebookEdit|StrReplace|Write"
            }
        }
    }

    /// The command that it is to run then, from any directory. By the name of the program, and not
    /// through `git kitty`: that would be three processes for one.
    #[must_use]
    pub const fn command(self) -> &'static str {
        match self {
            Self::Claude => "git-kitty-guard --agent-hook claude",
            Self::Codex => "git-kitty-guard --agent-hook codex",
            Self::Cursor => "git-kitty-guard --agent-hook cursor",
        }
    }
}

impl FromStr for Tool {
    type Err = UnknownTool;

    fn from_str(text: &str) -> Result<Self, UnknownTool> {
        let found = Self::ALL.into_iter().find(|tool| tool.name() == text);
        found.ok_or_else(|| UnknownTool(text.to_owned()))
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for UnknownTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Tool::ALL.map(Tool::name).join(", ");
        write!(f, "`{}` is not one of {known}", self.0.escape_debug())
    }
}

impl std::error::Error for UnknownTool {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_also_in_json_and_in_the_command() {
        for tool in Tool::ALL {
            assert_eq!(tool.to_string().parse(), Ok(tool));
            assert_eq!(serde_json::to_string(&tool).unwrap(), format!("\"{tool}\""));
            assert!(tool.command().ends_with(&format!("--agent-hook {tool}")));
        }
        let error = "vi".parse::<Tool>().unwrap_err().to_string();
        assert_eq!(error, "`vi` is not one of claude, codex, cursor");
    }
}
