//! Git's `pre-push` hook.

fn main() -> std::process::ExitCode {
    git_kitty::hook::pre_push::main()
}
