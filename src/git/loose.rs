//! Storing objects, each in a file of its own, as git does (gitformat-loose(5)).

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};
use gix::objs::Kind;
use gix::zlib::stream::deflate::{Compress, FlushCompress};
use gix::zlib::{Compression, Status};

use super::crash;
use super::durability::Durability;
use super::object::from_gix;
use super::repo::{Repo, unexpected};
use super::shared;
use crate::domain::oid::Oid;
use crate::domain::refusal::Refusal;

/// The place where objects are stored.
///
/// An object gets its name when it is whole, so that no reader sees a part of one; a write that
/// fails leaves nothing behind.
pub(super) struct Loose<'r> {
    repo: &'r Repo,
    directory: PathBuf,
    durability: Durability,
    compress: RefCell<Compress>,
    /// Files that have a name, but may not have reached the disk.
    unsynced: RefCell<Vec<PathBuf>>,
    /// Directories that got a new name.
    changed: RefCell<BTreeSet<PathBuf>>,
    temporaries: Cell<u32>,
}

/// From this size on, the id is computed while another thread compresses.
const LARGE: usize = 256 << 10;

impl<'r> Loose<'r> {
    pub(super) fn new(repo: &'r Repo, durability: Durability) -> Self {
        Self {
            repo,
            directory: repo.objects_dir(),
            durability,
            compress: RefCell::new(Compress::new(level(repo))),
            unsynced: RefCell::default(),
            changed: RefCell::default(),
            temporaries: Cell::new(0),
        }
    }

    /// Stores an object, unless it is there. It may be gone after a power cut until
    /// [`Loose::sync`] is done.
    pub(super) fn write(&self, kind: Kind, data: &[u8]) -> Result<Oid> {
        let (id, compressed) = self.prepare(kind, data)?;
        let oid = from_gix(&id).context("an object has the zero id")?;
        let (directory, path) = self.place(oid);
        if self.freshen(&path) {
            self.unsynced.borrow_mut().push(path);
            return Ok(oid);
        }
        if self.repo.inner.objects.exists_without_refresh(&id) {
            return Ok(oid);
        }
        let compressed = match compressed {
            Some(compressed) => compressed,
            None => compress(&mut self.compress.borrow_mut(), kind, data)?,
        };
        let stored = self.store(&directory, &path, &compressed);
        stored.map_err(|error| not_written(&directory, &error))?;
        Ok(oid)
    }

    /// How durable what it stores is.
    pub(super) fn durability(&self) -> Durability {
        self.durability
    }

    /// Counts in an object that another process stored, if it is a loose one.
    pub(super) fn adopt(&self, oid: Oid) {
        let (directory, path) = self.place(oid);
        if !path.exists() {
            return;
        }
        self.unsynced.borrow_mut().push(path);
        self.changed.borrow_mut().insert(directory);
    }

    /// Makes sure that all that was stored survives a power cut, where that is asked for.
    pub(super) fn sync(&self) -> Result<()> {
        let mut paths = self.unsynced.take();
        if cfg!(unix) {
            paths.extend(self.changed.take());
        }
        let synced = self.durability.sync_paths(&paths);
        Ok(synced.map_err(|(path, error)| not_written(&path, &error))?)
    }

    /// The id, and for large objects also the compressed bytes, made at the same time.
    fn prepare(&self, kind: Kind, data: &[u8]) -> Result<(gix::ObjectId, Option<Vec<u8>>)> {
        let hash = self.repo.inner.object_hash();
        let id = || gix::objs::compute_hash(hash, kind, data).map_err(unexpected);
        if data.len() < LARGE {
            return Ok((id()?, None));
        }
        let mut state = self.compress.borrow_mut();
        std::thread::scope(|scope| {
            let id = scope.spawn(id);
            let compressed = compress(&mut state, kind, data)?;
            let id = id.join().map_err(|_| anyhow::anyhow!("hashing an object failed"))??;
            Ok((id, Some(compressed)))
        })
    }

    fn place(&self, oid: Oid) -> (PathBuf, PathBuf) {
        let name = oid.to_string();
        let (first, rest) = name.split_at_checked(2).unwrap_or_default();
        let directory = self.directory.join(first);
        let path = directory.join(rest);
        (directory, path)
    }

