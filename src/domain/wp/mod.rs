//! Work package files, `tasks/WP##*.md`: YAML front matter, then Markdown for people.
//!
//! Source of the format: `formats.md` section 1. Reading is strict about what decides ownership,
//! identity and order, and about types; a key that nobody knows is kept and told. The body is not
//! looked at, but for [`activity_log`]. [`edit()`] changes single keys.

mod activity;
mod edit;
mod keys;
mod values;

pub use activity::{ActivityEntry, activity_log};
pub use edit::{Edit, edit};
pub use values::{Agent, Branches, ExecutionMode, HistoryEntry, Scope, Subtask};

use super::frontmatter::{self, FrontMatter};
use super::id::WpId;
use super::refusal::{Document, Refusal, Warning};
use super::source::Source;
use super::status::Status;
use super::yaml::{self, Located, Mapping, Table};

/// A work package as its file has it.
#[derive(Debug, Clone)]
pub struct WorkPackage {
    /// `work_package_id`, the only key that must be there.
    pub id: WpId,
    /// `title`, or the older `work_package_title`.
    pub title: Option<String>,
    /// The work packages that must be finished before.
    pub dependencies: Vec<WpId>,
    /// The globs of the paths it may change, as written, with their lines.
    pub owned_files: Vec<Located>,
    /// Owned paths that do not exist yet.
    pub create_intent: Vec<Located>,
    /// What kind of work it is.
    pub execution_mode: Option<ExecutionMode>,
    /// A scope wider than its globs.
    pub scope: Option<Scope>,
    /// The steps it consists of, in order.
    pub subtasks: Vec<Subtask>,
    /// `history`, then `activity_log` where the front matter has one.
    pub history: Vec<HistoryEntry>,
    /// The status that older files keep in `lane:`, by its present name (`doing` is `in_progress`).
    pub legacy_status: Option<Status>,
    /// Who works on it.
    pub agent: Option<Agent>,
    /// The branches and the commit it was planned on.
    pub branches: Branches,
    /// The requirements it meets.
    pub requirement_refs: Vec<String>,
    /// Its issues in a tracker.
    pub tracker_refs: Vec<String>,
    /// All keys and values, unknown ones included, as they stand in the file.
    pub front_matter: Mapping,
    /// Unknown keys and values, and duplicate keys.
    pub warnings: Vec<Warning>,
}

impl WorkPackage {
    /// Reads the bytes of a work package file.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] with the line: no front matter, bad YAML, no or a bad
    /// `work_package_id`, a value of the wrong type, a status, dependency or base commit that is
    /// none, or a key of ownership or identity that occurs twice with different values.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Self, Refusal> {
        let (content, faults) = Self::read(bytes, file);
        match (content, faults.into_iter().next()) {
            (Some(content), None) => Ok(content),
            (_, Some(fault)) => Err(fault),
            (None, None) => Err(missing_id(Source::new(Document::WorkPackage, file))),
        }
    }

    /// What can be read of the bytes of a work package file, and all that [`WorkPackage::parse`]
    /// refuses in them. What is wrong counts as absent; without its id there is no work package.
    #[must_use]
    pub fn read(bytes: &[u8], file: &str) -> (Option<Self>, Vec<Refusal>) {
        let source = Source::new(Document::WorkPackage, file);
        let root = front_matter(bytes, source)
            .and_then(|front| source.utf8(front.yaml, FrontMatter::YAML_LINE))
            .and_then(|yaml| yaml::read(yaml, FrontMatter::YAML_LINE, source));
        let root = match root {
            Ok(root) => root,
            Err(fault) => return (None, vec![fault]),
        };
        match Table::top(source, root.as_ref()) {
            Ok(table) => Self::from_table(source, table),
            Err(fault) => (None, vec![fault]),
        }
    }

    fn from_table(source: Source<'_>, table: Table<'_>) -> (Option<Self>, Vec<Refusal>) {
        let mut faults = Faults(Vec::new());
        let mut warnings = faults.or_absent(keys::check(source, table.mapping()));
        let id = table.parsed("work_package_id");
        let id = faults.or_absent(id.and_then(|id| id.map(Some).ok_or_else(|| missing_id(source))));
        let execution_mode =
            faults.or_absent(table.text("execution_mode")).map(ExecutionMode::from_text);
        let scope = faults.or_absent(table.text("scope")).map(Scope::from_text);
        warnings.extend(keys::unknown_values(&table, execution_mode.as_ref(), scope.as_ref()));
        let content = |id| Self {
            id,
            title: faults.or_absent(values::title(&table)),
            dependencies: faults.or_absent(values::dependencies(&table)),
            owned_files: faults.or_absent(table.texts("owned_files")),
            create_intent: faults.or_absent(table.texts("create_intent")),
            execution_mode,
            scope,
            subtasks: faults.or_absent(values::subtasks(&table)),
            history: faults.or_absent(values::history(&table)),
            legacy_status: faults.or_absent(values::legacy_status(&table)),
            agent: faults.or_absent(values::agent(&table)),
            branches: faults.or_absent(values::branches(&table)),
            requirement_refs: faults.or_absent(values::references(&table, "requirement_refs")),
            tracker_refs: faults.or_absent(values::references(&table, "tracker_refs")),
            front_matter: table.mapping().clone(),
            warnings,
        };
        (id.map(content), faults.0)
    }

    /// The text of any key of the front matter that has a single value: `mission_id`, `phase`,
    /// `model` and so on. `None` if it is absent, null, a list or a mapping.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.front_matter.entry(key)?.value.text()
    }
}

impl WorkPackage {
    /// The entries of `owned_files`, as written.
    pub fn owned_entries(&self) -> impl Iterator<Item = &str> {
        self.owned_files.iter().map(|entry| entry.text.as_str())
    }

    /// Whether its scope is the whole code base, whatever its globs say.
    #[must_use]
    pub fn is_codebase_wide(&self) -> bool {
        self.scope == Some(Scope::CodebaseWide)
    }

    /// Whether no path can be its own.
    #[must_use]
    pub fn owns_nothing(&self) -> bool {
        self.owned_files.is_empty() && !self.is_codebase_wide()
    }
}

/// What was wrong so far.
struct Faults(Vec<Refusal>);

impl Faults {
    /// The value; if it is wrong, none.
    fn or_absent<T: Default>(&mut self, read: Result<T, Refusal>) -> T {
        read.unwrap_or_else(|fault| {
            self.0.push(fault);
            T::default()
        })
    }
}

fn missing_id(source: Source<'_>) -> Refusal {
    source.damaged(1, "`work_package_id` is missing")
}

fn front_matter<'a>(bytes: &'a [u8], source: Source<'_>) -> Result<FrontMatter<'a>, Refusal> {
    frontmatter::split(bytes)
        .map_err(|frontmatter::Unclosed| source.damaged(1, "the front matter is not closed"))?
        .ok_or_else(|| source.damaged(1, "no front matter: the first line must be `---`"))
}

#[cfg(test)]
mod edit_test;
#[cfg(test)]
mod tests;
