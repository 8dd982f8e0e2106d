//! The message of a commit, cleaned as `git commit` does where no editor is used.

use anyhow::Result;

use super::repo::Repo;

impl Repo {
    /// The message without what `commit.cleanup` says (git-commit(1)): by default trailing blanks, and
    /// empty lines at both ends and behind others.
    ///
    /// # Errors
    /// If git cannot be started.
    pub fn clean_message(&self, text: &[u8]) -> Result<String> {
        let mode = self.config_string("commit.cleanup").unwrap_or_default();
        let options: &[&str] = match mode.as_str() {
            "verbatim" => return Ok(String::from_utf8_lossy(text).into_owned()),
            "strip" => &["--strip-comments"],
            _ => &[],
        };
        let cleaned = self.git().args(["stripspace"]).args(options).stdin(text).run()?;
        Ok(String::from_utf8_lossy(&cleaned).into_owned())
    }
}
