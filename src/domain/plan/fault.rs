//! Something wrong in a planning file, and all of it as one refusal.

use std::fmt;

use crate::domain::refusal::Refusal;

/// Something wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Of which kind it is.
    pub kind: Kind,
    /// The file, from the top of the repository.
    pub file: String,
    /// The line, counted from 1, where one can be named.
    pub line: Option<usize>,
    /// A sentence without file and line.
    pub what: String,
}

/// Kinds that have a code of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A new work package that changes code owns mission files.
    MissionFiles,
    /// Anything else.
    Other,
}

impl Fault {
    /// A fault of no special kind.
    #[must_use]
    pub fn new(file: &str, line: Option<usize>, what: impl Into<String>) -> Self {
        Self { kind: Kind::Other, file: file.to_owned(), line, what: what.into() }
    }

    /// The fault that made `file` refused.
    #[must_use]
    pub fn of(refusal: &Refusal, file: &str) -> Self {
        let line = refusal.facts().line;
        let text = refusal.to_string();
        let place = line.map_or_else(|| format!("{file}: "), |line| format!("{file}:{line}: "));
        let what = text.strip_prefix(&place).unwrap_or(&text);
        Self::new(file, line, what)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

/// Refuses if there are faults, and tells all of them, in the order of files and lines.
///
/// # Errors
/// [`Refusal::OwnsMissionFiles`] if there is nothing else, [`Refusal::PlanInvalid`].
pub fn refuse(mut faults: Vec<Fault>) -> Result<(), Refusal> {
    faults.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    if faults.is_empty() {
        return Ok(());
    }
    Err(if faults.iter().all(|fault| fault.kind == Kind::MissionFiles) {
        Refusal::OwnsMissionFiles { faults }
    } else {
        Refusal::PlanInvalid { faults }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refusal::Document;

    #[test]
    fn a_refusal_becomes_a_fault_without_its_place_twice() {
        let refusal = Refusal::damaged(Document::WorkPackage, "a.md", Some(3), "no `x`");
        assert_eq!(Fault::of(&refusal, "a.md"), Fault::new("a.md", Some(3), "no `x`"));
        let refusal = Refusal::damaged(Document::WorkPackage, "a.md", None, "no `x`");
        assert_eq!(Fault::of(&refusal, "a.md").to_string(), "a.md: no `x`");
    }

    #[test]
    fn all_faults_are_told_in_order_and_the_kind_only_if_it_is_the_only_one() {
        let own = Fault { kind: Kind::MissionFiles, ..Fault::new("b", Some(10), "x") };
        let refusal = refuse(vec![own.clone(), Fault::new("b", Some(9), "y")]).unwrap_err();
        assert_eq!(refusal.to_string(), "the plan has 2 faults: b:9: y; b:10: x");
        assert!(matches!(refuse(vec![own]).unwrap_err(), Refusal::OwnsMissionFiles { .. }));
        assert_eq!(refuse(Vec::new()), Ok(()));
    }
}
