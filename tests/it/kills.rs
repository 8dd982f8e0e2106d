//! Moves that are killed by SIGKILL at random moments, and run again: in the end all is as if
//! nobody had been killed. `scripts/stress` runs it; the named steps are in `transaction_append`.

use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::state::state;
use crate::scene::Scene;

/// How often, if [`KILLS`] does not say.
const USUAL: usize = 50;
const KILLS: &str = "GIT_KITTY_STRESS_KILLS";
const SEED: &str = "GIT_KITTY_STRESS_SEED";

/// One way of running: where the log is, how durable it is, and whether others want to be asked.
#[derive(Debug, Clone, Copy)]
struct Setting {
    topology: Topology,
    durability: &'static str,
    is_hooked: bool,
}

fn settings() -> Vec<Setting> {
    let topologies = [Topology::Coordination, Topology::Primary];
    let durabilities = topologies.iter().flat_map(|&t| ["full", "git"].map(|d| (t, d)));
    durabilities
        .flat_map(|(topology, durability)| {
            [false, true].map(|is_hooked| Setting { topology, durability, is_hooked })
        })
        .collect()
}

/// A mission with a worktree of the branch that is written to, and a sink.
struct Stage {
    scene: Scene,
    branch: String,
    view: Checkout,
}

impl Stage {
    fn new(setting: Setting) -> Self {
        let scene = Scene::new(setting.topology);
        scene.repo.ask(["config", "kitty.durability", setting.durability]);
        // A git that outlives its git-kitty may hold it for a while.
        scene.repo.ask(["config", "core.filesRefLockTimeout", "5000"]);
        let sink = format!("cat >> '{}'", scene.repo.file("../delivered").display());
        scene.repo.ask(["config", "kitty.sink.file.command", &sink]);
        let view = match setting.topology {
            Topology::Primary => scene.lane.clone(),
            Topology::Coordination | Topology::Split => scene.mission.open_coordination(),
        };
        if setting.is_hooked {
            scene.repo.write(".git/hooks/reference-transaction", "#!/bin/sh\nexit 0\n");
            scene.repo.set_executable(".git/hooks/reference-transaction", true);
        }
        let stage = Self { branch: scene.destination(setting.topology), scene, view };
        stage.run(0, &[]).exits(0);
        stage.run(1, &[]).exits(0);
        stage
    }

    /// The move of this number, under `words`.
    fn run(&self, number: usize, words: &[&str]) -> Output {
        let step = ["git-kitty-wp", "move", "WP03", "--to", target(number)];
        let all: Vec<&str> = words.iter().chain(&step).copied().collect();
        self.scene.lane.program(all[0]).args(&all[1..]).run()
    }

    /// As [`Stage::run`], killed after a time, alone or with all that it started.
    fn kill(&self, number: usize, after: Duration, alone: bool) -> Output {
        let after = format!("{:.6}", after.as_secs_f64().max(0.000_1));
        let words = ["timeout", "--foreground", "--signal=KILL", &after];
        match alone {
            true => self.run(number, &words),
            false => self.run(number, &[words[0], words[2], words[3]]),
        }
    }

    /// How long a move takes here that nobody disturbs: the longest of five.
    fn duration(&self) -> Duration {
        let once = |number| {
            let start = Instant::now();
            self.kill(number, Duration::from_secs(60), false).exits(0);
            start.elapsed()
        };
        (2..7).map(once).max().unwrap()
    }

    /// What was acknowledged is in the branch.
    fn assert_kept(&self, said: &Output) {
        if let Some((_, rest)) = said.stdout.split_once("committed ") {
            let commit = rest.split(' ').next().unwrap();
            self.scene.repo.must(["merge-base", "--is-ancestor", commit, &self.branch]);
        }
    }

    /// The log has the moves up to this number, each once and in order.
    fn assert_moved(&self, number: usize) {
        let events = self.scene.events(&self.branch);
        let moves: Vec<&str> = events
            .iter()
            .filter(|event| event["wp_id"] == "WP03" && event["from_lane"] != "genesis")
            .map(|event| event["to_lane"].as_str().unwrap())
            .collect();
        assert_eq!(moves, (0..=number).map(target).collect::<Vec<_>>());
        assert!(events.iter().map(|event| event["at"].as_str()).is_sorted_by(|a, b| a < b));
    }

    /// No lock is left, nothing is to be finished, and the worktree is where its branch is.
    fn assert_settled(&self) {
        // Files to lock that stay: what counts there is who holds them.
        let lasting = [".git/spec-kitty-locks/*", ".git/kitty/outbox/*"];
        let words = lasting.iter().flat_map(|path| ["-not", "-path", path]);
        let find = self.scene.repo.program("find").args([".git", "-name", "*.lock"]);
        assert_eq!(find.args(words).run().exits(0).stdout, "");
        // What was not even called a journal yet is removed after a minute, and what a dead process
        // wanted when somebody looks into the queue.
        let words = [".git/kitty/journal", "-type", "f", "-not", "-name", "*.new"];
        let left = self.scene.repo.program("find").args(words).run().exits(0);
        assert_eq!(left.stdout, "");
        assert_eq!(self.view.ask(["status", "--porcelain"]), "");
    }

