//! Which commits come before which.

use anyhow::Result;

use super::repo::Repo;
use crate::domain::oid::Oid;

impl Repo {
    /// Whether `commit` is `tip` or comes before it. A commit that is not here comes before none.
    ///
    /// # Errors
    /// If git cannot be run.
    pub fn is_ancestor(&self, commit: Oid, tip: Oid) -> Result<bool> {
        let call = ["merge-base", "--is-ancestor", &commit.to_string(), &tip.to_string()];
        Ok(self.git().args(call).output()?.status == 0)
    }

    /// Whether a merge is among `tip` and what comes before it, but not before `old`. Where either is
    /// not here there is none.
    ///
    /// # Errors
    /// If git cannot be run.
    pub fn has_merged_since(&self, old: Oid, tip: Oid) -> Result<bool> {
        let (tip, old) = (tip.to_string(), format!("^{old}"));
        let output =
            self.git().args(["rev-list", "--merges", "--max-count=1", &tip, &old]).output()?;
        Ok(output.status == 0 && !output.stdout.is_empty())
    }

    /// Whether `tip`, or a commit before it, is none of `others` and of what comes before them.
    ///
    /// # Errors
    /// If the commits cannot be read.
    pub fn is_ahead(&self, tip: Oid, others: &[Oid]) -> Result<bool> {
        let others = others.iter().map(|other| format!("^{other}"));
        let words = ["rev-list".to_owned(), "--max-count=1".to_owned(), tip.to_string()];
        Ok(!self.git().args(words.into_iter().chain(others)).run()?.is_empty())
    }
}
