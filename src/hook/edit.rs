//! The door before a file is written: tools that edit files ask here.
//!
//! The branch of the worktree that holds the file decides, wherever the tool stands. What is in no
//! repository of ours or ignored is left alone, silently; Git directories are git's alone. Here is not seen what a
//! command writes that such a tool runs: the doors of git see it later (`docs/agents.md`).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::install::is_set_up;
use super::visitor;
use crate::domain::agent::{Edit, Event, Reply, Tool, Unjudgeable, allow, deny, read};
use crate::domain::path::RepoPath;
use crate::domain::refusal::Refusal;
use crate::flow::account::used;
use crate::flow::explain;
use crate::flow::guard::{Judgement, Subject, guard};
use crate::flow::host::Host;
use crate::flow::overriding::Overriding;
use crate::git::locate::{GitEnvironment, common_dir};
use crate::git::{Environment, Repo, destinations, unwritable};
use crate::policy::Outcome;

/// How the audit calls this door.
const DOOR: &str = "edit";

const WAY_OUT: &str = "`git kitty doctor` finds what is wrong; without this hook: `git kitty install \
                       --uninstall --agent";

/// Answers an event of a tool that stands in `here`, unless the event says where.
#[must_use]
pub fn judge(tool: Tool, event: &[u8], here: &Path) -> Reply {
    match read(event) {
        Ok(Event::Other) => allow(tool, String::new()),
        Ok(Event::Edit(edit)) => match reasons(&edit, here) {
            Ok(Reasons { refused: true, text }) => deny(tool, text),
            Ok(Reasons { refused: false, text }) => allow(tool, text),
            Err(error) => not_judged(tool, &error),
        },
        Err(unjudgeable) => unreadable(tool, &unjudgeable, here),
    }
}

/// The refusal of an edit that cannot be judged, with the way out.
#[must_use]
pub fn not_judged(tool: Tool, error: &anyhow::Error) -> Reply {
    let (code, hint) = match unwritable::refusal(error) {
        Some(refusal) => (format!(" [{}]", refusal.code()), refusal.hint()),
        None => (String::new(), format!("{WAY_OUT} {tool}`")),
    };
    deny(tool, format!("error: the edit cannot be judged: {error:#}{code}\nhint: {hint}\n"))
}

/// An event that may be about any file: refused where something is guarded.
fn unreadable(tool: Tool, event: &Unjudgeable, here: &Path) -> Reply {
    let directory = event.directory.as_ref().map_or(here.to_owned(), |named| here.join(named));
    match home(&directory.join("any")) {
        Ok(None) => allow(tool, String::new()),
        Ok(Some(_)) | Err(_) => not_judged(tool, &anyhow::anyhow!(event.what)),
    }
}

/// What speaks against an edit.
#[derive(Debug, Default)]
struct Reasons {
    refused: bool,
    text: String,
}

fn reasons(edit: &Edit, here: &Path) -> Result<Reasons> {
    let base = edit.directory.as_ref().map_or(here.to_owned(), |named| here.join(named));
    let mut reasons = in_git_directory(edit, &base)?;
    let mut judged = Vec::new();
    for (home, files) in by_home(edit, &base)? {
        let Some((repo, paths)) = in_work_tree(&home, &files)? else { continue };
        let host = visitor(&repo, DOOR)?;
        let Some(judgement) = judgement(&repo, paths, &host)? else { continue };
        reasons.refused |= judgement.verdict.outcome == Outcome::Refused;
        reasons.text.push_str(&explain::reasons(&judgement));
        judged.push((repo, host, judgement));
    }
    if !reasons.refused {
        for (repo, host, judgement) in &judged {
            used(repo, host, judgement)?;
        }
    }
    reasons.text.push_str(&explain::last_resort(judged.iter().map(|(_, _, judged)| judged)));
    Ok(reasons)
}

/// What of the edit would change how git and its hooks work. Nothing allows that.
fn in_git_directory(edit: &Edit, base: &Path) -> Result<Reasons> {
    let mut reasons = Reasons::default();
    for path in &edit.paths {
        let lost = || format!("could not tell where `{}` leads", RepoPath::from(path.as_str()));
        let files = destinations(&base.join(path)).with_context(lost)?;
        let inside = files.iter().map(|file| is_in_git_directory(file));
        if inside.collect::<io::Result<Vec<bool>>>().with_context(lost)?.contains(&true) {
            let path = RepoPath::from(path.as_str()).to_string();
            let refusal = Refusal::EditInGitDirectory { path };
            let (code, hint) = (refusal.code(), refusal.hint());
            reasons.text.push_str(&format!("error: {refusal} [{code}]\nhint: {hint}\n"));
            reasons.refused = true;
        }
    }
    Ok(reasons)
}

