//! Missions, laid out as the reference lays them out (`formats.md` section 1).

use std::collections::BTreeMap;

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
    /// Makes it in `repo`, the primary checkout, which must have the target branch checked out
    /// where that takes files. All packages are planned; no lane is open.
    pub fn build(self, repo: &Checkout) -> Mission {
        let id = ulid(self.number * 3600);
        let slug = format!("{}-{}", self.slug, &id[..8]);
        let mut log = Log::new(&slug, Some(&id));
        for wp in &self.wps {
            log.event(&wp.id, "genesis", "planned").actor("finalize-tasks");
        }
        let mission = Mission { repo: repo.clone(), id, slug, log, plan: self };
        if mission.plan.topology != Topology::Primary {
            repo.ask(["branch", &mission.branch(), &mission.plan.target]);
        }
        mission.put("Plan the mission", mission.planning_files());
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

    /// The branch that has `meta.json`, `lanes.json` and the work packages.
    pub fn planning_branch(&self) -> String {
        match self.plan.topology {
            Topology::Primary | Topology::Split => self.plan.target.clone(),
            Topology::Coordination => self.branch(),
        }
    }

    /// The branch that has the log, the snapshot and the reviews.
    pub fn status_branch(&self) -> String {
        match self.plan.topology {
            Topology::Primary => self.plan.target.clone(),
            Topology::Coordination | Topology::Split => self.branch(),
        }
    }

    /// Opens the coordination worktree, which later commits of the kit keep at its branch.
    pub fn open_coordination(&self) -> Checkout {
        self.repo.worktree(&self.coordination_path(), &self.branch())
    }

    fn coordination_path(&self) -> String {
        format!(".worktrees/{}-coord", self.slug)
    }

    /// The branch of a lane.
    pub fn lane_branch(&self, lane: &str) -> String {
        format!("{}-{lane}", self.branch())
    }

    /// Opens a lane: branch, linked worktree and workspace context, without the files that a
    /// sparse checkout leaves out where the mission has a coordination branch. The lane is cut
    /// from the mission's branch, which an older mission gets with its first lane.
    pub fn open_lane(&self, lane: &str) -> Checkout {
        if self.repo.tip(&self.branch()).is_none() {
            self.repo.ask(["branch", &self.branch(), &self.plan.target]);
        }
        let (branch, base) = (self.lane_branch(lane), self.repo.id(&self.branch()));
        self.repo.unhooked(["branch", &branch, &base]).run().exits(0);
        let tree = self.repo.worktree(&format!(".worktrees/{}-{lane}", self.slug), &branch);
        match self.plan.topology {
            Topology::Primary => {}
            Topology::Coordination | Topology::Split => self.leave_status_out(&tree),
        }
        self.repo.write(
            format!(".kittify/workspaces/{}-{lane}.json", self.slug),
            json::document(&self.workspace(lane, &base)),
        );
        tree
    }

    fn leave_status_out(&self, tree: &Checkout) {
        let patterns = ["status.events.jsonl", "status.json"]
            .map(|file| format!("!{}/{file}\n", self.dir()))
            .concat();
        tree.ask(["config", "extensions.worktreeConfig", "true"]);
        tree.ask(["config", "--worktree", "core.sparseCheckout", "true"]);
        tree.ask(["config", "--worktree", "core.sparseCheckoutCone", "false"]);
        let file = tree.ask(["rev-parse", "--git-path", "info/sparse-checkout"]);
        tree.write(&file, format!("/*\n{patterns}"));
        tree.unhooked(["read-tree", "-mu", "HEAD"]).run().exits(0);
    }

    /// Commits the log and its snapshot to the status branch. Returns the commit's id.
    pub fn save(&self) -> String {
        let meta = self.meta();
        let beside = (self.plan.topology != Topology::Split).then_some(&meta);
        let snapshot = snapshot::of(&self.log, &self.slug, beside);
        self.put_on(
            &self.status_branch(),
            "Record status",
            &[
                (format!("{}/status.events.jsonl", self.dir()), self.log.text()),
                (format!("{}/status.json", self.dir()), snapshot),
            ],
        )
    }

    /// Commits files, named from the top of the repository, to the planning branch. Returns the
    /// commit's id.
    pub fn put(&self, message: &str, files: Vec<(String, String)>) -> String {
        self.put_on(&self.planning_branch(), message, &files)
    }

    fn put_on(&self, branch: &str, message: &str, files: &[(String, String)]) -> String {
        if branch == self.plan.target {
            let pairs: Vec<_> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
            self.repo.stage(&pairs);
            self.repo.unhooked(["commit", "-q", "-m", message]).run().exits(0);
            return self.repo.id("HEAD");
        }
        let old = self.repo.id(branch);
        let new = self.repo.commit_to(branch, &old, message, files);
        let view =
            Checkout::at(self.repo.sandbox(), self.repo.path().join(self.coordination_path()));
        if view.path().exists() {
            view.unhooked(["read-tree", "-m", "-u", &old, &new]).run().exits(0);
        }
        new
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
        self.put_on(&self.status_branch(), &format!("Review {wp}"), &[(path, text)])
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
        self.repo.write(&path, json::document(&state));
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
        if self.plan.topology == Topology::Split {
            let created = json!({
                "aggregate_id": self.id, "aggregate_type": "Mission", "event_id": ulid(1),
                "event_type": "MissionCreated", "payload": {}, "schema_version": "5.0.0",
                "timestamp": time(0),
            });
            files.push((format!("{dir}/status.events.jsonl"), json::line(&created) + "\n"));
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
        if self.plan.topology != Topology::Primary {
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
            base_branch: self.branch(),
            base_commit: base.to_owned(),
            dependencies: first.dependencies.clone(),
            created_at: time(2),
            created_by: "implement-command-lane",
            vcs_backend: "git",
            lane_id: lane.to_owned(),
            lane_wp_ids: wps.clone(),
            current_wp: first.id.clone(),
            lane_test_env: BTreeMap::new(),
        }
    }
}
