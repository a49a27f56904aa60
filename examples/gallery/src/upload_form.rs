//! The form that uploads a file to the delivery network.

use maud::{Markup, html};
use serde_json::{Value, json};
use url_signer::cloudinary::api::UploadForm;

/// The formats that the form offers.
const ACCEPTED: &str = "image/jpeg,image/png,image/webp";

/// Renders the form. Without JavaScript, the browser sends it to the delivery network,
/// which redirects to the gallery.
pub(crate) fn section(form: Option<&UploadForm>) -> Markup {
    let Some(form) = form else {
        return html! {
            p.empty { "Uploads are not configured: the account of this host has no API key." }
        };
    };
    html! {
        form.upload method="post" enctype="multipart/form-data" action=(form.url()) {
            @for (name, value) in form.parameters().pairs() {
                input type="hidden" name=(name) value=(value);
            }
            label.drop for="file" {
                strong { "Add a picture" }
                span { "JPEG, PNG or WebP" span.script { ", or drop files here" } }
            }
            // Cloudinary reads the fields before the file.
            input id="file" type="file" name="file" accept=(ACCEPTED) required;
            button.button type="submit" { "Upload" }
            p.status role="status" aria-live="polite" {}
        }
    }
}

/// Returns the form for the script, which requests a form for each file: a form is valid
/// for one hour.
pub(crate) fn to_json(form: &UploadForm) -> Value {
    let fields: Vec<_> = form.parameters().pairs().collect();
    json!({ "url": form.url(), "fields": fields })
}
