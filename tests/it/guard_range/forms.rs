//! Forms for CI: workflow commands of GitHub, and SARIF.

use serde_json::Value;

use super::{judge, slip};
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::project;
use crate::scene::Scene;

fn sarif(checkout: &Checkout, arguments: &[&str], status: i32) -> Value {
    let output =
        checkout.kitty([&["guard", "--format", "sarif"], arguments].concat()).exits(status);
    let log: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_sound(&log);
    log
}

/// What the schema of SARIF 2.1.0 and code scanning ask of what we write.
fn assert_sound(log: &Value) {
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(log["$schema"], "https://json.schemastore.org/sarif-2.1.0.json");
    let [run] = log["runs"].as_array().unwrap().as_slice() else { panic!("one run: {log}") };
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "git-kitty");
    let rules = driver["rules"].as_array().unwrap();
    let invocation = &run["invocations"][0];
    assert!(invocation["executionSuccessful"].is_boolean());
    for note in invocation["toolExecutionNotifications"].as_array().unwrap() {
        assert!(note["message"]["text"].is_string() && note["descriptor"]["id"].is_string());
    }
    for rule in rules {
        assert!(!rule["shortDescription"]["text"].as_str().unwrap().is_empty());
        let same = rules.iter().filter(|other| other["id"] == rule["id"]).count();
        assert_eq!(same, 1, "{rule}");
    }
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"], "{result}");
        assert!(["error", "warning"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let physical = &result["locations"][0]["physicalLocation"];
        let uri = physical["artifactLocation"]["uri"].as_str().unwrap();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
        assert!(!uri.is_empty() && !uri.starts_with('/') && uri.chars().all(plain), "{uri}");
        assert_eq!(physical["region"]["startLine"], 1);
        let prints = result["partialFingerprints"].as_object().unwrap();
        assert!(!prints.is_empty() && prints.values().all(Value::is_string));
    }
}

fn results(log: &Value) -> Vec<[String; 4]> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let each = |result: &Value| {
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        let commit = &result["properties"]["commit"];
        [&result["ruleId"], &result["level"], place, commit].map(text)
    };
    log["runs"][0]["results"].as_array().unwrap().iter().map(each).collect()
}

const ODD: &str = "50%,ü:b\n.txt";

#[test]
fn workflow_commands_name_file_code_and_commit() {
    let scene = Scene::new(Topology::Coordination);
    let commit = slip(&scene.lane, &[("src/a/one.rs", "1\n"), (ODD, "x\n")], "100%\n\nbody");
    let output = judge(&scene.lane, "main..HEAD", &["--format", "github"]).exits(1);
    assert_eq!(output.stderr, "");
    let lines: Vec<&str> = output.stdout.lines().collect();
    let short = &commit[..10];
    assert_eq!(lines.len(), 2, "{output}");
    assert!(
        lines[0].starts_with(
            "::error file=50%25%2Cü%3Ab%0A.txt,title=ACTIVE_WP_SCOPE_VIOLATION::`50%25,ü:b\\n.txt` is not"
        ),
        "{output}"
    );
    assert!(
        lines[1].starts_with(
            "::error file=src/a/one.rs,title=ACTIVE_WP_SCOPE_VIOLATION::`src/a/one.rs` is not"
        ),
        "{output}"
    );
    let said = format!(
        " (owned by WP01, lane-a, in_progress), in commit {short}: 100%25%0Amake the commit anew"
    );
    assert!(lines[1].contains(&said), "{output}");
    assert!(lines[1].contains(&format!("`git rebase --interactive {short}~`")), "{output}");
}

#[test]
fn sarif_has_rules_results_and_encoded_places() {
    let scene = Scene::new(Topology::Coordination);
    let commit = slip(&scene.lane, &[("src/a/one.rs", "1\n"), (ODD, "x\n")], "foreign");
    let log = sarif(&scene.lane, &["--range", "main..HEAD"], 1);
    let expected =
        |uri: &str| ["ACTIVE_WP_SCOPE_VIOLATION", "error", uri, &commit].map(str::to_owned);
    assert_eq!(results(&log), [expected("50%25%2C%C3%BC%3Ab%0A.txt"), expected("src/a/one.rs")]);
    let message = log["runs"][0]["results"][1]["message"]["text"].as_str().unwrap();
    assert!(message.contains(&format!("`git rebase --interactive {}~`", &commit[..10])));
    let print = |log: &Value| log["runs"][0]["results"][0]["partialFingerprints"].clone();
    let first = print(&log);
    scene.lane.unhooked(["commit", "-q", "--amend", "-m", "again"]).run().exits(0);
    let log = sarif(&scene.lane, &["--range", "main..HEAD"], 1);
    assert_eq!(print(&log), first, "the same fault, made anew");
    assert_ne!(log["runs"][0]["results"][1]["partialFingerprints"], first);
}

