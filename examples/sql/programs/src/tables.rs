//! Tables whose rows are in files.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::catalog::{DynamicFileCatalog, TableProvider, UrlTableFactory};
use datafusion::common::{DataFusionError, Result, TableReference, plan_datafusion_err};
use datafusion::datasource::dynamic_file::DynamicListTableFactory;
use datafusion::datasource::listing::{
    ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl,
};
use datafusion::execution::SessionState;
use datafusion::prelude::SessionContext;
use futures_util::TryStreamExt;

use crate::arguments::InvalidArgument;
use crate::stores::without_secrets;

/// The ends of the names of files, and the formats of `DataFusion`.
const FORMATS: [(&str, &str); 5] = [
    ("parquet", "parquet"),
    ("ndjson", "json"),
    ("jsonl", "json"),
    ("json", "json"),
    ("csv", "csv"),
];

/// The ends of the names of compressed files.
const COMPRESSIONS: [&str; 4] = ["gz", "bz2", "xz", "zst"];

/// A table with a name, such as `images=photos/2024.parquet`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedTable {
    /// The name in SQL.
    pub name: String,
    /// The path or the URL of a file or a folder.
    pub path: String,
}

impl FromStr for NamedTable {
    type Err = InvalidArgument;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((name, path)) if !name.is_empty() && !path.is_empty() => Ok(Self {
                name: name.to_owned(),
                path: path.to_owned(),
            }),
            _ => Err(InvalidArgument::Table),
        }
    }
}

/// Adds a table to a session.
///
/// # Errors
///
/// There is no file, its format is unknown, or its schema cannot be read.
pub async fn add_table(session: &SessionContext, table: &NamedTable) -> Result<()> {
    let context = |error: DataFusionError| error.context(format!("table `{}`", table.name));
    let provider = open(&session.state(), &table.path).await.map_err(context)?;
    // SQL reads names without quotes in lower case.
    let name = TableReference::bare(table.name.to_lowercase());
    session.register_table(name, provider).map_err(context)?;
    Ok(())
}

/// Returns a session in which paths and URLs of files are names of tables:
/// `SELECT * FROM 'images.parquet'`.
#[must_use]
pub fn with_paths_as_tables(session: SessionContext) -> SessionContext {
    let files = Arc::new(Files::default());
    let known = Arc::clone(session.state().catalog_list());
    let factory = Arc::clone(&files) as Arc<dyn UrlTableFactory>;
    let catalogs = Arc::new(DynamicFileCatalog::new(known, factory));
    let id = session.session_id();
    let builder = session.into_state_builder();
    let state = builder
        .with_session_id(id)
        .with_catalog_list(catalogs)
        .build();
    let session = SessionContext::from(state);
    let store = files.session.session_store();
    store.with_state(session.state_weak_ref());
    session
}

/// Opens the files whose paths are names of tables.
#[derive(Debug, Default)]
struct Files {
    /// Only for its reference to the session.
    session: DynamicListTableFactory,
}

#[async_trait]
impl UrlTableFactory for Files {
    async fn try_new(&self, path: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        // Other names are those of missing tables.
        if !path.contains(['/', '\\']) && Format::of(path).is_none() {
            return Ok(None);
        }
        let session = self.session.session_store().get_session().upgrade();
        let state = session.and_then(|session| {
            let session = session.read();
            session.as_any().downcast_ref::<SessionState>().cloned()
        });
        let state = state.ok_or_else(|| plan_datafusion_err!("the session has ended"))?;
        open(&state, path).await.map(Some)
    }
}

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Format<'a> {
    /// The end of the name without the compression, such as `ndjson`.
    extension: &'a str,
    /// The name of the format in `DataFusion`.
    name: &'static str,
    compression: Option<&'a str>,
}

impl<'a> Format<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let (path, compression) = match path.rsplit_once('.') {
            Some((path, end)) if COMPRESSIONS.contains(&end) => (path, Some(end)),
            _ => (path, None),
        };
        let (_, extension) = path.rsplit_once('.')?;
        let known = FORMATS.iter().find(|(known, _)| *known == extension)?;
        Some(Self {
            extension,
            name: known.1,
            compression,
        })
    }
}

