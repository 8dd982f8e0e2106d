//! What differs between two trees, path by path.

use super::oid::Oid;
use super::path::RepoPath;

/// What a tree entry is. Git stores no other modes; permission bits of files collapse to two kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// A directory, `040000`.
    Tree,
    /// A file, `100644`.
    File,
    /// A file with the executable bit, `100755`.
    Executable,
    /// A symbolic link, `120000`; its blob is the target.
    Symlink,
    /// A commit of another repository, `160000`: a submodule.
    Gitlink,
}

impl Mode {
    /// The mode that Git takes these bits for; `None` for bits that it never writes.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Option<Self> {
        match bits & 0o170_000 {
            0o040_000 => Some(Self::Tree),
            0o100_000 if bits & 0o100 != 0 => Some(Self::Executable),
            0o100_000 => Some(Self::File),
            0o120_000 => Some(Self::Symlink),
            0o160_000 => Some(Self::Gitlink),
            _ => None,
        }
    }

    /// As git writes it, in six octal digits.
    #[must_use]
    pub const fn octal(self) -> &'static str {
        match self {
            Self::Tree => "040000",
            Self::File => "100644",
            Self::Executable => "100755",
            Self::Symlink => "120000",
            Self::Gitlink => "160000",
        }
    }
}

/// What a tree holds at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Its kind.
    pub mode: Mode,
    /// The blob, the tree, or (gitlink) the commit of the other repository.
    pub oid: Oid,
}

/// One path that differs. A rename is two of them, so that both of its sides are judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The path; never a directory's, except where a file or gitlink of that name comes or goes.
    pub path: RepoPath,
    /// What was there; `None` if the path is new.
    pub old: Option<Entry>,
    /// What is there now; `None` if the path is gone, or unmerged in the index.
    pub new: Option<Entry>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_collapse_as_git_reads_them() {
        assert_eq!(
            Mode::from_bits(0o100_664),
            Some(Mode::File),
            "old trees hold group-writable files"
        );
        assert_eq!(Mode::from_bits(0o100_755), Some(Mode::Executable));
        assert_eq!(Mode::from_bits(0o160_000), Some(Mode::Gitlink));
        assert_eq!(Mode::from_bits(0o140_000), None, "a socket");
        assert_eq!(Mode::from_bits(0), None);
    }
}
