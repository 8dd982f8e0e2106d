//! What is wrong with work packages, taken together.

use std::collections::HashSet;

use super::fault::{Fault, Kind};
use crate::domain::glob::{Globs, Overlap, Pattern};
use crate::domain::id::WpId;
use crate::domain::layout;
use crate::domain::wp::{ExecutionMode, WorkPackage};
use crate::domain::yaml::{Located, Value};

/// What may stand for several texts in a glob, or take that from what follows.
const WILDCARDS: [char; 5] = ['*', '?', '[', '{', '\\'];

/// How many characters of an entry a message has.
const SHOWN: usize = 100;

/// A work package, and how far it is.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its file, from the top of the repository.
    pub file: String,
    /// What it says.
    pub content: WorkPackage,
    /// Whether nobody has claimed it yet: stricter rules hold.
    pub is_new: bool,
    /// Whether it is done or canceled: what it owns matters no more.
    pub is_settled: bool,
}

impl Package {
    /// Whether it changes code; a mode that nobody knows counts as that.
    #[must_use]
    pub fn changes_code(&self) -> bool {
        self.content.execution_mode != Some(ExecutionMode::PlanningArtifact)
    }
}

/// All that is wrong: dependencies on what is not there, globs that cannot be read, new code work
/// that owns nothing or mission files. Those in `unread` are there, too: their files are wrong, which
/// will be told.
#[must_use]
pub fn check(packages: &[Package], unread: &[WpId]) -> Vec<Fault> {
    let known = packages.iter().map(|package| &package.content.id).chain(unread);
    let known: HashSet<&WpId> = known.collect();
    packages.iter().flat_map(|package| of_one(package, &known)).collect()
}

fn of_one(package: &Package, known: &HashSet<&WpId>) -> Vec<Fault> {
    let content = &package.content;
    let missing = content.dependencies.iter().filter(|needed| !known.contains(needed));
    let mut faults: Vec<Fault> = missing
        .map(|needed| {
            let line = line_of_dependency(content, needed);
            Fault::new(&package.file, line, format!("it depends on {needed}, which is not there"))
        })
        .collect();
    if package.is_settled {
        return faults;
    }
    let globs = content.owned_files.iter();
    faults.extend(globs.filter_map(|entry| unusable(package, entry)));
    if package.is_new && package.changes_code() {
        if content.owns_nothing() {
            let line = content.front_matter.entry("owned_files").map(|entry| entry.line);
            let what = "it changes code and owns no files: list them in `owned_files`";
            faults.push(Fault::new(&package.file, Some(line.unwrap_or(1)), what));
        }
        let owned = content.owned_files.iter().filter(|entry| is_of_missions(&entry.text));
        faults.extend(owned.map(|entry| mission_files(package, entry)));
    }
    faults
}

fn line_of_dependency(content: &WorkPackage, needed: &WpId) -> Option<usize> {
    let entry = content.front_matter.entry("dependencies")?;
    let own = match &entry.value.value {
        Value::Sequence(items) => {
            items.iter().find(|item| item.text() == Some(needed.as_str())).map(|item| item.line)
        }
        Value::Scalar(_) | Value::Mapping(_) => None,
    };
    own.or(Some(entry.line))
}

fn unusable(package: &Package, entry: &Located) -> Option<Fault> {
    let text = shown(&entry.text);
    let what = if entry.text.trim().is_empty() {
        "an entry of `owned_files` is empty".to_owned()
    } else if entry.text.starts_with('/') || entry.text.split('/').any(|part| part == "..") {
        format!("`{text}` can match nothing: paths count from the top, without `/` or `..`")
    } else {
        let invalid = Pattern::new(&entry.text, false).check().err()?;
        format!("`{text}` is no glob: {}", invalid.what)
    };
    Some(Fault::new(&package.file, Some(entry.line), what))
}

fn mission_files(package: &Package, entry: &Located) -> Fault {
    let is = if has_wildcard(&entry.text) { "matches paths" } else { "is" };
    let what = format!(
        "`{}` {is} below `{}/`, which only work with `execution_mode: planning_artifact` may own",
        shown(&entry.text),
        layout::MISSIONS
    );
    Fault { kind: Kind::MissionFiles, ..Fault::new(&package.file, Some(entry.line), what) }
}

