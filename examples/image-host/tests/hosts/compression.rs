//! Compressed responses.

use std::io::Read;

use crate::database::Engine;
use crate::host::{IDS, query};

tests! {
    both: every_encoding_decodes_to_the_plain_payload,
}

fn decoded(encoding: &str, body: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    let mut reader: Box<dyn Read + '_> = match encoding {
        "gzip" => Box::new(flate2::read::GzDecoder::new(body)),
        "deflate" => Box::new(flate2::read::ZlibDecoder::new(body)),
        "br" => Box::new(brotli::Decompressor::new(body, 4096)),
        "zstd" => Box::new(zstd::Decoder::new(body).unwrap()),
        _ => panic!("{encoding}"),
    };
    reader.read_to_end(&mut decoded).unwrap();
    decoded
}

fn every_encoding_decodes_to_the_plain_payload(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let authorization = format!("Token token=\"{}\"", host.token);
        let plain = host.images(&query(IDS)).body;
        for query in [query(IDS), String::new()] {
            for (encoding, built) in [
                ("gzip", true),
                ("deflate", true),
                ("br", cfg!(feature = "brotli")),
                ("zstd", cfg!(feature = "zstd")),
            ] {
                if !built {
                    continue;
                }
                let target = format!("/api/v1/image_syncs{query}");
                let headers = [
                    ("authorization", &*authorization),
                    ("accept-encoding", encoding),
                ];
                let response = host.raw(&target, &headers);
                assert_eq!(response.header("content-encoding"), encoding);
                assert_eq!(response.header("vary"), "Accept-Encoding");
                assert!(response.body.len() < plain.len() / 2);
                assert_eq!(decoded(encoding, &response.body), plain);
            }
        }
    });
}
