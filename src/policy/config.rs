//! `.kittify/config.yaml`, what a project wants guarded (`formats.md` sections 1 and 5).
//!
//! Fails closed, unlike the reference: what cannot be understood is refused, never replaced by a
//! laxer default. Spec Kitty keeps much else in the file, which is left alone. A key without a
//! value (`mode:`) counts as absent, since the defaults are the strict values; only
//! `protected_branches:` must say whether it means none or the default.

use crate::domain::refusal::{Document, Refusal, Warning};
use crate::domain::source::Source;
use crate::domain::yaml::{self, Field, Table};

mod keys;
mod tighten;

/// The policy of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyConfig {
    /// `policy.commit_guard`.
    pub guard: GuardConfig,
    /// `protection.protected_branches`.
    pub protected: Protected,
    /// `merge.strategy`; `None` leaves it to the command.
    pub strategy: Option<MergeStrategy>,
    /// `policy.override`.
    pub overrides: Overrides,
    /// Keys of `policy`, the guard and the protection that nobody knows, keys of these at the top of
    /// the file, and keys that stand twice.
    pub warnings: Vec<Warning>,
}

/// How commits are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuardConfig {
    /// Whether they are judged at all; `mode: off` says the same.
    pub enabled: bool,
    /// What happens to those that are not allowed.
    pub mode: Mode,
    /// Whether lane branches are kept from `kitty-specs/` (`block_mission_specs`, formerly
    /// `block_kitty_specs`).
    pub block_mission_specs: bool,
    /// Whether a work package is kept to the files it owns.
    pub enforce_ownership: bool,
    /// Whether owned globs match without regard to case.
    pub case_insensitive: bool,
}

/// What happens to a change that is not allowed, from lax to strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Nothing.
    Off,
    /// It is told.
    Warn,
    /// It is refused.
    Block,
}

/// Which branches are protected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Protected {
    /// `main`, `master` and the remote's default branch.
    #[default]
    Default,
    /// These and no others; an empty list protects none.
    Exactly(Vec<String>),
    /// Those of [`Protected::Default`], and these. No file says so: it comes of
    /// [`PolicyConfig::tighten`].
    DefaultAnd(Vec<String>),
}

/// How a mission lands on its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeStrategy {
    /// By fast-forward.
    FastForward,
    /// By a merge commit.
    Merge,
    /// As one commit.
    Squash,
    /// Replayed commit by commit.
    Rebase,
}

impl MergeStrategy {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::FastForward, Self::Merge, Self::Squash, Self::Rebase];

    /// The name in the policy and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FastForward => "ff",
            Self::Merge => "merge",
            Self::Squash => "squash",
            Self::Rebase => "rebase",
        }
    }
}

/// Whether a recorded, expiring override may be given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Overrides {
    /// It may.
    #[default]
    Allow,
    /// It may not.
    Deny,
}

const MODES: &[(&str, Mode)] = &[("block", Mode::Block), ("warn", Mode::Warn), ("off", Mode::Off)];
const STRATEGIES: &[(&str, MergeStrategy)] = &{
    let [ff, merge, squash, rebase] = MergeStrategy::ALL;
    [
        (ff.as_str(), ff),
        (merge.as_str(), merge),
        (squash.as_str(), squash),
        (rebase.as_str(), rebase),
    ]
};
const OVERRIDES: &[(&str, Overrides)] = &[("allow", Overrides::Allow), ("deny", Overrides::Deny)];

impl Default for GuardConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            mode: Mode::Block,
            block_mission_specs: true,
            enforce_ownership: true,
            case_insensitive: false,
        }
    }
}

impl GuardConfig {
    /// The mode that holds: [`Mode::Off`] for a guard that is not enabled.
    #[must_use]
    pub const fn effective_mode(&self) -> Mode {
        if self.enabled { self.mode } else { Mode::Off }
    }
}

impl PolicyConfig {
    /// Reads the bytes of a policy file. An empty one means the defaults.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] with the line: no YAML, a value outside of its vocabulary, a boolean
    /// that is a text, a section or list that is none, a section or key that stands twice with
    /// different values, a merge key (`<<`) in a section.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Self, Refusal> {
        let source = Source::new(Document::Policy, file);
        let root = yaml::read(source.utf8(bytes, 1)?, 1, source)?;
        let sections = Sections::of(Table::top(source, root.as_ref())?)?;
        let default = Self::default();
        Ok(Self {
            guard: sections.guard.map_or(Ok(default.guard), guard_of)?,
            protected: sections.protection.map_or(Ok(default.protected), protected)?,
            strategy: word(sections.merge, "strategy", STRATEGIES)?,
            overrides: word(sections.policy, "override", OVERRIDES)?.unwrap_or(default.overrides),
            warnings: sections.warnings(source)?,
        })
    }
}

