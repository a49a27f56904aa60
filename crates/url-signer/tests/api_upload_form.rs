//! Upload forms: the recorded shape, the typed parameters and their limits.

#![cfg(feature = "serde")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod api_json;

use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use url_signer::cloudinary::api::{ParameterValue, UploadForm, UploadFormBuilder};
use url_signer::cloudinary::{Cloud, DeliveryType, ResourceType, Size, Transformation};

use self::api_json::hex;

const NOW: i64 = 1_700_000_000;

fn cloud() -> Cloud {
    "cloudinary://key:s3cr3t@demo".parse().unwrap()
}

fn params(build: impl FnOnce(UploadFormBuilder<'_>) -> UploadFormBuilder<'_>) -> Value {
    let form = build(cloud().api().unwrap().upload_form(NOW)).sign();
    serde_json::to_value(form).unwrap()["params"].clone()
}

fn recorded_form() -> UploadForm {
    cloud()
        .api()
        .unwrap()
        .upload_form(NOW)
        .delivery_type(DeliveryType::Authenticated)
        .notification_url("https://example.org/api/v1/cloudinary?token=t0k3n")
        .tags(["app"])
        .unwrap()
        .phash()
        .image_metadata()
        .faces()
        .colors()
        .sign()
}

#[test]
fn json_has_the_recorded_shape() {
    let form = recorded_form();
    let text = "colors=1&faces=1&image_metadata=1&\
                notification_url=https://example.org/api/v1/cloudinary?token=t0k3n&\
                phash=1&tags=app&timestamp=1700000000&type=authenticateds3cr3t";
    let signature = hex(&Sha1::digest(text));
    assert_eq!(
        serde_json::to_string(&form).unwrap(),
        format!(
            "{{\"url\":\"https://api.cloudinary.com/v1_1/demo/auto/upload\",\
             \"expires_at\":1700003600,\"params\":{{\"colors\":1,\"faces\":1,\
             \"image_metadata\":1,\"notification_url\":\
             \"https://example.org/api/v1/cloudinary?token=t0k3n\",\"phash\":1,\
             \"tags\":\"app\",\"timestamp\":1700000000,\"type\":\"authenticated\",\
             \"signature\":\"{signature}\",\"api_key\":\"key\"}}}}"
        )
    );
}

#[test]
fn debug_hides_values() {
    let form = recorded_form();
    let builder = cloud();
    let builder = builder
        .api()
        .unwrap()
        .upload_form(NOW)
        .notification_url("t0k3n");
    for debug in [
        format!("{form:?}"),
        format!("{form:#?}"),
        format!("{builder:?}"),
    ] {
        assert!(debug.contains("notification_url"), "{debug}");
        for secret in ["t0k3n", "s3cr3t", form.parameters().signature()] {
            assert!(!debug.contains(secret), "{debug}");
        }
    }
}

#[test]
fn url_names_the_resource_type_and_prefix() {
    for (prefix, url) in [
        (
            "https://api-eu.cloudinary.com",
            "https://api-eu.cloudinary.com",
        ),
        (
            "https://api-ap.cloudinary.com/",
            "https://api-ap.cloudinary.com",
        ),
        ("http://127.0.0.1:8080/mock", "http://127.0.0.1:8080/mock"),
        ("http://127.0.0.1:8080/mock/", "http://127.0.0.1:8080/mock"),
    ] {
        let configured = format!("cloudinary://key:s3cr3t@demo?upload_prefix={prefix}");
        for cloud in [
            cloud().with_upload_prefix(prefix).unwrap(),
            configured.parse().unwrap(),
            Cloud::from_vars([
                ("CLOUDINARY_CLOUD_NAME", "demo"),
                ("CLOUDINARY_API_KEY", "key"),
                ("CLOUDINARY_API_SECRET", "s3cr3t"),
                ("CLOUDINARY_UPLOAD_PREFIX", prefix),
            ])
            .unwrap(),
        ] {
            let api = cloud.api().unwrap();
            let form = api.upload_form(NOW).resource_type(ResourceType::Video);
            assert_eq!(form.sign().url(), format!("{url}/v1_1/demo/video/upload"));
            let backup = api.download_backup("a", "v", NOW).to_string();
            assert!(backup.starts_with(&format!("{url}/v1_1/demo/download_backup?")));
        }
    }
}

#[test]
fn invalid_upload_prefixes_are_rejected() {
    for prefix in [
        "",
        "api.cloudinary.com",
        "//api.cloudinary.com",
        "ftp://api.cloudinary.com",
        "https://API.cloudinary.com",
        "https://api.cloudinary.com:443",
        "https://user@api.cloudinary.com",
        "https://user:p4ss@api.cloudinary.com",
        "https://:p4ss@api.cloudinary.com",
        "https://api.cloudinary.com?a=b",
        "https://api.cloudinary.com/?a=b",
        "https://api.cloudinary.com#a",
        "https://api.cloudinary.com/#a",
        "https://api.cloudinary.com//",
        " https://api.cloudinary.com",
        "https://api.cloudinary.com/a/../b",
    ] {
        let error = cloud().with_upload_prefix(prefix).unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid option `upload_prefix`: \
             expected a URL such as `https://api-eu.cloudinary.com`"
        );
    }
}

