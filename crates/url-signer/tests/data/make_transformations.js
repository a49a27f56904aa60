// Prints those lines of transformations.jsonl on which the official SDK for
// Node writes something else, with its text, and last how many there are.
//
//     npm install cloudinary@2.11.0
//     node make_transformations.js < transformations.jsonl

const { readFileSync } = require("fs");
const { utils } = require("cloudinary").v2;

let all = 0;
let others = 0;
for (const line of readFileSync(0, "utf8").trim().split("\n")) {
  const { options, transformation } = JSON.parse(line);
  let node;
  try {
    node = utils.generate_transformation_string(JSON.parse(line).options);
  } catch (error) {
    node = String(error);
  }
  all += 1;
  if (node !== transformation) {
    others += 1;
    console.log(JSON.stringify({ options, transformation, node }));
  }
}
console.log(`${others} of ${all}`);
