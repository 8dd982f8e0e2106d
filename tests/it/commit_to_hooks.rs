//! The hooks of `git kitty commit`, its message, and its signature.

use crate::commit_to::{changed, code, commit, status};
use crate::kit::checkout::Checkout;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};

const BEFORE: [&str; 3] = ["pre-commit", "prepare-commit-msg", "commit-msg"];

/// A repository on the branch `work` that nobody has set up, with these hooks.
fn desk(hooks: &[(&str, &str)]) -> Checkout {
    let repo = RepoBuilder::default().depths().build(&Sandbox::new(), "repo");
    repo.must(["switch", "-q", "-c", "work"]);
    hooks.iter().for_each(|(name, script)| hook(&repo, name, script));
    repo
}

fn hook(repo: &Checkout, name: &str, script: &str) {
    let path = format!(".git/hooks/{name}");
    repo.write(&path, format!("#!/bin/sh\n{script}\n"));
    repo.set_executable(&path, true);
}

/// What a hook notes of how it was called.
const NOTE: &str = "echo \"$(basename $0) $# $(basename \"$PWD\") $(basename \"$GIT_INDEX_FILE\") \
                    $(git diff --cached --name-only | tr '\\n' ' ')\" >> .git/notes; echo \"said by $(basename $0)\"";

#[test]
fn they_run_in_order_on_the_index_of_the_commit() {
    for is_set_up in [false, true] {
        let repo = desk(&[]);
        for name in BEFORE.iter().chain(&["post-commit"]) {
            hook(&repo, name, NOTE);
        }
        if is_set_up {
            repo.kitty(["init"]).exits(0);
        }
        repo.stage(&[("a", "staged\n")]);
        repo.write("d/x", "1\n");
        let output = commit(&repo.below("d"), &["x"]).exits(0);
        let notes = repo.read(".git/notes");
        assert_eq!(
            notes,
            "pre-commit 0 repo index.private d/x \nprepare-commit-msg 2 repo index.private d/x \n\
             commit-msg 1 repo index.private d/x \npost-commit 0 repo index a \n"
        );
        let said = "said by pre-commit\nsaid by prepare-commit-msg\nsaid by commit-msg\nsaid by post-commit\n";
        assert_eq!(output.stderr, said);
        assert_eq!((changed(&repo).as_str(), status(&repo).as_str()), ("M\td/x", "M  a"));
        // In JSON standard error is for warnings alone.
        repo.write("d/x", "2\n");
        let json =
            repo.kitty(["commit", "--to-branch", "work", "-m", "m", "--format", "json", "d"]);
        assert_eq!(json.exits(0).stderr, "");
    }
}

#[test]
fn each_may_refuse_as_often_as_it_likes() {
    let repo = desk(&[]);
    repo.stage(&[("a", "staged\n"), ("d/y", "staged\n")]);
    repo.write("a", "changed\n");
    repo.write("d/y", "changed\n");
    repo.write("marked", "m\n");
    repo.must(["add", "-N", "marked"]);
    repo.write("d/n", "m\n");
    for name in BEFORE.iter().chain(&["reference-transaction"]) {
        hook(&repo, name, "echo no way >&2; exit 1");
        let before = state(&repo);
        for _ in 0..25 {
            let output = commit(&repo, &["a", "d", "marked"]);
            assert_eq!(code(&output), (1, "SAFE_COMMIT_GENERIC"), "{output}");
            let sentence = format!("error: the `{name}` hook refused the commit: no way");
            assert!(output.stderr.starts_with(&sentence), "{output}");
        }
        assert_unchanged(&before, &state(&repo));
        std::fs::remove_file(repo.file(format!(".git/hooks/{name}"))).unwrap();
    }
    commit(&repo, &["a", "d", "marked"]).exits(0);
    assert_eq!(status(&repo), "");
}

#[test]
fn what_a_formatter_stages_at_the_paths_is_committed_and_stays_no_difference() {
    let repo = desk(&[("pre-commit", "echo formatted > d/x; git add d/x")]);
    repo.stage(&[("d/x", "staged\n")]);
    repo.write("d/x", "mine\n");
    commit(&repo, &["d/x"]).exits(0);
    assert_eq!(
        (repo.ask(["show", "HEAD:d/x"]).as_str(), status(&repo).as_str()),
        ("formatted", "")
    );
    // One that only writes leaves a change, as with git itself.
    hook(&repo, "pre-commit", "echo again > d/x");
    repo.write("d/x", "mine\n");
    commit(&repo, &["d/x"]).exits(0);
    assert_eq!(
        (repo.ask(["show", "HEAD:d/x"]).as_str(), status(&repo).as_str()),
        ("mine", " M d/x")
    );
    // And one that takes everything back leaves nothing.
    hook(&repo, "pre-commit", "git reset -q -- .");
    assert_eq!(code(&commit(&repo, &["d"])), (1, "SAFE_COMMIT_EMPTY_CHANGESET"));
}

