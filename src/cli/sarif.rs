//! Logs in the Static Analysis Results Interchange Format (OASIS SARIF 2.1.0).

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::policy::GuardCode;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Of what a relative URI is relative to, by the name that code scanning knows.
const TOP: &str = "%SRCROOT%";

/// One result.
#[derive(Debug)]
pub(super) struct Finding {
    /// What kind it is.
    pub(super) code: GuardCode,
    /// `error` or `warning`.
    pub(super) level: &'static str,
    /// What was found, and what to do.
    pub(super) message: String,
    /// The path that it is about, in the bytes that git has.
    pub(super) path: Vec<u8>,
    /// The branch that it was judged for.
    pub(super) branch: Option<String>,
    /// The commit, if it is one that was judged.
    pub(super) commit: Option<String>,
    /// What is the same for the same fault in another run, whatever became of the commit.
    pub(super) fingerprint: String,
}

/// A log of these findings; `notes` are codes and texts that are no findings.
pub(super) fn log(findings: &[Finding], notes: &[(&str, &str)]) -> Value {
    let notes = notes.iter().map(|(code, text)| notification(code, text, "warning")).collect();
    whole(findings.iter().map(result).collect(), notes, true)
}

/// The log of a run that came to no answer.
pub(super) fn failed(code: &str, text: &str) -> Value {
    whole(Vec::new(), vec![notification(code, text, "error")], false)
}

fn whole(results: Vec<Value>, notifications: Vec<Value>, succeeded: bool) -> Value {
    let rules: Vec<Value> = GuardCode::ALL.into_iter().map(rule).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "git-kitty",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "invocations": [{
                "executionSuccessful": succeeded,
                "toolExecutionNotifications": notifications,
            }],
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    })
}

fn rule(code: GuardCode) -> Value {
    json!({"id": code.as_str(), "shortDescription": {"text": code.meaning()}})
}

fn notification(code: &str, text: &str, level: &str) -> Value {
    json!({"descriptor": {"id": code}, "level": level, "message": {"text": text}})
}

fn result(finding: &Finding) -> Value {
    let logical = finding.branch.iter().map(|name| json!({"name": name, "kind": "branch"}));
    let logical: Vec<Value> = logical.collect();
    json!({
        "ruleId": finding.code.as_str(),
        "ruleIndex": GuardCode::ALL.iter().position(|code| *code == finding.code),
        "level": finding.level,
        "message": {"text": finding.message},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": uri(&finding.path), "uriBaseId": TOP},
                "region": {"startLine": 1},
            },
            "logicalLocations": logical,
        }],
        "partialFingerprints": {"gitKitty/v1": finding.fingerprint},
        "properties": {"commit": finding.commit},
    })
}

/// A path as a relative reference (RFC 3986): every byte that is not plain is percent-encoded.
fn uri(path: &[u8]) -> String {
    let mut text = String::new();
    for byte in path {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(byte) {
            text.push(char::from(*byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_encoded_byte_by_byte() {
        assert_eq!(
            uri("src/é b/[id]:1?#%.rs".as_bytes()),
            "src/%C3%A9%20b/%5Bid%5D%3A1%3F%23%25.rs"
        );
        assert_eq!(uri(b"d\xff\n"), "d%FF%0A");
    }
}
