//! Globs of work packages that no path of the target fits: slips of the pen, mostly.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::domain::change::Mode;
use crate::domain::glob::{Pattern, Place};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::plan::Package;
use crate::domain::refusal::Warning;
use crate::domain::yaml::Located;
use crate::git::Repo;

/// How much is looked at, in comparisons of texts; then the rest goes without a warning.
const BUDGET: usize = 40_000_000;
/// What it costs to ask a glob, in the same measure.
const COST_OF_MATCH: usize = 20;

/// The target, listed as far as anybody asked.
struct Target<'r> {
    repo: &'r Repo,
    tree: Oid,
    listed: BTreeMap<String, Vec<RepoPath>>,
    budget: usize,
}

/// A warning for each entry of unfinished code work that owns no path of the target `tree`, and none
/// that a work package is to create.
pub(super) fn warnings(
    repo: &Repo,
    tree: Oid,
    packages: &[Package],
    fold_case: bool,
) -> Result<Vec<Warning>> {
    let intents = packages.iter().flat_map(|package| &package.content.create_intent);
    let intended: Vec<RepoPath> = intents.map(|entry| path(&entry.text)).collect();
    let mut target = Target { repo, tree, listed: BTreeMap::new(), budget: BUDGET };
    let mut warnings = Vec::new();
    for package in packages.iter().filter(|p| !p.is_settled && p.changes_code()) {
        for entry in &package.content.owned_files {
            let pattern = Pattern::new(&entry.text, fold_case);
            let is_intended = || intended.iter().any(|path| pattern.matches(path));
            if !target.has(&pattern)? && !is_intended() {
                warnings.push(warning(package, entry, &pattern));
            }
        }
    }
    Ok(warnings)
}

fn path(text: &str) -> RepoPath {
    RepoPath::from(text.strip_prefix("./").unwrap_or(text))
}

fn warning(package: &Package, entry: &Located, pattern: &Pattern) -> Warning {
    let text = RepoPath::from(entry.text.as_str());
    let place = format!("{}:{}: `{text}`", package.file, entry.line);
    match pattern.place() {
        Place::Path(_) => Warning {
            code: "OWNED_FILE_MISSING",
            message: format!("{place} is not on the target branch, and not in `create_intent`"),
        },
        Place::Below(_) | Place::Among { .. } => Warning {
            code: "GLOB_MATCHES_NOTHING",
            message: format!("{place} matches nothing on the target branch"),
        },
    }
}

impl Target<'_> {
    /// Whether it has a path that the entry owns, or nobody has the time to find out.
    fn has(&mut self, pattern: &Pattern) -> Result<bool> {
        match pattern.place() {
            Place::Path(path) => self.has_path(path),
            Place::Below(directory) => {
                let entry = self.repo.entry(self.tree, &directory.into())?;
                Ok(entry.is_some_and(|entry| matches!(entry.mode, Mode::Tree | Mode::Gitlink)))
            }
            Place::Among { own, directory, begins, ends } => {
                Ok(self.has_path(own)? || self.has_match(pattern, directory, [begins, ends])?)
            }
        }
    }

    fn has_path(&self, path: &str) -> Result<bool> {
        Ok(!path.is_empty() && self.repo.entry(self.tree, &path.into())?.is_some())
    }

    fn has_match(
        &mut self,
        pattern: &Pattern,
        directory: &str,
        [begins, ends]: [&str; 2],
    ) -> Result<bool> {
        if !self.listed.contains_key(directory) {
            let paths = list(self.repo, self.tree, directory)?;
            self.listed.insert(directory.to_owned(), paths);
        }
        let paths = self.listed.get(directory).map(Vec::as_slice).unwrap_or_default();
        let first = paths.partition_point(|path| path.as_bytes() < begins.as_bytes());
        let with_begin = paths.iter().skip(first);
        for path in with_begin.take_while(|path| path.as_bytes().starts_with(begins.as_bytes())) {
            let fits = path.as_bytes().ends_with(ends.as_bytes());
            let cost = if fits { COST_OF_MATCH } else { 1 };
            let Some(left) = self.budget.checked_sub(cost) else { return Ok(true) };
            self.budget = left;
            if fits && pattern.matches(path) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The paths below a directory, from the top, sorted.
fn list(repo: &Repo, tree: Oid, directory: &str) -> Result<Vec<RepoPath>> {
    if directory.is_empty() {
        return Ok(repo.files_of(tree)?.into_keys().collect());
    }
    let below = repo.files_below(tree, &directory.into())?.into_keys();
    let full =
        |path: RepoPath| RepoPath::new([directory.as_bytes(), b"/", path.as_bytes()].concat());
    Ok(below.map(full).collect())
}
