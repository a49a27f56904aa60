//! The servers with their data, and the requests.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use endpoint::{PATH, Payload, Payloads};
use tempfile::TempDir;

use crate::arguments::Arguments;
use crate::cluster::Cluster;
use crate::fetch::Client;
use crate::load::Wrk;
use crate::process::{Process, Server};
use crate::programs::{Programs, USER};
use crate::progress;
use crate::signing::Signing;
use crate::subject::Subject;

/// The name of the file with the payload of all images.
const ALL_IMAGES: &str = "all.json";

/// The arguments of image-host on a free port.
const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

/// The running servers and their requests. The fields are dropped in this order.
#[derive(Debug)]
pub(crate) struct Setup {
    pub(crate) servers: Vec<(Subject, Server)>,
    pub(crate) cluster: Option<Cluster>,
    pub(crate) wrk: Wrk,
    pub(crate) signing: Signing,
    payloads: Payloads,
    client: Client,
    directory: TempDir,
}

impl Setup {
    /// Starts the servers of the selected parts, and checks their responses.
    pub(crate) async fn start(arguments: &Arguments, programs: &Programs) -> Result<Self> {
        progress("starting the servers");
        let directory = tempfile::Builder::new().prefix("endpoint-").tempdir()?;
        let folder = directory.path();
        let mut command = programs.command("image-host", folder);
        let token = run(command.args(["token", "--user", USER]), "token", &directory).await?;
        let client = Client::new(token.trim());

        let mut command = programs.command("image-host", folder);
        let images = arguments.images.to_string();
        command.args(SERVE).args(["--images", &images]);
        // Stopped after the recording, because generating images needs memory.
        let source = Server::start(&mut command, "source", folder).await?;
        let all = client.get(&source.url, "")?;
        fs::write(folder.join(ALL_IMAGES), &all.body)?;
        let mut setup = Self {
            servers: Vec::new(),
            cluster: None,
            wrk: Wrk::new(&programs.wrk, token.trim(), folder)?,
            signing: Signing::new(&all.body)?,
            payloads: Payloads::new(all.headers),
            client,
            directory,
        };
        setup.record(arguments, &source)?;
        source.stop().await?;
        for subject in Subject::ALL {
            if subject.is_in(&arguments.only) {
                let server = setup.start_server(subject, programs).await?;
                setup.servers.push((subject, server));
            }
        }
        setup.verify(arguments)?;
        Ok(setup)
    }

    /// Records the payloads of all requests, which the constant-bytes servers send.
    fn record(&mut self, arguments: &Arguments, host: &Server) -> Result<()> {
        for ids in &arguments.ids {
            let images = match *ids {
                0 => self.signing.ids().len(),
                ids => ids,
            };
            let query = self.query(*ids)?;
            let bytes = self.client.get(&host.url, &query)?.body;
            let found = image_model::from_slice::<String>(&bytes)?.len();
            ensure!(
                found == images,
                "the response to {ids} ids has {found} images; expected {images}"
            );
            self.payloads.insert(*ids, Payload { images, bytes });
        }
        let folder = self.payload_folder();
        fs::create_dir(&folder)?;
        self.payloads.save(&folder)
    }

    fn payload_folder(&self) -> PathBuf {
        self.directory.path().join("payloads")
    }

    async fn start_server(&mut self, subject: Subject, programs: &Programs) -> Result<Server> {
        let database = if subject.uses_postgresql() {
            self.database(programs).await?
        } else {
            String::new()
        };
        let folder = self.directory.path();
        let command = |program| programs.command(program, folder);
        let (name, mut command) = match subject {
            Subject::Constant => ("constant", command("constant_host")),
            Subject::Sqlite => ("sqlite", command("image-host")),
            Subject::Query => ("query", command("query_host")),
            Subject::Postgres => ("postgres", command("image-host")),
            Subject::ConstantActix => ("constant-actix", command("constant_actix_host")),
            Subject::Actix => ("actix", command("actix-host")),
        };
        let payloads = self.payload_folder();
        match subject {
            Subject::Constant | Subject::ConstantActix => command.arg(payloads),
            Subject::Sqlite => command.args(SERVE),
            Subject::Query => {
                command.args(["--user", USER, "--database", &database]);
                command.arg(payloads)
            }
            Subject::Postgres => command.args(SERVE).env("DATABASE_URL", database),
            Subject::Actix => command.args(["127.0.0.1:0", ALL_IMAGES]),
        };
        Server::start(&mut command, name, folder).await
    }

    /// Returns the URL of the PostgreSQL database. Creates the database and imports all
    /// images on the first call.
    async fn database(&mut self, programs: &Programs) -> Result<String> {
        if let Some(cluster) = &self.cluster {
            return Ok(cluster.url());
        }
        let cluster = Cluster::start(&programs.postgresql).await?;
        let url = cluster.url();
        for arguments in [
            &["migrate"][..],
            &["import", ALL_IMAGES, "--user", USER][..],
        ] {
            let mut command = programs.command("image-host", self.directory.path());
            command.args(arguments).env("DATABASE_URL", &url);
            run(&mut command, "import", &self.directory).await?;
        }
        // Otherwise, the server does this during the measurement.
        cluster.execute("VACUUM (ANALYZE)").await?;
        cluster.execute("CHECKPOINT").await?;
        self.cluster = Some(cluster);
        Ok(url)
    }

    /// Checks that each server sends the recorded payloads.
    fn verify(&self, arguments: &Arguments) -> Result<()> {
        for (subject, server) in &self.servers {
            for ids in &arguments.ids {
                let query = self.query(*ids)?;
                let name = subject.name();
                let response = self.client.get(&server.url, &query).context(name)?;
                let expected = self.payloads.get(*ids).context("no payload")?;
                ensure!(
                    response.body == expected.bytes,
                    "{name}: the response to {ids} ids differs from that of {}",
                    Subject::Sqlite.name()
                );
            }
        }
        Ok(())
    }

    /// Returns the query of a request with a number of ids, which are evenly spread over
    /// all images.
    fn query(&self, number: usize) -> Result<String> {
        if number == 0 {
            return Ok(String::new());
        }
        let all = self.signing.ids();
        ensure!(
            number <= all.len(),
            "{number} ids of {} images; use a greater number of `--images`",
            all.len()
        );
        let ids = all.iter().step_by(all.len() / number).take(number);
        let pairs: Vec<_> = ids.map(|id| format!("ids[]={id}")).collect();
        Ok(format!("?{}", pairs.join("&")))
    }

    /// Returns the URL of a request with a number of ids.
    pub(crate) fn url(&self, server: &Server, ids: usize) -> Result<String> {
        let query = self.query(ids)?;
        Ok(format!("{}{PATH}{query}", server.url))
    }

    /// Returns the payload of a request with a number of ids.
    pub(crate) fn payload(&self, ids: usize) -> Result<&Payload> {
        self.payloads.get(ids).context("no payload")
    }
}

/// Runs a command until it has ended. Returns its output.
async fn run(command: &mut Command, name: &str, folder: &TempDir) -> Result<String> {
    Process::start(command, name, folder.path())?.finish().await
}
