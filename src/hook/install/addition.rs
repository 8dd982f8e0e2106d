//! Lines that we add at the end of a file that is not ours, and take away again exactly.

use serde::{Deserialize, Serialize};

/// Why lines were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Hooks need them; they go when hooks are installed in another way.
    Hooks,
    /// The repository was set up with them; they stay until it is uninstalled.
    Setup,
}

/// Lines at the end of a file below the common directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addition {
    /// The file, relative to the common directory.
    pub file: String,
    /// The text, ending in a newline. As recorded it starts with one too where the file's last
    /// line had none.
    pub text: String,
    /// Why it is there.
    pub purpose: Purpose,
    /// Whether the file was made for it.
    #[serde(default)]
    pub created: bool,
}

impl Addition {
    /// One line, or several, for a file.
    #[must_use]
    pub fn new(file: &str, text: &str, purpose: Purpose) -> Self {
        Self { file: file.to_owned(), text: text.to_owned(), purpose, created: false }
    }

    /// Whether the two are about the same lines of the same file.
    pub(super) fn is_about(&self, other: &Self) -> bool {
        self.file == other.file && self.text.trim_start() == other.text.trim_start()
    }

    /// Whether its last line stands in the file, however indented.
    pub(super) fn is_in(&self, bytes: &[u8]) -> bool {
        let wanted = self.last_line().trim_ascii();
        bytes.split(|&byte| byte == b'\n').any(|line| line.trim_ascii() == wanted)
    }

    /// The text as it has to be appended to these bytes.
    pub(super) fn for_end_of(&self, bytes: &[u8]) -> String {
        let newline = if matches!(bytes.last(), None | Some(b'\n')) { "" } else { "\n" };
        format!("{newline}{}", self.text)
    }

    /// The bytes without the recorded text, which may have been followed by other lines since.
    /// Where another tool has gone on in a section that we opened, its heading stays.
    pub(super) fn taken_from(&self, bytes: &[u8]) -> Vec<u8> {
        let text = self.text.as_bytes();
        let Some(start) = last_position(bytes, text) else { return bytes.to_vec() };
        let (before, rest) = bytes.split_at(start);
        let after = rest.get(text.len()..).unwrap_or_default();
        let mut kept = before.to_vec();
        if text.first() == Some(&b'\n') && !after.is_empty() {
            kept.push(b'\n');
        }
        if self.text.trim_start().starts_with('[') && goes_on(after) {
            let heading = self.text.trim_start().split_inclusive('\n').next().unwrap_or_default();
            kept.extend_from_slice(heading.as_bytes());
        }
        kept.extend_from_slice(after);
        kept
    }

    fn last_line(&self) -> &[u8] {
        self.text.trim_end().rsplit('\n').next().unwrap_or_default().as_bytes()
    }
}

/// Whether what follows still belongs to the section above it (git-config(1), "Syntax").
fn goes_on(after: &[u8]) -> bool {
    let mut lines = after.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let next =
        lines.find(|line| !line.is_empty() && !line.starts_with(b"#") && !line.starts_with(b";"));
    next.is_some_and(|line| !line.starts_with(b"["))
}

fn last_position(bytes: &[u8], text: &[u8]) -> Option<usize> {
    let at_line_start = |start: usize| {
        text.first() == Some(&b'\n') || start == 0 || bytes.get(start - 1) == Some(&b'\n')
    };
    (0..bytes.len()).rev().find(|&start| {
        at_line_start(start) && bytes.get(start..).is_some_and(|b| b.starts_with(text))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn include() -> Addition {
        Addition::new("config", "[include]\n\tpath = kitty/hooks.config\n", Purpose::Hooks)
    }

    fn added_to(addition: &Addition, bytes: &[u8]) -> (Addition, Vec<u8>) {
        let text = addition.for_end_of(bytes);
        let after = [bytes, text.as_bytes()].concat();
        (Addition { text, ..addition.clone() }, after)
    }

    proptest! {
        #[test]
        fn adding_and_taking_away_restores_any_bytes(bytes: Vec<u8>) {
            let (recorded, after) = added_to(&include(), &bytes);
            prop_assert!(recorded.is_in(&after));
            prop_assert_eq!(recorded.taken_from(&after), bytes);
        }
    }

    #[test]
    fn lines_that_came_later_stay_lines_of_their_own() {
        let (recorded, mut after) = added_to(&include(), b"[core]\n\tbare = false");
        after.extend_from_slice(b"[user]\n\tname = A\n");
        assert_eq!(recorded.taken_from(&after), b"[core]\n\tbare = false\n[user]\n\tname = A\n");
    }

    #[test]
    fn a_section_that_another_tool_continued_keeps_its_heading() {
        let (recorded, mut after) = added_to(&include(), b"[core]\n\tbare = false\n");
        after.extend_from_slice(b"\tpath = other\n");
        let kept = recorded.taken_from(&after);
        assert_eq!(kept, b"[core]\n\tbare = false\n[include]\n\tpath = other\n");
    }

    #[test]
    fn what_is_no_longer_there_is_not_searched_for() {
        assert_eq!(include().taken_from(b"[core]\n"), b"[core]\n");
        let line = Addition::new("info/exclude", "/a\n", Purpose::Setup);
        assert_eq!(line.taken_from(b"x/a\n"), b"x/a\n", "only whole lines are ours");
    }
}