/// The parts of the file that are read; one that is absent or empty is `None`.
struct Sections<'a> {
    top: Table<'a>,
    policy: Option<Table<'a>>,
    guard: Option<Table<'a>>,
    protection: Option<Table<'a>>,
    merge: Option<Table<'a>>,
}

impl<'a> Sections<'a> {
    fn of(top: Table<'a>) -> Result<Self, Refusal> {
        keys::refuse_merge_key(&top)?;
        let policy = section(Some(top), "policy", "policy.")?;
        Ok(Self {
            top,
            policy,
            guard: section(policy, "commit_guard", "policy.commit_guard.")?,
            protection: section(Some(top), "protection", "protection.")?,
            merge: section(Some(top), "merge", "merge.")?,
        })
    }

    fn warnings(&self, source: Source<'_>) -> Result<Vec<Warning>, Refusal> {
        Ok([
            keys::duplicates(source, Some(self.top), keys::SECTIONS)?,
            keys::duplicates(source, self.policy, keys::POLICY)?,
            keys::duplicates(source, self.merge, keys::MERGE)?,
            keys::misplaced(self.top),
            keys::unknown(self.policy, &[keys::POLICY, keys::POLICY_OF_SPEC_KITTY].concat()),
            keys::duplicates(source, self.guard, keys::GUARD)?,
            keys::unknown(self.guard, keys::GUARD),
            keys::duplicates(source, self.protection, keys::PROTECTION)?,
            keys::unknown(self.protection, keys::PROTECTION),
        ]
        .concat())
    }
}

fn section<'a>(
    table: Option<Table<'a>>,
    key: &str,
    prefix: &'static str,
) -> Result<Option<Table<'a>>, Refusal> {
    let Some(field) = table.and_then(|table| table.field(key)) else { return Ok(None) };
    let section = field.table(prefix)?;
    section.as_ref().map_or(Ok(()), keys::refuse_merge_key)?;
    Ok(section)
}

fn guard_of(table: Table<'_>) -> Result<GuardConfig, Refusal> {
    let default = GuardConfig::default();
    let flag = |key: &str| table.field(key).map_or(Ok(None), |field| field.boolean());
    let older = flag("block_kitty_specs")?;
    let block_mission_specs = flag("block_mission_specs")?.or(older);
    Ok(GuardConfig {
        enabled: flag("enabled")?.unwrap_or(default.enabled),
        mode: word(Some(table), "mode", MODES)?.unwrap_or(default.mode),
        block_mission_specs: block_mission_specs.unwrap_or(default.block_mission_specs),
        enforce_ownership: flag("enforce_ownership")?.unwrap_or(default.enforce_ownership),
        case_insensitive: flag("case_insensitive")?.unwrap_or(default.case_insensitive),
    })
}

fn protected(table: Table<'_>) -> Result<Protected, Refusal> {
    let Some(field) = table.field("protected_branches") else { return Ok(Protected::Default) };
    if field.node().is_null() {
        let what = " is empty: write `[]` for no branch, or leave the key out for the default";
        return Err(field.wrong(what));
    }
    let branches = field.texts()?;
    Ok(Protected::Exactly(branches.into_iter().map(|branch| branch.text).collect()))
}

/// A key whose text is one of a few words.
fn word<T: Copy>(
    table: Option<Table<'_>>,
    key: &str,
    words: &[(&str, T)],
) -> Result<Option<T>, Refusal> {
    let Some(field) = table.and_then(|table| table.field(key)) else { return Ok(None) };
    let Some(text) = field.text()? else { return Ok(None) };
    let meaning = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
    meaning.map(Some).ok_or_else(|| no_word(&field, &text, words))
}

fn no_word<T>(field: &Field<'_>, text: &str, words: &[(&str, T)]) -> Refusal {
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let (text, known) = (text.escape_debug(), known.join(", "));
    field.wrong(format_args!(" must be one of {known}, not `{text}`"))
}

#[cfg(test)]
mod tests;
