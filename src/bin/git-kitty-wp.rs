//! The command `git kitty wp`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::wp::main()
}
