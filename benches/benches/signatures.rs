//! Benchmarks of each kind of signature: signing, parsing and verifying.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros; benchmarks"
)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use url_signer::cloudinary::{
    Cloud, DeliveryUrl, SignatureAlgorithm, Size, Token, TokenClaims, TokenContext, TokenScope,
    TokenSigner, Transformation,
};
use url_signer::{
    Authority, ProxyFileName, ProxyRequest, ProxySigner, Secret, ThumbnailName, ThumbnailRequest,
    ThumbnailSigner,
};
use uuid::Uuid;

fn secret() -> Secret {
    Secret::new("a secret of 27 bytes, about").unwrap()
}

fn delivery(criterion: &mut Criterion) {
    let asset = benches::asset(7).unwrap();
    let steps = Transformation::new()
        .fit(Size::new(1920, 1920))
        .fill(Size::new(200, 200))
        .automatic();
    let sha1 = Cloud::new("demo", secret()).unwrap();
    let sha256 = sha1
        .clone()
        .with_signature_algorithm(SignatureAlgorithm::Sha256);
    let long = sha1.clone().with_long_signatures();
    for (format, cloud) in [("SHA-1", sha1), ("SHA-256", sha256), ("long SHA-256", long)] {
        let compiled = cloud.compile(steps.clone());
        let url = cloud.sign(&asset, &steps).to_string();
        let mut group = criterion.benchmark_group(format!("delivery URL, {format}"));
        group.throughput(Throughput::Elements(1));
        group.bench_function("sign", |bencher| {
            bencher.iter(|| cloud.sign(black_box(&asset), black_box(&steps)).to_string());
        });
        group.bench_function("sign compiled", |bencher| {
            bencher.iter(|| {
                cloud
                    .sign_compiled(black_box(&asset), black_box(&compiled))
                    .to_string()
            });
        });
        let signer = cloud.asset_signer(&asset);
        let mut out = Vec::new();
        group.bench_function("write compiled, with an asset signer", |bencher| {
            bencher.iter(|| {
                out.clear();
                signer.write_compiled(black_box(&compiled), &mut out);
            });
        });
        group.bench_function("parse", |bencher| {
            bencher.iter(|| DeliveryUrl::parse(black_box(&url)).unwrap());
        });
        group.bench_function("verify", |bencher| {
            bencher.iter(|| cloud.verify(black_box(&url)).unwrap());
        });
        group.finish();
    }
}

fn proxy_and_thumbnails(criterion: &mut Criterion) {
    let thumbnails = ThumbnailSigner::new(secret());
    let host = |host| Authority::new(host).unwrap();
    let proxy = ProxySigner::new(host("proxy.example.org"), host("localhost"), secret());
    let id = Uuid::from_u128(7);
    let path = thumbnails.sign(id, ThumbnailName::Mini);
    let name = ProxyFileName::new("Super Image", "png");
    let (path_text, url_text) = (path.to_string(), proxy.sign(name.clone(), path).to_string());

    let mut group = criterion.benchmark_group("thumbnail path");
    group.throughput(Throughput::Elements(1));
    group.bench_function("sign", |bencher| {
        bencher.iter(|| {
            thumbnails
                .sign(black_box(id), ThumbnailName::Mini)
                .to_string()
        });
    });
    group.bench_function("parse", |bencher| {
        bencher.iter(|| ThumbnailRequest::parse(black_box(&path_text)).unwrap());
    });
    group.bench_function("verify", |bencher| {
        bencher.iter(|| thumbnails.verify(black_box(&path_text)).unwrap());
    });
    group.finish();

    let mut group = criterion.benchmark_group("proxy url");
    group.throughput(Throughput::Elements(1));
    group.bench_function("file name", |bencher| {
        bencher.iter(|| ProxyFileName::new(black_box("Super Image"), "png"));
    });
    group.bench_function("sign", |bencher| {
        bencher.iter(|| proxy.sign(name.clone(), black_box(path)).to_string());
    });
    group.bench_function("parse", |bencher| {
        bencher.iter(|| ProxyRequest::parse(black_box(&url_text)).unwrap());
    });
    group.bench_function("verify", |bencher| {
        bencher.iter(|| proxy.verify(black_box(&url_text)).unwrap());
    });
    group.finish();

    let names = [
        ThumbnailName::Mini,
        ThumbnailName::Thumbnail,
        ThumbnailName::Full,
    ];
    let mut out = Vec::new();
    let mut group = criterion.benchmark_group("proxy urls of an image");
    group.throughput(Throughput::Elements(names.len() as u64));
    group.bench_function("sign and write", |bencher| {
        bencher.iter(|| {
            out.clear();
            let image =
                proxy.image_thumbnails(&thumbnails, black_box(id), "Super Image", "png", &names);
            for name in names {
                image.write(name, "&", &mut out);
            }
        });
    });
    group.finish();
}

fn token(criterion: &mut Criterion) {
    let signer = TokenSigner::new(secret());
    let (path, now) = (
        "/demo/image/authenticated/v123123/0b7e148bbd7c.jpg",
        1_700_000_000,
    );
    let claims = TokenClaims::expires_in(300, now).unwrap();
    let text = signer.sign(&claims, TokenScope::Path(path)).to_string();
    let context = TokenContext::new(now);

    let mut group = criterion.benchmark_group("access token");
    group.throughput(Throughput::Elements(1));
    group.bench_function("sign", |bencher| {
        bencher.iter(|| {
            signer
                .sign(black_box(&claims), TokenScope::Path(black_box(path)))
                .to_string()
        });
    });
    group.bench_function("parse", |bencher| {
        bencher.iter(|| Token::parse(black_box(&text)).unwrap());
    });
    group.bench_function("verify", |bencher| {
        bencher.iter(|| signer.verify(black_box(&text), path, &context).unwrap());
    });
    group.finish();
}

criterion_group!(signatures, delivery, proxy_and_thumbnails, token);
criterion_main!(signatures);
