//! A store with the parts of the S3 protocol that one bucket with small files needs. It
//! accepts any signature.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

type Objects = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// The bucket of the store.
pub(crate) const BUCKET: &str = "photos";

/// A store in memory, which listens on a free port.
pub(crate) struct ObjectStore {
    address: SocketAddr,
    objects: Objects,
}

impl ObjectStore {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let objects = Objects::default();
        let served = Arc::clone(&objects);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let objects = Arc::clone(&served);
                thread::spawn(move || serve(&stream.unwrap(), &objects));
            }
        });
        Self { address, objects }
    }

    /// The environment of the programs that use the store.
    pub(crate) fn environment(&self) -> [(&'static str, String); 5] {
        [
            ("AWS_ENDPOINT_URL", format!("http://{}", self.address)),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", "eu-west-3".to_owned()),
            ("AWS_ACCESS_KEY_ID", "an access key id".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "a secret access key".to_owned()),
        ]
    }

    pub(crate) fn insert(&self, key: &str, object: Vec<u8>) {
        self.objects.lock().unwrap().insert(key.to_owned(), object);
    }

    pub(crate) fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.objects.lock().unwrap().get(key).cloned()
    }
}

/// Responds to the requests of one connection.
fn serve(stream: &TcpStream, objects: &Objects) {
    let mut input = BufReader::new(stream);
    while let Some(request) = Request::read(&mut input) {
        let (status, head, body) = request.response(&mut objects.lock().unwrap());
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{head}\r\n");
        let body = if request.method == "HEAD" {
            &[]
        } else {
            &body[..]
        };
        let mut stream = stream;
        if stream.write_all(&[head.as_bytes(), body].concat()).is_err() {
            return;
        }
    }
}

struct Request {
    method: String,
    key: String,
    query: String,
    range: Option<(usize, usize)>,
    is_signed: bool,
    body: Vec<u8>,
}

impl Request {
    fn read(input: &mut impl BufRead) -> Option<Self> {
        let mut line = String::new();
        input.read_line(&mut line).ok()?;
        let mut words = line.split_whitespace().map(str::to_owned);
        let (method, target) = (words.next()?, words.next()?);
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let mut request = Self {
            method,
            key: path
                .strip_prefix(&format!("/{BUCKET}"))?
                .trim_start_matches('/')
                .to_owned(),
            query: query.to_owned(),
            range: None,
            is_signed: false,
            body: Vec::new(),
        };
        let mut length = 0;
        loop {
            let mut line = String::new();
            input.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().ok()?,
                "authorization" => request.is_signed = value.starts_with("AWS4-HMAC-SHA256 "),
                "range" => {
                    let (start, end) = value.strip_prefix("bytes=")?.split_once('-')?;
                    request.range = Some((start.parse().ok()?, end.parse().ok()?));
                }
                _ => {}
            }
        }
        request.body.resize(length, 0);
        input.read_exact(&mut request.body).ok()?;
        Some(request)
    }

    fn response(&self, objects: &mut BTreeMap<String, Vec<u8>>) -> (&str, String, Vec<u8>) {
        const DATE: &str = "last-modified: Mon, 02 Jan 2006 15:04:05 GMT\r\netag: \"1\"\r\n";
        if !self.is_signed {
            return ("403 Forbidden", String::new(), Vec::new());
        }
        if self.method == "PUT" {
            objects.insert(self.key.clone(), self.body.clone());
            return ("200 OK", DATE.to_owned(), Vec::new());
        }
        if self.key.is_empty() {
            return ("200 OK", String::new(), self.list(objects).into_bytes());
        }
        let Some(object) = objects.get(&self.key) else {
            return ("404 Not Found", String::new(), Vec::new());
        };
        match self.range {
            Some((start, end)) => {
                let end = (end + 1).min(object.len());
                let range = format!(
                    "content-range: bytes {start}-{}/{}\r\n",
                    end - 1,
                    object.len()
                );
                let body = object[start..end].to_vec();
                ("206 Partial Content", format!("{range}{DATE}"), body)
            }
            None => ("200 OK", DATE.to_owned(), object.clone()),
        }
    }

    fn list(&self, objects: &BTreeMap<String, Vec<u8>>) -> String {
        let mut pairs = self
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='));
        let prefix = pairs.find(|(name, _)| *name == "prefix");
        let prefix = prefix.map_or(String::new(), |(_, prefix)| prefix.replace("%2F", "/"));
        let objects = objects.iter().filter(|(key, _)| key.starts_with(&prefix));
        let contents: String = objects
            .map(|(key, object)| {
                let size = object.len();
                format!(
                    "<Contents><Key>{key}</Key><Size>{size}</Size><ETag>\"1\"</ETag>\
                     <LastModified>2006-01-02T15:04:05.000Z</LastModified></Contents>"
                )
            })
            .collect();
        format!("<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>")
    }
}
