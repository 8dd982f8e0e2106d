//! The command `git kitty forecast`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::forecast::main()
}
