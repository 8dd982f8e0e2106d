//! Moving refs by `git update-ref`: where the hooks of others are to be asked, and where only git
//! knows how.

use anyhow::{Context, Result, bail};

use super::journal::Journal;
use super::native::UNSURE;
use super::ref_file::{PATIENCE_KEY, RefFile, patience};
use super::{LogEntry, Move, Published, heads, hooks};
use crate::domain::oid::Oid;
use crate::domain::refusal::Refusal;
use crate::git::crash;
use crate::git::durability::Durability;
use crate::git::locked;
use crate::git::process::{Git, Output};
use crate::git::repo::{RefBackend, Repo};

/// Lets git do it in one transaction. It gets its commands from a file and goes on should this
/// process be killed; the journal counts as alive until git has ended as well. Hooks run if it `asks`.
pub(super) fn publish(
    repo: &Repo,
    moves: &[Move],
    entry: &LogEntry<'_>,
    (durability, asks): (Durability, bool),
) -> Result<Published> {
    let mut journal = Journal::begin(repo, moves, entry, durability)?;
    crash::point("after-journal");
    let commands = journal.with_commands(&commands(repo, moves, asks))?;
    let output = call(repo, entry, (durability, asks)).stdin_file(commands).output()?;
    if output.status != 0 {
        if was_killed(&output) {
            journal.leave();
        }
        return why(repo, moves, &output);
    }
    journal.leave();
    crash::point("after-renames");
    if repo.ref_backend() == RefBackend::Files {
        for change in moves.iter().filter(|change| change.new.is_some()) {
            RefFile::new(repo, &change.name)
                .sync(repo, change.old.is_none(), durability)
                .context(UNSURE)?;
        }
    }
    heads::log(repo, moves, entry);
    journal.end();
    Ok(Published::Done)
}

fn call(repo: &Repo, entry: &LogEntry<'_>, (durability, asks): (Durability, bool)) -> Git {
    let mut git = repo.git();
    if !asks {
        git = hooks::without_ours(repo, git);
    }
    if durability == Durability::Full {
        git = git.args(["-c", "core.fsync=reference"]);
    }
    git = git.args(["-c", &format!("{PATIENCE_KEY}={}", patience(repo)), "update-ref"]);
    if !entry.message.trim().is_empty() {
        git = git.args(["-m", entry.message]);
    }
    let variables = entry.signed.variables("COMMITTER");
    let git = variables.into_iter().fold(git, |git, (name, value)| git.env(&name, value));
    git.args(["--stdin", "-z"])
}

/// What git-update-ref(1) reads with `--stdin -z`: one transaction. Without `start` and `commit` git
/// prints nothing, and so does not end by a broken pipe should this process be killed. It locks in
/// this order: by name, as we do.
///
/// To a hook that git `asks` a `verify` looks like a deletion, unless refs are files and none goes.
/// Setting a ref to what it holds is the same check, but for a line in the reflog of HEAD.
fn commands(repo: &Repo, moves: &[Move], asks: bool) -> Vec<u8> {
    let zero = "0".repeat(repo.object_hash().size() * 2);
    let text = |oid: Option<Oid>| oid.map_or_else(|| zero.clone(), |oid| oid.to_string());
    let mut sorted: Vec<&Move> = moves.iter().collect();
    sorted.sort_by_key(|change| &change.name);
    let goes = |change: &&Move| change.new.is_none() && change.old.is_some();
    let is_clear = repo.ref_backend() == RefBackend::Files && !sorted.iter().any(goes);
    let may_verify = is_clear || !asks;
    let mut all = Vec::new();
    for change in sorted {
        let (old, new) = (text(change.old), text(change.new));
        let is_check = change.is_check_only() && (may_verify || change.old.is_none());
        let (verb, values) = if is_check {
            ("verify", vec![old])
        } else if change.new.is_none() {
            ("delete", vec![old])
        } else {
            ("update", vec![new, old])
        };
        all.extend([verb.as_bytes(), b" ", change.name.as_bytes(), b"\0"].concat());
        values.iter().for_each(|value| all.extend([value.as_bytes(), b"\0"].concat()));
    }
    all
}

/// Why git did not do it. Its exit status does not tell, so the refs are looked at first.
fn why(repo: &Repo, moves: &[Move], output: &Output) -> Result<Published> {
    for change in moves {
        let found = repo.find(&change.name)?;
        if found != change.old {
            return Ok(Published::Lost { name: change.name.clone(), found });
        }
    }
    let lines: Vec<&str> = output.stderr.lines().collect();
    if let Some((last, said)) = lines.split_last()
        && last.starts_with("fatal: ")
        && last.contains("aborted by")
        && last.contains("hook")
    {
        return Ok(Published::Refused { message: said.join("\n") });
    }
    match moves.iter().find(|change| is_locked(repo, change, &output.stderr)) {
        Some(change) if !was_killed(output) => {
            let lock = RefFile::new(repo, &change.name).lock_path();
            let (name, lock) = (change.name.to_string(), lock.display().to_string());
            Err(Refusal::RefLocked { name, lock }.into())
        }
        Some(_) | None => {
            if let Some(refusal) = locked::refusal(&output.stderr) {
                return Err(refusal.into());
            }
            bail!("`git update-ref` ended with status {}: {}", output.status, output.stderr)
        }
    }
}

/// Killed, git leaves its locks. (128 is how it says that something failed.)
const fn was_killed(output: &Output) -> bool {
    output.status > 128
}

/// The lock itself may be gone by now.
fn is_locked(repo: &Repo, change: &Move, stderr: &str) -> bool {
    let lock = RefFile::new(repo, &change.name).lock_path();
    stderr.contains(&format!("{}': File exists", lock.display()))
        || lock.exists()
        || stderr.contains("cannot lock references")
}
