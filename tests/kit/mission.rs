//! Missions, laid out as the reference lays them out (`formats.md` section 1).

use serde_json::{Value, json};

use super::checkout::Checkout;
use super::documents::{Lanes, MergeState, Workspace};
use super::json;
use super::log::{Log, time, ulid};
use super::snapshot;

pub use super::plan::{MissionBuilder, Topology};

/// A mission that was made, and its log as the kit wrote it last.
#[derive(Clone, Debug)]
pub struct Mission {
    /// The primary checkout.
    pub repo: Checkout,
    /// The ULID.
    pub id: String,
    /// The slug with mid8, which is also the directory's name.
    pub slug: String,
    /// Its log, to be extended and given to [`Mission::save`].
    pub log: Log,
    plan: MissionBuilder,
}

impl MissionBuilder {
    /// Makes it in `repo`, the primary checkout, which must have the target branch checked out in
    /// the older topology. All packages are planned; no lane is open.
    pub fn build(self, repo: &Checkout) -> Mission {
        let id = ulid(self.number * 3600);
        let slug = format!("{}-{}", self.slug, &id[..8]);
        let mut log = Log::new(&slug, Some(&id));
        for wp in &self.wps {
            log.event(&wp.id, "genesis", "planned").actor("finalize-tasks");
        }
        let mission = Mission { repo: repo.clone(), id, slug, log, plan: self };
        let files = mission.planning_files();
        mission.put("Plan the mission", files);
        mission.save();
        mission
    }
}

impl Mission {
    /// `kitty-specs/<slug>`.
    pub fn dir(&self) -> String {
        format!("kitty-specs/{}", self.slug)
    }

    /// `kitty/mission-<slug>`: the coordination branch, where there is one.
    pub fn branch(&self) -> String {
        format!("kitty/mission-{}", self.slug)
    }

    /// The branch that has the mission's files.
    pub fn home(&self) -> String {
        match self.plan.topology {
            Topology::Primary => self.plan.target.clone(),
            Topology::Coordination => self.branch(),
        }
    }

    /// The branch of a lane.
    pub fn lane_branch(&self, lane: &str) -> String {
        format!("{}-{lane}", self.branch())
    }

    /// Opens a lane: branch, linked worktree and workspace context, without the files that a
    /// sparse checkout leaves out where the mission has a coordination branch.
    pub fn open_lane(&self, lane: &str) -> Checkout {
        let branch = self.lane_branch(lane);
        let base = self.repo.id(&self.home());
        self.repo.unhooked(["branch", &branch, &base]).run().exits(0);
        let tree = self.repo.worktree(&format!(".worktrees/{}-{lane}", self.slug), &branch);
        if self.plan.topology == Topology::Coordination {
            let patterns = ["status.events.jsonl", "status.json"]
                .map(|file| format!("!{}/{file}\n", self.dir()))
                .concat();
            let file = tree.ask(["rev-parse", "--git-path", "info/sparse-checkout"]);
            tree.ask(["config", "extensions.worktreeConfig", "true"]);
            tree.ask(["config", "--worktree", "core.sparseCheckout", "true"]);
            tree.write(&file, &format!("/*\n{patterns}"));
            tree.unhooked(["read-tree", "-mu", "HEAD"]).run().exits(0);
        }
        self.repo.write(
            &format!(".kittify/workspaces/{}-{lane}.json", self.slug),
            &json::document(&self.workspace(lane, &base)),
        );
        tree
    }

    /// Commits the log and its snapshot where the mission's files are.
    pub fn save(&self) -> String {
        let number = self.meta()["mission_number"].as_u64();
        self.put(
            "Record status",
            vec![
                (format!("{}/status.events.jsonl", self.dir()), self.log.text()),
                (
                    format!("{}/status.json", self.dir()),
                    snapshot::of(&self.log, &self.slug, number),
                ),
            ],
        )
    }

    /// Commits files, named from the top of the repository, where the mission's files are.
    pub fn put(&self, message: &str, files: Vec<(String, String)>) -> String {
        match self.plan.topology {
            Topology::Coordination => {
                self.repo.commit_to(&self.branch(), &self.plan.target, message, &files)
            }
            Topology::Primary => {
                let pairs: Vec<_> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
                self.repo.stage(&pairs);
                self.repo.unhooked(["commit", "-q", "-m", message]).run().exits(0);
                self.repo.id("HEAD")
            }
        }
    }

