// Reads [{"want": any, "yaml": "text"}] from standard input and reports every text that js-yaml (YAML 1.2) does not read
// as wanted.
const { readFileSync } = require("node:fs");
const { isDeepStrictEqual } = require("node:util");
const yaml = require("js-yaml");

function read(text) {
  try {
    return yaml.load(text);
  } catch (problem) {
    return problem;
  }
}

const samples = JSON.parse(readFileSync(0, "utf8"));
let mismatches = 0;
for (const sample of samples) {
  const got = read(sample.yaml);
  if (!isDeepStrictEqual(sample.want, got)) {
    mismatches += 1;
    console.log("js-yaml: %j\n  want %j\n  got ", sample.yaml, sample.want, got);
  }
}
console.log(`JavaScript: ${samples.length} samples, ${mismatches} mismatches`);
process.exitCode = mismatches || !samples.length ? 1 : 0;
