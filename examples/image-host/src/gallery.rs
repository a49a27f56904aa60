//! The gallery at `/`: pages with the pictures, and the local delivery network that
//! serves them. A host without the feature `gallery` does not contain this module.

mod images;
mod pictures;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use clap::Args;
use gallery::GallerySettings;
use http::Method;
use local_delivery::{LocalDelivery, Settings, StartError};
use sync_payload::ImageSigner;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url_signer::{Authority, ProxySigner, Secret};

use self::images::UserImages;
use crate::output::{print, warn};
use crate::public_url::PublicUrl;
use crate::report::report;
use crate::serve::{self, AppState, ShutdownSignals};

const NOTE: &str = "The recorded exchange does not contain the files of its images. Generated \
    pictures replace them, so their sizes differ from the recorded ones.";

const CANNOT_START: &str = "cannot start the gallery; `--no-gallery` starts the host without it";

#[derive(Args, Debug)]
pub(crate) struct GalleryOptions {
    /// The loopback address of the delivery network for the gallery [default: the
    /// address to listen on, with the next port, or a free port if its port is 0]
    #[arg(long, global = true, value_name = "ADDRESS")]
    delivery_listen: Option<SocketAddr>,
    /// Do not serve the gallery
    #[arg(long, global = true)]
    no_gallery: bool,
}

/// The running gallery.
pub(crate) struct Gallery {
    pages: Arc<gallery::Gallery<UserImages>>,
    stop: oneshot::Sender<()>,
    delivery: JoinHandle<()>,
}

impl GalleryOptions {
    /// Starts the delivery network and prints the address of the gallery.
    ///
    /// The pages need no login, so the caller has to check that the host listens on a
    /// loopback address and that its images are not private. `requested` is the address of
    /// the option, and `address` the one of the listener.
    pub(crate) async fn start(
        self,
        app: &Arc<AppState>,
        requested: SocketAddr,
        address: SocketAddr,
        database: &Path,
        proxy_key: Secret,
    ) -> Result<Option<Gallery>> {
        if self.no_gallery {
            return Ok(None);
        }
        let listener = listen(self.delivery_listen, requested).await?;
        let delivery_authority = authority(listener.local_addr()?)?;
        let delivery = match delivery(app, database, delivery_authority.clone()) {
            Err(error @ StartError::Cloud { .. }) => {
                warn(&format!("there is no gallery: {}", report(&error)));
                return Ok(None);
            }
            delivery => delivery.context(CANNOT_START)?,
        };
        pictures::save_missing(delivery.originals()).context(CANNOT_START)?;

        let authority = authority(address)?;
        let cloud = delivery.cloud().clone();
        let proxy = ProxySigner::new(authority.clone(), authority.clone(), proxy_key);
        let proxy = proxy.with_plain_http();
        let settings = GallerySettings {
            cloud_name: cloud.name().to_owned(),
            signer: ImageSigner::new(cloud.clone(), proxy.clone(), app.thumbnails.clone()),
            json_signer: ImageSigner::clone(&app.signer),
            proxy,
            thumbnails: app.thumbnails.clone(),
            authority,
            delivery: delivery_authority,
            note: Some(NOTE.to_owned()),
        };
        let url = format!("http://{}/", settings.authority);
        let webhook = PublicUrl::of_listener(address).context("the address has no URL")?;
        let images = UserImages::new(Arc::clone(app), cloud, webhook);
        let pages = gallery::Gallery::new(settings, images)?;

        let (stop, stopped) = oneshot::channel();
        let server = async move {
            // The gallery sends a message, or is dropped.
            let stopped = async { stopped.await.unwrap_or_default() };
            delivery.serve(listener, stopped).await;
        };
        print(format_args!("gallery: {url}"))?;
        Ok(Some(Gallery {
            pages,
            stop,
            delivery: tokio::spawn(server),
        }))
    }
}

