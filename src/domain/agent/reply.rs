//! Answers, in the tools' own words.
//!
//! A refusal is said in both ways that a tool knows, as JSON and by status 2 with the reason on
//! standard error: versions differ in which of the two they heed.

use serde_json::{Value, json};

use super::Tool;
use crate::domain::refusal::Exit;

/// What a tool is to get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its standard output.
    pub output: String,
    /// Its standard error.
    pub story: String,
    /// Its exit status.
    pub exit: Exit,
}

/// No objection, with something to tell people perhaps. Claude and Codex get no word: theirs for
/// yes would skip the questions that they ask their user. Cursor wants a document.
#[must_use]
pub fn allow(tool: Tool, story: String) -> Reply {
    let output = match tool {
        Tool::Claude | Tool::Codex => String::new(),
        Tool::Cursor => "{}\n".to_owned(),
    };
    Reply { output, story, exit: Exit::Yes }
}

/// A refusal, with all that helps.
#[must_use]
pub fn deny(tool: Tool, reason: String) -> Reply {
    let output = format!("{}\n", denial(tool, reason.trim_end()));
    // 2 is the number that all of them read as no.
    Reply { output, story: reason, exit: Exit::Usage }
}

fn denial(tool: Tool, reason: &str) -> Value {
    match tool {
        Tool::Claude | Tool::Codex => json!({
            "hookSpecificOutput": {
                "hookEventName": tool.event(),
                "permissionDecision": "deny",
                "permissionDecisionReason": reason,
            }
        }),
        Tool::Cursor => {
            json!({ "permission": "deny", "user_message": reason, "agent_message": reason })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_is_refused_in_its_own_words_and_by_status() {
        for (tool, output) in [
            (
                Tool::Codex,
                r#"{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"no \"a\""}}"#,
            ),
            (
                Tool::Cursor,
                r#"{"agent_message":"no \"a\"","permission":"deny","user_message":"no \"a\""}"#,
            ),
        ] {
            let reply = deny(tool, "no \"a\"\n".to_owned());
            assert_eq!(reply.output, format!("{output}\n"));
            assert_eq!((reply.story.as_str(), reply.exit as u8), ("no \"a\"\n", 2));
        }
    }

    #[test]
    fn nobody_is_told_yes() {
        assert_eq!(allow(Tool::Claude, String::new()).output, "");
        assert_eq!(allow(Tool::Cursor, String::new()).output, "{}\n");
    }
}
