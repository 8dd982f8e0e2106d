//! Files and programs of a sandbox by their paths in it, and everything on disk as bytes: for tests
//! of what is written outside of objects and refs, where [`super::state`] says too little.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::call::{Call, Output};
use super::repo::RepoBuilder;
use super::sandbox::Sandbox;

/// Files larger than this are told by their size.
const LARGE: u64 = 100_000;

/// Every file, directory and symbolic link, with its mode and bytes.
pub type Bytes = BTreeMap<PathBuf, String>;

impl Sandbox {
    /// A sandbox with the repository `repo`, of one commit with one file, in it. The branch `work`,
    /// which nobody guards, is checked out.
    pub fn with_repository() -> Self {
        let sandbox = Self::new();
        RepoBuilder::default().build(&sandbox, "repo").must(["switch", "-q", "-c", "work"]);
        sandbox
    }

    /// A path of the sandbox; also one from masked output.
    pub fn at(&self, path: &str) -> PathBuf {
        self.root().join(path.strip_prefix("[TMP]/").unwrap_or(path))
    }

    /// Writes a file, with the directories it needs.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The text of a file.
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Sets the permissions of a file.
    pub fn chmod(&self, path: &str, mode: u32) {
        fs::set_permissions(self.at(path), fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Writes an executable file.
    pub fn hook(&self, path: &str, script: &str) {
        self.write(path, script);
        self.chmod(path, 0o755);
    }

    /// A call of a program in a directory of the sandbox.
    pub fn program(&self, directory: &str, program: &str) -> Call<'_> {
        self.call(program, &self.at(directory))
    }

    /// Runs a program, and masks what it says.
    pub fn run<S: AsRef<OsStr>>(
        &self,
        directory: &str,
        program: &str,
        arguments: impl IntoIterator<Item = S>,
    ) -> Output {
        self.program(directory, program).args(arguments).run().masked()
    }

    /// Runs git, which must succeed, and returns what it printed, masked.
    #[track_caller]
    pub fn git<S: AsRef<OsStr>>(
        &self,
        directory: &str,
        arguments: impl IntoIterator<Item = S>,
    ) -> String {
        self.run(directory, "git", arguments).exits(0).stdout
    }

    /// Everything below `path`, byte for byte.
    pub fn bytes(&self, path: &str) -> Bytes {
        let mut found = Bytes::new();
        collect(&self.at(path), &mut found, &|metadata| format!("{:o}", metadata.mode()));
        found
    }

    /// As [`Sandbox::bytes`], with the times of change.
    pub fn bytes_and_times(&self, path: &str) -> Bytes {
        let mut found = Bytes::new();
        let seen = |m: &Metadata| format!("{:o} {}.{}", m.mode(), m.mtime(), m.mtime_nsec());
        collect(&self.at(path), &mut found, &seen);
        found
    }
}

/// The path of a built program.
pub fn built(program: &str) -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_git-kitty")).with_file_name(program)
}

fn collect(path: &Path, found: &mut Bytes, seen: &dyn Fn(&Metadata) -> String) {
    let metadata = fs::symlink_metadata(path).unwrap();
    let content = if metadata.is_symlink() {
        fs::read_link(path).unwrap().display().to_string()
    } else if metadata.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), found, seen);
        }
        String::new()
    } else if metadata.len() > LARGE {
        format!("{} bytes", metadata.len())
    } else {
        format!("{:?}", String::from_utf8_lossy(&fs::read(path).unwrap()))
    };
    found.insert(path.to_owned(), format!("{} {content}", seen(&metadata)));
}
