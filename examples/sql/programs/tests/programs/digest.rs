//! A digest of URLs that does not depend on their order.

use md5::{Digest, Md5};

/// Returns the number of URLs, the sum of one part of their MD5 digests, and the exclusive
/// or of another part.
///
/// SQL has no function that reads hexadecimal digits, so the letters are replaced with
/// decimal digits.
pub(crate) fn query(url: &str, table: &str) -> String {
    format!(
        "SELECT count(*) AS urls, sum(CAST(substr(digits, 1, 9) AS BIGINT)) AS total, \
         bit_xor(CAST(substr(digits, 10, 18) AS BIGINT)) AS parity \
         FROM (SELECT translate(md5({url}), 'abcdef', '678901') AS digits FROM {table})"
    )
}

/// Returns the result of [`query`] as CSV.
pub(crate) fn of(urls: &[String]) -> String {
    let (mut total, mut parity) = (0_i64, 0_i64);
    for url in urls {
        let digits: String = Md5::digest(url)
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .map(|digit| match digit {
                0..=9 => char::from(b'0' + digit),
                // a to d are 6 to 9, e and f are 0 and 1.
                _ => char::from(b'0' + (digit - 4) % 10),
            })
            .collect();
        total += digits[..9].parse::<i64>().unwrap();
        parity ^= digits[9..27].parse::<i64>().unwrap();
    }
    format!("urls,total,parity\n{},{total},{parity}\n", urls.len())
}
