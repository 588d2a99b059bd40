import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { UsageError } from "../../src/core/index.ts";
import { needs } from "../needs.ts";
import { instanceOf, makeFolder, read, scoringOf } from "./folder.ts";

const files = { "initial_program.py": "x = 1\n", "evaluator.py": "def evaluate(path):\n    return {}\n" };
const withConfig = (config: string) => makeFolder({ ...files, "config.yaml": config });

describe("a folder of no known format", () => {
  needs.python("is refused with what was looked for and what is there", () => {
    const folder = makeFolder({ "main.py": "", "notes.txt": "" });
    const message =
      `'${folder}' has no known format. Looked for initial_program.* with evaluator.py (OpenEvolve), ` +
      "initial.* with evaluate.py (ShinkaEvolve), allele.yaml or a program with an evaluate script (ours); " +
      "found main.py, notes.txt";
    expect(() => read(folder)).toThrow(new UsageError(message));
    expect(() => read(makeFolder({ "initial_program.py": "" }))).toThrow("found initial_program.py");
    expect(() => read(makeFolder({}))).toThrow("found no files");
    expect(() => read(join(folder, "main.py"))).toThrow("is no directory");
    expect(() => read(join(folder, "nothing"))).toThrow("is no directory");
  });

  needs.python("names only some of many files", () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index + 10}`, ""]));
    expect(() => read(makeFolder(many))).toThrow("f20, f21 and 8 more");
  });
});

describe("an OpenEvolve configuration", () => {
  needs.python("gives the run its settings, and the statement", () => {
    const task = read(
      withConfig(`max_iterations: 50
random_seed: 123
target_score: 0.9
file_suffix: .py
evaluator:
  timeout: 0.5
  parallel_evaluations: 4
  memory_limit_mb: 300
prompt:
  system_message: |
    Make it good.
`),
    );
    expect(task).toMatchObject({
      format: "openevolve",
      settings: { maxEvaluations: 50, target: 0.9, parallel: 4 },
      warnings: [
        "config.yaml: these settings have no effect here: random_seed (runs have the seeds 1, 2, ..., see --seeds).",
      ],
    });
    expect(instanceOf(task)).toMatchObject({
      statement: "Make it good.\n\nThe fitness is the metric combined_score; higher is better.",
      target: 0.9,
      components: [{ name: "initial_program.py", text: "x = 1\n" }],
    });
    expect(scoringOf(task)).toMatchObject({ timeoutMs: 500, memoryMb: 300 });
  });

  needs.python("may be missing: five minutes, no target, and nothing else", () => {
    const task = read(makeFolder(files), { target: undefined });
    expect(task).toMatchObject({ settings: {}, warnings: [] });
    expect(instanceOf(task).target).toBe(Number.MAX_VALUE);
    expect(instanceOf(task).statement).toMatch(
      /^Improve the program so that its evaluator gives it a higher score/,
    );
    expect(scoringOf(task).timeoutMs).toBe(300_000);
  });

  needs.python("has each setting that is not used named in one warning", () => {
    const task = read(
      withConfig(`max_iterations: 5
checkpoint_interval: 10
diff_based_evolution: false
llm:
  api_base: x
  models: [{name: a, weight: 1}]
prompt:
  num_top_programs: 3
  colour: red
database: {num_islands: 5, feature_dimensions: [a], feature_bins: {a: 1, b: 2}}
evaluator: {max_retries: 3, use_llm_feedback: false}
early_stopping_patience: null
file_suffix: .rs
allow_full_rewrites: true
novelty: {enabled: false, deep: {er: 1}}
`),
    );
    expect(task.warnings).toEqual([
      "config.yaml: these settings have no effect here: checkpoint_interval (the store keeps every candidate and call); " +
        "diff_based_evolution (the operator decides how a model answers); " +
        "llm.api_base, llm.models (give the model with --model); " +
        "prompt.num_top_programs (the operator writes the prompt); " +
        "prompt.colour, allow_full_rewrites, novelty.enabled, novelty.deep.er (unknown to OpenEvolve too); " +
        "database.num_islands, database.feature_bins.a, database.feature_bins.b (the strategy decides on parents and survivors); " +
        "evaluator.max_retries (a failed evaluation is not tried again); " +
        "evaluator.use_llm_feedback (no model takes part in scoring); " +
        "early_stopping_patience (a run ends at its target or budget); " +
        "file_suffix (the program's file name tells).",
    ]);
  });

  for (const [config, message] of [
    ["max_iterations: [", /config\.yaml:\d+:\d+: .*; expected valid YAML$/],
    ["a: 1\nb: !!python/object:os.system {}\n", /config\.yaml:2:4: Unresolved tag: .*python\/object/],
    ["max_iterations: many", "config.yaml: max_iterations must be a whole number of at least 1, got many"],
    ["evaluator: {timeout: -1}", "config.yaml: evaluator.timeout must be a number"],
    ["evaluator: {cascade_thresholds: 0.5}", "cascade_thresholds must be a list, got 0.5"],
    ["evaluator: {cascade_thresholds: [a]}", "cascade_thresholds[0] must be a number"],
    ["prompt: {system_message: [a]}", "prompt.system_message must be a text, got a list"],
    ["evaluator: {enable_artifacts: 1}", "evaluator.enable_artifacts must be true or false, got 1"],
    ["- 1", "must hold a mapping of settings, got a list"],
  ] as const) {
    needs.python(`is checked: ${config}`, async () => {
      const folder = withConfig(config);
      expect(() => read(folder)).toThrow(UsageError);
      expect(() => read(folder)).toThrow(message);
    });
  }

  needs.python("cannot grow by its aliases", () => {
    const lines = Array.from({ length: 9 }, (_, index) => {
      const alias = index === 0 ? "x" : `*a${index - 1}`;
      return `k${index}: &a${index} [${Array(9).fill(alias).join(", ")}]`;
    });
    expect(() => read(withConfig(lines.join("\n")))).toThrow(
      /Excessive alias count.*; write the repeated parts out/,
    );
  });

  needs.python("is read as PyYAML reads it", () => {
    // Of equal keys the last counts; "no" is false; a quoted text may go on without being indented.
    const task = read(
      withConfig(`max_iterations: 1
max_iterations: 2
evaluator: {cascade_evaluation: no}
prompt:
  system_message: "
  One: two
    - three"
random_seed: 4
`),
    );
    expect(task.settings).toEqual({ maxEvaluations: 2 });
    expect(instanceOf(task).statement).toMatch(/^One: two - three\n/);
  });

  needs.python("can be named, and must be among several", () => {
    const folder = makeFolder({ ...files, "config_1.yaml": "max_iterations: 1", "config_2.yml": "" });
    expect(read(folder)).toMatchObject({
      settings: {},
      warnings: ["No configuration was read: choose one of config_1.yaml, config_2.yml with --config."],
    });
    expect(read(folder, { config: "config_1.yaml" }).settings).toEqual({ maxEvaluations: 1 });
    expect(() => read(folder, { config: "config_3.yaml" })).toThrow("has no file config_3.yaml");
    const single = makeFolder({ ...files, "config_phase.yaml": "max_iterations: 9" });
    expect(read(single).settings).toEqual({ maxEvaluations: 9 });
  });
});

describe("what a folder says of itself", () => {
  needs.python("is the first paragraph of prose in its README, where no configuration says more", () => {
    const readme = `# Title\n\n![badge](x.png)\n\n[![b](a)](c)\n\n\`\`\`sh\nrun it\n\`\`\`\n\nPack circles\ninto a square.\n\nMore.\n`;
    expect(instanceOf(read(makeFolder({ ...files, "README.md": readme }))).statement).toMatch(
      /^Pack circles\ninto a square\.\n\nThe fitness/,
    );
  });

  needs.python("names the problem, which is the same for every seed", () => {
    const folder = makeFolder(files);
    const { problem } = read(folder);
    expect(folder.endsWith(problem.name)).toBe(true);
    expect(problem.instance({ size: 1, seed: 1 })).toEqual(problem.instance({ size: 1, seed: 2 }));
  });
});

needs.python("says which of several programs it takes", () => {
  const folder = makeFolder({ ...files, "initial_program.rs": "fn main() {}\n" });
  expect(read(folder).warnings).toEqual([
    "initial_program.py is the program to evolve; not read: initial_program.rs.",
  ]);
});

needs.python("refuses a program that is no text, and a Python that is not there", () => {
  const binary = makeFolder(files);
  writeFileSync(join(binary, "initial_program.py"), Buffer.from([0xff, 0xfe]));
  expect(() => read(binary)).toThrow("initial_program.py is not valid UTF-8");
  const folder = makeFolder(files);
  expect(() => read(folder, { python: "no-such-python" })).toThrow(
    /'no-such-python' cannot be started .*; install Python 3.8 or later, or name another with --python/,
  );
  expect(() => read(folder, { python: "false" })).toThrow("cannot be started");
});