    /// Each event of the log has come to the sink.
    fn assert_delivered(&self) {
        let delivered = self.scene.repo.read("../delivered");
        for event in self.scene.events(&self.branch).iter().filter(|e| e["actor"] == "Carl") {
            assert!(delivered.contains(event["event_id"].as_str().unwrap()), "{event}");
        }
    }

    /// Everything about the repository but what is new in each run: ids, times, and so hashes.
    fn whole(&self) -> String {
        let words = state(&self.scene.repo).without(".new ").to_string();
        let words = words.split_inclusive([' ', '\n', '=']).map(|word| {
            let (text, end) = word.split_at(word.len() - usize::from(!word.is_empty()));
            let is_id =
                [16, 40].contains(&text.len()) && text.chars().all(|c| c.is_ascii_hexdigit());
            if is_id { format!("ID{end}") } else { word.to_owned() }
        });
        words.collect()
    }
}

/// Where the move of a number goes.
fn target(number: usize) -> &'static str {
    match number {
        0 => "claimed",
        _ if number % 2 == 1 => "in_progress",
        _ => "blocked",
    }
}

/// Numbers that look like chance and are the same for the same seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A part of a time.
    fn part_of(&mut self, whole: Duration) -> Duration {
        Duration::from_micros(self.next() % u64::try_from(whole.as_micros()).unwrap().max(1))
    }
}

fn number(variable: &str) -> Option<u64> {
    Some(std::env::var(variable).ok()?.parse().unwrap())
}

/// Past the test harness, which shows nothing of what passes.
fn tell(text: &str) {
    std::io::stderr().write_all(format!("{text}\n").as_bytes()).unwrap();
}

/// Kills moves in this setting, and returns how many really died, and how many of these were done.
fn stress(setting: Setting, kills: usize, chance: &mut Chance) -> (usize, usize) {
    let stage = Stage::new(setting);
    let duration = stage.duration();
    let (mut died, mut done) = (0, 0);
    let first = 7;
    for number in first..first + kills {
        let before = stage.scene.repo.id(&stage.branch);
        let after = chance.part_of(duration);
        let alone = chance.next().is_multiple_of(2);
        let killed = stage.kill(number, after, alone);
        stage.assert_kept(&killed);
        let is_dead = killed.status != 0;
        died += usize::from(is_dead);
        done += usize::from(is_dead && stage.scene.repo.id(&stage.branch) != before);
        let again = stage.run(number, &[]);
        let was_there = again.stderr.contains("[TRANSITION_ILLEGAL]");
        assert!(again.status == 0 || was_there, "{setting:?} {after:?}: {again}");
        stage.assert_moved(number);
        // Else a git that outlived its git-kitty may still be at it.
        if !alone {
            stage.assert_settled();
        }
    }
    let last = first + kills;
    stage.run(last, &[]).exits(0);
    stage.assert_moved(last);
    stage.assert_settled();
    stage.assert_delivered();
    let undisturbed = Stage::new(setting);
    (2..=last).for_each(|number| drop(undisturbed.run(number, &[]).exits(0)));
    pretty(&undisturbed.whole(), &stage.whole(), setting);
    (died, done)
}

#[track_caller]
fn pretty(undisturbed: &str, killed: &str, setting: Setting) {
    let only = |one: &str, other: &str, sign: &str| -> String {
        let lines = one.lines().filter(|line| !other.lines().any(|own| own == *line));
        lines.map(|line| format!("{sign} {line}\n")).collect()
    };
    let difference = only(undisturbed, killed, "-") + &only(killed, undisturbed, "+");
    assert!(difference.is_empty(), "{setting:?} differs from an undisturbed run:\n{difference}");
}

#[test]
#[ignore = "takes its time: scripts/stress"]
fn killed_at_random_moments_and_run_again_all_is_as_if_nobody_had_been_killed() {
    let kills = number(KILLS).map_or(USUAL, |kills| usize::try_from(kills).unwrap());
    let seed = number(SEED).unwrap_or_else(|| u64::from(std::process::id()));
    tell(&format!("{SEED}={seed} {KILLS}={kills}"));
    let mut chance = Chance(seed);
    let settings = settings();
    let each = kills.div_ceil(settings.len());
    let counts = settings.into_iter().map(|setting| stress(setting, each, &mut chance));
    let (died, done) = counts.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    tell(&format!("{died} of {} died, {done} of them after their event was there", each * 8));
    assert!(died > kills / 2 && done < died, "killed too late to tell");
}
