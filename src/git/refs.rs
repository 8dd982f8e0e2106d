//! Reading refs.
//!
//! The files backend is read natively; any other through `git`, with one process a question.

use std::io::ErrorKind;

use anyhow::{Context, Result, bail};

use super::object::from_gix;
use super::repo::{RefBackend, Repo, unexpected, with_bytes};
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;

/// Where HEAD is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Head {
    /// On a branch: the name at the end of the chain, if HEAD leads to it through other symbolic
    /// refs.
    Branch {
        /// The full name, as a rule below `refs/heads/`.
        name: RefName,
        /// Its commit; `None` if the branch is not born yet.
        tip: Option<Oid>,
    },
    /// On a commit.
    Detached {
        /// That commit.
        tip: Oid,
    },
}

impl Head {
    /// The commit; `None` on an unborn branch.
    #[must_use]
    pub const fn tip(&self) -> Option<Oid> {
        match self {
            Self::Branch { tip, .. } => *tip,
            Self::Detached { tip } => Some(*tip),
        }
    }

    /// The full name of the branch; `None` if detached.
    #[must_use]
    pub const fn branch(&self) -> Option<&RefName> {
        match self {
            Self::Branch { name, .. } => Some(name),
            Self::Detached { .. } => None,
        }
    }
}

/// See [`Repo::refs_state`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefsState {
    head: Option<Vec<u8>>,
    refs: Vec<(RefName, Oid)>,
    /// The names of the files of a reftable, of which each change makes a new one.
    tables: Option<Vec<u8>>,
}

/// What a ref holds.
enum Target {
    Object(Oid),
    Symbolic(RefName),
}

/// A ref's own file.
enum Loose {
    Link(RefName),
    Text(Vec<u8>),
}

/// Git follows no longer chains of symbolic refs (`SYMREF_MAXDEPTH`).
const LONGEST_CHAIN: usize = 5;

impl Repo {
    /// Where HEAD of this worktree is.
    ///
    /// # Errors
    /// If HEAD is missing or damaged, or its chain of symbolic refs does not end.
    pub fn head(&self) -> Result<Head> {
        let head = RefName::new("HEAD")?;
        match self.ref_backend() {
            RefBackend::Files => {
                let (name, tip) = self.follow(head)?;
                match tip {
                    Some(tip) if name.as_bytes() == b"HEAD" => Ok(Head::Detached { tip }),
                    None if name.as_bytes() == b"HEAD" => bail!("the repository has no HEAD"),
                    tip => Ok(Head::Branch { name, tip }),
                }
            }
            RefBackend::Other => self.head_through_git(),
        }
    }

    /// What a ref leads to, through symbolic refs; `None` if there is no such ref, or if it leads
    /// to none.
    ///
    /// # Errors
    /// If the ref is damaged.
    pub fn find(&self, name: &RefName) -> Result<Option<Oid>> {
        match self.ref_backend() {
            RefBackend::Files => Ok(self.follow(name.clone())?.1),
            RefBackend::Other if self.told_of(name).is_some() => Ok(self.told_of(name).flatten()),
            RefBackend::Other if name.as_bytes() == b"HEAD" => Ok(self.head()?.tip()),
            RefBackend::Other => {
                let refs = self.for_each_ref(name.as_bytes(), &[])?;
                Ok(refs.into_iter().find(|(found, _)| found == name).map(|(_, oid)| oid))
            }
        }
    }

    /// The ref that a symbolic ref names, one step, whether that exists or not; `None` if `name` is
    /// no symbolic ref.
    ///
    /// # Errors
    /// If the ref is damaged.
    pub fn symbolic(&self, name: &RefName) -> Result<Option<RefName>> {
        match self.ref_backend() {
            RefBackend::Files => Ok(match self.target(name)? {
                Some(Target::Symbolic(next)) => Some(next),
                Some(Target::Object(_)) | None => None,
            }),
            RefBackend::Other => {
                let arguments = [b"symbolic-ref", &b"--no-recurse"[..], b"-q", name.as_bytes()];
                self.symbolic_ref(&arguments)
            }
        }
    }

