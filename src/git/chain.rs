//! Running the hook that was there before ours, as git would have run it.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::file::is_executable;
use super::process::{Input, Program};

/// What is added to the name of a hook that install puts aside.
pub const SUFFIX: &str = ".git-kitty-chained";

/// Tells a chained hook, and any of our hooks that it starts in turn, which file is running.
pub const VARIABLE: &str = "GIT_KITTY_CHAINED";

/// How git started this hook.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// The name of the event, e.g. `pre-commit`.
    pub event: &'static str,
    /// The path of the hook file as git wrote it: `argv[0]`.
    pub hook: PathBuf,
    /// The arguments after it.
    pub arguments: Vec<OsString>,
    /// The value of [`VARIABLE`], if it is set.
    pub running: Option<OsString>,
}

/// A hook that was put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chained {
    file: PathBuf,
    original: PathBuf,
}

impl Chained {
    /// The hook that was put aside where this one stands, if git would run it (it is executable).
    ///
    /// It is looked up beside `argv[0]` and not beside the resolved executable: that is the
    /// directory in which install found and renamed it, also where the directory is a symlink. A
    /// copy that another hook manager runs under another name, from within the very hook that we
    /// chain, finds nothing: the two would call each other for ever.
    #[must_use]
    pub fn find(invocation: &Invocation) -> Option<Self> {
        let directory = invocation.hook.parent().filter(|parent| !parent.as_os_str().is_empty())?;
        let file = directory.join(format!("{}{SUFFIX}", invocation.event));
        let metadata = fs::metadata(&file).ok()?;
        if !metadata.is_file() || !is_executable(&metadata) {
            return None;
        }
        let file = std::path::absolute(&file).ok()?;
        let renamed = invocation.hook.file_name() != Some(OsStr::new(invocation.event));
        if renamed && invocation.running.as_deref() == Some(file.as_os_str()) {
            return None;
        }
        Some(Self { file, original: directory.join(invocation.event) })
    }

    /// Runs it with the arguments and input that git gave. Returns its exit status.
    ///
    /// A script for plain `sh` is sourced under the path it had: scripts find their helpers through
    /// `$0`, which for an executed script is always the path of the file.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn run(&self, arguments: &[OsString], input: Input<'_>) -> io::Result<i32> {
        let program = match sh_of(&head(&self.file)?) {
            Some(words) => self.sourced(&words),
            None => Program::new(self.file.as_os_str()).named(&self.original),
        };
        program.args(arguments).env(VARIABLE, &self.file).status(input)
    }

    fn sourced(&self, words: &[String]) -> Program {
        let (shell, flags) = words.split_first().map_or(("sh", words), |(s, f)| (s.as_str(), f));
        let source = format!(". \"${VARIABLE}\"");
        Program::new(shell.as_ref()).args(flags).args(["-c", &source]).args([&self.original])
    }
}

fn head(file: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(file)?.take(256).read_to_end(&mut head)?;
    Ok(head)
}

/// The shell and its flags, if the file is a script for plain sh, or text without a first line that
/// names an interpreter, which execvp(3) gives to sh.
fn sh_of(head: &[u8]) -> Option<Vec<String>> {
    let Some(line) = head.strip_prefix(b"#!") else {
        return (!head.contains(&0)).then(|| vec!["sh".to_owned()]);
    };
    let line = std::str::from_utf8(line.split(|&byte| byte == b'\n').next()?).ok()?;
    let mut words: Vec<String> = line.split_ascii_whitespace().map(str::to_owned).collect();
    if line.ends_with('\r') {
        return None;
    }
    if words.first().is_some_and(|word| base(word) == "env") {
        words.remove(0);
    }
    let plain = words.first().is_some_and(|word| matches!(base(word), "sh" | "dash"));
    let flags = words.iter().skip(1).all(|word| word.starts_with(['-', '+']) && word != "-c");
    (plain && flags).then_some(words)
}

fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(head: &str) -> Option<String> {
        sh_of(head.as_bytes()).map(|words| words.join(" "))
    }

    #[test]
    fn knows_scripts_for_plain_sh() {
        assert_eq!(words("#!/bin/sh\necho"), Some("/bin/sh".into()));
        assert_eq!(words("#! /bin/sh -e\n"), Some("/bin/sh -e".into()));
        assert_eq!(words("#!/usr/bin/env sh\n"), Some("sh".into()));
        assert_eq!(words("#!/usr/bin/dash"), Some("/usr/bin/dash".into()));
        assert_eq!(words("echo no interpreter\n"), Some("sh".into()));
        assert_eq!(words(""), Some("sh".into()));
    }

    #[test]
    fn leaves_all_others_to_the_kernel() {
        for head in [
            "#!/bin/bash\n",
            "#!/usr/bin/env bash\n",
            "#!/usr/bin/env -S sh -e\n",
            "#!/bin/sh\r\n",
            "#!/bin/sh /other\n",
            "#!/bin/busybox sh\n",
            "#!/usr/bin/env\n",
            "#!\n",
            "\x7fELF\0",
        ] {
            assert_eq!(words(head), None, "{head:?}");
        }
    }
}
