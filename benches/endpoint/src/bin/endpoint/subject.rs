//! The servers that are measured.

use crate::arguments::Part;

/// A server that is measured.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Subject {
    Constant,
    Sqlite,
    Query,
    Postgres,
    ConstantActix,
    Actix,
}

impl Subject {
    /// All servers. Each follows the servers that it is compared with.
    pub(crate) const ALL: [Self; 6] = [
        Self::Constant,
        Self::Sqlite,
        Self::Query,
        Self::Postgres,
        Self::ConstantActix,
        Self::Actix,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant bytes, axum",
            Self::Sqlite => "image-host, SQLite",
            Self::Query => "query only, PostgreSQL",
            Self::Postgres => "image-host, PostgreSQL",
            Self::ConstantActix => "constant bytes, actix",
            Self::Actix => "actix-host",
        }
    }

    /// Returns true if one of the parts measures this server.
    pub(crate) fn is_in(self, parts: &[Part]) -> bool {
        let needed_by: &[Part] = match self {
            Self::Constant => &[Part::Sqlite, Part::Postgres],
            Self::Sqlite => &[Part::Sqlite],
            Self::Query | Self::Postgres => &[Part::Postgres],
            Self::ConstantActix | Self::Actix => &[Part::Actix],
        };
        needed_by.iter().any(|part| parts.contains(part))
    }

    /// Returns the constant-bytes server with the HTTP stack of this server.
    pub(crate) fn constant(self) -> Self {
        match self {
            Self::Constant | Self::Sqlite | Self::Query | Self::Postgres => Self::Constant,
            Self::ConstantActix | Self::Actix => Self::ConstantActix,
        }
    }

    pub(crate) fn uses_postgresql(self) -> bool {
        matches!(self, Self::Query | Self::Postgres)
    }

    /// Returns true if the server signs the URLs of the images.
    pub(crate) fn signs(self) -> bool {
        matches!(self, Self::Sqlite | Self::Postgres | Self::Actix)
    }
}
