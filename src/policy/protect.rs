//! Protected branches: who they are, and what they take at a commit.

use crate::domain::branch::BranchName;

/// The branches that a policy protects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProtectedBranches {
    /// `main`, `master` and the branch that the remote's `HEAD` names, as last fetched.
    Default,
    /// Exactly these; none if empty.
    Exactly(Vec<String>),
}

impl ProtectedBranches {
    /// Whether `branch` is protected. `remote_head` is read from the remote-tracking `HEAD`, never
    /// from the network.
    #[must_use]
    pub fn contains(&self, branch: &BranchName, remote_head: Option<&BranchName>) -> bool {
        match self {
            Self::Default => {
                matches!(branch.as_str(), "main" | "master") || remote_head == Some(branch)
            }
            Self::Exactly(names) => names.iter().any(|name| name == branch.as_str()),
        }
    }

    /// Protects what either protects; `Default` beside a list adds its fixed names.
    #[must_use]
    pub fn tighten(self, other: Self, remote_head: Option<&BranchName>) -> Self {
        match (self, other) {
            (Self::Default, Self::Default) => Self::Default,
            (a, b) => {
                let mut names = a.names(remote_head);
                names.extend(b.names(remote_head));
                names.sort();
                names.dedup();
                Self::Exactly(names)
            }
        }
    }

    fn names(self, remote_head: Option<&BranchName>) -> Vec<String> {
        match self {
            Self::Exactly(names) => names,
            Self::Default => ["main", "master"]
                .into_iter()
                .chain(remote_head.map(BranchName::as_str))
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// Why a protected branch takes a commit all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exemption {
    /// The repository has no commit yet.
    FirstCommit,
    /// The commit is the first to add the policy file.
    FirstPolicy,
    /// The committed policy file cannot be read, and the commit replaces it by one that can.
    PolicyRepair,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branch(name: &str) -> BranchName {
        name.parse().unwrap()
    }

    #[test]
    fn the_default_follows_the_remote_and_a_list_is_exact() {
        let head = branch("release/next");
        assert!(ProtectedBranches::Default.contains(&branch("master"), None));
        assert!(ProtectedBranches::Default.contains(&head, Some(&head)));
        assert!(!ProtectedBranches::Default.contains(&branch("next"), Some(&head)));
        let list = ProtectedBranches::Exactly(vec!["prod".into()]);
        assert!(list.contains(&branch("prod"), None));
        assert!(!list.contains(&branch("main"), Some(&branch("main"))));
        assert!(!ProtectedBranches::Exactly(vec![]).contains(&branch("main"), None));
    }

    #[test]
    fn tightening_never_frees_a_branch() {
        let head = branch("trunk");
        let list = || ProtectedBranches::Exactly(vec!["prod".into()]);
        for both in [
            list().tighten(ProtectedBranches::Default, Some(&head)),
            ProtectedBranches::Default.tighten(list(), Some(&head)),
        ] {
            for name in ["prod", "main", "master", "trunk"] {
                assert!(both.contains(&branch(name), None), "{name}");
            }
        }
    }
}
