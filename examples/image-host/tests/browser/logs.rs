//! Tests of the logs that all other tests rely on.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use crate::browser::Browser;

tests! {
    console_errors_are_recorded,
    requests_to_other_hosts_are_recorded,
}

fn console_errors_are_recorded() {
    let url = serve("<img src=\"missing.png\"><script>no_such_function()</script>");
    let browser = Browser::start();
    browser.open(&url);
    let mut errors = browser.console_errors();
    errors.sort_by_key(|error| error.contains("no_such_function"));
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(
        errors[0].contains(&format!("{url}missing.png")),
        "{errors:?}"
    );
    assert!(errors[0].contains("404"), "{errors:?}");
    assert!(
        errors[1].contains("no_such_function is not defined"),
        "{errors:?}"
    );
}

fn requests_to_other_hosts_are_recorded() {
    let url = serve("<img src=\"http://example.org/x.png\">");
    let browser = Browser::start();
    browser.open(&url);
    let expected = [url.clone(), "http://example.org/x.png".to_owned()];
    assert_eq!(browser.requests(), expected);
    // No request leaves this machine.
    let errors = browser.console_errors();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].contains("ERR_NAME_NOT_RESOLVED"), "{errors:?}");
}

/// Serves a page, and 404 for all other paths. Returns the URL of the page.
fn serve(body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            // The browser also opens connections that it does not use.
            let _ = respond(stream.unwrap(), body);
        }
    });
    url
}

fn respond(mut stream: TcpStream, body: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines
        .next()
        .transpose()?
        .is_some_and(|line| !line.is_empty())
    {}
    let (status, body) = if first.starts_with("GET / ") {
        // An empty icon, because the browser would request one.
        (
            "200 OK",
            format!("<!DOCTYPE html><link rel=\"icon\" href=\"data:,\">{body}"),
        )
    } else {
        ("404 Not Found", String::new())
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    )
}
