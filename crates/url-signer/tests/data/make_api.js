// Reads the calls of `make_api.py`, and prints those on which the provider's SDK for
// Node agrees. The order of a query does not matter. With `--differing`, it prints the
// others, with the result of Node.
//
//     npm install cloudinary@2.11.0
//     node make_api.js all.jsonl > api_agreed.jsonl
//
// Made with Node 20.

'use strict';

const fs = require('fs');
const cloudinary = require('cloudinary').v2;
const utils = require('cloudinary/lib/utils');
const uploader = require('cloudinary/lib/uploader');

const SECRET = 'abcd';
const isDiffering = process.argv[2] === '--differing';
const file = process.argv[isDiffering ? 3 : 2];

function configure(algorithm) {
  cloudinary.config(true);
  cloudinary.config({
    cloud_name: 'demo',
    api_key: 'key',
    api_secret: SECRET,
    signature_algorithm: algorithm,
  });
}

function download(kind, given) {
  const { public_id, format, folder_path, asset_id, version_id, tag, ...options } = given;
  if (options.transformation) {
    options.raw_transformation = options.transformation;
    delete options.transformation;
  }
  switch (kind) {
    case 'private':
      return utils.private_download_url(public_id, format, options);
    case 'archive':
      return utils.download_archive_url(options);
    case 'folder':
      return utils.download_folder(folder_path, options);
    case 'backup':
      return utils.download_backedup_asset(asset_id, version_id, options);
    case 'sprite':
      return tag
        ? uploader.download_generated_sprite(tag, options)
        : uploader.download_generated_sprite(options);
    case 'multi':
      return tag ? uploader.download_multi(tag, options) : uploader.download_multi(options);
  }
  throw new Error(kind);
}

function call(given) {
  const input = structuredClone(given);
  configure(input.algorithm || 'sha1');
  switch (input.call) {
    case 'sign_parameters':
      return utils.api_sign_request(
        input.parameters, SECRET, input.algorithm, input.signature_version);
    case 'upload_form':
      return utils.sign_request(utils.build_upload_params(input.options), {});
    case 'download_url':
      utils.timestamp = () => input.options.timestamp;
      return download(input.kind, input.options);
    case 'verify_notification':
      Date.now = () => input.now * 1000;
      return utils.verifyNotificationSignature(
        input.body, input.timestamp, input.signature, input.valid_for);
    case 'verify_response':
      return utils.verify_api_response_signature(
        input.public_id, input.version, input.signature);
  }
  throw new Error(input.call);
}

// The same text for the same pairs. The SDKs send numbers as text.
function normalized(result) {
  if (typeof result === 'string' && result.startsWith('https://')) {
    const [base, query] = result.split('?');
    const pairs = [...new URLSearchParams(query)].map((pair) => JSON.stringify(pair));
    return `${base}?${pairs.sort().join()}`;
  }
  if (typeof result === 'object') {
    return JSON.stringify(Object.entries(result).map(([k, v]) => `${k}=${v}`).sort());
  }
  return String(result);
}

for (const line of fs.readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
  const given = JSON.parse(line);
  let node;
  try {
    node = call(given);
  } catch (error) {
    node = `error: ${error.message || error}`;
  }
  const isEqual = normalized(node) === normalized(given.result);
  if (isEqual && !isDiffering) {
    console.log(line);
  } else if (!isEqual && isDiffering) {
    console.log(JSON.stringify({ ...given, node }));
  }
}
