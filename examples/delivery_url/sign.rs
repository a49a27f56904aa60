//! `sign`: builds the URL of an asset.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;
use url_signer::cloudinary::{
    Asset, Cloud, Delivery, DeliveryType, PathEncoding, ResourceType, SignatureAlgorithm,
    Transformation,
};

use crate::account::{Account, PATH_ENCODING};
use crate::token::warn_if_expired;

#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Arguments {
    /// Public id, or the remote URL for `--type fetch`
    public_id: String,

    /// Transformation as written in the URL, such as `c_fit,w_300/a_90`
    #[arg(short, long, default_value = "", hide_default_value = true)]
    transformation: Transformation,

    /// Sort the parameters of each step as the Cloudinary SDKs do
    #[arg(long)]
    sorted: bool,

    #[arg(
        long,
        default_value = "image",
        help = "Resource type: image, video or raw"
    )]
    resource_type: ResourceType,

    #[arg(
        long = "type",
        value_name = "TYPE",
        default_value = "upload",
        help = "Delivery type: upload, private, authenticated, fetch or another name"
    )]
    delivery_type: DeliveryType,

    /// Version of the asset
    #[arg(long, value_name = "NUMBER")]
    version_number: Option<u64>,

    /// Extension of the delivered file, without the dot
    #[arg(long, alias = "format")]
    extension: Option<String>,

    /// Suffix of the public id, for search engines
    #[arg(long, alias = "url-suffix")]
    suffix: Option<String>,

    /// Omit `image/upload` from the path
    #[arg(long)]
    root_path: bool,

    /// Shorten `image/upload` to `iu`
    #[arg(long)]
    short: bool,

    /// Omit the `v1` that public ids with folders get
    #[arg(long)]
    no_automatic_version: bool,

    /// Hash algorithm of the signature, sha1 or sha256 [default: from the configuration]
    #[arg(long, value_name = "ALGORITHM")]
    signature_algorithm: Option<SignatureAlgorithm>,

    /// Sign with SHA-256 and 32 characters
    #[arg(long, conflicts_with = "signature_algorithm")]
    long_signature: bool,

    #[arg(long, value_name = "FORM", default_value = "encoded", help = PATH_ENCODING)]
    path_encoding: PathEncoding,

    /// Sign the percent-decoded path: `--path-encoding decoded`
    #[arg(long, conflicts_with = "path_encoding")]
    decoded: bool,

    /// Omit the signature
    #[arg(long)]
    unsigned: bool,

    /// Add an access token with the configured key and claims
    #[arg(long)]
    token: bool,
}

impl Arguments {
    pub(crate) fn run(
        &self,
        account: &Account,
        now: i64,
        output: &mut impl Write,
    ) -> Result<ExitCode> {
        let cloud = self.cloud(account);
        let asset = self.asset()?;
        let transformation = if self.sorted {
            self.transformation.clone().sorted()
        } else {
            self.transformation.clone()
        };
        let delivery = self.with_options(cloud.delivery(&asset, &transformation))?;
        if self.unsigned && !self.token {
            writeln!(output, "{delivery}")?;
            return Ok(ExitCode::SUCCESS);
        }
        if !self.token {
            writeln!(output, "{}", delivery.sign())?;
            return Ok(ExitCode::SUCCESS);
        }
        let tokens = cloud
            .token_defaults()
            .context("the configuration has no `auth_token[key]`")?;
        let claims = tokens.claims(now).context(
            "the configuration has neither `auth_token[duration]` nor `auth_token[expiration]`",
        )?;
        warn_if_expired(&claims, now);
        let token = |path: &str| {
            if let Some(acl) = tokens.acl()
                && !acl.allows(path)
            {
                bail!("`auth_token[acl]` of the configuration, `{acl}`, does not allow `{path}`");
            }
            Ok(tokens.signer().sign(&claims, tokens.scope(path)))
        };
        let url = if self.unsigned {
            let token = token(&delivery.path())?;
            delivery.with_token(token)
        } else {
            let url = delivery.sign();
            let token = token(&url.path())?;
            url.with_token(token)
        };
        writeln!(output, "{url}")?;
        Ok(ExitCode::SUCCESS)
    }

    fn cloud(&self, account: &Account) -> Cloud {
        let mut cloud = account.cloud.clone().with_path_encoding(self.path_encoding);
        if let Some(algorithm) = self.signature_algorithm {
            cloud = cloud.with_signature_algorithm(algorithm);
        }
        if self.long_signature {
            cloud = cloud.with_long_signatures();
        }
        if self.decoded {
            cloud = cloud.with_path_encoding(PathEncoding::Decoded);
        }
        cloud
    }

    fn asset(&self) -> Result<Asset> {
        let mut asset = if self.delivery_type == DeliveryType::Fetch {
            Asset::fetch(&self.public_id)?
        } else {
            Asset::new(&self.public_id)?.with_delivery_type(self.delivery_type.clone())?
        };
        asset = asset.with_resource_type(self.resource_type);
        if let Some(version) = self.version_number {
            asset = asset.with_version(version);
        }
        if let Some(extension) = &self.extension {
            asset = asset.with_extension(extension)?;
        }
        Ok(asset)
    }

    /// Applies the options that change the form of the URL.
    fn with_options<'a>(&'a self, mut delivery: Delivery<'a>) -> Result<Delivery<'a>> {
        if let Some(suffix) = &self.suffix {
            delivery = delivery.with_suffix(suffix)?;
        }
        if self.root_path {
            delivery = delivery.with_root_path()?;
        }
        if self.short {
            delivery = delivery.with_short_types();
        }
        if self.no_automatic_version {
            delivery = delivery.with_automatic_version(false);
        }
        Ok(delivery)
    }
}
