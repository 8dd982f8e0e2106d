//! The second half of the README, run as it stands there: a mission from its plan to its landing.

use crate::kit::sandbox::Sandbox;

const README: &str = include_str!("../../README.md");

/// A command of the README, with what is said to come of it.
#[derive(Debug, Default)]
struct Command {
    text: String,
    is_refused: bool,
    /// Lines that its output has, each up to where the page leaves something out.
    said: Vec<String>,
}

/// The commands of a section, in order.
fn commands(heading: &str) -> Vec<Command> {
    let (_, section) = README.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("```console\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap().lines());
    let mut commands: Vec<Command> = Vec::new();
    for line in lines {
        match line.strip_prefix("$ ") {
            Some(text) => {
                let is_refused = text.ends_with("# refused");
                commands.push(Command { text: text.to_owned(), is_refused, said: Vec::new() });
            }
            None => {
                let line = line.split('…').next().unwrap().to_owned();
                commands.last_mut().unwrap().said.push(line);
            }
        }
    }
    commands
}

/// One shell for all of them: each is announced by a line, and its status follows.
fn script(commands: &[Command]) -> String {
    let step = |command: &Command| format!("{}\necho \"smoke: $?\"\n", command.text);
    commands.iter().map(step).collect()
}

#[test]
fn the_mission_of_the_readme_runs_from_plan_to_landing() {
    let sandbox = Sandbox::new();
    let begin = "git init -q -b main repo && cd repo && mkdir -p src/cart src/pay && echo 'fn add() {}' >src/cart/add.rs \
                 && echo 'fn pay() {}' >src/pay/pay.rs && git add . && git commit -qm Start \
                 && git kitty init -q";
    sandbox.run(".", "sh", ["-c", begin]).exits(0);
    let commands = commands("Run a mission");
    assert!(commands.len() > 20, "{commands:#?}");
    let said = sandbox.run("repo", "sh", ["-c", &format!("exec 2>&1\n{}", script(&commands))]);
    let mut rest = said.stdout.as_str();
    for command in &commands {
        let (own, after) =
            rest.split_once("smoke: ").unwrap_or_else(|| panic!("{command:?}: {said}"));
        let (status, after) = after.split_once('\n').unwrap();
        assert_eq!(status != "0", command.is_refused, "{}: {own}", command.text);
        for line in &command.said {
            assert!(own.lines().any(|one| one.starts_with(line)), "{}: {own}", command.text);
        }
        rest = after;
    }
    let left =
        sandbox.run("repo", "sh", ["-c", "git status --porcelain; git worktree list | wc -l"]);
    assert_eq!(left.stdout.trim(), "1", "no file is left over, and one worktree: {left}");
    let branches =
        sandbox.run("repo", "git", ["for-each-ref", "--format=%(refname)", "refs/heads"]);
    assert_eq!(branches.stdout, "refs/heads/main\n");
    let tree = sandbox.run("repo", "git", ["ls-tree", "-r", "--name-only", "main", "src"]);
    let expected = ["src/cart/add.rs", "src/cart/total.rs", "src/pay/pay.rs", "src/pay/refund.rs"];
    assert_eq!(tree.stdout.lines().collect::<Vec<_>>(), expected);
}