    /// Commits `review-cycle-<cycle>.md` of a work package; `verdict` as older files have it.
    pub fn review_cycle(&self, wp: &str, cycle: u32, verdict: Option<&str>) -> String {
        let stem = self.plan.wps.iter().find(|known| known.id == wp).unwrap().stem();
        let verdict = verdict.map(|text| format!("verdict: {text}\n")).unwrap_or_default();
        let text = format!(
            "---\naffected_files: []\ncycle_number: {cycle}\nmission_slug: {}\n\
             reproduction_command:\nreviewed_at: '2026-01-06T09:00:00Z'\nreviewer_agent: rita\n\
             {verdict}wp_id: {wp}\n---\n\nSee above.\n",
            self.slug
        );
        let path = format!("{}/tasks/{stem}/review-cycle-{cycle}.md", self.dir());
        self.put(&format!("Review {wp}"), vec![(path, text)])
    }

    /// Writes `.kittify/runtime/merge/<mission_id>/state.json`, as a merge of the reference that
    /// was broken off after `completed` leaves it.
    pub fn merge_state(&self, completed: &[&str]) {
        let order: Vec<String> = self.plan.wps.iter().map(|wp| wp.id.clone()).collect();
        let state = MergeState {
            mission_id: self.id.clone(),
            mission_slug: self.slug.clone(),
            target_branch: self.plan.target.clone(),
            current_wp: order.iter().find(|wp| !completed.contains(&wp.as_str())).cloned(),
            wp_order: order,
            completed_wps: completed.iter().map(|&wp| wp.to_owned()).collect(),
            has_pending_conflicts: false,
            strategy: "merge",
            workspace_path: None,
            started_at: time(0),
            updated_at: time(1),
        };
        let path = format!(".kittify/runtime/merge/{}/state.json", self.id);
        self.repo.write(&path, &json::document(&state));
    }

    fn planning_files(&self) -> Vec<(String, String)> {
        let dir = self.dir();
        let mut files = vec![
            (format!("{dir}/lanes.json"), json::document(&self.lanes())),
            (format!("{dir}/meta.json"), json::document(&self.meta())),
            (format!("{dir}/spec.md"), "# Specification\n".to_owned()),
        ];
        for wp in &self.plan.wps {
            files.push((format!("{dir}/tasks/{}.md", wp.stem()), wp.text(&self.plan.target)));
        }
        files
    }

    /// `meta.json`, with the fields that all missions have and those the builder was given.
    fn meta(&self) -> Value {
        let mut meta = json!({
            "created_at": time(0), "flattened": false, "friendly_name": self.plan.slug,
            "mission_id": self.id, "mission_number": null, "mission_slug": self.slug,
            "mission_type": "software-dev", "slug": self.slug, "status_phase": "1",
            "target_branch": self.plan.target, "topology": "lanes", "vcs": "git",
        });
        if self.plan.topology == Topology::Coordination {
            meta["topology"] = "lanes_with_coord".into();
            meta["coordination_branch"] = self.branch().into();
        }
        for (name, value) in &self.plan.meta {
            meta[name] = value.clone();
        }
        let null_stays = ["mission_number"];
        let fields = meta.as_object_mut().unwrap();
        fields.retain(|name, value| !value.is_null() || null_stays.contains(&name.as_str()));
        meta
    }

    fn lanes(&self) -> Lanes {
        let planning = self.plan.wps.iter().filter(|wp| wp.execution_mode == "planning_artifact");
        let planning = planning.map(|wp| wp.id.clone()).collect();
        let lanes = self
            .plan
            .all_lanes()
            .into_iter()
            .map(|(id, wps)| self.plan.lane_entry(id, wps))
            .collect();
        Lanes::new(&self.slug, &self.id, &self.plan.target, lanes, planning)
    }

    fn workspace(&self, lane: &str, base: &str) -> Workspace {
        let lanes = self.plan.all_lanes();
        let (_, wps) = lanes.iter().find(|(id, _)| id == lane).expect("a lane of the mission");
        let first = self.plan.wps.iter().find(|wp| wp.id == wps[0]).expect("a known package");
        Workspace {
            wp_id: first.id.clone(),
            mission_slug: self.slug.clone(),
            worktree_path: format!(".worktrees/{}-{lane}", self.slug),
            branch_name: self.lane_branch(lane),
            base_branch: self.home(),
            base_commit: base.to_owned(),
            dependencies: first.dependencies.clone(),
            created_at: time(2),
            created_by: "implement-command",
            vcs_backend: "git",
            lane_id: lane.to_owned(),
            lane_wp_ids: wps.clone(),
            current_wp: first.id.clone(),
        }
    }
}
