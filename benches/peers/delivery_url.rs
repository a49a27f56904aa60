//! Delivery URLs by the crate `cloudinary`, compared with `url-signer`. The crate
//! supports only `image/upload` without version and signature.
//!
//! Arguments: the number of URLs and the number of rounds. Checks every URL, then
//! prints the median time per URL in microseconds: by the crate, by `url-signer`
//! without a signature, and by `url-signer` with a signature.

#![forbid(unsafe_code)]

use std::env;
use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use cloudinary::transformation::{CropMode, Image, Transformations};
use url_signer::Secret;
use url_signer::cloudinary::{Asset, Cloud, Transformation};

const CLOUD: &str = "sadaasdasd";

fn peer_url(cloud: &Arc<str>, public_id: &str) -> String {
    let fill = CropMode::Fill {
        width: 200,
        height: 200,
        gravity: None,
    };
    let mut image = Image::new(Arc::clone(cloud), public_id.into())
        .add_transformation(Transformations::Crop(fill));
    image.set_format("jpg");
    image.to_string()
}

fn main() -> Result<(), Box<dyn Error>> {
    let urls: usize = env::args().nth(1).ok_or("expected the number of URLs")?.parse()?;
    let rounds: usize = env::args().nth(2).ok_or("expected the number of rounds")?.parse()?;
    let name = Arc::from(CLOUD);
    let steps = Transformation::verbatim("c_fill,w_200,h_200")?;
    let cloud = Cloud::new(CLOUD, Secret::new(benches::API_SECRET)?)?;
    let mut public_ids = Vec::new();
    for index in 0..urls {
        let asset = benches::asset(index)?;
        public_ids.push(asset.source().trim_end_matches(".jpg").to_owned());
    }
    let asset = |public_id: &String| Asset::new(public_id)?.with_extension("jpg");
    let assets: Vec<Asset> = public_ids.iter().map(asset).collect::<Result<_, _>>()?;
    for (public_id, asset) in public_ids.iter().zip(&assets) {
        let ours = cloud.delivery(asset, &steps).to_string();
        assert_eq!(peer_url(&name, public_id), ours);
    }

    let mut times = [(); 3].map(|()| Vec::new());
    for _ in 0..rounds {
        let mut time = |which: usize, url: &dyn Fn(&String, &Asset) -> String| {
            let start = Instant::now();
            for (public_id, asset) in public_ids.iter().zip(&assets) {
                black_box(url(public_id, asset));
            }
            times[which].push(start.elapsed().as_secs_f64() * 1e6 / urls as f64);
        };
        time(0, &|public_id, _| peer_url(&name, public_id));
        time(1, &|_, asset| cloud.delivery(asset, &steps).to_string());
        time(2, &|_, asset| cloud.sign(asset, &steps).to_string());
    }
    let medians = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        format!("{:.2}", times[rounds / 2])
    });
    println!("{}", medians.join(" "));
    Ok(())
}
