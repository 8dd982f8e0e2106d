//! What a tool says before it does something.
//!
//! The tools differ in names, and their versions do; so all names are read from all of them. What is
//! about to write files and cannot be understood is an error: it must not pass as something else.

use serde_json::{Map, Value};

use super::patch;

/// What is about to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Nothing that writes a file by name, or nothing that could still be stopped.
    Other,
    /// Files are about to be written.
    Edit(Edit),
}

/// Files that are about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Their paths as the tool has them; at least one.
    pub paths: Vec<String>,
    /// Where relative ones start, if the tool says so.
    pub directory: Option<String>,
}

/// An event that may be an edit, of which files cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unjudgeable {
    /// What is wrong with it.
    pub what: &'static str,
    /// Where the tool says that it stands.
    pub directory: Option<String>,
}

/// What edits files, without case and `_`.
const EDITORS: [&str; 14] = [
    "applypatch",
    "createfile",
    "delete",
    "deletefile",
    "edit",
    "editfile",
    "editnotebook",
    "multiedit",
    "notebookedit",
    "searchreplace",
    "strreplace",
    "tabwrite",
    "write",
    "writefile",
];

/// Keys that hold a path.
const PATHS: [&str; 6] =
    ["file_path", "filePath", "notebook_path", "path", "target_file", "target_notebook"];

/// Keys that hold a list of paths, or of objects with one.
const LISTS: [&str; 5] = ["edits", "file_paths", "files", "operations", "paths"];

/// Keys that hold a patch.
const PATCHES: [&str; 4] = ["command", "input", "patch", "patch_text"];

/// Reads an event.
///
/// # Errors
/// If it is no JSON object, or is about to edit files that it does not name.
pub fn read(bytes: &[u8]) -> Result<Event, Unjudgeable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Ok(Value::Object(event)) = serde_json::from_slice(bytes) else {
        return Err(Unjudgeable { what: "the event is no JSON object", directory: None });
    };
    let name = event.get("hook_event_name").and_then(Value::as_str);
    if name.is_some_and(|name| !name.eq_ignore_ascii_case("PreToolUse")) {
        return Ok(Event::Other);
    }
    let directory = directory(&event);
    let Some(tool) = event.get("tool_name").and_then(Value::as_str) else {
        return Err(Unjudgeable { what: "the event names no tool", directory });
    };
    if !is_editor(tool) {
        return Ok(Event::Other);
    }
    match event.get("tool_input").and_then(paths).filter(|paths| !paths.is_empty()) {
        Some(paths) => Ok(Event::Edit(Edit { paths, directory })),
        None => Err(Unjudgeable { what: "the event names no file", directory }),
    }
}

fn is_editor(tool: &str) -> bool {
    let plain: String = tool.chars().filter(|c| *c != '_').collect();
    EDITORS.contains(&plain.to_ascii_lowercase().as_str())
}

/// Where the tool stands; else the first of its folders.
fn directory(event: &Map<String, Value>) -> Option<String> {
    let first = || event.get("workspace_roots")?.get(0)?.as_str();
    let own = event.get("cwd").and_then(Value::as_str).filter(|cwd| !cwd.is_empty());
    own.or_else(first).map(str::to_owned)
}

