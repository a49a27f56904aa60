// Keeps a copy of the images in a JSON file.

import { readFile, rename, writeFile } from "node:fs/promises";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Image = components["schemas"]["Image"];

const [host, file] = process.argv.slice(2);
const token = process.env["IMAGE_SYNC_TOKEN"];
if (!host || !file || !token) {
  throw new Error("usage: IMAGE_SYNC_TOKEN=… node dist/sync.js HOST FILE");
}

/** Returns the copy, by id. There is none before the first sync. */
async function readCopy(file: string): Promise<Map<string, Image>> {
  try {
    const images: Image[] = JSON.parse(await readFile(file, "utf8"));
    return new Map(images.map((image) => [image.id, image]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw error;
  }
}

const client = createClient<paths>({
  baseUrl: host,
  headers: { Authorization: `Token token="${token}"` },
});
// Fails if the host aborts the connection, so a partial payload is never stored.
const { data: images, error, response } = await client.GET("/api/v1/image_syncs");
if (!images) {
  throw new Error(`${response.status} ${error ?? response.headers.get("x-message") ?? ""}`);
}

const copy = await readCopy(file);
let added = 0;
let changed = 0;
for (const image of images) {
  const known = copy.get(image.id);
  if (!known) added += 1;
  else if (known.updated_at !== image.updated_at) changed += 1;
}
const ids = new Set(images.map((image) => image.id));
const gone = [...copy.keys()].filter((id) => !ids.has(id)).length;

await writeFile(`${file}.tmp`, JSON.stringify(images));
await rename(`${file}.tmp`, file);
console.log(`${images.length} images: ${added} new, ${changed} changed, ${gone} gone`);
