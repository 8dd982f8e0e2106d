//! The command `git kitty install`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::install::main()
}
