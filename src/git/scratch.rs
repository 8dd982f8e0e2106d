//! A repository whose new objects are gone when one has looked at them.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use anyhow::{Context, Result};

use super::durability::Durability;
use super::environment::quote_setting;
use super::repo::Repo;
use super::temporary::Temporary;
use super::write::Writer;
use crate::domain::layout;

/// The same repository, with a place of its own for new objects, of it and of the processes that it
/// starts. The place is removed when this is dropped.
pub struct Scratch {
    repo: Repo,
    _place: Temporary,
}

/// Names below `kitty/cache/` that begin with a dot are no mission's.
const DIRECTORY: &str = ".scratch";
/// Between the names of directories, as git takes it.
const SEPARATOR: &str = if cfg!(windows) { ";" } else { ":" };

impl Scratch {
    /// A place for objects of `repo` that nobody shall see. Its commits are not signed.
    ///
    /// # Errors
    /// If the directory cannot be made, or the repository not be opened again.
    pub fn of(repo: &Repo) -> Result<Self> {
        let home = repo.common_dir().join(layout::CACHE).join(DIRECTORY);
        let place = Temporary::below(&home)
            .with_context(|| format!("could not write below `{}`", home.display()))?;
        let unsigned = quote_setting(b"commit.gpgSign", b"false");
        let unsigned = gix::path::from_byte_slice(&unsigned).context("a setting of our own")?;
        let mut environment = repo.environment().clone();
        let known = environment.alternates.take();
        let alternates = [Some(quoted(&repo.objects_dir())), known];
        environment.alternates = Some(joined(alternates, SEPARATOR));
        let told = environment.parameters.take();
        environment.parameters = Some(joined([told, Some(unsigned.into())], " "));
        environment.object_directory = Some(place.path().into());
        let repo = Repo::open(&repo.places.start, environment)?;
        Ok(Self { repo, _place: place })
    }

    /// The repository, with what is in the place.
    #[must_use]
    pub const fn repo(&self) -> &Repo {
        &self.repo
    }

    /// Writes into the place.
    #[must_use]
    pub fn writer(&self) -> Writer<'_> {
        Writer::new(&self.repo, Durability::Git)
    }
}

fn joined(parts: [Option<OsString>; 2], separator: &str) -> OsString {
    let parts: Vec<OsString> = parts.into_iter().flatten().collect();
    parts.join(OsStr::new(separator))
}

/// A name as git takes it in a list (`git help git`, `GIT_ALTERNATE_OBJECT_DIRECTORIES`).
fn quoted(path: &Path) -> OsString {
    let is_plain = |byte: &u8| !matches!(byte, b'"' | b':' | b';');
    if cfg!(windows) || path.as_os_str().as_encoded_bytes().iter().all(is_plain) {
        return path.into();
    }
    let text = path.as_os_str().as_encoded_bytes();
    let escaped = text.iter().flat_map(|byte| match byte {
        b'"' | b'\\' => vec![b'\\', *byte],
        byte => vec![*byte],
    });
    let quoted: Vec<u8> = std::iter::once(b'"').chain(escaped).chain([b'"']).collect();
    gix::path::from_byte_slice(&quoted).map_or_else(|_| path.into(), Into::into)
}
