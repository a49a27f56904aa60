//! An account by its URL: `cloudinary://<key>:<secret>@<cloud>[/<distribution>][?<options>]`.

use std::env;
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::{Cloud, CloudError, SignatureForm};
use crate::{Host, Secret, SecretError};

const VARIABLE: &str = "CLOUDINARY_URL";

/// Options of the provider's SDKs that have no bearing on delivery URLs.
const OF_OTHER_USES: &[&str] = &[
    "api_proxy",
    "chunk_size",
    "oauth_token",
    "timeout",
    "upload_prefix",
    "upload_preset",
];

impl Cloud {
    /// The account in the environment variable `CLOUDINARY_URL`.
    ///
    /// # Errors
    ///
    /// - The variable is not set, empty or not UTF-8.
    /// - What [`Cloud::from_str`] refuses.
    pub fn from_env() -> Result<Self, CloudError> {
        let value =
            env::var_os(VARIABLE).ok_or_else(|| SecretError::NotSet(VARIABLE.to_owned()))?;
        let value = value
            .into_string()
            .map(Zeroizing::new)
            .map_err(|_| CloudError::NotUtf8)?;
        if value.is_empty() {
            return Err(SecretError::EmptyVariable(VARIABLE.to_owned()).into());
        }
        value.parse()
    }
}

/// Reads `cloudinary://<key>:<secret>@<cloud>[/<distribution>][?<option>=<value>&…]`.
///
/// A distribution means a private CDN; a lone `/` means nothing. The options:
/// `signature_algorithm` (`sha1`, `sha256`), `long_url_signature`,
/// `private_cdn` (both `true` or `false`), `secure_distribution` (a host), and
/// `secure`, which can only be `true`. Those that the SDKs use for uploads, such
/// as `upload_prefix`, are passed over.
///
/// ```
/// use url_signer::cloudinary::{Cloud, SignatureForm};
///
/// let cloud: Cloud = "cloudinary://key:abcd@demo?signature_algorithm=sha256".parse()?;
/// assert_eq!(cloud.name(), "demo");
/// assert_eq!(cloud.signature_form(), SignatureForm::Sha256);
/// # Ok::<(), url_signer::cloudinary::CloudError>(())
/// ```
impl FromStr for Cloud {
    type Err = CloudError;

    /// # Errors
    ///
    /// - Another beginning than `cloudinary://`.
    /// - A secret that is missing or empty.
    /// - More than one `@`, or a fragment.
    /// - What [`Cloud::new`] refuses of a name, or [`Host::new`] of a distribution.
    /// - An option that is not known, or a value that it does not take.
    fn from_str(text: &str) -> Result<Self, CloudError> {
        // Taken apart here, so that no parser keeps a copy of the secret.
        let text = text
            .strip_prefix("cloudinary://")
            .ok_or(CloudError::Scheme)?;
        let (key_and_secret, rest) = text.split_once('@').ok_or(CloudError::MissingSecret)?;
        if rest.contains('@') {
            return Err(CloudError::ManyAts);
        }
        let (_, secret) = key_and_secret
            .split_once(':')
            .ok_or(CloudError::MissingSecret)?;
        let secret = Secret::new(percent_decode_str(secret).collect::<Vec<u8>>())
            .map_err(|_| CloudError::MissingSecret)?;
        if rest.contains('#') {
            return Err(CloudError::Fragment);
        }
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (name, path) = rest.split_once('/').unwrap_or((rest, ""));
        let mut cloud = Self::new(name, secret)?;

        let mut options = Options::default();
        for (option, value) in form_urlencoded::parse(query.as_bytes()) {
            options.read(&option, &value)?;
        }
        cloud.form = options.form();
        // A lone `/` means nothing.
        let distribution = if path.is_empty() {
            None
        } else {
            Some(Host::new(path).map_err(CloudError::Distribution)?)
        };
        let private_cdn = options.private_cdn.unwrap_or(distribution.is_some());
        if let Some(host) = options.secure_distribution.or(distribution) {
            cloud = cloud.with_secure_distribution(host);
        }
        if private_cdn {
            cloud = cloud.with_private_cdn()?;
        }
        Ok(cloud)
    }
}

#[derive(Default)]
struct Options {
    sha256: bool,
    long: bool,
    private_cdn: Option<bool>,
    secure_distribution: Option<Host>,
}

impl Options {
    fn read(&mut self, option: &str, value: &str) -> Result<(), CloudError> {
        let expected = |expected| CloudError::OptionValue {
            option: option.to_owned(),
            expected,
        };
        let boolean = || match value {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(expected("`true` or `false`")),
        };
        match option {
            "signature_algorithm" => {
                self.sha256 = match value {
                    "sha1" => false,
                    "sha256" => true,
                    _ => return Err(expected("`sha1` or `sha256`")),
                }
            }
            "long_url_signature" => self.long = boolean()?,
            "private_cdn" => self.private_cdn = Some(boolean()?),
            "secure_distribution" => {
                let host = Host::new(value).map_err(CloudError::Distribution)?;
                self.secure_distribution = Some(host);
            }
            "secure" if boolean()? => {}
            "secure" => return Err(expected("`true`")),
            _ if OF_OTHER_USES.contains(&option) => {}
            _ => return Err(CloudError::UnknownOption(option.to_owned())),
        }
        Ok(())
    }

