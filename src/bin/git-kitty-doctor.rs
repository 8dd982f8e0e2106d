//! The command `git kitty doctor`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::doctor::main()
}
