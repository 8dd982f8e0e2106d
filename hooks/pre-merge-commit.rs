//! Git's `pre-merge-commit` hook.

fn main() -> std::process::ExitCode {
    git_kitty::hook::pre_merge_commit::main()
}
