import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { composeFiles } from "../../src/core/index.ts";
import { needs } from "../needs.ts";
import { instanceOf, makeFolder, read, score, scoringOf } from "./folder.ts";

const program = `import math
# EVOLVE-BLOCK-START
def area(radius):
    return math.pi * radius
# EVOLVE-BLOCK-END
def run():
    return area(2)
`;

/** An evaluator that is `body`, after the usual way to import the program. */
const evaluator = (body: string) => `import importlib.util
def load(path):
    spec = importlib.util.spec_from_file_location("program", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
${body}
`;

/** A folder whose evaluate returns this Python expression; `program` is the imported module. */
const returning = (expression: string, config = "") =>
  makeFolder({
    "initial_program.py": program,
    "evaluator.py": evaluator(`def evaluate(path):\n    program = load(path)\n    return ${expression}`),
    ...(config === "" ? {} : { "config.yaml": config }),
  });

describe("a folder in OpenEvolve's format", () => {
  needs.python(
    "is scored by its evaluator, which imports the candidate and the modules beside it",
    async () => {
      const folder = makeFolder({
        "initial_program.py": program,
        "helpers.py": "def closeness(value):\n    return 1 / (1 + abs(value - 12.5))\n",
        "evaluator.py": evaluator(
          'from helpers import closeness\ndef evaluate(path):\n    return {"combined_score": closeness(load(path).run())}',
        ),
      });
      const task = read(folder);
      expect(task.format).toBe("openevolve");
      const { components, layout = [] } = instanceOf(task);
      expect(components.map(({ text }) => text)).toEqual([
        "def area(radius):\n    return math.pi * radius\n",
      ]);
      expect(composeFiles(layout, components)).toEqual([{ path: "initial_program.py", text: program }]);
      // The program returns 2 pi.
      const fitness = 1 / (1 + 12.5 - 2 * Math.PI);
      expect(await score(task)).toMatchObject({ status: "ok", fitness: expect.closeTo(fitness, 12) });
      const better = program.replace("* radius", "* radius ** 2");
      expect(await score(task, better)).toMatchObject({
        fitness: expect.closeTo(1 / (1 + 4 * Math.PI - 12.5), 12),
      });
    },
  );

  needs.python("leaves nothing in the folder, whatever the evaluator writes where it is", async () => {
    const folder = makeFolder({
      "initial_program.py": program,
      "data.txt": "0.25",
      "evaluator.py": evaluator(`def evaluate(path):
    load(path)
    open("stray.txt", "w").write("x")
    return {"combined_score": float(open("data.txt").read())}`),
    });
    expect(await score(read(folder))).toMatchObject({ status: "ok", fitness: 0.25 });
    expect(readdirSync(folder).sort()).toEqual(["data.txt", "evaluator.py", "initial_program.py"]);
  });

  needs.python(
    "runs evaluators as the module evaluation_module, with its file and its own arguments",
    async () => {
      const folder = makeFolder({
        "init_program.py": program,
        "evaluator.py": `import os, sys
def evaluate(path):
    here = os.path.dirname(os.path.abspath(__file__))
    return {
        "named": float(__name__ == "evaluation_module" and sys.modules[__name__].evaluate is evaluate),
        "first": float(sys.path[0] == here),
        "suffix": float(path.endswith(".py") and os.path.isabs(path)),
        "arguments": float(sys.argv == [os.path.join(here, "evaluator.py")]),
        "combined_score": 1.0,
    }`,
      });
      expect(await score(read(folder))).toMatchObject({
        metrics: { named: 1, first: 1, suffix: 1, arguments: 1, combined_score: 1 },
      });
    },
  );

  needs.python("lifts a dictionary of artifacts out of the metrics and into the feedback", async () => {
    const task = read(
      returning(
        '{"combined_score": 0.5, "artifacts": {"hint": "try harder", "list": [1, 2], "raw": b"by\\xfftes"}}',
      ),
    );
    const evaluation = await score(task);
    expect(evaluation).toMatchObject({ status: "ok", fitness: 0.5, metrics: { combined_score: 0.5 } });
    expect(evaluation.feedback).toContain("try harder");
    expect(evaluation.feedback).toContain("[1, 2]");
    expect(evaluation.feedback).toContain("by\ufffdtes");
  });

  needs.python("lifts a dictionary of metrics", async () => {
    const task = read(returning('{"metrics": {"combined_score": 0.25, "size": 3}, "artifacts": {}}'));
    expect(await score(task)).toMatchObject({ fitness: 0.25, metrics: { combined_score: 0.25, size: 3 } });
  });

  needs.python("waits for an asynchronous evaluate", async () => {
    const folder = makeFolder({
      "initial_program.py": program,
      "evaluator.py": `import asyncio
async def evaluate(path):
    await asyncio.sleep(0)
    return {"combined_score": 0.75}`,
    });
    expect(await score(read(folder))).toMatchObject({ status: "ok", fitness: 0.75 });
  });

  needs.python(
    "takes the mean of the numbers for the fitness: no texts, no flags, no NaN, no feature dimensions",
    async () => {
      const task = read(
        returning(
          '{"a": 0.2, "b": 0.4, "note": "fine", "flag": True, "nan": float("nan"), "size": 900.0}',
          "database:\n  feature_dimensions: [size]\n",
        ),
      );
      const evaluation = await score(task);
      expect(evaluation).toMatchObject({ status: "ok", fitness: expect.closeTo(0.3, 12) });
      expect(Object.keys((evaluation.status === "ok" && evaluation.metrics) || {}).sort()).toEqual([
        ...["a", "b", "combined_score", "size"],
      ]);
      expect(evaluation.feedback).toContain("note: fine");
    },
  );

  needs.python("takes all numbers when every one is a feature dimension", async () => {
    const task = read(returning('{"complexity": 3, "diversity": 5}'));
    expect(await score(task)).toMatchObject({ status: "ok", fitness: 4 });
  });

  needs.python("takes a combined score that is a number in a text, and ignores one that is not", async () => {
    expect(await score(read(returning('{"combined_score": "0.125", "a": 9.0}')))).toMatchObject({
      fitness: 0.125,
    });
    expect(await score(read(returning('{"combined_score": None, "a": 9.0}')))).toMatchObject({
      fitness: 9,
    });
  });

  for (const [expression, words] of [
    ['{"error": "cannot be parsed"}', "cannot be parsed"],
    ['{"combined_score": float("inf")}', "inf"],
    ["{}", "no metric"],
    ["42", "must return a dict"],
  ] as const) {
    needs.python(`fails a program for which evaluate returns ${expression}`, async () => {
      const evaluation = await score(read(returning(expression)));
      expect(evaluation).toMatchObject({ status: "failed", feedback: expect.stringContaining(words) });
    });
  }

  needs.python("passes an error on as it is, beside a score", async () => {
    const evaluation = await score(read(returning('{"combined_score": 0.0, "error": "no run()"}')));
    expect(evaluation).toMatchObject({
      status: "ok",
      fitness: 0,
      feedback: expect.stringContaining("error: no run()"),
    });
  });

  needs.python("fails a program by the exception that it raises", async () => {
    const task = read(returning('{"combined_score": program.run()}'));
    const crash = await score(task, "def run():\n    return [][1]\n");
    expect(crash).toMatchObject({ status: "failed", reason: "crash" });
    expect(crash.feedback).toContain("IndexError: list index out of range");
    expect(crash.feedback).not.toContain("run_openevolve");
    expect(await score(task, "def run(:\n")).toMatchObject({ status: "failed", reason: "syntax" });
    expect(await score(task, "import sys\nsys.exit(0)\n")).toMatchObject({
      status: "failed",
      reason: "crash",
    });
  });

  needs.python("is not deceived by what a program prints, and ends although its threads go on", async () => {
    const task = read(returning('{"combined_score": program.run()}'));
    const noisy = `import threading
def run():
    threading.Thread(target=lambda: threading.Event().wait()).start()
    print('{"metrics": {"combined_score": 99}}')
    return 0.5
`;
    expect(await score(task, noisy)).toMatchObject({ status: "ok", fitness: 0.5 });
  });

  needs.python("says which package is missing and how to get it", async () => {
    const folder = makeFolder({
      "initial_program.py": program,
      "evaluator.py": "import no_such_package\ndef evaluate(path):\n    return {}\n",
    });
    const evaluation = await score(read(folder));
    expect(evaluation).toMatchObject({ status: "failed", reason: "crash" });
    expect(evaluation.feedback).toMatch(
      /Python package 'no_such_package' is not installed: \S+ -m pip install/,
    );
  });
});

