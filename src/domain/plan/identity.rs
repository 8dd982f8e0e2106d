//! What planning files cannot change of `meta.json`.

use crate::domain::meta::Meta;

/// Keys that everything else hangs on, and those that the snapshot repeats.
const FIXED: [&str; 11] = [
    "coordination_branch",
    "created_at",
    "feature_slug",
    "mid8",
    "mission_id",
    "mission_number",
    "mission_slug",
    "mission_type",
    "slug",
    "target_branch",
    "topology",
];

/// The first key that is what it was when the mission was made, and differs.
#[must_use]
pub fn changed_identity(old: &Meta, new: &Meta) -> Option<&'static str> {
    FIXED.into_iter().find(|key| old.document.get(*key) != new.document.get(*key))
}
