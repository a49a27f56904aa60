// The payload by the Cloudinary SDK for Node.
//
// Arguments: the file of records and the number of rounds. Checks every URL, then
// prints the median time per image in microseconds.

const assert = require("node:assert");
const crypto = require("node:crypto");
const fs = require("node:fs");
const cloudinary = require("cloudinary").v2;

const PROXY = "https://sharinpix-proxy-dev.herokuapp.com";
const APP = "localhost";
const PREFIX = "/assets/blank.jpg#";
const ATTACHMENT = { flags: "attachment" };
const AUTOMATIC = { raw_transformation: "dpr_auto,q_auto,f_auto" };
const FIT_1920 = { crop: "fit", height: 1920, width: 1920 };
const fill = (pixels) => ({ crop: "fill", height: pixels, width: pixels });

cloudinary.config({
  cloud_name: "sadaasdasd",
  api_key: "key",
  api_secret: "abcdefghijklmnopqrstuvwxyz0",
  secure: true,
  urlAnalytics: false,
});

function delivery(record, steps) {
  return cloudinary.url(record.public_id, {
    type: "authenticated",
    version: record.version,
    format: "jpg",
    sign_url: true,
    transformation: steps.map((step) => ({ ...step })),
  });
}

function truncated_hmac(key, message, digits) {
  return crypto.createHmac("sha256", key).update(message).digest("hex").slice(0, digits);
}

function proxied(image, slug, name) {
  const message = `images/${image.id}/thumbnails/${name}`;
  const path = `/${message}-${truncated_hmac("thumbnail key", message, 11)}.jpg`;
  const signature = truncated_hmac("proxy key", APP + path, 7);
  return `${PROXY}/${slug}.${image.format}?s=${signature}&url=${APP}${path}`;
}

function signed(record) {
  const image = record.image;
  let crop = [];
  if (record.crop) {
    const [x, y, width, height] = record.crop;
    crop = [{ crop: "crop", x, y, width, height }];
  }
  const rotate = record.rotation ? [{ angle: record.rotation }] : [];
  const slug = record.filename.toLowerCase().replaceAll(" ", "-");
  const page = [ATTACHMENT, AUTOMATIC];
  const prefixed = (steps) => PREFIX + delivery(record, steps);
  return {
    ...image,
    original_url: delivery(record, [ATTACHMENT]),
    external_urls: {
      fill100: prefixed([...crop, ...rotate, { crop: "fit", width: 300 }]),
      fit2000: prefixed([...crop, ...rotate, { crop: "fit", height: 2000, width: 2000 }]),
      mini: proxied(image, slug, "mini"),
      large: proxied(image, slug, "thumbnail"),
      full: proxied(image, slug, "full"),
    },
    thumbnails: {
      original: prefixed(page),
      full_no_sharinpix: prefixed([FIT_1920, ...page]),
      full: prefixed([...crop, FIT_1920, ...rotate, ...page]),
      large: prefixed([...crop, FIT_1920, ...rotate, fill(200), ...page]),
      mini: prefixed([...crop, FIT_1920, ...rotate, fill(100), ...page]),
    },
  };
}

function payload(records) {
  return JSON.stringify(records.map(signed)).replaceAll("&", "\\u0026");
}

const lines = fs.readFileSync(process.argv[2], "utf8").trim().split("\n");
const records = lines.map((line) => JSON.parse(line));
assert.deepStrictEqual(
  JSON.parse(payload(records)),
  records.map((record) => record.image),
);
const times = [];
for (let round = 0; round < Number(process.argv[3]); round++) {
  const start = process.hrtime.bigint();
  payload(records);
  times.push(Number(process.hrtime.bigint() - start) / 1e3 / records.length);
}
times.sort((a, b) => a - b);
console.log(times[Math.floor(times.length / 2)].toFixed(2));
