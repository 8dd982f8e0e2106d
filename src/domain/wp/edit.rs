//! Changing a work package file on the lines of the keys concerned, and nowhere else.

use super::{WorkPackage, front_matter};
use crate::domain::frontmatter::FrontMatter;
use crate::domain::refusal::{Document, Refusal};
use crate::domain::source::Source;
use crate::domain::yaml::{self, Change, Wanted};

/// The keys that the reference writes, in its order (`formats.md` section 1): a new key goes behind
/// those before it.
const ORDER: &[&str] = &[
    "work_package_id",
    "title",
    "dependencies",
    "requirement_refs",
    "planning_base_branch",
    "merge_target_branch",
    "branch_strategy",
    "base_branch",
    "base_commit",
    "created_at",
    "subtasks",
    "phase",
    "assignee",
    "agent",
    "shell_pid",
    "shell_pid_created_at",
    "scope",
    "history",
];

/// What a key of the front matter is to say.
#[derive(Debug, Clone, Copy)]
pub struct Edit<'a> {
    /// The key, one of the format's.
    pub key: &'a str,
    /// Its value.
    pub wanted: Wanted<'a>,
}

impl<'a> Edit<'a> {
    /// A key with a single value, set or replaced.
    #[must_use]
    pub const fn set(key: &'a str, text: &'a str) -> Self {
        Self { key, wanted: Wanted::Text(text) }
    }

    /// A list that gets those of these texts that it lacks, at its end.
    #[must_use]
    pub const fn include(key: &'a str, texts: &'a [&'a str]) -> Self {
        Self { key, wanted: Wanted::Including(texts) }
    }
}

/// The bytes of a work package file after some edits, each of another key. Outside of the lines of
/// these keys every byte stays, and where they say already what is wanted, there too: editing twice
/// is editing once. Values are quoted only where a reader of YAML 1.1 or 1.2 needs it.
///
/// # Errors
/// [`Refusal::KeyNotEditable`] if a key cannot be changed on its own, and [`Refusal::Damaged`] if
/// the file cannot be read, as it is or with the new values.
pub fn edit(bytes: &[u8], file: &str, edits: &[Edit<'_>]) -> Result<Vec<u8>, Refusal> {
    let source = Source::new(Document::WorkPackage, file);
    let front = front_matter(bytes, source)?;
    let yaml = source.utf8(front.yaml, FrontMatter::YAML_LINE)?;
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| rank(edit.key));
    let changes: Vec<_> = edits.iter().map(change).collect();
    let edited = yaml::edit(yaml, FrontMatter::YAML_LINE, source, &changes)?;
    let whole = [front.opening, edited.as_bytes(), front.closing, front.body].concat();
    WorkPackage::parse(&whole, file)?;
    Ok(whole)
}

fn change<'a>(edit: &Edit<'a>) -> Change<'a> {
    let behind = ORDER.get(..rank(edit.key)).filter(|behind| behind.len() < ORDER.len());
    Change { key: edit.key, wanted: edit.wanted, behind: behind.unwrap_or_default() }
}

/// The place of a key among those of the reference; behind them all for others.
fn rank(key: &str) -> usize {
    ORDER.iter().position(|known| *known == key).unwrap_or(ORDER.len())
}
