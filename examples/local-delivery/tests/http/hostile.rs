//! Targets that try to leave the folder, damaged files, and slow clients.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use http::Method;
use image::ImageFormat;
use url_signer::cloudinary::DeliveryType;

use crate::pictures::{bomb, jpeg, png};
use crate::server::Server;

#[test]
fn targets_do_not_leave_the_folder() {
    let server = Server::start();
    server.save(DeliveryType::Upload, "photo", &jpeg(40, 30));
    let secret = jpeg(11, 11);
    std::fs::write(server.folder.path().join("secret.jpg"), &secret).unwrap();
    std::fs::write(server.original("demo/image/.hidden.jpg"), &secret).unwrap();
    let absolute = server.folder.path().join("secret.jpg");
    let absolute = absolute.to_str().unwrap();
    let encoded = absolute.replace('/', "%2F");
    for public_id in [
        "../secret.jpg",
        "../../../../secret.jpg",
        "a/../../../../../secret.jpg",
        "%2e%2e/%2e%2e/%2e%2e/%2e%2e/secret.jpg",
        "..%2F..%2F..%2F..%2Fsecret.jpg",
        "%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fsecret.jpg",
        "..%5c..%5csecret.jpg",
        "..%252f..%252fsecret.jpg",
        "%252e%252e/secret.jpg",
        "....//....//secret.jpg",
        ".hidden.jpg",
        "../.hidden.jpg",
        "%2ehidden.jpg",
        absolute,
        &encoded,
        "file:%2F%2F%2Fetc%2Fpasswd",
        "photo.jpg%00.png",
        "photo%00.jpg",
        "photo.jpg/",
        "photo.jpg/.",
        "./photo.jpg",
        "a//..//photo.jpg",
        "%ff.jpg",
        "%c0%ae%c0%ae/secret.jpg",
        "con:.jpg",
    ] {
        for prefix in [
            "/demo/image/upload/",
            "/demo/image/upload/v1/",
            "/demo/image/upload/w_5/",
        ] {
            let target = format!("{prefix}{public_id}");
            let status = server.raw_status(target.as_bytes());
            assert!(matches!(status, 400 | 404), "{status} {target}");
        }
    }
    assert_eq!(server.raw_status(b"/demo/image/upload/photo.jpg"), 200);
}

#[test]
fn targets_of_any_bytes_get_a_response() {
    let server = Server::start();
    for target in [
        b"/".as_slice(),
        b"//",
        b"/?",
        b"*",
        b"http://res.cloudinary.com/demo/image/upload/photo.jpg",
        b"/demo/image/upload/\xFF\xFE.jpg",
        b"/demo/image/upload/%",
        b"/demo/image/upload/%zz",
        b"/demo/image/upload/a b.jpg",
        b"/demo/image/upload/s--",
        b"/demo/image/upload/s----",
        b"/demo/image/upload/s--aaaaaaaa--",
        b"/v1_1/demo/image/upload",
        b"/v1_1",
    ] {
        let status = server.raw_status(target);
        assert!((400..500).contains(&status), "{status} {target:?}");
    }
    let long = format!("/demo/image/upload/{}.jpg", "a".repeat(9_000));
    assert_eq!(server.raw_status(long.as_bytes()), 414);
    let steps = format!("/demo/image/upload/{}photo.jpg", "w_1/".repeat(1_000));
    assert!((400..500).contains(&server.raw_status(steps.as_bytes())));
}

