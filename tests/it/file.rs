//! Replacing files whole.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use assert_fs::TempDir;
use git_kitty::git::file::{Durability, Permission, replace};

#[test]
fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("file");
    for durability in [Durability::Cached, Durability::Synced] {
        replace(&file, b"old", Permission::Data, durability).unwrap();
        let before = fs::File::open(&file).unwrap();
        replace(&file, b"new", Permission::Program, durability).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(std::io::read_to_string(before).unwrap(), "old", "an open reader keeps its own");
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o100, 0o100);
    }
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn a_failure_leaves_what_was_there() {
    let directory = TempDir::new().unwrap();
    let taken = directory.path().join("taken");
    fs::create_dir(&taken).unwrap();
    assert!(replace(&taken, b"x", Permission::Data, Durability::Cached).is_err());
    assert!(taken.is_dir());
    let nowhere = directory.path().join("none/file");
    assert!(replace(&nowhere, b"x", Permission::Data, Durability::Cached).is_err());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn a_link_is_replaced_not_followed() {
    let directory = TempDir::new().unwrap();
    let (target, link) = (directory.path().join("target"), directory.path().join("link"));
    replace(&target, b"target", Permission::Data, Durability::Cached).unwrap();
    symlink(&target, &link).unwrap();
    replace(&link, b"own", Permission::Data, Durability::Cached).unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"target");
    assert_ne!(fs::metadata(&link).unwrap().ino(), fs::metadata(&target).unwrap().ino());
}