    /// The ref that is moved by who moves `name`: the end of its chain of symbolic refs, whether that
    /// exists or not.
    ///
    /// # Errors
    /// If a ref is damaged, or the chain does not end.
    pub fn moved_by(&self, name: &RefName) -> Result<RefName> {
        let mut name = name.clone();
        for _ in 0..=LONGEST_CHAIN {
            match self.symbolic(&name)? {
                Some(next) => name = next,
                None => return Ok(name),
            }
        }
        bail!("the chain of symbolic refs at `{name}` does not end")
    }

    /// All refs whose full name begins with `prefix`, sorted by name, symbolic ones with what they
    /// lead to; those that lead to nothing are left out. Empty for all refs below `refs/`.
    ///
    /// # Errors
    /// If a ref is damaged.
    pub fn list(&self, prefix: &str) -> Result<Vec<(RefName, Oid)>> {
        let found = match self.ref_backend() {
            RefBackend::Files => self.list_files(prefix),
            RefBackend::Other => {
                let directory = prefix.rsplit_once('/').map_or("refs", |(directory, _)| directory);
                let mut refs = self.for_each_ref(directory.as_bytes(), &[])?;
                refs.retain(|(name, _)| name.as_bytes().starts_with(prefix.as_bytes()));
                Ok(refs)
            }
        };
        Ok(self.as_told(prefix, found?))
    }

    /// What is different whenever any ref is, in any worktree; the cheapest such thing to find out.
    ///
    /// # Errors
    /// If a ref is damaged.
    pub fn refs_state(&self) -> Result<RefsState> {
        let head = std::fs::read(self.common_dir().join("HEAD")).ok();
        match self.ref_backend() {
            RefBackend::Files => Ok(RefsState { head, refs: self.list_files("")?, tables: None }),
            RefBackend::Other => {
                let tables = self.common_dir().join("reftable/tables.list");
                Ok(RefsState { head, refs: Vec::new(), tables: std::fs::read(tables).ok() })
            }
        }
    }

    /// Whether nothing was ever committed here: HEAD is unborn, and there is no ref at all.
    ///
    /// # Errors
    /// If HEAD or a ref is damaged.
    pub fn is_empty_repository(&self) -> Result<bool> {
        if self.head()?.tip().is_some() {
            return Ok(false);
        }
        match self.ref_backend() {
            RefBackend::Files => {
                let refs = self.refs_now()?.iter().map_err(unexpected)?;
                Ok(refs.all().context("could not list the refs")?.next().is_none())
            }
            RefBackend::Other => Ok(self.for_each_ref(b"refs", &["--count=1"])?.is_empty()),
        }
    }

    fn follow(&self, start: RefName) -> Result<(RefName, Option<Oid>)> {
        let mut name = start;
        for _ in 0..=LONGEST_CHAIN {
            if let Some(told) = self.told_of(&name) {
                return Ok((name, told));
            }
            match self.target(&name)? {
                Some(Target::Object(oid)) => return Ok((name, Some(oid))),
                Some(Target::Symbolic(next)) => name = next,
                None => return Ok((name, None)),
            }
        }
        bail!("the chain of symbolic refs at `{name}` does not end")
    }

    /// The files that Git reads for exactly this name: gix would try `refs/tags/<name>` and the like
    /// as well, which makes a ref that is absent cost five times as much.
    fn target(&self, name: &RefName) -> Result<Option<Target>> {
        let text: &gix::bstr::BStr = name.as_bytes().into();
        let full: &gix::refs::FullNameRef =
            text.try_into().with_context(|| format!("cannot read the ref `{name}`"))?;
        let target = match self.loose(name)? {
            Some(Loose::Link(next)) => return Ok(Some(Target::Symbolic(next))),
            Some(Loose::Text(text)) => {
                let kind = self.inner.object_hash();
                let read =
                    gix::refs::file::loose::Reference::try_from_path(full.into(), &text, kind);
                Some(read.map_err(unexpected)?.target)
            }
            None => self.packed(full)?,
        };
        match target {
            None => Ok(None),
            Some(gix::refs::Target::Object(id)) => Ok(from_gix(&id).map(Target::Object)),
            Some(gix::refs::Target::Symbolic(next)) => {
                Ok(Some(Target::Symbolic(RefName::new(next.as_bstr().to_vec())?)))
            }
        }
    }

