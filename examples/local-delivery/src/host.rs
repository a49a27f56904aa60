//! The host of requests.
//!
//! A website can make its own name point to a loopback address (DNS rebinding). Its scripts
//! can then read the responses of this server, because the origin is the same. The browser
//! sends the name of the website as the host.

use std::sync::Arc;

use axum::extract::{self, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::uri::Authority;
use http::{StatusCode, header};
use url::Host;

use crate::loopback::is_loopback;
use crate::response::{Problem, add_common_headers};
use crate::state::State;

/// Rejects requests for other hosts than this machine and the configured one.
pub(crate) async fn check_host(
    extract::State(state): extract::State<Arc<State>>,
    request: Request,
    next: Next,
) -> Response {
    let configured = parse(state.settings.authority.as_str());
    let problem = match host(&request) {
        None => Problem::bad_request("Invalid Host"),
        Some(host) if is_local(&host) || Some(&host) == configured.as_ref() => {
            return next.run(request).await;
        }
        Some(host) => Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            format!("Host {host} is not served here; configure it as the authority"),
        ),
    };
    let mut response = problem.into_response();
    add_common_headers(request.headers(), response.headers_mut());
    response
}

/// Returns the host of a request, without its port. The authority of the target replaces
/// `Host` (RFC 9112, section 3.2.2).
fn host(request: &Request) -> Option<Host> {
    if let Some(authority) = request.uri().authority() {
        return Host::parse(authority.host()).ok();
    }
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return None;
    };
    parse(host.to_str().ok()?)
}

fn parse(authority: &str) -> Option<Host> {
    let authority: Authority = authority.parse().ok()?;
    Host::parse(authority.host()).ok()
}

fn is_local(host: &Host) -> bool {
    is_loopback(&match host {
        Host::Domain(domain) => Host::Domain(&**domain),
        Host::Ipv4(address) => Host::Ipv4(*address),
        Host::Ipv6(address) => Host::Ipv6(*address),
    })
}
