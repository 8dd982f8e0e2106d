//! Lines of the `reference-transaction` hook that do not come to pass as they say.
//!
//! A zero new value deletes a ref, but not where `pack-refs` prunes the file of a ref that is packed
//! now, for `verify` of `git update-ref --stdin`, and for the old name in `git branch -m`, which git
//! moves without any transaction. As observed with git 2.39, 2.47 and 2.55, a deletion on the files
//! backend holds `packed-refs.lock`, and the others do not, unless another process has it; with
//! reftable nothing is pruned, and a `verify` looks the same as a deletion.

use std::fs;
use std::path::Path;

use gix::bstr::ByteSlice;

use super::file::path_of;
use super::repo::{RefBackend, Repo};
use crate::domain::oid::Oid;
use crate::domain::ref_update::Value;
use crate::domain::refname::RefName;

impl Repo {
    /// Whether a ref that holds `held`, of which a transaction says that it shall be gone, is about to
    /// go. While a rename is under way the answer is no: refusing that would lose the branch's reflog.
    #[must_use]
    pub fn is_about_to_go(&self, name: &RefName, held: Oid) -> bool {
        let common = self.common_dir();
        self.ref_backend() != RefBackend::Files
            || (common.join("packed-refs.lock").exists()
                && !common.join("logs/refs/.tmp-renamed-log").exists()
                && !self.stays_packed(name, held))
    }

    /// Whether `packed-refs` has this value and keeps it: then its lock is another process's, and the
    /// ref's file is only pruned. Who deletes a packed ref has written the file anew without it.
    fn stays_packed(&self, name: &RefName, held: Oid) -> bool {
        let line = [held.to_string().as_bytes(), b" ", name.as_bytes(), b"\n"].concat();
        let text = |file| fs::read(self.common_dir().join(file)).ok();
        let has = |text: Vec<u8>| text.find(&line).is_some();
        text("packed-refs").is_some_and(has) && text("packed-refs.new").is_none_or(has)
    }

    /// Whether a line about a ref that is there only concerns `packed-refs`, and the ref's own file
    /// goes before it: `git pack-refs` writes what it has read, and others may have moved the ref
    /// since. Whoever moves a ref holds the lock on it, with the new value written there; a lock with
    /// another value is of somebody else, who moves the ref just now.
    #[must_use]
    pub fn is_only_packed(&self, name: &RefName, new: &Value) -> bool {
        let file = self.common_dir().join(path_of(name.as_bytes().to_vec()));
        let mut lock = file.clone().into_os_string();
        lock.push(".lock");
        let is_another = || {
            let written = fs::read_to_string(&lock).ok().and_then(|it| it.trim_end().parse().ok());
            matches!((new, written), (Value::Object(new), Some(written)) if *new != written)
        };
        self.ref_backend() == RefBackend::Files
            && file.is_file()
            && (!Path::new(&lock).exists() || is_another())
    }

    /// What refs below `prefix`, which ends with a slash, are about to hold, by the locks on them.
    /// A transaction that deletes packed refs is told to the hook without its other refs first.
    #[must_use]
    pub fn about_to_be_held(&self, prefix: &str) -> Vec<Oid> {
        let mut held = Vec::new();
        if self.ref_backend() == RefBackend::Files {
            locks(&self.common_dir().join(prefix), &mut held);
        }
        held
    }
}

fn locks(directory: &Path, held: &mut Vec<Oid>) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            locks(&path, held);
        } else if path.extension().is_some_and(|extension| extension == "lock") {
            let text = fs::read_to_string(&path).unwrap_or_default();
            held.extend(text.trim_end().parse::<Oid>());
        }
    }
}
