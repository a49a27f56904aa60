//! Registration of the functions.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::execution::FunctionRegistry;
use datafusion::logical_expr::{AggregateUDF, ScalarUDF};
use datafusion::prelude::SessionContext;

use crate::definitions::DEFINITIONS;
use crate::function::Function;
use crate::options::ImageSyncOptions;
use crate::payload::aggregate::ImagePayloads;
use crate::signers::Signers;

/// The functions with their keys.
#[derive(Clone, Debug)]
pub struct Functions {
    /// The scalar functions.
    pub scalar: Vec<Arc<ScalarUDF>>,
    /// The aggregate functions.
    pub aggregate: Vec<Arc<AggregateUDF>>,
}

/// Creates the functions.
#[must_use]
pub fn functions(signers: &Signers) -> Functions {
    let scalar = DEFINITIONS
        .iter()
        .map(|definition| Arc::new(ScalarUDF::from(Function::new(definition, signers.clone()))))
        .collect();
    let payloads = AggregateUDF::from(ImagePayloads::new(signers.clone()));
    Functions {
        scalar,
        aggregate: vec![Arc::new(payloads)],
    }
}

impl Functions {
    /// Registers the functions, for example in the state of a scheduler. Functions of the
    /// same names are replaced.
    ///
    /// # Errors
    ///
    /// - A registry that does not accept functions.
    pub fn register_into(&self, registry: &mut dyn FunctionRegistry) -> Result<()> {
        for function in &self.scalar {
            registry.register_udf(Arc::clone(function))?;
        }
        for function in &self.aggregate {
            registry.register_udaf(Arc::clone(function))?;
        }
        Ok(())
    }
}

/// Registers the functions and the settings `image_sync.…` in a session.
///
/// Functions of the same names are replaced. Settings that exist are kept.
///
/// # Errors
///
/// - A session that does not accept functions.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a session keeps the signers, as its other handles"
)]
pub fn register(context: &SessionContext, signers: Signers) -> Result<()> {
    let state = context.state_ref();
    let mut state = state.write();
    let extensions = &mut state.config_mut().options_mut().extensions;
    if extensions.get::<ImageSyncOptions>().is_none() {
        extensions.insert(ImageSyncOptions::default());
    }
    functions(&signers).register_into(&mut *state)
}
