//! From what a person types to one mission.

use anyhow::Result;

use crate::domain::branch::{split_mid8, strip_number};
use crate::domain::refusal::Refusal;

use super::mission::{Mission, Store};

impl Store<'_> {
    /// The one mission that a handle means: ULID, mid8, slug or directory name. A whole directory
    /// name or id decides at once; anything shorter must fit one mission only.
    ///
    /// # Errors
    /// [`Refusal::MissionNotFound`], or [`Refusal::MissionAmbiguous`] with the candidates.
    pub fn by_handle(&self, handle: &str) -> Result<Mission> {
        if let Some(mission) = self.open(handle)? {
            return Ok(mission);
        }
        let all = self.all()?;
        let (mut fitting, mut damaged) = (Vec::new(), None);
        for (dir, mission) in all {
            match mission {
                Ok(mission) if fits(&mission, handle) => fitting.push(mission),
                Ok(_) => {}
                Err(refusal) if names(&dir).any(|name| name == handle) => damaged = Some(refusal),
                Err(_) => {}
            }
        }
        one_of(fitting, handle, damaged)
    }
}

fn one_of(mut fitting: Vec<Mission>, handle: &str, damaged: Option<Refusal>) -> Result<Mission> {
    if fitting.len() > 1 {
        let candidates = fitting.into_iter().map(|mission| mission.dir).collect();
        return Err(Refusal::MissionAmbiguous { handle: handle.to_owned(), candidates }.into());
    }
    let missing =
        || damaged.unwrap_or_else(|| Refusal::MissionNotFound { handle: handle.to_owned() });
    fitting.pop().ok_or_else(missing).map_err(Into::into)
}

fn fits(mission: &Mission, handle: &str) -> bool {
    let id = mission.meta.id.as_ref().is_some_and(|id| id.as_str() == handle);
    let mid8 = mission.mid8().is_some_and(|mid8| mid8.as_str() == handle);
    let slugs = [mission.meta.slug.as_str(), mission.meta.mission_slug.as_str()];
    id || mid8
        || slugs.into_iter().chain([mission.dir.as_str()]).flat_map(names).any(|n| n == handle)
}

/// A directory name or slug, and what is left without number and mid8.
fn names(full: &str) -> impl Iterator<Item = &str> {
    let short = split_mid8(full).map_or(full, |(slug, _)| slug);
    [full, short, strip_number(full), strip_number(short)].into_iter()
}