    /// What stands in a ref's own file, if it has one. With `core.preferSymlinkRefs`, Git makes a
    /// symbolic ref as a link of the file system, whose text is the ref's name.
    fn loose(&self, name: &RefName) -> Result<Option<Loose>> {
        let directory = if is_private(name) { self.git_dir() } else { self.common_dir() };
        let file = gix::path::from_byte_slice(name.as_bytes()).map_err(unexpected)?;
        let file = directory.join(file);
        match std::fs::read_link(&file) {
            Ok(target) => {
                let target = target.as_os_str().as_encoded_bytes();
                if let Some(next) = target.starts_with(b"refs/").then(|| RefName::new(target)) {
                    return Ok(next.ok().map(Loose::Link));
                }
            }
            Err(error) if is_absent(&error) => return Ok(None),
            Err(_) => {}
        }
        match std::fs::read(&file) {
            Ok(text) => Ok(Some(Loose::Text(text))),
            Err(error) if is_absent(&error) || error.kind() == ErrorKind::IsADirectory => Ok(None),
            Err(error) => Err(error).with_context(|| format!("could not read the ref `{name}`")),
        }
    }

    fn packed(&self, name: &gix::refs::FullNameRef) -> Result<Option<gix::refs::Target>> {
        let Some(packed) = self.refs_now()?.cached_packed_buffer().map_err(unexpected)? else {
            return Ok(None);
        };
        let found = packed.try_find(name).map_err(unexpected)?;
        Ok(found.map(|found| gix::refs::Target::Object(found.target())))
    }

    fn list_files(&self, prefix: &str) -> Result<Vec<(RefName, Oid)>> {
        let platform = self.refs_now()?.iter().map_err(unexpected)?;
        let found = if prefix.is_empty() {
            platform.all()
        } else {
            let prefix: &gix::bstr::BStr = prefix.into();
            platform.prefixed(prefix.try_into().map_err(unexpected)?)
        };
        let mut refs = Vec::new();
        for found in found.context("could not list the refs")? {
            let found = found.map_err(unexpected)?;
            let name = RefName::new(found.name.as_bstr().to_vec())?;
            let tip = match found.target {
                gix::refs::Target::Object(id) => from_gix(&id),
                gix::refs::Target::Symbolic(_) => self.find(&name)?,
            };
            refs.extend(tip.map(|tip| (name, tip)));
        }
        Ok(refs)
    }

    fn head_through_git(&self) -> Result<Head> {
        if let Some(name) = self.symbolic_ref(&[b"symbolic-ref", b"-q", b"HEAD"])? {
            let tip = self.find(&name)?;
            return Ok(Head::Branch { name, tip });
        }
        let line = self.git().args(["rev-parse", "--verify", "HEAD"]).line()?;
        Ok(Head::Detached { tip: line.parse()? })
    }

    fn symbolic_ref(&self, arguments: &[&[u8]]) -> Result<Option<RefName>> {
        let output = with_bytes(self.git(), arguments)?.output()?;
        match output.status {
            0 => Ok(Some(RefName::new(output.stdout.trim_ascii_end())?)),
            1 => Ok(None),
            _ if output.stderr.contains("No such ref") => Ok(None),
            status => bail!("`git symbolic-ref` ended with status {status}: {}", output.stderr),
        }
    }

    fn for_each_ref(&self, pattern: &[u8], options: &[&str]) -> Result<Vec<(RefName, Oid)>> {
        let git = self.git().args(["for-each-ref", "--format=%(objectname) %(refname)"]);
        let stdout = with_bytes(git.args(options), &[pattern])?.run()?;
        stdout.split(|b| *b == b'\n').filter(|line| !line.is_empty()).map(parse_ref).collect()
    }
}

/// Whether each worktree has its own (`git help worktree`, "REFS").
fn is_private(name: &RefName) -> bool {
    let private: [&[u8]; 3] = [b"refs/bisect/", b"refs/worktree/", b"refs/rewritten/"];
    let name = name.as_bytes();
    !name.starts_with(b"refs/") || private.iter().any(|prefix| name.starts_with(prefix))
}

fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn parse_ref(line: &[u8]) -> Result<(RefName, Oid)> {
    let space = line.iter().position(|b| *b == b' ').context("a ref without a name")?;
    let (oid, name) = line.split_at(space);
    let oid = std::str::from_utf8(oid)?.parse()?;
    Ok((RefName::new(name.trim_ascii_start())?, oid))
}
