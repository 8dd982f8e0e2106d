//! The command `git kitty merge-driver`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::merge_driver::main()
}
