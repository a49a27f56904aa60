//! An account by its configuration: `CLOUDINARY_URL`, or the variables
//! `CLOUDINARY_CLOUD_NAME`, `CLOUDINARY_API_SECRET` and so on.

use std::env;
use std::str::FromStr;

use thiserror::Error;
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::settings::{Settings, Value};
use super::{Cloud, CloudError};
use crate::{Host, Secret};

const URL: &str = "CLOUDINARY_URL";
const PREFIX: &str = "CLOUDINARY_";
const CLOUD_NAME: &str = "CLOUDINARY_CLOUD_NAME";

/// What was found in a configuration and kept out of it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigurationWarning {
    /// An option that is not known, such as one with a slip of the pen.
    #[error("option `{}` is not known and has no effect", .0.escape_debug())]
    UnknownOption(String),
    /// `CLOUDINARY_URL` beside `CLOUDINARY_CLOUD_NAME`, which goes before it.
    #[error("`CLOUDINARY_URL` has no effect, because `CLOUDINARY_CLOUD_NAME` is set")]
    UrlBesideCloudName,
    /// Options of access tokens and no key for them.
    #[error("`auth_token` has no effect without `auth_token[key]`")]
    TokenWithoutKey,
    /// A variable whose value is not UTF-8.
    #[error("environment variable `{}` is not utf-8 and has no effect", .0.escape_debug())]
    NotUtf8(String),
}

impl Cloud {
    /// The account in the environment variables, as [`Cloud::from_vars`] reads
    /// them.
    ///
    /// # Errors
    ///
    /// - What [`Cloud::from_vars`] refuses.
    pub fn from_env() -> Result<Self, CloudError> {
        Self::of_settings(&Settings::from_env()?)
    }

    /// The account in these variables.
    ///
    /// If `CLOUDINARY_CLOUD_NAME` is among them, each `CLOUDINARY_<OPTION>` is an
    /// option, as in `CLOUDINARY_API_SECRET` and `CLOUDINARY_PRIVATE_CDN`.
    /// Otherwise it is what `CLOUDINARY_URL` says.
    ///
    /// ```
    /// use url_signer::cloudinary::Cloud;
    ///
    /// let cloud = Cloud::from_vars([
    ///     ("CLOUDINARY_CLOUD_NAME", "demo"),
    ///     ("CLOUDINARY_API_SECRET", "abcd"),
    ///     ("CLOUDINARY_CDN_SUBDOMAIN", "true"),
    ///     ("HOME", "/root"),
    /// ])?;
    /// assert_eq!(cloud.name(), "demo");
    /// # Ok::<(), url_signer::cloudinary::CloudError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - Neither `CLOUDINARY_CLOUD_NAME` nor `CLOUDINARY_URL`, or both empty.
    /// - No `CLOUDINARY_API_SECRET` beside `CLOUDINARY_CLOUD_NAME`.
    /// - What [`Cloud::from_str`] refuses.
    pub fn from_vars<N: AsRef<str>, V: AsRef<str>>(
        vars: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, CloudError> {
        Self::of_settings(&Settings::from_vars(vars)?)
    }

    pub(super) fn of_settings(settings: &Settings) -> Result<Self, CloudError> {
        let secret = settings
            .api_secret
            .clone()
            .ok_or(CloudError::MissingSecret)?;
        settings.to_cloud(secret)
    }
}

/// Reads `cloudinary://<key>:<secret>@<cloud>[/<distribution>][?<option>=<value>&…]`.
///
/// The secret is taken as it is written, escapes and all, as the SDKs do. A
/// distribution means a private CDN; a `/` with nothing after it means nothing. The options
/// are those of the SDKs that bear on delivery URLs: `secure`, `private_cdn`,
/// `secure_distribution`, `cname`, `cdn_subdomain`, `secure_cdn_subdomain`,
/// `signature_algorithm` (`sha1`, `sha256`), `long_url_signature`, `sign_version`,
/// `force_version`, `shorten`, `use_root_path`, and `auth_token[key]`,
/// `auth_token[duration]` and so on, which
/// [`token_defaults`](Cloud::token_defaults) gives; switches are `true` or
/// `false`. `sign_url` has no effect here, where signing is asked for by name.
/// Options that the SDKs use for uploads, such as `upload_prefix`, are passed
/// over; any other is kept out, and is in [`warnings`](Cloud::warnings).
///
/// `shorten` and `use_root_path` hold for assets of the types image/upload, and
/// leave others as they are.
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
    /// - What [`Cloud::new`] refuses of a name, or [`Host::new`] of a host.
    /// - A value that its option does not take.
    fn from_str(text: &str) -> Result<Self, CloudError> {
        Self::of_settings(&Settings::from_url(text)?)
    }
}

