//! The check that all executors of a cluster have the same keys.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use ballista_core::JobId;
use ballista_core::error::{BallistaError, Result};
use ballista_core::serde::protobuf::ExecutorHeartbeat;
use ballista_core::serde::scheduler::{ExecutorData, ExecutorMetadata};
use ballista_scheduler::cluster::{
    BallistaCluster, BoundTask, ClusterState, ClusterStateEventStream, ExecutorSlot,
};
use ballista_scheduler::config::TaskDistributionPolicy;
use ballista_scheduler::state::task_manager::JobInfoCache;
use thiserror::Error;
use uuid::Uuid;

use crate::arguments::Fingerprint;

/// Returns a new id of an executor, which contains the fingerprint of its keys.
///
/// The registration of an executor has no other field for it.
#[must_use]
pub fn executor_id(fingerprint: &str) -> String {
    format!("{fingerprint}.{}", Uuid::new_v4())
}

/// Compares the fingerprint in the id of each executor with the expected one.
#[derive(Debug, Default)]
pub struct KeyCheck {
    expected: Mutex<Option<String>>,
}

impl KeyCheck {
    /// Creates a check that accepts the given fingerprint, or that of the first executor.
    #[must_use]
    pub fn new(expected: Option<Fingerprint>) -> Self {
        Self {
            expected: Mutex::new(expected.map(|expected| expected.to_string())),
        }
    }

    /// Checks the id of an executor.
    ///
    /// # Errors
    ///
    /// The id contains no fingerprint, or another one.
    pub fn check(&self, executor_id: &str) -> std::result::Result<(), RejectedExecutor> {
        let fingerprint = executor_id
            .split_once('.')
            .map(|(fingerprint, _)| fingerprint);
        let fingerprint = fingerprint.filter(|fingerprint| !fingerprint.is_empty());
        let Some(fingerprint) = fingerprint else {
            return Err(RejectedExecutor::NoFingerprint {
                executor_id: executor_id.to_owned(),
            });
        };
        let mut expected = self.expected.lock().unwrap_or_else(PoisonError::into_inner);
        match &*expected {
            Some(expected) if expected != fingerprint => Err(RejectedExecutor::OtherKeys {
                fingerprint: fingerprint.to_owned(),
                expected: expected.clone(),
            }),
            Some(_) => Ok(()),
            None => {
                tracing::info!("the cluster has the keys of the first executor: {fingerprint}");
                *expected = Some(fingerprint.to_owned());
                Ok(())
            }
        }
    }
}

/// The reason why an executor may not join a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RejectedExecutor {
    /// The id of the executor contains no fingerprint.
    #[error(
        "executor `{executor_id}` does not report the fingerprint of its keys; start it with \
         image-sync-executor"
    )]
    NoFingerprint {
        /// The id.
        executor_id: String,
    },
    /// The executor has other keys than the cluster.
    #[error(
        "the keys of the executor have the fingerprint {fingerprint}, those of the cluster \
         {expected}; set the same keys in the environment of all executors"
    )]
    OtherKeys {
        /// The fingerprint of the executor.
        fingerprint: String,
        /// The fingerprint of the cluster.
        expected: String,
    },
}

/// Returns a cluster whose executors pass a check when they register.
pub fn checked(cluster: &BallistaCluster, check: KeyCheck) -> BallistaCluster {
    let state = CheckedState {
        check,
        state: cluster.cluster_state(),
    };
    BallistaCluster::new(Arc::new(state), cluster.job_state())
}

struct CheckedState {
    check: KeyCheck,
    state: Arc<dyn ClusterState>,
}

impl CheckedState {
    fn check(&self, executor: &ExecutorMetadata) -> Result<()> {
        self.check.check(&executor.id).map_err(|error| {
            tracing::error!("rejected an executor on {}: {error}", executor.host);
            BallistaError::Configuration(error.to_string())
        })
    }
}

#[async_trait]
impl ClusterState for CheckedState {
    async fn register_executor(
        &self,
        executor: ExecutorMetadata,
        resources: ExecutorData,
    ) -> Result<()> {
        self.check(&executor)?;
        self.state.register_executor(executor, resources).await
    }

    async fn save_executor_metadata(&self, executor: ExecutorMetadata) -> Result<()> {
        self.check(&executor)?;
        self.state.save_executor_metadata(executor).await
    }

    async fn init(&self) -> Result<()> {
        self.state.init().await
    }

    async fn bind_schedulable_tasks(
        &self,
        distribution: TaskDistributionPolicy,
        jobs: Arc<HashMap<JobId, JobInfoCache>>,
        executors: Option<HashSet<String>>,
    ) -> Result<Vec<BoundTask>> {
        let state = &self.state;
        state
            .bind_schedulable_tasks(distribution, jobs, executors)
            .await
    }

    async fn unbind_tasks(&self, slots: Vec<ExecutorSlot>) -> Result<()> {
        self.state.unbind_tasks(slots).await
    }

    async fn get_executor_metadata(&self, id: &str) -> Result<ExecutorMetadata> {
        self.state.get_executor_metadata(id).await
    }

    async fn registered_executor_metadata(&self) -> Vec<ExecutorMetadata> {
        self.state.registered_executor_metadata().await
    }

    async fn save_executor_heartbeat(&self, heartbeat: ExecutorHeartbeat) -> Result<()> {
        self.state.save_executor_heartbeat(heartbeat).await
    }

    async fn remove_executor(&self, id: &str) -> Result<()> {
        self.state.remove_executor(id).await
    }

    fn executor_heartbeats(&self) -> HashMap<String, ExecutorHeartbeat> {
        self.state.executor_heartbeats()
    }

    fn get_executor_heartbeat(&self, id: &str) -> Option<ExecutorHeartbeat> {
        self.state.get_executor_heartbeat(id)
    }

    async fn cluster_state_events(&self) -> Result<ClusterStateEventStream> {
        self.state.cluster_state_events().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_executor_decides_without_a_fingerprint() {
        let check = KeyCheck::new(None);
        assert_eq!(check.check(&executor_id("a1")), Ok(()));
        assert_eq!(check.check(&executor_id("a1")), Ok(()));
        let error = RejectedExecutor::OtherKeys {
            fingerprint: "b2".to_owned(),
            expected: "a1".to_owned(),
        };
        assert_eq!(check.check(&executor_id("b2")), Err(error));
        assert_eq!(check.check(&executor_id("a1")), Ok(()));
    }

    #[test]
    fn the_given_fingerprint_applies_to_the_first_executor() {
        let check = KeyCheck::new("0123456789abcdef".parse().ok());
        assert!(check.check(&executor_id("0123456789abcdee")).is_err());
        assert_eq!(check.check(&executor_id("0123456789abcdef")), Ok(()));
    }

    #[test]
    fn executors_without_a_fingerprint_are_rejected() {
        for id in ["a1b2", ".uuid", ""] {
            let check = KeyCheck::new(None);
            let error = check.check(id).unwrap_err();
            assert!(
                matches!(error, RejectedExecutor::NoFingerprint { .. }),
                "{id}"
            );
        }
    }
}
