//! Review prompts: one file an invocation, and what it says of where it belongs (`formats.md`
//! section 9).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::frontmatter::{self, FrontMatter};
use crate::domain::refusal::Document;
use crate::domain::source::Source;
use crate::domain::yaml::{self, Table};

/// The directory of all prompts, in the system's temporary one.
pub const DIRECTORY: &str = "spec-kitty-review-prompts";
/// How many prompts of one work package are kept.
pub const KEPT: usize = 20;

/// Where a prompt belongs. Each field is compared before a prompt is trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// The one invocation that it was made for: a UUID as 32 hexadecimal digits.
    pub invocation_id: String,
    /// The primary checkout, or a bare repository itself; absolute.
    pub repo_root: String,
    /// The mission's id; empty for an older mission without one.
    pub mission_id: String,
    /// The mission's directory.
    pub mission_slug: String,
    /// The work package.
    pub work_package_id: String,
    /// Where the lane is checked out, absolute; of a work package without a lane, the checkout.
    pub lane_worktree: String,
    /// The branch that lanes are merged into.
    pub mission_branch: String,
    /// The lane's branch; of a work package without a lane, the target.
    pub lane_branch: String,
    /// The branch that the lane is compared with.
    pub base_ref: String,
    /// The prompt's own file, absolute.
    pub prompt_path: String,
    /// When it was made, as the log writes times.
    pub created_at: String,
}

/// What a file says in its front matter: the keys of [`Metadata`] that are there, once and as text.
pub type Claims = BTreeMap<&'static str, String>;

/// What keeps a prompt from being trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distrust {
    /// What the repository says.
    pub requested: Metadata,
    /// What the prompt says.
    pub claims: Claims,
    /// The keys that the prompt lacks.
    pub missing: Vec<&'static str>,
    /// The keys that it has with another value.
    pub mismatched: Vec<&'static str>,
}

impl Metadata {
    /// The keys with their values, in the order in which they are written.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, &str); 11] {
        [
            ("invocation_id", &self.invocation_id),
            ("repo_root", &self.repo_root),
            ("mission_id", &self.mission_id),
            ("mission_slug", &self.mission_slug),
            ("work_package_id", &self.work_package_id),
            ("lane_worktree", &self.lane_worktree),
            ("mission_branch", &self.mission_branch),
            ("lane_branch", &self.lane_branch),
            ("base_ref", &self.base_ref),
            ("prompt_path", &self.prompt_path),
            ("created_at", &self.created_at),
        ]
    }

    /// The file: the metadata as front matter, then `body`.
    #[must_use]
    pub fn document(&self, body: &str) -> String {
        let line = |(key, value): &(&str, &str)| format!("{key}: {}\n", yaml::scalar(value));
        let yaml: String = self.fields().iter().map(line).collect();
        format!("---\n{yaml}---\n\n{body}")
    }

    /// Compares a prompt with what the repository says, where `doubtful` keys differ whatever the
    /// prompt says; `None` if all of it is the same.
    #[must_use]
    pub fn distrusts(self, claims: Claims, doubtful: &[&str]) -> Option<Distrust> {
        let (mut missing, mut mismatched) = (Vec::new(), Vec::new());
        for (key, value) in self.fields() {
            match claims.get(key) {
                None => missing.push(key),
                Some(claimed) if claimed != value || doubtful.contains(&key) => {
                    mismatched.push(key)
                }
                Some(_) => {}
            }
        }
        let is_trusted = missing.is_empty() && mismatched.is_empty();
        (!is_trusted).then_some(Distrust { requested: self, claims, missing, mismatched })
    }
}

/// What a file claims of itself. A file without front matter that can be read claims nothing, as does
/// a key that stands there twice or is no single value.
#[must_use]
pub fn claims(bytes: &[u8]) -> Claims {
    read(bytes).unwrap_or_default()
}

fn read(bytes: &[u8]) -> Option<Claims> {
    let front = frontmatter::split(bytes).ok()??;
    // What is wrong is not told: it claims nothing.
    let source = Source::new(Document::ReviewCycle, "");
    let text = source.utf8(front.yaml, FrontMatter::YAML_LINE).ok()?;
    let root = yaml::read(text, FrontMatter::YAML_LINE, source).ok()?;
    let table = Table::top(source, root.as_ref()).ok()?;
    let twice = table.mapping().duplicates();
    let is_once = |key: &&str| !twice.iter().any(|twice| twice.again.key == *key);
    let keys = Metadata::default().fields().map(|(key, _)| key).into_iter().filter(is_once);
    Some(keys.filter_map(|key| Some((key, table.text(key).ok()??))).collect())
}

