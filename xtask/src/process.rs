//! Programs that xtask starts. Each gets a process group of its own, so that it can be stopped whole; whatever was
//! started is stopped when its `Process` is dropped, and when xtask is interrupted.
use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

static INTERRUPTS: AtomicUsize = AtomicUsize::new(0);
static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

fn groups() -> MutexGuard<'static, BTreeSet<i32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn signal(group: i32, signal: Signal) {
    // A group that is gone needs no signal.
    let _ = killpg(Pid::from_raw(group), signal);
}

/// The first interrupt asks everything that runs to stop, and xtask unwinds; the second stops at once.
pub fn watch_interrupts() {
    let watching = ctrlc::set_handler(|| {
        let first = INTERRUPTS.fetch_add(1, Ordering::SeqCst) == 0;
        let ask = if first { Signal::SIGINT } else { Signal::SIGKILL };
        groups().iter().for_each(|group| signal(*group, ask));
        if !first {
            std::process::exit(130);
        }
    });
    if let Err(fault) = watching {
        eprintln!("xtask: Ctrl-C will not be passed on: {fault}");
    }
}

pub fn interrupted() -> bool {
    INTERRUPTS.load(Ordering::SeqCst) > 0
}

pub struct Process {
    child: Child,
    group: i32,
    stop_with: Signal,
}

impl Process {
    pub fn start(command: &mut Command) -> Result<Process> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let group = i32::try_from(child.id()).context("a process id beyond i32")?;
        groups().insert(group);
        let process = Process {
            child,
            group,
            stop_with: Signal::SIGTERM,
        };
        if interrupted() {
            bail!("interrupted");
        }
        Ok(process)
    }

    /// PostgreSQL takes SIGINT as "end the connections and stop".
    pub fn stopping_with_interrupt(mut self) -> Process {
        self.stop_with = Signal::SIGINT;
        self
    }

    pub fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.child.wait()?;
        // What it left running goes with it.
        signal(self.group, Signal::SIGTERM);
        groups().remove(&self.group);
        Ok(status)
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)) | Err(_))
    }

    fn stop(&mut self) {
        if !self.ended() {
            signal(self.group, self.stop_with);
            let until = Instant::now() + Duration::from_secs(8);
            while !self.ended() && Instant::now() < until {
                thread::sleep(Duration::from_millis(20));
            }
            signal(self.group, Signal::SIGKILL);
            let _ = self.child.wait();
        }
        groups().remove(&self.group);
    }

    /// The lines of its standard output, which must have been piped.
    pub fn lines(&mut self) -> Lines {
        let (send, receive) = mpsc::channel();
        if let Some(output) = self.child.stdout.take() {
            thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    // Read on when nobody listens: a full pipe would stop the program.
                    let _ = send.send(line);
                }
            });
        }
        Lines(receive)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

pub struct Lines(Receiver<String>);

impl Lines {
    /// The next line, or None when the program closed its output.
    pub fn next_line(&self) -> Option<String> {
        self.0.recv().ok()
    }

    /// What stands behind `word` in the first line that starts with it.
    pub fn after(&self, word: &str, patience: Duration) -> Result<String> {
        let until = Instant::now() + patience;
        loop {
            match self.0.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => match line.strip_prefix(word).and_then(|rest| rest.strip_prefix(' ')) {
                    Some(value) => return Ok(value.trim().to_owned()),
                    None => println!("  {line}"),
                },
                Err(RecvTimeoutError::Timeout) => bail!("no line `{word} …` within {} s", patience.as_secs()),
                Err(RecvTimeoutError::Disconnected) => bail!("it ended without a line `{word} …`"),
            }
        }
    }
}

/// Runs to the end with its output shown; true when it succeeded.
pub fn succeeds(command: &mut Command) -> Result<bool> {
    let status = Process::start(command.stdin(Stdio::null()))?.wait()?;
    if interrupted() {
        bail!("interrupted");
    }
    Ok(status.success())
}

/// Runs to the end with its output shown; a failure is an error that names the command.
pub fn must(command: &mut Command) -> Result<()> {
    if succeeds(command)? {
        return Ok(());
    }
    bail!("this failed: {}", shown(command))
}

/// Runs to the end without showing anything; its standard output, or None when it failed or is not there.
pub fn quietly(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs to the end, shows its output, and shows each line of it to `see` as well.
pub fn succeeds_seen(command: &mut Command, see: impl Fn(&str) + Sync) -> Result<bool> {
    let mut process = Process::start(
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped()),
    )?;
    let (output, errors) = (process.child.stdout.take(), process.child.stderr.take());
    thread::scope(|scope| {
        if let Some(errors) = errors {
            scope.spawn(|| pass_on(errors, &mut std::io::stderr(), &see));
        }
        if let Some(output) = output {
            pass_on(output, &mut std::io::stdout(), &see);
        }
    });
    let status = process.wait()?;
    if interrupted() {
        bail!("interrupted");
    }
    Ok(status.success())
}

fn pass_on(from: impl Read, to: &mut impl Write, see: &impl Fn(&str)) {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        // Where our own output is closed there is nobody to show it to; the tests go on.
        let _ = to.write_all(&line);
        see(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
}

pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(crate::root());
    // What cargo told xtask of itself (CARGO_PKG_NAME and the like) is read by build scripts of others: with it, they and
    // all that stands on them would be built anew each time `cargo build` and `cargo xtask` take turns.
    for (name, _) in std::env::vars_os() {
        let told = name
            .to_str()
            .is_some_and(|name| ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|p| name.starts_with(p)));
        if told || name == "OUT_DIR" {
            command.env_remove(name);
        }
    }
    command
}

pub fn node() -> Command {
    let mut command = Command::new("node");
    command.current_dir(crate::root());
    command
}
