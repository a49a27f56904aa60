//! `sign`: the URL of an asset.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use url_signer::cloudinary::{
    Asset, Cloud, Delivery, DeliveryType, PathEncoding, ResourceType, SignatureAlgorithm,
    Transformation,
};

use crate::account::Account;

#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Arguments {
    /// Public id, or the URL to fetch from with `--type fetch`
    public_id: String,

    /// Steps in their final form, such as `c_fit,w_300/a_90`
    #[arg(short, long, default_value = "", hide_default_value = true)]
    transformation: Transformation,

    /// Put the parameters of each step into the order of the provider's SDKs
    #[arg(long)]
    sorted: bool,

    #[arg(long, default_value = "image", help = "image, video or raw")]
    resource_type: ResourceType,

    #[arg(
        long = "type",
        value_name = "TYPE",
        default_value = "upload",
        help = "upload, private, authenticated, fetch, or another by its name"
    )]
    delivery_type: DeliveryType,

    /// Version of the asset
    #[arg(long, value_name = "NUMBER")]
    version_number: Option<u64>,

    /// Extension to deliver, without the dot
    #[arg(long, alias = "format")]
    extension: Option<String>,

    /// Name before the extension, for readers and search engines
    #[arg(long, alias = "url-suffix")]
    suffix: Option<String>,

    /// Leave the types out of the path
    #[arg(long)]
    root_path: bool,

    /// Write `iu` for image/upload
    #[arg(long)]
    short: bool,

    /// Leave out the `v1` of public ids with folders
    #[arg(long)]
    no_automatic_version: bool,

    /// Digest and length of the signature [default: as configured]
    #[arg(long, value_enum)]
    signature_form: Option<Form>,

    /// Sign the decoded path, as the SDKs for Ruby, Go and PHP do
    #[arg(long)]
    decoded: bool,

    /// Leave the signature out
    #[arg(long)]
    unsigned: bool,

    /// Add an access token with the configured key and claims
    #[arg(long)]
    token: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    Sha1,
    Sha256,
    /// SHA-256, 32 characters
    Long,
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
        let delivery = self.laid_out(cloud.delivery(&asset, &transformation))?;
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
        let claims = tokens
            .claims(now)
            .context("the configuration has neither `auth_token[duration]` nor `[expiration]`")?;
        let token = |path: &str| tokens.signer().sign(&claims, tokens.scope(path));
        let url = if self.unsigned {
            let token = token(&delivery.path());
            delivery.with_token(token)
        } else {
            let url = delivery.sign();
            let token = token(&url.path());
            url.with_token(token)
        };
        writeln!(output, "{url}")?;
        Ok(ExitCode::SUCCESS)
    }

    fn cloud(&self, account: &Account) -> Cloud {
        let mut cloud = account.cloud.clone();
        if let Some(form) = self.signature_form {
            cloud = cloud.with_signature_algorithm(match form {
                Form::Sha1 => SignatureAlgorithm::Sha1,
                Form::Sha256 => SignatureAlgorithm::Sha256,
                Form::Long => SignatureAlgorithm::Sha256Long,
            });
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

    fn laid_out<'a>(&'a self, mut delivery: Delivery<'a>) -> Result<Delivery<'a>> {
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
