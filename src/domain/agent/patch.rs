//! The patches of `apply_patch` (openai/codex, `codex-rs/apply-patch`): a line before each file
//! names it.

/// The words before a path.
const HEADS: [&str; 4] =
    ["*** Add File: ", "*** Update File: ", "*** Delete File: ", "*** Move to: "];

/// The word of the file whose lines of context begin with a blank.
const UPDATE: &str = "*** Update File: ";

/// Whether the text is such a patch, or has one in it.
pub(super) fn is_patch(text: &str) -> bool {
    text.contains("*** Begin Patch")
}

/// The paths of a patch, in the order in which they stand there; both of a move. The tool takes
/// blanks around a head where no line of a file can stand, and so do we.
pub(super) fn paths(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut in_update = false;
    for line in text.lines() {
        let is_content = line.starts_with('+') || (in_update && line.starts_with([' ', '-']));
        let head = line.trim();
        let named = HEADS.iter().find_map(|word| Some((*word, head.strip_prefix(word)?)));
        if let Some((word, path)) = named.filter(|_| !is_content) {
            found.push(path);
            in_update = word == UPDATE || (in_update && word == "*** Move to: ");
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_found_and_no_line_of_a_file() {
        let text = "*** Begin Patch\n*** Add File: a b.txt\n+*** Update File: not.txt\n\
                    \x20 *** Update File: padded.txt\n*** Move to: new.txt\n@@ fn x\n \
                    *** Delete File: context.txt\n-*** Add File: gone.txt\n+x\n\
                    *** Delete File: c.txt\n\t*** Add File: tab.txt\n+\n*** End Patch\n";
        let expected = ["a b.txt", "padded.txt", "new.txt", "c.txt", "tab.txt"];
        assert_eq!(paths(text), expected);
        assert!(is_patch(text) && paths("*** Begin Patch\n*** End Patch").is_empty());
    }

    #[test]
    fn lines_that_end_as_on_windows_name_the_same_files() {
        assert_eq!(paths("*** Begin Patch\r\n*** Update File: a.txt\r\n"), ["a.txt"]);
    }
}
