//! A browser window: navigation, scripts, keys and logs.

use std::thread;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use thirtyfour::{ChromiumLikeCapabilities, LoggingPrefsLogLevel};
use tokio::runtime::{self, Runtime};

use crate::driver::Driver;

/// The longest time for which a test waits for a state of the page.
const PATIENCE: Duration = Duration::from_mins(1);

/// Arguments of Chromium. Without them, it connects to hosts of its vendor at every
/// start, and the pixels depend on the screen.
const ARGUMENTS: [&str; 13] = [
    "--headless",
    // A container does not allow the sandbox, and the pages are ours.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--force-device-scale-factor=1",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
];

/// A browser with an empty profile. When it is dropped, it checks its logs, and is closed
/// also during a panic.
pub(crate) struct Browser {
    /// `None` after the session has ended.
    session: Option<WebDriver>,
    runtime: Runtime,
    _driver: Driver,
}

impl Browser {
    /// Starts a browser with a window of 1,280 × 900 pixels.
    pub(crate) fn start() -> Self {
        let driver = Driver::start();
        let mut capabilities = DesiredCapabilities::chrome();
        for argument in ARGUMENTS {
            capabilities.add_arg(argument).unwrap();
        }
        let profile = format!("--user-data-dir={}", driver.profile().display());
        capabilities.add_arg(&profile).unwrap();
        for log in ["browser", "performance"] {
            let all = LoggingPrefsLogLevel::All;
            capabilities.set_logging_prefs(log, all).unwrap();
        }
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let session = runtime.block_on(WebDriver::new(&driver.url, capabilities));
        let browser = Self {
            session: Some(session.unwrap()),
            runtime,
            _driver: driver,
        };
        browser.resize(1_280, 900);
        browser
    }

    /// Starts a browser that runs no script of a page.
    pub(crate) fn without_scripts() -> Self {
        let browser = Self::start();
        let disabled = json!({ "value": true });
        browser.command("Emulation.setScriptExecutionDisabled", disabled);
        browser
    }

    fn run<T>(&self, task: impl AsyncFnOnce(&WebDriver) -> WebDriverResult<T>) -> T {
        let session = self.session.as_ref().unwrap();
        self.runtime.block_on(task(session)).unwrap()
    }

    /// Executes a command of the `DevTools` protocol.
    pub(crate) fn command(&self, name: &str, parameters: Value) -> Value {
        self.run(async |session| session.cdp().send_raw(name, parameters).await)
    }