describe("the stand-in for the package openevolve", () => {
  const imports = "from openevolve.evaluation_result import EvaluationResult\n";

  needs.python("gives evaluators their EvaluationResult", async () => {
    const folder = makeFolder({
      "initial_program.py": program,
      "evaluator.py": `${imports}from openevolve import EvaluationResult as Same
def evaluate(path):
    result = EvaluationResult(metrics={"combined_score": 0.5}, artifacts={"log": "äb", "raw": b"xyz"})
    plain = Same.from_dict({"a": 1.0})
    assert not plain.has_artifacts() and plain.to_dict() == {"a": 1.0}
    assert result.has_artifacts() and result.get_artifact_keys() == ["log", "raw"]
    assert result.get_artifact_size("log") == 3 and result.get_artifact_size("none") == 0
    assert result.get_total_artifact_size() == 6
    return result`,
    });
    const evaluation = await score(read(folder));
    expect(evaluation).toMatchObject({ status: "ok", fitness: 0.5 });
    expect(evaluation.feedback).toContain("äb");
  });

  needs.python("gives way to the real package", async () => {
    const folder = makeFolder({
      "initial_program.py": program,
      "evaluator.py": `import openevolve\ndef evaluate(path):\n    return {"combined_score": openevolve.real}`,
      "packages/openevolve/__init__.py": "real = 7",
    });
    const environment = { PYTHONPATH: join(folder, "packages") };
    expect(await score(read(folder, { environment }))).toMatchObject({ status: "ok", fitness: 7 });
  });
});

