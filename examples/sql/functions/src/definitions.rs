//! The scalar functions, with their documentation.

use datafusion::arrow::datatypes::DataType;

use crate::api::api_signature;
use crate::delivery::{
    delivery_url, delivery_url_with_token, try_delivery_url, unsigned_delivery_url,
};
use crate::function::{Definition, Parameters, UsedKeys};
use crate::inspect::{
    explain_delivery_url, parse_delivery_url, parts_type, signing_key_fingerprint,
    verify_delivery_url,
};
use crate::parameter::{Kind, Parameter};
use crate::payload::image_payload;
use crate::thumbnails::{proxy_url, thumbnail_path};

const fn text() -> DataType {
    DataType::Utf8
}

const fn boolean() -> DataType {
    DataType::Boolean
}

const PUBLIC_ID: Parameter = Parameter {
    name: "public_id",
    kind: Kind::Text,
    description: "The public id of the file, or its URL if the type is `fetch`.",
};

const DELIVERY_OPTIONS: &[Parameter] = &[
    Parameter {
        name: "transformation",
        kind: Kind::Text,
        description: "The steps, such as 'c_fit,w_300'. An empty text is no transformation.",
    },
    Parameter {
        name: "version",
        kind: Kind::Version,
        description: "The version, an integer or a text. An empty text is no version.",
    },
    Parameter {
        name: "extension",
        kind: Kind::Text,
        description: "The extension without a dot. An empty text is no extension.",
    },
    Parameter {
        name: "type",
        kind: Kind::Text,
        description: "The delivery type, such as 'private', with an optional resource type, such \
            as 'video/private'. An empty text is 'image/upload'.",
    },
];

const DELIVERY: Parameters = Parameters {
    required: &[PUBLIC_ID],
    optional: DELIVERY_OPTIONS,
    last: &[],
};

const URL: Parameters = Parameters {
    required: &[Parameter {
        name: "url",
        kind: Kind::Text,
        description: "The delivery URL.",
    }],
    optional: &[],
    last: &[],
};

const IMAGE_ID: Parameter = Parameter {
    name: "image_id",
    kind: Kind::Text,
    description: "The id of the image, a UUID.",
};

const THUMBNAIL_NAME: Parameter = Parameter {
    name: "name",
    kind: Kind::Text,
    description: "The name of the thumbnail: 'mini', 'thumbnail', 'full' or 'original'.",
};

