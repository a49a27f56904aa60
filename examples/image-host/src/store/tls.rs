//! Connections without TLS.

use anyhow::{Result, ensure};
use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// Checks that a connection to PostgreSQL is not unencrypted by accident.
///
/// By default, `sqlx` connects without TLS if it was built without TLS.
///
/// # Errors
///
/// - Without the feature `tls`: a server on another machine, unless the URL contains
///   `sslmode=disable`.
pub(super) fn check(options: &PgConnectOptions) -> Result<()> {
    ensure!(
        cfg!(feature = "tls") || is_local(options) || is_disabled(options),
        "this program was built without TLS for connections to other machines; build it with \
         `--features tls`, or add `sslmode=disable` to the URL if the network is trusted"
    );
    Ok(())
}

fn is_disabled(options: &PgConnectOptions) -> bool {
    matches!(options.get_ssl_mode(), PgSslMode::Disable)
}

fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = |address: std::net::IpAddr| address.to_canonical().is_loopback();
    options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host.parse().is_ok_and(loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_machines_need_tls() {
        for (url, local, disabled) in [
            ("postgres://a@localhost/b", true, false),
            ("postgres://a@127.0.0.1:5433/b", true, false),
            ("postgres://a@127.8.0.1/b", true, false),
            ("postgres://a@[::1]/b", true, false),
            ("postgres://a@%2Frun%2Fpostgresql/b", true, false),
            ("postgres:///b?host=/run/postgresql", true, false),
            ("postgres://a@localhost/b?host=example.org", false, false),
            ("postgres://a@example.org/b", false, false),
            ("postgres://a@localhost.example.org/b", false, false),
            ("postgres://a@10.0.0.1/b?sslmode=prefer", false, false),
            ("postgres://a@10.0.0.1/b?sslmode=require", false, false),
            ("postgres://a@10.0.0.1/b?sslmode=disable", false, true),
        ] {
            let options: PgConnectOptions = url.parse().unwrap();
            assert_eq!(is_local(&options), local, "{url}");
            assert_eq!(is_disabled(&options), disabled, "{url}");
            let valid = local || disabled || cfg!(feature = "tls");
            assert_eq!(check(&options).is_ok(), valid, "{url}");
        }
    }
}
