//! Git's `pre-receive` hook.

fn main() -> std::process::ExitCode {
    git_kitty::hook::pre_receive::main()
}
