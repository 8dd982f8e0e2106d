//! Publishings that cannot be: whatever stands in the way, no byte of refs, indexes, worktrees, log
//! or of our own files changes. Six kinds, in two topologies, with both durabilities, five writes
//! each and more: over a hundred.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::kit::call::Output;
use crate::kit::disk::Bytes;
use crate::kit::mission::Topology;
use crate::kit::sandbox::Sandbox;
use crate::scene::Scene;

/// How often each kind is tried in each place.
const RUNS: usize = 5;

/// A mission to write to, with something in the way.
struct Place {
    scene: Scene,
    topology: Topology,
}

/// Where each obstacle is tried. What a first write leaves for ever is there: lock file, folders,
/// caches; and the log has a note that is too long for a small file.
fn places() -> impl Iterator<Item = Place> {
    let topologies = [Topology::Coordination, Topology::Primary].into_iter();
    let pairs = topologies.flat_map(|t| ["full", "git"].map(|durability| (t, durability)));
    pairs.map(|(topology, durability)| {
        let scene = Scene::new(topology);
        scene.repo.ask(["config", "kitty.durability", durability]);
        scene.repo.ask(["config", "core.filesRefLockTimeout", "20"]);
        let note = json!({"kind": "annotation", "wp_id": "WP03", "delta": {"note": noise(6000)}});
        assert_eq!(scene.append(&[], &[note]).0, 0);
        Place { scene, topology }
    })
}

impl Place {
    fn branch(&self) -> String {
        self.scene.destination(self.topology)
    }

    /// Five writes about a work package, by `git` after `words` of `program`: each is refused with
    /// this code, acknowledges nothing, and leaves every byte as it was.
    #[track_caller]
    fn assert_rejected(&self, wp: &str, code: &str, under: &[&str]) {
        let before = self.bytes();
        for turn in 0..RUNS {
            let said = self.write(wp, turn, under);
            assert!(said.stderr.contains(code), "{:?}: {said}", self.topology);
            self.assert_nothing_happened(&before, &said);
        }
    }

    #[track_caller]
    fn assert_nothing_happened(&self, before: &Bytes, said: &Output) {
        assert_eq!((said.signal, said.stdout.as_str()), (None, ""), "{said}");
        assert!(said.status != 0 && said.stderr.starts_with("error: "), "{said}");
        let after = self.bytes();
        let differs = |path: &&PathBuf| before.get(*path) != after.get(*path);
        let paths: Vec<_> = before.keys().chain(after.keys()).filter(differs).collect();
        assert!(paths.is_empty(), "{:?} changed: {paths:?}\n{said}", self.topology);
    }

    /// Every byte of the repository, but for objects, which nothing need reach, what readers
    /// and doors remember, and who held a lock.
    fn bytes(&self) -> Bytes {
        let mut bytes = self.scene.repo.sandbox().bytes("repo");
        let own = ["cache", "seen", "judged", "holders"].map(|dir| format!(".git/kitty/{dir}"));
        let left_out = own.iter().map(String::as_str).chain([".git/objects"]);
        let left_out: Vec<_> = left_out.map(|dir| self.scene.repo.file(dir)).collect();
        bytes.retain(|path, _| !left_out.iter().any(|dir| path.starts_with(dir)));
        bytes
    }

    /// A write: a move, an event, or several events, in turn.
    fn write(&self, wp: &str, turn: usize, under: &[&str]) -> Output {
        let note = json!({"kind": "annotation", "wp_id": wp, "delta": {"note": "n"}});
        let (words, input): (&[&str], _) = match turn % 3 {
            0 => (&["wp", "move", wp, "--to", "blocked"], String::new()),
            1 => (&["event", "append"], format!("{note}\n")),
            _ => (&["event", "append", "--batch"], format!("{note}\n{note}\n")),
        };
        let all: Vec<&str> = under.iter().chain(&["git", "kitty"]).chain(words).copied().collect();
        self.scene.lane.program(all[0]).args(&all[1..]).stdin(input).run()
    }

    /// With nothing in the way any more, the same write passes.
    #[track_caller]
    fn assert_free(&self) {
        self.write("WP03", 0, &[]).exits(0);
        self.scene.repo.must(["fsck", "--strict"]);
    }
}

/// A text that compresses to not much less than itself.
fn noise(size: usize) -> String {
    let mut state: u64 = 7;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'0' + u8::try_from((state >> 33) % 74).unwrap())
    };
    (0..size).map(|_| next()).filter(char::is_ascii_alphanumeric).collect()
}

#[test]
fn by_a_hook_of_others() {
    for place in places() {
        let hook = ".git/hooks/reference-transaction";
        place.scene.repo.write(hook, "#!/bin/sh\n[ \"$1\" != prepared ]\n");
        place.scene.repo.set_executable(hook, true);
        place.assert_rejected("WP03", "[BOOKKEEPING_COMMIT_FAILED]", &[]);
        std::fs::remove_file(place.scene.repo.file(hook)).unwrap();
        place.assert_free();
    }
}

