//! Replacing files whole.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

use git_kitty::git::file::{replace, replace_by_program};

use crate::kit::sandbox::Sandbox;

#[test]
fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
    let sandbox = Sandbox::new();
    let file = sandbox.at("x/file");
    sandbox.write("x/file", "old");
    let before = fs::File::open(&file).unwrap();
    sandbox.write("program", "new");
    replace_by_program(&file, &sandbox.at("program")).unwrap();
    assert_eq!(sandbox.read("x/file"), "new");
    assert_eq!(std::io::read_to_string(before).unwrap(), "old", "an open reader keeps its own");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o755);
    sandbox.chmod("x/file", 0o640);
    replace(&file, b"newer").unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_dir(sandbox.at("x")).unwrap().count(), 1);
}

#[test]
fn a_failure_leaves_what_was_there() {
    let sandbox = Sandbox::new();
    sandbox.write("x/taken/inner", "");
    let before = sandbox.bytes("x");
    assert!(replace(&sandbox.at("x/taken"), b"x").is_err());
    assert!(replace(&sandbox.at("x/none/file"), b"x").is_err());
    assert_eq!(sandbox.bytes("x"), before);
}

#[test]
fn a_link_is_replaced_not_followed() {
    let sandbox = Sandbox::new();
    sandbox.write("target", "target");
    let (target, link) = (sandbox.at("target"), sandbox.at("link"));
    symlink(&target, &link).unwrap();
    replace(&link, b"own").unwrap();
    assert_eq!(sandbox.read("target"), "target");
    assert_ne!(fs::metadata(&link).unwrap().ino(), fs::metadata(&target).unwrap().ino());
}
