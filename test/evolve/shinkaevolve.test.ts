import { readdirSync } from "node:fs";
import { describe, expect } from "vitest";
import { needs } from "../needs.ts";
import { instanceOf, makeFolder, read, score, scoringOf } from "./folder.ts";

const program = `# EVOLVE-BLOCK-START
def attempt(seed):
    return seed
# EVOLVE-BLOCK-END
`;

/** An evaluate.py that calls the stand-in with these arguments, after these definitions. */
const evaluating = (options: string, definitions = "") => `import argparse
from shinka.core import run_shinka_eval
from shinka.core.wrap_eval import save_json_results
${definitions}
parser = argparse.ArgumentParser()
parser.add_argument("--program_path")
parser.add_argument("--results_dir")
parser.add_argument("--factor", type=float, default=1.0)
parser.add_argument("--mode", default="none")
arguments = parser.parse_args()
run_shinka_eval(arguments.program_path, arguments.results_dir, "attempt", ${options})
`;

const summing = `def total(results):
    return {"combined_score": float(sum(results)), "public": {"runs": len(results), "shape": "round"},
        "private": {"secret": 42.0, "word": "hidden"}, "text_feedback": "grow", "extra_data": object()}`;

const folderOf = (evaluate: string, settings?: string) =>
  makeFolder({
    "initial.py": program,
    "evaluate.py": evaluate,
    ...(settings === undefined ? {} : { "shinka.yaml": settings }),
  });

/** An evaluate.py that leaves these two files. */
const leaving = (correct: string, metrics: string) => `import os, sys
folder = sys.argv[sys.argv.index("--results_dir") + 1]
open(os.path.join(folder, "correct.json"), "w").write(${JSON.stringify(correct)})
open(os.path.join(folder, "metrics.json"), "w").write(${JSON.stringify(metrics)})
`;

describe("a folder in ShinkaEvolve's format", () => {
  needs.python("runs the program as often as asked, and scores what the runs return together", async () => {
    const folder = folderOf(evaluating("num_runs=3, aggregate_metrics_fn=total", summing));
    const task = read(folder);
    expect(task.format).toBe("shinkaevolve");
    expect(instanceOf(task).components.map(({ text }) => text)).toEqual([
      "def attempt(seed):\n    return seed\n",
    ]);
    const evaluation = await score(task);
    // Without arguments of its own, run i of 1, 2, 3 has the seed i.
    expect(evaluation).toMatchObject({
      status: "ok",
      fitness: 6,
      metrics: { combined_score: 6, runs: 3, "private.secret": 42 },
    });
    expect(evaluation.feedback).toBe("runs: 3\nshape: round\ngrow");
    expect(readdirSync(folder).sort()).toEqual(["evaluate.py", "initial.py"]);
  });

  needs.python("gives each run its own arguments and validates each result", async () => {
    const definitions = `${summing}
def check(result):
    return (result < 20, None if result < 20 else f"{result} is too much")`;
    const options =
      'num_runs=2, get_experiment_kwargs=lambda i: {"seed": 10 * i}, validate_fn=check, aggregate_metrics_fn=total';
    const task = read(folderOf(evaluating(options, definitions)));
    expect(await score(task)).toMatchObject({
      status: "ok",
      fitness: 10,
      metrics: { num_valid_runs: 2, num_invalid_runs: 0 },
    });
    const wrong = await score(task, "def attempt(seed):\n    return seed + 15\n");
    expect(wrong).toMatchObject({ status: "failed", reason: "invalid" });
    expect(wrong.feedback).toContain("Validation failed: 25 is too much");
    expect(wrong.feedback).toContain("runs: 2");
    expect(wrong.feedback).not.toContain("hidden");
  });

  for (const [name, text, words] of [
    ["raises an exception", "def attempt(seed):\n    return 1 / 0\n", "ZeroDivisionError: division by zero"],
    ["lacks the function", "x = 1\n", "no function 'attempt'"],
    ["is no Python", "def attempt(:\n", "SyntaxError"],
    ["scores infinity", "def attempt(seed):\n    return float('inf')\n", "combined_score is inf"],
  ] as const) {
    needs.python(`fails a program that ${name}`, async () => {
      const task = read(folderOf(evaluating("num_runs=1, aggregate_metrics_fn=total", summing)));
      const evaluation = await score(task, text);
      expect(evaluation).toMatchObject({ status: "failed", reason: "invalid" });
      expect(evaluation.feedback).toContain(words);
    });
  }

  needs.python("writes numbers that are not Python's own", async () => {
    const definitions = `class Number:
    def tolist(self):
        return 0.5
def total(results):
    return {"combined_score": 1.0, "public": {"half": Number()}}`;
    const task = read(folderOf(evaluating("1, aggregate_metrics_fn=total", definitions)));
    expect(await score(task)).toMatchObject({ status: "ok", metrics: { half: 0.5 } });
  });

  for (const [correct, status, rest] of [
    ["true", "ok", { fitness: 0.5 }],
    ["false", "failed", { reason: "invalid", feedback: expect.stringContaining("not good") }],
    ['"yes"', "failed", { reason: "invalid" }],
  ] as const) {
    needs.python(`takes the result files of any evaluator, correct being ${correct}`, async () => {
      const evaluate = leaving(`{"correct": ${correct}, "error": "not good"}`, '{"combined_score": 0.5}');
      expect(await score(read(folderOf(evaluate)))).toMatchObject({ status, ...rest });
    });
  }

  for (const [value, words] of [
    ["NaN", "no number"],
    ['"high"', "no number"],
  ] as const) {
    needs.python(`fails a correct program with the score ${value}`, async () => {
      const evaluate = leaving('{"correct": true, "error": null}', `{"combined_score": ${value}}`);
      const evaluation = await score(read(folderOf(evaluate)));
      expect(evaluation).toMatchObject({ status: "failed", reason: "invalid" });
      expect(evaluation.feedback).toContain(words);
    });
  }

  needs.python("fails a program whose evaluator ends without a result, and says how it ended", async () => {
    const evaluation = await score(read(folderOf("import no_such_package\n")));
    expect(evaluation).toMatchObject({ status: "failed", reason: "crash" });
    expect(evaluation.feedback).toContain("status 1");
    expect(evaluation.feedback).toContain("Python package 'no_such_package' is not installed");
  });

  needs.python("says so when an evaluator needs more of ShinkaEvolve than the stand-in has", async () => {
    const { feedback } = await score(read(folderOf("from shinka.llm import LLMClient\n")));
    expect(feedback).toContain("pip install shinka-evolve");
  });

  needs.python("counts the result and not the exit code", async () => {
    const evaluate = `${leaving('{"correct": true, "error": ""}', '{"combined_score": 3}')}os._exit(3)\n`;
    expect(await score(read(folderOf(evaluate)))).toMatchObject({ status: "ok", fitness: 3 });
  });
});

