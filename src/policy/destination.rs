//! The gate of every write: may bookkeeping go to this branch?
//!
//! Codes are the reference's (`formats.md` section 5). The gate has no effects; whoever asks brings
//! the facts.

use crate::domain::branch::BranchName;
use crate::domain::refusal::Refusal;

/// What is known of a name that a write is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Whether a local branch has that name.
    pub is_branch: bool,
    /// Whether it names a remote-tracking branch, a tag or a commit instead.
    pub names_something_else: bool,
    /// Whether the policy protects the branch.
    pub is_protected: bool,
}

/// Lets a write to the branch `name` pass, or says why not.
///
/// # Errors
/// [`Refusal::DestinationShape`], [`Refusal::DestinationNotLocal`], [`Refusal::DestinationMissing`]
/// or [`Refusal::DestinationProtected`].
pub fn destination(name: &str, facts: Facts) -> Result<BranchName, Refusal> {
    let named = || name.to_owned();
    let short = !name.starts_with("refs/") && name != "HEAD";
    let branch = name.parse::<BranchName>().ok().filter(|_| short);
    let Some(branch) = branch else { return Err(Refusal::DestinationShape { name: named() }) };
    match facts {
        Facts { is_branch: true, is_protected: true, .. } => {
            Err(Refusal::DestinationProtected { name: named() })
        }
        Facts { is_branch: true, .. } => Ok(branch),
        Facts { names_something_else: true, .. } => {
            Err(Refusal::DestinationNotLocal { name: named() })
        }
        Facts { .. } => Err(Refusal::DestinationMissing { name: named() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(name: &str, facts: Facts) -> &'static str {
        destination(name, facts).map_or_else(|refusal| refusal.code(), |_| "allowed")
    }

    #[test]
    fn each_kind_of_name_has_its_code() {
        let branch = Facts { is_branch: true, ..Facts::default() };
        let other = Facts { names_something_else: true, ..Facts::default() };
        let protected = Facts { is_protected: true, ..branch };
        assert_eq!(code("kitty/mission-x-01ABCDEF", branch), "allowed");
        assert_eq!(code("main", protected), "PROTECTED_BRANCH_REFUSED");
        for shape in ["", "refs/heads/main", "HEAD", "a b", "-x", "x..y"] {
            assert_eq!(code(shape, branch), "DESTINATION_REF_INVALID_SHAPE", "{shape}");
        }
        for elsewhere in ["origin/x", "v1", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"] {
            assert_eq!(code(elsewhere, other), "DESTINATION_REF_NOT_LOCAL", "{elsewhere}");
        }
        assert_eq!(code("nowhere", Facts::default()), "DESTINATION_REF_NOT_FOUND");
        assert_eq!(
            code("gone", Facts { is_protected: true, ..Facts::default() }),
            "DESTINATION_REF_NOT_FOUND"
        );
    }
}