#[test]
fn a_hook_that_stages_more_stops_it() {
    let repo = desk(&[("pre-commit", "git add -A")]);
    repo.write("a", "mine\n");
    repo.write("d/x", "1\n");
    let before = state(&repo);
    let output = commit(&repo, &["d"]);
    assert_eq!(code(&output), (1, "SAFE_COMMIT_BACKSTOP"), "{output}");
    assert!(output.stderr.contains("would also change `a`, which was not named"), "{output}");
    assert_unchanged(&before, &state(&repo));
    commit(&repo, &["d", "a"]).exits(0);
}

#[test]
fn what_a_hook_stages_is_judged() {
    let repo = desk(&[("pre-commit", "echo more > d/other; git add d/other")]);
    repo.kitty(["scope", "add", "d/x"]).exits(0);
    repo.write("d/x", "1\n");
    let output = commit(&repo, &["d"]);
    assert_eq!(code(&output), (1, "SAFE_COMMIT_PATH_POLICY"), "{output}");
    assert_eq!(repo.ask(["log", "--format=%s", "-1"]), "Begin");
}

#[test]
fn the_message_is_what_hooks_and_settings_make_of_it() {
    let script = "printf '\\n\\n\\nTrailer: yes  \\n\\n# kept\\n' >> \"$1\"";
    let repo = desk(&[("prepare-commit-msg", "test \"$2\" = message"), ("commit-msg", script)]);
    let message = || repo.ask(["log", "-1", "--format=%B"]);
    repo.write("a", "1\n");
    commit(&repo, &["a"]).exits(0);
    assert_eq!(message(), "Take it\n\nTrailer: yes\n\n# kept\n");
    for (cleanup, expected) in [
        ("strip", "Take it\n\nTrailer: yes\n"),
        ("verbatim", "Take it\n\n\nTrailer: yes  \n\n# kept\n"),
    ] {
        repo.write("a", cleanup);
        repo.ask(["config", "commit.cleanup", cleanup]);
        commit(&repo, &["a"]).exits(0);
        assert!(message().starts_with(expected.lines().next().unwrap()), "{cleanup}");
        assert_eq!(message().contains("# kept"), cleanup == "verbatim");
    }
    hook(&repo, "commit-msg", ": > \"$1\"");
    repo.write("a", "2\n");
    let before = state(&repo);
    assert!(commit(&repo, &["a"]).stderr.contains("the message is empty"));
    assert_unchanged(&before, &state(&repo));
}

#[test]
fn hooks_see_the_caller_s_environment_and_settings() {
    let repo = desk(&[(
        "pre-commit",
        "echo \"${LC_ALL-none} ${GIT_DIR-none} $GIT_EDITOR $(git config my.key)\" > .git/seen; \
         git config color.ui > .git/color; true",
    )]);
    repo.write("a", "1\n");
    let words = ["-c", "my.key=mine", "kitty", "commit", "--to-branch", "work", "-m", "m", "a"];
    repo.call(words).env("LC_ALL", "C.UTF-8").run().exits(0);
    assert_eq!(
        (repo.read(".git/seen").as_str(), repo.read(".git/color").as_str()),
        ("C.UTF-8 none : mine\n", "")
    );
}

#[test]
fn a_hook_that_leaves_the_branch_stops_it() {
    for script in [
        "git checkout -q -b away",
        "git update-ref refs/heads/work HEAD~0^{commit}; git commit -q --allow-empty -m other --no-verify",
    ] {
        let repo = desk(&[(
            "prepare-commit-msg",
            &format!("rm -f .git/hooks/prepare-commit-msg; unset GIT_INDEX_FILE; {script}"),
        )]);
        repo.write("a", "1\n");
        let index = repo.ask(["ls-files", "-s"]);
        let output = commit(&repo, &["a"]);
        assert_ne!(output.status, 0, "{output}");
        assert_eq!((repo.ask(["ls-files", "-s"]), status(&repo)), (index, " M a".to_owned()));
    }
}

#[test]
fn it_signs_if_that_is_asked_for() {
    let repo = desk(&[]);
    let gpg = "#!/bin/sh\nif [ -e \"$HOME/broken\" ]; then echo no key >&2; exit 1; fi\n\
               cat > \"$HOME/signed\"\necho '[GNUPG:] SIG_CREATED ' >&2\n\
               printf -- '-----BEGIN PGP SIGNATURE-----\\nx\\n-----END PGP SIGNATURE-----\\n'\n";
    repo.write("../home/gpg", gpg);
    repo.set_executable("../home/gpg", true);
    repo.ask(["config", "gpg.program", &repo.file("../home/gpg").display().to_string()]);
    repo.ask(["config", "commit.gpgSign", "true"]);
    repo.write("a", "1\n");
    commit(&repo, &["a"]).exits(0);
    assert!(
        repo.ask(["cat-file", "commit", "HEAD"]).contains("gpgsig -----BEGIN PGP SIGNATURE-----")
    );
    repo.write("../home/broken", "");
    repo.write("a", "2\n");
    repo.stage(&[("b.txt", "staged\n")]);
    let before = state(&repo);
    let output = commit(&repo, &["a"]);
    assert_eq!(code(&output), (1, "COMMIT_SIGNING_FAILED"), "{output}");
    assert_unchanged(&before, &state(&repo));
}

