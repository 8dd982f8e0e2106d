//! Whether a repository that another user owns may be used: `safe.directory` (`git help config`).
//!
//! gix hears what the files of the system and of the user say. What `git -c` and the environment say
//! counts as well, and what the repository's own files say never does.

use std::path::{Path, PathBuf};

use gix::config::file::Metadata;
use gix::config::source::Kind;

use super::file::path_of;
use super::repo::canonical;

/// Whether one of the settings names `place`, the top of a work tree or a bare repository, and no
/// empty one after it takes that back.
pub(super) fn is_declared(inner: &gix::Repository, place: &Path) -> bool {
    let snapshot = inner.config_snapshot();
    let protected = |meta: &Metadata| match meta.source.kind() {
        Kind::System | Kind::Global | Kind::Override => true,
        Kind::GitInstallation | Kind::Repository => false,
    };
    let values = snapshot.plumbing().strings_filter("safe.directory", protected);
    let place = canonical(place);
    let values = values.unwrap_or_default();
    values
        .iter()
        .fold(false, |is_safe, value| !value.is_empty() && (is_safe || names(value, &place)))
}

/// Whether a value means this directory: by its path, by one around it with `/*` behind, or by `*`.
fn names(value: &[u8], place: &Path) -> bool {
    if value == b"*" {
        return true;
    }
    let around = value.strip_suffix(b"*").filter(|around| around.ends_with(b"/"));
    let named = expanded(around.unwrap_or(value));
    // Git takes no other relative path.
    if !named.is_absolute() && value != b"." {
        return false;
    }
    let named = canonical(&named);
    match around {
        Some(_) => place != named && place.starts_with(named),
        None => place == named,
    }
}

fn expanded(value: &[u8]) -> PathBuf {
    let home = value.strip_prefix(b"~/").zip(gix::path::env::home_dir());
    match home {
        Some((rest, home)) => home.join(path_of(rest.to_vec())),
        None => path_of(value.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_name_what_they_name_to_git() {
        let place = Path::new("/srv/x/repo");
        for value in ["*", "/srv/x/repo", "/srv/x/repo/", "/srv/x/*", "/srv/*", "/*"] {
            assert!(names(value.as_bytes(), place), "{value}");
        }
        for value in
            ["/srv/x", "/srv/x/rep", "/srv/x/re*", "/srv/x/repo/*", "repo", "/srv/x/repo/.git"]
        {
            assert!(!names(value.as_bytes(), place), "{value}");
        }
    }
}
