//! The frame of all pages.

use maud::{DOCTYPE, Markup, html};

use crate::gallery::GallerySettings;
use crate::url_settings;

/// Renders a page with the settings of its URLs.
pub(crate) fn page(settings: &GallerySettings, title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" type="image/svg+xml" href="/gallery/icon.svg";
                link rel="stylesheet" href="/gallery/style.css";
                script src="/gallery/script.js" defer {}
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header.top {
                    a.brand href="/" {
                        svg viewBox="0 0 24 24" aria-hidden="true" { (mark()) }
                        "Gallery"
                    }
                }
                main id="content" tabindex="-1" { (content) }
                footer { (url_settings::section(settings)) }
            }
        }
    }
}

/// The icon of the gallery: a hill and a sun in a frame.
pub(crate) fn mark() -> Markup {
    html! {
        rect width="24" height="24" rx="6" fill="#0f766e" {}
        circle cx="16.5" cy="8" r="2.5" fill="#fde68a" {}
        path d="M3.5 18.5 9.5 9.5l4 6 2-2.5 5 5.5Z" fill="#fff" {}
    }
}
