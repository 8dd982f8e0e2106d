//! The name a person gives to a new mission.
//!
//! It becomes part of a branch (`kitty/mission-<slug>-<mid8>-lane-a`), of directories
//! (`kitty-specs/<slug>-<mid8>`, `.worktrees/<slug>-<mid8>-lane-a`) and of a lock file, on every
//! platform, and the reference must take it too: small ASCII letters, digits and single dashes
//! (its rule for new missions). Names that another part of a branch's name could be taken for are
//! refused here, so that no parser has to guess later. Existing missions may be called otherwise.

mod ascii;

use std::fmt;
use std::str::FromStr;

use super::branch::{BranchName, MISSION_PREFIX, split_mid8, strip_number};
use super::id::{InvalidId, Mid8, MissionId};
use super::refusal::Refusal;

/// A name for a new mission, without the mid8 that makes it unique.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MissionSlug(String);

/// Why a text is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlugFault {
    /// There is nothing.
    Empty,
    /// A character other than small letters, digits and dashes.
    Character(char),
    /// A dash at one of the ends, or two in a row.
    Dash,
    /// More bytes than [`MissionSlug::MAX_LEN`].
    TooLong {
        /// How many.
        len: usize,
    },
    /// A name that a platform keeps to itself.
    Reserved,
    /// It begins with three digits, as the directories of older missions do.
    Number,
    /// It ends as the branch of a lane does.
    Lane,
    /// It ends as if the first eight characters of a mission id stood there.
    Mid8,
}

impl MissionSlug {
    /// The longest name, in bytes. With what is put around it (at most 36, as in
    /// `mission-…-01ABCDEF-lane-planning.lock`) it is far below the 255 that a file name may have;
    /// and a lane's worktree (`.worktrees/…-01ABCDEF-lane-aa`, 100) leaves 160 of the 260 that a whole
    /// path may have on Windows to the place of the repository and to the files.
    pub const MAX_LEN: usize = 72;

    /// The name as given by a person.
    ///
    /// # Errors
    /// [`Refusal::MissionSlugInvalid`] with what is wrong, and a name that would do where one can be
    /// derived.
    pub fn given(text: &str) -> Result<Self, Refusal> {
        fault(text).map_or_else(
            || Ok(Self(text.to_owned())),
            |fault| {
                let proposal = Self::derived(text);
                Err(Refusal::MissionSlugInvalid { slug: text.to_owned(), fault, proposal })
            },
        )
    }

    /// A name made of a title or any other text: `Über Café!` is `uber-cafe`. `None` if it has no
    /// letter or digit that ASCII has an equivalent for.
    #[must_use]
    pub fn derived(text: &str) -> Option<Self> {
        let mut words = ascii::words(text);
        if words.len() > 1 && words.first().is_some_and(|word| is_mission_number(word)) {
            words.remove(0);
        }
        let slug = words.iter().fold(String::new(), |slug, word| match slug.as_str() {
            "" => word.chars().take(Self::MAX_LEN).collect(),
            long if long.len() + 1 + word.len() > Self::MAX_LEN => slug,
            short => format!("{short}-{word}"),
        });
        let mended = match fault(&slug) {
            None => slug,
            Some(SlugFault::Number) => format!("mission-{slug}"),
            Some(SlugFault::Reserved | SlugFault::Lane | SlugFault::Mid8) => {
                format!("{slug}-mission")
            }
            Some(
                SlugFault::Empty
                | SlugFault::Character(_)
                | SlugFault::Dash
                | SlugFault::TooLong { .. },
            ) => return None,
        };
        fault(&mended).is_none().then_some(Self(mended))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The mission's directory below `kitty-specs`, which is also the `mission_slug` of its files:
    /// `<slug>-<mid8>`.
    #[must_use]
    pub fn mission_dir(&self, id: &MissionId) -> String {
        format!("{self}-{}", id.mid8())
    }

    /// The mission's coordination branch, `kitty/mission-<slug>-<mid8>`.
    ///
    /// # Errors
    /// Never: every slug fits into the name of a branch.
    pub fn coordination_branch(&self, id: &MissionId) -> Result<BranchName, InvalidId> {
        format!("{MISSION_PREFIX}{}", self.mission_dir(id)).parse()
    }
}

impl FromStr for MissionSlug {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let invalid = InvalidId { kind: "name for a mission", text: text.to_owned() };
        if fault(text).is_some() { Err(invalid) } else { Ok(Self(text.to_owned())) }
    }
}

impl fmt::Display for MissionSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for SlugFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "it is empty"),
            Self::Character(c) => {
                let c = c.escape_debug();
                write!(f, "`{c}` is none of the small letters, digits and dashes that it may have")
            }
            Self::Dash => write!(f, "dashes may only stand between words, one at a time"),
            Self::TooLong { len } => write!(
                f,
                "it has {len} characters, and branches and paths made of it stay short enough for \
                 every platform up to {}",
                MissionSlug::MAX_LEN
            ),
            Self::Reserved => write!(f, "Windows keeps that name for a device"),
            Self::Number => {
                write!(f, "three digits at its beginning are the number of an older mission")
            }
            Self::Lane => write!(f, "its end is the one of a lane's branch"),
            Self::Mid8 => write!(f, "its end is one that the id of a mission could have"),
        }
    }
}

/// The first thing that is wrong with a name.
fn fault(text: &str) -> Option<SlugFault> {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.is_empty() {
        return Some(SlugFault::Empty);
    }
    if let Some(c) = text.chars().find(|c| !is_allowed(*c)) {
        return Some(SlugFault::Character(c));
    }
    let checks = [
        (text.split('-').any(str::is_empty), SlugFault::Dash),
        (text.len() > MissionSlug::MAX_LEN, SlugFault::TooLong { len: text.len() }),
        (is_device(text), SlugFault::Reserved),
        (is_mission_number(text) || strip_number(text) != text, SlugFault::Number),
        (is_lane(text), SlugFault::Lane),
        (is_id(text) || split_mid8(text).is_some(), SlugFault::Mid8),
    ];
    checks.into_iter().find_map(|(wrong, fault)| wrong.then_some(fault))
}

/// The names of devices that Windows has in every directory ("Naming Files, Paths, and Namespaces").
fn is_device(text: &str) -> bool {
    let numbered = ["com", "lpt"].iter().find_map(|device| text.strip_prefix(device));
    matches!(text, "con" | "prn" | "aux" | "nul")
        || numbered.is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
}

fn is_mission_number(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the branch of a mission of that name, were it one without a mid8, is a lane's.
fn is_lane(text: &str) -> bool {
    let branch = format!("{MISSION_PREFIX}{text}").parse::<BranchName>();
    branch.is_ok_and(|branch| branch.mission_parts().is_some_and(|parts| parts.lane.is_some()))
}

fn is_id(text: &str) -> bool {
    text.parse::<Mid8>().is_ok() || text.parse::<MissionId>().is_ok()
}

#[cfg(test)]
mod tests;
