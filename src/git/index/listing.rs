//! What an index lists, as `git ls-files` tells it.

use anyhow::{Context, Result};

use crate::domain::change::{Entry, Mode};
use crate::domain::path::RepoPath;
use crate::git::process::Git;

/// An entry of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    /// The path.
    pub(crate) path: RepoPath,
    /// What is staged there; of `git add -N` the empty file.
    pub(crate) entry: Entry,
    /// Whether it is one side of a conflict.
    pub(crate) is_unmerged: bool,
    /// Whether a sparse checkout leaves its file out.
    pub(crate) is_left_out: bool,
}

/// The entries at and below these paths, taken literally, with a call of `git` about the index; all if
/// one of them is the top.
///
/// # Errors
/// If git fails, or says something unknown.
pub(crate) fn listing(git: Git, paths: &[RepoPath]) -> Result<Vec<Listed>> {
    let git = git.args(["ls-files", "--stage", "-t", "-z", "--"]).args(pathspecs(paths));
    let said = git.env("GIT_LITERAL_PATHSPECS", "1").run()?;
    let lines = said.split(|byte| *byte == 0).filter(|line| !line.is_empty());
    lines.map(|line| parse(line).with_context(|| format!("`git ls-files` said {line:?}"))).collect()
}

/// The paths as git takes them, from the top of the work tree.
pub(crate) fn pathspecs(paths: &[RepoPath]) -> impl Iterator<Item = std::path::PathBuf> + '_ {
    let spec = |path: &RepoPath| match path.as_bytes() {
        b"" => b".".to_vec(),
        bytes => bytes.to_vec(),
    };
    paths.iter().map(move |path| crate::git::file::path_of(spec(path)))
}

/// `tag SP mode SP id SP stage TAB path` (git-ls-files(1)).
fn parse(line: &[u8]) -> Option<Listed> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let (head, path) = (line.get(..tab)?, line.get(tab + 1..)?);
    let mut words = std::str::from_utf8(head).ok()?.split(' ');
    let (tag, mode, oid, stage) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let mode = Mode::from_bits(u32::from_str_radix(mode, 8).ok()?)?;
    Some(Listed {
        path: RepoPath::new(path),
        entry: Entry { mode, oid: oid.parse().ok()? },
        is_unmerged: stage != "0",
        is_left_out: tag == "S",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_with_any_path() {
        let oid = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
        let line = format!("S 100755 {oid} 0\ta\tb \n");
        let listed = parse(line.as_bytes()).unwrap();
        assert_eq!(listed.path, RepoPath::from("a\tb \n"));
        assert!(listed.is_left_out && !listed.is_unmerged);
        assert_eq!(listed.entry.mode, Mode::Executable);
        assert!(parse(format!("M 100644 {oid} 2\tx").as_bytes()).unwrap().is_unmerged);
        assert_eq!(parse(b"H 100644 x 0\tx"), None);
    }
}
