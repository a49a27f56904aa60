//! Threads that run queries on connections to an SQLite database.
//!
//! A query costs one message to a thread and one message back, however many rows it has.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use crossbeam_channel::{Receiver, Sender, unbounded};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::error::DatabaseError;
use super::sqlite_file::SqliteFile;

/// The number of SQLite instructions between two checks of the time limit.
const INSTRUCTIONS: i32 = 10_000;

/// Threads with a connection each, and the queue of their jobs.
///
/// When the last clone is dropped, the threads close their connections. The connection that
/// is closed last moves the contents of the write-ahead log into the file of the database.
#[derive(Clone)]
pub(super) struct Workers {
    threads: Arc<Threads>,
}

struct Threads {
    /// `None` while the threads end.
    jobs: Option<Sender<Job>>,
    handles: Vec<JoinHandle<()>>,
    closed: Arc<AtomicBool>,
}

type Job = Box<dyn FnOnce(&mut Worker) + Send>;

struct Worker {
    file: Arc<SqliteFile>,
    /// Opened by the first job.
    connection: Option<Connection>,
    closed: Arc<AtomicBool>,
}

impl Workers {
    /// Starts threads that open a file when they are first needed.
    pub(super) fn new(file: &Arc<SqliteFile>, threads: usize) -> Result<Self> {
        let closed = Arc::new(AtomicBool::new(false));
        let (jobs, queue) = unbounded();
        let start = |_| {
            let queue = queue.clone();
            let mut worker = Worker {
                file: Arc::clone(file),
                connection: None,
                closed: Arc::clone(&closed),
            };
            let thread = thread::Builder::new().name("sqlite".to_owned());
            let thread = thread.spawn(move || worker.run(&queue));
            thread.context("cannot start a thread for the database")
        };
        let threads = Threads {
            handles: (0..threads).map(start).collect::<Result<_>>()?,
            jobs: Some(jobs),
            closed: Arc::clone(&closed),
        };
        Ok(Self {
            threads: Arc::new(threads),
        })
    }

    /// Runs a job on a connection and returns its result.
    ///
    /// A job does not run if the caller drops the future before the turn of the job.
    ///
    /// # Errors
    ///
    /// - The turn of the job comes later than after the time `wait`.
    /// - A statement of the job exceeds the time `limit`.
    /// - The file cannot be opened.
    /// - The job panics.
    /// - The workers are closed.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        wait: Duration,
        limit: Option<Duration>,
        job: impl FnOnce(&mut Connection) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        let requested = Instant::now();
        let (sender, receiver) = oneshot::channel();
        let job = Box::new(move |worker: &mut Worker| {
            if sender.is_closed() {
                return;
            }
            let result = if requested.elapsed() > wait {
                Err(DatabaseError::TimedOut)
            } else {
                worker.connection(limit).and_then(job)
            };
            let _ = sender.send(result);
        });
        if let Some(jobs) = &self.threads.jobs {
            // If no thread is left, the receiver reports an error.
            let _ = jobs.send(job);
        }
        receiver.await.unwrap_or(Err(DatabaseError::Panicked))
    }

    /// Rejects further jobs and interrupts the running statements.
    pub(super) fn close(&self) {
        self.threads.close();
    }
}

impl Threads {
    fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.close();
        self.jobs = None;
        for handle in self.handles.drain(..) {
            let _ = handle.join();
        }
    }
}

impl Worker {
    /// Runs jobs until all senders of jobs are dropped.
    fn run(&mut self, queue: &Receiver<Job>) {
        for job in queue {
            if catch_unwind(AssertUnwindSafe(|| job(self))).is_err() {
                self.connection = None;
            }
        }
    }

