//! Search queries, and the signing of search URLs.

use std::fmt::{self, Write};

use base64::Engine;
use serde_json::{Map, Value};

use super::base64url::BASE64URL;
use super::search_url::is_cursor;
use super::signature;
use crate::cloudinary::account::cloud::Cloud;
use crate::cloudinary::account::signature_algorithm::SignatureAlgorithm;
use crate::error::ParseError;
use crate::format::to_string;

/// Seconds for which a result may be cached, unless the caller chooses otherwise.
const TTL: u64 = 300;

/// A search for assets, with the options of the SDKs.
///
/// [`Cloud::sign_search`] creates its URL.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchQuery {
    expression: String,
    sort_by: Vec<(String, SortOrder)>,
    max_results: Option<u32>,
    aggregate: Vec<Value>,
    with_field: Vec<String>,
    fields: Vec<String>,
    ttl: u64,
    cursor: Option<String>,
}

/// The order of search results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortOrder {
    /// The smallest value first.
    Ascending,
    /// The largest value first.
    Descending,
}

impl SearchQuery {
    /// Creates a query with an expression, such as `resource_type:image AND tags=kitten`.
    /// An empty expression finds all assets.
    pub fn new(expression: impl Into<String>) -> Self {
        Self {
            expression: expression.into(),
            sort_by: Vec::new(),
            max_results: None,
            aggregate: Vec::new(),
            with_field: Vec::new(),
            fields: Vec::new(),
            ttl: TTL,
            cursor: None,
        }
    }

    /// Adds a field by which the results are sorted, or replaces its order.
    #[must_use]
    pub fn sort_by(mut self, field: impl Into<String>, order: SortOrder) -> Self {
        let field = field.into();
        match self.sort_by.iter_mut().find(|(name, _)| *name == field) {
            Some((_, before)) => *before = order,
            None => self.sort_by.push((field, order)),
        }
        self
    }

    /// Sets the maximum number of results.
    #[must_use]
    pub fn max_results(mut self, count: u32) -> Self {
        self.max_results = Some(count);
        self
    }

    /// Adds a field whose values are counted, such as `"format"`. A range aggregation is a
    /// JSON object with the keys `type` and `ranges`. It replaces an earlier aggregation of
    /// the same field.
    #[must_use]
    pub fn aggregate(mut self, aggregation: impl Into<Value>) -> Self {
        fn field(aggregation: &Value) -> &Value {
            aggregation.get("type").unwrap_or(aggregation)
        }
        let aggregation = aggregation.into();
        let field_of = |before: &Value| field(before) == field(&aggregation);
        match self.aggregate.iter().position(field_of) {
            Some(index) => {
                if let Some(before) = self.aggregate.get_mut(index) {
                    *before = aggregation;
                }
            }
            None => self.aggregate.push(aggregation),
        }
        self
    }

    /// Adds an optional field to the results, such as `tags` or `context`.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        add(&mut self.with_field, field.into());
        self
    }

    /// Adds a field to which the results are limited. The public id and a few other fields
    /// are always included.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        add(&mut self.fields, field.into());
        self
    }

    /// Sets the number of seconds for which the result may be cached. The default is 300.
    #[must_use]
    pub const fn ttl(mut self, seconds: u64) -> Self {
        self.ttl = seconds;
        self
    }

    /// Sets the position at which the result continues: the `next_cursor` of a response.
    ///
    /// # Errors
    ///
    /// - A cursor that is empty or a dot segment, or has characters other than ASCII
    ///   letters, digits and `-._~+=`.
    pub fn cursor(mut self, cursor: &str) -> Result<Self, ParseError> {
        if !is_cursor(cursor) {
            return Err(ParseError::new(
                "search cursor",
                "expected ASCII letters, digits and `-._~+=`",
            ));
        }
        self.cursor = Some(cursor.to_owned());
        Ok(self)
    }

    /// The query as JSON with sorted keys and in ASCII, as in the SDK for Python.
    fn to_json(&self) -> String {
        let mut query = Map::new();
        let mut insert = |key: &str, values: Vec<Value>| {
            if !values.is_empty() {
                query.insert(key.to_owned(), Value::Array(values));
            }
        };
        insert("aggregate", self.aggregate.clone());
        insert("fields", strings(&self.fields));
        insert("with_field", strings(&self.with_field));
        let sort_by = self.sort_by.iter();
        let sort_by = sort_by.map(|(field, order)| {
            let pair = (field.clone(), order.as_str().into());
            Value::Object(Map::from_iter([pair]))
        });
        insert("sort_by", sort_by.collect());
        if !self.expression.is_empty() {
            query.insert("expression".to_owned(), self.expression.clone().into());
        }
        if let Some(count) = self.max_results {
            query.insert("max_results".to_owned(), count.into());
        }
        let mut query = Value::Object(query);
        query.sort_all_objects();
        ascii(&query.to_string())
    }
}

impl SortOrder {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }
}

fn add(fields: &mut Vec<String>, field: String) {
    if !fields.contains(&field) {
        fields.push(field);
    }
}

fn strings(texts: &[String]) -> Vec<Value> {
    texts.iter().map(|text| text.as_str().into()).collect()
}

/// Escapes the characters of a JSON text that are not printable ASCII characters. They
/// occur in its strings only.
fn ascii(json: &str) -> String {
    to_string(|out| {
        for char in json.chars() {
            if matches!(char, ' '..='~') {
                out.write_char(char)?;
                continue;
            }
            for unit in char.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
        }
        Ok(())
    })
}

/// A search URL with its signature.
///
/// Only [`Cloud::sign_search`] creates this type. Anybody who has the URL can run the
/// search.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SignedSearchUrl(String);

impl SignedSearchUrl {
    /// Returns the URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for SignedSearchUrl {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for SignedSearchUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<SignedSearchUrl> for String {
    fn from(url: SignedSearchUrl) -> Self {
        url.0
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for SignedSearchUrl {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Cloud {
    /// Signs a search URL, with which a browser or an app can run the search.
    ///
    /// The URL equals that of the SDK for Python. The SDK for Node encodes some queries
    /// differently: it does not replace `+` and `/` in base64, and it damages characters
    /// other than Latin-1.
    ///
    /// ```
    /// use url_signer::Secret;
    /// use url_signer::cloudinary::Cloud;
    /// use url_signer::cloudinary::api::{SearchQuery, SortOrder};
    ///
    /// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
    /// let query = SearchQuery::new("resource_type:image AND tags=kitten")
    ///     .sort_by("public_id", SortOrder::Descending)
    ///     .max_results(30);
    /// let url = cloud.sign_search(&query);
    ///
    /// let verified = cloud.verify_search(url.as_str())?;
    /// assert!(verified.query().starts_with(br#"{"expression":"resource_type:image AND"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sign_search(&self, query: &SearchQuery) -> SignedSearchUrl {
        let mut ttl = itoa::Buffer::new();
        let ttl = ttl.format(query.ttl);
        let text = BASE64URL.encode(query.to_json());
        let message = [ttl.as_bytes(), text.as_bytes()];
        let signature = signature::sign(SignatureAlgorithm::Sha256, &message, self.keys.signing());
        SignedSearchUrl(to_string(|out| {
            write!(
                out,
                "{}://{}",
                self.hosts.scheme(),
                self.hosts.without_source()
            )?;
            if let Some(name) = self.path_name() {
                write!(out, "/{name}")?;
            }
            write!(out, "/search/{signature}/{ttl}/{text}")?;
            match &query.cursor {
                Some(cursor) => write!(out, "/{cursor}"),
                None => Ok(()),
            }
        }))
    }
}