/// All paths of an input; `None` if one is none.
fn paths(input: &Value) -> Option<Vec<String>> {
    match input {
        Value::Object(fields) => of_fields(fields),
        Value::String(text) if text.trim_start().starts_with('{') => {
            of_fields(&serde_json::from_str(text).ok()?)
        }
        Value::String(_) | Value::Array(_) => Some(of_patch(input)),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn of_fields(fields: &Map<String, Value>) -> Option<Vec<String>> {
    let mut found = named(fields)?;
    for list in LISTS.iter().filter_map(|key| fields.get(*key)?.as_array()) {
        for item in list {
            match item {
                Value::String(path) => found.push(path.clone()),
                Value::Object(fields) => found.extend(named(fields)?),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => return None,
            }
        }
    }
    found.extend(PATCHES.iter().filter_map(|key| fields.get(*key)).flat_map(of_patch));
    found.iter().all(|path| !path.is_empty() && !path.contains('\0')).then_some(found)
}

/// The paths that an object names itself.
fn named(fields: &Map<String, Value>) -> Option<Vec<String>> {
    let values = PATHS.iter().filter_map(|key| fields.get(*key)).filter(|value| !value.is_null());
    values.map(|value| value.as_str().map(str::to_owned)).collect()
}

/// The paths of a patch, which may be the words of a command.
fn of_patch(value: &Value) -> Vec<String> {
    let words = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
    let patches = words.iter().filter_map(Value::as_str).filter(|text| patch::is_patch(text));
    patches.flat_map(patch::paths).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn edit(paths: &[&str], directory: Option<&str>) -> Result<Event, Unjudgeable> {
        let paths = paths.iter().map(ToString::to_string).collect();
        Ok(Event::Edit(Edit { paths, directory: directory.map(str::to_owned) }))
    }

    fn told(tool: &str, input: Value) -> Result<Event, Unjudgeable> {
        let event = json!({"hook_event_name": "PreToolUse", "cwd": "/w", "tool_name": tool, "tool_input": input});
        read(event.to_string().as_bytes())
    }

    #[test]
    fn each_way_to_name_files_is_understood() {
        let patch = "*** Begin Patch\n*** Update File: a\n*** Move to: b\n*** End Patch\n";
        for (tool, input, paths) in [
            ("Write", json!({"file_path": "/w/a", "content": "x"}), &["/w/a"] as &[_]),
            ("NotebookEdit", json!({"notebook_path": "n.ipynb", "path": null}), &["n.ipynb"]),
            ("MultiEdit", json!({"file_path": "a", "edits": [{"old_string": "x"}]}), &["a"]),
            ("MultiEdit", json!({"edits": [{"file_path": "a"}, {"path": "b"}]}), &["a", "b"]),
            ("apply_patch", json!({"command": patch}), &["a", "b"]),
            ("apply_patch", json!({"command": ["apply_patch", patch]}), &["a", "b"]),
            ("apply_patch", json!(patch), &["a", "b"]),
            ("StrReplace", json!({"path": "a"}), &["a"]),
            ("edit_file", json!({"target_file": "a"}), &["a"]),
            ("Delete", json!("{\"path\": \"a\"}"), &["a"]),
        ] {
            assert_eq!(told(tool, input), edit(paths, Some("/w")), "{tool}");
        }
    }

    #[test]
    fn relative_paths_start_where_the_tool_says() {
        let read = |more: Value| {
            let mut event = json!({"tool_name": "Write", "tool_input": {"path": "a"}});
            event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            read(event.to_string().as_bytes())
        };
        assert_eq!(read(json!({})), edit(&["a"], None));
        let roots = json!({"workspace_roots": ["/r", "/s"], "cwd": ""});
        assert_eq!(read(roots), edit(&["a"], Some("/r")));
        assert_eq!(read(json!({"workspace_roots": ["/r"], "cwd": "/c"})), edit(&["a"], Some("/c")));
    }

    #[test]
    fn what_is_no_edit_or_no_longer_to_be_stopped_passes() {
        for tool in ["Bash", "Read", "TodoWrite", "mcp__files__write_file"] {
            assert_eq!(told(tool, json!({"file_path": "a"})), Ok(Event::Other), "{tool}");
        }
        for name in ["PostToolUse", "afterFileEdit", "SessionStart"] {
            let event = json!({"hook_event_name": name, "tool_name": "Write"});
            assert_eq!(read(event.to_string().as_bytes()), Ok(Event::Other), "{name}");
        }
    }

    #[test]
    fn what_may_be_an_edit_and_names_no_file_is_an_error() {
        for bytes in ["", "[]", "{\"tool_name\":", "\u{0}"] {
            assert_eq!(read(bytes.as_bytes()).unwrap_err().what, "the event is no JSON object");
        }
        assert_eq!(read(b"{}").unwrap_err().what, "the event names no tool");
        for input in [
            json!({}),
            json!(null),
            json!({"file_path": 7}),
            json!({"file_path": "a\0b"}),
            json!({"file_path": ""}),
            json!({"file_path": "a", "edits": [7]}),
            json!({"command": "rm -r x"}),
        ] {
            let error = told("Write", input.clone()).unwrap_err();
            assert_eq!(error.what, "the event names no file", "{input}");
            assert_eq!(error.directory.as_deref(), Some("/w"));
        }
    }
}