/// A part of a prompt's path: each run of characters other than `A-Z a-z 0-9 . _ -` is one `-`.
#[must_use]
pub fn sanitized(part: &str) -> String {
    let mut text = String::new();
    for c in part.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') => text.push(c),
            _ if text.ends_with(REPLACED) => {}
            _ => text.push(REPLACED),
        }
    }
    text.replace(REPLACED, "-")
}

/// Stands for a run while it is collected, since a `-` of the part itself begins none.
const REPLACED: char = '\0';

/// Whether the text is the name of an invocation.
#[must_use]
pub fn is_invocation(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata() -> Metadata {
        let value = |key: &str| format!("{key}: 'of' #1 \u{e9}");
        let mut all = Metadata::default();
        for (key, field) in all.fields_mut() {
            *field = value(key);
        }
        all
    }

    impl Metadata {
        fn fields_mut(&mut self) -> [(&'static str, &mut String); 11] {
            let keys = Self::default().fields().map(|(key, _)| key);
            let Self {
                invocation_id,
                repo_root,
                mission_id,
                mission_slug,
                work_package_id,
                lane_worktree,
                mission_branch,
                lane_branch,
                base_ref,
                prompt_path,
                created_at,
            } = self;
            let values = [
                invocation_id,
                repo_root,
                mission_id,
                mission_slug,
                work_package_id,
                lane_worktree,
                mission_branch,
                lane_branch,
                base_ref,
                prompt_path,
                created_at,
            ];
            let mut values = values.into_iter();
            keys.map(|key| (key, values.next().unwrap()))
        }
    }

    #[test]
    fn what_was_written_is_read_and_trusted() {
        for metadata in [metadata(), Metadata::default()] {
            let text = metadata.document("Read this.\n");
            assert_eq!(metadata.distrusts(claims(text.as_bytes()), &[]), None, "{text}");
        }
        let windows = metadata().document("").replace('\n', "\r\n");
        assert_eq!(metadata().distrusts(claims(windows.as_bytes()), &[]), None);
    }

    #[test]
    fn each_field_counts() {
        for (key, _) in metadata().fields() {
            let mut other = metadata();
            for (_, value) in other.fields_mut().into_iter().filter(|(own, _)| *own == key) {
                value.push('x');
            }
            let distrust = metadata().distrusts(claims(other.document("").as_bytes()), &[]);
            let distrust = distrust.unwrap();
            assert_eq!((distrust.missing, distrust.mismatched), (Vec::new(), vec![key]));
            let text = metadata().document("");
            let lacks: String =
                text.split_inclusive('\n').filter(|l| !l.starts_with(key)).collect();
            let distrust = metadata().distrusts(claims(lacks.as_bytes()), &[]).unwrap();
            assert_eq!((distrust.missing, distrust.mismatched), (vec![key], Vec::new()));
        }
    }

    #[test]
    fn a_key_that_stands_twice_or_is_a_list_is_missing() {
        let text = metadata().document("");
        for more in ["base_ref: x\n---", "base_ref: [x]\n---"] {
            let text = text.replacen("\n---", &format!("\n{more}"), 1);
            let distrust = metadata().distrusts(claims(text.as_bytes()), &[]).unwrap();
            assert_eq!(distrust.missing, ["base_ref"]);
        }
        let damaged = ["---\na: 1\n", "---\n- a\n---\n", "---\n\u{1}\n---\n"];
        for none in ["", "# Review\n", "---\n---\n"].iter().chain(&damaged) {
            assert_eq!(claims(none.as_bytes()), Claims::new());
        }
    }

    #[test]
    fn parts_of_paths_are_plain() {
        assert_eq!(sanitized("a b/\u{e9}c--d.e_F"), "a-b-c--d.e_F");
        assert_eq!(sanitized("- -"), "---");
        assert!(is_invocation(&"0f".repeat(16)) && !is_invocation(&"0F".repeat(16)));
    }
}