describe("the settings of a folder in ShinkaEvolve's format", () => {
  const settings = `max_evaluation_jobs: 5
evo_config:
  num_generations: 200
  task_sys_msg: Sum well.
  use_text_feedback: false
  init_program_path: initial.py
job_config:
  time: 00:02:03
  numeric_threads_per_job: 2
  extra_cmd_args: {factor: 2.5, mode: true}
`;

  needs.python("reach the run, the statement, and the evaluator", async () => {
    const definitions = `${summing.replace("sum(results)", "sum(results) * arguments.factor + len(arguments.mode)")}`;
    const folder = folderOf(evaluating("num_runs=2, aggregate_metrics_fn=total", definitions), settings);
    const task = read(folder);
    expect(task.settings).toEqual({ maxEvaluations: 200, parallel: 5 });
    expect(task.warnings).toEqual([]);
    expect(instanceOf(task).statement).toBe(
      "Sum well.\n\nThe fitness is the metric combined_score; higher is better.",
    );
    expect(scoringOf(task)).toMatchObject({
      timeoutMs: 123_000,
      environment: { OMP_NUM_THREADS: "2", SHINKA_EVAL_VERBOSE: "1" },
    });
    // 2.5 times 1 + 2, and the length of "True".
    const evaluation = await score(task);
    expect(evaluation).toMatchObject({ status: "ok", fitness: 11.5 });
    expect(evaluation.feedback).not.toContain("grow");
  });

  needs.python(
    "that are not used are all named in one warning, those unknown to ShinkaEvolve as such",
    () => {
      const folder = folderOf("", "db:\n  num_islands: 2\nevo:\n  llm_models: [a]\n  dreams: 1\nspeed: 3\n");
      expect(read(folder).warnings).toEqual([
        "shinka.yaml: these settings have no effect here: db.num_islands (the strategy decides on parents and survivors); " +
          "evo.llm_models (give the model with --model); evo.dreams, speed (unknown to ShinkaEvolve too).",
      ]);
    },
  );

  needs.python("in code are not read, which is said", () => {
    const folder = makeFolder({ "initial.py": program, "evaluate.py": "", "run_evo.py": "" });
    expect(read(folder).warnings).toEqual([
      "run_evo.py was not read, since it is code: give the settings that it holds as options.",
    ]);
  });

  needs.python("must be chosen among several files", () => {
    const folder = makeFolder({
      ...{ "initial.py": program, "evaluate.py": "" },
      ...{ "shinka_a.yaml": "evo: {num_generations: 3}", "shinka_b.yaml": "" },
    });
    expect(read(folder)).toMatchObject({
      settings: {},
      warnings: ["No configuration was read: choose one of shinka_a.yaml, shinka_b.yaml with --config."],
    });
    expect(read(folder, { config: "shinka_a.yaml" })).toMatchObject({
      settings: { maxEvaluations: 3 },
      warnings: [],
    });
  });

  for (const [text, message] of [
    ["job: {time: soon}", 'job.time must be a time as hh:mm:ss above zero, got "soon"'],
    ["job: {extra_cmd_args: [a]}", "job.extra_cmd_args must be a mapping, got a list"],
    ["evo: {}\nevo_config: {}", "under both of its names"],
    ["evo: {num_generations: -1}", "evo.num_generations must be a whole number"],
    ["job: {python_executable: bin/python}", "the path bin/python, which the directory may have brought"],
  ] as const) {
    needs.python(`are checked: ${text}`, async () => {
      expect(() => read(folderOf("", text), { python: undefined })).toThrow(message);
    });
  }
});
