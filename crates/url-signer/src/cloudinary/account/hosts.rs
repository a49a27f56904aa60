//! The hosts that an account's URLs lead to.

use crate::cloudinary::asset::Asset;
use crate::{Authority, AuthorityError};

const SHARED: &str = "res.cloudinary.com";

/// The name of the shared host before that, which still is in configurations.
const SHARED_ONCE: &str = "cloudinary-a.akamaihd.net";

/// How many hosts a sharded one is spread over.
const SHARDS: u32 = 5;

/// What an account says of its hosts, as the SDKs name it.
#[derive(Clone, Debug, Default)]
pub(crate) struct HostSettings {
    pub(crate) plain: bool,
    pub(crate) private_cdn: bool,
    pub(crate) secure_distribution: Option<Authority>,
    pub(crate) cname: Option<Authority>,
    pub(crate) cdn_subdomain: bool,
    pub(crate) secure_cdn_subdomain: Option<bool>,
}

/// The hosts that follow from the settings and the account's name.
#[derive(Clone, Debug)]
pub(crate) struct Hosts {
    settings: HostSettings,
    /// The one host, before the shards if there are any.
    base: Authority,
    shards: Vec<Authority>,
    /// Whether the account's name stands in the path.
    named: bool,
}

impl Hosts {
    pub(crate) fn new(name: &str, settings: HostSettings) -> Result<Self, AuthorityError> {
        let HostSettings {
            plain,
            private_cdn,
            secure_distribution,
            cname,
            cdn_subdomain,
            secure_cdn_subdomain,
        } = &settings;
        let of_provider = || {
            if *private_cdn {
                Authority::new(&format!("{name}-{SHARED}"))
            } else {
                Authority::new(SHARED)
            }
        };
        let (base, sharded, named);
        if *plain {
            base = match cname {
                Some(cname) => cname.clone(),
                None => of_provider()?,
            };
            named = !private_cdn;
            sharded = *cdn_subdomain;
        } else {
            base = match secure_distribution {
                Some(host) if host.as_str() != SHARED_ONCE => host.clone(),
                _ => of_provider()?,
            };
            named = !private_cdn || base.as_str() == SHARED;
            sharded = secure_cdn_subdomain.unwrap_or(named && *cdn_subdomain);
        }
        let is_cname = *plain && cname.is_some();
        let shards = if sharded {
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
            named,
        })
    }

    pub(crate) const fn settings(&self) -> &HostSettings {
        &self.settings
    }

    pub(crate) const fn scheme(&self) -> &'static str {
        if self.settings.plain { "http" } else { "https" }
    }

    /// Whether the account's name stands in the path.
    pub(crate) const fn named(&self) -> bool {
        self.named
    }

    /// The host without a shard.
    pub(crate) const fn base(&self) -> &Authority {
        &self.base
    }

    /// The host of an asset: the shard, if there are any, follows from its source.
    pub(crate) fn of(&self, asset: &Asset, suffix: Option<&str>) -> &Authority {
        if self.shards.is_empty() {
            return &self.base;
        }
        let mut crc = crc32fast::Hasher::new();
        for piece in asset.printed(suffix) {
            crc.update(piece.as_bytes());
        }
        let index = usize::try_from(crc.finalize() % SHARDS).unwrap_or_default();
        self.shards.get(index).unwrap_or(&self.base)
    }

    /// Whether a host leads to the account of this name: one of the provider's
    /// or one that is set, in any shard, over `http` and `https`.
    pub(crate) fn belongs_to(&self, name: &str, host: &str, cloud_name: Option<&str>) -> bool {
        if cloud_name.is_some_and(|in_path| in_path != name) {
            return false;
        }
        if is_shared(host) {
            return cloud_name.is_some();
        }
        let own = host
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix('-'))
            .is_some_and(is_shared);
        let HostSettings {
            private_cdn,
            secure_distribution,
            cname,
            ..
        } = &self.settings;
        let set = || {
            let is_of = |set: &Authority| is_shard_of(host, set.as_str());
            let is_of_cname =
                |set: &Authority| host == set.as_str() || is_cname_shard_of(host, set.as_str());
            secure_distribution.as_ref().is_some_and(is_of)
                || cname.as_ref().is_some_and(is_of_cname)
        };
        own || (set() && (*private_cdn || cloud_name.is_some()))
    }
}

/// A host's shard, `None` if the host has none.
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

/// Whether all accounts share a host, so that paths begin with their name.
pub(crate) fn is_shared(host: &str) -> bool {
    is_shard_of(host, SHARED)
}

/// Whether a host is this one, or one of its shards.
fn is_shard_of(host: &str, base: &str) -> bool {
    if host == base {
        return true;
    }
    base.split_once(SHARED).is_some_and(|(before, after)| {
        host.strip_prefix(before)
            .and_then(|host| host.strip_prefix("res-"))
            .and_then(|host| host.strip_suffix(after))
            .and_then(|host| host.strip_suffix(".cloudinary.com"))
            .is_some_and(is_shard)
    })
}

fn is_cname_shard_of(host: &str, cname: &str) -> bool {
    host.strip_suffix(cname)
        .and_then(|host| host.strip_suffix('.'))
        .and_then(|host| host.strip_prefix('a'))
        .is_some_and(is_shard)
}

fn is_shard(text: &str) -> bool {
    matches!(text.as_bytes(), [b'1'..=b'5'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> Authority {
        Authority::new(text).unwrap()
    }

    #[test]
    fn a_host_leads_to_an_account_by_the_providers_names_and_those_set() {
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
    fn a_name_or_address_that_can_have_no_shard_is_refused() {
        let settings = |cname: &str| HostSettings {
            plain: true,
            cname: Some(host(cname)),
            cdn_subdomain: true,
            ..HostSettings::default()
        };
        assert!(Hosts::new("demo", settings("img.example.org")).is_ok());
        assert!(Hosts::new("demo", settings("127.0.0.1")).is_err());
        assert!(Hosts::new("demo", settings("[::1]")).is_err());
    }

    #[test]
    fn the_host_that_the_shared_one_was_before_means_the_shared_one() {
        let hosts = |private_cdn| {
            let settings = HostSettings {
                private_cdn,
                secure_distribution: Some(host(SHARED_ONCE)),
                ..HostSettings::default()
            };
            Hosts::new("demo", settings).unwrap().base.to_string()
        };
        assert_eq!(hosts(false), "res.cloudinary.com");
        assert_eq!(hosts(true), "demo-res.cloudinary.com");
    }
}
