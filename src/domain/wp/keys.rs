//! Which keys the front matter may have, and what is said about others and about twins.

use super::values::{ExecutionMode, Scope};
use crate::domain::refusal::{Refusal, Warning};
use crate::domain::source::Source;
use crate::domain::yaml::{Duplicate, Mapping, Table};

/// Every key of the format, older names included (`formats.md` section 1).
const KNOWN: &[&str] = &[
    "activity_log",
    "agent",
    "agent_profile",
    "approved_by",
    "assignee",
    "authoritative_surface",
    "base_branch",
    "base_commit",
    "branch_strategy",
    "create_intent",
    "created_at",
    "dependencies",
    "description",
    "estimated_duration",
    "execution_mode",
    "feature_slug",
    "history",
    "lane",
    "merge_target_branch",
    "mission_id",
    "mission_number",
    "mission_slug",
    "model",
    "owned_files",
    "phase",
    "phases",
    "planning_base_branch",
    "priority",
    "requirement_refs",
    "review_feedback",
    "review_feedback_file",
    "review_status",
    "reviewed_by",
    "reviewer",
    "reviewer_agent",
    "reviewer_shell_pid",
    "role",
    "scope",
    "shell_pid",
    "shell_pid_created_at",
    "status",
    "subtasks",
    "subtitle",
    "tags",
    "task_type",
    "title",
    "tracker_refs",
    "work_package_id",
    "work_package_title",
    "wp_code",
];

/// Keys that decide who may change what: two readers must never pick different values.
const DECISIVE: &[&str] = &["execution_mode", "owned_files", "scope", "work_package_id"];

/// How alike two keys must be (Jaro-Winkler) for the one to be offered for the other.
const ALIKE: f64 = 0.88;

/// Tells of unknown and of duplicate keys.
pub(super) fn check(source: Source<'_>, mapping: &Mapping) -> Result<Vec<Warning>, Refusal> {
    let unknown = mapping.entries.iter().filter(|entry| !is_known(&entry.key));
    let mut warnings: Vec<Warning> =
        unknown.map(|entry| unknown_key(source, &entry.key, entry.line)).collect();
    for twin in mapping.duplicates() {
        let Duplicate { first, again } = twin;
        let key = again.key.escape_debug();
        let what = format!("`{key}` stands here and in line {} already", first.line);
        if DECISIVE.contains(&again.key.as_str()) && !first.value.same_value(&again.value) {
            return Err(source.damaged(again.line, format!("{what}, with another value")));
        }
        let message = format!("{}:{}: {what}; the last one holds", source.file, again.line);
        warnings.push(Warning { code: "DUPLICATE_FRONTMATTER_KEY", message });
    }
    Ok(warnings)
}

/// Tells of values outside the vocabulary.
pub(super) fn unknown_values(
    table: &Table<'_>,
    mode: Option<&ExecutionMode>,
    scope: Option<&Scope>,
) -> Vec<Warning> {
    let mode = mode.and_then(|mode| match mode {
        ExecutionMode::Other(_) => table.field("execution_mode"),
        ExecutionMode::CodeChange | ExecutionMode::PlanningArtifact => None,
    });
    let scope = scope.and_then(|scope| match scope {
        Scope::Other(_) => table.field("scope"),
        Scope::CodebaseWide | Scope::MergeDecomposition => None,
    });
    mode.into_iter()
        .chain(scope)
        .map(|field| Warning {
            code: "UNKNOWN_FRONTMATTER_VALUE",
            message: field.wrong(" has an unknown value, which grants nothing").to_string(),
        })
        .collect()
}

fn is_known(key: &str) -> bool {
    KNOWN.binary_search(&key).is_ok()
}

fn unknown_key(source: Source<'_>, key: &str, line: usize) -> Warning {
    let alike = KNOWN
        .iter()
        .map(|known| (strsim::jaro_winkler(known, key), *known))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(one, _), (two, _)| one.total_cmp(two))
        .map_or_else(String::new, |(_, known)| format!(", did you mean `{known}`?"));
    let message = format!("{}:{line}: unknown key `{}`{alike}", source.file, key.escape_debug());
    Warning { code: "UNKNOWN_FRONTMATTER_KEY", message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_keys_are_sorted_and_hold_the_decisive_ones() {
        assert!(KNOWN.is_sorted());
        assert!(DECISIVE.iter().all(|key| is_known(key)));
    }
}
