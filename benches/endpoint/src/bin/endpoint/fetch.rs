//! Complete responses of the servers.

use std::io::Read;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use endpoint::PATH;

/// The time limit of a response.
const TIMEOUT: Duration = Duration::from_mins(1);

/// A client with an access token.
#[derive(Debug)]
pub(crate) struct Client {
    agent: ureq::Agent,
    authorization: String,
}

/// A response with the status 200.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Client {
    pub(crate) fn new(token: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .build();
        Self {
            agent: config.into(),
            authorization: format!("Bearer {token}"),
        }
    }

    /// Requests images from a server. The query starts with `?` or is empty.
    pub(crate) fn get(&self, server: &str, query: &str) -> Result<Response> {
        let url = format!("{server}{PATH}{query}");
        let request = self.agent.get(&url);
        let mut response = request
            .header("authorization", &self.authorization)
            // By default, the client requests compression, and wrk does not.
            .header("accept-encoding", "identity")
            .call()
            .with_context(|| format!("request to {server}"))?;
        let status = response.status();
        ensure!(status == 200, "status {status}; expected 200");
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| {
            let value = value.to_str().context("header")?;
            Ok((name.to_string(), value.to_owned()))
        });
        let headers = headers.collect::<Result<_>>()?;
        let mut body = Vec::new();
        response.body_mut().as_reader().read_to_end(&mut body)?;
        Ok(Response {
            headers,
            body: body.into(),
        })
    }
}