/// An entry for a message: its beginning, if it is long.
fn shown(entry: &str) -> String {
    let begin: String = entry.chars().take(SHOWN).collect();
    let rest = if begin.len() < entry.len() { "..." } else { "" };
    format!("{}{rest}", begin.escape_debug())
}

/// Whether the first name of an entry may be several.
fn has_wildcard(entry: &str) -> bool {
    let first = entry.strip_prefix("./").unwrap_or(entry).split('/').next();
    first.is_some_and(|first| first.contains(WILDCARDS))
}

/// Whether an entry is about mission files. One that begins with a wildcard is about all files, and
/// these are protected whoever owns them.
fn is_of_missions(entry: &str) -> bool {
    let path = entry.strip_prefix("./").unwrap_or(entry);
    let first = path.split('/').next().unwrap_or_default();
    if !first.contains(WILDCARDS) {
        return first == layout::MISSIONS;
    }
    let missions = Globs::new([format!("{}/**", layout::MISSIONS)], false);
    let own = Globs::new([entry], false);
    !first.starts_with('*') && matches!(own.overlap(&missions), Overlap::Shared(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(keys: &str, is_new: bool) -> Package {
        let text = format!("---\nwork_package_id: WP01\n{keys}---\n");
        let content = WorkPackage::parse(text.as_bytes(), "f").unwrap();
        Package { file: "f".to_owned(), content, is_new, is_settled: false }
    }

    fn told(package: &Package) -> Vec<String> {
        check(std::slice::from_ref(package), &[]).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let keys = "dependencies: [WP01, WP07]\nowned_files:\n- 'a{'\n- /x\n- a/../b\n- ok/**\n\
                    - kitty-specs/m/x\n";
        let path = "can match nothing: paths count from the top, without `/` or `..`";
        assert_eq!(
            told(&package(keys, true)),
            [
                "f:3: it depends on WP07, which is not there".to_owned(),
                "f:5: `a{` is no glob: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)".to_owned(),
                format!("f:6: `/x` {path}"),
                format!("f:7: `a/../b` {path}"),
                "f:9: `kitty-specs/m/x` is below `kitty-specs/`, which only work with \
                 `execution_mode: planning_artifact` may own"
                    .to_owned(),
            ]
        );
        let unread = ["WP07".parse().unwrap()];
        let list = package("dependencies: [WP07]\n", false);
        assert_eq!(check(std::slice::from_ref(&list), &unread), [], "its file is there");
        let list = package("dependencies:\n- WP01\n- WP09\nscope: codebase-wide\n", true);
        assert_eq!(told(&list), ["f:5: it depends on WP09, which is not there"]);
    }

    #[test]
    fn only_new_code_work_must_own_something_and_no_mission_files() {
        let nothing = "f:1: it changes code and owns no files: list them in `owned_files`";
        assert_eq!(told(&package("", true)), [nothing]);
        for (keys, is_new) in [
            ("", false),
            ("scope: codebase-wide\n", true),
            ("execution_mode: planning_artifact\n", true),
            ("owned_files: [kitty-specs/m/x]\n", false),
            ("execution_mode: planning_artifact\nowned_files: [kitty-specs/m/x]\n", true),
        ] {
            assert!(told(&package(keys, is_new)).is_empty(), "{keys}");
        }
        let wild = "`kitty-s*/x` matches paths below `kitty-specs/`, which";
        let long = format!("owned_files: ['kitty-s*/x', '/{}']\n", "x".repeat(5000));
        let said = told(&package(&long, true));
        assert!(said[1].contains(wild) && said[0].len() < 300, "{said:?}");
        let settled = Package { is_settled: true, ..package("owned_files: ['a{']\n", false) };
        assert!(told(&settled).is_empty());
    }

    #[test]
    fn mission_files_are_found_behind_wildcards_too() {
        for entry in ["kitty-specs", "./kitty-specs/x", "kitty-spec?/**", "{src,kitty-specs}/**"] {
            assert!(is_of_missions(entry), "{entry}");
        }
        for entry in ["kitty-specs-old/x", "src/kitty-specs/**", "**/*.md", "**", "src/{a,b}/**"] {
            assert!(!is_of_missions(entry), "{entry}");
        }
    }
}
