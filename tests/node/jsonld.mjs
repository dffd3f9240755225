// Writes the JSON-LD file FILE as N-Quads, without network: node jsonld.mjs FILE
import { readFileSync } from "node:fs";
import jsonld from "jsonld";

const document = JSON.parse(readFileSync(process.argv[2], "utf8"));
const documentLoader = (url) => {
  throw new Error(`${url} would be fetched`);
};
process.stdout.write(
  await jsonld.toRDF(document, { format: "application/n-quads", documentLoader }),
);