    /// Changes the size of the viewport. A window cannot have 320 pixels.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        let size = json!({
            "width": width,
            "height": height,
            "deviceScaleFactor": 1,
            "mobile": false,
        });
        self.command("Emulation.setDeviceMetricsOverride", size);
    }

    /// Sets `prefers-color-scheme`.
    pub(crate) fn prefer(&self, scheme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        let features = json!({ "features": [feature] });
        self.command("Emulation.setEmulatedMedia", features);
    }

    /// Loads a page.
    pub(crate) fn open(&self, url: &str) {
        self.run(async |session| session.goto(url).await);
    }

    pub(crate) fn url(&self) -> String {
        self.run(async |session| session.current_url().await).into()
    }

    /// Returns the element that a selector finds first.
    pub(crate) fn find(&self, selector: &str) -> WebElement {
        self.run(async |session| session.find(By::Css(selector)).await)
    }

    /// Clicks the element that a selector finds first.
    pub(crate) fn click(&self, selector: &str) {
        let element = self.find(selector);
        self.run(async |_| element.click().await);
    }

    /// Sends keys to an element, or the path of a file to a file input.
    pub(crate) fn type_into(&self, selector: &str, text: &str) {
        let element = self.find(selector);
        self.run(async |_| element.send_keys(text).await);
    }

    /// Presses and releases a key, wherever the focus is.
    pub(crate) fn press(&self, key: Key) {
        let key = char::from(key).to_string();
        self.run(async |session| session.action_chain().send_keys(key).perform().await);
    }

    /// Returns the value of a function body.
    pub(crate) fn value<T: DeserializeOwned>(&self, script: &str) -> T {
        self.value_of(script, vec![])
    }

    /// Returns the value of a function body with arguments.
    pub(crate) fn value_of<T: DeserializeOwned>(&self, script: &str, arguments: Vec<Value>) -> T {
        self.run(async |session| session.execute(script, arguments).await?.convert())
    }

    /// Returns the value to which the promise of a function body resolves.
    pub(crate) fn resolved<T: DeserializeOwned>(&self, script: &str, arguments: Vec<Value>) -> T {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async (...arguments) => {{ {script} }})(...arguments)
                 .then(value => done({{ value }}), error => done({{ error: String(error) }}));"
        );
        let mut result: Value = self.run(async |session| {
            let result = session.execute_async(script, arguments).await?;
            result.convert()
        });
        assert_eq!(result.get("error"), None);
        serde_json::from_value(result["value"].take()).unwrap()
    }

    /// Waits until the value of a function body is `true`.
    pub(crate) fn wait_until(&self, script: &str) {
        self.wait_until_with(script, &[]);
    }

    /// Waits until the value of a function body with arguments is `true`.
    pub(crate) fn wait_until_with(&self, script: &str, arguments: &[Value]) {
        wait(script, || self.value_of(script, arguments.to_vec()));
    }

    /// Waits until the address of the page has a suffix and the page is complete.
    pub(crate) fn wait_for_page(&self, suffix: &str) {
        wait(suffix, || self.url().ends_with(suffix));
        self.wait_until("return document.readyState === 'complete'");
    }

    /// Waits until another page is complete.
    pub(crate) fn wait_for_page_other_than(&self, url: &str) {
        wait("another page", || self.url() != url);
        self.wait_until("return document.readyState === 'complete'");
    }

    /// Scrolls to each picture, because pictures outside of the window are not requested.
    /// Returns the widths and heights in pixels of the files, and 0 if one does not load.
    pub(crate) fn sizes(&self, selector: &str) -> Vec<(u32, u32)> {
        // Without events, which need scripts of the page.
        let picture = "const picture = document.querySelectorAll(arguments[0])[arguments[1]]; ";
        let loaded = format!("{picture} picture.scrollIntoView(); return picture.complete");
        let size = format!("{picture} return [picture.naturalWidth, picture.naturalHeight]");
        let count = "return document.querySelectorAll(arguments[0]).length";
        let count: usize = self.value_of(count, vec![selector.into()]);
        (0..count)
            .map(|number| {
                let arguments = [json!(selector), json!(number)];
                self.wait_until_with(&loaded, &arguments);
                self.value_of(&size, arguments.into())
            })
            .collect()
    }

    /// Allows scripts to write and read the clipboard.
    pub(crate) fn allow_clipboard(&self) {
        let permissions = json!(["clipboardReadWrite", "clipboardSanitizedWrite"]);
        let permissions = json!({ "permissions": permissions });
        self.command("Browser.grantPermissions", permissions);
    }

    /// Waits until the clipboard contains a text.
    pub(crate) fn wait_for_clipboard(&self, expected: &str) {
        wait(expected, || {
            let script = "return await navigator.clipboard.readText()";
            self.resolved::<String>(script, vec![]) == expected
        });
    }

    pub(crate) fn screenshot(&self) -> Vec<u8> {
        self.run(async |session| session.screenshot_as_png().await)
    }

    /// Returns the errors in the console since the last call.
    pub(crate) fn console_errors(&self) -> Vec<String> {
        let log = self.run(async |session| session.browser_log().await);
        let errors = log.into_iter().filter(|entry| entry.level == "SEVERE");
        errors.map(|entry| entry.message).collect()
    }

    /// Returns the URLs that pages of hosts have requested since the last call. The
    /// browser opens a page of its own at the start, which requests `chrome:` URLs.
    pub(crate) fn requests(&self) -> Vec<String> {
        let log = self.run(async |session| session.get_log("performance").await);
        let mut urls = Vec::new();
        for entry in log {
            let mut entry: Value = serde_json::from_str(&entry.message).unwrap();
            let event = entry["message"].take();
            if event["method"] != "Network.requestWillBeSent" {
                continue;
            }
            let request = &event["params"];
            let page = request["documentURL"].as_str().unwrap();
            if !page.starts_with("chrome:") {
                let url = request["request"]["url"].as_str().unwrap();
                urls.push(url.to_owned());
            }
        }
        urls
    }
}

impl Drop for Browser {
    /// Closes the browser. Fails the test if the console contains an error or if a page
    /// has requested something from another host.
    fn drop(&mut self) {
        let logs = (!thread::panicking()).then(|| (self.console_errors(), self.requests()));
        if let Some(session) = self.session.take() {
            // Without this command, the browser would outlive the driver.
            let _ = self.runtime.block_on(session.quit());
        }
        let Some((mut errors, requests)) = logs else {
            return;
        };
        errors.sort();
        errors.dedup();
        assert!(errors.is_empty(), "errors in the console: {errors:#?}");
        for url in requests {
            assert!(url.starts_with("http://127.0.0.1:"), "request to {url}");
        }
    }
}

/// Waits until a condition is true.
fn wait(expected: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(
            start.elapsed() < PATIENCE,
            "missing after {PATIENCE:?}: {expected}"
        );
        thread::sleep(Duration::from_millis(20));
    }
}