impl Settings {
    pub(super) fn from_env() -> Result<Self, CloudError> {
        let mut not_utf8 = Vec::new();
        let vars = env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            if !name.starts_with(PREFIX) {
                return None;
            }
            if let Ok(value) = value.into_string() {
                return Some((name, Zeroizing::new(value)));
            }
            not_utf8.push(name);
            None
        });
        let vars: Vec<_> = vars.collect();
        if not_utf8.iter().any(|name| name == URL) {
            return Err(CloudError::NotUtf8);
        }
        let vars = vars.iter().map(|(name, value)| (&**name, &***value));
        let mut settings = Self::from_vars(vars)?;
        let warnings = not_utf8.into_iter().map(ConfigurationWarning::NotUtf8);
        settings.warnings.extend(warnings);
        Ok(settings)
    }

    pub(super) fn from_vars<N: AsRef<str>, V: AsRef<str>>(
        vars: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, CloudError> {
        let vars: Vec<_> = vars.into_iter().collect();
        let value = |wanted: &str| {
            let found = vars.iter().find(|(name, _)| name.as_ref() == wanted);
            found
                .map(|(_, value)| value.as_ref())
                .filter(|value| !value.is_empty())
        };
        if value(CLOUD_NAME).is_none() {
            return Self::from_url(value(URL).ok_or(CloudError::NotConfigured)?);
        }
        let mut settings = Self::default();
        for (name, value) in &vars {
            let (name, value) = (name.as_ref(), value.as_ref());
            match name.strip_prefix(PREFIX) {
                _ if value.is_empty() => {}
                Some(_) if name == URL => settings
                    .warnings
                    .push(ConfigurationWarning::UrlBesideCloudName),
                Some(option) => {
                    settings.set_or_warn(&option.to_ascii_lowercase(), Value::Text(value))?;
                }
                None => {}
            }
        }
        Ok(settings)
    }

    pub(super) fn from_url(text: &str) -> Result<Self, CloudError> {
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
        // As it is written, which is how the SDKs take it.
        let secret = Secret::new(secret).map_err(|_| CloudError::MissingSecret)?;
        if rest.contains('#') {
            return Err(CloudError::Fragment);
        }
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (name, path) = rest.split_once('/').unwrap_or((rest, ""));
        super::cloud::check_name(name)?;
        let mut settings = Self::of_account(name, secret);
        // A `/` with nothing after it means nothing.
        let path = path.strip_suffix('/').unwrap_or(path);
        if !path.is_empty() {
            settings.secure_distribution = Some(Host::new(path).map_err(CloudError::Distribution)?);
            settings.private_cdn = Some(true);
        }
        for (option, value) in form_urlencoded::parse(query.as_bytes()) {
            // It may be a key.
            let value = Zeroizing::new(value.into_owned());
            settings.set_or_warn(&option, Value::Text(&value))?;
        }
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloudinary::{Asset, ResourceType, SignatureForm, TokenScope, Transformation};

    fn base(text: &str) -> String {
        let cloud: Cloud = text.parse().unwrap();
        let asset = Asset::new("a").unwrap();
        let url = cloud.sign(Transformation::new(), &asset).to_string();
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
                "cloudinary://k:s@demo/img.example.org/",
                "https://img.example.org",
            ),
            (
                "cloudinary://k:s@demo?secure=false",
                "http://res.cloudinary.com/demo",
            ),
            (
                "cloudinary://k:s@demo/img.example.org?secure=false",
                "http://demo-res.cloudinary.com",
            ),
            (
                "cloudinary://k:s@demo?secure=false&cname=img.example.org",
                "http://img.example.org/demo",
            ),
            // CRC-32 of `a` is 0xe8b7be43, which leaves 2 of 5.
            (
                "cloudinary://k:s@demo?cdn_subdomain=true",
                "https://res-3.cloudinary.com/demo",
            ),
            (
                "cloudinary://k:s@demo?cdn_subdomain=true&secure_cdn_subdomain=false",
                "https://res.cloudinary.com/demo",
            ),
            (
                "cloudinary://k:s@demo?private_cdn=true&secure_cdn_subdomain=true",
                "https://demo-res-3.cloudinary.com",
            ),
            (
                "cloudinary://k:s@demo?cdn_subdomain=true&secure=false&cname=c.org",
                "http://a3.c.org/demo",
            ),
            (
                "cloudinary://k:s@demo?cloud_name=other",
                "https://res.cloudinary.com/other",
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
    fn a_secret_is_taken_as_it_is_written() {
        let secret = |text: &str| {
            let cloud: Cloud = text.parse().unwrap();
            cloud.keys.signing().as_bytes().to_vec()
        };
        for text in ["a%2Fb", "a:b", "a/b?c#d\te%", "é"] {
            let url = format!("cloudinary://k:{text}@demo");
            assert_eq!(secret(&url), text.as_bytes());
        }
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
            ("cloudinary://demo", "configuration has no api secret"),
            ("cloudinary://k:hush", "configuration has no api secret"),
            ("cloudinary://hush@demo", "configuration has no api secret"),
            ("cloudinary://k:@demo", "configuration has no api secret"),
            (
                "cloudinary://k:p@s/hush@demo",
                "cloudinary url has more than one `@`; such a secret goes into `CLOUDINARY_API_SECRET`",
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
                "option `secure_distribution`: host `https://x.org` has a scheme",
            ),
            (
                "cloudinary://k:hush@demo?private_cdn=yes",
                "option `private_cdn` is not `true` or `false`",
            ),
            (
                "cloudinary://k:hush@demo?signature_algorithm=md5",
                "option `signature_algorithm` is not `sha1` or `sha256`",
            ),
            (
                "cloudinary://k:hush@demo?cname=a/b",
                "option `cname`: host `a/b` has a path",
            ),
            (
                "cloudinary://k:hush@demo?secure=false&cdn_subdomain=true&cname=127.0.0.1",
                "host `a1.127.0.0.1` is no host: invalid IPv4 address",
            ),
            (
                "cloudinary://k:hush@demo?auth_token[key]=hush",
                "option `auth_token[key]`: character 1 of the secret is no hex digit",
            ),
            (
                "cloudinary://k:hush@demo?auth_token[key]=00&auth_token[duration]=soon",
                "option `auth_token[duration]` is not a whole number of 64 bits",
            ),
            (
                "cloudinary://k:hush@demo?auth_token[key]=00&auth_token[token_name]=a%20b",
                "token name `a b` has ' '",
            ),
            (
                "cloudinary://k:hush@demo?auth_token[key]=00&auth_token[acl]=!",
                "acl pattern 1 is empty",
            ),
        ] {
            let refused = text.parse::<Cloud>().unwrap_err();
            assert_eq!(refused.to_string(), error, "{text}");
            assert!(!format!("{refused:?}").contains("hush"));
        }
    }

    #[test]
    fn paths_follow_from_the_configuration() {
        let url = |options: &str, public_id: &str| {
            let cloud: Cloud = format!("cloudinary://k:s@demo?{options}").parse().unwrap();
            let asset = Asset::new(public_id).unwrap();
            let url = cloud.delivery(Transformation::new(), &asset);
            url.to_string().split_once("/demo/").unwrap().1.to_owned()
        };
        for (options, public_id, expected) in [
            ("shorten=true", "a", "iu/a"),
            ("shorten=false", "a", "image/upload/a"),
            ("use_root_path=true", "a", "a"),
            ("use_root_path=true&shorten=true", "a", "a"),
            ("force_version=false", "a/b", "image/upload/a/b"),
            ("force_version=true", "a/b", "image/upload/v1/a/b"),
        ] {
            assert_eq!(url(options, public_id), expected, "{options}");
        }
        // Where these are not for the types, the path stays whole.
        let cloud: Cloud = "cloudinary://k:s@demo?shorten=true&use_root_path=true"
            .parse()
            .unwrap();
        let asset = Asset::new("a")
            .unwrap()
            .with_resource_type(ResourceType::Video);
        assert_eq!(
            cloud.delivery(Transformation::new(), &asset).to_string(),
            "https://res.cloudinary.com/demo/video/upload/a"
        );
    }

    #[test]
    fn what_is_not_known_is_kept_out_with_a_warning() {
        let cloud: Cloud =
            "cloudinary://k:s@demo?sercure=false&upload_prefix=x&auth_token[kye]=00&foo%5Bbar%5D=1"
                .parse()
                .unwrap();
        let warnings: Vec<_> = cloud.warnings().iter().map(ToString::to_string).collect();
        assert_eq!(
            warnings,
            [
                "option `sercure` is not known and has no effect",
                "option `auth_token[kye]` is not known and has no effect",
                "option `foo[bar]` is not known and has no effect",
            ]
        );
        assert_eq!(cloud.host().as_str(), "res.cloudinary.com");
    }

    #[test]
    fn tokens_follow_from_the_configuration() {
        let cloud: Cloud = "cloudinary://k:s@demo?auth_token[key]=00112233FF99&\
                            auth_token%5Bstart_time%5D=11111111&auth_token[duration]=300&\
                            auth_token[ip]=1.2.3.4&auth_token[acl]=/image/*"
            .parse()
            .unwrap();
        assert!(cloud.warnings().is_empty());
        let tokens = cloud.token_defaults().unwrap();
        let terms = tokens.terms(0).unwrap();
        assert_eq!(terms.to_string(), "ip=1.2.3.4~st=11111111~exp=11111411");
        assert!(tokens.acl().unwrap().allows("/image/a"));
        assert_eq!(tokens.scope("/x"), TokenScope::Acl(tokens.acl().unwrap()));

        let cloud: Cloud = "cloudinary://k:s@demo?auth_token[key]=00&auth_token[duration]=300"
            .parse()
            .unwrap();
        let tokens = cloud.token_defaults().unwrap();
        assert_eq!(tokens.terms(1_000).unwrap().to_string(), "exp=1300");
        assert_eq!(tokens.scope("/x"), TokenScope::Url("/x"));
        let cloud: Cloud = "cloudinary://k:s@demo?auth_token[key]=00".parse().unwrap();
        assert_eq!(cloud.token_defaults().unwrap().terms(1_000), None);
        let cloud: Cloud = "cloudinary://k:s@demo".parse().unwrap();
        assert!(cloud.token_defaults().is_none());
    }

    #[test]
    fn variables_of_their_own_go_before_the_url() {
        let base = |vars: &[(&str, &str)]| {
            let cloud = Cloud::from_vars(vars.iter().copied()).unwrap();
            let warnings: Vec<_> = cloud.warnings().iter().map(ToString::to_string).collect();
            (cloud.name().to_owned(), cloud.host().to_string(), warnings)
        };
        let demo = "cloudinary://k:s@demo?private_cdn=true";
        assert_eq!(
            base(&[("CLOUDINARY_URL", demo), ("CLOUDINARY_CLOUD_NAME", "")]),
            (
                "demo".to_owned(),
                "demo-res.cloudinary.com".to_owned(),
                vec![]
            )
        );
        assert_eq!(
            base(&[
                ("CLOUDINARY_URL", demo),
                ("CLOUDINARY_API_KEY", "k"),
                ("CLOUDINARY_API_SECRET", "s"),
                ("CLOUDINARY_CLOUD_NAME", "other"),
                ("CLOUDINARY_SECURE_DISTRIBUTION", "img.example.org"),
                ("CLOUDINARY_COLOR", "red"),
                ("HOME", "/"),
            ]),
            (
                "other".to_owned(),
                "img.example.org".to_owned(),
                vec![
                    "`CLOUDINARY_URL` has no effect, because `CLOUDINARY_CLOUD_NAME` is set"
                        .to_owned(),
                    "option `color` is not known and has no effect".to_owned(),
                ]
            )
        );
        for (vars, text) in [
            (
                &[][..],
                "neither `CLOUDINARY_URL` nor `CLOUDINARY_CLOUD_NAME` is set",
            ),
            (
                &[("CLOUDINARY_URL", "")],
                "neither `CLOUDINARY_URL` nor `CLOUDINARY_CLOUD_NAME` is set",
            ),
            (
                &[("CLOUDINARY_CLOUD_NAME", "demo")],
                "configuration has no api secret",
            ),
        ] {
            let refused = Cloud::from_vars(vars.iter().copied()).unwrap_err();
            assert_eq!(refused.to_string(), text);
        }
    }
}
