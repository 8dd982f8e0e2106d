//! Ranges of commits, as git writes them: `A..B` and `A...B` (gitrevisions(7)).

use std::str::FromStr;

use super::id::InvalidId;

/// The commits that one commit has and another has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitRange {
    /// What names the commit whose history is left out; `None` for the zero id, which CI gives for a
    /// branch that was not there before.
    pub from: Option<String>,
    /// What names the commit that has them.
    pub to: String,
    /// Whether both have to come from a common commit (`...`).
    pub is_joined: bool,
}

impl FromStr for CommitRange {
    type Err = InvalidId;

    /// `HEAD` stands for an end that is left out.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let invalid = || InvalidId { kind: "range such as `main..HEAD`", text: text.to_owned() };
        let (from, rest) = text.split_once("..").ok_or_else(invalid)?;
        let (is_joined, to) = match rest.strip_prefix('.') {
            Some(to) => (true, to),
            None => (false, rest),
        };
        let has_dots = to.starts_with('.') || to.contains("..");
        if (from.is_empty() && to.is_empty()) || has_dots || is_zero(to) {
            return Err(invalid());
        }
        let end = |name: &str| if name.is_empty() { "HEAD".to_owned() } else { name.to_owned() };
        let from = (!is_zero(from)).then(|| end(from));
        Ok(Self { from, to: end(to), is_joined })
    }
}

fn is_zero(name: &str) -> bool {
    matches!(name.len(), 40 | 64) && name.bytes().all(|byte| byte == b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_git_reads() {
        let read =
            |text: &str| text.parse::<CommitRange>().ok().map(|r| (r.from, r.to, r.is_joined));
        let ends =
            |from: &str, to: &str, joined| Some((Some(from.to_owned()), to.to_owned(), joined));
        assert_eq!(read("main..topic"), ends("main", "topic", false));
        assert_eq!(read("main...topic"), ends("main", "topic", true));
        assert_eq!(read("main.."), ends("main", "HEAD", false));
        assert_eq!(read("...topic"), ends("HEAD", "topic", true));
        let zero = "0".repeat(40);
        assert_eq!(read(&format!("{zero}..topic")), Some((None, "topic".to_owned(), false)));
        for bad in ["", "main", "..", "...", "a..b..c", "a....b", &format!("a..{zero}")] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
