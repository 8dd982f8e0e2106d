//! The message of a commit, cleaned as `git commit` does where no editor is used.

use anyhow::Result;

use super::repo::Repo;

impl Repo {
    /// The message without what `commit.cleanup` says (git-commit(1)): by default trailing blanks, and
    /// empty lines at both ends and behind others. It may be in any encoding.
    ///
    /// # Errors
    /// If git cannot be started.
    pub fn clean_message(&self, text: &[u8]) -> Result<Vec<u8>> {
        let mode = self.config_string("commit.cleanup").unwrap_or_default();
        let options: &[&str] = match mode.as_str() {
            "verbatim" => return Ok(text.to_owned()),
            "strip" => &["--strip-comments"],
            _ => &[],
        };
        self.git().args(["stripspace"]).args(options).stdin(text).run()
    }
}
