//! Signals that would end this process, put off while it holds what it would leave behind.

/// While it lives, an interrupt waits; dropped, it has its effect.
pub(super) struct PutOff {
    #[cfg(unix)]
    caught: std::sync::Arc<std::sync::atomic::AtomicUsize>,
    #[cfg(unix)]
    is_over: std::sync::Arc<std::sync::atomic::AtomicBool>,
}

#[cfg(unix)]
mod unix {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag::{register_conditional_default, register_usize};
    use signal_hook::low_level::emulate_default_handler;

    use super::PutOff;

    const SIGNALS: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];

    impl PutOff {
        /// From now on. (A process that is started meanwhile is not concerned.)
        ///
        /// # Errors
        /// If the system does not allow it.
        pub(in crate::git) fn begin() -> io::Result<Self> {
            let (caught, is_over) =
                (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
            for signal in SIGNALS {
                register_conditional_default(signal, Arc::clone(&is_over))?;
                let number = usize::try_from(signal).unwrap_or_default();
                register_usize(signal, Arc::clone(&caught), number)?;
            }
            Ok(Self { caught, is_over })
        }

        /// Whether one waits.
        pub(in crate::git) fn is_waiting(&self) -> bool {
            self.caught.load(Ordering::SeqCst) != 0
        }
    }

    impl Drop for PutOff {
        fn drop(&mut self) {
            self.is_over.store(true, Ordering::SeqCst);
            if self.is_waiting() {
                let signal = i32::try_from(self.caught.load(Ordering::SeqCst)).unwrap_or(SIGTERM);
                let _ = emulate_default_handler(signal);
            }
        }
    }
}

#[cfg(not(unix))]
impl PutOff {
    /// Nothing is put off here.
    pub(in crate::git) fn begin() -> std::io::Result<Self> {
        Ok(Self {})
    }

    /// Whether one waits.
    pub(in crate::git) fn is_waiting(&self) -> bool {
        false
    }
}
