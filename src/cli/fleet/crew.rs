//! Many profiles at once, on as many threads as there are processors.

use std::{
    io::{self, IsTerminal, Write},
    num::NonZero,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Does a piece of work for each number below `count`; the results in the order of the numbers, whoever was faster.
pub fn each<T: Send>(
    count: usize,
    jobs: Option<NonZero<usize>>,
    shown: &Shown,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let jobs = jobs.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZero::get).min(count.max(1));
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let take = || {
        let mut results = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                return results;
            }
            results.push((at, work(at)));
            shown.tell(done.fetch_add(1, Ordering::Relaxed) + 1, count);
        }
    };
    let mut all = thread::scope(|scope| {
        let others: Vec<_> = (1..jobs).map(|_| scope.spawn(take)).collect();
        let mut all = take();
        all.extend(others.into_iter().flat_map(|other| other.join().expect("a thread ends with its work")));
        all
    });
    shown.clear();
    all.sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, result)| result).collect()
}

/// How far the work is, on a terminal; nowhere else.
pub struct Shown {
    doing: &'static str,
    /// Whether anybody looks, and whether a line is to be cleared.
    line: Option<Mutex<bool>>,
}

/// Fewer are done before anybody has read a line.
const FEW: usize = 50;

impl Shown {
    pub fn new(doing: &'static str, quiet: bool) -> Self {
        let looks = !quiet && io::stderr().is_terminal();
        Shown { doing, line: looks.then(|| Mutex::new(false)) }
    }

    /// For work that is over at once.
    pub fn nothing() -> Self {
        Shown { doing: "", line: None }
    }

    fn tell(&self, done: usize, count: usize) {
        let Some(line) = self.line.as_ref().filter(|_| count >= FEW && done.is_multiple_of((count / 100).max(1)))
        else {
            return;
        };
        if let Ok(mut is_shown) = line.try_lock() {
            let _ = write!(io::stderr(), "\r\x1b[2K{} {done} of {count} profiles", self.doing);
            *is_shown = true;
        }
    }

    fn clear(&self) {
        if let Some(mut is_shown) = self.line.as_ref().and_then(|line| line.lock().ok())
            && std::mem::take(&mut *is_shown)
        {
            let _ = write!(io::stderr(), "\r\x1b[2K");
        }
    }
}
