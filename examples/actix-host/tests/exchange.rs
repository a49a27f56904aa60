//! Tests of the running host.

#![allow(clippy::unwrap_used, clippy::zombie_processes, reason = "tests")]

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use regex::Regex;
use serde::Serialize;
use ureq::http::Response;

const RECORDED: &str = include_str!("../../data/response_body.wire.json");
const RECORDED_HEADERS: &str =
    include_str!("../../../crates/sync-payload/tests/data/response_headers.txt");
const USER: &str = "40b7f36a-1e4b-4987-931f-88910a37c451";
const TOKEN_KEY: &str = "a token key of the tests, 32 or more";

/// The time limit of each wait.
const TIMEOUT: Duration = Duration::from_mins(1);

struct Host {
    process: Child,
    url: String,
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_actix-host"));
    command
        .args(arguments)
        .env("CLOUDINARY_URL", "cloudinary://key:abcd@sadaasdasd")
        .env("PROXY_KEY", "proxy key")
        .env("THUMBNAIL_KEY", "thumbnail key")
        .env("TOKEN_KEY", TOKEN_KEY);
    command
}

fn host() -> Host {
    host_with(&["127.0.0.1:0"])
}

fn host_with(arguments: &[&str]) -> Host {
    let mut process = command(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let url = line.trim_end().strip_prefix("listening on ").unwrap();
    Host {
        url: format!("{url}/api/v1/image_syncs"),
        process,
    }
}

#[derive(Serialize)]
struct Claims<'a> {
    exp: u64,
    user_id: &'a str,
}

fn token(user_id: &str, ttl: i64, key: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let claims = Claims {
        exp: now.as_secs().checked_add_signed(ttl).unwrap(),
        user_id,
    };
    let key = EncodingKey::from_secret(key.as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap()
}

fn get(host: &Host, query: &str, authorizations: &[String]) -> (Response<()>, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_mins(1)))
        .build()
        .into();
    let mut request = agent
        .get(format!("{}{query}", host.url))
        .header("accept-encoding", "identity");
    for authorization in authorizations {
        request = request.header("authorization", authorization);
    }
    let (parts, mut body) = request.call().unwrap().into_parts();
    (
        Response::from_parts(parts, ()),
        body.read_to_string().unwrap(),
    )
}

fn images(host: &Host, query: &str, token: &str) -> (u16, String) {
    let (head, body) = get(host, query, &[format!("Token token=\"{token}\"")]);
    (head.status().as_u16(), body)
}

/// Returns the text with each signature replaced by `***`.
fn masked(text: &str) -> String {
    let signatures = r"(/s--)[A-Za-z0-9_-]{8}(--/)|(\?s=)[0-9a-f]{7}\b|(-)[0-9a-f]{11}(\.jpg)";
    let signatures = Regex::new(signatures).unwrap();
    signatures.replace_all(text, "$1$3$4***$2$5").into_owned()
}

#[test]
fn the_recorded_request_gets_the_recorded_response() {
    let host = host();
    let token = token(USER, 60, TOKEN_KEY);
    let ids: Vec<_> = image_model::from_str::<String>(RECORDED)
        .unwrap()
        .iter()
        .map(|image| format!("ids%5B%5D={}", image.id))
        .collect();
    let query = format!("?{}", ids.join("&"));
    let (head, body) = get(&host, &query, &[format!("Token token=\"{token}\"")]);
    assert_eq!(head.status(), 200);
    assert_eq!(body.len(), 11_775);
    assert_eq!(masked(&body), masked(RECORDED));
    for line in RECORDED_HEADERS.lines() {
        let (name, recorded) = line.split_once(": ").unwrap();
        let values: Vec<_> = head.headers().get_all(name).iter().collect();
        let &[value] = &*values else {
            panic!("{name}: {values:?}");
        };
        match &*name.to_ascii_lowercase() {
            "x-token" => assert_eq!(value, token.as_str()),
            "x-request-id" => assert_eq!(value.len(), 36),
            "x-runtime" => assert!(value.to_str().unwrap().parse::<f64>().unwrap() < 60.0),
            _ => assert_eq!(value, recorded, "{name}"),
        }
    }
    // `Date` is the only additional header.
    assert_eq!(head.headers().len(), RECORDED_HEADERS.lines().count() + 1);
}

