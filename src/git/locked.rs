//! What git says where another process holds a lock, or left it when it was killed.

use crate::domain::refusal::Refusal;

/// The refusal that names the lock, if that is what kept git from its work (`lockfile.c`,
/// `unable_to_lock_message`).
pub(super) fn refusal(stderr: &str) -> Option<Refusal> {
    let (_, rest) = stderr.split_once("nable to create '")?;
    let (lock, _) = rest.split_once("': File exists")?;
    lock.ends_with(".lock").then(|| Refusal::FileLocked { lock: lock.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_is_named() {
        let lock = "/r/.git/packed-refs.lock";
        for said in [
            format!(
                "error: Unable to create '{lock}': File exists.\n\nAnother git process seems to be running"
            ),
            format!("fatal: could not delete reference x: Unable to create '{lock}': File exists."),
            format!("error: could not lock: unable to create '{lock}': File exists"),
        ] {
            assert_eq!(
                refusal(&said),
                Some(Refusal::FileLocked { lock: lock.to_owned() }),
                "{said}"
            );
        }
        assert_eq!(refusal("fatal: Unable to create '/r/x.lock': Permission denied"), None);
        assert_eq!(refusal("fatal: Unable to create '/r/x': File exists"), None);
    }
}