#[test]
fn typed_parameters_have_the_names_of_the_api() {
    let fit = Transformation::new().fit(Size::width(300));
    let fill = Transformation::new().fill(Size::width(20));
    let params = params(|form| {
        form.public_id("a b")
            .folder("albums/7")
            .upload_preset("app")
            .transformation(&fit)
            .eager(&fit)
            .eager_as(&fill, "webp")
            .unwrap()
            .eager(&fill)
            .allowed_formats(["jpg", "png"])
            .unwrap()
            .tags(["a", "b"])
            .unwrap()
            .tags(["c"])
            .unwrap()
            .parameter("moderation", "manual")
            .unwrap()
            .parameter("overwrite", false)
            .unwrap()
    });
    for (name, value) in [
        ("public_id", json!("a b")),
        ("folder", json!("albums/7")),
        ("upload_preset", json!("app")),
        ("transformation", json!("c_fit,w_300")),
        ("eager", json!("c_fit,w_300|c_fill,w_20/webp|c_fill,w_20")),
        ("allowed_formats", json!("jpg,png")),
        ("tags", json!("a,b,c")),
        ("moderation", json!("manual")),
        ("overwrite", json!(false)),
        ("timestamp", json!(NOW)),
        ("api_key", json!("key")),
    ] {
        assert_eq!(params[name], value, "{name}");
    }
}

/// A client could change a parameter that is sent, but not signed.
#[test]
fn parameters_that_are_not_signed_are_rejected() {
    let cloud = cloud();
    let api = cloud.api().unwrap();
    for name in [
        "file",
        "cloud_name",
        "resource_type",
        "api_key",
        "signature",
    ] {
        let form = api.upload_form(NOW).parameter(name, "x").map(|_| ());
        let archive = api.download_archive(NOW).parameter(name, "x").map(|_| ());
        for error in [form.unwrap_err(), archive.unwrap_err()] {
            assert_eq!(
                error.to_string(),
                "invalid parameter name: a signature does not cover `file`, `cloud_name`, \
                 `resource_type`, `api_key` and `signature`"
            );
        }
    }
}

// `encode_context` of the SDK for Python 1.46.
#[test]
fn context_and_metadata_are_escaped() {
    let params = params(|form| {
        form.context("alt", "a=b|c")
            .unwrap()
            .context("count", 3)
            .unwrap()
            .context("path", r"C:\x")
            .unwrap()
            .metadata("color", ["green", "r=d|"])
            .unwrap()
            .metadata("quoted", [r#"say "hi""#, r"C:\x"])
            .unwrap()
    });
    assert_eq!(params["context"], r"alt=a\=b\|c|count=3|path=C:\x");
    assert_eq!(
        params["metadata"],
        r#"color=["green","r\=d\|"]|quoted=["say \"hi\"","C:\\x"]"#
    );
}

// `json.dumps` of Python, with `separators=(",", ":")`.
#[test]
fn list_in_metadata_is_a_json_array() {
    let params = params(|form| {
        form.metadata("a", ["\n\r\t\u{8}\u{c}\0\u{1f} \u{7f}/"])
            .unwrap()
            .metadata("b", ParameterValue::from([]))
            .unwrap()
            .metadata("c", [""])
            .unwrap()
    });
    assert_eq!(
        params["metadata"],
        "a=[\"\\n\\r\\t\\b\\f\\u0000\\u001f \u{7f}/\"]|b=[]|c=[\"\"]"
    );
}

#[test]
fn eager_separator_is_not_part_of_a_transformation() {
    for text in ["w_1|w_2", "w_1|", "$a_!x|y!"] {
        assert!(Transformation::verbatim(text).is_err(), "{text}");
    }
}

#[test]
fn ambiguous_pairs_are_rejected() {
    let cloud = cloud();
    let form = || cloud.api().unwrap().upload_form(NOW);
    for key in ["", "a=b", "a|b", r"a\"] {
        assert!(form().context(key, "x").is_err(), "{key}");
        assert!(form().metadata(key, "x").is_err(), "{key}");
    }
    for value in [r"a\", r"a\|b=c", r"\="] {
        let error = form().context("alt", value).unwrap_err();
        assert_eq!(
            error.to_string(),
            r"invalid context: `\` is not allowed before `=`, `|` and the end of a value"
        );
        assert!(form().metadata("alt", value).is_err(), "{value}");
    }
    assert!(form().metadata("colors", [r"\|"]).is_err());
    assert!(form().metadata("colors", [r"a\"]).is_ok());
}

#[test]
fn invalid_tags_formats_and_names_are_rejected() {
    let cloud = cloud();
    let form = || cloud.api().unwrap().upload_form(NOW);
    assert!(form().tags(["user,admin"]).is_err());
    for format in ["", "jpg,exe", "a/b", "a|b", "a b"] {
        assert!(form().allowed_formats([format]).is_err(), "{format}");
        assert!(form().eager_as(&Transformation::new(), format).is_err());
    }
    for name in ["timestamp", "", "a=b"] {
        assert!(form().parameter(name, "x").is_err(), "{name}");
    }
}