#[test]
fn what_is_about_no_path_is_shown_where_it_can_be_mended() {
    let scene = Scene::new(Topology::Coordination);
    let commit = slip(&scene.repo, &[("x", "x\n")], "to main");
    let log = sarif(&scene.repo, &["--range", "main~..main"], 1);
    let expected = ["PROTECTED_BRANCH_REFUSED", "error", ".kittify/config.yaml", &commit];
    assert_eq!(results(&log), [expected.map(str::to_owned)]);
    let output = judge(&scene.repo, "main~..main", &["--format", "github"]).exits(1);
    assert!(output.stdout.starts_with("::error title=PROTECTED_BRANCH_REFUSED::"), "{output}");
}

#[test]
fn warnings_are_told_as_such() {
    let scene = Scene::new(Topology::Coordination);
    project::set_up(&scene.repo, "policy:\n  commit_guard:\n    mode: warn\n    unheard: of\n");
    slip(&scene.lane, &[("new.txt", "n\n")], "foreign");
    let output = judge(&scene.lane, "main..HEAD", &["--format", "github"]).exits(0);
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert!(
        lines[0].starts_with("::warning file=new.txt,title=ACTIVE_WP_SCOPE_VIOLATION::"),
        "{output}"
    );
    assert!(lines[1..].iter().all(|line| line.starts_with("::warning title=")), "{output}");
    let log = sarif(&scene.lane, &["--range", "main..HEAD"], 0);
    assert_eq!(results(&log)[0][1], "warning");
    let notes = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(notes.as_array().unwrap().len(), lines.len() - 1);
}

#[test]
fn staged_changes_and_paths_have_these_forms_too() {
    let scene = Scene::new(Topology::Coordination);
    scene.lane.stage(&[("new.txt", "n\n")]);
    for subject in [&["--staged"][..], &[], &["--paths", "new.txt"]] {
        let log = sarif(&scene.lane, subject, 1);
        let expected = ["ACTIVE_WP_SCOPE_VIOLATION", "error", "new.txt", "-"].map(str::to_owned);
        assert_eq!(results(&log), [expected]);
        let words = [&["guard", "--format=github"], subject].concat();
        let output = scene.lane.kitty(words).exits(1);
        assert!(output.stdout.starts_with("::error file=new.txt,title="), "{output}");
        assert!(
            output.stdout.contains("%0Aleave the path out of the commit: `git restore"),
            "{output}"
        );
    }
    let empty = sarif(&scene.lane, &["--paths", "src/b/two.rs"], 0);
    assert!(results(&empty).is_empty(), "{empty}");
}

#[test]
fn a_call_that_comes_to_no_answer_says_so_in_the_same_form() {
    let scene = Scene::new(Topology::Coordination);
    let log = sarif(&scene.repo, &["--range", "nowhere..HEAD"], 2);
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let note = &invocation["toolExecutionNotifications"][0];
    assert_eq!(note["descriptor"]["id"], "RANGE_COMMIT_MISSING");
    assert_eq!(note["level"], "error");
    let output = judge(&scene.repo, "nowhere..HEAD", &["--format", "github"]).exits(2);
    let said = "::error title=RANGE_COMMIT_MISSING::`nowhere` is no commit here%0Afetch it";
    assert!(output.stdout.starts_with(said), "{output}");
    assert_eq!(output.stderr, "");
    let output = scene.repo.kitty(["guard", "--format", "github", "--nonsense"]).exits(2);
    assert!(output.stdout.starts_with("::error title=USAGE::"), "{output}");
}

#[test]
fn other_commands_know_no_such_forms() {
    let scene = Scene::new(Topology::Coordination);
    for command in ["status", "why", "install"] {
        for form in ["github", "sarif", "xml"] {
            let output = scene.repo.kitty([command, "--format", form]).exits(2);
            assert_eq!(output.stdout, "");
            assert!(output.stderr.contains("[USAGE]"), "{output}");
            assert!(output.stderr.contains(form) && !output.stderr.contains("xml, "), "{output}");
        }
    }
    let output = scene.repo.kitty(["status", "-h"]).exits(0);
    assert!(!output.stdout.contains("sarif"), "{output}");
    let output = scene.repo.kitty(["guard", "-h"]).exits(0);
    assert!(output.stdout.contains("github,") && output.stdout.contains("sarif]"), "{output}");
}
