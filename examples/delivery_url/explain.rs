//! `explain`: the parts of a URL, the signed text and the key that signed it.

use std::io::Write;
use std::net::IpAddr;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use url_signer::cloudinary::explain::Explanation;
use url_signer::cloudinary::{Cloud, TokenContext};

/// A URL and the address of the client that requests it.
#[derive(Args)]
pub(crate) struct Arguments {
    /// URL, including its query
    url: String,

    /// IP address of the client, for tokens that are limited to an address
    #[arg(long)]
    ip: Option<IpAddr>,
}

impl Arguments {
    pub(crate) fn explain(&self, cloud: &Cloud, now: i64) -> Explanation<'_> {
        let mut context = TokenContext::new(now);
        context.ip = self.ip;
        cloud.explain_at(&self.url, &context)
    }

    pub(crate) fn run(&self, cloud: &Cloud, now: i64, output: &mut impl Write) -> Result<ExitCode> {
        let explanation = self.explain(cloud, now);
        if explanation.parts().is_some() {
            write!(output, "{explanation}")?;
            return Ok(ExitCode::SUCCESS);
        }
        for cause in explanation.causes() {
            writeln!(output, "{cause}")?;
        }
        Ok(ExitCode::FAILURE)
    }
}
