//! Asking a remote.

use std::ffi::OsStr;

use anyhow::Result;

use super::repo::Repo;

impl Repo {
    /// Whether a remote has no branch yet. One that does not answer has some.
    ///
    /// # Errors
    /// If git cannot be run.
    pub fn is_remote_empty(&self, url: &OsStr) -> Result<bool> {
        let call = self.git().args(["ls-remote", "--heads", "--"]).args([url]).output()?;
        Ok(call.status == 0 && call.stdout.is_empty())
    }
}