/// Whether `file` is in the Git directory of a repository of ours or of one within its work tree, or is
/// the `.git` of a worktree.
fn is_in_git_directory(file: &Path) -> io::Result<bool> {
    let is_git = |path: &&Path| path.file_name().is_some_and(|n| n.eq_ignore_ascii_case(".git"));
    for git in file.ancestors().filter(is_git) {
        let (own, outer) = (git.parent(), git.parent().and_then(Path::parent));
        for directory in own.into_iter().chain(outer) {
            if common_of_ours(directory)?.is_some() {
                return Ok(true);
            }
        }
    }
    let common = file.parent().map_or(Ok(None), common_of_ours)?;
    let common = common.and_then(|common| common.canonicalize().ok());
    Ok(common.is_some_and(|common| file.starts_with(common)))
}

/// The common directory of the repository around `directory`, if git-kitty was set up in it.
fn common_of_ours(directory: &Path) -> io::Result<Option<PathBuf>> {
    match common_dir(directory, &GitEnvironment::default()) {
        Ok(common) => Ok(Some(common).filter(|common| is_set_up(common))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The files that the edit may change, by the worktree of a repository of ours that they are in.
fn by_home(edit: &Edit, base: &Path) -> Result<BTreeMap<PathBuf, BTreeSet<PathBuf>>> {
    let mut homes: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
    for path in &edit.paths {
        let lost = || format!("could not tell where `{}` leads", RepoPath::from(path.as_str()));
        for file in destinations(&base.join(path)).with_context(lost)? {
            if let Some(home) = home(&file).with_context(lost)? {
                homes.entry(home).or_default().insert(file);
            }
        }
    }
    Ok(homes)
}

/// The top of the worktree around `file`, if it is one of a repository that git-kitty was set up in;
/// not for what is in a Git directory. Takes no process and reads no configuration.
fn home(file: &Path) -> io::Result<Option<PathBuf>> {
    let Some(directory) = file.ancestors().skip(1).find(|above| above.is_dir()) else {
        return Ok(None);
    };
    let common = match common_dir(directory, &GitEnvironment::default()) {
        Ok(common) => common,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let inside = || common.canonicalize().is_ok_and(|common| file.starts_with(common));
    if !is_set_up(&common) || inside() {
        return Ok(None);
    }
    Ok(directory.ancestors().find(|above| above.join(".git").exists()).map(Path::to_owned))
}

/// The files as their work tree has them; `None` if they are in none.
fn in_work_tree(home: &Path, files: &BTreeSet<PathBuf>) -> Result<Option<(Repo, Vec<RepoPath>)>> {
    let repo = Repo::open(home, Environment::of_process().anywhere())?;
    let Some(top) = repo.work_tree().map(Path::canonicalize).transpose()? else { return Ok(None) };
    let paths: Vec<RepoPath> = files
        .iter()
        .filter_map(|file| file.strip_prefix(&top).ok())
        .filter(|path| path.components().all(|part| part.as_os_str() != ".git"))
        .map(|path| RepoPath::new(path.as_os_str().as_encoded_bytes()))
        .filter(|path| !path.as_bytes().is_empty())
        .collect();
    Ok((!paths.is_empty()).then_some((repo, paths)))
}

/// The judgement if something speaks against the edit. Only then is git asked what it ignores.
fn judgement(repo: &Repo, mut paths: Vec<RepoPath>, host: &Host) -> Result<Option<Judgement>> {
    let ask = |paths| guard(repo, None, &Subject::Edit(paths), Overriding::At(host.now()));
    let first = ask(paths.clone());
    if matches!(&first, Ok(judgement) if judgement.verdict.outcome == Outcome::Allowed) {
        return Ok(None);
    }
    let ignored = repo.ignored(&paths)?;
    paths.retain(|path| !ignored.contains(path));
    if paths.is_empty() {
        return Ok(None);
    }
    let judged = if ignored.is_empty() { first } else { ask(paths) };
    judged.map(Some)
}