#[test]
fn images_are_ordered_and_access_controlled() {
    let host = host();
    let user_token = token(USER, 60, TOKEN_KEY);
    let (_, all) = images(&host, "", &user_token);
    assert_eq!(masked(&all), masked(RECORDED));
    let mut ids: Vec<_> = image_model::from_str::<String>(RECORDED)
        .unwrap()
        .iter()
        .map(|image| format!("ids[]={}", image.id))
        .collect();
    ids.reverse();
    let backwards = format!("?{}&{}", ids.join("&"), ids.join("&"));
    assert_eq!(images(&host, &backwards, &user_token).1, all);
    assert_eq!(
        images(&host, "?ids[]=", &user_token),
        (200, "[]".to_owned())
    );
    let stranger = token("00000000-0000-4000-8000-000000000001", 60, TOKEN_KEY);
    assert_eq!(images(&host, "", &stranger), (200, "[]".to_owned()));
}

#[test]
fn invalid_tokens_and_requests_are_rejected() {
    let host = host();
    for token in [
        token(USER, -600, TOKEN_KEY),
        token(USER, 60, "another key, of more than 32 bytes"),
        "a.b.c".to_owned(),
    ] {
        assert_eq!(images(&host, "", &token), (401, String::new()));
    }
    let (head, body) = get(&host, "", &[]);
    assert_eq!((head.status().as_u16(), &*body), (401, ""));
    assert_eq!(head.headers()["x-message"], "Access denied");
    assert_eq!(head.headers()["content-type"], "text/html");
    let twice = [(); 2].map(|()| format!("Token token={}", token(USER, 60, TOKEN_KEY)));
    assert_eq!(get(&host, "", &twice).0.status(), 400);
    let token = token(USER, 60, TOKEN_KEY);
    let invalid_id = (400, "ids[0] is not a UUID".to_owned());
    assert_eq!(images(&host, "?ids[]=1", &token), invalid_id);
}

/// A filter that is not supported must not be ignored, which would return all images.
#[test]
fn a_filter_never_returns_all_images() {
    let host = host();
    let token = token(USER, 60, TOKEN_KEY);
    let ids = image_model::from_str::<String>(RECORDED).unwrap();
    let (a, b) = (ids[0].id, ids[1].id);
    let one = images(&host, &format!("?ids[]={a}"), &token);
    assert_eq!(one.0, 200);
    assert_eq!(images(&host, &format!("?ids={a}"), &token), one);
    assert_eq!(images(&host, "?ids=", &token), (200, "[]".to_owned()));
    for (query, error) in [
        (
            format!("?ids[0]={a}&ids[1]={b}"),
            "unsupported key `ids[0]`: use `ids[]` once for each id",
        ),
        (
            format!("?IDS[]={a}"),
            "unsupported key `IDS[]`: use `ids[]` once for each id",
        ),
        (
            format!("?id={a}"),
            "unsupported key `id`: use `ids[]` once for each id",
        ),
        (
            format!("?ids%255B%255D={a}"),
            "unsupported key `ids%255B%255D`: use `ids[]` once for each id",
        ),
        (
            format!("?ids={a},{b}"),
            "`ids` is not a UUID: for a list, use `ids[]` once for each id",
        ),
    ] {
        assert_eq!(
            images(&host, &query, &token),
            (400, error.to_owned()),
            "{query}"
        );
    }
}

#[test]
fn a_small_clock_difference_is_tolerated() {
    let host = host();
    assert_eq!(images(&host, "", &token(USER, -10, TOKEN_KEY)).0, 200);
    assert_eq!(images(&host, "", &token(USER, -45, TOKEN_KEY)).0, 401);
}

fn connect(host: &Host) -> TcpStream {
    let address = host.url.strip_prefix("http://").unwrap();
    let (address, _) = address.split_once('/').unwrap();
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    stream
}

