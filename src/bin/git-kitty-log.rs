//! The command `git kitty log`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::log::main()
}
