//! The hosts of an account's delivery URLs.

use crate::authority::{Authority, AuthorityError};
use crate::cloudinary::asset::Asset;

/// The host that all accounts share.
const SHARED: &str = "res.cloudinary.com";

/// An old name of the shared host, still present in configurations.
const LEGACY_SHARED: &str = "cloudinary-a.akamaihd.net";

/// The number of CDN subdomains.
const SHARDS: u32 = 5;

/// The options of the SDKs that determine the host.
#[derive(Clone, Debug, Default)]
pub(crate) struct HostSettings {
    pub(crate) plain_http: bool,
    pub(crate) private_cdn: bool,
    pub(crate) secure_distribution: Option<Authority>,
    pub(crate) cname: Option<Authority>,
    pub(crate) cdn_subdomain: bool,
    pub(crate) secure_cdn_subdomain: Option<bool>,
}

/// The hosts that the settings and the cloud name determine.
#[derive(Clone, Debug)]
pub(crate) struct Hosts {
    settings: HostSettings,
    /// The host before sharding.
    base: Authority,
    /// The five CDN subdomains; empty without sharding.
    shards: Vec<Authority>,
    /// True if paths start with the cloud name.
    has_named_path: bool,
}

impl Hosts {
    pub(crate) fn new(name: &str, settings: HostSettings) -> Result<Self, AuthorityError> {
        let HostSettings {
            plain_http,
            private_cdn,
            secure_distribution,
            cname,
            cdn_subdomain,
            secure_cdn_subdomain,
        } = &settings;
        let provider_host = || {
            if *private_cdn {
                Authority::new(&format!("{name}-{SHARED}"))
            } else {
                Authority::new(SHARED)
            }
        };
        let (base, is_sharded, has_named_path);
        if *plain_http {
            base = match cname {
                Some(cname) => cname.clone(),
                None => provider_host()?,
            };
            has_named_path = !private_cdn;
            is_sharded = *cdn_subdomain;
        } else {
            base = match secure_distribution {
                Some(host) if host.as_str() != LEGACY_SHARED => host.clone(),
                _ => provider_host()?,
            };
            has_named_path = !private_cdn || base.as_str() == SHARED;
            is_sharded = secure_cdn_subdomain.unwrap_or(has_named_path && *cdn_subdomain);
        }
        let is_cname = *plain_http && cname.is_some();
        let shards = if is_sharded {
            (1..=SHARDS)
                .filter_map(|shard| sharded_host(&base, is_cname, shard))
                .collect::<Result<_, _>>()?
        } else {
            Vec::new()
        };
        Ok(Self {
            settings,
            base,
            shards,
            has_named_path,
        })
    }

    pub(crate) const fn settings(&self) -> &HostSettings {
        &self.settings
    }

    pub(crate) const fn scheme(&self) -> &'static str {
        if self.settings.plain_http {
            "http"
        } else {
            "https"
        }
    }

    /// Returns whether paths start with the cloud name.
    pub(crate) const fn has_named_path(&self) -> bool {
        self.has_named_path
    }

    /// The host before sharding.
    pub(crate) const fn base(&self) -> &Authority {
        &self.base
    }

    /// The host of a URL that has no source, such as a search URL. The shard is that of
    /// an empty source.
    #[cfg(feature = "search")]
    pub(crate) fn without_source(&self) -> &Authority {
        // The CRC-32 of an empty text is 0.
        self.shards.first().unwrap_or(&self.base)
    }

    /// The host of an asset. Its source determines the shard.
    pub(crate) fn for_asset(&self, asset: &Asset, suffix: Option<&str>) -> &Authority {
        if self.shards.is_empty() {
            return &self.base;
        }
        let mut crc = crc32fast::Hasher::new();
        for piece in asset.source_with_suffix(suffix) {
            crc.update(piece.as_bytes());
        }
        let index = usize::try_from(crc.finalize() % SHARDS).unwrap_or_default();
        self.shards.get(index).unwrap_or(&self.base)
    }

    /// Returns whether a host and the cloud name in a path belong to this account: the
    /// host is one of Cloudinary's or a configured one, in any shard, for `http` or
    /// `https`.
    pub(crate) fn belongs_to(&self, name: &str, host: &str, cloud_name: Option<&str>) -> bool {
        if cloud_name.is_some_and(|in_path| in_path != name) {
            return false;
        }
        if is_shared(host) {
            return cloud_name.is_some();
        }
        let is_private_host = host
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix('-'))
            .is_some_and(is_shared);
        let HostSettings {
            private_cdn,
            secure_distribution,
            cname,
            ..
        } = &self.settings;
        let is_configured_host = || {
            let is_secure = |base: &Authority| is_shard_of(host, base.as_str());
            let is_cname =
                |base: &Authority| host == base.as_str() || is_cname_shard_of(host, base.as_str());
            secure_distribution.as_ref().is_some_and(is_secure)
                || cname.as_ref().is_some_and(is_cname)
        };
        is_private_host || (is_configured_host() && (*private_cdn || cloud_name.is_some()))
    }
}