impl Gallery {
    /// Serves the host and the gallery until SIGTERM or SIGINT.
    pub(crate) async fn serve(
        self,
        listener: TcpListener,
        app: Arc<AppState>,
        signals: ShutdownSignals,
    ) -> Result<()> {
        let pages = self.pages;
        let mount = |router: Router| {
            let router = router.merge(Arc::clone(&pages).router());
            router.layer(from_fn_with_state(pages, redirect_proxy_url))
        };
        let served = serve::serve(listener, app, signals, mount).await;
        let _ = self.stop.send(());
        let _ = self.delivery.await;
        served
    }
}

/// Redirects a proxy URL on a page to the local delivery network. The host redirects other
/// proxy URLs, which contain another host.
async fn redirect_proxy_url(
    State(gallery): State<Arc<gallery::Gallery<UserImages>>>,
    request: Request,
    next: Next,
) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let target = request.uri().path_and_query();
    if let Some(target) = target.filter(|_| is_read)
        && let Some(redirect) = gallery.redirect_proxy_url(target.as_str()).await
    {
        return redirect;
    }
    next.run(request).await
}

/// Listens on the address of the delivery network.
async fn listen(option: Option<SocketAddr>, host: SocketAddr) -> Result<TcpListener> {
    // If the host selects a free port, so does the delivery network: the next port may be
    // in use.
    let next_port = match host.port() {
        0 => 0,
        port => port.checked_add(1).unwrap_or_default(),
    };
    let address = option.unwrap_or(SocketAddr::new(host.ip(), next_port));
    ensure!(
        address.ip().to_canonical().is_loopback(),
        "--delivery-listen: {address} is not a loopback address"
    );
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "cannot listen on {address} for the gallery; use `--delivery-listen` with another \
             address, or `--no-gallery`"
        )
    })
}

/// Returns the delivery network, whose folders are beside the database.
fn delivery(
    app: &AppState,
    database: &Path,
    authority: Authority,
) -> Result<LocalDelivery, StartError> {
    let originals = beside(database, "originals");
    let mut settings = Settings::new(app.cloud.clone(), authority, originals);
    settings.cache = Some(beside(database, "cache"));
    // An edited file is visible at once.
    settings.max_age = Duration::ZERO;
    // A debug build on a busy machine needs longer than the defaults allow.
    settings.derivation_time = Duration::from_mins(1);
    settings.queue_time = Duration::from_mins(5);
    LocalDelivery::new(settings)
}

/// Returns the authority of URLs. A content security policy cannot contain an IPv6
/// address.
fn authority(address: SocketAddr) -> Result<Authority> {
    let port = address.port();
    let authority = match address.ip().to_canonical() {
        IpAddr::V4(ip) => format!("{ip}:{port}"),
        IpAddr::V6(_) => format!("localhost:{port}"),
    };
    Authority::new(&authority).context("the gallery needs another port")
}

/// Returns the path of a folder beside the database.
fn beside(database: &Path, suffix: &str) -> PathBuf {
    let name = database.file_stem().unwrap_or_default().to_string_lossy();
    database.with_file_name(format!("{name}-{suffix}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_beside_the_database() {
        for (database, originals) in [
            ("image-host.sqlite", "image-host-originals"),
            ("a/b.c.db", "a/b.c-originals"),
            ("/a/images", "/a/images-originals"),
        ] {
            assert_eq!(
                beside(Path::new(database), "originals"),
                Path::new(originals)
            );
        }
    }

    #[test]
    fn ipv6_addresses_have_the_name_localhost() {
        for (address, expected) in [
            ("127.0.0.1:3000", "127.0.0.1:3000"),
            ("[::1]:3000", "localhost:3000"),
            ("[::ffff:127.0.0.1]:3000", "127.0.0.1:3000"),
        ] {
            let authority = authority(address.parse().unwrap()).unwrap();
            assert_eq!(authority.as_str(), expected);
        }
    }

    #[tokio::test]
    async fn the_delivery_network_needs_a_loopback_address() {
        let host = "127.0.0.1:0".parse().unwrap();
        for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
            let error = listen(address.parse().ok(), host).await.unwrap_err();
            assert!(error.to_string().ends_with("is not a loopback address"));
        }
        assert!(listen(None, host).await.is_ok());
    }
}
