// Prints delivery vectors, one JSON object a line, with their URLs made anew by
// the provider's SDK for Node. Where it throws, `error` stands in their place.
//
//     npm install cloudinary@2.11.0
//     node make_delivery.js delivery.jsonl | diff delivery.jsonl -
//     node make_delivery.js --errors errors.jsonl
//
// `--errors` prints with which words each is refused, and fails if one is not.
// `--agreed` and `--differing` print those of the lines given whose URL is, or
// is not, the one that this SDK gives, as they are:
//
//     venv/bin/python make_delivery_more.py > all.jsonl
//     node make_delivery.js --agreed all.jsonl > delivery_more.jsonl
//     node make_delivery.js --differing all.jsonl > delivery_python.jsonl
//
// Made with Node 20.

const { readFileSync } = require("fs");
const cloudinary = require("cloudinary").v2;

function url(vector) {
  // The SDK changes what it is given.
  const options = structuredClone(vector.options);
  // The text is the final one: what these say of it is in it.
  delete options.responsive_width;
  if (options.type === "fetch") delete options.format;
  if (vector.transformation) options.raw_transformation = vector.transformation;
  // No `?_a=…`, which tells the provider of the SDK.
  return cloudinary.url(vector.public_id, { ...options, analytics: false });
}

function anew(vector) {
  const name = "url" in vector ? "url" : "url_signed_escaped";
  try {
    return { ...vector, [name]: url(vector) };
  } catch (error) {
    const { [name]: _, ...rest } = vector;
    return { ...rest, error: String(error) };
  }
}

function refused(vector) {
  let made;
  try {
    const token = vector.category === "token";
    made = token ? cloudinary.utils.generate_auth_token(vector.input.input) : url(vector.input);
  } catch (error) {
    return { ...vector, error: String(error) };
  }
  console.error(`not refused: ${JSON.stringify(vector)}: ${made}`);
  process.exit(1);
}

const path = process.argv.at(-1);
const mode = process.argv.length > 3 ? process.argv[2] : null;
for (const line of readFileSync(path, "utf8").trim().split("\n")) {
  const vector = JSON.parse(line);
  if (mode === "--agreed" || mode === "--differing") {
    if ((anew(vector).url === vector.url) === (mode === "--agreed")) console.log(line);
  } else {
    console.log(JSON.stringify(mode === "--errors" ? refused(vector) : anew(vector)));
  }
}
