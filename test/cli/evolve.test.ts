import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { needs } from "../needs.ts";
import { query } from "../store/tables.ts";
import { allele, temporaryFolder } from "./allele.ts";

/** A program of one number, scored by how near it is to 42. */
function numberFolder(): string {
  const folder = join(temporaryFolder(), "number");
  mkdirSync(folder);
  writeFileSync(
    join(folder, "program.mjs"),
    "// EVOLVE-BLOCK-START answer\nexport const answer = 30;\n// EVOLVE-BLOCK-END\nexport const fixed = 1;\n",
  );
  writeFileSync(
    join(folder, "evaluate.mjs"),
    `import { answer } from "./program.mjs";
console.log(JSON.stringify({ metrics: { closeness: -Math.abs(answer - 42) }, feedback: "answer " + answer }));\n`,
  );
  writeFileSync(
    join(folder, "allele.yaml"),
    "evaluate: [node, evaluate.mjs]\nfitness: closeness\ntarget: 0\nstatement: Find the number.\ntimeout_ms: 20000\n",
  );
  return folder;
}

describe("allele evolve", () => {
  needs.bubblewrap("evolves a folder's program, stores its files, and writes the best ones", async () => {
    const folder = numberFolder();
    const store = join(folder, "..", "number.sqlite");
    const out = join(folder, "..", "best");
    const args = ["evolve", folder, "--store", store, "--out", out, "--max-evaluations", "60", "--json"];
    const { code, stdout, stderr } = await allele(args);
    expect(stderr.replace(/\s+/g, " ")).toContain("program.mjs; 1 component (answer)");
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result.best.fitness).toBeGreaterThan(-12);
    expect(result.best.initialFitness).toBe(-12);
    expect(result.strategies).toMatchObject([{ strategy: "global", runs: 1 }]);
    expect(result.strategies[0].meanEvaluations).toBeLessThanOrEqual(60);
    const text = readFileSync(result.best.files[0], "utf8");
    expect(text).toMatch(
      /^\/\/ EVOLVE-BLOCK-START answer\n[\s\S]*\n\/\/ EVOLVE-BLOCK-END\nexport const fixed = 1;\n$/,
    );
    const rows = query(
      store,
      "SELECT text FROM candidate_file WHERE candidate_id = ?",
      result.best.candidateId,
    );
    expect(rows).toEqual([{ text }]);
    expect(query(store, "SELECT DISTINCT wall FROM run")).toEqual([{ wall: "bubblewrap" }]);
    const feedback = query(store, "SELECT feedback FROM evaluation WHERE candidate_id = 1");
    expect(feedback).toEqual([{ feedback: "answer 30" }]);

    expect((await allele(["show", store])).stdout).toMatch(/-?[\d.]+\/0\b/);
    const best = await allele(["best", store, "--out", join(folder, "..", "again")]);
    expect(best.stdout).toContain("Written to");
    expect(readFileSync(join(folder, "..", "again", "program.mjs"), "utf8")).toBe(text);
    writeFileSync(join(folder, "..", "again", "program.mjs"), "mine");
    const refused = await allele(["best", store, "--out", join(folder, "..", "again")]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("exists with another text; choose another folder with --out");
    expect(readFileSync(join(folder, "..", "again", "program.mjs"), "utf8")).toBe("mine");
  });

  it("shows its plan and runs nothing with --dry-run", async () => {
    const folder = numberFolder();
    const { code, stderr } = await allele(["evolve", folder, "--dry-run", "--granularity", "lines"]);
    expect(code).toBe(0);
    expect(stderr.replace(/\s+/g, " ")).toContain(
      "(allele format): program.mjs; 1 component (answer/1); global",
    );
  });

  it("prints its plan as JSON, and keeps what it writes out of the program", async () => {
    const folder = numberFolder();
    const { code, stdout } = await allele([
      "evolve",
      folder,
      "--dry-run",
      "--json",
      "--max-evaluations",
      "7",
    ]);
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        ...{ folder, format: "allele", warnings: [], files: ["program.mjs"], components: ["answer"] },
        ...{ strategies: ["global"], model: "simulated-programmer", isSimulated: true },
        ...{ runs: 1, target: 0 },
        runBudget: { evaluations: 7, calls: 70 },
        ...{ store: "runs/out/number.sqlite", out: "runs/out/number" },
      },
    ]);
    const inside = await allele(["evolve", folder, "--store", join(folder, "results.sqlite")]);
    expect([inside.code, inside.stderr]).toEqual([
      2,
      expect.stringContaining("would become a part of the program"),
    ]);
    const taken = join(folder, "..", "taken");
    writeFileSync(taken, "");
    const refused = await allele(["evolve", folder, "--store", join(folder, "../b.sqlite"), "--out", taken]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("choose another with --out")]);
  });

  it.each([
    [["--granularity", "words"], "Granularity 'words' is unknown"],
    [["--strategy", "sideways"], "--strategy expects local, global, both or auto, got 'sideways'"],
    [["--model", "gpt"], "Model 'gpt' is unknown"],
    [["--env", "NAME"], "--env expects NAME=value, got 'NAME'"],
  ])("refuses %j with one sentence", async (options, message) => {
    const { code, stderr } = await allele(["evolve", numberFolder(), ...options]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("says what it looked for in a folder without a program", async () => {
    const { code, stderr } = await allele(["evolve", temporaryFolder()]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("initial_program")]);
  });
});
