//! The four hosts, each on a port of its own.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use actix_web::web::Data;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use poem::listener::TcpAcceptor;
use recipes::app::App;
use recipes::{with_actix_web, with_axum, with_hyper, with_poem};
use tokio::runtime::Runtime;

/// The name of a framework, and a function that serves until the process ends.
pub type Server = (&'static str, fn(App, TcpListener));

pub const SERVERS: [Server; 4] = [
    ("axum", axum),
    ("actix-web", actix_web),
    ("poem", poem),
    ("hyper", hyper),
];

/// Starts a server in a thread of its own.
pub fn start((_, serve): Server, app: App) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || serve(app, listener));
    address
}

fn axum(app: App, listener: TcpListener) {
    Runtime::new().unwrap().block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        axum::serve(listener, with_axum::router(app)).await.unwrap();
    });
}

fn actix_web(app: App, listener: TcpListener) {
    let app = Data::new(app);
    let factory = move || {
        let app = actix_web::App::new().app_data(Data::clone(&app));
        app.service(with_actix_web::resource())
    };
    let server = actix_web::HttpServer::new(factory).workers(1);
    let server = server.disable_signals().listen(listener).unwrap();
    actix_web::rt::System::new().block_on(server.run()).unwrap();
}

fn poem(app: App, listener: TcpListener) {
    Runtime::new().unwrap().block_on(async {
        let acceptor = TcpAcceptor::from_std(listener).unwrap();
        let server = poem::Server::new_with_acceptor(acceptor);
        server.run(with_poem::route(app)).await.unwrap();
    });
}

fn hyper(app: App, listener: TcpListener) {
    let app = Arc::new(app);
    Runtime::new().unwrap().block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let app = Arc::clone(&app);
            let service = service_fn(move |request| {
                let response = with_hyper::service(App::clone(&app), request);
                async { Ok::<_, Infallible>(response.await) }
            });
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            // The error of an aborted response is expected.
            tokio::spawn(async { drop(connection.await) });
        }
    });
}
