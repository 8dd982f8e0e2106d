//! Tests of the whole front matter.

use proptest::prelude::*;

use super::*;

fn wp(front: &str) -> Result<WorkPackage, String> {
    let file = format!("---\n{front}---\n# Body\n");
    WorkPackage::parse(file.as_bytes(), "tasks/WP07-x.md").map_err(|refusal| refusal.to_string())
}

/// The refusal of a front matter that begins with a good id.
fn refused(front: &str) -> String {
    wp(&format!("work_package_id: WP07\n{front}")).unwrap_err()
}

fn warned(front: &str) -> Vec<(&'static str, String)> {
    let wp = wp(&format!("work_package_id: WP07\n{front}")).unwrap();
    wp.warnings.into_iter().map(|warning| (warning.code, warning.message)).collect()
}

const FULL: &str = r#"work_package_id: WP07
title: 'Pipes: laid'
dependencies: [WP01, WP100]
owned_files:
- src/pipe/**
- "app/[id].ts"
create_intent: [src/pipe/new.rs]
execution_mode: code_change
scope: codebase-wide
subtasks: [T001, {id: T002, title: Dig, status: done}]
history:
- {at: 2026-01-01T00:00:00Z, actor: ann, action: made}
- {date: 2026-01-02, by: bob, lane: doing, event: moved, note: why}
- plain words
agent: mole:m-1:digger:implementer
planning_base_branch: main
merge_target_branch: release/1
base_commit: 0123456
requirement_refs: FR-1, FR-2
tracker_refs: []
phase: 2
"#;

#[test]
fn everything_is_read() {
    let wp = wp(FULL).unwrap();
    assert_eq!(wp.id.as_str(), "WP07");
    assert_eq!(wp.title.as_deref(), Some("Pipes: laid"));
    assert_eq!(wp.dependencies.iter().map(WpId::as_str).collect::<Vec<_>>(), ["WP01", "WP100"]);
    let owned: Vec<_> = wp.owned_files.iter().map(|o| (o.line, o.text.as_str())).collect();
    assert_eq!(owned, [(6, "src/pipe/**"), (7, "app/[id].ts")]);
    assert_eq!(wp.create_intent.len(), 1);
    assert_eq!(wp.execution_mode, Some(ExecutionMode::CodeChange));
    assert_eq!(wp.scope, Some(Scope::CodebaseWide));
    assert_eq!(wp.subtasks[0].id, "T001");
    assert_eq!(wp.subtasks[1].title.as_deref(), Some("Dig"));
    assert_eq!(
        wp.history.iter().map(|h| h.text.as_str()).collect::<Vec<_>>(),
        ["made", "moved: why", "plain words"]
    );
    assert_eq!(wp.history[1].actor.as_deref(), Some("bob"));
    let agent = wp.agent.clone().unwrap();
    assert_eq!(
        (agent.model.as_deref(), agent.to_string().as_str()),
        (Some("m-1"), "mole:m-1:digger:implementer")
    );
    assert_eq!(wp.branches.merge_target.as_deref(), Some("release/1"));
    assert_eq!(wp.branches.base_commit.as_deref(), Some("0123456"), "digits stay as written");
    assert_eq!(wp.requirement_refs, ["FR-1", "FR-2"]);
    assert_eq!((wp.text("phase"), wp.text("owned_files")), (Some("2"), None));
    assert_eq!((wp.legacy_status, wp.warnings), (None, Vec::new()));
}

#[test]
fn older_ways_of_writing_are_read() {
    let wp = wp("work_package_id: \"WP03\"\nwork_package_title: Old\nlane: \"doing\"\n\
                 dependencies: \"[]\"\nagent: {tool: mole, role: digger}\nbase_commit: unknown\n\
                 activity_log: all of it\nhistory:\n")
    .unwrap();
    assert_eq!(wp.title.as_deref(), Some("Old"));
    assert_eq!(wp.legacy_status.map(Status::as_str), Some("in_progress"));
    assert_eq!((wp.dependencies.len(), wp.branches.base_commit), (0, None));
    assert_eq!(wp.agent.unwrap().to_string(), "mole:::digger");
    assert_eq!(wp.history[0].text, "all of it");
}

#[test]
fn what_is_wrong_names_file_and_line() {
    for (front, expected) in [
        ("lane: dnoe\n", "3: `lane` names no status: `dnoe`"),
        ("dependencies: [WP1]\n", "3: `dependencies`: `WP1` is not a work package id"),
        ("owned_files: src/**\n", "3: `owned_files` must be a list, not a single value"),
        ("owned_files:\n- src/**\n- ''\n", "5: `owned_files` has an empty item"),
        ("owned_files:\n- a: b\n", "4: `owned_files` has a mapping where a single value belongs"),
        ("base_commit: HEAD\n", "3: `base_commit` is no commit: `HEAD`"),
        ("subtasks: [{title: x}]\n", "3: `subtasks` has an item without an id"),
        ("title: [a]\n", "3: `title` must be a single value, not a list"),
        ("\n\nscope: a\nscope: b\n", "6: `scope` stands here and in line 5 already, with another"),
        ("work_package_id: WP08\n", "3: `work_package_id` stands here and in line 2 already"),
        ("title: \"open\n", "3: not YAML"),
    ] {
        let message = refused(front);
        assert!(message.starts_with(&format!("tasks/WP07-x.md:{expected}")), "{message}");
    }
    assert_eq!(wp("title: x\n").unwrap_err(), "tasks/WP07-x.md:1: `work_package_id` is missing");
    assert!(wp("work_package_id: WP7\n").unwrap_err().contains("is not a work package id"));
    for (bytes, expected) in [
        (b"# no front matter\n".as_slice(), "f:1: no front matter: the first line must be `---`"),
        (b"---\nwork_package_id: WP01\n", "f:1: the front matter is not closed"),
        (b"---\na: 1\nb: \xff\n---\n", "f:3: not UTF-8"),
    ] {
        assert_eq!(WorkPackage::parse(bytes, "f").unwrap_err().to_string(), expected);
    }
}

#[test]
fn strange_keys_and_values_are_told_and_kept() {
    let told = warned("owned_file: [a]\nexecution_mode: review\ntitle: a\ntitle: b\nzzz: 1\n");
    let expected = [
        ("UNKNOWN_FRONTMATTER_KEY", "3: unknown key `owned_file`, did you mean `owned_files`?"),
        ("UNKNOWN_FRONTMATTER_KEY", "7: unknown key `zzz`"),
        (
            "DUPLICATE_FRONTMATTER_KEY",
            "6: `title` stands here and in line 5 already; the last one holds",
        ),
        (
            "UNKNOWN_FRONTMATTER_VALUE",
            "4: `execution_mode` has an unknown value, which grants nothing",
        ),
    ];
    assert_eq!(told, expected.map(|(code, text)| (code, format!("tasks/WP07-x.md:{text}"))));
    let wp = wp("work_package_id: WP07\ntitle: a\ntitle: b\nzzz: 1\n").unwrap();
    assert_eq!((wp.title.as_deref(), wp.text("zzz")), (Some("b"), Some("1")));
}

#[test]
fn a_twin_of_equal_value_is_only_told() {
    let told = warned("owned_files: [a, b]\nowned_files:\n- a\n- 'b'\n");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0, "DUPLICATE_FRONTMATTER_KEY");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(yaml in prop::collection::vec(any::<u8>(), 0..200)) {
        let file = [b"---\n", yaml.as_slice(), b"\n---\n"].concat();
        let _ = WorkPackage::parse(&file, "f");
        let _ = WorkPackage::parse(&yaml, "f");
    }

    #[test]
    fn nor_does_a_file_with_one_byte_changed(at in 0..FULL.len(), byte in any::<u8>()) {
        let mut yaml = FULL.as_bytes().to_vec();
        yaml[at] = byte;
        let _ = WorkPackage::parse(&[b"---\n", yaml.as_slice(), b"---\n"].concat(), "f");
    }
}
