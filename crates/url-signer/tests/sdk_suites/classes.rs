//! Classes of differences from the SDKs. The guide to porting explains each of them.

/// A class of differences: its name in the guide, and the reason.
pub(crate) struct Class {
    pub(crate) name: &'static str,
    pub(crate) reason: &'static str,
}

const fn class(name: &'static str, reason: &'static str) -> Class {
    Class { name, reason }
}

pub(crate) const CLASSES: &[Class] = &[
    class(
        "Analytics",
        "a query `?_a=…` with the version of the SDK is not added",
    ),
    class("Percent signs", ".NET does not decode a public id"),
    class(
        "Unreserved characters",
        "Node and js-url-gen do not encode `!~*'()`",
    ),
    class(
        "Layer ids",
        "public ids in a transformation are percent-encoded",
    ),
    class(
        "Fetched layers",
        "Node omits the padding of base64, js-url-gen accepts base64, Python encodes another text",
    ),
    class(
        "URL as the id of a layer",
        "only Ruby accepts a URL as the `public_id` of a layer",
    ),
    class(
        "Custom functions",
        "Node accepts incomplete functions, and omits the padding of base64",
    ),
    class(
        "Texts without a style",
        "Node creates a layer that most SDKs reject",
    ),
    class(
        "Double encoding",
        "js-url-gen encodes a transformation again",
    ),
    class("Non-ASCII values", "Node writes a URL that is not valid"),
    class(
        "Extension and suffix",
        "PHP and Go write the extension of the public id after the suffix",
    ),
    class(
        "Types in the public id",
        "Node and js-url-gen read types and version from the public id",
    ),
    class("Type `asset`", "Ruby, Java and .NET return the public id"),
    class("URL of the type `upload`", "PHP creates a URL"),
    class(
        "Rejected public ids",
        "an empty public id, and a `/` at the start",
    ),
    class("Token without a key", "PHP signs the URL instead"),
    class(
        "HTML attributes",
        "Ruby and Node move sizes and borders to an HTML tag",
    ),
    class(
        "Number formats",
        "Ruby writes an integer interval, and js-url-gen a decimal `dpr`",
    ),
    class(
        "Unnormalized duration",
        "Node does not normalize a `duration`",
    ),
    class(
        "Offsets",
        "in js-url-gen, `start_offset` overrides `offset`",
    ),
    class(
        "Names of one SDK",
        "the option is ignored with a warning, or rejected",
    ),
    class(
        "Recording",
        "the configuration of the test, or a part of its input, was not recorded",
    ),
];
