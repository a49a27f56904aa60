// Adds the URL of the SDK for Node to each line of `make_search_urls.py`, as
// `url_node`, if it differs from the URL of the SDK for Python.

const fs = require('fs');
const cloudinary = require('cloudinary').v2;

function url(configuration, query) {
  cloudinary.config(true);
  for (const key of Object.keys(cloudinary.config())) {
    cloudinary.config(key, undefined);
  }
  cloudinary.config({ cloud_name: 'demo', api_key: 'key', api_secret: 'abcd', secure: true, ...configuration });
  const search = new (Object.getPrototypeOf(cloudinary.search.expression('a')).constructor)();
  if ('expression' in query) search.expression(query.expression);
  for (const [field, direction] of query.sort_by) search.sort_by(field, direction);
  for (const name of ['aggregate', 'with_field', 'fields']) {
    for (const value of query[name]) search[name](value);
  }
  if ('max_results' in query) search.max_results(query.max_results);
  if ('ttl' in query) search.ttl(query.ttl);
  if ('next_cursor' in query) search.next_cursor(query.next_cursor);
  // The SDK takes the host options from the argument first.
  return search.to_url(undefined, undefined, { ...configuration });
}

for (const line of fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean)) {
  const { config, query, url: python } = JSON.parse(line);
  const node = url(config, query);
  const differing = node === python ? {} : { url_node: node };
  console.log(JSON.stringify({ config, query, url: python, ...differing }));
}