/// Sends a request, closes the sending half of the connection and returns the
/// response.
fn exchange(host: &Host, request: &str) -> String {
    let mut stream = connect(host);
    stream.write_all(request.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

#[test]
fn the_rules_of_http_are_kept() {
    let host = host();
    let authorization = format!("Authorization: Token {}", token(USER, 60, TOKEN_KEY));
    let target = "/api/v1/image_syncs";
    for (request, status) in [
        (
            format!("GET {target} HTTP/1.1\r\nHost: a\r\n{authorization}"),
            200,
        ),
        (
            format!("HEAD {target} HTTP/1.1\r\nHost: a\r\n{authorization}"),
            200,
        ),
        (format!("GET {target} HTTP/1.0\r\n{authorization}"), 200),
        (format!("GET {target} HTTP/1.1\r\n{authorization}"), 400),
        (
            format!("GET {target} HTTP/1.1\r\nHost: a\r\nHost: a\r\n{authorization}"),
            400,
        ),
        (
            format!("POST {target} HTTP/1.1\r\nHost: a\r\n{authorization}"),
            405,
        ),
        ("DELETE /healthz HTTP/1.1\r\nHost: a".to_owned(), 405),
        ("GET /healthz HTTP/1.1\r\nHost: a".to_owned(), 200),
        ("HEAD /healthz HTTP/1.1\r\nHost: a".to_owned(), 200),
        ("GET /x HTTP/1.1\r\nHost: a".to_owned(), 404),
    ] {
        let response = exchange(&host, &format!("{request}\r\n\r\n"));
        let start = format!("HTTP/1.{} {status} ", u8::from(!request.contains("1.0")));
        assert!(response.starts_with(&start), "{request}: {response}");
        if status == 400 {
            // The framework rejects the request before it calls the host.
            continue;
        }
        for header in ["x-request-id: ", "x-runtime: ", "x-frame-options: DENY\r\n"] {
            assert!(response.contains(header), "{request}: {response}");
        }
        let allow = response.contains("allow: GET, HEAD\r\n");
        assert_eq!(allow, status == 405, "{request}: {response}");
        let empty = request.starts_with("HEAD") || [404, 405].contains(&status);
        assert_eq!(
            response.ends_with("\r\n\r\n"),
            empty,
            "{request}: {response}"
        );
    }
    let refused = format!(
        "GET {target} HTTP/1.1\r\nHost: a\r\n{authorization}\r\nAccept-Encoding: identity;q=0\r\n\r\n"
    );
    let response = exchange(&host, &refused);
    assert!(response.starts_with("HTTP/1.1 406 "), "{response}");
    assert!(!response.contains("public_id"), "{response}");
}

#[test]
#[ignore = "takes a minute: the time limit for a client that reads nothing is 30 seconds"]
#[cfg(target_os = "linux")]
fn a_client_that_reads_nothing_is_disconnected() {
    // A payload that does not fit into the buffers of the kernel.
    let images = RECORDED.trim_matches(['[', ']']);
    let payload = format!("[{}]", vec![images; 5_000].join(","));
    let file = std::env::temp_dir().join(format!("actix-host-{}.json", std::process::id()));
    std::fs::write(&file, payload).unwrap();
    let host = host_with(&["127.0.0.1:0", file.to_str().unwrap()]);
    std::fs::remove_file(&file).unwrap();
    let mut stream = connect(&host);
    write!(
        stream,
        "GET /api/v1/image_syncs HTTP/1.1\r\nHost: a\r\nAuthorization: Token {}\r\n\r\n",
        token(USER, 60, TOKEN_KEY)
    )
    .unwrap();
    std::thread::sleep(Duration::from_secs(50));
    assert!(stream.read_to_end(&mut Vec::new()).is_err());
}

#[test]
fn an_error_prints_each_message_once() {
    let unchanged = ("RUST_LOG", "");
    for (arguments, (variable, value), start) in [
        (
            &["no address"][..],
            unchanged,
            "cannot listen on no address\n",
        ),
        (
            &["127.0.0.1:0", "absent.json"],
            unchanged,
            "cannot read absent.json\n",
        ),
        (
            &["127.0.0.1:0"],
            ("TOKEN_KEY", "short"),
            "TOKEN_KEY is shorter than 32 bytes",
        ),
        (&["127.0.0.1:0"], ("PROXY_KEY", ""), ""),
        (
            &["127.0.0.1:0"],
            ("THUMBNAIL_KEY", "a thumbnail key\n"),
            "environment variable `THUMBNAIL_KEY` ends with a newline",
        ),
        (
            &["127.0.0.1:0"],
            ("TOKEN_KEY", "                                        "),
            "environment variable `TOKEN_KEY` is blank",
        ),
        (&["127.0.0.1:0"], ("CLOUDINARY_URL", "https://a:b@c"), ""),
    ] {
        let mut command = command(arguments);
        let output = command
            .env(variable, value)
            .env("RUST_LIB_BACKTRACE", "0")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        // A pipe is no terminal.
        assert!(!output.stderr.contains(&0x1b), "ANSI codes: {output:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        // Warnings about the keys may precede the error.
        let (_, error) = stderr.split_once("Error: ").unwrap();
        assert!(error.starts_with(start), "{error}");
        let mut parts = HashSet::new();
        let mut messages = error.lines().flat_map(|line| line.trim().split(": "));
        assert!(
            messages.all(|part| part.is_empty() || parts.insert(part)),
            "{error}"
        );
    }
}
