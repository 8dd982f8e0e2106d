//! Settings that somebody left in the repository's own config.

use std::path::PathBuf;

use anyhow::Result;

use super::case::{Case, left, mended};
use super::patient::Patient;
use crate::domain::finding::{Finding, Kind};
use crate::domain::layout;
use crate::domain::refusal::{Refusal, quoted};
use crate::flow::coordination;
use crate::flow::policy::{For, governing};
use crate::git::{Denied, Durability, MissionLock, Repo};

const BARE: Kind = Kind::error("CORE_BARE_WITH_CHECKOUT");
const IDENTITY: Kind = Kind::warning("SPEC_KITTY_IDENTITY");

const POLICY_KEY: Kind = Kind::warning("UNKNOWN_POLICY_KEY")
    .left("what it was to say, and on which branch that is to be said, is yours to decide");
const KEYS: &str = "correct it on that branch: git-kitty-config(5) lists the keys";

/// What Spec Kitty writes at the sync of a lane, and leaves there.
const OF_SPEC_KITTY: [(&str, &str); 2] =
    [("user.name", "spec-kitty auto-rebase"), ("user.email", "auto-rebase@spec-kitty")];

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let mut cases: Vec<_> = bare(patient.repo)?.into_iter().chain(identity(patient.repo)).collect();
    cases.extend(invalid(patient.repo)?);
    cases.extend(policy(patient.repo)?);
    Ok(cases)
}

/// A policy that governs here and cannot be read, or has keys that do nothing.
fn policy<'p>(repo: &Repo) -> Result<Vec<Case<'p>>> {
    let warnings = match governing(repo, For::Other) {
        Ok(governing) => governing.config.warnings,
        Err(error) => {
            let refusal = error.downcast::<Refusal>()?;
            return Ok(vec![Case::left(Finding::of_refusal(&refusal, "the policy"))]);
        }
    };
    let keys = warnings.into_iter().filter(|warning| warning.code == POLICY_KEY.code);
    let found = keys.map(|warning| POLICY_KEY.found(layout::POLICY, warning.message, KEYS));
    Ok(found.map(Case::left).collect())
}

/// Settings of ours that no command understands.
fn invalid<'p>(repo: &Repo) -> Result<Vec<Case<'p>>> {
    let wanted = coordination::is_wanted(repo).map(drop).map_err(anyhow::Error::from);
    let (patience, durability) = (MissionLock::patience(repo), Durability::of(repo));
    let read = [wanted, patience.map(drop), durability.map(drop)];
    let refusals = read.into_iter().filter_map(Result::err).map(anyhow::Error::downcast::<Refusal>);
    let found = refusals.map(|refusal| Ok(Case::left(Finding::of_refusal(&refusal?, "settings"))));
    found.collect()
}

fn bare(repo: &Repo) -> Result<Option<Case<'_>>> {
    let Some(denied) = repo.denied()? else { return Ok(None) };
    let message = match denied {
        Denied::Checkout(_) => {
            "the repository calls itself bare, and has a checkout: git itself fails in that"
        }
        Denied::Index => "the repository calls itself bare, and has the index of a checkout",
    };
    let finding = BARE.found("core.bare", message, way_out(&repo.denying()?));
    Ok(Some(Case::mended_by(finding, move || match denied {
        Denied::Index => left("none of its files is there: the checkout may be given up"),
        Denied::Checkout(_) if repo.admit_checkout()? => mended("set it to `false`"),
        Denied::Checkout(_) => left("it is set outside of the repository's own config"),
    })))
}

/// What sets it to false where it is true: `git config` alone would write into the shared file.
fn way_out(files: &[PathBuf]) -> String {
    let set = |file: &PathBuf| {
        format!("`git config --file {} core.bare false`", quoted(&file.display().to_string()))
    };
    match files {
        [] => "`git config --show-origin core.bare` tells where it is set to true".to_owned(),
        files => files.iter().map(set).collect::<Vec<_>>().join(" and "),
    }
}

fn identity(repo: &Repo) -> Option<Case<'_>> {
    let is_left = |(key, value): &(&str, &str)| repo.local_config_strings(key) == [*value];
    if !OF_SPEC_KITTY.iter().all(is_left) {
        return None;
    }
    let finding = IDENTITY.found(
        "user.name",
        "Spec Kitty left its own identity in the config: all commits here are by `spec-kitty \
         auto-rebase`",
        "`git config --local --unset user.name` and `git config --local --unset user.email`",
    );
    Some(Case::mended_by(finding, || {
        OF_SPEC_KITTY.iter().try_for_each(|(key, value)| repo.unset(key, value))?;
        mended("took `user.name` and `user.email` out of the repository's config")
    }))
}
