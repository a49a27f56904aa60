//! Images whose file is not uploaded yet.

use gallery::Entry;

use crate::memory::{Memory, entry};
use crate::page::{Response, detail, get};

/// Returns the number of texts that replace a picture.
fn absent(page: &Response) -> usize {
    page.body
        .matches("<span class=\"absent\">Not uploaded yet</span>")
        .count()
}

#[tokio::test]
async fn pending_files_have_no_pictures() {
    let pending = Entry {
        asset: None,
        ..entry()
    };
    let page = get(Memory::of(pending.clone()), "/").await;
    assert_eq!(absent(&page), 1);
    assert!(page.tags("img").is_empty());
    let page = detail(pending).await;
    assert!(page.body.contains("pending: not uploaded yet"));
    // The URLs are shown, but the pictures are not requested.
    assert_eq!(absent(&page), 11);
    assert!(page.tags("img").is_empty());
    let links = page.attributes("href");
    assert!(
        links
            .iter()
            .any(|url| url.ends_with("/raw_placeholder.jpg"))
    );
    // The original of a pending file is a proxy URL.
    let (_, original) = page.body.split_once("<h3>original_url</h3>").unwrap();
    assert!(original.contains("Proxy URL"));
}
