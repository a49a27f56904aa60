//! The recorded exchange with each framework, and failures.

mod servers;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use recipes::app::App;
use regex::Regex;
use servers::{SERVERS, Server, start};
use sync_payload::{ImageSigner, UrlPrefix};
use url_signer::cloudinary::Cloud;
use url_signer::{Authority, ProxySigner, Secret, ThumbnailSigner};

const RECORDED: &str =
    include_str!("../../../crates/sync-payload/tests/data/response_body.wire.json");
const RECORDED_HEADERS: &str =
    include_str!("../../../crates/sync-payload/tests/data/response_headers.txt");

/// The token of the recorded request and response.
fn token() -> &'static str {
    let mut lines = RECORDED_HEADERS.lines();
    lines
        .find_map(|line| line.strip_prefix("X-token: "))
        .unwrap()
}

fn app() -> App {
    let secret = |key| Secret::new(key).unwrap();
    let authority = |name| Authority::new(name).unwrap();
    let proxy = ProxySigner::new(
        authority("sharinpix-proxy-dev.herokuapp.com"),
        authority("localhost"),
        secret("proxy key"),
    );
    let cloud = Cloud::new("sadaasdasd", secret("abcd")).unwrap();
    let thumbnails = ThumbnailSigner::new(secret("thumbnail key"));
    let signer = ImageSigner::new(cloud, proxy, thumbnails)
        .with_prefix(UrlPrefix::new("/assets/blank.jpg#").unwrap());
    App::new(signer, token(), RECORDED).unwrap()
}

struct Response {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

/// Sends a request and reads the response until the connection ends. Returns `None` if
/// the response is incomplete.
fn exchange(address: SocketAddr, method: &str, query: &str, token: &str) -> Option<Response> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_mins(1)))
        .unwrap();
    let request = format!(
        "{method} /api/v1/image_syncs{query} HTTP/1.1\r\nHost: a\r\n\
         Authorization: Token token=\"{token}\"\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = Vec::new();
    // A reset is also the end of an incomplete response.
    let ended = stream.read_to_end(&mut response).is_ok();
    let response = String::from_utf8_lossy(&response);
    let (head, body) = response.split_once("\r\n\r\n")?;
    let (status, headers) = head.split_once("\r\n")?;
    let headers: BTreeMap<_, _> = headers
        .lines()
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let body = match headers.get("content-length") {
        _ if method == "HEAD" => String::new(),
        Some(length) => {
            let whole = length.parse() == Ok(body.len());
            whole.then(|| body.to_owned())?
        }
        None => dechunked(body)?,
    };
    ended.then_some(Response {
        status: status.split(' ').nth(1)?.parse().ok()?,
        headers,
        body,
    })
}

/// Returns the content of a chunked body (RFC 9112, section 7.1) that has an end.
fn dechunked(mut chunks: &str) -> Option<String> {
    let mut content = String::new();
    loop {
        let (size, rest) = chunks.split_once("\r\n")?;
        let size = usize::from_str_radix(size, 16).ok()?;
        content.push_str(rest.get(..size)?);
        chunks = rest.get(size..)?.strip_prefix("\r\n")?;
        if size == 0 {
            return chunks.is_empty().then_some(content);
        }
    }
}

/// Returns the text with each signature replaced by `***`.
fn masked(text: &str) -> String {
    let signatures = r"(/s--)[A-Za-z0-9_-]{8}(--/)|(\?s=)[0-9a-f]{7}\b|(-)[0-9a-f]{11}(\.jpg)";
    let signatures = Regex::new(signatures).unwrap();
    signatures.replace_all(text, "$1$3$4***$2$5").into_owned()
}

fn on_each(test: impl Fn(Server)) {
    for server in SERVERS {
        println!("{}", server.0);
        test(server);
    }
}

#[test]
fn the_recorded_request_gets_the_recorded_response() {
    on_each(|server| {
        let address = start(server, app());
        let ids: Vec<_> = image_model::from_str::<String>(RECORDED)
            .unwrap()
            .iter()
            .map(|image| format!("ids%5B%5D={}", image.id))
            .collect();
        for query in [format!("?{}", ids.join("&")), String::new()] {
            let response = exchange(address, "GET", &query, token()).unwrap();
            assert_eq!(response.status, 200);
            assert_eq!(response.body.len(), 11_775);
            assert_eq!(masked(&response.body), masked(RECORDED));
            for line in RECORDED_HEADERS.lines() {
                let (name, recorded) = line.split_once(": ").unwrap();
                let name = name.to_ascii_lowercase();
                let value = response.headers.get(&name);
                match &*name {
                    "x-request-id" => assert_eq!(value.unwrap().len(), 36),
                    "x-runtime" => assert_eq!(value.unwrap(), "0.000000"),
                    // The body of these frameworks has no size.
                    "content-length" if ["actix-web", "poem"].contains(&server.0) => {
                        assert_eq!(response.headers["transfer-encoding"], "chunked");
                    }
                    _ => assert_eq!(value.unwrap(), recorded, "{name}"),
                }
            }
        }
        let one = exchange(address, "GET", &format!("?{}", ids[1]), token()).unwrap();
        let images = image_model::from_str::<String>(&one.body).unwrap();
        assert_eq!(images.len(), 1);
        assert!(ids[1].ends_with(&images[0].id.to_string()));
        let head = exchange(address, "HEAD", "", token()).unwrap();
        assert_eq!((head.status, &*head.headers["x-token"]), (200, token()));
    });
}

#[test]
fn invalid_requests_are_rejected() {
    on_each(|server| {
        let address = start(server, app());
        let response = exchange(address, "GET", "", "a.b.c").unwrap();
        assert_eq!((response.status, &*response.body), (401, ""));
        assert_eq!(response.headers["x-message"], "Access denied");
        let response = exchange(address, "GET", "?ids[]=1", token()).unwrap();
        assert_eq!(
            (response.status, &*response.body),
            (400, "ids[0] is not a UUID")
        );
        assert_eq!(
            response.headers["content-type"],
            "text/plain; charset=utf-8"
        );
        assert_eq!(response.headers["x-frame-options"], "DENY");
        let response = exchange(address, "DELETE", "", token()).unwrap();
        assert_eq!(response.status, 405);
    });
}

#[test]
fn an_early_error_is_an_error_response() {
    on_each(|server| {
        let address = start(server, app().with_unreadable_row_after(1));
        let response = exchange(address, "GET", "", token()).unwrap();
        assert_eq!((response.status, &*response.body), (503, ""));
        assert_eq!(response.headers["retry-after"], "1");
        assert_eq!(response.headers["x-frame-options"], "DENY");
    });
}

#[test]
fn a_late_error_aborts_the_connection() {
    on_each(|server| {
        let address = start(server, app().with_unreadable_row_after(100));
        assert!(exchange(address, "GET", "", token()).is_none());
    });
}

#[test]
fn a_recipe_has_at_most_25_lines() {
    for (framework, _) in SERVERS {
        let name = format!("src/with_{}.rs", framework.replace('-', "_"));
        let recipe = fs::read_to_string(&name).unwrap();
        let ignored = |line: &&str| ["use ", "//"].iter().any(|start| line.starts_with(start));
        let lines = recipe
            .lines()
            .filter(|line| !line.is_empty() && !ignored(line))
            .count();
        assert!(lines <= 25, "{name}: {lines}");
    }
}
