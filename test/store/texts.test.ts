import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type Component,
  defineCampaign,
  defineOperator,
  defineProblem,
  type Evaluation,
  type Genome,
  proposed,
  rejected,
} from "../../src/index.ts";
import { temporaryFolder } from "./folder.ts";
import { query } from "./tables.ts";
import { runInto, varietyCampaign } from "./variety.ts";

/** Texts that programs get wrong. */
const hardTexts = [
  "",
  " \t\r\n",
  "naïve “Ünïcödé” 漢字 \u{1f9ec} e\u0301 \u202e",
  "before\0after NUL",
  "'; DROP TABLE candidate; --",
  '{"json": [1, null]}',
  "\ufeffbyte order mark, \ufffe\uffff non-characters",
  "long ".repeat(100_000),
];

/** Lone surrogates, which are no Unicode text and cannot be stored as UTF-8. */
const loneSurrogates = ["\ud800 high", "low \udc00", "\udc00\ud800 swapped"];

interface Seen {
  readonly genome: Genome;
  readonly evaluation: Evaluation;
}

/** Runs candidates that put each text into component 1 in turn; returns what the evaluator saw of each. */
async function evolve(path: string, texts: readonly string[], start: readonly Component[]): Promise<Seen[]> {
  const seen: Seen[] = [];
  let next = 0;
  const problem = defineProblem({
    name: "texts",
    description: "",
    instance: () => ({
      ...{ components: start, statement: "", target: 1e9 },
      evaluate(genome) {
        const text = genome[1]?.text ?? "";
        const evaluation: Evaluation = { status: "ok", fitness: seen.length, feedback: text };
        seen.push({ genome, evaluation });
        return evaluation;
      },
    }),
  });
  const operator = defineOperator({
    ...{ name: "texts", scope: "global", roles: [] },
    propose: async () => proposed(new Map([[1, texts[next++] ?? "end"]])),
  });
  await runInto(
    path,
    defineCampaign({
      ...{ name: "texts", problem, sizes: [1], seeds: 1, runBudget: { evaluations: texts.length + 1 } },
      strategies: { only: { operators: [operator] } },
    }),
  );
  return seen;
}

const start: readonly Component[] = [
  { name: "näme", text: "first", spec: "spéc \0 \u{1f9ec}", language: "日本語", file: "dir/ö.txt", kind: "" },
  { name: "second", text: "second" },
];

const storedTexts = (path: string) =>
  query(
    path,
    `SELECT c.sequence, t.text FROM candidate c JOIN candidate_text t ON t.candidate_id = c.id
     ORDER BY c.sequence, t.component_index`,
  );