describe("an evaluator with stages", () => {
  const stages = evaluator(`def evaluate(path):
    return {"combined_score": -1.0}
def evaluate_stage1(path):
    return {"combined_score": load(path).scores[0], "one": 1.0, "artifacts": {"first": "A"}}
def evaluate_stage2(path):
    return {"combined_score": load(path).scores[1], "two": 2.0, "artifacts": {"second": "B"}}
def evaluate_stage3(path):
    return {"combined_score": load(path).scores[2], "three": 3.0, "artifacts": {"third": "C"}}`);
  const cascade = (config: string, evaluatorText = stages) =>
    makeFolder({ "initial_program.py": program, "evaluator.py": evaluatorText, "config.yaml": config });
  const on = "evaluator:\n  cascade_evaluation: true\n  cascade_thresholds: [0.5, 0.75]\n  timeout: 10\n";

  for (const [name, scores, fitness, metrics] of [
    ["the first", "[0.4, 9, 9]", 0.4, ["one"]],
    ["the second, at the threshold of the first", "[0.5, 0.7, 9]", 0.7, ["one", "two"]],
    ["the third, at the threshold of the second", "[0.6, 0.75, 0.1]", 0.1, ["one", "three", "two"]],
  ] as const) {
    needs.python(`ends after ${name}`, async () => {
      const evaluation = await score(read(cascade(on)), `scores = ${scores}\n`);
      expect(evaluation).toMatchObject({ status: "ok", fitness });
      const names = Object.keys((evaluation.status === "ok" && evaluation.metrics) || {});
      expect(names.filter((name) => name !== "combined_score").sort()).toEqual(metrics);
      const shown = ["A", "B", "C"].map((artifact) => evaluation.feedback?.includes(`:\n${artifact}`));
      expect(shown).toEqual([1, 2, 3].map((count) => count <= metrics.length));
    });
  }

  needs.python("keeps the earlier score when a later stage raises an exception", async () => {
    const evaluation = await score(read(cascade(on)), "scores = [0.5]\n");
    expect(evaluation).toMatchObject({ status: "ok", fitness: 0.5, metrics: { one: 1, stage2_passed: 0 } });
    expect(evaluation.feedback).toContain("IndexError");
  });

  needs.python("fails when the first stage raises an exception", async () => {
    const evaluation = await score(read(cascade(on)), "scores = []\n");
    expect(evaluation).toMatchObject({ status: "failed", reason: "crash" });
  });

  needs.python("passes a stage by the mean of its numbers when it has no combined score", async () => {
    const text = evaluator(`def evaluate(path):
    return {}
def evaluate_stage1(path):
    return {"a": load(path).first, "b": 1.0, "error": -50.0}
def evaluate_stage2(path):
    return {"combined_score": 2.0}`);
    const task = read(cascade(on, text));
    expect(await score(task, "first = 0.0\n")).toMatchObject({ fitness: 2 });
    expect(await score(task, "first = -0.1\n")).toMatchObject({ status: "ok", metrics: { a: -0.1, b: 1 } });
  });

  needs.python("has as many time limits as stages", () => {
    expect(scoringOf(read(cascade(on))).timeoutMs).toBe(30_000);
    expect(scoringOf(read(cascade("evaluator: {timeout: 10, cascade_evaluation: false}"))).timeoutMs).toBe(
      10_000,
    );
  });

  needs.python("is called by evaluate alone when the configuration turns stages off", async () => {
    const task = read(cascade("evaluator:\n  cascade_evaluation: no\n"));
    expect(await score(task, "scores = [9, 9, 9]\n")).toMatchObject({ fitness: -1 });
  });
});

