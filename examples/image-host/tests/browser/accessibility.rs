//! Tests of structure, colors and widths.

use crate::browser::Browser;
use crate::host::{Files, Host, id};
use crate::image::edited;

tests! {
    nothing_overflows_at_any_width,
    texts_have_contrast_in_both_schemes,
    the_schemes_have_different_backgrounds,
    pages_have_one_heading_and_labels,
    targets_are_large_enough,
}

/// Phones, tablets, notebooks and large screens.
const WIDTHS: [u32; 5] = [320, 390, 768, 1_280, 2_560];

fn nothing_overflows_at_any_width() {
    // The elements are only for the message.
    let script = "
        const { scrollWidth, clientWidth } = document.documentElement;
        const wide = [...document.querySelectorAll('body *')]
            .filter(element => element.getBoundingClientRect().right > clientWidth)
            .map(element => element.outerHTML.slice(0, 120));
        return [scrollWidth - clientWidth, wide.slice(0, 8)];";
    let overflow = |browser: &Browser| browser.value::<(i64, Vec<String>)>(script);
    let name =
        "A_long_file_name_without_any_space_that_a_browser_cannot_break_into_lines_".repeat(3);
    let change = [("filename", name.into())];
    let host = Files::new().with_images(&[id(1)], &change).host();
    let browser = Browser::start();
    for url in [host.gallery.clone(), host.image(&id(1))] {
        for width in WIDTHS {
            browser.resize(width, 900);
            browser.open(&url);
            let (pixels, elements) = overflow(&browser);
            assert!(pixels <= 0, "{pixels} pixels at {width}: {elements:#?}");
        }
    }
    let () = browser.value("document.querySelector('h1').style.width = '3000px'");
    let (pixels, elements) = overflow(&browser);
    assert!(
        pixels > 400 && elements[0].starts_with("<h1"),
        "{elements:#?}"
    );
}

fn texts_have_contrast_in_both_schemes() {
    let host = edited();
    let browser = Browser::start();
    for scheme in ["light", "dark"] {
        browser.prefer(scheme);
        for url in [host.gallery.clone(), host.image(&id(1))] {
            browser.open(&url);
            let (texts, problems): (u64, Vec<String>) = browser.value(CONTRAST);
            assert!(texts > 30, "{texts} texts");
            assert!(problems.is_empty(), "{scheme}, {url}: {problems:#?}");
        }
    }
    // 4.48 on white is the contrast of this color, and lower on another background.
    browser.prefer("light");
    browser.open(&host.image(&id(1)));
    let () = browser.value("document.querySelector('h1').style.color = '#777'");
    let (_, problems): (u64, Vec<String>) = browser.value(CONTRAST);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].ends_with("Quadrants"), "{problems:#?}");
}