#[cfg(unix)]
#[test]
fn special_files_and_links_are_not_served() {
    use std::os::unix::fs::symlink;

    let server = Server::start();
    server.save(DeliveryType::Upload, "photo", &jpeg(40, 30));
    let folder = server.original("demo/image/upload");
    let outside = server.folder.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("secret.jpg"), jpeg(11, 11)).unwrap();
    symlink(outside.join("secret.jpg"), folder.join("absolute.jpg")).unwrap();
    symlink(
        "../../../../outside/secret.jpg",
        folder.join("relative.jpg"),
    )
    .unwrap();
    symlink(&outside, folder.join("linked")).unwrap();
    symlink("loop.jpg", folder.join("loop.jpg")).unwrap();
    symlink("photo.jpg", folder.join("inside.jpg")).unwrap();
    std::fs::create_dir(folder.join("folder.jpg")).unwrap();
    let status = std::process::Command::new("mkfifo")
        .arg(folder.join("pipe.jpg"))
        .status();
    assert!(status.unwrap().success());
    for (name, status) in [
        ("absolute", 404),
        ("relative", 404),
        ("linked/secret", 404),
        ("loop", 404),
        ("folder", 404),
        ("pipe", 404),
        ("inside", 200),
    ] {
        let url = server.url(&format!("/demo/image/upload/v1/{name}.jpg"));
        assert_eq!(server.get(&url).status, status, "{name}");
    }
}

#[test]
fn huge_images_are_rejected_before_decoding() {
    let server = Server::start();
    for (name, width, height) in [
        ("square", 60_000, 60_000),
        ("wide", 2_000_000_000, 1),
        ("high", 1, 2_000_000_000),
        ("pixels", 16_000, 16_000),
        ("empty", 0, 0),
    ] {
        server.save(DeliveryType::Upload, name, &bomb(width, height));
        let url = server.url(&format!("/demo/image/upload/c_scale,w_10/{name}.png"));
        let response = server.get(&url);
        assert_eq!(response.status, 400, "{name}");
        assert!(!response.error().is_empty());
    }
    // Results, too.
    server.save(DeliveryType::Upload, "photo", &png(40, 30));
    for transformation in [
        "w_20000",
        "h_16000,w_16000",
        "w_99999999999",
        "dpr_5.0,w_10000",
    ] {
        let url = server.url(&format!("/demo/image/upload/{transformation}/photo.png"));
        assert_eq!(server.get(&url).status, 400, "{transformation}");
    }
}

#[test]
fn large_originals_are_not_read() {
    let server = Server::with(crate::server::cloud(), |settings| {
        settings.limits.source_bytes = 10_000;
    });
    let mut bytes = jpeg(40, 30);
    bytes.resize(10_001, 0);
    server.save(DeliveryType::Upload, "large", &bytes);
    for target in ["large.jpg", "w_10/large.jpg"] {
        let response = server.get(&server.url(&format!("/demo/image/upload/{target}")));
        assert_eq!(response.status, 400, "{target}");
        let reason = "File of 10001 bytes exceeds the limit of 10000";
        assert_eq!(response.error(), reason, "{target}");
    }
}

#[test]
fn folders_with_names_of_files_are_not_found() {
    let server = Server::start();
    server.save(DeliveryType::Upload, "a", &png(40, 30));
    let public = server.original("b.png");
    std::fs::write(public, png(40, 30)).unwrap();
    for file in ["a.png", "b.png"] {
        for transformation in ["", "c_fit,w_20/"] {
            for name in ["c", "c.jpg", "c/d.png"] {
                let target = format!("/demo/image/upload/{transformation}v1/{file}/{name}");
                let response = server.get(&server.url(&target));
                assert_eq!(response.status, 404, "{target}");
            }
        }
    }
}

