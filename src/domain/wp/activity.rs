//! The activity log that older work packages keep in their Markdown body.
//!
//! After a heading "Activity Log", each entry is a list item at the margin that begins with a date:
//! `- WHEN – WHO – shell_pid=N – lane=STATUS – TEXT`, where `–` may be any dash between blanks and
//! `shell_pid` and `lane` may be missing. Indented lines below carry the text on. Everything else,
//! and whatever stands in a fenced block, is instruction and not log.

use super::values::status_named;
use crate::domain::frontmatter;
use crate::domain::source::line_ends;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityEntry {
    /// The line of the file on which it begins, counted from 1.
    pub line: usize,
    /// The date or instant, as written.
    pub at: String,
    /// Who did it.
    pub actor: Option<String>,
    /// The process it was done in.
    pub shell_pid: Option<String>,
    /// The status it led to, by its present name.
    pub status: Option<String>,
    /// What was done.
    pub text: String,
}

/// The entries of a work package file, in its order. Lines that are not UTF-8 are read as far as
/// they can be.
#[must_use]
pub fn activity_log(file: &[u8]) -> Vec<ActivityEntry> {
    let front = frontmatter::split(file).ok().flatten();
    let (first_line, body) = front.map_or((1, file), |front| (front.body_line(), front.body));
    let Some((before, log)) = split_at_heading(body) else { return Vec::new() };
    let log = String::from_utf8_lossy(log);
    let mut entries: Vec<ActivityEntry> = Vec::new();
    for (at, line) in unfenced(&log, first_line + line_ends(before)) {
        if let Some(entry) = entry(line, at) {
            entries.push(entry);
        } else if let (true, Some(last)) = (is_indented(line), entries.last_mut()) {
            last.text.push('\n');
            last.text.push_str(line.trim());
        }
    }
    entries
}

/// The body before the heading, and from the heading on.
fn split_at_heading(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut at = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        if is_heading(line) {
            return body.split_at_checked(at);
        }
        at += line.len();
    }
    None
}

fn is_heading(line: &[u8]) -> bool {
    let hashes = line.iter().take_while(|byte| **byte == b'#').count();
    let title = line.get(hashes..).unwrap_or_default();
    hashes > 0 && title.trim_ascii().eq_ignore_ascii_case(b"activity log")
}

/// The lines outside of fenced blocks, with their numbers.
fn unfenced(text: &str, first_line: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(at, line)| {
        let fence = line.starts_with("```") || line.starts_with("~~~");
        fenced ^= fence;
        (!fence && !fenced).then_some((first_line + at, line))
    })
}

fn is_indented(line: &str) -> bool {
    line.starts_with([' ', '\t']) && !line.trim().is_empty()
}

fn entry(line: &str, at: usize) -> Option<ActivityEntry> {
    let (when, rest) = line.strip_prefix("- ")?.split_once(' ')?;
    let (dash, rest) = rest.split_once(' ')?;
    if !is_date(when) || !matches!(dash, "–" | "—" | "-" | "--") {
        return None;
    }
    let separator = format!(" {dash} ");
    let (actor, mut rest) = rest
        .split_once(&separator)
        .map_or((None, rest), |(actor, rest)| (Some(actor.trim().to_owned()), rest));
    let shell_pid = attribute(&mut rest, "shell_pid=", &separator);
    let status = attribute(&mut rest, "lane=", &separator);
    Some(ActivityEntry {
        line: at,
        at: when.to_owned(),
        actor,
        shell_pid,
        status: status.and_then(|text| status_named(&text)).map(|status| status.to_string()),
        text: rest.trim().to_owned(),
    })
}

/// Takes `name` and its value off the front of `rest`, if it stands there; `None` if it is empty.
fn attribute(rest: &mut &str, name: &str, separator: &str) -> Option<String> {
    let value = rest.strip_prefix(name)?;
    let (value, after) = value.split_once(separator).unwrap_or((value, ""));
    *rest = after;
    Some(value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Whether it begins as `2026-01-20` does.
fn is_date(text: &str) -> bool {
    let mut bytes = text.bytes();
    "dddd-dd-dd".bytes().all(|kind| {
        bytes.next().is_some_and(|b| if kind == b'd' { b.is_ascii_digit() } else { b == kind })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(body: &str) -> Vec<ActivityEntry> {
        activity_log(format!("---\nwork_package_id: WP01\n---\n{body}").as_bytes())
    }

    #[test]
    fn all_ways_to_write_an_entry_are_read() {
        let entries = read(
            "# Task\n- 2026-01-01T00:00:00Z – x – too early\n\n## Activity Log\n\n\
             > - 2026-01-01T00:00:00Z – x – a quotation\n\
             ```text\n- 2026-01-01T00:00:00Z – x – an example\n```\n\
             - 2026-02-01T10:00:00Z – ann – shell_pid=17 – lane=doing – began – at last\n\
             \x20 and went on\n\
             - 2026-02-02 - bob-x - lane=done - ended - well\n\
             - 2026-02-03T10:00:00Z -- ann -- shell_pid= -- handed over\n\
             - 2026-02-04 — only a text\n\
             - not an entry\n",
        );
        let told: Vec<String> = entries
            .iter()
            .map(|e| {
                let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "?".to_owned());
                let (actor, pid, status) = (part(&e.actor), part(&e.shell_pid), part(&e.status));
                format!("{} {} {actor} {pid} {status} {:?}", e.line, e.at, e.text)
            })
            .collect();
        assert_eq!(
            told,
            [
                "13 2026-02-01T10:00:00Z ann 17 in_progress \"began – at last\\nand went on\"",
                "15 2026-02-02 bob-x ? done \"ended - well\"",
                "16 2026-02-03T10:00:00Z ann ? ? \"handed over\"",
                "17 2026-02-04 ? ? ? \"only a text\"",
            ]
        );
    }

    #[test]
    fn without_the_heading_there_is_no_log() {
        assert_eq!(read("## Log\n- 2026-01-01T00:00:00Z – x – y\n"), []);
        assert_eq!(activity_log(b"---\nunclosed"), []);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let with_heading = [b"# Activity Log\n- 2026-01-01 - ", bytes.as_slice()].concat();
            let _ = activity_log(&bytes);
            prop_assert!(activity_log(&with_heading).len() <= 1 + line_ends(&bytes));
        }
    }
}
