//! Values of command-line options.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use image_sync_sql::ImageSyncOptions;
use thiserror::Error;

/// The port of a scheduler, unless another one is given.
pub const SCHEDULER_PORT: u16 = 50_050;

/// A number of bytes, such as `512M` or `2G`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes(pub usize);

impl FromStr for Bytes {
    type Err = InvalidArgument;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let units = [('K', 10), ('M', 20), ('G', 30), ('T', 40)];
        let unit = units
            .iter()
            .find_map(|(unit, shift)| Some((text.strip_suffix(*unit)?, *shift)));
        let (digits, shift) = unit.unwrap_or((text, 0));
        let number: Option<usize> = digits.parse().ok();
        number
            .and_then(|number| number.checked_mul(1 << shift))
            .filter(|bytes| *bytes > 0)
            .map(Self)
            .ok_or(InvalidArgument::Bytes)
    }
}

/// The host and the port of a scheduler, such as `10.0.0.1:50050`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchedulerAddress {
    /// The name or the IP address of the host. An IPv6 address has brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl SchedulerAddress {
    /// Returns the host, without brackets, and the port to connect to.
    #[must_use]
    pub fn socket(&self) -> (&str, u16) {
        (self.host.trim_matches(['[', ']']), self.port)
    }
}

impl FromStr for SchedulerAddress {
    type Err = InvalidArgument;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.strip_prefix("http://").unwrap_or(text);
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().map_err(|_| InvalidArgument::Address)?)
            }
            _ => (text, SCHEDULER_PORT),
        };
        let is_valid = !host.is_empty() && !host.contains(['/', '@', '?', '#', ' ']);
        // An IPv6 address without brackets is ambiguous.
        if !is_valid || (host.contains(':') && !host.ends_with(']')) || port == 0 {
            return Err(InvalidArgument::Address);
        }
        Ok(Self {
            host: host.to_owned(),
            port,
        })
    }
}

impl fmt::Display for SchedulerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// The fingerprint of keys, such as `0123456789abcdef`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Returns the digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Fingerprint {
    type Err = InvalidArgument;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = ImageSyncOptions::parse_key_fingerprint(text);
        parsed.map(Self).map_err(|_| InvalidArgument::Fingerprint)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name or the IP address of a host, without a port. An IPv6 address has brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host(url::Host);

impl FromStr for Host {
    type Err = InvalidArgument;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let host = url::Host::parse(text);
        host.map(Self).map_err(|_| InvalidArgument::Host)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Formats an address as the host of a URL.
#[must_use]
pub fn url_host(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

/// Returns the host under which other processes reach this one: `host`, or the address that
/// it listens on.
///
/// # Errors
///
/// The process listens on all addresses, and `host` is missing.
pub fn advertised_host(bind: IpAddr, host: Option<&Host>) -> Result<String, InvalidArgument> {
    match host {
        Some(host) => Ok(host.to_string()),
        None if bind.is_unspecified() => Err(InvalidArgument::NoHost(bind)),
        None => Ok(url_host(bind)),
    }
}

/// An error parsing the value of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidArgument {
    /// An invalid number of bytes.
    #[error("expected a number of bytes such as 512M or 2G")]
    Bytes,
    /// An invalid address of a scheduler.
    #[error("expected a host and a port, such as 10.0.0.1:50050")]
    Address,
    /// An invalid fingerprint.
    #[error(
        "expected 16 digits of 0-9 and a-f, which image-sync-executor --print-fingerprint prints"
    )]
    Fingerprint,
    /// An invalid host.
    #[error("expected a name or an IP address without a port, such as node-2.internal or [::1]")]
    Host,
    /// All addresses to listen on, without the one that other processes use.
    #[error("--bind {0} listens on all addresses; set --host to the one that others use")]
    NoHost(IpAddr),
    /// A table without a name or without a path.
    #[error("expected a name and a path, such as images=photos.parquet")]
    Table,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_binary_units() {
        let cases = [("1", 1), ("4K", 4096), ("512M", 512 << 20), ("2G", 2 << 30)];
        for (text, bytes) in cases {
            assert_eq!(text.parse(), Ok(Bytes(bytes)), "{text}");
        }
        for text in [
            "",
            "0",
            "M",
            "-1",
            "1.5G",
            "1 G",
            "2g",
            "99999999999T",
            "1MM",
        ] {
            assert_eq!(text.parse::<Bytes>(), Err(InvalidArgument::Bytes), "{text}");
        }
    }

    #[test]
    fn fingerprints_are_hexadecimal_digits() {
        let text = "0123456789abcdef";
        assert_eq!(text.parse::<Fingerprint>().unwrap().as_str(), text);
        for text in [
            "",
            "0123456789abcde",
            "0123456789abcdef0",
            "0123456789ABCDEF",
            "0123456789abcdeg",
            " 123456789abcdef",
            "0123456789abcdé",
        ] {
            let error = Err(InvalidArgument::Fingerprint);
            assert_eq!(text.parse::<Fingerprint>(), error, "{text}");
        }
    }

    #[test]
    fn all_addresses_need_a_host() {
        let all = "0.0.0.0".parse().unwrap();
        assert_eq!(
            advertised_host(all, None),
            Err(InvalidArgument::NoHost(all))
        );
        let host = "node-2.internal";
        let given: Host = host.parse().unwrap();
        assert_eq!(advertised_host(all, Some(&given)), Ok(host.into()));
        let one = "::1".parse().unwrap();
        assert_eq!(advertised_host(one, None), Ok("[::1]".into()));
    }

    #[test]
    fn hosts_have_no_port() {
        for text in ["localhost", "node_2.internal", "10.0.0.1", "[::1]"] {
            assert_eq!(text.parse::<Host>().unwrap().to_string(), text);
        }
        for text in ["", "::1", "10.0.0.1:1", "http://h", "a/b", "a b", "u@h"] {
            let error = Err(InvalidArgument::Host);
            assert_eq!(text.parse::<Host>(), error, "{text}");
        }
    }

    #[test]
    fn the_port_of_a_scheduler_is_optional() {
        let cases = [
            ("localhost:1234", "localhost:1234"),
            ("localhost", "localhost:50050"),
            ("http://10.0.0.1:50051", "10.0.0.1:50051"),
            ("[::1]:50050", "[::1]:50050"),
            ("[::1]", "[::1]:50050"),
        ];
        for (text, address) in cases {
            let parsed: SchedulerAddress = text.parse().unwrap();
            assert_eq!(parsed.to_string(), address, "{text}");
        }
        for text in [
            "",
            ":50050",
            "host:",
            "host:0",
            "host:x",
            "::1",
            "https://host:1",
            "a/b:1",
        ] {
            assert!(text.parse::<SchedulerAddress>().is_err(), "{text}");
        }
    }
}
