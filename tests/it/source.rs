//! The source as text, for tests that hold documents and layers against it.

use std::fs;
use std::path::Path;

/// A file of the source.
pub(crate) struct Source {
    /// From the top of the repository, e.g. `src/git/repo.rs`.
    pub(crate) path: String,
    /// Its text without line comments and without unit tests.
    pub(crate) text: String,
}

/// The files at or below a path, sorted, without those that hold only unit tests.
pub(crate) fn production(path: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(path, &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(!found.is_empty(), "{path}");
    found
}

fn collect(path: &str, found: &mut Vec<Source>) {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if full.is_dir() {
        for entry in fs::read_dir(&full).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            collect(&format!("{path}/{name}"), found);
        }
    } else if path.ends_with(".rs") && !path.ends_with("_test.rs") && !path.ends_with("/tests.rs") {
        let text = code(&fs::read_to_string(full).unwrap());
        found.push(Source { path: path.to_owned(), text });
    }
}

/// Source text without line comments, and without the unit tests at its end.
pub(crate) fn code(text: &str) -> String {
    let before = text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
    before.lines().map(|line| format!("{}\n", without_comment(line))).collect()
}

/// A line up to `//`, unless that stands in a string.
fn without_comment(line: &str) -> &str {
    let bytes = line.as_bytes();
    let (mut at, mut quoted) = (0, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'"' if quoted || !bytes[..at].ends_with(b"'") => quoted = !quoted,
            b'/' if !quoted && bytes[at..].starts_with(b"//") => return &line[..at],
            _ => {}
        }
        at += 1;
    }
    line
}

/// The string literals of a text; escapes stay as they are written.
pub(crate) fn literals(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('"') {
        if rest[..start].ends_with('\'') {
            rest = &rest[start + 1..];
            continue;
        }
        let inside = &rest[start + 1..];
        let mut end = 0;
        while !inside[end..].starts_with('"') {
            end += if inside[end..].starts_with('\\') { 2 } else { 1 };
            while !inside.is_char_boundary(end) {
                end += 1;
            }
        }
        found.push(inside[..end].to_owned());
        rest = &inside[end + 1..];
    }
    found
}

#[test]
fn strings_are_found_and_comments_are_not() {
    let text = "//! a \"doc\"\nlet a = \"x // y\"; // z \"q\"\nmatch c { '\"' => \"é\\\"\" }\n\n#[cfg(test)]\nmod tests { \"t\" }";
    let code = code(text);
    assert_eq!(literals(&code), ["x // y", "é\\\""]);
    assert!(!code.contains("mod tests"));
}
