//! Which byte sequences are paths that a Git tree can hold.
//!
//! No component is empty, `.`, `..` or `.git` in any case, and there is no NUL.

/// How far the present component of a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Component {
    /// Nothing of it was read.
    Start,
    /// `.`
    Dot,
    /// `..`
    DotDot,
    /// `.g`
    DotG,
    /// `.gi`
    DotGi,
    /// `.git`
    DotGit,
    /// Anything else: it can no longer become one of those that are refused.
    Name,
}

/// What is tried first where a pattern leaves the byte open.
const PLEASANT: &[u8] = b"abcxyz0123456789ABC";

impl Component {
    /// Whether the path may end here.
    pub(super) const fn may_end(self) -> bool {
        match self {
            Self::Name | Self::DotG | Self::DotGi => true,
            Self::Start | Self::Dot | Self::DotDot | Self::DotGit => false,
        }
    }

    /// The component after one more byte; `None` if no valid path goes on so.
    pub(super) fn after(self, byte: u8) -> Option<Self> {
        match (self, byte) {
            (_, 0) => None,
            (_, b'/') => self.may_end().then_some(Self::Start),
            (Self::Start, b'.') => Some(Self::Dot),
            (Self::Dot, b'.') => Some(Self::DotDot),
            (Self::Dot, b'g' | b'G') => Some(Self::DotG),
            (Self::DotG, b'i' | b'I') => Some(Self::DotGi),
            (Self::DotGi, b't' | b'T') => Some(Self::DotGit),
            _ => Some(Self::Name),
        }
    }

    /// What one more byte costs: a path shown to people should have letters where it can, and no
    /// component that begins with a dot.
    pub(super) const fn cost(self, byte: u8) -> u32 {
        match (self, byte) {
            (Self::Start, b'.') => 3,
            (_, b'.' | b'/') => 1,
            (_, byte) if byte.is_ascii_alphanumeric() => 1,
            _ => 2,
        }
    }

    /// Bytes from `first` to `last` that stand for all of them: whatever can follow any other one
    /// can follow one of these.
    pub(super) fn choices(self, first: u8, last: u8) -> impl Iterator<Item = u8> {
        let fits = move |byte: &u8| (first..=last).contains(byte);
        let free = move |byte: &u8| *byte != b'/' && self.after(*byte) == Some(Self::Name);
        let pleasant = PLEASANT.iter().copied().filter(fits).find(free);
        let printable = || (first.max(b'!')..=last).find(free);
        let name = pleasant.or_else(printable).or_else(|| (first..=last).find(free));
        let special = b"./gGiItT".iter().copied().filter(fits);
        let only_slash = name.is_some();
        name.into_iter().chain(special.filter(move |byte| !only_slash || *byte == b'/'))
    }
}

/// Whether a Git tree can hold a path of these bytes.
pub(super) fn is_path(bytes: &[u8]) -> bool {
    let end = bytes.iter().try_fold(Component::Start, |at, byte| at.after(*byte));
    end.is_some_and(Component::may_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_valid(path: &str) -> bool {
        is_path(path.as_bytes())
    }

    #[test]
    fn paths_that_git_refuses_are_none() {
        for path in ["a", "a/b", ".a", "...", "..a", ".gi", ".gitx/a", "a/.g/b", "a.", " "] {
            assert!(is_valid(path), "{path}");
        }
        for path in ["", "/a", "a/", "a//b", ".", "..", "a/./b", "../a", ".git", "a/.GiT/b", "a\0b"]
        {
            assert!(!is_valid(path), "{path}");
        }
    }

    #[test]
    fn choices_stand_for_the_whole_range() {
        let choices = |c: Component, first, last| c.choices(first, last).collect::<Vec<_>>();
        assert_eq!(choices(Component::Start, 0, 255), b"a/");
        assert_eq!(choices(Component::Start, b'.', b'/'), b"./");
        assert_eq!(choices(Component::Dot, b'g', b'g'), b"g");
        assert_eq!(choices(Component::Name, b'g', b'i'), b"g");
        assert_eq!(choices(Component::Name, 0, 0), b"");
    }
}
