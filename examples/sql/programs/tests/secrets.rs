//! Secrets stay in the memory of the executors.

#![allow(clippy::format_collect, clippy::string_slice, reason = "tests")]

mod programs;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use programs::cluster::Cluster;
use programs::object_store::ObjectStore;
use tempfile::TempDir;

const SECRETS: [&str; 6] = [
    "ap1+secret/of~tests",
    "thumbnail key: ü=1&2",
    "proxy key: <\"'>",
    "token key of the tests",
    "AWS/secret+access=key",
    "AWS/session+token=",
];

/// Returns the forms in which a secret may be in a log.
fn forms(secret: &str) -> Vec<String> {
    let percent = |is_plain: fn(u8) -> bool| -> String {
        secret
            .bytes()
            .map(|byte| match byte {
                byte if is_plain(byte) => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect()
    };
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let bytes: Vec<_> = secret.bytes().map(|byte| byte.to_string()).collect();
    let mut forms = vec![
        secret.to_owned(),
        secret.escape_default().to_string(),
        secret.escape_debug().to_string(),
        percent(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)),
        percent(|byte| byte.is_ascii_alphanumeric()),
        percent(|byte| byte.is_ascii_graphic() && !b"%\"<>".contains(&byte)),
        hex.to_uppercase(),
        hex,
        bytes.join(", "),
    ];
    // In Base64, the text depends on the position of the secret.
    for offset in 0..3 {
        let text = [&vec![b' '; offset][..], secret.as_bytes()].concat();
        for engine in [BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD] {
            let text = engine.encode(&text);
            // Characters that also depend on the neighbors are left out.
            forms.push(text[(offset * 8).div_ceil(6)..text.len() - 1].to_owned());
        }
    }
    forms
}

#[test]
fn forms_of_secrets_are_found_in_any_position() {
    for before in ["", "a", "ab"] {
        let text = BASE64_STANDARD_NO_PAD.encode(format!("{before}{}tail", SECRETS[0]));
        assert!(
            forms(SECRETS[0]).iter().any(|form| text.contains(form)),
            "{text}"
        );
    }
}

#[test]
fn no_secret_is_in_a_log() {
    let folder = TempDir::new().unwrap();
    let images = folder.path().join("images");
    programs::generate(&images, 1_000, 2);
    // The key of access tokens is written in hexadecimal digits.
    let token: String = SECRETS[3]
        .bytes()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let account = format!("cloudinary://key:ap1%2Bsecret%2Fof~tests@demo?auth_token[key]={token}");
    let keys = [
        ("CLOUDINARY_URL", account.as_str()),
        ("THUMBNAIL_KEY", SECRETS[1]),
        ("PROXY_KEY", SECRETS[2]),
        ("PROXY_HOST", "proxy.example.org"),
        ("APP_HOST", "app.example.org"),
    ];
    let store = ObjectStore::start();
    store.insert("a.csv", b"public_id\nphoto\n".to_vec());
    let environment = store.environment();
    let mut all = vec![("RUST_LOG", "trace"), ("AWS_SESSION_TOKEN", SECRETS[5])];
    all.extend(environment.iter().map(|(name, value)| match *name {
        "AWS_SECRET_ACCESS_KEY" => (*name, SECRETS[4]),
        name => (name, value.as_str()),
    }));
    let cluster = Cluster::with(2, &keys, &all);
    // An executor with other keys is rejected. Its log is searched, too.
    let environment = keys.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut environment = environment.to_vec();
    environment.push(("RUST_LOG".to_owned(), "trace".to_owned()));
    environment[1].1 = format!("{} retired", SECRETS[1]);
    let mut rejected = cluster.start_executor(&environment);
    assert_eq!(rejected.wait_until_rejected().code(), Some(1));

    let table = format!("images={}", images.display());
    let queries = [
        "SELECT number, delivery_url(public_id, 'c_fill,w_400', version, extension) AS url,
            thumbnail_path('14364f29-c30d-4bbb-992c-19e6031244f7', 'mini') AS thumbnail,
            proxy_url('14364f29-c30d-4bbb-992c-19e6031244f7', 'mini', 'photo', 'jpg') AS proxy
        FROM images",
        "SELECT delivery_url('..', 'c_fill,w_400') FROM images",
        "SELECT delivery_url('photo', 'c_fill,w_400'), signing_key_fingerprint()",
        "EXPLAIN VERBOSE SELECT delivery_url(public_id) FROM images",
        "EXPLAIN ANALYZE SELECT delivery_url(public_id) FROM images",
        "SHOW ALL",
        "SELECT delivery_url_with_token(public_id, 1999999999) FROM 's3://photos/a.csv'",
        "SELECT * FROM 's3://photos/no.csv'",
    ];
    let mut texts = Vec::new();
    for query in queries {
        let mut command = cluster.sql();
        command.envs(all.iter().copied()).args(["--table", &table]);
        let output = command.args(["--query", query]).output().unwrap();
        let is_valid = !query.contains("'..'") && !query.contains("no.csv");
        assert_eq!(output.status.success(), is_valid, "{query}: {output:?}");
        texts.push(String::from_utf8_lossy(&output.stdout).into_owned());
        texts.push(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    // In one process, the client has the keys.
    let mut command = programs::sql();
    command
        .envs(keys)
        .env("RUST_LOG", "trace")
        .args(["--table", &table]);
    let output = command
        .args(["--standalone", "--query", queries[0]])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    texts.push(String::from_utf8_lossy(&output.stderr).into_owned());

    let mut logs = cluster.logs();
    logs.push(rejected.log());
    // The logs contain plans with the functions and their literals.
    assert!(logs.iter().any(|log| log.contains("c_fill,w_400")));
    assert!(logs.iter().all(|log| log.contains("TRACE")));
    for text in logs.iter().chain(&texts) {
        assert!(!text.contains('\u{1b}'), "ANSI codes in a file");
        for form in SECRETS.iter().flat_map(|secret| forms(secret)) {
            assert!(!text.contains(&form), "a log contains `{form}`");
        }
    }
}
