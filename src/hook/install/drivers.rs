//! The merge drivers: a file of our own that the repository's configuration includes, and the
//! attributes that name them.
//!
//! The drivers of Spec Kitty projects keep their names, because `.gitattributes` there has them. In
//! a file of our own the settings win over those that stand before the include, and the user's
//! own are never touched; also, `git config` would refuse to change a key that is set twice.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::addition::{Addition, Purpose};
use super::config_hooks::{config_value, shell_word};
use super::setup::DIRECTORY;

const PROGRAM: &str = "git-kitty-merge-driver";

/// The attributes (gitattributes(5)); those in `info/` go before all others.
const ATTRIBUTES: &str = "\
kitty-specs/**/status.events.jsonl merge=spec-kitty-event-log
kitty-specs/**/decisions.events.jsonl merge=spec-kitty-event-log
kitty-specs/**/status.json merge=git-kitty-snapshot
";

/// Each driver: its name, what git calls it when it uses it, and the argument for ours.
const DRIVERS: [(&str, &str, &str); 2] = [
    ("spec-kitty-event-log", "union of events by their ids", "event-log"),
    ("git-kitty-snapshot", "snapshot of the merged log", "snapshot"),
];

/// The lines that make git use them.
pub(super) fn additions() -> [Addition; 2] {
    let include = "[include]\n\tpath = kitty/drivers.config\n";
    [
        Addition::new("info/attributes", ATTRIBUTES, Purpose::Setup),
        Addition::new("config", include, Purpose::Setup),
    ]
}

pub(super) fn file_path(common: &Path) -> PathBuf {
    common.join(DIRECTORY).join("drivers.config")
}

/// The bytes of our file, for the program beside the running one.
pub(super) fn file_bytes() -> Result<Vec<u8>> {
    let own = std::env::current_exe().context("could not tell where this program is")?;
    let directory = own.parent().unwrap_or(Path::new("/"));
    Ok(bytes_for(directory))
}

/// The program is looked up on PATH, then in the directory that it was installed from: a graphical
/// client has another PATH than a terminal.
fn bytes_for(directory: &Path) -> Vec<u8> {
    let mut bytes =
        b"# Written by git-kitty; `git kitty install --uninstall` removes it.\n".to_vec();
    let directory = doubled_percent(&shell_word(directory.as_os_str().as_encoded_bytes()));
    for (driver, name, kind) in DRIVERS {
        let call = format!(" {PROGRAM} {kind} %O %A %B %P");
        let command = [b"PATH=\"$PATH\":".as_slice(), &directory, call.as_bytes()].concat();
        let section = format!("[merge \"{driver}\"]\n\tname = {name}\n\tdriver = ");
        bytes.extend_from_slice(section.as_bytes());
        bytes.extend_from_slice(&config_value(&command));
        bytes.push(b'\n');
    }
    bytes
}

/// Git expands `%` in the command of a driver.
fn doubled_percent(bytes: &[u8]) -> Vec<u8> {
    let double = |byte: &u8| if *byte == b'%' { b"%%".to_vec() } else { vec![*byte] };
    bytes.iter().flat_map(double).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strange_directory_survives_the_shell_git_and_the_configuration() {
        let text = String::from_utf8(bytes_for(Path::new("/it's 100%\\"))).unwrap();
        let line = text.lines().find(|line| line.contains("snapshot %O")).unwrap();
        let expected = r#"	driver = "PATH=\"$PATH\":'/it'\\''s 100%%\\' git-kitty-merge-driver snapshot %O %A %B %P""#;
        assert_eq!(line, expected);
    }
}
