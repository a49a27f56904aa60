//! The fields of a JSON object.

use std::cell::RefCell;
use std::collections::HashSet;

use anyhow::{Context, Result, anyhow};
use serde_json::{Map, Value};

use crate::number;

/// The fields of a JSON object. It remembers which ones were read. A field with the value
/// `null` is missing.
pub(crate) struct Fields<'a> {
    map: &'a Map<String, Value>,
    read: RefCell<HashSet<&'static str>>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(map: &'a Map<String, Value>) -> Self {
        Self {
            map,
            read: RefCell::default(),
        }
    }

    /// Returns the names of the fields that were not read.
    pub(crate) fn unused(&self) -> Vec<String> {
        let read = self.read.borrow();
        let unused = self.map.keys().filter(|name| !read.contains(&***name));
        unused.cloned().collect()
    }

    /// Returns whether a field is present, also if it is `null`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    pub(crate) fn optional(&self, name: &'static str) -> Option<&'a Value> {
        self.read.borrow_mut().insert(name);
        self.map.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn required(&self, name: &'static str) -> Result<&'a Value> {
        self.optional(name)
            .with_context(|| format!("`{name}` is missing"))
    }

    pub(crate) fn text(&self, name: &'static str) -> Result<&'a str> {
        text(name, self.required(name)?)
    }

    pub(crate) fn optional_text(&self, name: &'static str) -> Result<Option<&'a str>> {
        let value = self.optional(name);
        value.map(|value| text(name, value)).transpose()
    }

    pub(crate) fn integer(&self, name: &'static str) -> Result<i64> {
        integer(name, self.required(name)?)
    }

    pub(crate) fn optional_integer(&self, name: &'static str) -> Result<Option<i64>> {
        let value = self.optional(name);
        value.map(|value| integer(name, value)).transpose()
    }

    pub(crate) fn object(&self, name: &'static str) -> Result<&'a Map<String, Value>> {
        let value = self.required(name)?;
        value
            .as_object()
            .ok_or_else(|| anyhow!("invalid `{name}`: expected an object"))
    }

    /// Returns a text, or the text of a number.
    pub(crate) fn text_or_number(&self, name: &'static str) -> Result<String> {
        match self.required(name)? {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number::text(number)),
            _ => Err(anyhow!("invalid `{name}`: expected a text or a number")),
        }
    }
}

fn text<'a>(name: &str, value: &'a Value) -> Result<&'a str> {
    value
        .as_str()
        .ok_or_else(|| anyhow!("invalid `{name}`: expected a text"))
}

fn integer(name: &str, value: &Value) -> Result<i64> {
    value
        .as_number()
        .and_then(|number| number::text(number).parse().ok())
        .ok_or_else(|| anyhow!("invalid `{name}`: expected an integer"))
}
