//! What can be started now, and what keeps the rest.

use crate::domain::board::{Blockers, Board, Package};
use crate::store::View;

/// The work packages of a mission that have not been started.
#[derive(Debug)]
pub struct Outlook<'v> {
    /// The mission.
    pub view: &'v View,
    /// All its work packages.
    pub board: Board,
}

impl<'v> Outlook<'v> {
    /// What can be started in a mission.
    #[must_use]
    pub fn of(view: &'v View) -> Self {
        Self { view, board: view.board() }
    }

    /// Those that nothing keeps from being claimed.
    pub fn ready(&self) -> impl Iterator<Item = &Package> {
        self.board.unstarted().filter(|package| self.board.blockers(package).is_empty())
    }

    /// The others, with what stands in their way.
    pub fn blocked(&self) -> impl Iterator<Item = (&Package, Blockers)> {
        let all = self.board.unstarted().map(|package| (package, self.board.blockers(package)));
        all.filter(|(_, blockers)| !blockers.is_empty())
    }
}
