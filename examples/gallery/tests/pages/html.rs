//! Properties of the HTML of all pages.

use axum::http::StatusCode;
use serde_json::json;

use crate::memory::{ID, Memory, entry};
use crate::page::{detail, get};

#[tokio::test]
async fn hostile_texts_are_escaped() {
    let hostile = r#""'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;"#;
    let mut entry = entry();
    let image = &mut entry.image;
    image.title = Some(hostile.to_owned());
    image.filename = Some(hostile.to_owned());
    image.description = Some(hostile.to_owned());
    image.format = Some(hostile.to_owned());
    image.color = Some(format!("#{hostile}"));
    image.album_id = Some(hostile.to_owned());
    image.user_sfid = Some(hostile.to_owned());
    image.processing_error = Some(hostile.to_owned());
    image.public_id = hostile.to_owned();
    image.tag_names = vec![hostile.to_owned()];
    let object = json!({ hostile: hostile, "list": [{ "key": hostile }] });
    image.metadatas = object.as_object().unwrap().clone();
    image.exifs = image.metadatas.clone();
    image.infos = image_model::Infos::try_from(image.exifs.clone()).unwrap();
    for page in [
        get(Memory::of(entry.clone()), "/").await,
        detail(entry).await,
    ] {
        assert_eq!(page.status, StatusCode::OK);
        // The only script is that of the gallery, and no text became a tag.
        assert_eq!(page.tags("script"), [r#" src="/gallery/script.js" defer"#]);
        for tag in page.tags("img") {
            assert!(tag.starts_with(r#" src="http://127.0.0.1:300"#), "{tag}");
        }
        assert!(
            page.attributes("alt")
                .iter()
                .all(|alt| alt.starts_with(hostile))
        );
        assert!(page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    }
}

#[tokio::test]
async fn every_page_names_both_settings() {
    for target in ["/", &format!("/gallery/images/{ID}"), "/gallery/images/x"] {
        let page = get(Memory::of(entry()), target).await;
        for text in [
            "<code>demo</code>",
            "<th scope=\"row\">Delivery URLs</th><td data-column=\"On this page\">\
             <code>http://127.0.0.1:3001</code></td>\
             <td data-column=\"In the JSON and the API\"><code>https://res.cloudinary.com</code></td>",
            "<th scope=\"row\">Prefix</th><td data-column=\"On this page\">none</td>\
             <td data-column=\"In the JSON and the API\"><code>/assets/blank.jpg#</code></td>",
            "<th scope=\"row\">Proxy URLs</th><td data-column=\"On this page\">\
             <code>http://127.0.0.1:3000</code></td>\
             <td data-column=\"In the JSON and the API\"><code>https://proxy.example</code></td>",
            "A remark.",
        ] {
            assert!(page.body.contains(text), "{target}: {text}");
        }
        assert_eq!(page.tags("h1").len(), 1, "{target}");
        assert_eq!(page.tags("main").len(), 1, "{target}");
        assert!(
            page.tags("img").iter().all(|tag| tag.contains(" alt=\"")),
            "{target}"
        );
        // Ids are unique, and the labels refer to them.
        let mut ids = page.attributes("id");
        for label in page.attributes("aria-labelledby") {
            assert!(ids.contains(&label), "{label}");
        }
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "{target}");
    }
}

#[tokio::test]
async fn pages_have_no_inline_scripts_or_styles() {
    for target in ["/", &format!("/gallery/images/{ID}")] {
        let page = get(Memory::of(entry()), target).await;
        assert!(page.attributes("style").is_empty(), "{target}");
        assert!(page.tags("style").is_empty(), "{target}");
        for tag in page.body.split('<') {
            let tag = tag.split('>').next().unwrap();
            assert!(!tag.contains(" on"), "{target}: an event handler: {tag}");
        }
        // No request to another host.
        for url in [page.attributes("src"), page.attributes("action")].concat() {
            let is_local = url.starts_with('/')
                || url.starts_with("http://127.0.0.1:3000/")
                || url.starts_with("http://127.0.0.1:3001/");
            assert!(is_local, "{url}");
        }
    }
}
