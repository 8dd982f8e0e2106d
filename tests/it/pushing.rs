//! A scene with a remote to push to.

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::repo::RepoBuilder;
use crate::scene::Scene;

/// The scene, and a bare repository `server` that it has as `origin`.
pub(crate) struct Pushing {
    pub(crate) scene: Scene,
    pub(crate) server: Checkout,
}

impl Pushing {
    /// Where the remote has all that the scene has.
    pub(crate) fn new() -> Self {
        let pushing = Self::empty();
        pushing.unjudged(&["--all"]);
        pushing.scene.repo.must(["remote", "set-head", "origin", "main"]);
        pushing
    }

    /// Where the remote is empty.
    pub(crate) fn empty() -> Self {
        let scene = Scene::new(Topology::Coordination);
        let server = RepoBuilder::default().bare().build(scene.repo.sandbox(), "server");
        scene.repo.ask(["remote", "add", "origin", "../server"]);
        Self { scene, server }
    }

    pub(crate) fn push(&self, words: &[&str]) -> Output {
        self.scene.repo.git(["push", "-q", "origin"].iter().chain(words))
    }

    /// A push that must pass without a word.
    #[track_caller]
    pub(crate) fn passes(&self, words: &[&str]) {
        assert_eq!(self.push(words).parts(), (0, "", ""), "{words:?}");
    }

    /// A push that must be refused, and what was said.
    #[track_caller]
    pub(crate) fn refused(&self, words: &[&str], code: &str) -> String {
        let before = self.server.ask(["for-each-ref"]);
        let said = self.push(words);
        assert_ne!(said.status, 0, "{said}");
        let marked = format!("[{code}]");
        let errors = said.stderr.lines().filter(|line| line.contains("error: "));
        let codes: Vec<_> = errors.filter(|line| line.contains('[')).collect();
        assert!(!codes.is_empty(), "{said}");
        assert!(codes.iter().all(|line| line.contains(&marked)), "{said}");
        assert_eq!(self.server.ask(["for-each-ref"]), before, "{said}");
        said.stderr
    }

    /// A push that no hook of the pusher sees.
    #[track_caller]
    pub(crate) fn unjudged(&self, words: &[&str]) {
        let words = ["push", "-q", "--no-verify", "origin"].iter().chain(words);
        self.scene.repo.git(words).exits(0);
    }

    pub(crate) fn lane(&self) -> String {
        self.scene.mission.lane_branch("lane-b")
    }

    /// Commits a file to a branch as somebody else would, who pushed it.
    pub(crate) fn others(&self, branch: &str, path: &str) {
        let text = "theirs\n".to_owned();
        self.server.commit_to(branch, branch, "Theirs", &[(path.to_owned(), text)]);
    }

    /// Commits a file to a branch here, past every door.
    pub(crate) fn smuggle(&self, branch: &str, path: &str) -> String {
        let text = "new\n".to_owned();
        self.scene.repo.commit_to(branch, "main", "Smuggle", &[(path.to_owned(), text)])
    }
}

impl Pushing {
    /// A push that the server's hook does not see.
    #[track_caller]
    pub(crate) fn unjudged_by_server(&self, words: &[&str]) {
        let path = self.server.path().join("hooks/pre-receive");
        let aside = self.server.path().join("hooks/aside");
        std::fs::rename(&path, &aside).unwrap();
        self.unjudged(words);
        std::fs::rename(aside, path).unwrap();
    }
}
