//! `git kitty verify-landing`: whether a mission landed as its certificate says.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use super::merge::certificate;
use super::mission::Handle;
use super::{Answer, Context, Printable, run};
use crate::domain::refusal::{MergeRefusal, Refusal};
use crate::flow::merging::{Check, Verified, verify};
use crate::flow::status::mission;
use crate::git::Repo;

/// The options of `verify-landing`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    #[command(flatten)]
    handle: Handle,
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("verify-landing", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Value>> {
    let repo = Repo::discover(&context.directory)?;
    let mission = mission(&repo, options.handle.as_deref())?;
    let verified = verify(&repo, &mission)?;
    if !verified.holds() {
        let failed = verified.checks.iter().filter(|check| !check.ok);
        let what = failed.map(|check| check.detail.clone()).collect();
        let target = mission.meta.target_branch.clone();
        let (mission, paths) = (mission.dir.clone(), verified.paths);
        return Err(Refusal::from(MergeRefusal::Unproven { mission, target, what, paths }).into());
    }
    Ok(Answer::new(document(&mission.dir, &verified), human(&mission.dir, &verified)))
}

fn document(dir: &str, verified: &Verified) -> Value {
    let check =
        |check: &Check| json!({"check": check.name, "ok": check.ok, "detail": check.detail});
    json!({
        "mission_slug": dir,
        "certificate": certificate(&verified.landing),
        "landing": {
            "commit": verified.commit.to_string(),
            "parent": verified.parent.to_string(),
            "branch": verified.branch.to_string(),
            "strategy": verified.landing.certificate.strategy,
        },
        "verified": verified.holds(),
        "checks": verified.checks.iter().map(check).collect::<Vec<_>>(),
        "paths": verified.paths,
    })
}

fn human(dir: &str, verified: &Verified) -> String {
    let (commit, branch) = (verified.commit, verified.branch.to_string());
    let mut text = format!(
        "{} landed on {} by {commit:.12}, and that is proven:\n",
        Printable(dir),
        Printable(&branch)
    );
    for check in &verified.checks {
        let _ = writeln!(text, "  {:<12} {}", check.name, Printable(&check.detail));
    }
    text
}
