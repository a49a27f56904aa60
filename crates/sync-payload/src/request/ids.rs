use std::collections::HashSet;

use percent_encoding::percent_decode_str;
use uuid::Uuid;

use super::error::RequestError;
use super::keys::{Key, named_id_key};

/// Bytes of a UUID with hyphens. Other formats have other lengths.
const CANONICAL: usize = 36;

/// Returns the ids of a query; `None` without a filter.
pub(super) fn parse(query: &str, limit: usize) -> Result<Option<Vec<Uuid>>, RequestError> {
    let mut ids = Ids::default();
    let mut filter = None;
    for pair in query.split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let key = Key::parse(key);
        match (key, filter) {
            (Key::Other, _) => {
                if let Some(key) = named_id_key(pair) {
                    return Err(RequestError::UnsupportedKey { key });
                }
                continue;
            }
            (Key::One, Some(_)) | (Key::List, Some(Key::One)) => {
                return Err(RequestError::AmbiguousIds);
            }
            (Key::One, None) if !value.is_empty() => {
                let id = uuid(value).ok_or(RequestError::InvalidSingleId)?;
                ids.push(id, limit)?;
            }
            (Key::One, None) => {}
            (Key::List, _) => ids.push_element(value, limit)?,
        }
        filter = Some(key);
    }
    Ok(filter.map(|_| ids.list))
}

/// The ids before a position of the query.
#[derive(Default)]
struct Ids {
    list: Vec<Uuid>,
    seen: HashSet<Uuid>,
    /// The number of values, repeated ids included.
    values: usize,
    /// The list is a single empty value so far.
    empty: bool,
}

impl Ids {
    /// Adds a value of `ids[]`.
    fn push_element(&mut self, value: &str, limit: usize) -> Result<(), RequestError> {
        let index = self.values;
        if index == limit {
            return Err(RequestError::TooManyIds { limit });
        }
        if self.empty {
            return Err(RequestError::InvalidId { index: 0 });
        }
        if value.is_empty() && index == 0 {
            self.empty = true;
            self.values = 1;
            return Ok(());
        }
        let id = uuid(value).ok_or(RequestError::InvalidId { index })?;
        self.push(id, limit)
    }

    fn push(&mut self, id: Uuid, limit: usize) -> Result<(), RequestError> {
        if self.values == limit {
            return Err(RequestError::TooManyIds { limit });
        }
        self.values += 1;
        if self.seen.insert(id) {
            self.list.push(id);
        }
        Ok(())
    }
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
