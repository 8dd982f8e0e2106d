//! The command `git kitty undo`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::undo::main()
}
