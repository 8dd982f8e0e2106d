//! Protected branches: who they are, and what they take at a commit.

use crate::domain::branch::BranchName;

use super::config::Protected;

impl Protected {
    /// Whether `branch` is protected. `remote_head` is what the remote-tracking `HEAD` names, as
    /// last fetched: no network is asked.
    #[must_use]
    pub fn contains(&self, branch: &BranchName, remote_head: Option<&BranchName>) -> bool {
        let default =
            || matches!(branch.as_str(), "main" | "master") || remote_head == Some(branch);
        let listed = |names: &[String]| names.iter().any(|name| name == branch.as_str());
        match self {
            Self::Default => default(),
            Self::Exactly(names) => listed(names),
            Self::DefaultAnd(names) => default() || listed(names),
        }
    }

    /// The names of all, whether there are such branches or not.
    #[must_use]
    pub fn names(&self, remote_head: Option<&BranchName>) -> Vec<BranchName> {
        let listed = |names: &[String]| -> Vec<BranchName> {
            names.iter().filter_map(|name| name.parse().ok()).collect()
        };
        let default = || {
            let names = ["main", "master"].iter().filter_map(|name| name.parse().ok());
            names.chain(remote_head.cloned())
        };
        match self {
            Self::Default => default().collect(),
            Self::Exactly(names) => listed(names),
            Self::DefaultAnd(names) => default().chain(listed(names)).collect(),
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
        assert!(Protected::Default.contains(&branch("master"), None));
        assert!(Protected::Default.contains(&head, Some(&head)));
        assert!(!Protected::Default.contains(&branch("next"), Some(&head)));
        let list = Protected::Exactly(vec!["prod".into()]);
        assert!(list.contains(&branch("prod"), None));
        assert!(!list.contains(&branch("main"), Some(&branch("main"))));
        assert!(!Protected::Exactly(vec![]).contains(&branch("main"), None));
        let both = Protected::DefaultAnd(vec!["prod".into()]);
        assert!(both.contains(&branch("prod"), None) && both.contains(&head, Some(&head)));
    }
}
