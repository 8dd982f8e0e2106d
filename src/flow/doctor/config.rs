//! Settings that somebody left in the repository's own config.

use anyhow::Result;

use super::case::{Case, left, mended};
use super::patient::Patient;
use crate::domain::finding::Kind;
use crate::git::{Denied, Repo};

const BARE: Kind = Kind::error("CORE_BARE_WITH_CHECKOUT");
const IDENTITY: Kind = Kind::warning("SPEC_KITTY_IDENTITY");

/// What Spec Kitty writes at the sync of a lane, and leaves there.
const OF_SPEC_KITTY: [(&str, &str); 2] =
    [("user.name", "spec-kitty auto-rebase"), ("user.email", "auto-rebase@spec-kitty")];

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    Ok(bare(patient.repo)?.into_iter().chain(identity(patient.repo)).collect())
}

fn bare(repo: &Repo) -> Result<Option<Case<'_>>> {
    let Some(denied) = repo.denied()? else { return Ok(None) };
    let message = match denied {
        Denied::Checkout(_) => {
            "the repository calls itself bare, and has a checkout: git itself fails in that"
        }
        Denied::Index => "the repository calls itself bare, and has the index of a checkout",
    };
    let finding = BARE.found("core.bare", message, "`git config core.bare false`");
    Ok(Some(Case::mended_by(finding, move || match denied {
        Denied::Index => left("none of its files is there: the checkout may be given up"),
        Denied::Checkout(_) if repo.admit_checkout()? => mended("set it to `false`"),
        Denied::Checkout(_) => left("it is set outside of the repository's own config"),
    })))
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