#[test]
fn folders_of_clouds_are_protected_in_any_case() {
    let server = Server::start();
    // Where names of files have no case, these are the folders of protected images.
    for file in [
        "DEMO/image/authenticated/a",
        "Demo/a",
        "other/IMAGE/authenticated/a",
    ] {
        let path = server.original(&format!("{file}.jpg"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, jpeg(40, 30)).unwrap();
        let url = server.url(&format!("/demo/image/upload/v1/{file}.jpg"));
        assert_eq!(server.get(&url).status, 404, "{file}");
    }
}

#[test]
fn damaged_files_do_not_stop_the_server() {
    let server = Server::start();
    let formats = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];
    for format in formats {
        let bytes = crate::pictures::encode(&crate::pictures::picture(64, 48), format);
        // A linear congruential generator (Knuth), so that the damage is always the same.
        let mut state = 1_u64;
        let mut random = |limit: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % limit
        };
        for number in 0..200 {
            let mut damaged = bytes.clone();
            if number % 4 == 0 {
                damaged.truncate(12 + random(bytes.len() - 12));
            } else {
                for _ in 0..=number % 8 {
                    let position = 12 + random(bytes.len() - 12);
                    damaged[position] = u8::try_from(random(256)).unwrap();
                }
            }
            server.save(DeliveryType::Upload, "damaged", &damaged);
            let url = server.url("/demo/image/upload/c_scale,w_10/damaged.png");
            let status = server.get(&url).status;
            assert!(
                matches!(status.as_u16(), 200 | 400),
                "{status} {format:?} {number}"
            );
        }
    }
    server.save(DeliveryType::Upload, "photo", &png(40, 30));
    let url = server.url("/demo/image/upload/c_scale,w_10/photo.png");
    assert_eq!(server.get(&url).status, 200);
}

#[test]
fn silent_clients_do_not_starve_others() {
    let server = Server::start();
    server.save(DeliveryType::Upload, "photo", &jpeg(40, 30));
    // More than the server accepts at once; some send half of a request.
    let mut silent = Vec::new();
    for number in 0..600 {
        let mut stream = TcpStream::connect(server.address).unwrap();
        if number % 2 == 0 {
            stream.write_all(b"GET /demo/image/upload/photo").unwrap();
        }
        silent.push(stream);
    }
    let response = server.get(&server.url("/demo/image/upload/photo.jpg"));
    assert_eq!(response.status, 200);
    drop(silent);
}

#[test]
fn bodies_that_wait_for_clients_are_limited() {
    let server = Server::with(crate::server::cloud(), |settings| {
        settings.sending_bytes = 1_000_000;
        settings.queue_time = Duration::ZERO;
    });
    // More than the buffers of the kernel.
    let mut large = jpeg(40, 30);
    large.resize(30_000_000, 0);
    server.save(DeliveryType::Upload, "large", &large);
    server.save(DeliveryType::Upload, "other", &large);
    server.save(DeliveryType::Upload, "photo", &jpeg(40, 30));
    let other = server.url("/demo/image/upload/other.jpg");
    let small = server.url("/demo/image/upload/photo.jpg");
    let mut stream = TcpStream::connect(server.address).unwrap();
    let request = format!(
        "GET /demo/image/upload/large.jpg HTTP/1.1\r\nHost: {}\r\n\r\n",
        server.address
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
    // The file is not read: not even for its digest.
    for method in [Method::GET, Method::HEAD] {
        let response = server.send(&method, &other, &[]);
        assert_eq!(response.status, 503, "{method}");
        assert_eq!(response.header("retry-after"), "1");
    }
    // A small body does not wait for large ones.
    assert_eq!(server.get(&small).status, 200);
    assert_eq!(server.send(&Method::HEAD, &small, &[]).status, 200);
    let known = server.get_with(&small, &[("if-none-match", "*")]);
    assert_eq!(known.status, 304);
    drop(stream);
    while server.get(&other).status != 200 {
        std::thread::yield_now();
    }
}

#[test]
fn slow_readers_do_not_keep_connections() {
    let server = Server::start();
    let bytes = crate::pictures::encode(&crate::pictures::picture(3_000, 2_000), ImageFormat::Png);
    assert!(bytes.len() > 1_000_000);
    server.save(DeliveryType::Upload, "photo", &bytes);
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream
        .set_write_timeout(Some(Duration::from_mins(1)))
        .unwrap();
    // The responses that nobody reads fill the buffers of the kernel. Then the server closes
    // the connection, instead of waiting for the client.
    let request = format!(
        "GET /demo/image/upload/photo.png HTTP/1.1\r\nHost: {}\r\n\r\n",
        server.address
    );
    let error = loop {
        if let Err(error) = stream.write_all(request.as_bytes()) {
            break error;
        }
    };
    let closed = [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
    assert!(closed.contains(&error.kind()), "{error}");
}
