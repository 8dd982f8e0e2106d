//! Asking a remote.

use std::ffi::OsStr;

use anyhow::{Context, Result};

use super::repo::{Repo, with_bytes};
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;

impl Repo {
    /// Whether a remote has no branch yet. One that does not answer has some.
    ///
    /// # Errors
    /// If git cannot be run.
    pub fn is_remote_empty(&self, url: &OsStr) -> Result<bool> {
        let call = self.git().args(["ls-remote", "--heads", "--"]).args([url]).output()?;
        Ok(call.status == 0 && call.stdout.is_empty())
    }

    /// The branches of a remote with what they hold; none if it does not answer.
    ///
    /// # Errors
    /// If git cannot be run, or says what is no ref.
    pub fn heads_at_remote(&self, url: &OsStr) -> Result<Vec<(RefName, Oid)>> {
        let call = self.git().args(["ls-remote", "--heads", "--"]).args([url]).output()?;
        let lines = call.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let head = |line: &[u8]| {
            let tab =
                line.iter().position(|byte| *byte == b'\t').context("a ref without a name")?;
            let (oid, name) = line.split_at(tab);
            let oid = std::str::from_utf8(oid)?.parse()?;
            Ok((RefName::new(name.trim_ascii_start())?, oid))
        };
        lines.map(head).collect()
    }

    /// The ref that is moved by who moves `name` there, if that is a symbolic ref; `None` if it is none,
    /// and where the remote does not tell.
    ///
    /// # Errors
    /// If git cannot be run.
    pub fn moved_at_remote(&self, url: &OsStr, name: &RefName) -> Result<Option<RefName>> {
        let call = self.git().args(["ls-remote", "--symref", "--"]).args([url]);
        let output = with_bytes(call, &[name.as_bytes()])?.output()?;
        let told = output.stdout.split(|byte| *byte == b'\n').find_map(|line| {
            let line = line.strip_prefix(b"ref: ")?;
            let (target, alias) = line.split_at(line.iter().position(|byte| *byte == b'\t')?);
            (alias.get(1..) == Some(name.as_bytes())).then_some(target)
        });
        told.map(|target| RefName::new(target).map_err(Into::into)).transpose()
    }
}
