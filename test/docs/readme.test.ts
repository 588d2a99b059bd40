import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Comparison } from "../../src/analysis/index.ts";
import { allele, temporaryFolder } from "../cli/allele.ts";
import { needs } from "../needs.ts";
import { query } from "../store/tables.ts";

const readme = readFileSync("README.md", "utf8");

/** The TypeScript snippets by the file name in their first line. */
const snippets = new Map(
  [...readme.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, file = "", code = ""]) => [file, code]),
);

describe("the README", () => {
  it("opens with the two commands", () => {
    expect(readme.split("\n").slice(2, 6)).toEqual([
      "```",
      expect.stringMatching(/^npm ci && npm start /),
      expect.stringMatching(/^npm ci && npm test /),
      "```",
    ]);
  });

  it("shows a problem and an operator in under 40 lines each", () => {
    expect([...snippets.keys()]).toEqual([
      ...[
        "sorted-lines.ts",
        "clamp.ts",
        "clamp-scorer.ts",
        "clamp-campaign.ts",
        "surgeon.ts",
        "my-campaign.ts",
      ],
    ]);
    for (const [file, code] of snippets) expect([file, code.split("\n").length < 40]).toEqual([file, true]);
  });

  it("has snippets that run as they stand", async () => {
    const folder = temporaryFolder();
    for (const [file, code] of snippets) writeFileSync(join(folder, file), code);
    const { code, stdout } = await allele(["run", join(folder, "my-campaign.ts"), "--json"]);
    expect(code).toBe(0);
    const { comparison } = JSON.parse(stdout) as { comparison: Comparison };
    const solved = comparison.strategies.map(({ strategy, sizes }) => [
      strategy,
      sizes.reduce((sum, size) => sum + size.solved, 0),
    ]);
    expect(solved).toEqual([
      ["global", 20],
      ["local", 60],
      ["mixed", 60],
    ]);
    // Random words are in order with probability about 1/6 (ties make it a little more); 5 % of answers are malformed.
    const [, local] = comparison.strategies;
    const applications = local?.sizes.at(-1)?.applications;
    expect(applications?.low).toBeLessThan((8 * 6) / 0.95);
    expect(applications?.high).toBeGreaterThan((8 * 5.9) / 0.95);
  });

  needs.bubblewrap("has a program to evolve that is scored in a sandbox as it stands", async () => {
    const folder = temporaryFolder();
    for (const [file, code] of snippets) writeFileSync(join(folder, file), code);
    const { code, stderr } = await allele(["run", join(folder, "clamp-campaign.ts")]);
    const complaints = stderr.replace(/^\d+\/\d+ runs \|.*\n/gm, ""); // progress, on a slow machine
    expect([code, complaints]).toEqual([0, ""]);
    const store = join(folder, "out", "clamp-campaign.sqlite");
    const rows = query(store, "SELECT e.fitness, e.feedback FROM evaluation e WHERE candidate_id = 1");
    const feedback = "clamp(5, 0, 3) gave 5\nclamp(-1, 0, 3) gave 0\nclamp(2, 0, 3) gave 3";
    expect(rows).toEqual([{ fitness: 1, feedback }]);
    expect(query(store, "SELECT sum(is_solved) AS solved FROM run")).toEqual([{ solved: 5 }]);
    const best = await allele(["best", store]);
    expect(best.stdout).toContain("Best: fitness 3 (initially 1)");
  });

  it("links to files that exist", () => {
    for (const [, path = ""] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      expect([path, readFileSync(path, "utf8").length > 0]).toEqual([path, true]);
    }
  });
});