/// Computes the contrast of each text with the backgrounds behind it, as WCAG 2.2 defines
/// it. Returns the number of texts, and those with a contrast below 4.5.
const CONTRAST: &str = "
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    // Draws colors on top of each other, so that every notation and transparency is read.
    const blend = colors => {
        context.clearRect(0, 0, 1, 1);
        for (const color of ['#fff', ...colors]) {
            context.fillStyle = color;
            context.fillRect(0, 0, 1, 1);
        }
        return context.getImageData(0, 0, 1, 1).data;
    };
    const luminance = ([red, green, blue]) => {
        const [r, g, b] = [red, green, blue].map(value => {
            const part = value / 255;
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const problems = [];
    let texts = 0;
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim();
        const element = walker.currentNode.parentElement;
        if (!text || !element.checkVisibility() || element.closest('script, style, option')) continue;
        texts += 1;
        const backgrounds = [];
        for (let box = element; box; box = box.parentElement) {
            const style = getComputedStyle(box);
            backgrounds.unshift(style.backgroundColor);
            if (style.opacity !== '1') problems.push('opacity ' + style.opacity + ': ' + text);
        }
        const { color } = getComputedStyle(element);
        const values = [blend(backgrounds), blend([...backgrounds, color])].map(luminance);
        const contrast = (Math.max(...values) + 0.05) / (Math.min(...values) + 0.05);
        if (contrast < 4.5)
            problems.push(`${contrast.toFixed(2)} ${color} on ${backgrounds.at(-1)}: ${text}`);
    }
    return [texts, problems];";

fn the_schemes_have_different_backgrounds() {
    let host = Host::start();
    let browser = Browser::start();
    browser.open(&host.gallery);
    let backgrounds = ["light", "dark"].map(|scheme| {
        browser.prefer(scheme);
        let background = "return getComputedStyle(document.body).backgroundColor";
        browser.value::<String>(background)
    });
    assert_ne!(backgrounds[0], backgrounds[1]);
    // In a dark page without a dark color scheme, scroll bars and form fields stay light.
    let scheme = "return getComputedStyle(document.documentElement).colorScheme";
    assert!(browser.value::<String>(scheme).contains("dark"));
}

fn pages_have_one_heading_and_labels() {
    let host = edited();
    let browser = Browser::start();
    for url in [
        host.gallery.clone(),
        host.image(&id(1)),
        format!("{}?after=1", host.gallery),
    ] {
        browser.open(&url);
        let problems: Vec<String> = browser.value(
            "const problems = [];
             const all = selector => [...document.querySelectorAll(selector)];
             const check = (valid, problem) => { if (!valid) problems.push(problem); };
             check(all('h1').length === 1, 'number of h1: ' + all('h1').length);
             check(all('main').length === 1, 'number of main: ' + all('main').length);
             check(document.documentElement.lang, 'no language');
             check(document.title, 'no title');
             for (const picture of all('img'))
                 check(picture.getAttribute('alt'), 'no alt: ' + picture.outerHTML);
             for (const picture of all('svg'))
                 check(picture.ariaHidden === 'true' || picture.getAttribute('aria-label')
                     || picture.getAttribute('aria-labelledby') || picture.querySelector('title'),
                     'no name: ' + picture.outerHTML.slice(0, 200));
             for (const field of all('input:not([type=hidden]), select, textarea'))
                 check(field.labels.length > 0, 'no label: ' + field.outerHTML);
             for (const control of all('a, button, summary'))
                 check(control.textContent.trim() || control.ariaLabel,
                     'no text: ' + control.outerHTML);
             for (const element of all('[tabindex]'))
                 check(element.tabIndex <= 0, 'order of focus: ' + element.outerHTML.slice(0, 200));
             for (const element of all('[id]'))
                 check(all('#' + CSS.escape(element.id)).length === 1, 'repeated id: ' + element.id);
             for (const element of all('[aria-labelledby], [for]')) {
                 const id = element.getAttribute('aria-labelledby') ?? element.getAttribute('for');
                 check(document.getElementById(id), 'no element has the id ' + id);
             }
             let level = 1;
             for (const heading of all('main :is(h1, h2, h3, h4, h5, h6)')) {
                 const next = Number(heading.tagName[1]);
                 check(next <= level + 1, 'skipped level: ' + heading.outerHTML);
                 level = next;
             }
             return problems;",
        );
        assert!(problems.is_empty(), "{url}: {problems:#?}");
    }
}

/// WCAG 2.2 requires 24 pixels. Links in a sentence are exempt.
fn targets_are_large_enough() {
    let host = edited();
    let browser = Browser::start();
    browser.resize(390, 844);
    for url in [host.gallery.clone(), host.image(&id(1))] {
        browser.open(&url);
        let small: Vec<String> = browser.value(
            "return [...document.querySelectorAll('main :is(a, button, summary, input)')]
                 .filter(element => element.checkVisibility() && !element.closest('p:not(.actions), dd'))
                 .map(element => [element.getBoundingClientRect(), element])
                 .filter(([{ width, height }]) => width < 24 || height < 24)
                 .map(([{ width, height }, element]) =>
                     `${width} × ${height}: ${element.outerHTML.slice(0, 200)}`);",
        );
        assert!(small.is_empty(), "{small:#?}");
    }
}
