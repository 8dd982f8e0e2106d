//! A repository of its own for each test, and everything on disk as one text.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_fs::TempDir;

/// The gits to test with: the oldest and the newest at hand.
pub(crate) const GITS: [&str; 2] = ["/usr/bin", "/usr/local/bin"];

/// Nothing below is ever the machine's own: home, configuration and dates are the sandbox's.
pub(crate) struct Sandbox {
    root: TempDir,
    path: String,
}

/// A finished call.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    /// An empty directory, with the `git` in `git_directory` first on PATH.
    pub(crate) fn new(git_directory: &str) -> Self {
        let root = TempDir::new().unwrap();
        let path = format!("{git_directory}:/usr/bin:/bin");
        fs::create_dir(root.path().join("home")).unwrap();
        Self { root, path }
    }

    /// A repository `repo` with one commit.
    pub(crate) fn with_repository(git_directory: &str) -> Self {
        let sandbox = Self::new(git_directory);
        sandbox.git(".", &["init", "-q", "-b", "main", "repo"]);
        sandbox.write("repo/a", "a\n");
        sandbox.git("repo", &["add", "a"]);
        sandbox.git("repo", &["commit", "-q", "-m", "first"]);
        sandbox
    }

    /// From now on `git` calls itself 2.55.
    pub(crate) fn upgrade_git(&mut self) {
        let real = self.path.split(':').next().unwrap();
        let script = format!(
            "#!/bin/sh\ncase \" $* \" in\n*' version ') echo git version 2.55.0 ;;\n*) exec {real}/git \"$@\" ;;\nesac\n"
        );
        self.write("newer/git", &script);
        self.chmod("newer/git", 0o755);
        self.path = format!("{}:{}", self.at("newer").display(), self.path);
    }

    /// Adds a directory of the sandbox at the front of PATH.
    pub(crate) fn add_to_path(&mut self, directory: &str) {
        self.path = format!("{}:{}", self.at(directory).display(), self.path);
    }

    /// A path of the sandbox; also one that a program printed, with `ROOT` for the sandbox.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path.strip_prefix("ROOT/").unwrap_or(path))
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap()
    }

    pub(crate) fn chmod(&self, path: &str, mode: u32) {
        fs::set_permissions(self.at(path), fs::Permissions::from_mode(mode)).unwrap();
    }

    /// An executable hook script.
    pub(crate) fn hook(&self, path: &str, script: &str) {
        self.write(path, script);
        self.chmod(path, 0o755);
    }

    /// Runs git, which must succeed, and returns what it printed.
    pub(crate) fn git(&self, directory: &str, arguments: &[&str]) -> String {
        let said = self.run(directory, "git", arguments);
        assert_eq!(said.status, 0, "git {arguments:?}: {}", said.stderr);
        said.stdout
    }

    /// Runs a program of ours.
    pub(crate) fn kitty(&self, directory: &str, command: &str, arguments: &[&str]) -> Said {
        self.run(directory, &program(command), arguments)
    }

    /// Runs any program.
    pub(crate) fn run(&self, directory: &str, program: &str, arguments: &[&str]) -> Said {
        self.said(self.command(directory, program).args(arguments))
    }

    pub(crate) fn command(&self, directory: &str, program: &str) -> Command {
        let mut command = Command::new("/usr/bin/env");
        command.arg(program).current_dir(self.at(directory)).env_clear().envs([
            ("PATH", self.path.as_str()),
            ("HOME", self.at("home").to_str().unwrap()),
            ("GIT_CONFIG_GLOBAL", self.at("home/.gitconfig").to_str().unwrap()),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_CEILING_DIRECTORIES", self.root.path().to_str().unwrap()),
            ("GIT_AUTHOR_NAME", "A"),
            ("GIT_AUTHOR_EMAIL", "a@example.org"),
            ("GIT_COMMITTER_NAME", "A"),
            ("GIT_COMMITTER_EMAIL", "a@example.org"),
            ("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"),
            ("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"),
        ]);
        command.envs(std::env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)));
        command
    }

    pub(crate) fn said(&self, command: &mut Command) -> Said {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let root = self.root.path().to_str().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(root, "ROOT");
        Said { status: status.code().unwrap_or(-1), stdout: text(stdout), stderr: text(stderr) }
    }

    /// Every file, directory and symlink below `path`, with its mode and bytes.
    pub(crate) fn snapshot(&self, path: &str) -> BTreeMap<PathBuf, String> {
        let mut found = BTreeMap::new();
        collect(&self.at(path), &mut found, &|metadata| format!("{:o}", metadata.mode()));
        found
    }

    /// As [`Sandbox::snapshot`], with the times of change.
    pub(crate) fn snapshot_with_times(&self, path: &str) -> BTreeMap<PathBuf, String> {
        let mut found = BTreeMap::new();
        let seen = |m: &fs::Metadata| format!("{:o} {}.{}", m.mode(), m.mtime(), m.mtime_nsec());
        collect(&self.at(path), &mut found, &seen);
        found
    }
}

/// The path of a built program.
pub(crate) fn program(command: &str) -> String {
    let any = Path::new(env!("CARGO_BIN_EXE_git-kitty-install"));
    any.with_file_name(command).to_str().unwrap().to_owned()
}

fn collect(
    path: &Path,
    found: &mut BTreeMap<PathBuf, String>,
    seen: &dyn Fn(&fs::Metadata) -> String,
) {
    let metadata = fs::symlink_metadata(path).unwrap();
    let content = if metadata.is_symlink() {
        fs::read_link(path).unwrap().display().to_string()
    } else if metadata.is_file() {
        let bytes = fs::read(path).unwrap();
        if bytes.len() > 100_000 {
            format!("{} bytes", bytes.len())
        } else {
            format!("{:?}", String::from_utf8_lossy(&bytes))
        }
    } else {
        for entry in fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), found, seen);
        }
        String::new()
    };
    found.insert(path.to_owned(), format!("{} {content}", seen(&metadata)));
}