    /// Whether the object is there. As git does, it then counts as new, so that `git prune` leaves
    /// it.
    fn freshen(&self, path: &Path) -> bool {
        match File::open(path) {
            Ok(file) => {
                // Fails for an object of another user's, which git takes in the same way.
                let _ = file.set_modified(now());
                true
            }
            Err(_) => false,
        }
    }

    fn store(&self, directory: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let (mut file, mut temporary) = self.temporary(directory)?;
        file.write_all(bytes)?;
        shared::grant(&temporary.path)?;
        crash::point("object-written");
        fs::rename(&temporary.path, path)?;
        temporary.kept = true;
        crash::point("object-named");
        self.unsynced.borrow_mut().push(path.to_owned());
        self.changed.borrow_mut().insert(directory.to_owned());
        Ok(())
    }

    /// A new file in `directory`, which is made if it is missing. `git prune` removes it, should
    /// this process be killed: by its name.
    fn temporary(&self, directory: &Path) -> io::Result<(File, Temporary)> {
        loop {
            let number = self.temporaries.replace(self.temporaries.get() + 1);
            let name = format!("tmp_obj_kitty_{}_{number}", std::process::id());
            let path = directory.join(name);
            match create_read_only(&path) {
                Ok(file) => return Ok((file, Temporary { path, kept: false })),
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    self.make_directory(directory)?;
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn make_directory(&self, directory: &Path) -> io::Result<()> {
        match shared::create_dir(directory) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        self.changed.borrow_mut().insert(self.directory.clone());
        Ok(())
    }
}

/// A file that is removed unless it is kept.
struct Temporary {
    path: PathBuf,
    kept: bool,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The header and the data as one zlib stream.
fn compress(state: &mut Compress, kind: Kind, data: &[u8]) -> Result<Vec<u8>> {
    state.reset();
    let header = gix::objs::encode::loose_header(kind, data.len() as u64);
    let mut stream = Stream { state, bytes: vec![0; data.len() / 4 + 128], used: 0 };
    stream.feed(&header, FlushCompress::None)?;
    stream.feed(data, FlushCompress::Finish)?;
    stream.bytes.truncate(stream.used);
    Ok(stream.bytes)
}

struct Stream<'a> {
    state: &'a mut Compress,
    bytes: Vec<u8>,
    used: usize,
}

impl Stream<'_> {
    fn feed(&mut self, mut input: &[u8], flush: FlushCompress) -> Result<()> {
        loop {
            if self.used == self.bytes.len() {
                self.bytes.resize(self.bytes.len() * 2, 0);
            }
            let (read, written) = (self.state.total_in(), self.state.total_out());
            let room = self.bytes.get_mut(self.used..).unwrap_or_default();
            let status = self.state.compress(input, room, flush).map_err(unexpected)?;
            let read = usize::try_from(self.state.total_in() - read)?;
            self.used += usize::try_from(self.state.total_out() - written)?;
            input = input.get(read..).unwrap_or_default();
            match (status, flush) {
                (Status::StreamEnd, _) => return Ok(()),
                (_, FlushCompress::None) if input.is_empty() => return Ok(()),
                (_, _) => {}
            }
        }
    }
}

/// `core.looseCompression`, else `core.compression`, else git's default: as fast as it can.
fn level(repo: &Repo) -> Compression {
    let snapshot = repo.inner.config_snapshot();
    let set = ["core.looseCompression", "core.compression"]
        .into_iter()
        .find_map(|key| snapshot.integer(key));
    match set {
        Some(-1) => Compression::DEFAULT,
        Some(level) => i32::try_from(level).ok().and_then(Compression::new).unwrap_or_default(),
        None => Compression::BEST_SPEED,
    }
}

fn create_read_only(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o444);
    options.open(path)
}

#[expect(clippy::disallowed_methods, reason = "only the file system's clock is compared with it")]
fn now() -> SystemTime {
    SystemTime::now()
}

fn not_written(path: &Path, error: &io::Error) -> Refusal {
    Refusal::ObjectNotWritten { path: path.display().to_string(), what: error.to_string() }
}
