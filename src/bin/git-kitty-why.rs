//! The command `git kitty why`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::why::main()
}
