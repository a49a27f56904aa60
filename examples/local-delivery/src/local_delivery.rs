//! A local delivery network: its creation and its routes.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use tokio::net::TcpListener;
use url_signer::cloudinary::Cloud;

use crate::delivery::deliver;
use crate::host::check_host;
use crate::originals::Originals;
use crate::server;
use crate::settings::Settings;
use crate::state::{StartError, State, Statistics};
use crate::upload::upload;

/// A local delivery network. Clones share one state.
#[derive(Clone, Debug)]
pub struct LocalDelivery {
    state: Arc<State>,
}

impl LocalDelivery {
    /// Creates a delivery network and opens its folders.
    ///
    /// # Errors
    ///
    /// - [`StartError::Cloud`] for an account with CDN subdomains and an IP address.
    /// - [`StartError::Folder`] for a folder that cannot be opened or created.
    pub fn new(settings: Settings) -> Result<Self, StartError> {
        Ok(Self {
            state: Arc::new(State::new(settings)?),
        })
    }

    /// Returns the routes: uploads, and all other paths are delivery URLs. They accept the
    /// configured host, and names and addresses of this machine.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/v1_1/{cloud}/{resource_type}/upload", any(upload))
            .fallback(deliver)
            .layer(from_fn_with_state(Arc::clone(&self.state), check_host))
            .with_state(Arc::clone(&self.state))
    }

    /// Serves the routes until a future is ready, then finishes the running requests.
    ///
    /// The server limits the number of connections and the time that it waits for slow
    /// clients.
    pub async fn serve(&self, listener: TcpListener, shutdown: impl Future<Output = ()>) {
        server::serve(listener, self.router(), shutdown).await;
    }

    /// Returns the account whose URLs point to this delivery network.
    #[must_use]
    pub fn cloud(&self) -> &Cloud {
        &self.state.cloud
    }

    /// Returns the folder of originals.
    #[must_use]
    pub fn originals(&self) -> &Originals {
        &self.state.originals
    }

    /// Returns the counters since the start.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        self.state.statistics()
    }
}