impl fmt::Display for Format<'_> {
    /// Writes the end of a name, such as `.csv.gz`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, ".{}", self.extension)?;
        match self.compression {
            Some(compression) => write!(f, ".{compression}"),
            None => Ok(()),
        }
    }
}

/// Opens a file, or all files of a folder, which have one format.
async fn open(state: &SessionState, path: &str) -> Result<Arc<dyn TableProvider>> {
    let shown = without_secrets(path);
    let with_path = |error: DataFusionError| error.context(shown.clone().into_owned());
    let url = ListingTableUrl::parse(path).map_err(with_path)?;
    let store = state.runtime_env().object_store(&url)?;
    let files = url.list_all_files(state, store.as_ref(), "").await;
    let mut files = files.map_err(with_path)?;
    let unknown = || {
        plan_datafusion_err!(
            "{shown}: unknown format; the name of a file ends with .parquet, .ndjson, .jsonl, \
             .json or .csv, and possibly .gz, .bz2, .xz or .zst"
        )
    };
    let mut file = None;
    let mut extensions = BTreeSet::new();
    while let Some(next) = files.try_next().await.map_err(with_path)? {
        match Format::of(next.location.as_ref()) {
            Some(format) => {
                extensions.insert(format.to_string());
                file.get_or_insert(next);
            }
            // A folder of a finished job may contain empty files such as `_SUCCESS`.
            None if url.is_collection() => {}
            None => return Err(unknown()),
        }
    }
    let file = file.ok_or_else(|| plan_datafusion_err!("{shown}: no such file"))?;
    let format = Format::of(file.location.as_ref()).ok_or_else(unknown)?;
    let extension = format.to_string();
    if extensions.len() > 1 {
        let extensions = Vec::from_iter(extensions).join(", ");
        return Err(plan_datafusion_err!(
            "{shown}: files of several formats ({extensions}); use a pattern such as \
             *{extension} for local files, or a folder for each format"
        ));
    }
    let mut options = HashMap::new();
    if let Some(compression) = format.compression {
        options.insert("format.compression".to_owned(), compression.to_owned());
    }
    let factory = state.get_file_format_factory(format.name);
    let factory = factory.ok_or_else(unknown)?;
    let format = factory.create(state, &options).map_err(with_path)?;
    let options = ListingOptions::new(format).with_file_extension(extension);
    let config = ListingTableConfig::new(url.clone()).with_listing_options(options);
    let config = config
        .infer_partitions_from_path(state)
        .await
        .map_err(with_path)?
        .infer_schema(state)
        .await
        .map_err(with_path)?;
    let cache = state.runtime_env().cache_manager.get_file_statistic_cache();
    Ok(Arc::new(ListingTable::try_new(config)?.with_cache(cache)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_the_end_of_the_name() {
        let cases = [
            ("a.parquet", Some(("parquet", "parquet", None))),
            ("s3://b/a.ndjson", Some(("ndjson", "json", None))),
            ("a.b.jsonl.gz", Some(("jsonl", "json", Some("gz")))),
            ("dir/a.json", Some(("json", "json", None))),
            ("a.csv.zst", Some(("csv", "csv", Some("zst")))),
            ("csv", None),
            ("a.gz", None),
            ("a.txt", None),
            ("", None),
        ];
        for (path, expected) in cases {
            let format = Format::of(path);
            let format = format.map(|format| (format.extension, format.name, format.compression));
            assert_eq!(format, expected, "{path}");
        }
    }

    #[test]
    fn a_table_has_a_name_and_a_path() {
        let table: NamedTable = "images=s3://b/k=v/1.csv".parse().unwrap();
        assert_eq!(table.name, "images");
        assert_eq!(table.path, "s3://b/k=v/1.csv");
        for text in ["images", "=a.csv", "images=", ""] {
            assert_eq!(
                text.parse::<NamedTable>(),
                Err(InvalidArgument::Table),
                "{text}"
            );
        }
    }
}
