//! Who a work package belongs to, and since which claim.
//!
//! Each event to `claimed` that takes effect is a claim, whoever wrote it, and has the next epoch. So
//! everyone who reads the same log knows the same epoch, and a worker whose claim was taken over can
//! be told from the one who has it now.

use serde::{Deserialize, Serialize};

/// The claim that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Its event.
    pub event_id: String,
    /// The number of claims up to it, from 1.
    pub epoch: u32,
    /// Who claimed.
    pub actor: String,
    /// Who did before, each once.
    pub former: Vec<String>,
}

/// What a worker says of itself, as far as it does.
#[derive(Debug, Clone, Copy, Default)]
pub struct Worker<'w> {
    /// The claim that its worktree was opened for, by its event.
    pub event_id: Option<&'w str>,
    /// Its name.
    pub actor: Option<&'w str>,
    /// The epoch that it was told when it claimed.
    pub epoch: Option<u32>,
}

impl Claim {
    /// The claim that an event makes after an earlier one.
    #[must_use]
    pub fn after(earlier: Option<&Self>, event_id: &str, actor: &str) -> Self {
        let mut former = earlier.map(|claim| claim.former.clone()).unwrap_or_default();
        if let Some(claim) = earlier
            && !former.contains(&claim.actor)
        {
            former.push(claim.actor.clone());
        }
        former.retain(|name| name != actor);
        Self {
            event_id: event_id.to_owned(),
            epoch: earlier.map_or(0, |claim| claim.epoch).saturating_add(1),
            actor: actor.to_owned(),
            former,
        }
    }

    /// Whether a worker's claim was taken over. Who says nothing of itself is not taken for one.
    #[must_use]
    pub fn is_over(&self, worker: Worker<'_>) -> bool {
        worker.event_id.is_some_and(|event_id| event_id != self.event_id)
            || worker.epoch.is_some_and(|epoch| epoch != self.epoch)
            || worker.actor.is_some_and(|actor| self.former.iter().any(|former| former == actor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_claim_has_the_next_epoch_and_knows_who_was_before() {
        let first = Claim::after(None, "1", "ada");
        let second = Claim::after(Some(&first), "2", "bob");
        let third = Claim::after(Some(&second), "3", "cy");
        let back = Claim::after(Some(&third), "4", "ada");
        let shown = |claim: &Claim| (claim.epoch, claim.actor.clone(), claim.former.join(" "));
        assert_eq!(shown(&first), (1, "ada".into(), String::new()));
        assert_eq!(shown(&second), (2, "bob".into(), "ada".into()));
        assert_eq!(shown(&third), (3, "cy".into(), "ada bob".into()));
        assert_eq!(shown(&back), (4, "ada".into(), "bob cy".into()));
    }

    #[test]
    fn a_worker_is_told_by_its_worktree_its_name_or_its_epoch() {
        let claim = Claim::after(Some(&Claim::after(None, "1", "ada")), "2", "bob");
        let worker = Worker::default();
        assert!(!claim.is_over(worker), "nothing is known of it");
        assert!(!claim.is_over(Worker { event_id: Some("2"), actor: Some("bob"), epoch: Some(2) }));
        assert!(!claim.is_over(Worker { actor: Some("somebody else"), ..worker }));
        assert!(claim.is_over(Worker { event_id: Some("1"), ..worker }));
        assert!(claim.is_over(Worker { actor: Some("ada"), ..worker }));
        assert!(claim.is_over(Worker { epoch: Some(1), ..worker }));
    }
}
