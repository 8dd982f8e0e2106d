use proptest::prelude::*;

use super::*;
use crate::domain::refusal::Document;

const SOURCE: Source<'_> = Source::new(Document::AgentSettings, "f");

fn added(text: &str, tool: Tool) -> String {
    let bytes = add(Some(text.as_bytes()), tool, SOURCE).unwrap().unwrap();
    String::from_utf8(bytes).unwrap()
}

fn removed(text: &str, tool: Tool) -> String {
    String::from_utf8(remove(text.as_bytes(), tool, SOURCE).unwrap()).unwrap()
}

fn refused(text: &str) -> String {
    add(Some(text.as_bytes()), Tool::Claude, SOURCE).unwrap_err().to_string()
}

const GROUP: &str = r#"      {
        "matcher": "Edit|MultiEdit|NotebookEdit|Write",
        "hooks": [
          {
            "type": "command",
            "command": "git-kitty-guard --agent-hook claude"
          }
        ]
      }"#;

#[test]
fn a_new_file_has_our_hook_and_nothing_else() {
    let text = |tool| String::from_utf8(add(None, tool, SOURCE).unwrap().unwrap()).unwrap();
    let claude = format!("{{\n  \"hooks\": {{\n    \"PreToolUse\": [\n{GROUP}\n    ]\n  }}\n}}\n");
    assert_eq!(text(Tool::Claude), claude);
    assert_eq!(
        text(Tool::Cursor),
        "{\n  \"version\": 1,\n  \"hooks\": {\n    \"preToolUse\": [\n      {\n        \
         \"command\": \"git-kitty-guard --agent-hook cursor\",\n        \"matcher\": \
         \"ApplyPatch|Delete|Edit|EditNotebook|MultiEdit|NotebookEdit|StrReplace|Write\"\n      \
         }\n    ]\n  }\n}\n"
    );
    for tool in Tool::ALL {
        assert!(is_in(text(tool).as_bytes(), tool, SOURCE).unwrap());
        assert_eq!(add(Some(text(tool).as_bytes()), tool, SOURCE).unwrap(), None);
    }
}

#[test]
fn ours_goes_to_the_end_of_what_is_there_and_the_rest_keeps_its_bytes() {
    let before = "{\n  \"z\" : 1.0,\n  \"hooks\": {\n    \"Stop\": [ ],\n    \"PreToolUse\": [\n      \
                  {\"matcher\": \"Bash\", \"hooks\": []}\n    ]\n  },\n  \"a\": \"\\u00e9\"\n}";
    let expected = before.replace("[]}\n", &format!("[]}},\n{GROUP}\n"));
    assert_eq!(added(before, Tool::Claude), expected);
    let before = "{\r\n\t\"hooks\": {\r\n\t\t\"stop\": []\r\n\t}\r\n}\r\n";
    let after = added(before, Tool::Cursor);
    assert!(after.starts_with("{\r\n\t\"hooks\": {\r\n\t\t\"stop\": [],\r\n\t\t\"preToolUse\": [\r\n\t\t\t{\r\n\t\t\t\t\"command\""), "{after:?}");
    assert!(after.ends_with("\r\n\t\t\t}\r\n\t\t]\r\n\t}\r\n}\r\n"), "{after:?}");
    let after = added("{\"a\":{},\"hooks\":{}}", Tool::Codex);
    assert!(
        after.starts_with("{\"a\":{},\"hooks\":{\"PreToolUse\": [{\"matcher\"")
            && !after.contains('\n')
    );
    let empty = String::from_utf8(add(None, Tool::Codex, SOURCE).unwrap().unwrap()).unwrap();
    assert_eq!(added("\u{feff}{}\n", Tool::Codex), format!("\u{feff}{empty}"));
}

#[test]
fn what_others_put_beside_ours_stays_when_ours_goes() {
    let shared = "{\"hooks\": {\"PreToolUse\": [{\"matcher\": \"Write\", \"hooks\": [{\"command\": \
                  \"/opt/x/git kitty guard --agent-hook claude\"}, {\"command\": \"lint\"}]}, {\"x\": 1}]}}";
    let kept = "{\"hooks\": {\"PreToolUse\": [{\"matcher\": \"Write\", \"hooks\": [{\"command\": \
                \"lint\"}]}, {\"x\": 1}]}}";
    assert_eq!(removed(shared, Tool::Claude), kept);
    assert_eq!(removed(shared, Tool::Codex), shared, "another tool's is not ours");
}

#[test]
fn hooks_in_another_form_are_refused() {
    for (text, what) in [
        ("{\n\"hooks\": []}", "f:2: `hooks` cannot be changed on its own: it is no object"),
        (
            "{\"hooks\": {\"PreToolUse\": {}}}",
            "f:1: `PreToolUse` cannot be changed on its own: it is no list",
        ),
        (
            "{\"hooks\": {},\n\"hooks\": {}}",
            "f:2: `hooks` cannot be changed on its own: it stands there for the second time",
        ),
        ("{\n// x\n}", "f:2: key must be a string"),
        ("", "f:1: EOF while parsing a value"),
        ("[]", "f:1: invalid type: sequence, expected a map"),
    ] {
        assert_eq!(refused(text), what);
    }
}

proptest! {
    #[test]
    fn any_settings_stay_what_they_are_beside_ours(
        top in prop::collection::btree_map("[a-c]", "[a-c\"{}]{0,3}", 0..3),
        events in prop::option::of(prop::collection::btree_map("PreToolUse|Stop", prop::collection::vec("[ab]", 0..3), 0..3)),
        pretty: bool,
    ) {
        let mut value = serde_json::json!(top);
        if let Some(events) = events {
            value["hooks"] = serde_json::json!(events);
        }
        let text = if pretty { format!("{value:#}\n") } else { value.to_string() };
        let after = added(&text, Tool::Claude);
        prop_assert!(is_in(after.as_bytes(), Tool::Claude, SOURCE).unwrap());
        let mut found: Value = serde_json::from_str(&after).unwrap();
        let list = found["hooks"]["PreToolUse"].as_array_mut().unwrap();
        prop_assert_eq!(&list.pop().unwrap()["hooks"][0]["type"], "command");
        let rest: Value = serde_json::from_str(&removed(&after, Tool::Claude)).unwrap();
        prop_assert_eq!(without_empty(rest), without_empty(value));
    }
}

/// The settings without lists and objects of hooks that hold nothing.
fn without_empty(mut value: Value) -> Value {
    if let Some(hooks) = value["hooks"].as_object_mut() {
        hooks.retain(|_, list| list.as_array().is_some_and(|list| !list.is_empty()));
    }
    if value["hooks"].as_object().is_none_or(serde_json::Map::is_empty) {
        value.as_object_mut().unwrap().remove("hooks");
    }
    value
}
