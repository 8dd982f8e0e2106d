//! What changed between two trees, as a patch for people.

use anyhow::Result;

use super::process::Git;
use super::repo::{Repo, unexpected};
use crate::domain::oid::Oid;

impl Repo {
    /// The patch from one commit or tree to another, with renames found; the same whatever is configured
    /// here. Binary files are named, not shown.
    ///
    /// # Errors
    /// If one is not here, or git cannot be run.
    pub fn patch(&self, old: Oid, new: Oid) -> Result<Vec<u8>> {
        let plain = ["diff-tree", "-p", "-M", "--no-color", "--no-ext-diff", "--no-textconv"];
        let git: Git = self.git().args(plain);
        git.args([old.to_string(), new.to_string()]).run()
    }
}

/// The first `digits` hexadecimal digits of the SHA-256 of these bytes.
///
/// # Errors
/// None is known.
pub fn sha256(bytes: &[u8], digits: usize) -> Result<String> {
    let mut hasher = gix::hash::hasher(gix::hash::Kind::Sha256);
    hasher.update(bytes);
    let id = hasher.try_finalize().map_err(unexpected)?;
    Ok(id.to_hex_with_len(digits).to_string())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_hash_is_the_usual_one() {
        assert_eq!(super::sha256(b"abc", 12).unwrap(), "ba7816bf8f01");
    }
}
