//! The signed URLs of the official SDKs.

use std::collections::BTreeMap;

use local_delivery::{LocalDelivery, Settings};
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt;
use url_signer::Authority;
use url_signer::cloudinary::{Cloud, SignatureAlgorithm};

/// The origin of the lines is in `crates/url-signer/tests/data/README.md`.
const VECTORS: &str = include_str!("../../../../crates/url-signer/tests/data/delivery.jsonl");

#[derive(Deserialize)]
struct Vector {
    url: String,
    options: BTreeMap<String, Value>,
}

impl Vector {
    fn text(&self, option: &str) -> Option<&str> {
        self.options.get(option)?.as_str()
    }

    fn is_true(&self, option: &str) -> bool {
        self.options.get(option) == Some(&Value::Bool(true))
    }

    fn cloud(&self) -> Cloud {
        let name = self.text("cloud_name").unwrap();
        let secret = self.text("api_secret").unwrap();
        let mut cloud: Cloud = format!("cloudinary://key:{secret}@{name}").parse().unwrap();
        if self.is_true("private_cdn") {
            cloud = cloud.with_private_cdn().unwrap();
        }
        if self.text("signature_algorithm") == Some("sha256") {
            cloud = cloud.with_signature_algorithm(SignatureAlgorithm::Sha256);
        }
        cloud
    }

    /// The request target of the URL.
    fn target(&self) -> &str {
        let (_, rest) = self.url.split_once("://").unwrap();
        rest.find('/').map(|start| &rest[start..]).unwrap()
    }
}

#[tokio::test]
async fn signatures_of_the_sdks_are_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let mut accepted = 0;
    for line in VECTORS.lines() {
        let vector: Vector = serde_json::from_str(line).unwrap();
        if !vector.url.contains("/s--") {
            continue;
        }
        let authority = Authority::new("127.0.0.1:3001").unwrap();
        let settings = Settings::new(vector.cloud(), authority, folder.path());
        let router = LocalDelivery::new(settings).unwrap().router();
        let status = async |target: &str| {
            let request = http::Request::builder().uri(target);
            let request = request.header("host", "127.0.0.1:3001");
            let request = request.body(axum::body::Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            let reason = response.headers().get("x-cld-error").cloned();
            (response.status().as_u16(), reason)
        };
        // There is no file, which is known only after the signature is accepted. Cloudinary
        // rejects empty parameters, which some SDKs sign.
        let response = status(vector.target()).await;
        let expected = if vector.target().contains(",,") {
            400
        } else {
            404
        };
        assert_eq!(response.0, expected, "{line}: {response:?}");
        let start = vector.target().find("/s--").unwrap() + "/s--".len();
        let mut changed = vector.target().to_owned();
        let other = if changed[start..].starts_with('A') {
            "B"
        } else {
            "A"
        };
        changed.replace_range(start..=start, other);
        let response = status(&changed).await;
        assert_eq!(response.0, 401, "{changed}");
        accepted += 1;
    }
    assert_eq!(accepted, 454);
}
