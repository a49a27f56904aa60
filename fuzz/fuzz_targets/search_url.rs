//! Search URLs:
//!
//! - Verifying never panics.
//! - A signed URL verifies, and has the time to live and the cursor of its query.
//! - If an edited URL verifies, its query and its time to live are those of a signed URL.
//!
//! ```text
//! cargo fuzz run -s none search_url
//! ```

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use url_signer::Secret;
use url_signer::cloudinary::Cloud;
use url_signer::cloudinary::api::{SearchQuery, SortOrder};
use url_signer_fuzz::Edit;

const WORDS: &[&str] = &[
    "/",
    "//",
    "/search/",
    "search",
    "demo",
    "/demo",
    "300",
    "0",
    "+",
    "-",
    "_",
    "=",
    "==",
    "e30=",
    "eyJ",
    "/..",
    "?",
    "#",
    "%2F",
    "é",
    "https://res.cloudinary.com/demo/search/",
    "https://demo-res.cloudinary.com/search/",
];

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    ttls: [u64; 2],
    switches: u8,
    edits: [Edit; 3],
    edited: u8,
    /// One line each: the expressions of two queries, a field and a cursor. Each line is
    /// also verified as a URL.
    text: &'a str,
}

fuzz_target!(|input: Input| {
    let cloud = Cloud::new("demo", Secret::new("abcd").unwrap()).unwrap();
    for line in input.text.split('\n') {
        let _ = cloud.verify_search(line);
    }
    let mut lines = input.text.split('\n');
    let [one, other, field, cursor] = [(); 4].map(|()| lines.next().unwrap_or_default());
    let is_set = |bit: u8| input.switches >> bit & 1 == 1;
    let urls = [(one, 0), (other, 1)].map(|(expression, index)| {
        let mut query = SearchQuery::new(expression).ttl(input.ttls[index]);
        if is_set(0) {
            query = query
                .sort_by(field, SortOrder::Descending)
                .with_field(field);
        }
        if is_set(1) {
            query = query.aggregate(field).field(field).max_results(30);
        }
        let with_cursor = query.clone().cursor(cursor).ok().filter(|_| is_set(2));
        let has_cursor = with_cursor.is_some();
        let url = cloud.sign_search(&with_cursor.unwrap_or(query)).to_string();
        let verified = cloud.verify_search(&url).unwrap();
        assert_eq!(verified.ttl(), input.ttls[index]);
        assert_eq!(verified.cursor(), has_cursor.then_some(cursor));
        assert!(
            verified
                .query()
                .iter()
                .all(|byte| matches!(byte, b' '..=b'~'))
        );
        url
    });

    let edits = input.edits.iter().take(1 + usize::from(input.edited) % 3);
    let edited = edits.fold(urls[0].clone(), |url, edit| {
        edit.apply(&url, &urls[1], WORDS)
    });
    if let Ok(verified) = cloud.verify_search(&edited) {
        let signed = urls.iter().map(|url| cloud.verify_search(url).unwrap());
        let found = signed
            .into_iter()
            .any(|signed| (signed.query(), signed.ttl()) == (verified.query(), verified.ttl()));
        assert!(found, "{edited}");
    }
});
