//! Which hooks are wished: `kitty.doors`.

use std::path::Path;

use anyhow::Result;

use super::Door;
use crate::domain::refusal::Refusal;
use crate::git::{Repo, setup};

/// The setting.
pub(super) const DOORS: &str = "kitty.doors";
/// The word for no hook at all.
const NONE: &str = "none";

/// What the setting says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wish {
    /// The hooks that are named.
    pub(super) doors: Vec<Door>,
    /// The first word that names none.
    pub(super) unknown: Option<String>,
}

impl Wish {
    /// What is set for a repository; `None` if nothing is.
    pub(super) fn of(repo: &Repo) -> Option<Self> {
        let set = repo.config_strings(DOORS);
        Some(Self::parse(&set)).filter(|_| !set.is_empty())
    }

    fn parse(values: &[String]) -> Self {
        let words =
            || values.iter().flat_map(|v| v.split([',', ' '])).filter(|word| !word.is_empty());
        let mut doors: Vec<Door> = words().filter_map(|word| word.parse().ok()).collect();
        doors.sort();
        doors.dedup();
        let is_unknown = |word: &&str| *word != NONE && word.parse::<Door>().is_err();
        Self { doors, unknown: words().find(is_unknown).map(str::to_owned) }
    }

    /// The refusal of a word that names no hook.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        let value = self.unknown.clone()?;
        let expected = "names of hooks, as in `pre-commit,reference-transaction`";
        Some(Refusal::SettingInvalid { key: DOORS, value, expected })
    }
}

/// The hooks that are wished for the repository around `start`: those of `kitty.doors`, else all that a
/// repository has that people work in.
///
/// # Errors
/// [`Refusal::SettingInvalid`]; as [`super::install::install`] where there is no such repository.
pub fn wished_doors(start: &Path) -> Result<Vec<Door>> {
    setup::supported_version(start)?;
    setup::repository(start)?;
    let Some(wish) = Wish::of(&Repo::discover(start)?) else { return Ok(Door::LOCAL.to_vec()) };
    match wish.refusal() {
        Some(refusal) => Err(refusal.into()),
        None => Ok(wish.doors),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(values: &[&str]) -> (Vec<Door>, Option<String>) {
        let wish = Wish::parse(&values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>());
        (wish.doors, wish.unknown)
    }

    #[test]
    fn words_of_all_values_count() {
        let both = vec![Door::PreCommit, Door::ReferenceTransaction];
        assert_eq!(parse(&["reference-transaction, pre-commit"]), (both.clone(), None));
        assert_eq!(parse(&["pre-commit", "reference-transaction pre-commit"]), (both, None));
        assert_eq!(parse(&["none"]), (vec![], None));
        assert_eq!(parse(&["pre-comit,none"]), (vec![], Some("pre-comit".to_owned())));
    }
}
