//! Which keys decide, and what is said about others beside them.

use crate::domain::refusal::{Refusal, Warning};
use crate::domain::source::Source;
use crate::domain::yaml::{Duplicate, Table};

/// The sections of the file that are read.
pub(super) const SECTIONS: &[&str] = &["merge", "policy", "protection"];
/// The keys of `policy` that are read; Spec Kitty has others.
pub(super) const POLICY: &[&str] = &["commit_guard", "override"];
/// All keys of `policy.commit_guard`.
pub(super) const GUARD: &[&str] = &[
    "block_kitty_specs",
    "block_mission_specs",
    "case_insensitive",
    "enabled",
    "enforce_ownership",
    "mode",
];
/// All keys of `protection`.
pub(super) const PROTECTION: &[&str] = &["protected_branches"];

/// The only key of `merge` that is read.
pub(super) const MERGE: &[&str] = &["strategy"];

/// Tells of keys that have no effect.
pub(super) fn unknown(table: Option<Table<'_>>, known: &[&str]) -> Vec<Warning> {
    let Some(table) = table else { return Vec::new() };
    let fields = table.mapping().entries.iter().filter_map(|entry| table.field(&entry.key));
    fields
        .filter(|field| !known.contains(&field.key()))
        .map(|field| Warning {
            code: "UNKNOWN_POLICY_KEY",
            message: field.wrong(" is an unknown key and has no effect").to_string(),
        })
        .collect()
}

/// Tells of keys that stand twice, if they are among those that decide; refuses them if their
/// values differ.
pub(super) fn duplicates(
    source: Source<'_>,
    table: Option<Table<'_>>,
    deciding: &[&str],
) -> Result<Vec<Warning>, Refusal> {
    let Some(table) = table else { return Ok(Vec::new()) };
    let twins = table.mapping().duplicates().into_iter();
    let twins = twins.filter(|twin| deciding.contains(&twin.again.key.as_str()));
    twins
        .map(|Duplicate { first, again }| {
            let what = format!("`{}` stands here and in line {} already", again.key, first.line);
            if !first.value.same_value(&again.value) {
                return Err(source.damaged(again.line, format!("{what}, with another value")));
            }
            let message = format!("{}:{}: {what}", source.file, again.line);
            Ok(Warning { code: "DUPLICATE_POLICY_KEY", message })
        })
        .collect()
}

/// YAML 1.2 has no merge keys; what one would bring in must not vanish silently.
pub(super) fn refuse_merge_key(table: &Table<'_>) -> Result<(), Refusal> {
    let merge = table.field("<<");
    merge.map_or(Ok(()), |merge| Err(merge.wrong(" is not supported: write the keys out")))
}
