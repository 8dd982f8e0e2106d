//! The corpus on disk.

use std::fs;
use std::path::{Path, PathBuf};

use git_kitty::domain::snapshot::MissionFacts;
use serde_json::Value;

/// A mission that has a log.
pub(crate) struct Mission {
    pub(crate) name: String,
    pub(crate) log: Vec<u8>,
    pub(crate) snapshot: Option<Vec<u8>>,
    pub(crate) facts: MissionFacts,
}

/// All missions that have a log, by name.
pub(crate) fn missions() -> Vec<Mission> {
    let root = root();
    let entries = fs::read_dir(&root).unwrap_or_else(|e| panic!("{}: {e}", root.display()));
    let mut dirs: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    dirs.sort();
    dirs.iter().filter_map(|dir| read(dir)).collect()
}

#[expect(clippy::disallowed_methods, reason = "tests have no cli layer to read the environment")]
pub(crate) fn root() -> PathBuf {
    std::env::var_os("GIT_KITTY_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    )
}

fn read(dir: &Path) -> Option<Mission> {
    Some(Mission {
        name: dir.file_name()?.to_str()?.to_owned(),
        log: fs::read(dir.join("status.events.jsonl")).ok()?,
        snapshot: fs::read(dir.join("status.json")).ok(),
        facts: facts(&fs::read(dir.join("meta.json")).unwrap()),
    })
}

fn facts(meta: &[u8]) -> MissionFacts {
    let meta: Value = serde_json::from_slice(meta).unwrap();
    MissionFacts {
        number: meta.get("mission_number").and_then(Value::as_i64),
        mission_type: meta.get("mission_type").and_then(Value::as_str).map(str::to_owned),
    }
}