#[test]
fn author_and_time_zone_are_as_git_says() {
    let repo = desk(&[]);
    repo.write("a", "1\n");
    let call = repo.call(["kitty", "commit", "--to-branch", "work", "-m", "m", "a"]);
    let call =
        call.env("GIT_AUTHOR_NAME", "Grace").env("GIT_AUTHOR_DATE", "2020-02-03T04:05:06+0530");
    call.run().exits(0);
    let said = repo.ask(["log", "-1", "--format=%an %ad %cn", "--date=iso"]);
    assert_eq!(said, "Grace 2020-02-03 04:05:06 +0530 Carl");
}

#[test]
fn a_hook_after_the_commit_is_told_of_and_changes_nothing() {
    let repo =
        desk(&[("post-commit", "git log -1 --format=%s; printf 'a\\tb\\033[31m\\n'; exit 3")]);
    repo.write("a", "1\n");
    let output = commit(&repo, &["a"]).exits(0);
    assert_eq!(
        output.stderr,
        "Take it\na\tb\\u{1b}[31m\nwarning: the commit is made, but its `post-commit` hook failed [POST_COMMIT_HOOK_FAILED]\n"
    );
}

#[test]
fn an_index_that_cannot_follow_is_told_with_the_way_out() {
    let script = "if [ \"$1\" = committed ]; then rm -f .git/index.copy; fi";
    let repo = desk(&[("reference-transaction", script)]);
    repo.stage(&[("b.txt", "staged\n")]);
    repo.write("a", "1\n");
    let output = commit(&repo, &["a"]);
    assert_eq!(code(&output), (1, "SAFE_COMMIT_RECOVERY_FAILED"), "{output}");
    assert!(output.stderr.ends_with("`git reset -q -- 'a'`\n"), "{output}");
    assert_eq!((changed(&repo).as_str(), status(&repo).as_str()), ("M\ta", "MM a\nM  b.txt"));
    // Either way works.
    let copy = repo.sandbox().root().join("repo2");
    let copied = repo.program("cp").args(["-a", "."]).args([&copy]).run();
    copied.exits(0);
    repo.must(["reset", "-q", "--", "a"]);
    assert_eq!(status(&repo), "M  b.txt");
    let copy = Checkout::at(repo.sandbox(), copy);
    std::fs::remove_file(copy.file(".git/hooks/reference-transaction")).unwrap();
    assert_eq!(code(&commit(&copy, &["a"])), (1, "SAFE_COMMIT_EMPTY_CHANGESET"));
    assert_eq!(status(&copy), "M  b.txt");
}

#[test]
fn an_interrupt_in_a_hook_leaves_no_lock() {
    let repo = desk(&[("pre-commit", "kill -INT $(cut -d' ' -f4 /proc/$PPID/stat); exit 0")]);
    repo.stage(&[("b.txt", "staged\n")]);
    repo.write("a", "1\n");
    let before = state(&repo);
    let output = commit(&repo, &["a"]);
    assert_eq!((output.status, output.stdout.as_str()), (128 + 2, ""), "{output}");
    assert_unchanged(&before, &state(&repo));
}

#[test]
fn within_a_hook_of_git_it_waits_for_its_turn() {
    let script = "git kitty commit --to-branch work -m inner -- a && exit 0; exit 9";
    let repo = desk(&[("pre-commit", script)]);
    repo.write("a", "1\n");
    repo.write("b.txt", "1\n");
    let before = state(&repo);
    for words in [&["commit", "-qam", "outer"][..], &["commit", "-qm", "outer", "b.txt"]] {
        let output = repo.git(words);
        assert_eq!(code(&output), (1, "FILE_LOCKED"), "{output}");
        assert_unchanged(&before, &state(&repo));
    }
}

#[test]
fn a_policy_that_only_warns_lets_pass_with_a_word_and_an_override_on_record() {
    let repo = desk(&[]);
    repo.kitty(["init"]).exits(0);
    repo.must(["switch", "-q", "main"]);
    repo.write("a", "1\n");
    let to_main = || repo.kitty(["commit", "--to-branch", "main", "-m", "m", "a"]);
    assert_eq!(code(&to_main()), (1, "SAFE_COMMIT_PROTECTED_BRANCH"));
    repo.kitty(["override", "--ref", "main", "--reason", "now", "--for", "1m"]).exits(0);
    to_main().exits(0);
    assert!(repo.read(".git/policy-audit.jsonl").contains("override.used"));
    repo.must(["switch", "-q", "work"]);
    repo.write(".kittify/config.yaml", "policy:\n  commit_guard:\n    mode: warn\n");
    repo.commit_to(
        "main",
        "main",
        "warn",
        &[(".kittify/config.yaml".to_owned(), repo.read(".kittify/config.yaml"))],
    );
    repo.kitty(["scope", "add", "d"]).exits(0);
    repo.write("b.txt", "1\n");
    let output = commit(&repo, &["b.txt"]).exits(0);
    assert!(output.stderr.contains("[SCOPE_VIOLATION]"), "{output}");
    assert!(!repo.read(".git/policy-audit.jsonl").contains("guard.bypassed"));
}
