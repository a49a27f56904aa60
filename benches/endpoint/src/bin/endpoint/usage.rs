//! The CPU time and the memory of processes, from `/proc`.

use std::{fs, io};

use anyhow::{Context, Result};

/// The clock ticks per second in `/proc` (`USER_HZ`), which are the same on all
/// architectures that this program supports.
const TICKS: f64 = 100.0;

/// The fields of `/proc/PID/stat` that this program reads.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Stat {
    state: char,
    parent: u32,
    /// The CPU time of the process, in ticks.
    own: u64,
    /// The CPU time of its children that have ended, in ticks.
    ended_children: u64,
}

impl Stat {
    /// Parses the text of `/proc/PID/stat`, whose fields proc(5) describes.
    fn parse(text: &str) -> Option<Self> {
        // The name of the program may contain spaces and parentheses.
        let (_, fields) = text.rsplit_once(')')?;
        let fields: Vec<_> = fields.split_ascii_whitespace().collect();
        // The first of these fields is number 3.
        let field = |number: usize| fields.get(number - 3).copied();
        let ticks = |number| field(number)?.parse::<u64>().ok();
        Some(Self {
            state: field(3)?.chars().next()?,
            parent: field(4)?.parse().ok()?,
            own: ticks(14)? + ticks(15)?,
            ended_children: ticks(16)? + ticks(17)?,
        })
    }

    fn read(process: u32) -> Result<Self> {
        let path = format!("/proc/{process}/stat");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
        Self::parse(&text).with_context(|| format!("unexpected text in {path}"))
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a CPU time is far below 2^53 ticks"
)]
fn seconds(ticks: u64) -> f64 {
    ticks as f64 / TICKS
}

/// Returns true if the process has ended and nobody has waited for it.
pub(crate) fn is_ended(process: u32) -> Result<bool> {
    Ok(Stat::read(process)?.state == 'Z')
}

/// Returns the CPU time of a process.
pub(crate) fn cpu_seconds(process: u32) -> Result<f64> {
    Ok(seconds(Stat::read(process)?.own))
}

/// Returns the CPU time of the current thread, which the kernel counts in nanoseconds.
pub(crate) fn thread_cpu_seconds() -> Result<f64> {
    let path = "/proc/thread-self/schedstat";
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
    let nanoseconds = text.split_ascii_whitespace().next();
    let nanoseconds = nanoseconds.with_context(|| format!("{path} is empty"))?;
    Ok(nanoseconds.parse::<f64>()? / 1e9)
}

/// Returns the CPU time of a process and of all its children, also of those that have
/// ended.
pub(crate) fn cpu_seconds_with_children(process: u32) -> Result<f64> {
    let parent = Stat::read(process)?;
    let mut ticks = parent.own + parent.ended_children;
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(id) = name.to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // Other processes may end at any time.
        if let Ok(child) = Stat::read(id)
            && child.parent == process
        {
            ticks += child.own;
        }
    }
    Ok(seconds(ticks))
}

/// Sets the peak memory of a process to its current memory.
pub(crate) fn reset_peak(process: u32) -> Result<()> {
    let path = format!("/proc/{process}/clear_refs");
    fs::write(&path, "5").with_context(|| format!("cannot write {path}"))
}

/// Returns the peak memory of a process in bytes (`VmHWM`). `None` if it has ended.
pub(crate) fn peak_bytes(process: u32) -> Result<Option<u64>> {
    let status = match fs::read_to_string(format!("/proc/{process}/status")) {
        Ok(status) => status,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).context("cannot read the memory of a process"),
    };
    let mut lines = status.lines();
    let Some(line) = lines.find_map(|line| line.strip_prefix("VmHWM:")) else {
        return Ok(None);
    };
    let kib = line.trim().strip_suffix(" kB").context("VmHWM: no kB")?;
    Ok(Some(kib.parse::<u64>()? * 1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn program_names_may_contain_parentheses() {
        // The fields 3 to 17 as in proc(5): state, ppid, pgrp, session, tty_nr, tpgid,
        // flags, minflt, cminflt, majflt, cmajflt, utime, stime, cutime, cstime.
        let text = "42 (a (b) c) S 7 42 42 0 -1 4194304 1 2 3 4 500 60 7000 800 20 0 1 0";
        let stat = Stat {
            state: 'S',
            parent: 7,
            own: 560,
            ended_children: 7_800,
        };
        assert_eq!(Stat::parse(text), Some(stat));
        assert_eq!(Stat::parse("42 (a) S 7"), None);
    }
}