    /// Returns the connection, whose statements are interrupted after the time limit.
    fn connection(&mut self, limit: Option<Duration>) -> Result<&mut Connection, DatabaseError> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(DatabaseError::Closed);
        }
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(self.file.open(&self.closed)?),
        };
        let closed = Arc::clone(&self.closed);
        let deadline = limit.map(|limit| Instant::now() + limit);
        let ends = move || {
            closed.load(Ordering::Relaxed)
                || deadline.is_some_and(|deadline| Instant::now() > deadline)
        };
        connection.progress_handler(INSTRUCTIONS, Some(ends))?;
        Ok(connection)
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Workers(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures_util::FutureExt;
    use tokio::task::yield_now;

    use super::*;

    const WAIT: Duration = Duration::from_mins(1);

    /// Returns one worker and the folder of its database.
    fn worker() -> (tempfile::TempDir, Workers) {
        let folder = tempfile::tempdir().unwrap();
        let file = Arc::new(SqliteFile::at(&folder.path().join("a")));
        (folder, Workers::new(&file, 1).unwrap())
    }

    fn one(connection: &mut Connection) -> Result<i64, DatabaseError> {
        Ok(connection.query_row("SELECT 1", [], |row| row.get(0))?)
    }

    #[tokio::test]
    async fn a_panic_ends_its_job_only() {
        let (_folder, workers) = worker();
        for _ in 0..3 {
            let panicked = workers.run(WAIT, None, |_| -> Result<(), _> { panic!("a test") });
            assert!(matches!(panicked.await, Err(DatabaseError::Panicked)));
            assert_eq!(workers.run(WAIT, None, one).await.unwrap(), 1);
        }
    }

    #[tokio::test]
    async fn a_job_does_not_run_after_its_wait() {
        let (_folder, workers) = worker();
        let (started, is_started) = mpsc::channel();
        let (release, is_released) = mpsc::channel::<()>();
        let running = {
            let workers = workers.clone();
            tokio::spawn(async move {
                let job = move |_: &mut Connection| {
                    started.send(()).unwrap();
                    is_released.recv().unwrap();
                    Ok(())
                };
                workers.run(WAIT, None, job).await
            })
        };
        while is_started.try_recv().is_err() {
            yield_now().await;
        }
        let mut late = Box::pin(workers.run(Duration::ZERO, None, one));
        assert!(late.as_mut().now_or_never().is_none());
        release.send(()).unwrap();
        running.await.unwrap().unwrap();
        assert!(matches!(late.await, Err(DatabaseError::TimedOut)));
        assert_eq!(workers.run(WAIT, None, one).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_job_without_a_requester_does_not_run() {
        let (_folder, workers) = worker();
        let (release, is_released) = mpsc::channel::<()>();
        let mut running = Box::pin(workers.run(WAIT, None, move |_| {
            let _ = is_released.recv();
            Ok(())
        }));
        assert!(running.as_mut().now_or_never().is_none());
        let (ran, has_run) = mpsc::channel();
        let mut abandoned = Box::pin(workers.run(WAIT, None, move |_| {
            ran.send(()).unwrap();
            Ok(())
        }));
        assert!(abandoned.as_mut().now_or_never().is_none());
        drop(abandoned);
        drop(release);
        running.await.unwrap();
        assert_eq!(workers.run(WAIT, None, one).await.unwrap(), 1);
        assert!(has_run.try_recv().is_err());
    }

    #[tokio::test]
    async fn an_endless_statement_is_interrupted() {
        let (_folder, workers) = worker();
        let endless = "WITH RECURSIVE a(b) AS (SELECT 1 UNION ALL SELECT b FROM a) \
                       SELECT COUNT(*) FROM a";
        let result = workers.run(WAIT, Some(Duration::ZERO), |connection| {
            Ok(connection.query_row(endless, [], |_| Ok(()))?)
        });
        let error = result.await.unwrap_err();
        assert!(error.is_transient(), "{error:?}");
        assert_eq!(workers.run(WAIT, None, one).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn closed_workers_reject_jobs() {
        let (_folder, workers) = worker();
        workers.close();
        let closed = workers.run(WAIT, None, one).await;
        assert!(matches!(closed, Err(DatabaseError::Closed)));
    }
}
