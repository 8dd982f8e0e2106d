//! The command `git kitty guard`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::guard::main()
}
