/// Limits for the size of a request.
///
/// Parsing fails as soon as a limit is exceeded.
///
/// ```
/// use sync_payload::request::RequestLimits;
///
/// let limits = RequestLimits::new().with_ids(100);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimits {
    pub(super) query_bytes: usize,
    pub(super) ids: usize,
    pub(super) header_bytes: usize,
}

impl RequestLimits {
    /// Returns the default limits: 48 KiB of query, 1,000 ids, and 8 KiB for the
    /// value of `Authorization`.
    ///
    /// A query of 48 KiB is long enough for 1,000 ids with percent-encoded brackets.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            query_bytes: 48 * 1024,
            ids: 1_000,
            header_bytes: 8 * 1024,
        }
    }

    /// Sets the maximum length of the query, in bytes as received.
    #[must_use]
    pub const fn with_query_bytes(self, query_bytes: usize) -> Self {
        Self {
            query_bytes,
            ..self
        }
    }

    /// Sets the maximum number of ids. A repeated id counts each time.
    #[must_use]
    pub const fn with_ids(self, ids: usize) -> Self {
        Self { ids, ..self }
    }

    /// Sets the maximum length of the value of `Authorization`, in bytes.
    #[must_use]
    pub const fn with_header_bytes(self, header_bytes: usize) -> Self {
        Self {
            header_bytes,
            ..self
        }
    }
}

impl Default for RequestLimits {
    fn default() -> Self {
        Self::new()
    }
}