#[test]
fn by_a_ref_that_somebody_keeps_locked() {
    for place in places() {
        let lock = format!(".git/refs/heads/{}.lock", place.branch());
        place.scene.repo.write(&lock, "");
        place.assert_rejected("WP03", "[REF_LOCKED]", &[]);
        std::fs::remove_file(place.scene.repo.file(&lock)).unwrap();
        place.assert_free();
    }
}

#[test]
fn by_a_protected_destination() {
    for place in places() {
        let branch = place.scene.mission.branch();
        let policy = format!("protection:\n  protected_branches: [main, '{branch}']\n");
        place.scene.repo.commit_file(".kittify/config.yaml", &policy);
        // WP01 of the older mission has no lane yet.
        place.assert_rejected("WP01", "[PROTECTED_BRANCH_REFUSED]", &[]);
    }
}

#[test]
fn by_a_limit_on_the_size_of_files() {
    for place in places() {
        // An object meets the limits up to 2 KiB, the reflog that of 4 KiB.
        let log = place.scene.repo.file(format!(".git/logs/refs/heads/{}", place.branch()));
        let line = std::fs::read_to_string(&log).unwrap();
        std::fs::write(&log, line.repeat(8200 / line.len() + 1)).unwrap();
        for blocks in ["0", "1", "4", "8"] {
            let limit = format!("ulimit -f {blocks}; exec \"$@\"");
            place.assert_rejected("WP03", "File too large", &["sh", "-c", &limit, "sh"]);
        }
        place.assert_free();
    }
}

#[test]
fn by_folders_that_cannot_be_written() {
    // The superuser may write anywhere, unless it gave that up.
    let powerless: &[&str] = match Sandbox::new().program("", "id").args(["-u"]).run().success() {
        root if root == "0" => &["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"],
        _ => &[],
    };
    for place in places() {
        for folder in [".git/objects", ".git/refs/heads", ".git/logs/refs/heads"] {
            let folder = place.scene.repo.file(folder);
            set_all(&folder, 0o555);
            place.assert_rejected("WP03", "Permission denied", powerless);
            set_all(&folder, 0o755);
        }
        place.assert_free();
    }
}

/// Gives these permissions to a folder and all that is in it.
fn set_all(path: &Path, mode: u32) {
    if path.is_dir() {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path.read_dir().unwrap().for_each(|entry| set_all(&entry.unwrap().path(), mode));
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// In a process of its own, which alone sees the small file system that it mounts.
#[test]
fn by_a_full_disk() {
    let sandbox = Sandbox::new();
    let mount = "mount -t tmpfs -o size=400m small \"$1\" && shift && exec \"$@\"";
    let root = sandbox.root().to_str().unwrap().to_owned();
    let unshared = |words: &[&str]| {
        let call = sandbox.program("", "unshare").args(["--mount", "sh", "-c", mount, "sh", &root]);
        call.args(words).env("GIT_KITTY_SMALL_DISK", &root).env("TMPDIR", &root).run()
    };
    let probe = unshared(&["true"]);
    if probe.status != 0 {
        // Past the test harness, which shows nothing of what passes.
        let told = format!("skipped: no small disk can be mounted, only files limited: {probe}\n");
        std::io::stderr().write_all(told.as_bytes()).unwrap();
        return;
    }
    let own = std::env::current_exe().unwrap();
    let test = ["--exact", "rejected::on_the_small_disk", "--ignored", "--nocapture"];
    unshared(&[&[own.to_str().unwrap()], &test[..]].concat()).exits(0);
}

#[test]
#[ignore = "another test starts it, on a disk of its own"]
fn on_the_small_disk() {
    let Some(disk) = std::env::var_os("GIT_KITTY_SMALL_DISK") else { return };
    for place in places() {
        let before = place.bytes();
        let sandbox = place.scene.repo.sandbox().clone();
        let room = |pages: usize| {
            let script = "used=$(df --output=used -B1 \"$1\" | tail -n 1)\n\
                          exec mount -o remount,size=$((used + $2 * 4096)) \"$1\"";
            let call = sandbox.program("", "sh").args(["-c", script, "sh"]);
            call.args([disk.clone(), pages.to_string().into()]).run().exits(0);
        };
        // With each page more, it comes a step further.
        let mut pages = 0;
        loop {
            room(pages);
            let said = place.write("WP03", pages, &[]);
            if said.status == 0 {
                break;
            }
            assert!(said.stderr.contains("No space left"), "{said}");
            place.assert_nothing_happened(&before, &said);
            pages += 1;
        }
        assert!(pages >= RUNS, "{pages} runs found no room");
        room(100_000);
        place.scene.repo.must(["fsck", "--strict"]);
    }
}
