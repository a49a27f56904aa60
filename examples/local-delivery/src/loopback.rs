//! Hosts of this machine.

use std::net::IpAddr;

use url::Host;

/// Returns whether a host is a loopback address, `localhost` or a name in `localhost`
/// (RFC 6761, section 6.3).
pub(crate) fn is_loopback(host: &Host<&str>) -> bool {
    match *host {
        Host::Ipv4(address) => address.is_loopback(),
        // `::ffff:127.0.0.1` is an IPv4 address.
        Host::Ipv6(address) => IpAddr::from(address).to_canonical().is_loopback(),
        Host::Domain(domain) => domain == "localhost" || domain.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_hosts_are_recognized() {
        for (host, loopback) in [
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("[::1]", true),
            ("[::ffff:127.0.0.1]", true),
            ("localhost", true),
            ("app.localhost", true),
            ("10.0.0.7", false),
            ("0.0.0.0", false),
            ("[::]", false),
            ("[::ffff:10.0.0.7]", false),
            ("localhost.example.org", false),
            ("notlocalhost", false),
            ("127.0.0.1.example.org", false),
        ] {
            let parsed = Host::parse(host).unwrap();
            let parsed = match &parsed {
                Host::Domain(domain) => Host::Domain(&**domain),
                Host::Ipv4(address) => Host::Ipv4(*address),
                Host::Ipv6(address) => Host::Ipv6(*address),
            };
            assert_eq!(is_loopback(&parsed), loopback, "{host}");
        }
    }
}
