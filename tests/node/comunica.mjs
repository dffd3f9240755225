// Answers the queries on standard input (JSON: name to text) over the N-Quads file
// named first, with the union of all graphs as default graph; writes JSON rows.
import { readFileSync } from "node:fs";
import { QueryEngine } from "@comunica/query-sparql-rdfjs";
import { Parser, Store } from "n3";

const quads = new Parser({ format: "N-Quads" }).parse(
  readFileSync(process.argv[2], "utf8"),
);
const context = { sources: [new Store(quads)], unionDefaultGraph: true };
const engine = new QueryEngine();
const answers = {};
for (const [name, query] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  const stream = await engine.queryBindings(query, context);
  answers[name] = (await stream.toArray()).map((row) =>
    Object.fromEntries([...row].map(([key, term]) => [key.value, term.value])),
  );
}
process.stdout.write(JSON.stringify(answers));
