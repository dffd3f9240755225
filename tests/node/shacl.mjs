// Validates with shacl-engine: reads graphs, [{shapes, data}] in N-Triples, as JSON
// and writes the findings of each, one line of JSON per graph.
import { readFileSync } from "node:fs";
import { DataFactory, Parser, Store } from "n3";
import { Validator } from "shacl-engine";

const parse = (text) => new Store(new Parser({ format: "N-Triples" }).parse(text));

// The IRI of a path that is no more than that, and otherwise nothing.
function plain([step, ...more]) {
  const forward = step.start === "subject" && step.quantifier === "one";
  const [predicate, ...others] = step.predicates;
  return forward && !more.length && !others.length ? predicate.value : null;
}

const written = (term) => (term?.termType === "BlankNode" ? "blank" : term?.value ?? "");

for (const { shapes, data } of JSON.parse(readFileSync(0, "utf8"))) {
  const validator = new Validator(parse(shapes), { factory: DataFactory });
  const { results } = await validator.validate({ dataset: parse(data) });
  const found = results.map((result) => [
    result.focusNode.term.value,
    result.path ? plain(result.path) ?? "path" : "",
    written(result.value?.term),
    result.constraintComponent.value,
    result.severity.value,
    result.shape.ptr.term.value,
  ]);
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
