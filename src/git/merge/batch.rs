//! Many merges in one call of git.

use anyhow::{Context, Result, bail, ensure};

use super::answer::{AutoMerge, parse, parse_one};
use super::settings::with_fixed_settings;
use crate::domain::oid::Oid;
use crate::git::process::Git;
use crate::git::repo::Repo;

/// Two commits to be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// What is merged into.
    pub ours: Oid,
    /// What is merged.
    pub theirs: Oid,
}

/// How git ends if it does not know an option.
const USAGE: i32 = 129;

/// Merges each pair as Git would without a person, and answers in the same order; in one process
/// where git can (since 2.39). Histories without a common commit are merged as if all were added.
///
/// Writes objects that nothing reaches; moves no ref and touches no work tree.
///
/// # Errors
/// If a commit is missing, or `git` fails.
pub fn merge_all(repo: &Repo, pairs: &[Pair]) -> Result<Vec<AutoMerge>> {
    let mut merges = Vec::new();
    for group in pairs.chunk_by(|a, b| a.ours == b.ours) {
        let Some(first) = group.first() else { continue };
        let git = with_fixed_settings(repo)?
            .env("GIT_ATTR_SOURCE", first.ours.to_string())
            .env("GIT_ATTR_NOSYSTEM", "1")
            .args(["merge-tree", "--write-tree", "-z", "--no-messages"])
            .args(["--allow-unrelated-histories"]);
        merges.extend(merge_group(&git, group)?);
    }
    Ok(merges)
}

fn merge_group(git: &Git, pairs: &[Pair]) -> Result<Vec<AutoMerge>> {
    let input: String =
        pairs.iter().map(|pair| format!("{} {}\n", pair.ours, pair.theirs)).collect();
    let output = git.clone().args(["--stdin"]).stdin(input).output()?;
    match output.status {
        0 => {}
        USAGE => return pairs.iter().map(|pair| merge_one(git, *pair)).collect(),
        status => bail!("`git merge-tree` ended with status {status}: {}", output.stderr),
    }
    let merges = parse(&output.stdout)?;
    ensure!(merges.len() == pairs.len(), "`git merge-tree` left merges out: {}", output.stderr);
    Ok(merges)
}

/// For git 2.38.
fn merge_one(git: &Git, pair: Pair) -> Result<AutoMerge> {
    let output = git.clone().args([pair.ours.to_string(), pair.theirs.to_string()]).output()?;
    let clean = match output.status {
        0 => true,
        1 => false,
        status => bail!("`git merge-tree` ended with status {status}: {}", output.stderr),
    };
    parse_one(clean, &output.stdout)
}

pub(in crate::git) fn merge_two(repo: &Repo, ours: Oid, theirs: Oid) -> Result<AutoMerge> {
    let merges = merge_all(repo, &[Pair { ours, theirs }])?;
    merges.into_iter().next().context("`git merge-tree` answered nothing")
}
