//! A local delivery network: its creation and its routes.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use url_signer::cloudinary::Cloud;

use crate::originals::Originals;
use crate::routes;
use crate::server;
use crate::settings::Settings;
use crate::state::{StartError, State, Statistics};

/// A local delivery network. Clones share one state.
#[derive(Clone, Debug)]
pub struct LocalDelivery {
    state: Arc<State>,
}

impl LocalDelivery {
    /// Opens the folders.
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

    /// Returns the routes: delivery URLs and uploads.
    pub fn router(&self) -> Router {
        routes::router(Arc::clone(&self.state))
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
