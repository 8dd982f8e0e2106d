//! Changing single keys of a `meta.json` that is there.

use super::Meta;
use crate::domain::json::{self, Change};
use crate::domain::refusal::{Document, Refusal};
use crate::domain::source::Source;

/// The bytes of a `meta.json` after some changes; what they do not name keeps its bytes.
///
/// # Errors
/// [`Refusal::KeyNotEditable`] for a key that stands there twice; [`Refusal::Damaged`] if the file
/// cannot be read, as it is or with the new values.
pub fn edit(bytes: &[u8], file: &str, changes: &[Change<'_>]) -> Result<Vec<u8>, Refusal> {
    let edited = json::edit(bytes, Source::new(Document::Meta, file), changes)?;
    Meta::parse(&edited, file)?;
    Ok(edited)
}