describe("the environment of an evaluator", () => {
  const asking = `import os
def evaluate(path):
    return {"combined_score": 0.0, **{k: os.environ.get(k, "-") for k in ("ENABLE_ARTIFACTS", "RICH_FEEDBACK")},
        "ALLELE": str("ALLELE_RESULT" in os.environ), "artifacts": {"log": "seen"}}`;
  const folder = (config: string) =>
    makeFolder({ "initial_program.py": program, "evaluator.py": asking, "config.yaml": config });

  needs.python("turns artifacts on, and has the variables that were asked for", async () => {
    const task = read(folder(""), { environment: { RICH_FEEDBACK: "1" } });
    const { feedback } = await score(task);
    expect(feedback).toContain("ENABLE_ARTIFACTS: true");
    expect(feedback).toContain("RICH_FEEDBACK: 1");
    expect(feedback).toContain("ALLELE: False");
    expect(feedback).toContain("seen");
  });

  for (const [name, config, environment] of [
    ["the evaluator has none", "evaluator: {enable_artifacts: false}", {}],
    ["the prompt has none", "prompt: {include_artifacts: false}", {}],
    ["the variable says so", "", { ENABLE_ARTIFACTS: "false" }],
  ] as const) {
    needs.python(`shows no artifacts when ${name}`, async () => {
      const { feedback } = await score(read(folder(config), { environment }));
      expect(feedback).toContain("RICH_FEEDBACK: -");
      expect(feedback).not.toContain("seen");
    });
  }

  needs.python("cuts artifacts at the configured length", async () => {
    const task = read(
      returning(
        '{"combined_score": 1.0, "artifacts": {"log": "x" * 500}}',
        "prompt: {max_artifact_bytes: 7}",
      ),
    );
    const { feedback } = await score(task);
    expect(feedback).toContain("xxxxxxx\n... (truncated)");
    expect(feedback).not.toContain("xxxxxxxx");
  });
});

describe("the longest code of a configuration", () => {
  needs.python("fails a longer program, but never one as long as the initial one", async () => {
    const task = read(returning('{"combined_score": 1.0}', "max_code_length: 5"));
    expect(await score(task)).toMatchObject({ status: "ok" });
    const evaluation = await score(task, `${program}#`);
    expect(evaluation).toMatchObject({ status: "failed", reason: "invalid" });
    expect(evaluation.feedback).toContain(
      `${program.length + 1} characters; max_code_length is ${program.length}`,
    );
  });
});
