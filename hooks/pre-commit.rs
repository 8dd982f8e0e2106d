//! Git's `pre-commit` hook.

fn main() -> std::process::ExitCode {
    git_kitty::hook::pre_commit::main()
}
