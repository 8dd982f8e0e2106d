//! Branch names, and what a name says about the mission a branch may belong to.
//!
//! A name is only a way to find a mission: identity is proven by its `meta.json` and `lanes.json`.
//! The patterns are those of `formats.md` section 3, with lane ids of any number of letters.

use std::fmt;
use std::str::FromStr;

use super::id::{InvalidId, LaneId, Mid8};
use super::refname::RefName;

/// What every branch of a mission begins with.
pub const MISSION_PREFIX: &str = "kitty/mission-";

/// The short name of a local branch, e.g. `main` or `kitty/mission-x-01ABCDEF-lane-a`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BranchName(String);

impl BranchName {
    /// The short name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The branch that a ref name stands for: `None` for other refs, and for names that are no UTF-8.
    #[must_use]
    pub fn of_ref(name: &RefName) -> Option<Self> {
        std::str::from_utf8(name.branch()?).ok()?.parse().ok()
    }

    /// The name of its ref.
    ///
    /// # Errors
    /// Never for a name that Git takes; the two checks are kept apart.
    pub fn ref_name(&self) -> Result<RefName, InvalidId> {
        RefName::of_branch(&self.0)
    }

    /// The name of the ref that follows it on the remote `origin`.
    ///
    /// # Errors
    /// As [`Self::ref_name`].
    pub fn remote_ref(&self) -> Result<RefName, InvalidId> {
        format!("refs/remotes/origin/{self}").parse()
    }

    /// What the name says of a mission; `None` for branches that are none of a mission's.
    #[must_use]
    pub fn mission_parts(&self) -> Option<MissionParts<'_>> {
        let name = self.0.strip_prefix(MISSION_PREFIX).filter(|name| !name.is_empty())?;
        let lane = name
            .rfind("-lane-")
            .and_then(|at| Some((name.get(..at)?, name.get(at + 1..)?.parse().ok()?)))
            .filter(|(mission, _)| !mission.is_empty());
        Some(MissionParts { name, lane })
    }

    /// Whether it may be the coordination branch of a mission, by its name.
    #[must_use]
    pub fn may_coordinate(&self) -> bool {
        self.mission_parts().is_some_and(|parts| parts.lane.is_none())
    }
}

impl FromStr for BranchName {
    type Err = InvalidId;

    /// Accepts what `git check-ref-format --branch` accepts, as far as the bytes alone can tell.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let bad_part =
            |part: &str| part.is_empty() || part.starts_with('.') || part.ends_with(".lock");
        let bad_char = |c: char| {
            c.is_ascii_control() || matches!(c, ' ' | '~' | '^' | ':' | '?' | '*' | '[' | '\\')
        };
        let bad = text.starts_with('-')
            || text.ends_with('.')
            || text == "@"
            || text.contains("..")
            || text.contains("@{")
            || text.chars().any(bad_char)
            || text.split('/').any(bad_part);
        if bad {
            return Err(InvalidId { kind: "branch name", text: text.to_owned() });
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for BranchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The parts of a mission branch's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissionParts<'a> {
    /// Everything after `kitty/mission-`.
    pub name: &'a str,
    /// If the name may be a lane's: the part that names the mission, and the lane.
    pub lane: Option<(&'a str, LaneId)>,
}

impl<'a> MissionParts<'a> {
    /// If the name looks like a lane's, whatever follows `-lane-`: the part before, and the rest
    /// from `lane-` on.
    #[must_use]
    pub fn lane_like(&self) -> Option<(&'a str, &'a str)> {
        let at = self.name.rfind("-lane-").filter(|at| *at > 0)?;
        Some((self.name.get(..at)?, self.name.get(at + 1..)?))
    }
}

/// A mission name without the `-<mid8>` at its end, and that mid8.
#[must_use]
pub fn split_mid8(name: &str) -> Option<(&str, Mid8)> {
    let (slug, tail) = name.rsplit_once('-')?;
    Some((slug, tail.parse().ok()?)).filter(|(slug, _)| !slug.is_empty())
}

/// A directory name without the `NNN-` that older missions begin with.
#[must_use]
pub fn strip_number(name: &str) -> &str {
    match name.split_once('-') {
        Some((number, rest))
            if number.len() == 3
                && number.bytes().all(|b| b.is_ascii_digit())
                && !rest.is_empty() =>
        {
            rest
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane_of(name: &str) -> Option<(String, String)> {
        let branch: BranchName = name.parse().unwrap();
        let parts = branch.mission_parts()?;
        parts.lane.map(|(mission, lane)| (mission.to_owned(), lane.to_string()))
    }

    #[test]
    fn lanes_are_found_at_the_end_of_a_name_only() {
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(lane_of("kitty/mission-pay-01KV6DC9-lane-a"), pair("pay-01KV6DC9", "lane-a"));
        assert_eq!(lane_of("kitty/mission-pay-01KV6DC9-lane-aa"), pair("pay-01KV6DC9", "lane-aa"));
        assert_eq!(lane_of("kitty/mission-057-pay-lane-b"), pair("057-pay", "lane-b"));
        assert_eq!(lane_of("kitty/mission-fast-lane-x-01KV6DC9"), None);
        assert_eq!(lane_of("kitty/mission-lane-a"), None);
        assert_eq!(lane_of("kitty/mission-x-lane-{"), None);
        assert_eq!(lane_of("main"), None);
    }

    #[test]
    fn tails_and_numbers_come_off_only_when_they_are_such() {
        assert_eq!(split_mid8("pay-01KV6DC9").unwrap().0, "pay");
        assert!(split_mid8("pay-in-advance").is_none());
        assert_eq!(strip_number("057-pay"), "pay");
        assert_eq!(strip_number("1057-pay"), "1057-pay");
        assert_eq!(strip_number("057-"), "057-");
    }

    #[test]
    fn names_that_git_refuses_are_refused() {
        for bad in [
            "", "-x", "a..b", "a b", "a.lock", ".a", "a/.b", "a//b", "a/", "x@{1}", "a\u{7f}", "@",
            "a.",
        ] {
            assert!(bad.parse::<BranchName>().is_err(), "{bad:?}");
        }
        for good in ["main", "a/b", "ä", "a-b", "a@b"] {
            assert_eq!(good.parse::<BranchName>().unwrap().to_string(), good);
        }
    }
}