/// All scalar functions.
pub(crate) static DEFINITIONS: &[Definition] = &[
    Definition {
        name: "delivery_url",
        parameters: DELIVERY,
        returns: text,
        keys: UsedKeys::Checked,
        description: "Returns the signed delivery URL of a file. An invalid argument is an error.",
        example: "SELECT delivery_url('albums/7/photo', 'c_fit,w_300', '', 'jpg', 'private')",
        kernel: delivery_url,
    },
    Definition {
        name: "try_delivery_url",
        parameters: DELIVERY,
        returns: text,
        keys: UsedKeys::Checked,
        description: "Returns the signed delivery URL of a file, or NULL if an argument is invalid.",
        example: "SELECT public_id FROM images WHERE public_id IS NOT NULL \
            AND try_delivery_url(public_id) IS NULL",
        kernel: try_delivery_url,
    },
    Definition {
        name: "unsigned_delivery_url",
        parameters: DELIVERY,
        returns: text,
        keys: UsedKeys::Checked,
        description: "Returns the delivery URL of a public file, without a signature.",
        example: "SELECT unsigned_delivery_url('sample', 'c_fit,w_300', '', 'jpg')",
        kernel: unsigned_delivery_url,
    },
    Definition {
        name: "delivery_url_with_token",
        parameters: Parameters {
            required: &[PUBLIC_ID],
            optional: DELIVERY_OPTIONS,
            last: &[Parameter {
                name: "expires_at",
                kind: Kind::Time,
                description: "The time at which the token expires: Unix seconds or a timestamp.",
            }],
        },
        returns: text,
        keys: UsedKeys::Checked,
        description: "Returns the signed delivery URL of a file with an access token. The last \
            argument is the expiration of the token.",
        example: "SELECT delivery_url_with_token('photo', 'c_fit,w_300', 1767225600)",
        kernel: delivery_url_with_token,
    },
    Definition {
        name: "verify_delivery_url",
        parameters: URL,
        returns: boolean,
        keys: UsedKeys::Checked,
        description: "Returns whether the account signed a delivery URL. Access tokens are ignored.",
        example: "SELECT url FROM logs WHERE NOT verify_delivery_url(url)",
        kernel: verify_delivery_url,
    },
    Definition {
        name: "parse_delivery_url",
        parameters: URL,
        returns: parts_type,
        keys: UsedKeys::None,
        description: "Returns the parts of a delivery URL as a struct. The signature is not \
            verified.",
        example: "SELECT parse_delivery_url(url)['source'] FROM logs",
        kernel: parse_delivery_url,
    },
    Definition {
        name: "explain_delivery_url",
        parameters: URL,
        returns: text,
        keys: UsedKeys::Checked,
        description: "Explains to an operator why a delivery URL does not verify. Do not show the \
            explanation to clients.",
        example: "SELECT explain_delivery_url(url) FROM logs WHERE NOT verify_delivery_url(url)",
        kernel: explain_delivery_url,
    },
    Definition {
        name: "thumbnail_path",
        parameters: Parameters {
            required: &[IMAGE_ID, THUMBNAIL_NAME],
            optional: &[],
            last: &[],
        },
        returns: text,
        keys: UsedKeys::Checked,
        description: "Returns the signed path under which the app host serves a thumbnail.",
        example: "SELECT thumbnail_path(id, 'mini') FROM images",
        kernel: thumbnail_path,
    },
    Definition {
        name: "proxy_url",
        parameters: Parameters {
            required: &[
                IMAGE_ID,
                THUMBNAIL_NAME,
                Parameter {
                    name: "filename",
                    kind: Kind::Text,
                    description: "The name of the file. An empty text becomes 'image'.",
                },
                Parameter {
                    name: "format",
                    kind: Kind::Text,
                    description: "The extension without a dot. An empty text becomes 'jpg'.",
                },
            ],
            optional: &[],
            last: &[],
        },
        returns: text,
        keys: UsedKeys::Checked,
        description: "Returns the signed proxy URL of a thumbnail.",
        example: "SELECT proxy_url(id, 'full', filename, format) FROM images",
        kernel: proxy_url,
    },
    Definition {
        name: "image_payload",
        parameters: Parameters {
            required: &[Parameter {
                name: "image",
                kind: Kind::Image,
                description: "A struct with the keys of an image in the payload as fields, and the \
                    file: `asset_public_id` with optional `asset_version`, `asset_extension` and \
                    `asset_type`, or the `original_url` of a signed payload.",
            }],
            optional: &[],
            last: &[],
        },
        returns: text,
        keys: UsedKeys::Checked,
        description: "Signs the eleven URLs of an image, and returns the JSON of the image in the \
            payload.",
        example: "SELECT image_payload(named_struct('id', id, 'created_at', created_at, \
            'asset_public_id', public_id)) FROM images",
        kernel: image_payload,
    },
    Definition {
        name: "api_signature",
        parameters: Parameters {
            required: &[Parameter {
                name: "parameters",
                kind: Kind::Map,
                description: "The parameters of the request. As in the SDKs, `file`, `cloud_name`, \
                    `resource_type`, `api_key`, and NULL and empty values are not signed.",
            }],
            optional: &[],
            last: &[],
        },
        returns: text,
        keys: UsedKeys::Checked,
        description: "Returns the signature of a request to Cloudinary's API.",
        example: "SELECT api_signature(MAP {'public_id': 'sample', 'timestamp': '1700000000'})",
        kernel: api_signature,
    },
    Definition {
        name: "signing_key_fingerprint",
        parameters: Parameters {
            required: &[],
            optional: &[],
            last: &[],
        },
        returns: text,
        keys: UsedKeys::Described,
        description: "Returns the fingerprint of the keys and settings of the executing process.",
        example: "SELECT signing_key_fingerprint()",
        kernel: signing_key_fingerprint,
    },
];
