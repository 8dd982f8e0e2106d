//! The hooks of a commit past the index, run as `git commit` does where no editor is used.

use std::ffi::OsString;

use anyhow::Result;

use super::file::path_of;
use super::process::{Git, Output};
use super::repo::Repo;
use crate::domain::refusal::{CommitRefusal, Refusal};

/// What a hook answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookSaid {
    /// Whether it lets pass; also where there is none.
    pub passes: bool,
    /// What it wrote.
    pub text: String,
}

/// The author of a commit, in the variables by which git tells hooks: who and when, as the user's own
/// variables and settings say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author([(&'static str, OsString); 3]);

impl Author {
    /// Of a commit that is made now.
    ///
    /// # Errors
    /// [`CommitRefusal::NotMade`] if git does not know one.
    pub fn of(repo: &Repo) -> Result<Self> {
        let Output { status, stdout, stderr } =
            repo.git().args(["var", "GIT_AUTHOR_IDENT"]).output()?;
        match Self::parse(stdout.trim_ascii_end()) {
            Some(author) if status == 0 => Ok(author),
            _ => Err(Refusal::from(CommitRefusal::NotMade { said: stderr }).into()),
        }
    }

    /// A git that says the same.
    #[must_use]
    pub fn told(&self, git: Git) -> Git {
        self.0.iter().fold(git, |git, (name, value)| git.env(name, value))
    }

    /// `name SP <email> SP seconds SP zone`.
    fn parse(line: &[u8]) -> Option<Self> {
        let text = |bytes: &[u8]| path_of(bytes.to_vec()).into_os_string();
        let end = line.iter().rposition(|byte| *byte == b'>')?;
        let start = line.get(..end)?.iter().rposition(|byte| *byte == b'<')?;
        let date = [b"@", line.get(end + 2..)?].concat();
        Some(Self([
            ("GIT_AUTHOR_NAME", text(line.get(..start)?.trim_ascii_end())),
            ("GIT_AUTHOR_EMAIL", text(line.get(start + 1..end)?)),
            ("GIT_AUTHOR_DATE", text(&date)),
        ]))
    }
}

/// Runs the hook after a commit, whose answer changes nothing.
///
/// # Errors
/// If git cannot be started.
pub fn after_commit(repo: &Repo, author: &Author) -> Result<HookSaid> {
    said(author.told(hook_of(repo, "post-commit")).env("GIT_INDEX_FILE", repo.index_file()))
}

/// A hook's git: nothing of our own settings reaches it.
pub(super) fn hook_of(repo: &Repo, event: &str) -> Git {
    let place = repo.work_tree().unwrap_or(repo.git_dir());
    let mut git = Git::of_user(place).env("GIT_EDITOR", ":");
    if repo.environment().git_dir.is_some() {
        git = git.env("GIT_DIR", repo.git_dir()).env("GIT_WORK_TREE", place);
    }
    let objects = repo.environment().object_variables();
    objects.fold(git, |git, (name, value)| git.env(name, value)).args([
        "hook",
        "run",
        "--ignore-missing",
        event,
    ])
}

/// Runs it.
///
/// # Errors
/// If git cannot be started.
pub(super) fn said(git: Git) -> Result<HookSaid> {
    let Output { status, stdout, stderr } = git.output()?;
    let text = [String::from_utf8_lossy(&stdout).trim_end().to_owned(), stderr];
    let text: Vec<String> = text.into_iter().filter(|part| !part.is_empty()).collect();
    Ok(HookSaid { passes: status == 0, text: text.join("\n") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_author_is_read_with_any_name() {
        let author = |line: &[u8]| {
            let parts = Author::parse(line)?.0.map(|(_, value)| value.into_encoded_bytes());
            Some(parts.map(|part| String::from_utf8_lossy(&part).into_owned()))
        };
        let expected = ["A. B", "a@b", "@12 +0530"].map(str::to_owned);
        assert_eq!(author(b"A. B <a@b> 12 +0530"), Some(expected));
        assert_eq!(author(b"A <> 1 -0100"), Some(["A", "", "@1 -0100"].map(str::to_owned)));
        assert_eq!(author(b"A"), None);
        assert_eq!(author(b""), None);
    }
}
