//! Signed URLs that are detached from their signers.

#![allow(clippy::unwrap_used, reason = "tests")]

use url::Url;
use url_signer::cloudinary::{
    Asset, Cloud, SignedUrl, Size, TokenClaims, TokenSigner, Transformation,
};
use url_signer::{
    Authority, ProxyFileName, ProxySigner, ProxyUrl, Secret, ThumbnailName, ThumbnailSigner,
};
use uuid::Uuid;

struct Card {
    url: SignedUrl<'static>,
}

fn card(configuration: &str, asset: &Asset, transformation: &Transformation) -> Card {
    let cloud: Cloud = configuration.parse().unwrap();
    Card {
        url: cloud.sign(asset, transformation).into_owned(),
    }
}

#[test]
fn an_owned_url_equals_the_borrowed_one() {
    let fit = Transformation::new().fit(Size::width(300));
    for options in [
        "",
        "?secure=false&cdn_subdomain=true",
        "?secure=false&cname=img.example.org:80",
        "?secure=false&cname=img.example.org:8080",
        "/img.example.org:8443",
        "?long_url_signature=true&shorten=true",
        "?use_root_path=true&sign_version=true",
    ] {
        let configuration = format!("cloudinary://key:abcd@demo{options}");
        let cloud: Cloud = configuration.parse().unwrap();
        for asset in [
            Asset::new("a b/é").unwrap().with_extension("jpg").unwrap(),
            Asset::private("x").unwrap().with_version(7),
            Asset::fetch("https://example.org/a.jpg?x=1&y=%20").unwrap(),
        ] {
            for transformation in [&Transformation::NONE, &fit] {
                let url = cloud.sign(&asset, transformation);
                let owned = card(&configuration, &asset, transformation).url;
                assert_eq!(owned.to_string(), url.to_string());
                assert_eq!(owned.path(), url.path());
                assert_eq!(format!("{owned:?}"), format!("{url:?}"));
                let parsed = Url::parse(&url.to_string()).unwrap();
                assert_eq!(Url::from(owned.clone()), parsed);
                assert_eq!(Url::from(url), parsed);
                assert_eq!(owned.clone().into_owned().to_string(), owned.to_string());
            }
        }
    }
}

#[test]
fn a_token_can_be_added_before_or_after() {
    let tokens = TokenSigner::new(Secret::from_hex("00112233FF99").unwrap());
    let claims = TokenClaims::expires_at(600);
    let cloud: Cloud = "cloudinary://key:abcd@demo".parse().unwrap();
    let asset = Asset::authenticated("a").unwrap();
    let url = cloud.sign(&asset, Transformation::NONE);
    let before = url.clone().authorize(&tokens, &claims).into_owned();
    let after = url.into_owned().authorize(&tokens, &claims);
    assert_eq!(before.to_string(), after.to_string());
    assert_eq!(Url::from(before), Url::parse(&after.to_string()).unwrap());
    let signature = after.to_string().rsplit_once("hmac=").unwrap().1.to_owned();
    assert!(!format!("{after:?}").contains(&signature));
}

#[test]
fn a_proxy_url_outlives_its_signer() {
    fn sign() -> (ProxyUrl, String) {
        let secret = |text: &str| Secret::new(text).unwrap();
        let host = |text: &str| Authority::new(text).unwrap();
        let proxy = ProxySigner::new(host("proxy.example.org"), host("app"), secret("p"));
        let path = ThumbnailSigner::new(secret("t")).sign(Uuid::nil(), ThumbnailName::Full);
        let url = proxy.sign(ProxyFileName::new("Super Image", "png"), path);
        let text = url.to_string();
        assert_eq!(Url::from(url.clone()), Url::parse(&text).unwrap());
        (url, text)
    }
    let (url, text) = sign();
    assert_eq!(url.to_string(), text);
    assert_eq!(Url::from(url), Url::parse(&text).unwrap());
}
