//! Who comes to a door.

use std::env;

use anyhow::Result;

use crate::domain::identity::Identity;
use crate::flow::host::Host;
use crate::git::Repo;

/// The world of a door that is called `door`: who acts is said by `GIT_KITTY_ACTOR`, else by git. A
/// door judges also for who has no name.
///
/// # Errors
/// Never; the name is checked by a function that may refuse others.
pub(super) fn visitor(repo: &Repo, door: &'static str) -> Result<Host> {
    let configured = |key| repo.config_string(key);
    let name = variable("GIT_COMMITTER_NAME")
        .or_else(|| ["committer.name", "user.name"].into_iter().find_map(configured));
    let email = variable("GIT_COMMITTER_EMAIL")
        .or_else(|| ["committer.email", "user.email"].into_iter().find_map(configured));
    let known = name.and_then(|name| Identity::new(&name, &email.unwrap_or_default()).ok());
    let identity = known.map_or_else(|| Identity::new("unknown", ""), Ok)?;
    let actor = variable("GIT_KITTY_ACTOR").filter(|actor| !actor.trim().is_empty());
    let actor = actor.unwrap_or_else(|| identity.name().to_owned());
    Ok(Host::system(actor, identity, door))
}

#[expect(clippy::disallowed_methods, reason = "git says in the environment who commits")]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}
