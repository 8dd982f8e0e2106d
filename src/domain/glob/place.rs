//! Where the paths of an entry can only be, so that nobody has to look at all.

use super::pattern::{Meaning, Pattern};

/// What has to be looked at to find a path that an entry owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place<'p> {
    /// This path, and what is below it.
    Path(&'p str),
    /// What is below this directory.
    Below(&'p str),
    /// The path that is spelled like the entry, and those below `directory` (the top if it is empty)
    /// that begin with `begins` and end with `ends`.
    Among {
        /// The entry's own spelling.
        own: &'p str,
        /// A directory without wildcards in its name.
        directory: &'p str,
        /// What all paths begin with, from the top.
        begins: &'p str,
        /// What all paths end with.
        ends: &'p str,
    },
}

impl Pattern {
    /// Where its paths can only be. With folded case that is everywhere.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        let own = self.path();
        let glob = match self.meaning() {
            Meaning::Path(path) if !self.folds_case() => return Place::Path(path),
            Meaning::Below(directory) if !self.folds_case() => return Place::Below(directory),
            Meaning::Glob { glob, .. } if !self.folds_case() => glob.as_str(),
            Meaning::Path(_) | Meaning::Below(_) | Meaning::Glob { .. } => {
                return Place::Among { own, directory: "", begins: "", ends: "" };
            }
        };
        let begins = glob.split(['*', '?', '[', '{', '\\']).next().unwrap_or_default();
        let directory = begins.rsplit_once('/').map_or("", |(directory, _)| directory);
        let is_escaped = glob.contains('\\');
        let ends = glob.rsplit(['*', '?', '[', ']', '{', '}']).next().unwrap_or_default();
        Place::Among { own, directory, begins, ends: if is_escaped { "" } else { ends } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_leave_a_beginning_and_an_end() {
        let place = |entry: &'static str, fold| format!("{:?}", Pattern::new(entry, fold).place());
        assert_eq!(place("./a/b", false), r#"Path("a/b")"#);
        assert_eq!(place("a/b/**", false), r#"Below("a/b")"#);
        for (entry, directory, begins, ends) in [
            ("a/b*c/d.rs", "a", "a/b", "c/d.rs"),
            ("**/x.{rs,c}", "", "", ""),
            ("src/[id].ts", "src", "src/", ".ts"),
            ("src/*/", "src", "src/", ""),
            ("a/\\*b", "a", "a/", ""),
        ] {
            let own = entry;
            let expected = format!("{:?}", Place::Among { own, directory, begins, ends });
            assert_eq!(place(entry, false), expected);
        }
        assert!(place("a/b", true).contains(r#"begins: """#));
    }
}
