//! A second implementation of delivery URLs: plain string operations that share only
//! the hash functions with the crate.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use url_signer::cloudinary::PathEncoding;

/// The inputs of a URL, with their SDK names.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "the SDKs' options")]
pub(crate) struct Plain {
    pub(crate) public_id: String,
    pub(crate) transformation: String,
    pub(crate) resource_type: &'static str,
    pub(crate) delivery_type: &'static str,
    pub(crate) version: Option<u64>,
    pub(crate) format: Option<String>,
    pub(crate) url_suffix: Option<String>,
    pub(crate) use_root_path: bool,
    pub(crate) shorten: bool,
    pub(crate) force_version: bool,
    pub(crate) secure: bool,
    pub(crate) private_cdn: bool,
    pub(crate) secure_distribution: Option<&'static str>,
    pub(crate) cname: Option<&'static str>,
    pub(crate) cdn_subdomain: bool,
    pub(crate) secure_cdn_subdomain: Option<bool>,
    pub(crate) sign_url: bool,
    pub(crate) sign_version: bool,
    pub(crate) sha256: bool,
    pub(crate) long: bool,
    pub(crate) form: PathEncoding,
}

const CLOUD: &str = "demo";
const SECRET: &str = "abcd";

impl Plain {
    pub(crate) fn url(&self) -> String {
        let (source, signed_source) = self.source();
        let transformation = collapse(&self.transformation);
        let version = self.version(&signed_source);
        let mut parts = vec![self.origin(&source)];
        parts.extend(self.types());
        if self.sign_url {
            let mut signed = vec![transformation.clone().into_bytes()];
            if self.sign_version {
                signed.extend(version.clone().map(String::into_bytes));
            }
            signed.push(self.signed_form(&signed_source));
            signed.retain(|part| !part.is_empty());
            parts.push(format!("s--{}--", self.signature(signed.join(&b'/'))));
        }
        parts.push(transformation);
        parts.extend(version);
        parts.push(source);
        parts.retain(|part| !part.is_empty());
        parts.join("/")
    }

    /// Returns the source in the URL, and the signed source.
    pub(crate) fn source(&self) -> (String, String) {
        let source = collapse(&self.public_id);
        if source.starts_with("http:/") || source.starts_with("https:/") {
            let source = escape(source.as_bytes());
            return (source.clone(), source);
        }
        let source = escape(&unescape(source.as_bytes()));
        let (mut printed, mut signed) = (source.clone(), source);
        if let Some(suffix) = &self.url_suffix {
            printed = format!("{printed}/{suffix}");
        }
        if let Some(format) = &self.format {
            printed = format!("{printed}.{format}");
            signed = format!("{signed}.{format}");
        }
        (printed, signed)
    }

    fn version(&self, signed_source: &str) -> Option<String> {
        if let Some(version) = self.version {
            return Some(format!("v{version}"));
        }
        let remote = signed_source.starts_with("http:/") || signed_source.starts_with("https:/");
        let mut chars = signed_source.chars();
        let versioned =
            chars.next() == Some('v') && chars.next().is_some_and(|char| char.is_ascii_digit());
        (self.force_version && signed_source.contains('/') && !remote && !versioned)
            .then(|| "v1".to_owned())
    }

    fn types(&self) -> Vec<String> {
        let full = format!("{}/{}", self.resource_type, self.delivery_type);
        if self.use_root_path {
            return vec![];
        }
        if self.url_suffix.is_some() {
            let segment = match full.as_str() {
                "image/upload" => "images",
                "raw/upload" => "files",
                "video/upload" => "videos",
                "image/private" => "private_images",
                "image/authenticated" => "authenticated_images",
                other => panic!("suffix for {other}"),
            };
            return vec![segment.to_owned()];
        }
        if self.shorten && full == "image/upload" {
            return vec!["iu".to_owned()];
        }
        vec![full]
    }

    fn origin(&self, source: &str) -> String {
        let shard = crc32(source.as_bytes()) % 5 + 1;
        let mut in_path = !self.private_cdn;
        let host = if self.secure {
            let own = if self.private_cdn {
                format!("{CLOUD}-res.cloudinary.com")
            } else {
                "res.cloudinary.com".to_owned()
            };
            let host = self.secure_distribution.map_or(own, ToOwned::to_owned);
            in_path |= host == "res.cloudinary.com";
            if self
                .secure_cdn_subdomain
                .unwrap_or(in_path && self.cdn_subdomain)
            {
                let sharded = format!("res-{shard}.cloudinary.com");
                host.replace("res.cloudinary.com", &sharded)
            } else {
                host
            }
        } else if let Some(cname) = self.cname {
            if self.cdn_subdomain {
                format!("a{shard}.{cname}")
            } else {
                cname.to_owned()
            }
        } else {
            let mut host = "res".to_owned();
            if self.private_cdn {
                host = format!("{CLOUD}-{host}");
            }
            if self.cdn_subdomain {
                host = format!("{host}-{shard}");
            }
            format!("{host}.cloudinary.com")
        };
        let scheme = if self.secure { "https" } else { "http" };
        if in_path {
            format!("{scheme}://{host}/{CLOUD}")
        } else {
            format!("{scheme}://{host}")
        }
    }

    /// Returns what the SDKs for PHP and .NET sign of the source. In the other forms, it
    /// is signed with the rest of the path.
    fn signed_form(&self, source: &str) -> Vec<u8> {
        let raw = unescape(source.as_bytes());
        let is_url = source.starts_with("http:/") || source.starts_with("https:/");
        match self.form {
            PathEncoding::Raw => raw,
            PathEncoding::DotNet if !is_url && (raw.contains(&b'%') || !raw.is_ascii()) => raw,
            _ => source.as_bytes().to_vec(),
        }
    }

    fn signature(&self, mut text: Vec<u8>) -> String {
        if self.form == PathEncoding::Decoded {
            for _ in 0..10 {
                text = unescape(&text);
            }
        }
        text.extend(SECRET.as_bytes());
        let digest = if self.sha256 || self.long {
            Sha256::digest(&text).to_vec()
        } else {
            Sha1::digest(&text).to_vec()
        };
        let length = if self.long { 32 } else { 8 };
        URL_SAFE.encode(digest).chars().take(length).collect()
    }
}

fn collapse(text: &str) -> String {
    let mut text = text.to_owned();
    loop {
        let mut shorter = String::new();
        let mut before = [' ', ' '];
        for char in text.chars() {
            // The second of two slashes, unless they follow a colon.
            if !(char == '/' && before[1] == '/' && before[0] != ':') {
                shorter.push(char);
            }
            before = [before[1], char];
        }
        if shorter == text {
            return text;
        }
        text = shorter;
    }
}

fn escape(bytes: &[u8]) -> String {
    let stays = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-/:".contains(byte);
    bytes
        .iter()
        .map(|byte| {
            if stays(byte) {
                char::from(*byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

fn unescape(bytes: &[u8]) -> Vec<u8> {
    let mut unescaped = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes
            .get(at + 1..at + 3)
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        if let (b'%', Some(digits)) = (bytes[at], digits) {
            let digits = std::str::from_utf8(digits).unwrap();
            unescaped.push(u8::from_str_radix(digits, 16).unwrap());
            at += 3;
        } else {
            unescaped.push(bytes[at]);
            at += 1;
        }
    }
    unescaped
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    !crc
}
