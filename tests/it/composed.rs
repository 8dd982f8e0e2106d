//! Operations in one transaction, through the library: what one did the next one sees, all of it is
//! published at once or not at all, and what happens outside comes after.

use std::cell::RefCell;
use std::rc::Rc;

use git_kitty::domain::id::WpId;
use git_kitty::domain::identity::Identity;
use git_kitty::domain::refusal::{Refusal, Warning};
use git_kitty::domain::status::Status;
use git_kitty::domain::transition::Request;
use git_kitty::flow::host::Host;
use git_kitty::flow::transaction::{Receipt, Transaction, run};
use git_kitty::flow::wp::move_in;
use git_kitty::git::Repo;
use git_kitty::store::{Mission, Store};

use crate::kit::mission::Topology;
use crate::kit::state::{assert_unchanged, state};
use crate::scene::{Scene, TOPOLOGIES};

/// The world of a command.
pub(crate) fn host() -> Host {
    Host::system("ada".to_owned(), Identity::new("Ada", "ada@example.com").unwrap(), "test")
}

/// The scene's mission, as the library finds it.
pub(crate) fn mission(repo: &Repo, scene: &Scene) -> Mission {
    Store::new(repo).open(&scene.mission.slug).unwrap().unwrap()
}

/// An id of a work package.
pub(crate) fn wp(id: &str) -> WpId {
    id.parse().unwrap()
}

/// What the effects were told, in their order.
#[derive(Clone, Default)]
struct Sink(Rc<RefCell<Vec<String>>>);

impl Sink {
    /// Registers an effect that records the commits of the branch and what the receipt says.
    fn register(&self, transaction: &mut Transaction<'_>, name: &'static str, scene: &Scene) {
        let (told, repo) = (Rc::clone(&self.0), scene.repo.clone());
        transaction.afterwards(Box::new(move |receipt: &Receipt| {
            let (commit, message) = receipt.commit.clone().unwrap();
            let is_published = repo.id(&receipt.branch) == commit;
            let wps: Vec<_> = receipt.events.iter().map(|event| event.wp_id.as_str()).collect();
            told.borrow_mut().push(format!("{name}: {message} {wps:?} {is_published}"));
            vec![Warning { code: "SINK_FAILED", message: name.to_owned() }]
        }));
    }

    fn told(&self) -> Vec<String> {
        self.0.take()
    }
}

fn to(status: &str) -> Request {
    let workspace = Some("w".to_owned());
    Request { to: status.to_owned(), actor: "ada".to_owned(), workspace, ..Request::default() }
}

/// The code of a refusal.
fn code<T: std::fmt::Debug>(result: anyhow::Result<T>) -> &'static str {
    result.unwrap_err().downcast::<Refusal>().unwrap().code()
}

#[test]
fn operations_see_each_other_and_make_one_commit() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        let (repo, wp03) = (scene.repo.open(), wp("WP03"));
        let branch = scene.destination(topology);
        let (base, known) = (scene.repo.id(&branch), scene.events(&branch).len());
        let sink = Sink::default();
        let ((), receipt) =
            run(&repo, &host(), (&scene.mission.slug, Some(&wp03)), |transaction| {
                let status = |transaction: &Transaction<'_>| {
                    transaction.record(&wp03).map(|record| record.status)
                };
                sink.register(transaction, "first", &scene);
                move_in(transaction, (&repo, &wp03), &to("claimed"))?;
                assert_eq!(status(transaction), Some(Status::Claimed));
                let pending = move_in(transaction, (&repo, &wp03), &to("in_progress"))?.event;
                assert_eq!(transaction.record(&wp03).unwrap().event_id, pending.event_id);
                sink.register(transaction, "second", &scene);
                assert_eq!(scene.repo.id(&branch), base, "nothing is published yet");
                Ok(())
            })
            .unwrap();
        let commit = scene.repo.id(&branch);
        assert_eq!(scene.repo.id(&format!("{branch}~")), base, "one commit");
        let message = "WP03: planned -> claimed, and 1 more";
        assert_eq!(receipt.commit, Some((commit, message.to_owned())));
        let events = scene.events(&branch).split_off(known);
        let ids: Vec<_> = events.iter().map(|event| event["event_id"].as_str().unwrap()).collect();
        assert_eq!(ids, receipt.events.iter().map(|e| e.event_id.as_str()).collect::<Vec<_>>());
        let told = |name: &str| format!("{name}: {message} [\"WP03\", \"WP03\"] true");
        assert_eq!(sink.told(), [told("first"), told("second")], "{topology:?}");
        let warned = receipt.warnings.iter().filter(|warning| warning.code == "SINK_FAILED");
        assert_eq!(warned.map(|w| w.message.as_str()).collect::<Vec<_>>(), ["first", "second"]);
    }
}

