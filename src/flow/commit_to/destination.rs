//! The branch of a commit, asserted.

use anyhow::Result;

use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::{CommitRefusal, Refusal};
use crate::git::{Head, Repo};

/// What a commit starts from.
#[derive(Debug)]
pub(super) struct Ground {
    /// The branch, which is checked out.
    pub(super) branch: BranchName,
    /// Its tip; `None` if it is not born yet.
    pub(super) tip: Option<Oid>,
    /// The tip's tree.
    pub(super) tree: Option<Oid>,
}

/// Makes sure that `name` is a branch, and the one that is checked out.
///
/// # Errors
/// [`CommitRefusal`], in this order: the shape of the name, no work tree, no such branch, another HEAD.
pub(super) fn ground(repo: &Repo, name: &str) -> Result<Ground> {
    let is_short = !name.starts_with("refs/") && name != "HEAD";
    let Some(branch) = name.parse::<BranchName>().ok().filter(|_| is_short) else {
        return Err(refusal(CommitRefusal::Shape { name: name.to_owned() }));
    };
    if repo.is_bare() {
        let path = repo.git_dir().display().to_string();
        return Err(refusal(CommitRefusal::NotAWorktree { path }));
    }
    let head = repo.head()?;
    let full = branch.ref_name()?;
    if head.branch() == Some(&full) {
        let tree = head.tip().map(|tip| repo.tree_of_commit(tip)).transpose()?;
        return Ok(Ground { branch, tip: head.tip(), tree });
    }
    if repo.find(&full)?.is_none() {
        let (name, instead) = (name.to_owned(), instead(repo, &branch)?);
        return Err(refusal(CommitRefusal::NotFound { name, instead }));
    }
    let head = match &head {
        Head::Branch { name, .. } => {
            Some(String::from_utf8_lossy(name.branch().unwrap_or(name.as_bytes())).into_owned())
        }
        Head::Detached { .. } => None,
    };
    Err(refusal(CommitRefusal::HeadMismatch { branch: name.to_owned(), head }))
}

/// What else a name that is no branch's stands for.
fn instead(repo: &Repo, branch: &BranchName) -> Result<Option<String>> {
    let refs = [("a remote-tracking branch", "refs/remotes/"), ("a tag", "refs/tags/")];
    for (what, prefix) in refs {
        if repo.find(&format!("{prefix}{branch}").parse::<RefName>()?)?.is_some() {
            return Ok(Some(format!("{what} of that name")));
        }
    }
    if repo.find(&branch.remote_ref()?)?.is_some() {
        return Ok(Some(format!("`origin/{branch}`")));
    }
    let is_commit = branch.as_str().parse::<Oid>().is_ok_and(|oid| repo.has_object(oid));
    Ok(is_commit.then(|| "a commit of that id".to_owned()))
}

fn refusal(refusal: CommitRefusal) -> anyhow::Error {
    Refusal::from(refusal).into()
}
