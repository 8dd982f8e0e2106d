//! `review-cycle-N.md`, what a reviewer found (`formats.md` section 1).
//!
//! The verdict that counts is in the event log; the one in older files is read for comparison. Many
//! of these files are plain Markdown.

use super::Verdict;
use crate::domain::frontmatter::{self, FrontMatter};
use crate::domain::id::WpId;
use crate::domain::refusal::{Document, Refusal, Warning};
use crate::domain::source::Source;
use crate::domain::yaml::{self, Field, Node, Table, Value};

/// One round of review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewCycle {
    /// Which round, counted from 1, by the name of the file.
    pub number: u32,
    /// The work package.
    pub wp_id: Option<WpId>,
    /// The mission.
    pub mission_slug: Option<String>,
    /// Who reviewed.
    pub reviewer: Option<String>,
    /// When, as written.
    pub reviewed_at: Option<String>,
    /// What came out, in files that say so.
    pub verdict: Option<Verdict>,
    /// The files it speaks of.
    pub affected_files: Vec<AffectedFile>,
    /// How to see the fault.
    pub reproduction_command: Option<String>,
    /// Who set the review aside, and why.
    pub set_aside: Option<SetAside>,
    /// What is strange about it and does no harm.
    pub warnings: Vec<Warning>,
}

/// A file that a review speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffectedFile {
    /// Its path, as written.
    pub path: String,
    /// The lines, as written.
    pub line_range: Option<String>,
}

/// An arbiter's decision against the review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// `review_artifact_override_actor`.
    pub actor: String,
    /// `review_artifact_override_reason`.
    pub reason: Option<String>,
}

/// The round that a file name is of: `review-cycle-12.md` is 12; `None` for any other name, and 0.
#[must_use]
pub fn cycle_number(file_name: &str) -> Option<u32> {
    let digits = file_name.strip_prefix("review-cycle-")?.strip_suffix(".md")?;
    let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok());
    number.flatten().filter(|number| *number > 0)
}

impl ReviewCycle {
    /// Reads the bytes of a file, named by its whole path.
    ///
    /// # Errors
    /// [`Refusal::Damaged`]: another file name, front matter that is not closed or no YAML, a value
    /// of the wrong type.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Self, Refusal> {
        let source = Source::new(Document::ReviewCycle, file);
        let name = file.rsplit('/').next().unwrap_or(file);
        let number = cycle_number(name).ok_or_else(|| {
            Refusal::damaged(source.document, file, None, "not named `review-cycle-N.md`")
        })?;
        let front = frontmatter::split(bytes)
            .map_err(|frontmatter::Unclosed| source.damaged(1, "the front matter is not closed"))?;
        let yaml = front.map_or(&b""[..], |front| front.yaml);
        let yaml = source.utf8(yaml, FrontMatter::YAML_LINE)?;
        let root = yaml::read(yaml, FrontMatter::YAML_LINE, source)?;
        Self::from_table(number, &Table::top(source, root.as_ref())?)
    }

    fn from_table(number: u32, table: &Table<'_>) -> Result<Self, Refusal> {
        let mut warnings = Vec::new();
        let verdict = verdict(table, &mut warnings)?;
        warnings.extend(other_number(table, number)?);
        Ok(Self {
            number,
            wp_id: table.parsed("wp_id")?,
            mission_slug: table.text("mission_slug")?,
            reviewer: table.text("reviewer_agent")?,
            reviewed_at: table.text("reviewed_at")?,
            verdict,
            affected_files: affected_files(table)?,
            reproduction_command: table.text("reproduction_command")?,
            set_aside: set_aside(table)?,
            warnings,
        })
    }
}

/// The verdict; a word outside the vocabulary is told, and read as the stricter one.
fn verdict(table: &Table<'_>, warnings: &mut Vec<Warning>) -> Result<Option<Verdict>, Refusal> {
    let Some(field) = table.field("verdict") else { return Ok(None) };
    let Some(text) = field.text()? else { return Ok(None) };
    Ok(Some(verdict_of(&text).unwrap_or_else(|| {
        let what = " is no known verdict, and read as `changes_requested`";
        warnings.push(strange(&field, what));
        Verdict::ChangesRequested
    })))
}

