//! Running a program for no longer than a given time.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::process::{LOCAL_VARIABLES, Program, exit_status};

/// How a bounded program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// By itself.
    Status {
        /// The exit status; 128 + n for a signal n.
        status: i32,
        /// What it said on standard error, as far as it came in time.
        said: String,
    },
    /// It had to be ended, with all that it started in its process group.
    TimedOut,
}

/// How much of standard error is kept.
const STDERR_LIMIT: u64 = 4096;
/// How long to wait for standard error after the end: something may hold it open.
const STDERR_PATIENCE: Duration = Duration::from_millis(200);

impl Program {
    /// Runs it in `directory`, in a process group of its own and without the variables that tie a
    /// child to one repository. It reads `input`, all of it or not; its output is thrown away.
    ///
    /// # Errors
    /// If it cannot be started or waited for.
    pub fn bounded(
        mut self,
        directory: &Path,
        input: Vec<u8>,
        limit: Duration,
    ) -> io::Result<Ended> {
        for name in LOCAL_VARIABLES {
            self.command.env_remove(name);
        }
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut self.command, 0);
        self.command.current_dir(directory);
        self.command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = self.command.spawn()?;
        feed(&mut child, input);
        let stderr = listen(&mut child);
        let Some(status) = wait(&mut child, limit)? else {
            end_group(&mut child)?;
            return Ok(Ended::TimedOut);
        };
        let said = stderr.recv_timeout(STDERR_PATIENCE).unwrap_or_default();
        let said = String::from_utf8_lossy(&said).trim_end().to_owned();
        Ok(Ended::Status { status: exit_status(status), said })
    }
}

/// Writes the input beside the waiting, for a program may not read it.
fn feed(child: &mut Child, input: Vec<u8>) {
    if let Some(mut pipe) = child.stdin.take() {
        thread::spawn(move || pipe.write_all(&input));
    }
}

fn listen(child: &mut Child) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    if let Some(mut pipe) = child.stderr.take() {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = pipe.by_ref().take(STDERR_LIMIT).read_to_end(&mut bytes);
            let _ = io::copy(&mut pipe, &mut io::sink().by_ref());
            sender.send(bytes)
        });
    }
    receiver
}

fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<std::process::ExitStatus>> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        let left = limit.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Ok(None);
        }
        thread::sleep(pause.min(left));
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

fn end_group(child: &mut Child) -> io::Result<()> {
    #[cfg(unix)]
    {
        let id = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(group) = id {
            // It may have ended in this moment.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
    #[cfg(not(unix))]
    child.kill()?;
    child.wait().map(drop)
}
