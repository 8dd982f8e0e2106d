//! The commands that exist, in the order in which people meet them.

/// A command, and what it does in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// The name after `git kitty`.
    pub name: &'static str,
    /// One line, without a period.
    pub summary: &'static str,
}

const fn entry(name: &'static str, summary: &'static str) -> Summary {
    Summary { name, summary }
}

/// All commands of this version.
pub const COMMANDS: &[Summary] = &[
    entry("init", "Set a repository up: hooks, exclusions"),
    entry("install", "Install, inspect or remove the hooks"),
    entry("scope", "Say what a branch without a mission may touch"),
    entry("mission", "Make, list, show, plan and close missions"),
    entry("wp", "Claim, move, list and show work packages"),
    entry("lane", "List, open, sync, repair and close lanes"),
    entry("review", "Open, verify, show and decide reviews"),
    entry("status", "Show how missions, lanes and work packages stand"),
    entry("ready", "Show what can be started now, and what keeps the rest"),
    entry("log", "Show the events of a mission, and follow them"),
    entry("forecast", "Show what a merge would come to now"),
    entry("merge", "Bring finished lanes together, and land the mission"),
    entry("verify-landing", "Prove from commits alone how a mission landed"),
    entry("undo", "Take the last merge back"),
    entry("why", "Tell who owns a path, and what would be refused"),
    entry("guard", "Judge a change, or the commits of a range"),
    entry("override", "Let a branch take for a while what is refused, on record"),
    entry("commit", "Commit just some paths to a branch that is named"),
    entry("outbox", "Show and retry what waits for systems outside"),
    entry("doctor", "Find what is wrong, and mend what is safe to mend"),
    entry("event", "Reduce, check and append events (plumbing)"),
    entry("merge-driver", "Merge a log or a snapshot for git (plumbing)"),
];