/// What a word of files and events stands for; `None` for one that neither has.
pub(super) fn verdict_of(word: &str) -> Option<Verdict> {
    match word {
        "approved" | "arbiter_override" | "approved_after_orchestrator_fix" => {
            Some(Verdict::Approved)
        }
        "rejected" | "changes_requested" => Some(Verdict::ChangesRequested),
        _ => None,
    }
}

fn other_number(table: &Table<'_>, number: u32) -> Result<Option<Warning>, Refusal> {
    let Some(field) = table.field("cycle_number") else { return Ok(None) };
    let text = field.text()?.unwrap_or_default();
    let what = " differs from the name of the file, which holds";
    Ok((text.parse() != Ok(number)).then(|| strange(&field, what)))
}

fn strange(field: &Field<'_>, what: &str) -> Warning {
    Warning { code: "UNKNOWN_FRONTMATTER_VALUE", message: field.wrong(what).to_string() }
}

fn affected_files(table: &Table<'_>) -> Result<Vec<AffectedFile>, Refusal> {
    let Some(field) = table.field("affected_files") else { return Ok(Vec::new()) };
    field.items()?.iter().map(|item| affected_file(&field, item)).collect()
}

fn affected_file(field: &Field<'_>, item: &Node) -> Result<AffectedFile, Refusal> {
    let (path, line_range) = match &item.value {
        Value::Mapping(mapping) => {
            let text = |key| mapping.entry(key).and_then(|entry| entry.value.text());
            (text("path"), text("line_range"))
        }
        Value::Scalar(_) | Value::Sequence(_) => (item.text(), None),
    };
    let path = path.ok_or_else(|| field.wrong_at(item.line, " has an item without a path"))?;
    Ok(AffectedFile { path: path.to_owned(), line_range: line_range.map(str::to_owned) })
}

fn set_aside(table: &Table<'_>) -> Result<Option<SetAside>, Refusal> {
    let reason = table.text("review_artifact_override_reason")?;
    let actor = table.text("review_artifact_override_actor")?.filter(|actor| !actor.is_empty());
    Ok(actor.map(|actor| SetAside { actor, reason }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review(text: &str) -> Result<ReviewCycle, String> {
        ReviewCycle::parse(text.as_bytes(), "tasks/WP01-x/review-cycle-2.md")
            .map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn only_the_right_names_have_a_number() {
        assert_eq!(cycle_number("review-cycle-12.md"), Some(12));
        for name in
            ["review-cycle-.md", "review-cycle-+1.md", "review-cycle-0.md", "review-cycle-1.md~"]
        {
            assert_eq!(cycle_number(name), None, "{name}");
        }
        assert!(ReviewCycle::parse(b"", "tasks/notes.md").is_err());
    }

    #[test]
    fn both_forms_are_read() {
        let plain = review("# It fails\n").unwrap();
        assert_eq!((plain.number, plain.verdict, plain.wp_id), (2, None, None));
        let full = review(
            "---\ncycle_number: 2\nwp_id: WP01\nreviewer_agent: ann\nverdict: arbiter_override\n\
             affected_files:\n- {path: a.rs, line_range: 1-3}\n- b.rs\nreproduction_command:\n\
             review_artifact_override_actor: bob\n---\nText\n",
        )
        .unwrap();
        assert_eq!(full.verdict, Some(Verdict::Approved));
        assert_eq!(full.affected_files[0].line_range.as_deref(), Some("1-3"));
        assert_eq!(full.affected_files[1].path, "b.rs");
        assert_eq!(full.set_aside.unwrap().actor, "bob");
        assert_eq!((full.reproduction_command, full.warnings), (None, Vec::new()));
    }

    #[test]
    fn strange_values_are_told_and_read_strictly() {
        let strange = review("---\ncycle_number: 3\nverdict: reject\n---\n").unwrap();
        assert_eq!(strange.verdict, Some(Verdict::ChangesRequested));
        let told: Vec<_> = strange.warnings.iter().map(|w| w.message.as_str()).collect();
        assert_eq!(
            told,
            [
                "tasks/WP01-x/review-cycle-2.md:3: `verdict` is no known verdict, and read as \
             `changes_requested`",
                "tasks/WP01-x/review-cycle-2.md:2: `cycle_number` differs from the name of the file, \
             which holds",
            ]
        );
        assert!(review("---\nverdict: [a]\n---\n").is_err());
        assert!(review("---\nverdict: approved\n").unwrap_err().ends_with("is not closed"));
    }
}
