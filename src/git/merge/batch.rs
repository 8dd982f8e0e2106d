//! Many merges in one call of git.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};

use super::answer::{AutoMerge, parse, parse_one};
use super::attributes::groups;
use super::place::Place;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
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

/// Merges each pair as Git would without a person, and answers in the same order; in one process for
/// all that have the same attributes, where git can (since 2.39). Histories without a common commit
/// are merged as if all were added.
///
/// Writes objects that nothing reaches; moves no ref and touches no work tree.
///
/// # Errors
/// If a commit is missing, or `git` fails.
pub fn merge_all(repo: &Repo, pairs: &[Pair]) -> Result<Vec<AutoMerge>> {
    let mut merges: Vec<Option<AutoMerge>> = vec![None; pairs.len()];
    for (attributes, places) in groups(repo, pairs)? {
        let group: Vec<Pair> = places.iter().filter_map(|at| pairs.get(*at)).copied().collect();
        let answers = merge_group(&Place::of(repo, &attributes)?, &group)?;
        for (at, answer) in places.into_iter().zip(answers) {
            if let Some(merge) = merges.get_mut(at) {
                *merge = Some(answer);
            }
        }
    }
    merges.into_iter().collect::<Option<_>>().context("a merge was left out")
}

pub(in crate::git) fn merge_two(repo: &Repo, ours: Oid, theirs: Oid) -> Result<AutoMerge> {
    let merges = merge_all(repo, &[Pair { ours, theirs }])?;
    merges.into_iter().next().context("`git merge-tree` answered nothing")
}

fn merge_group(place: &Place<'_>, pairs: &[Pair]) -> Result<Vec<AutoMerge>> {
    let git = place.git()?.args(["merge-tree", "--write-tree", "-z"]);
    let mut merges = answers(&git.args(["--allow-unrelated-histories"]), pairs)?;
    let drivers = drivers(place, &merges)?;
    for merge in &mut merges {
        let own = merge.stages.iter().filter(|at| at.ours.is_some() && at.theirs.is_some());
        let named = |path: &RepoPath| Some((path.clone(), drivers.get(path)?.clone()));
        merge.drivers = own.filter_map(|at| named(&at.path)).collect();
    }
    Ok(merges)
}

fn answers(git: &Git, pairs: &[Pair]) -> Result<Vec<AutoMerge>> {
    let line = |pair: &Pair| format!("{} {}\n", pair.ours, pair.theirs);
    let output =
        git.clone().args(["--stdin"]).stdin(pairs.iter().map(line).collect::<String>()).output()?;
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

/// The drivers of the paths in conflict that have one.
fn drivers(place: &Place<'_>, merges: &[AutoMerge]) -> Result<BTreeMap<RepoPath, String>> {
    let paths: BTreeSet<&RepoPath> = merges.iter().flat_map(|merge| &merge.conflicted).collect();
    if place.drivers().is_empty() || paths.is_empty() {
        return Ok(BTreeMap::new());
    }
    let input: Vec<u8> = paths.iter().flat_map(|path| [path.as_bytes(), b"\0"].concat()).collect();
    let output = place.git()?.args(["check-attr", "--stdin", "-z", "merge"]).stdin(input).run()?;
    let words: Vec<&[u8]> = output.split(|byte| *byte == 0).collect();
    let named = |words: &[&[u8]]| {
        let [path, _, name] = words else { return None };
        let is_driver = place.drivers().contains(*name);
        is_driver.then(|| (RepoPath::new(*path), String::from_utf8_lossy(name).into_owned()))
    };
    Ok(words.chunks_exact(3).filter_map(named).collect())
}
