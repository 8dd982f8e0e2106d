//! Which keys decide, and what is said about others beside them.

use crate::domain::refusal::{Refusal, Warning};
use crate::domain::source::Source;
use crate::domain::yaml::{Duplicate, Field, Table};

/// The sections of the file that are read.
pub(super) const SECTIONS: &[&str] = &["merge", "policy", "protection"];
/// The keys of `policy` that are read.
pub(super) const POLICY: &[&str] = &["commit_guard", "override"];
/// Spec Kitty's own keys of `policy` (`formats.md` section 1).
pub(super) const POLICY_OF_SPEC_KITTY: &[&str] = &["merge_gates", "risk"];
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

/// What is ours alone, so that nobody else can mean it at the top of the file.
const OURS: &[&str] = &["commit_guard", "protected_branches"];

/// Where the keys stand that might be meant by one that nobody knows.
const PLACES: &[(&str, &[&str])] =
    &[("policy.commit_guard.", GUARD), ("protection.", PROTECTION), ("policy.", POLICY)];

/// How alike two keys must be for one to be offered in place of the other (Jaro-Winkler).
const ALIKE: f64 = 0.8;

/// Tells of keys that have no effect.
pub(super) fn unknown(table: Option<Table<'_>>, known: &[&str]) -> Vec<Warning> {
    without_effect(table, |key| !known.contains(&key))
}

/// Tells of keys of ours at the top of the file, where none of them is read.
pub(super) fn misplaced(top: Table<'_>) -> Vec<Warning> {
    without_effect(Some(top), |key| OURS.contains(&key))
}

fn without_effect(table: Option<Table<'_>>, is_told: impl Fn(&str) -> bool) -> Vec<Warning> {
    let Some(table) = table else { return Vec::new() };
    let fields = table.mapping().entries.iter().filter_map(|entry| table.field(&entry.key));
    fields
        .filter(|field| is_told(field.key()))
        .map(|field| {
            let meant = meant(&field).map(|key| format!(", did you mean `{key}`?"));
            let what = format!(" is an unknown key and has no effect{}", meant.unwrap_or_default());
            let message = field.wrong_at(field.line(), what).to_string();
            Warning { code: "UNKNOWN_POLICY_KEY", message }
        })
        .collect()
}

/// The key of ours that is most like one that nobody knows: one of the same section, if any is.
fn meant(field: &Field<'_>) -> Option<String> {
    let all = PLACES.iter().flat_map(|(place, keys)| keys.iter().map(move |key| (*place, *key)));
    let alike = all.map(|(place, known)| {
        (likeness(known, field.key()), place == field.section(), format!("{place}{known}"))
    });
    alike
        .filter(|(likeness, ..)| *likeness >= ALIKE)
        .max_by(|one, two| one.0.total_cmp(&two.0).then(one.1.cmp(&two.1)))
        .map(|(.., name)| name)
}

/// How alike two keys are, from 0 to 1; a word of a key is enough.
fn likeness(known: &str, key: &str) -> f64 {
    let is_word = known.split('_').any(|word| word == key);
    strsim::jaro_winkler(known, key).max(if is_word { ALIKE } else { 0.0 })
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
