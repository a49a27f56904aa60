//! The progress of a query on standard error.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use ballista_core::execution_plans::DistributedQueryExec;
use ballista_core::serde::protobuf::GetJobMetricsParams;
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::statistics::{StatisticsArgs, StatisticsContext};
use datafusion_proto::protobuf::LogicalPlanNode;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::task::JoinHandle;
use tokio::time;

use crate::arguments::SchedulerAddress;

const TICK: Duration = Duration::from_millis(200);

/// A progress bar, which is hidden if standard error is no terminal.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    updates: Option<JoinHandle<()>>,
}

impl Progress {
    /// Shows the progress of a plan that is about to run: the rows that are read, or the
    /// finished stages on a cluster.
    ///
    /// # Errors
    ///
    /// None: the templates of the bars are valid.
    pub fn start(
        plan: &Arc<dyn ExecutionPlan>,
        scheduler: Option<&SchedulerAddress>,
    ) -> Result<Self> {
        let bar = ProgressBar::new_spinner();
        if bar.is_hidden() {
            return Ok(Self { bar, updates: None });
        }
        let plan = Arc::clone(plan);
        let updates = if let Some(scheduler) = scheduler {
            bar.set_style(ProgressStyle::with_template("{spinner} {msg} {elapsed}")?);
            tokio::spawn(show_stages(bar.clone(), plan, scheduler.clone()))
        } else {
            let template = match rows_to_read(plan.as_ref()) {
                Some(rows) => {
                    bar.set_length(rows);
                    "{wide_bar} {human_pos} of {human_len} rows, {eta} left"
                }
                None => "{spinner} {human_pos} rows, {elapsed}",
            };
            bar.set_style(ProgressStyle::with_template(template)?);
            tokio::spawn(show_rows(bar.clone(), plan))
        };
        Ok(Self {
            bar,
            updates: Some(updates),
        })
    }

    /// Removes the bar from the terminal.
    pub fn hide(&self) {
        if let Some(updates) = &self.updates {
            updates.abort();
        }
        self.bar.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.hide();
    }
}

async fn show_rows(bar: ProgressBar, plan: Arc<dyn ExecutionPlan>) {
    loop {
        bar.set_position(rows_read(plan.as_ref()));
        bar.tick();
        time::sleep(TICK).await;
    }
}

/// Returns the rows of all files, if the plan reads files that contain their number.
fn rows_to_read(plan: &dyn ExecutionPlan) -> Option<u64> {
    let children = plan.children();
    if children.is_empty() {
        let statistics = StatisticsContext::new();
        let statistics = statistics.compute(plan, &StatisticsArgs::new()).ok()?;
        let rows = statistics.num_rows.get_value().copied()?;
        return u64::try_from(rows).ok();
    }
    let rows = children.iter().map(|child| rows_to_read(child.as_ref()));
    rows.sum()
}

/// Returns the rows that are read so far.
fn rows_read(plan: &dyn ExecutionPlan) -> u64 {
    let children = plan.children();
    if children.is_empty() {
        let rows = plan.metrics().and_then(|metrics| metrics.output_rows());
        return rows.and_then(|rows| u64::try_from(rows).ok()).unwrap_or(0);
    }
    children.iter().map(|child| rows_read(child.as_ref())).sum()
}

/// Shows the finished stages of the job. The scheduler does not report how far the
/// running stages are.
async fn show_stages(bar: ProgressBar, plan: Arc<dyn ExecutionPlan>, scheduler: SchedulerAddress) {
    bar.set_message("waiting for the cluster,");
    let mut client = None;
    for tick in 0_u64.. {
        bar.tick();
        time::sleep(TICK).await;
        let job = plan
            .downcast_ref::<DistributedQueryExec<LogicalPlanNode>>()
            .and_then(DistributedQueryExec::job_id);
        let Some(job) = job.filter(|_| tick.is_multiple_of(5)) else {
            continue;
        };
        if client.is_none() {
            let url = format!("http://{scheduler}");
            client = SchedulerGrpcClient::connect(url).await.ok();
        }
        let Some(client) = &mut client else { continue };
        let request = GetJobMetricsParams { job_id: job.into() };
        if let Ok(metrics) = client.get_job_metrics(request).await {
            let stages = metrics.into_inner().stages;
            let tasks: u32 = stages.iter().map(|stage| stage.partitions).sum();
            bar.set_message(format!(
                "{} stages with {tasks} partitions finished,",
                stages.len()
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use datafusion::physical_plan::collect;
    use datafusion::prelude::{ParquetReadOptions, SessionContext};

    use super::*;
    use crate::generated::{GeneratedFile, write};

    #[tokio::test]
    async fn the_rows_of_files_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("images.parquet");
        let file = GeneratedFile {
            rows: 0..10_000,
            row_group: 1_000,
        };
        write(&path, &file).unwrap();
        let session = SessionContext::new();
        let path = path.to_str().unwrap();
        let options = ParquetReadOptions::default();
        session
            .register_parquet("images", path, options)
            .await
            .unwrap();
        // The maximum of a column would be read from the statistics of the file.
        let query = "SELECT max(octet_length(public_id)) FROM images";
        let query = session.sql(query).await.unwrap();
        let plan = query.create_physical_plan().await.unwrap();
        assert_eq!(rows_to_read(plan.as_ref()), Some(10_000));
        assert_eq!(rows_read(plan.as_ref()), 0);
        collect(Arc::clone(&plan), session.task_ctx())
            .await
            .unwrap();
        assert_eq!(rows_read(plan.as_ref()), 10_000);
    }
}
