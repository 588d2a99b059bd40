import { join } from "node:path";
import { expect, it } from "vitest";
import campaign from "../../../runs/k-module.ts";
import {
  defineCampaign,
  globalRewrite,
  kModule,
  kModuleApplications,
  kModuleEvaluations,
  simulatedChooser,
} from "../../../src/index.ts";
import { temporaryFolder } from "../../cli/allele.ts";
import { query } from "../../store/tables.ts";
import { runInto } from "../../store/variety.ts";

it("k-module: local rewriting by a memoryless chooser needs 16 applications and 10 evaluations in the mean", async () => {
  const path = join(temporaryFolder(), "k-module.sqlite");
  await runInto(path, campaign);
  const runs = query(
    path,
    `SELECT count(*) - 1 AS applications, sum(1 - e.is_cached) - 1 AS evaluations
     FROM candidate c JOIN evaluation e ON e.candidate_id = c.id GROUP BY c.run_id`,
  );
  expect(runs.length).toBeGreaterThanOrEqual(200);
  const mean = (name: string) => runs.reduce((sum, run) => sum + Number(run[name]), 0) / runs.length;
  // Tries per module: geometric with p = 1/4, variance 12. Distinct ones: uniform on 1..4, variance 1.25.
  const within = (variance: number) => 3 * Math.sqrt((4 * variance) / runs.length);
  expect(kModuleApplications(4)).toBe(16);
  expect(kModuleEvaluations(4)).toBe(10);
  expect(Math.abs(mean("applications") - 16)).toBeLessThan(within(12));
  expect(Math.abs(mean("evaluations") - 10)).toBeLessThan(within(1.25));
});

it("k-module: the global operator shows every module's options, so that the chooser's answers are valid", async () => {
  const path = join(temporaryFolder(), "global.sqlite");
  const global = defineCampaign({
    ...{
      name: "k-module",
      problem: kModule(),
      models: { mutator: simulatedChooser() },
      sizes: [4],
      seeds: 3,
    },
    strategies: { global: { operators: [globalRewrite()] } },
    runBudget: { calls: 100 },
  });
  await runInto(path, global);
  expect(query(path, "SELECT DISTINCT status FROM evaluation")).toEqual([{ status: "ok" }]);
});
