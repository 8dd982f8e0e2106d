//! Hooks named in the configuration, for git 2.54 and later: a file of our own that the
//! repository's configuration includes, and copies of our programs below the common directory.
//!
//! Git runs a hook out of the hooks directory as well, so nothing has to be chained.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::addition::{Addition, Purpose};
use super::occupant::Occupant;
use super::setup::DIRECTORY;
use crate::git::file::read_if_present;
use crate::hook::Door;

/// What the hooks themselves say where they cannot judge, as a word for a shell; and what helps where
/// git-kitty is gone as a whole.
const WAY_OUT: &[u8] = b"'hint: `git kitty install` mends the hooks, `git kitty install --uninstall` removes them; without git-kitty: `git config --unset-all include.path kitty/hooks.config`'";

/// What is there of them.
#[derive(Debug, Clone)]
pub(super) struct ConfigHooks {
    /// The bytes of the included file.
    pub(super) file: Option<Vec<u8>>,
    /// What stands where the copy of each program belongs.
    pub(super) programs: Vec<(Door, Occupant)>,
}

impl ConfigHooks {
    pub(super) fn look<'a>(
        common: &Path,
        wanted: impl Fn(Door) -> Option<&'a Path>,
    ) -> Result<Self> {
        let program = |&door: &Door| -> Result<(Door, Occupant)> {
            Ok((door, Occupant::at(&program_path(common, door), door, wanted(door))?))
        };
        Ok(Self {
            file: read_if_present(&file_path(common))?,
            programs: Door::ALL.iter().map(program).collect::<Result<_>>()?,
        })
    }
}

/// The line that makes git read our file. It is relative, so that a moved repository finds it.
pub(super) fn include() -> Addition {
    Addition::new("config", "[include]\n\tpath = kitty/hooks.config\n", Purpose::Hooks)
}

pub(super) fn file_path(common: &Path) -> PathBuf {
    common.join(DIRECTORY).join("hooks.config")
}

pub(super) fn programs_directory(common: &Path) -> PathBuf {
    common.join(DIRECTORY).join("bin")
}

pub(super) fn program_path(common: &Path, door: Door) -> PathBuf {
    programs_directory(common).join(door.binary())
}

/// The bytes of our file (git-config(1), `hook.<name>.command`). The command is absolute: a
/// relative one would be looked up at the top of each worktree. Git has a shell run it, and adds the
/// arguments at its end; that shell says how to get out where our program is gone.
pub(super) fn file_bytes(common: &Path, doors: &[Door]) -> Vec<u8> {
    let mut bytes =
        b"# Written by git-kitty; `git kitty install --uninstall` removes it.\n".to_vec();
    for &door in doors {
        let program = program_path(common, door);
        let command = command(&shell_word(program.as_os_str().as_encoded_bytes()));
        bytes.extend_from_slice(format!("[hook \"git-kitty-{door}\"]\n\tcommand = ").as_bytes());
        bytes.extend_from_slice(&config_value(&command));
        bytes.extend_from_slice(format!("\n\tevent = {door}\n").as_bytes());
    }
    bytes
}

/// A shell's commands that run the program of this word, or refuse.
fn command(program: &[u8]) -> Vec<u8> {
    let test = b"; test -x \"$p\" || { printf '%s\\n' \"error: \\`$p\\` is gone or cannot be run, so nothing can be judged\" ";
    [b"p=".as_slice(), program, test, WAY_OUT, b" >&2; exit 1; }; exec \"$p\""].concat()
}

/// One word for a shell.
pub(super) fn shell_word(bytes: &[u8]) -> Vec<u8> {
    let escape = |&byte: &u8| if byte == b'\'' { b"'\\''".to_vec() } else { vec![byte] };
    [b"'".to_vec(), bytes.iter().flat_map(escape).collect(), b"'".to_vec()].concat()
}

/// A value as git-config(1) wants it.
pub(super) fn config_value(bytes: &[u8]) -> Vec<u8> {
    let escape = |&byte: &u8| match byte {
        b'"' | b'\\' => vec![b'\\', byte],
        b'\n' => b"\\n".to_vec(),
        b'\t' => b"\\t".to_vec(),
        other => vec![other],
    };
    [b"\"".to_vec(), bytes.iter().flat_map(escape).collect(), b"\"".to_vec()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_survive_the_shell_and_the_configuration() {
        let bytes = file_bytes(Path::new("/it's \"a\" b"), &[Door::PreCommit]);
        let text = String::from_utf8(bytes).unwrap();
        let expected = r#"[hook "git-kitty-pre-commit"]
	command = "p='/it'\\''s \"a\" b/kitty/bin/git-kitty-hook-pre-commit'; test -x \"$p\" || { "#;
        let text = text.split_once('\n').unwrap().1;
        assert!(text.starts_with(expected), "{text}");
        assert!(text.ends_with("exec \\\"$p\\\"\"\n\tevent = pre-commit\n"), "{text}");
    }
}
