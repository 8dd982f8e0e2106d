//! The files that a new mission begins with.
//!
//! They say what belongs where and hold no plan of their own; the texts are ours. The log begins
//! with `mission finalize`.

use super::id::InvalidId;
use super::layout;
use super::meta::Draft;
use super::path::RepoPath;
use super::yaml::scalar;

/// The files that a mission begins with, for people to write on, by their paths from its directory.
pub const BEGUN: [&str; 5] = [layout::META, "plan.md", "spec.md", "tasks.md", README];

/// Below a mission's directory: how to write work packages.
const README: &str = "tasks/README.md";

/// The files of a new mission, each with its path in the repository, in the order of these paths.
///
/// # Errors
/// As [`Draft::meta`].
pub fn scaffold(draft: &Draft) -> Result<Vec<(RepoPath, Vec<u8>)>, InvalidId> {
    let files = [
        (layout::META, draft.meta()?),
        ("plan.md", plan(draft).into_bytes()),
        ("spec.md", spec(draft).into_bytes()),
        ("tasks.md", tasks(draft).into_bytes()),
        (README, readme(draft).into_bytes()),
    ];
    let dir = draft.mission_dir();
    Ok(files.into_iter().map(|(name, bytes)| (layout::in_mission(&dir, name), bytes)).collect())
}

fn spec(draft: &Draft) -> String {
    let (title, target) = (heading(draft), &draft.target);
    format!(
        "# {title}\n\nLands on `{target}`.\n\n\
         ## Why\n\nWho needs it, and what is wrong without it.\n\n\
         ## Requirements\n\nWhat must be true in the end, one requirement a line, each with an id \
         such as FR-001.\n\n\
         ## Not part of it\n\nWhat somebody might expect, and will not find.\n"
    )
}

fn plan(draft: &Draft) -> String {
    let title = heading(draft);
    format!(
        "# Plan: {title}\n\n\
         ## Approach\n\nHow the requirements of `spec.md` are met, and what was decided against.\n\n\
         ## Parts\n\nWhich parts of the code change, and which of these changes have to wait for \
         others.\n\n\
         ## Checks\n\nHow it is shown that it works.\n"
    )
}

fn tasks(draft: &Draft) -> String {
    let title = heading(draft);
    format!(
        "# Work packages: {title}\n\nOne file each in `tasks/`; `tasks/README.md` says how to write \
         one. `git kitty mission finalize` reads them.\n"
    )
}

/// The example has the mission's own branches, and can be taken as it is.
fn readme(draft: &Draft) -> String {
    let (dir, target) = (draft.mission_dir(), scalar(draft.target.as_str()));
    format!(
        "# How to write a work package\n\nEach is a file here, named by its id and a few words \
         (`WP01-parser.md`), and begins like this:\n\n\
         ```yaml\n---\nwork_package_id: WP01\ntitle: Parser\ndependencies: []\n\
         planning_base_branch: {target}\nmerge_target_branch: {target}\nsubtasks:\n- T001\n\
         execution_mode: code_change\nowned_files:\n- src/parser/**\ncreate_intent:\n\
         - src/parser/mod.rs\n---\n```\n\n\
         - `dependencies`: the work packages that must be finished before it begins.\n\
         - `owned_files`: the globs of all paths it may change. Packages that may touch the same path \
         share a branch and a worktree; the others are worked on side by side.\n\
         - `create_intent`: owned paths that do not exist yet.\n\
         - `execution_mode`: `code_change`, or `planning_artifact` if it only writes planning files.\n\n\
         Below that, say what is to be done and how to see that it is. Then:\n\n\
         ```sh\ngit kitty mission finalize {dir}\n```\n\n\
         The status of a work package is not in its file: `git kitty status {dir}` shows it, and \
         `git kitty wp move` changes it.\n"
    )
}

/// The title as the text of a heading, with what Markdown would take for markup escaped.
fn heading(draft: &Draft) -> String {
    let escape = |c: char| {
        let is_markup = "\\`*_[]<>#".contains(c);
        is_markup.then_some('\\').into_iter().chain([c])
    };
    draft.friendly_name().chars().flat_map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::meta::Meta;
    use crate::domain::time::Instant;
    use crate::domain::wp::WorkPackage;

    fn files(title: &str, target: &str) -> Vec<(String, String)> {
        let draft = Draft {
            id: "01KV6DC9Y5FJ9FCYJMM1KA09XK".parse().unwrap(),
            slug: "pay".parse().unwrap(),
            title: Some(title.to_owned()),
            target: target.parse().unwrap(),
            at: Instant::from_micros(0),
        };
        let text = |(path, bytes): (RepoPath, Vec<u8>)| {
            (path.to_string(), String::from_utf8(bytes).unwrap())
        };
        scaffold(&draft).unwrap().into_iter().map(text).collect()
    }

    #[test]
    fn the_files_are_the_missions_own() {
        let files = files("Pay [now] # *all*\n# x", "release/1");
        let paths: Vec<_> = files.iter().map(|(path, _)| path.as_str()).collect();
        let expected = ["meta.json", "plan.md", "spec.md", "tasks.md", "tasks/README.md"]
            .map(|name| format!("kitty-specs/pay-01KV6DC9/{name}"));
        assert_eq!(paths, expected);
        assert!(paths.is_sorted());
        Meta::parse(files[0].1.as_bytes(), "f").unwrap();
        for (path, text) in &files[1..] {
            assert!(text.starts_with("# ") && text.ends_with('\n'), "{path}");
            assert!(!text.contains("\n\n\n") && !text.contains(" \n"), "{path}");
        }
        assert!(
            files[2]
                .1
                .starts_with("# Pay \\[now\\] \\# \\*all\\* \\# x\n\nLands on `release/1`.\n")
        );
    }

    #[test]
    fn the_example_can_be_taken_as_it_is() {
        for target in ["release/1", "on", "#1", "é"] {
            let readme = files("x", target).remove(4).1;
            let (_, rest) = readme.split_once("```yaml\n").unwrap();
            let (example, _) = rest.split_once("```\n").unwrap();
            let wp = WorkPackage::parse(example.as_bytes(), "f").unwrap();
            assert_eq!(wp.branches.merge_target.as_deref(), Some(target));
            assert_eq!((wp.warnings, wp.owned_files.len()), (Vec::new(), 1));
        }
    }
}
