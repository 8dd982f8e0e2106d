//! The command `git kitty review`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::review::main()
}
