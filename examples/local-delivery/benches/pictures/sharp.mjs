// Times the renditions of a photo with sharp, on one thread. Prints seconds of the
// processor as JSON.
//
//     node sharp.mjs FILE ROUNDS
//
// The package `sharp` is in the current folder.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const sharp = createRequire(path.join(process.cwd(), "package.json"))("sharp");
sharp.cache(false);
sharp.concurrency(1);

const [file, rounds] = process.argv.slice(2);
const buffer = readFileSync(file);

// sharp has one resize per pipeline: the squares are made from the photo directly. It may
// decode at a reduced size.
async function renditions() {
  const photo = sharp(buffer);
  const within = (side) => photo.clone().resize(side, side, { fit: "inside" });
  const square = (side) => photo.clone().resize(side, side, { fit: "cover" });
  const fine = { quality: 90, chromaSubsampling: "4:4:4" };
  const small = { quality: 80, chromaSubsampling: "4:2:0" };
  await within(300).jpeg(fine).toBuffer();
  await within(2000).jpeg(fine).toBuffer();
  await photo.clone().jpeg(small).toBuffer();
  await within(1920).jpeg(small).toBuffer();
  await within(1920).jpeg(small).toBuffer();
  await square(200).jpeg(small).toBuffer();
  await square(100).jpeg(small).toBuffer();
}

const times = [];
for (let round = 0; round < Number(rounds); round++) {
  const start = process.cpuUsage();
  await renditions();
  const { user, system } = process.cpuUsage(start);
  times.push((user + system) / 1e6);
}
console.log(JSON.stringify({ sharp: times }));