    /// The long form is of SHA-256, whatever the algorithm of the short one.
    const fn form(&self) -> SignatureForm {
        match (self.sha256, self.long) {
            (false, false) => SignatureForm::Sha1,
            (true, false) => SignatureForm::Sha256,
            (_, true) => SignatureForm::Sha256Long,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> String {
        let cloud: Cloud = text.parse().unwrap();
        let asset = super::super::Asset::new("a").unwrap();
        let url = cloud
            .sign(super::super::Transformation::new(), &asset)
            .to_string();
        url.split("/image/").next().unwrap().to_owned()
    }

    #[test]
    fn hosts_follow_from_the_configuration() {
        for (text, expected) in [
            ("cloudinary://k:s@demo", "https://res.cloudinary.com/demo"),
            ("cloudinary://k:s@demo/", "https://res.cloudinary.com/demo"),
            (
                "cloudinary://k:s@demo?secure=true&upload_prefix=https://api.example.org",
                "https://res.cloudinary.com/demo",
            ),
            (
                "cloudinary://k:s@Demo_1",
                "https://res.cloudinary.com/Demo_1",
            ),
            (
                "cloudinary://k:s@demo?private_cdn=true",
                "https://demo-res.cloudinary.com",
            ),
            (
                "cloudinary://k:s@demo/img.example.org",
                "https://img.example.org",
            ),
            (
                "cloudinary://k:s@demo/img.example.org?private_cdn=false",
                "https://img.example.org/demo",
            ),
            (
                "cloudinary://k:s@demo?secure_distribution=img.example.org",
                "https://img.example.org/demo",
            ),
            (
                "cloudinary://k:s@demo/a.example.org?secure_distribution=b.example.org",
                "https://b.example.org",
            ),
            (
                "cloudinary://k:s@demo/res.cloudinary.com",
                "https://res.cloudinary.com/demo",
            ),
        ] {
            assert_eq!(base(text), expected);
        }
    }

    #[test]
    fn forms_follow_from_the_configuration() {
        for (options, form) in [
            ("", SignatureForm::Sha1),
            (
                "?signature_algorithm=sha1&long_url_signature=false",
                SignatureForm::Sha1,
            ),
            ("?signature_algorithm=sha256", SignatureForm::Sha256),
            ("?long_url_signature=true", SignatureForm::Sha256Long),
            (
                "?long_url_signature=true&signature_algorithm=sha256",
                SignatureForm::Sha256Long,
            ),
        ] {
            let cloud: Cloud = format!("cloudinary://k:s@demo{options}").parse().unwrap();
            assert_eq!(cloud.signature_form(), form);
        }
    }

    #[test]
    fn a_secret_may_be_escaped() {
        let secret = |text: &str| {
            let cloud: Cloud = text.parse().unwrap();
            cloud.keys.signing().as_bytes().to_vec()
        };
        assert_eq!(
            secret("cloudinary://k:a%2Fb%40%20%C3%A9@demo"),
            "a/b@ é".as_bytes()
        );
        assert_eq!(secret("cloudinary://k:a:b@demo"), b"a:b");
        // What is special elsewhere in a URL stays as it is.
        assert_eq!(secret("cloudinary://k:a/b?c#d\te%@demo"), b"a/b?c#d\te%");
    }

    #[test]
    fn a_configuration_that_is_none_is_refused_without_its_secret() {
        for (text, error) in [
            ("", "cloudinary url does not begin with `cloudinary://`"),
            ("demo", "cloudinary url does not begin with `cloudinary://`"),
            (
                "https://k:hush@demo",
                "cloudinary url does not begin with `cloudinary://`",
            ),
            (
                "hush:k@demo",
                "cloudinary url does not begin with `cloudinary://`",
            ),
            ("cloudinary://demo", "cloudinary url has no api secret"),
            ("cloudinary://k:hush", "cloudinary url has no api secret"),
            ("cloudinary://hush@demo", "cloudinary url has no api secret"),
            ("cloudinary://k:@demo", "cloudinary url has no api secret"),
            (
                "cloudinary://k:p@s/hush@demo",
                "cloudinary url has more than one `@`; in a secret it is written `%40`",
            ),
            ("cloudinary://k:hush@", "cloud name is empty"),
            (
                "cloudinary://k:hush@demo:80",
                "cloud name `demo:80` has ':'",
            ),
            (
                "cloudinary://k:hush@demo#x",
                "cloudinary url has a fragment",
            ),
            (
                "cloudinary://k:hush@de%2Fmo",
                "cloud name `de%2Fmo` has '%'",
            ),
            ("cloudinary://k:hush@d~mo", "cloud name `d~mo` has '~'"),
            (
                "cloudinary://k:hush@demo/a/b",
                "cloudinary url has a distribution that cannot be: host `a/b` has a path",
            ),
            (
                "cloudinary://k:hush@demo?secure_distribution=https://x.org",
                "cloudinary url has a distribution that cannot be: host `https://x.org` has a scheme",
            ),
            (
                "cloudinary://k:hush@demo?private_cdn=yes",
                "cloudinary url has an option `private_cdn` that is not `true` or `false`",
            ),
            (
                "cloudinary://k:hush@demo?signature_algorithm=md5",
                "cloudinary url has an option `signature_algorithm` that is not `sha1` or `sha256`",
            ),
            (
                "cloudinary://k:hush@demo?secure=false",
                "cloudinary url has an option `secure` that is not `true`",
            ),
            (
                "cloudinary://k:hush@demo?cdn_subdomain=true",
                "cloudinary url has the option `cdn_subdomain`, which is not known",
            ),
            (
                "cloudinary://k:hush@demo?sercure=true",
                "cloudinary url has the option `sercure`, which is not known",
            ),
        ] {
            let refused = text.parse::<Cloud>().unwrap_err();
            assert_eq!(refused.to_string(), error, "{text}");
            assert!(!format!("{refused:?}").contains("hush"));
        }
    }
}