/// Returns a shard of a host, or `None` if the host cannot be sharded.
fn sharded_host(
    base: &Authority,
    is_cname: bool,
    shard: u32,
) -> Option<Result<Authority, AuthorityError>> {
    if is_cname {
        return Some(Authority::new(&format!("a{shard}.{base}")));
    }
    let (before, after) = base.as_str().split_once(SHARED)?;
    Some(Authority::new(&format!(
        "{before}res-{shard}.cloudinary.com{after}"
    )))
}

/// Returns whether all accounts share a host, so that paths start with a cloud name.
pub(crate) fn is_shared(host: &str) -> bool {
    is_shard_of(host, SHARED)
}

/// Returns whether a host is the base, or one of its shards.
fn is_shard_of(host: &str, base: &str) -> bool {
    if host == base {
        return true;
    }
    base.split_once(SHARED).is_some_and(|(before, after)| {
        host.strip_prefix(before)
            .and_then(|host| host.strip_prefix("res-"))
            .and_then(|host| host.strip_suffix(after))
            .and_then(|host| host.strip_suffix(".cloudinary.com"))
            .is_some_and(is_shard_number)
    })
}

fn is_cname_shard_of(host: &str, cname: &str) -> bool {
    host.strip_suffix(cname)
        .and_then(|host| host.strip_suffix('.'))
        .and_then(|host| host.strip_prefix('a'))
        .is_some_and(is_shard_number)
}

fn is_shard_number(text: &str) -> bool {
    matches!(text.as_bytes(), [b'1'..=b'5'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> Authority {
        Authority::new(text).unwrap()
    }

    #[test]
    fn provider_and_configured_hosts_belong_to_the_account() {
        let hosts = Hosts::new(
            "demo",
            HostSettings {
                secure_distribution: Some(host("my-res.cloudinary.com")),
                cname: Some(host("img.example.org")),
                ..HostSettings::default()
            },
        )
        .unwrap();
        let named = Some("demo");
        for (text, cloud_name) in [
            ("res.cloudinary.com", named),
            ("res-1.cloudinary.com", named),
            ("res-5.cloudinary.com", named),
            ("demo-res.cloudinary.com", named),
            ("demo-res.cloudinary.com", None),
            ("demo-res-3.cloudinary.com", None),
            ("my-res.cloudinary.com", named),
            ("my-res-2.cloudinary.com", named),
            ("img.example.org", named),
            ("a4.img.example.org", named),
        ] {
            assert!(hosts.belongs_to("demo", text, cloud_name), "{text}");
        }
        for (text, cloud_name) in [
            ("res.cloudinary.com", None),
            ("res.cloudinary.com", Some("other")),
            ("demo-res.cloudinary.com", Some("other")),
            ("res-0.cloudinary.com", named),
            ("res-6.cloudinary.com", named),
            ("res-11.cloudinary.com", named),
            ("res-.cloudinary.com", named),
            ("other-res.cloudinary.com", named),
            ("other-res.cloudinary.com", None),
            ("res.cloudinary.com.evil.example", named),
            ("evil.example", named),
            ("my-res.cloudinary.com", None),
            ("img.example.org", None),
            ("a6.img.example.org", named),
            ("b1.img.example.org", named),
            ("a1img.example.org", named),
            ("a1.evil.img.example.org", named),
        ] {
            assert!(!hosts.belongs_to("demo", text, cloud_name), "{text}");
        }
    }

    #[test]
    fn an_address_cannot_be_sharded() {
        let settings = |cname: &str| HostSettings {
            plain_http: true,
            cname: Some(host(cname)),
            cdn_subdomain: true,
            ..HostSettings::default()
        };
        assert!(Hosts::new("demo", settings("img.example.org")).is_ok());
        assert!(Hosts::new("demo", settings("127.0.0.1")).is_err());
        assert!(Hosts::new("demo", settings("[::1]")).is_err());
    }

    #[test]
    fn legacy_shared_host_is_an_alias() {
        let hosts = |private_cdn| {
            let settings = HostSettings {
                private_cdn,
                secure_distribution: Some(host(LEGACY_SHARED)),
                ..HostSettings::default()
            };
            Hosts::new("demo", settings).unwrap().base.to_string()
        };
        assert_eq!(hosts(false), "res.cloudinary.com");
        assert_eq!(hosts(true), "demo-res.cloudinary.com");
    }
}
