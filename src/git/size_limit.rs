//! Limits on the size of files (`ulimit -f`, setrlimit(2)).

/// From now on a write past the limit fails in this process, as one to a full disk does. Without
/// this the system ends the process at that write, with what it was about to write half done.
/// Programs that this process starts are not affected.
pub fn fail_past_size_limit() {
    #[cfg(unix)]
    {
        // Should it not be possible, such a write remains what a kill is: recovered from.
        let signal = rustix::process::Signal::XFSZ.as_raw();
        let _ = signal_hook::flag::register(signal, std::sync::Arc::default());
    }
}
