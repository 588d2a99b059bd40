import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  defineCampaign,
  defineProblem,
  type Instance,
  openToRead,
  readRunCosts,
  runCampaign,
  Store,
} from "../../src/index.ts";
import { addOne } from "../engine/fixtures.ts";
import { makeFolder, removeFolder } from "./folder.ts";
import { query } from "./tables.ts";

let folder = "";
beforeAll(() => {
  folder = makeFolder();
});
afterAll(() => removeFolder(folder));

const places = [
  { path: "a.txt", parts: [{ fixed: "\ufeffhead\r\n" }, { component: 1 }, { fixed: "" }, { component: 0 }] },
  { path: "b/only fixed.txt", parts: [{ fixed: "same\n" }, { fixed: "same\n" }] },
  { path: "empty.txt", parts: [] },
];

/** Numbers in files; each solution is screened and scored three times. */
const instance: Instance = {
  components: [
    { name: "first", text: "0\n", file: "a.txt", signature: "first(): number" },
    { name: "second", text: "0\n", file: "a.txt" },
  ],
  layout: places,
  statement: "Find large numbers.",
  target: 3,
  screens: [{ evaluate: async () => ({ status: "ok", fitness: 1, feedback: "cheap" }), atLeast: 1 }],
  repeats: 3,
  evaluate: async (genome, _signal, repeat) => ({
    status: "ok",
    fitness: genome.reduce((sum, { text }) => sum + Number(text), 0) + (repeat - 1) / 10,
    componentFeedback: { 1: `it is ${genome[1]?.text.trim()}` },
  }),
};

async function run(path: string): Promise<string> {
  const store = new Store(path);
  const campaign = defineCampaign({
    name: "files",
    problem: defineProblem({ name: "files", instance: () => instance }),
    strategies: { one: { operators: [addOne] } },
    ...{ sizes: [1], seeds: 1 },
  });
  await runCampaign(campaign, { store, signal: new AbortController().signal });
  store.close();
  return path;
}

describe("a run whose solutions are files", () => {
  it("gives back the files of any candidate, exact to the byte", async () => {
    const path = await run(join(folder, "files.sqlite"));
    const files = (id: number) =>
      query(path, `SELECT file, text FROM candidate_file WHERE candidate_id = ${id} ORDER BY file`);
    const fixed = [
      { file: "b/only fixed.txt", text: "same\nsame\n" },
      { file: "empty.txt", text: "" },
    ];
    expect(files(1)).toEqual([{ file: "a.txt", text: "\ufeffhead\r\n0\n0\n" }, ...fixed]);
    expect(files(4)).toEqual([{ file: "a.txt", text: "\ufeffhead\r\n1\n2\n" }, ...fixed]);
    expect(query(path, "SELECT signature FROM component ORDER BY component_index")).toEqual([
      { signature: "first(): number" },
      { signature: null },
    ]);
  });

  it("keeps every stage, the number of repeats and the standard error, and no wall where none was needed", async () => {
    const path = await run(join(folder, "stages.sqlite"));
    const rows = query(
      path,
      `SELECT candidate_id, stage, fitness, feedback, repeats, round(standard_error, 6) AS error, is_cached,
         component_feedback FROM evaluation ORDER BY candidate_id, stage`,
    );
    // Scores x - 0.1, x, x + 0.1: standard deviation 0.1, standard error 0.1 / sqrt(3).
    const stages = (candidate: number, x: number) => [
      ...[
        {
          candidate_id: candidate,
          stage: 1,
          fitness: 1,
          feedback: "cheap",
          repeats: 3,
          error: 0,
          is_cached: 0,
        },
      ],
      ...[
        {
          candidate_id: candidate,
          stage: 2,
          fitness: x,
          feedback: null,
          repeats: 3,
          error: 0.057735,
          is_cached: 0,
        },
      ],
    ];
    expect(rows).toMatchObject([...stages(1, 0), ...stages(2, 1), ...stages(3, 2), ...stages(4, 3)]);
    expect(rows.map(({ component_feedback: text }) => text)).toEqual(
      [0, 0, 1, 1].flatMap((second) => [null, `{"1":"it is ${second}"}`]),
    );
    expect(query(path, "SELECT wall FROM run")).toEqual([{ wall: null }]);
  });

  it("meets a target by its last stage, since screens have a unit of their own", async () => {
    const store = openToRead(await run(join(folder, "target.sqlite")));
    // The screen says 1 of every solution, the initial one included, whose fitness is 0.
    expect(readRunCosts(store, 1, { fitness: 1 })).toMatchObject([{ isSolved: true, applications: 1 }]);
    store.close();
  });
});
