//! The grid of the images.

use axum::http::StatusCode;

use crate::memory::{ID, Memory, entry};
use crate::page::get;

#[tokio::test]
async fn the_grid_links_to_each_image() {
    let page = get(Memory::of(entry()), "/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(
        page.attributes("href")
            .contains(&format!("/gallery/images/{ID}"))
    );
    let pictures = page.attributes("src");
    let mini = pictures.iter().find(|url| url.contains("/image/")).unwrap();
    assert!(
        mini.starts_with("http://127.0.0.1:3001/demo/image/authenticated/s--"),
        "{mini}"
    );
    assert!(
        mini.ends_with(
            "--/c_fit,h_1920,w_1920/c_fill,h_100,w_100/fl_attachment/dpr_auto,q_auto,f_auto\
             /v123123/0b7e148bbd7c.jpg"
        ),
        "{mini}"
    );
    assert_eq!(page.attributes("alt"), ["Super Image"]);
}

#[tokio::test]
async fn the_next_link_names_the_last_position() {
    let images = || Memory {
        next: Some(-7),
        ..Memory::of(entry())
    };
    let first = get(images(), "/").await;
    assert!(first.body.contains(r#"rel="next" href="/?after=-7""#));
    let last = get(images(), "/?after=-7").await;
    assert!(last.tags("a").iter().all(|link| !link.contains("rel=")));
    assert!(last.body.contains("First page"));
    assert!(last.body.contains("There are no images."));
    // The form is on the first page only.
    assert!(last.tags("form").is_empty());
}
