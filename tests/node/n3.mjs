// Writes the RDF file FILE of the given media type as N-Quads: node n3.mjs TYPE FILE
import { readFileSync } from "node:fs";
import { Parser, Writer } from "n3";

const [format, file] = process.argv.slice(2);
const quads = new Parser({ format }).parse(readFileSync(file, "utf8"));
const writer = new Writer(process.stdout, { format: "N-Quads" });
// N3.js 2.13 shortens rdf:type to `a` in triple terms, which N-Quads does not know.
writer._encodePredicate = writer._encodeIriOrBlank;
writer.addQuads(quads);
writer.end();
