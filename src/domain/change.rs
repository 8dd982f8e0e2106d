//! What a commit changes: paths with the entries that they had and will have.

use super::oid::Oid;
use super::path::RepoPath;

/// The mode of a tree entry, as far as Git tells entries apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// A file.
    File,
    /// A file that can be executed.
    Executable,
    /// A symbolic link.
    Symlink,
    /// A commit of another repository: a submodule.
    Gitlink,
    /// A directory.
    Tree,
}

impl Mode {
    /// The mode that a number in a tree or index stands for. Old repositories hold files of other
    /// permissions (0100664); Git reads them as plain files, and so do we.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Option<Self> {
        match bits & 0o170_000 {
            0o100_000 if bits & 0o100 != 0 => Some(Self::Executable),
            0o100_000 => Some(Self::File),
            0o120_000 => Some(Self::Symlink),
            0o160_000 => Some(Self::Gitlink),
            0o040_000 => Some(Self::Tree),
            _ => None,
        }
    }

    /// Whether it is a file, executable or not.
    #[must_use]
    pub const fn is_regular(self) -> bool {
        matches!(self, Self::File | Self::Executable)
    }
}

/// What stands at a path of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Its mode.
    pub mode: Mode,
    /// Its object.
    pub oid: Oid,
}

/// A path whose entry differs between two trees. Renames are a deletion and an addition, so that
/// both sides are seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The path.
    pub path: RepoPath,
    /// What stood there; `None` if nothing did.
    pub old: Option<Entry>,
    /// What will stand there; `None` if it is deleted, or unmerged in an index.
    pub new: Option<Entry>,
}
