//! A server on a port of its own, and its clients.

use std::future::pending;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use http::{HeaderMap, Method, Request, StatusCode};
use local_delivery::{AssetKey, LocalDelivery, Settings};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use ureq::Agent;
use url_signer::Authority;
use url_signer::cloudinary::{Asset, Cloud, DeliveryType, Transformation};

/// A running server with a folder of its own.
pub(crate) struct Server {
    pub(crate) delivery: LocalDelivery,
    pub(crate) address: SocketAddr,
    pub(crate) folder: TempDir,
    agent: Agent,
    _runtime: Runtime,
}

/// A response that was received completely.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// Returns the value of a header, or an empty text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn error(&self) -> &str {
        self.header("x-cld-error")
    }
}

pub(crate) fn cloud() -> Cloud {
    "cloudinary://key:abcd@demo".parse().unwrap()
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(cloud(), |_| {})
    }

    pub(crate) fn with(cloud: Cloud, configure: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::in_folder(folder, cloud, configure)
    }

    /// Starts a server with `originals` in an existing folder.
    pub(crate) fn in_folder(
        folder: TempDir,
        cloud: Cloud,
        configure: impl FnOnce(&mut Settings),
    ) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let authority = Authority::new(&address.to_string()).unwrap();
        let mut settings = Settings::new(cloud, authority, folder.path().join("originals"));
        // The tests do not depend on the speed of the machine.
        settings.derivation_time = Duration::from_mins(10);
        settings.queue_time = Duration::from_mins(10);
        configure(&mut settings);
        let delivery = LocalDelivery::new(settings).unwrap();
        let serving = delivery.clone();
        runtime.spawn(async move { serving.serve(listener, pending()).await });
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_mins(10)))
            .proxy(None)
            .build()
            .into();
        Self {
            delivery,
            address,
            folder,
            agent,
            _runtime: runtime,
        }
    }

    /// Returns the path of a file in the folder of originals.
    pub(crate) fn original(&self, path: &str) -> PathBuf {
        self.folder.path().join("originals").join(path)
    }

    pub(crate) fn save(&self, delivery_type: DeliveryType, public_id: &str, bytes: &[u8]) {
        let key = AssetKey::image(delivery_type, public_id).unwrap();
        self.delivery.originals().save(&key, bytes).unwrap();
    }

    /// Returns a signed URL.
    pub(crate) fn sign(&self, asset: &Asset, transformation: &str) -> String {
        let transformation = Transformation::verbatim(transformation).unwrap();
        let url = self.delivery.cloud().sign(asset, &transformation);
        url.to_string()
    }

    /// Returns the URL of a request target.
    pub(crate) fn url(&self, target: &str) -> String {
        format!("http://{}{target}", self.address)
    }

    pub(crate) fn get(&self, url: &str) -> Response {
        self.send(&Method::GET, url, &[])
    }

    pub(crate) fn get_with(&self, url: &str, headers: &[(&str, &str)]) -> Response {
        self.send(&Method::GET, url, headers)
    }

    pub(crate) fn send(&self, method: &Method, url: &str, headers: &[(&str, &str)]) -> Response {
        self.send_body(method, url, headers, &[])
    }

    pub(crate) fn send_body(
        &self,
        method: &Method,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = if body.is_empty() && method != Method::POST {
            self.agent.run(request.body(()).unwrap())
        } else {
            self.agent.run(request.body(body).unwrap())
        };
        let (parts, mut body) = response.unwrap().into_parts();
        let body = body.with_config().limit(1 << 30).read_to_vec().unwrap();
        Response {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// Sends a request target byte for byte and returns the status of the response.
    pub(crate) fn raw_status(&self, target: &[u8]) -> u16 {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let host = self.address.to_string();
        let request = [
            b"GET ",
            target,
            b" HTTP/1.1\r\nHost: ",
            host.as_bytes(),
            b"\r\nConnection: close\r\n\r\n",
        ];
        stream.write_all(&request.concat()).unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).unwrap();
        let text = String::from_utf8_lossy(&response);
        text.split(' ').nth(1).unwrap().parse().unwrap()
    }
}
