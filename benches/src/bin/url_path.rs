//! Verifies or parses a URL a number of times. `check_instructions` counts the
//! instructions of this program.

#![forbid(unsafe_code)]

use std::env;
use std::error::Error;
use std::hint::black_box;

use url_signer::cloudinary::{Cloud, DeliveryUrl, Size, Transformation};
use url_signer::{
    Authority, ProxyFileName, ProxyRequest, ProxySigner, Secret, ThumbnailName, ThumbnailSigner,
};
use uuid::Uuid;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let operation = arguments
        .next()
        .ok_or("expected verify, parse or parse_proxy")?;
    let times: usize = arguments
        .next()
        .ok_or("expected the number of URLs")?
        .parse()?;
    let cloud = Cloud::new("demo", Secret::new(benches::API_SECRET)?)?;
    let url = delivery_url(&cloud)?;
    let proxy_url = proxy_url()?;
    for _ in 0..times {
        match &*operation {
            "verify" => {
                black_box(cloud.verify(black_box(&url))?);
            }
            "parse" => {
                black_box(DeliveryUrl::parse(black_box(&url))?);
            }
            "parse_proxy" => {
                black_box(ProxyRequest::parse(black_box(&proxy_url))?);
            }
            _ => return Err("expected verify, parse or parse_proxy".into()),
        }
    }
    Ok(())
}

fn delivery_url(cloud: &Cloud) -> Result<String, Box<dyn Error>> {
    let steps = Transformation::new()
        .fit(Size::new(1920, 1920))
        .fill(Size::new(200, 200))
        .automatic();
    Ok(cloud.sign(&benches::asset(7)?, steps).to_string())
}

fn proxy_url() -> Result<String, Box<dyn Error>> {
    let thumbnails = ThumbnailSigner::new(Secret::new("thumbnail key")?);
    let path = thumbnails.sign(Uuid::from_u128(7), ThumbnailName::Mini);
    let (proxy, app) = (
        Authority::new(benches::PROXY_HOST)?,
        Authority::new(benches::APP_HOST)?,
    );
    let proxy = ProxySigner::new(proxy, app, Secret::new("proxy key")?);
    Ok(proxy
        .sign(ProxyFileName::new("Super Image", "png"), path)
        .to_string())
}
