//! The upload form.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::memory::{Memory, entry};
use crate::page::get;

#[tokio::test]
async fn the_form_sends_its_file_last() {
    let images = Memory {
        has_forms: true,
        ..Memory::of(entry())
    };
    let page = get(images, "/").await;
    let form = page.tags("form")[0];
    assert!(
        form.contains(r#"action="http://127.0.0.1:3001/v1_1/demo/auto/upload""#),
        "{form}"
    );
    assert!(form.contains(r#"enctype="multipart/form-data""#), "{form}");
    let inputs = page.tags("input");
    let (file, hidden) = inputs.split_last().unwrap();
    assert!(file.contains(r#"type="file" name="file""#), "{file}");
    assert!(page.body.contains(r#"<label class="drop" for="file">"#));
    let names: Vec<_> = hidden
        .iter()
        .map(|input| {
            input
                .split("name=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
        })
        .collect();
    assert_eq!(names, ["callback", "timestamp", "signature", "api_key"]);
    assert!(
        hidden[0].contains(r#"value="http://127.0.0.1:3000/?uploaded=true""#),
        "{}",
        hidden[0]
    );
}

#[tokio::test]
async fn the_script_gets_a_new_form() {
    let images = Memory {
        has_forms: true,
        ..Memory::default()
    };
    let form = get(images, "/gallery/form").await;
    assert_eq!(form.header("content-type"), "application/json");
    let form: Value = serde_json::from_str(&form.body).unwrap();
    assert_eq!(form["url"], "http://127.0.0.1:3001/v1_1/demo/auto/upload");
    assert_eq!(form["fields"][1], json!(["timestamp", "1700000000"]));
    let missing = get(Memory::default(), "/gallery/form").await;
    assert_eq!(missing.status, StatusCode::NOT_IMPLEMENTED);
    let page = get(Memory::default(), "/").await;
    assert!(page.body.contains("Uploads are not configured"));
}

#[tokio::test]
async fn an_upload_is_confirmed() {
    let uploaded = "/?uploaded=true&public_id=a&version=1&signature=b";
    let page = get(Memory::of(entry()), uploaded).await;
    assert!(page.body.contains("The upload is complete."));
    let page = get(Memory::of(entry()), "/").await;
    assert!(!page.body.contains("The upload is complete."));
}
