//! Images whose file is not uploaded yet.

use gallery::Entry;

use crate::memory::{Memory, entry};
use crate::page::{detail, get};

#[tokio::test]
async fn a_pending_file_is_named() {
    let pending = Entry {
        asset: None,
        ..entry()
    };
    let page = get(Memory::of(pending.clone()), "/").await;
    assert!(page.body.contains("Upload pending"));
    let page = detail(pending).await;
    assert!(page.body.contains("pending: not uploaded yet"));
    let pictures = page.attributes("src");
    assert!(
        pictures
            .iter()
            .any(|url| url.ends_with("/raw_placeholder.jpg"))
    );
    // The original of a pending file is a proxy URL.
    let (_, original) = page.body.split_once("<h3>original_url</h3>").unwrap();
    assert!(original.contains("Proxy URL"));
}
