use std::collections::HashSet;

use percent_encoding::percent_decode_str;
use uuid::Uuid;

use super::error::RequestError;

const KEY: &[u8] = b"ids[]";

/// Bytes of a UUID with hyphens. Other formats have other lengths.
const CANONICAL: usize = 36;

/// Returns the ids of a query; `None` without `ids[]`.
pub(super) fn parse(query: &str, limit: usize) -> Result<Option<Vec<Uuid>>, RequestError> {
    let mut seen = HashSet::new();
    let mut ids = None::<Vec<Uuid>>;
    let mut empty = None;
    for (index, value) in values(query).enumerate() {
        if index == limit {
            return Err(RequestError::TooManyIds { limit });
        }
        if let Some(index) = empty {
            return Err(RequestError::InvalidId { index });
        }
        let ids = ids.get_or_insert_default();
        if value.is_empty() && index == 0 {
            empty = Some(index);
            continue;
        }
        let id = uuid(value).ok_or(RequestError::InvalidId { index })?;
        if seen.insert(id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Returns the values of `ids[]`, not decoded.
fn values(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').filter_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        percent_decode_str(key)
            .eq(KEY.iter().copied())
            .then_some(value)
    })
}

fn uuid(value: &str) -> Option<Uuid> {
    let mut bytes = percent_decode_str(value);
    let mut canonical = [0; CANONICAL];
    for place in &mut canonical {
        *place = bytes.next()?;
    }
    match bytes.next() {
        None => Uuid::try_parse_ascii(&canonical).ok(),
        Some(_) => None,
    }
}
