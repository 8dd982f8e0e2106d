//! Locks that nobody gives up any more.

use std::time::Duration;

use anyhow::Result;

use super::case::{Case, left, mended};
use super::patient::Patient;
use crate::domain::finding::Kind;
use crate::domain::refusal::quoted;
use crate::git::locks;

const OURS: Kind = Kind::warning("LOCK_LEFT_BEHIND");
const FOREIGN: Kind = Kind::warning("LOCK_HELD_LONG")
    .left("it is not git-kitty's, and nobody can tell whether its process lives");

/// No git holds a lock for longer in ordinary use.
const LONG: Duration = Duration::from_secs(60);

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let now = Duration::from_micros(patient.now.micros());
    let mut cases = Vec::new();
    for lock in locks(patient.repo)? {
        let (path, age) = (lock.path.display().to_string(), lock.age(now));
        if lock.ours.is_some() {
            let message = "a git-kitty that was killed left this lock behind";
            let finding = OURS.found(path, message, "`git kitty doctor --fix`");
            cases.push(Case::mended_by(finding, move || match lock.remove()? {
                true => mended("removed it"),
                false => left("another process took it meanwhile"),
            }));
        } else if age > LONG {
            let message = format!("somebody has kept this lock for {}", told(age));
            let fix = format!("if no git is running here, `rm {}`", quoted(&path));
            cases.push(Case::left(FOREIGN.found(path, message, fix)));
        }
    }
    Ok(cases)
}

fn told(age: Duration) -> String {
    let minutes = age.as_secs() / 60;
    match (minutes / (24 * 60), minutes / 60) {
        (0, 0) => format!("{minutes} min"),
        (0, hours) => format!("{hours} h"),
        (days, _) => format!("{days} d"),
    }
}
