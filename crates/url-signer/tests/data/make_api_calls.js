// Prints the lines of `make_api_calls.py` to which the SDK for Node (2.10.1) gives the same
// answer. The queries of URLs are compared as sets of pairs.

const fs = require('fs');
const cloudinary = require('cloudinary').v2;

function answer(call) {
  const algorithm = call.algorithm || 'sha1';
  cloudinary.config({ cloud_name: 'demo', api_key: 'key', api_secret: 'abcd', signature_algorithm: algorithm });
  switch (call.call) {
    case 'sign_parameters':
      return cloudinary.utils.api_sign_request(call.parameters, 'abcd', algorithm, call.signature_version);
    case 'verify_notification': {
      const now = Date.now;
      Date.now = () => call.now * 1000;
      const { body, timestamp, signature, valid_for } = call;
      const verified = cloudinary.utils.verifyNotificationSignature(body, timestamp, signature, valid_for);
      Date.now = now;
      return String(verified);
    }
    case 'verify_response':
      return String(cloudinary.utils.verify_api_response_signature(call.public_id, call.version, call.signature));
  }
  const options = structuredClone(call.options);
  switch (call.kind) {
    case 'private':
      return cloudinary.utils.private_download_url(options.public_id, options.format, options);
    case 'archive':
      return cloudinary.utils.download_archive_url(options);
    case 'folder':
      return cloudinary.utils.download_folder(options.folder_path, options);
    default:
      return cloudinary.utils.download_backedup_asset(options.asset_id, options.version_id, options);
  }
}

function comparable(answer) {
  if (!answer.startsWith('https:')) return answer;
  const url = new URL(answer);
  const pairs = [...url.searchParams].map((pair) => pair.join('='));
  return JSON.stringify([url.origin + url.pathname, pairs.sort()]);
}

for (const line of fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean)) {
  const { input, answer: python } = JSON.parse(line);
  let node = 'an error';
  try {
    node = answer(input);
  } catch {}
  if (comparable(node) === comparable(python)) console.log(line);
  else if (process.argv[3] === '--differing') console.error(line, node);
}