describe("texts in a store", () => {
  it("come back as they were, whatever they hold, and are hashed with SHA-256", async () => {
    const path = join(temporaryFolder(), "store.sqlite");
    const seen = await evolve(path, hardTexts, start);
    expect(seen.slice(1).map(({ genome }) => genome[1]?.text)).toEqual(hardTexts);
    expect(storedTexts(path)).toEqual(
      seen.flatMap(({ genome }, sequence) => genome.map(({ text }) => ({ sequence, text }))),
    );
    expect(query(path, "SELECT feedback FROM evaluation ORDER BY candidate_id")).toEqual(
      seen.map(({ evaluation }) => ({ feedback: evaluation.feedback })),
    );
    const alleles = query(path, "SELECT hash, text FROM allele");
    expect(alleles).toHaveLength(2 + hardTexts.length);
    for (const { hash, text } of alleles) {
      const expected = createHash("sha256")
        .update(Buffer.from(String(text), "utf8"))
        .digest()
        .subarray(0, 16);
      expect((hash as Buffer).equals(expected)).toBe(true);
    }
    expect(
      query(path, "SELECT name, spec, language, file, kind FROM component ORDER BY component_index"),
    ).toEqual([
      { name: "näme", spec: "spéc \0 \u{1f9ec}", language: "日本語", file: "dir/ö.txt", kind: "" },
      { name: "second", spec: null, language: null, file: null, kind: null }, // not given, which is not empty
    ]);
  });

  it("are counted whole by their bytes, also behind a NUL, as docs/sql.md says", async () => {
    const path = join(temporaryFolder(), "store.sqlite");
    await evolve(path, ["before\0after"], start);
    const [row] = query(
      path,
      `SELECT length(text) AS characters, length(CAST(text AS BLOB)) AS bytes FROM allele WHERE text LIKE 'before%'`,
    );
    expect(row).toEqual({ characters: 6, bytes: 12 });
  });

  it("have lone surrogates replaced before they are evaluated, so that what is stored is what was scored", async () => {
    const path = join(temporaryFolder(), "store.sqlite");
    const seen = await evolve(path, loneSurrogates, [{ name: "a", text: "start \ud83e" }, start[1]!]);
    expect(seen.map(({ genome }) => genome.map(({ text }) => text))).toEqual([
      ["start \ufffd", "second"],
      ["start \ufffd", "\ufffd high"],
      ["start \ufffd", "low \ufffd"],
      ["start \ufffd", "\ufffd\ufffd swapped"],
    ]);
    expect(storedTexts(path)).toEqual(
      seen.flatMap(({ genome }, sequence) => genome.map(({ text }) => ({ sequence, text }))),
    );
  });

  it("of reasons, feedback and errors are NULL when there are none, and otherwise well-formed", async () => {
    const path = join(temporaryFolder(), "store.sqlite");
    const feedbacks = [undefined, "", "half \ud800 pair"];
    const problem = defineProblem({
      name: "feedback",
      description: "",
      instance: () => ({
        ...{ components: start, statement: "", target: 1 },
        evaluate: (genome): Evaluation => {
          const feedback = feedbacks[Number(genome[1]?.text)];
          return { status: "ok", fitness: 0, ...(feedback === undefined ? {} : { feedback }) };
        },
      }),
    });
    const proposals = [
      rejected("no \udc00 answer"),
      ...["0", "1", "2"].map((text) => proposed(new Map([[1, text]]))),
    ];
    const operator = defineOperator({
      ...{ name: "scripted", scope: "global", roles: [] },
      propose: async () => proposals.shift() ?? rejected("end"),
    });
    await runInto(
      path,
      defineCampaign({
        ...{ name: "feedback", problem, sizes: [1], seeds: 1, runBudget: { evaluations: 4 } },
        strategies: { only: { operators: [operator] } },
      }),
    );
    const rows = query(
      path,
      `SELECT c.status, c.reject_reason, e.feedback FROM candidate c LEFT JOIN evaluation e ON e.candidate_id = c.id
       WHERE c.sequence > 0 ORDER BY c.sequence`,
    );
    expect(rows).toEqual([
      { status: "rejected", reject_reason: "no \ufffd answer", feedback: null },
      { status: "discarded", reject_reason: null, feedback: null },
      { status: "discarded", reject_reason: null, feedback: "" },
      { status: "discarded", reject_reason: null, feedback: "half \ufffd pair" },
    ]);
  });
});

describe("the views of a candidate", () => {
  it("give the lineage and the full text that following the parents gives", async () => {
    const path = join(temporaryFolder(), "store.sqlite");
    await runInto(path, varietyCampaign());
    const candidates = query(
      path,
      "SELECT id, parent_id, status, operator, sequence FROM candidate ORDER BY id",
    );
    const changes = query(
      path,
      "SELECT h.*, a.text FROM candidate_change h JOIN allele a ON a.id = h.allele_id ORDER BY 1, 2",
    );
    const genomes = new Map<unknown, readonly unknown[]>();
    const lines = new Map<unknown, readonly unknown[]>();
    for (const { id, parent_id, status } of candidates) {
      const genome = [...(genomes.get(parent_id) ?? [])];
      for (const change of changes) {
        if (change.candidate_id === id) genome[Number(change.component_index)] = change.text;
      }
      if (status !== "rejected") genomes.set(id, genome);
      lines.set(id, [id, ...(lines.get(parent_id) ?? [])]);
    }
    for (const { id } of candidates) {
      const texts = query(
        path,
        "SELECT text FROM candidate_text WHERE candidate_id = ? ORDER BY component_index",
        id,
      );
      expect(texts.map(({ text }) => text)).toEqual(genomes.get(id) ?? []);
      const line = query(
        path,
        "SELECT ancestor_id, depth FROM lineage WHERE candidate_id = ? ORDER BY depth",
        id,
      );
      expect(line).toEqual(lines.get(id)?.map((ancestor_id, depth) => ({ ancestor_id, depth })));
    }
    expect(Math.max(...[...lines.values()].map((line) => line.length))).toBeGreaterThan(3);
  });
});