#[test]
fn a_refused_second_operation_publishes_nothing() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        let (repo, wp03) = (scene.repo.open(), wp("WP03"));
        let sink = Sink::default();
        let before = state(&scene.repo).without("spec-kitty-locks");
        let refused = run(&repo, &host(), (&scene.mission.slug, Some(&wp03)), |transaction| {
            sink.register(transaction, "never", &scene);
            move_in(transaction, (&repo, &wp03), &to("claimed"))?;
            move_in(transaction, (&repo, &wp03), &to("done"))
        });
        assert_eq!(code(refused), "TRANSITION_ILLEGAL", "{topology:?}");
        assert_eq!(sink.told(), Vec::<String>::new());
        assert_unchanged(&before, &state(&scene.repo).without("spec-kitty-locks"));
    }
}

#[test]
fn effects_never_run_where_nothing_was_published() {
    let scene = Scene::new(Topology::Coordination);
    let (repo, wp03) = (scene.repo.open(), wp("WP03"));
    scene.repo.ask(["config", "core.filesRefLockTimeout", "20"]);
    let sink = Sink::default();
    let attempt = |steps: &[&str]| {
        run(&repo, &host(), (&scene.mission.slug, Some(&wp03)), |transaction| {
            sink.register(transaction, "effect", &scene);
            steps
                .iter()
                .try_for_each(|step| move_in(transaction, (&repo, &wp03), &to(step)).map(drop))
        })
    };
    assert_eq!(attempt(&[]).unwrap().1.commit, None);
    assert_eq!(sink.told(), Vec::<String>::new());
    let lock = format!(".git/refs/heads/{}.lock", scene.mission.branch());
    scene.repo.write(&lock, "");
    assert_eq!(code(attempt(&["claimed"])), "REF_LOCKED");
    assert_eq!(sink.told(), Vec::<String>::new());
    std::fs::remove_file(scene.repo.file(&lock)).unwrap();
    attempt(&["claimed"]).unwrap();
    assert_eq!(sink.told().len(), 1);
}

#[test]
fn after_a_lost_race_only_the_effects_of_the_run_that_was_published_run() {
    let scene = Scene::new(Topology::Coordination);
    let (repo, wp03) = (scene.repo.open(), wp("WP03"));
    let (branch, sink) = (scene.mission.branch(), Sink::default());
    let mut runs = 0;
    run(&repo, &host(), (&scene.mission.slug, Some(&wp03)), |transaction| {
        runs += 1;
        if runs == 1 {
            // Who knows of no lock.
            scene.repo.commit_to(&branch, &branch, "Other", &[("o".to_owned(), "o".to_owned())]);
        }
        sink.register(transaction, if runs == 1 { "first" } else { "second" }, &scene);
        move_in(transaction, (&repo, &wp03), &to("claimed"))
    })
    .unwrap();
    assert_eq!(runs, 2);
    assert_eq!(sink.told(), ["second: WP03: planned -> claimed [\"WP03\"] true"]);
    assert_eq!(
        scene.messages(&format!("{branch}~2"), &branch),
        ["Other", "WP03: planned -> claimed"]
    );
}

#[test]
fn a_second_transaction_on_the_same_mission_inside_one_is_refused() {
    let scene = Scene::new(Topology::Coordination);
    let (repo, wp03) = (scene.repo.open(), wp("WP03"));
    let about = (scene.mission.slug.as_str(), Some(&wp03));
    let tip = scene.repo.id(&scene.mission.branch());
    run(&repo, &host(), about, |transaction| {
        let inner =
            run(&repo, &host(), about, |inner| move_in(inner, (&repo, &wp03), &to("claimed")));
        assert_eq!(code(inner), "BOOKKEEPING_LOCK_TIMEOUT");
        assert_eq!(scene.repo.id(&scene.mission.branch()), tip);
        move_in(transaction, (&repo, &wp03), &to("claimed"))
    })
    .unwrap();
    let events = scene.events(&scene.mission.branch());
    assert_eq!(
        events
            .iter()
            .filter(|event| event["to_lane"] == "claimed" && event["wp_id"] == "WP03")
            .count(),
        1
    );
}
