//! Repositories, made once for each kind and copied for each test.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::checkout::Checkout;
use super::sandbox::Sandbox;

/// A hash function for object ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ObjectFormat {
    /// Git's default.
    #[default]
    Sha1,
    /// Git's next default.
    Sha256,
}

/// A way to store refs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RefFormat {
    /// Git's default.
    #[default]
    Files,
    /// Git's next default, from git 2.45 on.
    Reftable,
}

/// A repository to be made: branch `main` checked out, with one commit of `files` files, or with
/// no commit where `files` is 0.
#[derive(Clone, Copy, Debug)]
pub struct RepoBuilder {
    objects: ObjectFormat,
    refs: RefFormat,
    bare: bool,
    files: Files,
}

/// What the first commit holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Files {
    /// This many, a hundred in a directory; with none there is no commit.
    Numbered(usize),
    /// Those of [`DEPTHS`], and `link`.
    Depths,
}

/// Files at several depths, with names that sort around those of directories. Each holds its name.
const DEPTHS: [&str; 9] =
    ["a", "b.txt", "d/x", "d/y", "d/e/deep", "d.txt", "d0/z", "src/one/f", "src/two/f"];

impl Default for RepoBuilder {
    /// SHA-1, files backend, with a work tree, one file.
    fn default() -> Self {
        let (objects, refs) = (ObjectFormat::Sha1, RefFormat::Files);
        Self { objects, refs, bare: false, files: Files::Numbered(1) }
    }
}

impl RepoBuilder {
    /// With this hash function.
    pub fn objects(self, objects: ObjectFormat) -> Self {
        Self { objects, ..self }
    }

    /// With this ref storage; ask [`Sandbox::has_reftable`] before asking for reftable.
    pub fn refs(self, refs: RefFormat) -> Self {
        Self { refs, ..self }
    }

    /// Without a work tree, and without commits.
    pub fn bare(self) -> Self {
        Self { bare: true, files: Files::Numbered(0), ..self }
    }

    /// With this many files: `src/0000/file_0.txt` and so on, a hundred in a directory.
    pub fn files(self, files: usize) -> Self {
        Self { files: Files::Numbered(files), ..self }
    }

    /// With nine files of several depths, and the symbolic link `link` to `a`.
    pub fn depths(self) -> Self {
        Self { files: Files::Depths, ..self }
    }

    /// Makes it as `name` in the sandbox.
    pub fn build(self, sandbox: &Sandbox, name: &str) -> Checkout {
        let path = sandbox.root().join(name);
        copy(&self.template(sandbox), &path);
        let repo = Checkout::at(sandbox, path);
        if !self.bare {
            repo.call(["update-index", "-q", "--refresh"]).still().run().exits(0);
        }
        repo
    }

    /// The directory to copy, made by the first test that needs one of this kind. It outlives the
    /// process; its name tells all that it depends on.
    fn template(self, sandbox: &Sandbox) -> PathBuf {
        let (major, minor, patch) = sandbox.git_version();
        let name = format!(
            "v2-git{major}.{minor}.{patch}-{:?}-{:?}-bare_{}-{:?}",
            self.objects, self.refs, self.bare, self.files
        );
        let cached = Path::new(env!("CARGO_TARGET_TMPDIR")).join("templates").join(name);
        if !cached.exists() {
            self.make_template(&cached);
        }
        cached
    }

    /// Makes the template in a sandbox of its own, so that the clock of the caller's does not tell
    /// who was first. Of two processes that make it at once, one keeps it.
    fn make_template(self, cached: &Path) {
        let sandbox = Sandbox::new();
        let repo = Checkout::at(&sandbox, sandbox.root().join("template"));
        self.init(&sandbox);
        self.files.write(&repo);
        if self.files != Files::Numbered(0) {
            repo.commit_all("Begin");
        }
        let parent = cached.parent().unwrap();
        std::fs::create_dir_all(parent).unwrap();
        let own = assert_fs::TempDir::new_in(parent).unwrap();
        copy(repo.path(), &own.path().join("repo"));
        if std::fs::rename(own.path().join("repo"), cached).is_err() {
            assert!(cached.exists(), "{} cannot be made", cached.display());
        }
    }

    fn init(self, sandbox: &Sandbox) {
        let objects = match self.objects {
            ObjectFormat::Sha1 => "--object-format=sha1",
            ObjectFormat::Sha256 => "--object-format=sha256",
        };
        let refs: &[&str] = match self.refs {
            RefFormat::Files => &[],
            RefFormat::Reftable => &["--ref-format=reftable"],
        };
        let bare: &[&str] = if self.bare { &["--bare"] } else { &[] };
        let words = ["init", "-q", "-b", "main", "--template=", objects, "template"];
        let call = sandbox.call("git", sandbox.root());
        call.args(words.iter().take(6).chain(refs).chain(bare).chain(&words[6..])).run().exits(0);
        let git = sandbox.root().join(if self.bare { "template" } else { "template/.git" });
        for usual in ["hooks", "info"] {
            std::fs::create_dir_all(git.join(usual)).unwrap();
        }
    }
}

impl Files {
    fn write(self, repo: &Checkout) {
        match self {
            Self::Numbered(files) => {
                for number in 0..files {
                    let path = format!("src/{:04}/file_{number}.txt", number / 100);
                    repo.write(path, format!("file {number}\n"));
                }
            }
            Self::Depths => {
                DEPTHS.iter().for_each(|path| repo.write(path, path));
                repo.symlink("link", "a");
            }
        }
    }
}

/// Copies a directory with all that is in it; modes stay, times do not.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            copy(&entry.path(), &target);
        } else if kind.is_symlink() {
            symlink(std::fs::read_link(entry.path()).unwrap(), target).unwrap();
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
