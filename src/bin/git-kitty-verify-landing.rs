//! The command `git kitty verify-landing`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::verify_landing::main()
}
