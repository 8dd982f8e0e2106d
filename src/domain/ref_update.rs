//! What a `reference-transaction` hook reads: a line for each ref that a transaction names
//! (githooks(5), "reference-transaction").

use super::id::InvalidId;
use super::oid::Oid;
use super::refname::RefName;

/// What git says that a ref holds, or shall hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// All zeros: no ref. As the old value it also stands for "whatever it holds".
    Nothing,
    /// A commit, or another object.
    Object(Oid),
    /// Another ref (`ref:<name>`, since git 2.46).
    Symbolic(RefName),
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefUpdate {
    /// The ref.
    pub name: RefName,
    /// What the caller said that it held, if anything.
    pub old: Value,
    /// What it shall hold.
    pub new: Value,
}

impl RefUpdate {
    /// Reads all lines. Of none there may be any number, and git does write such an input.
    ///
    /// # Errors
    /// If a line is none of git's.
    pub fn parse_all(input: &[u8]) -> Result<Vec<Self>, InvalidId> {
        input
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(Self::parse)
            .collect()
    }

    fn parse(line: &[u8]) -> Result<Self, InvalidId> {
        let mut words = line.splitn(3, |byte| *byte == b' ');
        let mut word = || words.next().unwrap_or_default();
        let (old, new, name) = (Value::parse(word())?, Value::parse(word())?, word());
        Ok(Self { name: RefName::new(name)?, old, new })
    }
}

impl Value {
    fn parse(word: &[u8]) -> Result<Self, InvalidId> {
        if let Some(target) = word.strip_prefix(b"ref:") {
            return RefName::new(target).map(Self::Symbolic);
        }
        if matches!(word.len(), 40 | 64) && word.iter().all(|byte| *byte == b'0') {
            return Ok(Self::Nothing);
        }
        String::from_utf8_lossy(word).parse().map(Self::Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

    #[test]
    fn each_form_of_a_line_is_read() {
        let zero = "0".repeat(40);
        let input = format!(
            "{zero} {ID} refs/heads/a\n{ID} {zero} refs/heads/b\nref:refs/heads/a {} HEAD\n",
            "0".repeat(64)
        );
        let read = RefUpdate::parse_all(input.as_bytes()).unwrap();
        let oid = Value::Object(ID.parse().unwrap());
        let update = |name: &str, old: &Value, new: &Value| RefUpdate {
            name: name.parse().unwrap(),
            old: old.clone(),
            new: new.clone(),
        };
        let link = Value::Symbolic("refs/heads/a".parse().unwrap());
        assert_eq!(
            read,
            [
                update("refs/heads/a", &Value::Nothing, &oid),
                update("refs/heads/b", &oid, &Value::Nothing),
                update("HEAD", &link, &Value::Nothing),
            ]
        );
        assert_eq!(RefUpdate::parse_all(b""), Ok(vec![]));
    }

    #[test]
    fn what_git_does_not_write_is_an_error() {
        let short = format!("{ID} {} refs/heads/a", &ID[1..]);
        let no_name = format!("{ID} {ID}");
        let bad_name = format!("{ID} {ID} refs/heads/..");
        for line in ["x", &short, &no_name, &bad_name] {
            assert!(RefUpdate::parse_all(line.as_bytes()).is_err(), "{line}");
        }
    }
}
