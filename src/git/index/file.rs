use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use gix::bstr::ByteSlice;

use super::Unread;
use super::built::{self, Built};
use super::cache_tree::{CacheTree, root};
use super::entries::Entries;
use crate::domain::oid::Oid;

/// What an index would commit.
#[derive(Debug)]
pub(crate) enum Contents {
    /// A tree that exists.
    Tree(Oid),
    /// Trees of which some are yet to be written.
    Built(Built),
}

/// Signature, version, number of entries.
const HEADER: usize = 12;
/// How far the end of the file is searched for `TREE`, at first and at most.
const TAIL: (u64, u64) = (32 << 10, 16 << 20);

/// Reads the index at `path`, with ids of `hash_size` bytes. A missing file is an empty index.
pub(crate) fn read(path: &Path, hash_size: usize) -> Result<Contents, Unread> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(Contents::Built(Built::empty()));
        }
        Err(error) => return Err(error.into()),
    };
    read_from(&mut file, hash_size)
}

/// Reads an index from its first byte on.
pub(super) fn read_from(
    file: &mut (impl Read + Seek),
    hash_size: usize,
) -> Result<Contents, Unread> {
    let header = Header::read(file)?;
    let tree = find_tree(file, &header, hash_size)?;
    if let Some(valid) = tree.as_deref().and_then(|tree| root(tree, hash_size)?.valid) {
        return Ok(Contents::Tree(valid.oid));
    }
    let known = tree.as_deref().map(|tree| CacheTree::parse(tree, hash_size)).transpose()?;
    file.seek(SeekFrom::Start(HEADER as u64))?;
    let mut entries = Entries::new(file, header.version, header.entries, hash_size);
    let built = built::build(&mut entries, known.as_ref())?;
    check_chain(&entries.rest()?, hash_size)?;
    Ok(Contents::Built(built))
}

/// Whether the index at `path` lists a path that passes `test`; it is read up to the first one.
pub(crate) fn lists_any(
    path: &Path,
    hash_size: usize,
    test: impl Fn(&[u8]) -> bool,
) -> Result<bool, Unread> {
    let mut file = File::open(path)?;
    let header = Header::read(&mut file)?;
    file.seek(SeekFrom::Start(HEADER as u64))?;
    let mut entries = Entries::new(file, header.version, header.entries, hash_size);
    while entries.advance()? {
        if test(entries.path()) {
            return Ok(true);
        }
    }
    Ok(false)
}

struct Header {
    version: u32,
    entries: u32,
    file_size: u64,
}

impl Header {
    fn read(file: &mut (impl Read + Seek)) -> Result<Self, Unread> {
        let mut bytes = [0; HEADER];
        file.read_exact(&mut bytes)?;
        let version = word(&bytes, 4).unwrap_or_default();
        if !bytes.starts_with(b"DIRC") || !(2..=4).contains(&version) {
            return Err(Unread("it is of an unknown version"));
        }
        let entries = word(&bytes, 8).unwrap_or_default();
        let file_size = file.seek(SeekFrom::End(0))?;
        Ok(Self { version, entries, file_size })
    }
}

/// The payload of `TREE`, searched from the end of the file.
///
/// A place counts only if the lengths of the extensions from there on lead exactly to the checksum,
/// and the root is as long as the index or known to be invalid: no path in the entries looks so.
fn find_tree(
    file: &mut (impl Read + Seek),
    header: &Header,
    hash_size: usize,
) -> Result<Option<Vec<u8>>, Unread> {
    let body = header.file_size.saturating_sub(HEADER as u64);
    let mut size = TAIL.0;
    loop {
        let mut tail = vec![0; usize::try_from(size.min(body)).unwrap_or(usize::MAX)];
        file.seek(SeekFrom::End(-i64::try_from(tail.len()).unwrap_or(0)))?;
        file.read_exact(&mut tail)?;
        if let Some(tree) = tree_in(&tail, header, hash_size)? {
            return Ok(Some(tree.to_vec()));
        }
        if size >= body.min(TAIL.1) {
            return Ok(None);
        }
        size *= 8;
    }
}

fn tree_in<'a>(
    tail: &'a [u8],
    header: &Header,
    hash_size: usize,
) -> Result<Option<&'a [u8]>, Unread> {
    for place in tail.find_iter(b"TREE") {
        let Some(chain) = tail.get(place..).and_then(|rest| chain(rest, hash_size)) else {
            continue;
        };
        let Some((_, tree)) = chain.first() else { continue };
        let plausible = root(tree, hash_size).is_some_and(|root| match root.valid {
            Some(valid) => valid.entries == header.entries,
            None => CacheTree::parse(tree, hash_size).is_ok(),
        });
        if plausible {
            check_mandatory(&chain)?;
            return Ok(Some(tree));
        }
    }
    Ok(None)
}

type Extension<'a> = (&'a [u8], &'a [u8]);

/// The extensions in `bytes`, which must end with the checksum; `None` if they do not add up.
fn chain(bytes: &[u8], hash_size: usize) -> Option<Vec<Extension<'_>>> {
    let mut rest = bytes.get(..bytes.len().checked_sub(hash_size)?)?;
    let mut extensions = Vec::new();
    while !rest.is_empty() {
        let length = usize::try_from(word(rest, 4)?).ok()?;
        let (signature, payload) = (rest.get(..4)?, rest.get(8..)?);
        extensions.push((signature, payload.get(..length)?));
        rest = payload.get(length..)?;
    }
    Some(extensions)
}

fn check_chain(bytes: &[u8], hash_size: usize) -> Result<(), Unread> {
    let extensions = chain(bytes, hash_size).ok_or(Unread("its extensions do not add up"))?;
    check_mandatory(&extensions)
}

/// Git asks readers to give up on extensions they do not know, unless their name is in capitals.
fn check_mandatory(extensions: &[Extension<'_>]) -> Result<(), Unread> {
    let mandatory = |signature: &[u8]| !signature.first().is_some_and(u8::is_ascii_uppercase);
    match extensions.iter().find(|(signature, _)| mandatory(signature)) {
        None => Ok(()),
        Some((b"link", _)) => Err(Unread("it is split")),
        Some((b"sdir", _)) => Err(Unread("it is sparse")),
        Some(_) => Err(Unread("it has an unknown extension")),
    }
}

/// The big-endian number at `offset`.
pub(super) fn word(bytes: &[u8], offset: usize) -> Option<u32> {
    let bytes = bytes.get(offset..)?.first_chunk()?;
    Some(u32::from_be_bytes(*bytes))
}
