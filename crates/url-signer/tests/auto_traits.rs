//! Every public type can be shared between threads.

#![allow(clippy::unwrap_used, reason = "tests")]

use url_signer::cloudinary::{self as c, transformation as t};

const fn shared<T: Send + Sync + 'static>() {}

#[test]
fn public_types_are_send_and_sync() {
    shared::<url_signer::Authority>();
    shared::<url_signer::AuthorityError>();
    shared::<url_signer::ImageThumbnails<'static>>();
    shared::<url_signer::KeyRing>();
    shared::<url_signer::ParseError>();
    shared::<url_signer::ProxyFileName>();
    shared::<url_signer::ProxyRequest<'static>>();
    shared::<url_signer::ProxySigner>();
    shared::<url_signer::ProxyUrl>();
    shared::<url_signer::Secret>();
    shared::<url_signer::SecretError>();
    shared::<url_signer::SignatureLength>();
    shared::<url_signer::SignatureLengthError>();
    shared::<url_signer::ThumbnailName>();
    shared::<url_signer::ThumbnailPath>();
    shared::<url_signer::ThumbnailRequest<'static>>();
    shared::<url_signer::ThumbnailSigner>();
    shared::<url_signer::VerifiedProxyRequest<'static>>();
    shared::<url_signer::VerifiedThumbnail>();
    shared::<url_signer::VerifyError>();
    shared::<c::api::ApiParameters>();
    shared::<c::api::ArchiveDownload<'static>>();
    shared::<c::api::ArchiveFormat>();
    shared::<c::api::ArchiveResourceType>();
    shared::<c::api::CombinedDownload<'static>>();
    shared::<c::api::DownloadUrl>();
    shared::<c::api::Images<'static>>();
    shared::<c::api::ParameterValue>();
    shared::<c::api::PrivateDownload<'static>>();
    shared::<c::api::SignedParameters>();
    shared::<c::api::UploadForm>();
    shared::<c::api::UploadFormBuilder<'static>>();
    shared::<c::Acl>();
    shared::<c::Asset>();
    shared::<c::AssetError>();
    shared::<c::AssetSigner<'static>>();
    shared::<c::Cloud>();
    shared::<c::CloudError>();
    shared::<c::CompiledTransformation>();
    shared::<c::ConfigurationWarning>();
    shared::<c::Delivery<'static>>();
    shared::<c::DeliveryError>();
    shared::<c::DeliveryType>();
    shared::<c::DeliveryTypeName>();
    shared::<c::DeliveryUrl<'static>>();
    shared::<c::PathEncoding>();
    shared::<c::ResourceType>();
    shared::<c::SignatureAlgorithm>();
    shared::<c::SignedToken>();
    shared::<c::SignedUrl<'static>>();
    shared::<c::Token<'static>>();
    shared::<c::TokenClaims>();
    shared::<c::TokenClaimsError>();
    shared::<c::TokenContext>();
    shared::<c::TokenDefaults>();
    shared::<c::TokenError>();
    shared::<c::TokenScope<'static>>();
    shared::<c::TokenSigner>();
    shared::<c::Transformation>();
    shared::<c::TransformationError>();
    shared::<c::VerifiedToken<'static>>();
    shared::<c::VerifiedUrl<'static>>();
    shared::<c::api::VerifiedSearch<'static>>();
    shared::<c::api::WebhookError>();
    shared::<c::api::WebhookSignature>();
    #[cfg(feature = "search")]
    {
        shared::<c::api::SearchQuery>();
        shared::<c::api::SignedSearchUrl>();
        shared::<c::api::SortOrder>();
    }
    #[cfg(feature = "explain")]
    {
        shared::<c::explain::Cause>();
        shared::<c::explain::Change>();
        shared::<c::explain::ChangedUrl>();
        shared::<c::explain::Explanation<'static>>();
        shared::<c::explain::Note>();
        shared::<c::explain::SignedForm>();
        shared::<c::explain::TokenChange>();
        shared::<c::explain::TokenProblem>();
        shared::<c::explain::TokenVerdict>();
    }
    shared::<t::Step>();
    shared::<t::Value>();
    shared::<t::Layer>();
    shared::<t::Steps<'static>>();
    shared::<t::ParsedStep<'static>>();
    shared::<t::Parameters<'static>>();
    shared::<t::Parameter<'static>>();
    shared::<t::ParsedValue<'static>>();
}
