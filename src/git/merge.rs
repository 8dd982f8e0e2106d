//! The merge that Git makes by itself, computed without a work tree.
//!
//! Its settings are fixed, so that everyone gets the same tree from the same commits: a merge commit
//! is judged by what differs from it. Attributes come from the commit that is merged into (with git
//! before 2.41: from the work tree). A merge driver cannot be trusted to be everywhere: the paths
//! that have one are conflicts, unless only one side changed them.

use std::ffi::OsString;

use anyhow::{Context, Result, bail};

use super::environment::quote_setting;
use super::process::Git;
use super::repo::Repo;
use super::write::Writer;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;

/// The result of a merge without a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoMerge {
    /// The merged tree. Files in conflict hold conflict markers.
    pub tree: Oid,
    /// Whether there was no conflict at all. (There are conflicts that belong to no path.)
    pub clean: bool,
    /// The paths in conflict, sorted.
    pub conflicted: Vec<RepoPath>,
}

/// What decides a merge and could be set in a config file.
const SETTINGS: &[(&str, &str)] = &[
    ("merge.renames", "true"),
    ("merge.directoryRenames", "conflict"),
    ("merge.renameLimit", "7000"),
    ("merge.renormalize", "false"),
    ("merge.conflictStyle", "merge"),
    // A name that nobody configures is Git's own text merge; `text` may be somebody's driver.
    ("merge.default", "git-kitty-text"),
    ("merge.verbosity", "0"),
    ("diff.algorithm", "histogram"),
    ("diff.renames", "true"),
    ("diff.renameLimit", "7000"),
    ("core.attributesFile", "/dev/null"),
];

/// Merges the commits `theirs` into `ours`, one after the other, as Git would without a person.
/// Histories without a common commit are merged too, as if all were added.
///
/// Writes objects that nothing reaches; moves no ref and touches no work tree.
///
/// # Errors
/// If a commit is missing, or `git` fails.
pub fn automatic_merge(repo: &Repo, ours: Oid, theirs: &[Oid]) -> Result<AutoMerge> {
    let tree = repo.tree_of_commit(ours)?;
    let mut merged = AutoMerge { tree, clean: true, conflicted: Vec::new() };
    let mut tip = ours;
    for (place, other) in theirs.iter().enumerate() {
        let step = merge_two(repo, tip, *other)?;
        merged.tree = step.tree;
        merged.clean &= step.clean;
        merged.conflicted.extend(step.conflicted);
        if place + 1 < theirs.len() {
            tip = commit(repo, step.tree, [tip, *other])?;
        }
    }
    merged.conflicted.sort();
    merged.conflicted.dedup();
    Ok(merged)
}

impl AutoMerge {
    /// The same merge in which some paths are as `from`, a tree, has them, whatever the sides say.
    ///
    /// # Errors
    /// If a tree cannot be read or written.
    pub fn with(self, writer: &Writer<'_>, (from, paths): (Oid, &[RepoPath])) -> Result<Self> {
        let mut edits = Vec::new();
        for path in paths {
            edits.push((path.clone(), writer.repo.entry(from, path)?));
        }
        let tree = writer.tree_with(Some(self.tree), &edits)?;
        let mut conflicted = self.conflicted;
        let had_any = !conflicted.is_empty();
        conflicted.retain(|path| !paths.contains(path));
        let clean = self.clean || (had_any && conflicted.is_empty());
        Ok(Self { tree, clean, conflicted })
    }
}

pub(super) fn merge_two(repo: &Repo, ours: Oid, theirs: Oid) -> Result<AutoMerge> {
    let output = with_fixed_settings(repo)?
        .env("GIT_ATTR_SOURCE", ours.to_string())
        .env("GIT_ATTR_NOSYSTEM", "1")
        .args(["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages"])
        .args(["--allow-unrelated-histories", &ours.to_string(), &theirs.to_string()])
        .output()?;
    let clean = match output.status {
        0 => true,
        1 => false,
        status => bail!("`git merge-tree` ended with status {status}: {}", output.stderr),
    };
    let mut words = output.stdout.split(|b| *b == 0);
    let tree = words.next().and_then(|word| std::str::from_utf8(word).ok());
    let tree = tree.context("`git merge-tree` printed no tree")?.parse()?;
    let conflicted = words.filter(|word| !word.is_empty()).map(RepoPath::new).collect();
    Ok(AutoMerge { tree, clean, conflicted })
}

fn with_fixed_settings(repo: &Repo) -> Result<Git> {
    let fixed = SETTINGS.iter().map(|(key, value)| quote_setting(key.as_bytes(), value.as_bytes()));
    let drivers = repo
        .config_subsections("merge")
        .into_iter()
        .map(|name| quote_setting(&[b"merge.", name.as_slice(), b".driver"].concat(), b"false"));
    let own = fixed.chain(drivers).collect::<Vec<_>>().join(&b' ');
    let own = gix::path::from_byte_slice(&own).context("a merge driver has a strange name")?;
    let mut settings = OsString::new();
    if let Some(told) = &repo.environment().parameters {
        settings.push(told);
        settings.push(" ");
    }
    settings.push(own);
    Ok(repo.git().env("GIT_CONFIG_PARAMETERS", settings))
}

/// A commit between two steps, that only serves to find the next merge base.
fn commit(repo: &Repo, tree: Oid, parents: [Oid; 2]) -> Result<Oid> {
    let mut git = repo.git().args(["commit-tree", &tree.to_string(), "-m", "octopus"]);
    for parent in parents {
        git = git.args(["-p", &parent.to_string()]);
    }
    for role in ["AUTHOR", "COMMITTER"] {
        git = git
            .env(&format!("GIT_{role}_NAME"), "git-kitty")
            .env(&format!("GIT_{role}_EMAIL"), "git-kitty@invalid")
            .env(&format!("GIT_{role}_DATE"), "@0 +0000");
    }
    Ok(git.line()?.parse()?)
}
