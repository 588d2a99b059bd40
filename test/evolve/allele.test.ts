import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { composeFiles, UsageError } from "../../src/core/index.ts";
import { evaluateByCommand } from "../../src/evaluation/command/evaluate-by-command.ts";
import { readDirectory } from "../../src/evolve/index.ts";
import { needs } from "../needs.ts";
import { instanceOf, makeFolder, score, scoringOf } from "./folder.ts";

const evaluate = `#!/bin/sh
printf '{"fitness": %s, "feedback": "file %s"}' "$(grep -c x "$1")" "$(basename "$1")"
`;

describe("a folder in our own format", () => {
  it("has its settings in allele.yaml alone: another file is refused, not passed over", () => {
    const files = { "program.txt": "x\n", evaluate };
    for (const folder of [makeFolder(files), makeFolder({ ...files, "allele.yaml": "target: 1" })]) {
      expect(() => readDirectory(folder, { config: "other.yaml" })).toThrow(
        "--config other.yaml is for OpenEvolve's and ShinkaEvolve's",
      );
    }
  });

  it("needs no more than a program and an evaluate script", async () => {
    const task = readDirectory(makeFolder({ "program.txt": "x\ny\nx\n", evaluate }));
    expect(task).toMatchObject({ format: "allele", settings: {}, warnings: [] });
    expect(instanceOf(task)).toMatchObject({
      components: [{ name: "program.txt", text: "x\ny\nx\n" }],
      target: Number.MAX_VALUE,
    });
    expect(scoringOf(task)).toMatchObject({ command: ["./evaluate", "{file}"], fitness: "fitness" });
    expect(await score(task)).toMatchObject({ status: "ok", fitness: 2, feedback: "file program.txt" });
    expect(await score(task, "x\n")).toMatchObject({ status: "ok", fitness: 1 });
  });

  needs.python("runs evaluate.py with the Python that is asked for", async () => {
    const text = "import sys\nprint('{\"fitness\": %d}' % len(open(sys.argv[1]).read()))\n";
    const folder = makeFolder({ "program.txt": "four", "evaluate.py": text });
    expect(await score(readDirectory(folder))).toMatchObject({ status: "ok", fitness: 4 });
    expect(() => readDirectory(folder, { python: "no-such-python" })).toThrow(
      "'no-such-python' cannot be started",
    );
  });

  it.each([
    ["evaluate.sh", 'echo "{\\"fitness\\": $(wc -c < $1)}"\n'],
    [
      "evaluate.mjs",
      'import { readFileSync } from "node:fs";\nconsole.log(JSON.stringify({ fitness: readFileSync(process.argv[2]).length }));\n',
    ],
  ])("runs %s with its interpreter", async (name, text) => {
    const task = readDirectory(makeFolder({ "program.txt": "four", [name]: text }));
    expect(await score(task)).toMatchObject({ status: "ok", fitness: 4 });
  });

  it("evolves all files with markers, and the evaluator sees the rest of the folder", async () => {
    const folder = makeFolder({
      "b.txt": "# EVOLVE-BLOCK-START b\nx\n# EVOLVE-BLOCK-END\n",
      "a/one.txt": "# EVOLVE-BLOCK-START a\nxx\n# EVOLVE-BLOCK-END\n",
      "data/weight.txt": "10",
      "README.md": "Use EVOLVE-BLOCK-START.",
      "evaluate.sh": `found=$(cat a/one.txt b.txt | tr -cd x | wc -c)
echo "{\\"fitness\\": $((found * $(cat data/weight.txt)))}"`,
    });
    const task = readDirectory(folder);
    const { components, layout = [] } = instanceOf(task);
    expect(components.map(({ file, text }) => [file, text])).toEqual([
      ["a/one.txt", "xx\n"],
      ["b.txt", "x\n"],
    ]);
    expect(composeFiles(layout, components).map(({ path }) => path)).toEqual(["a/one.txt", "b.txt"]);
    expect(await score(task)).toMatchObject({ status: "ok", fitness: 30 });
  });

  it("takes everything else from allele.yaml", async () => {
    const folder = makeFolder({
      "code/first.txt": "x\nx\n",
      "code/second.txt": "y\n",
      "count.sh": 'echo "{\\"hits\\": $(cat code/*.txt | grep -c $1), \\"note\\": 1}"',
      "allele.yaml": `files: [code/second.txt, "**/*.txt"]
evaluate: sh count.sh x
fitness: hits
target: 3
statement: Write many x.
timeout_ms: 9000
memory_mb: 256
granularity: lines
repeats: 2
screens:
  - evaluate: [sh, count.sh, "y"]
    at_least: 1
`,
    });
    const task = readDirectory(folder);
    const instance = instanceOf(task);
    expect(task.settings).toEqual({ target: 3 });
    expect(instance).toMatchObject({
      statement: "Write many x.\n\nThe fitness is the metric hits; higher is better.",
      target: 3,
      repeats: 2,
      screens: [
        { atLeast: 1, evaluate: { command: ["sh", "count.sh", "y"], fitness: "hits", timeoutMs: 9000 } },
      ],
    });
    expect(instance.components.map(({ text }) => text)).toEqual(["y\n", "x\n", "x\n"]);
    expect(scoringOf(task)).toMatchObject({ timeoutMs: 9000, memoryMb: 256, folder });
    expect(await score(task)).toMatchObject({ status: "ok", fitness: 2, metrics: { hits: 2, note: 1 } });
    const screen = instance.screens?.[0]?.evaluate;
    if (typeof screen !== "object" || screen.kind !== "command") throw new Error("expected a command");
    const files = composeFiles(instance.layout ?? [], instance.components);
    const options = {
      wall: "none",
      environmentPath: process.env.PATH,
      signal: AbortSignal.timeout(60_000),
    } as const;
    expect(await evaluateByCommand(screen, files, 0, options)).toMatchObject({ fitness: 1 });
  });

  it("takes JSON, the statement from its own file, and options over settings", () => {
    const folder = makeFolder({
      "main.py": "x = 1\ny = 2\n",
      "statement.md": "Count.\n",
      evaluate,
      "allele.json": '{"files": "main.py", "granularity": "lines", "target": 1}',
    });
    expect(instanceOf(readDirectory(folder)).components).toHaveLength(2);
    const task = readDirectory(folder, { granularity: { lines: 2 }, target: 7, environment: { LEVEL: "3" } });
    expect(instanceOf(task)).toMatchObject({ target: 7, statement: expect.stringMatching(/^Count\.\n\n/) });
    expect(instanceOf(task).components).toHaveLength(1);
    expect(scoringOf(task).environment).toMatchObject({ LEVEL: "3" });
    expect(task.problem).toMatchObject({ parameters: { format: "allele", granularity: "lines:2" } });
  });

  it.each([
    ["fitnes: a", "allele.yaml: option 'fitnes' is unknown; known: files, evaluate, fitness, target"],
    ["files: [nothing.*]", "'nothing.*' names no file"],
    ["files: []", "files is empty"],
    ["files: [../outside.txt]", "names no file"],
    ["evaluate: []", "evaluate is empty"],
    ["evaluate: {a: 1}", "evaluate must be a list, got a mapping"],
    ["evaluate: [1]", "evaluate[0] must be a text, got 1"],
    ["target: high", "target must be a number"],
    ["granularity: words", "Granularity 'words' is unknown"],
    ["screens: [{evaluate: a}]", "screens[0] needs evaluate and at_least"],
    ["screens: [{evaluate: a, at_least: 1, repeats: 2}]", "option 'repeats' is unknown"],
    ["- a", "must hold a mapping of settings, got a list"],
  ])("has its settings checked: %s", (text, message) => {
    const folder = makeFolder({ "program.txt": "x", evaluate, "allele.yaml": text });
    expect(() => readDirectory(folder)).toThrow(UsageError);
    expect(() => readDirectory(folder)).toThrow(message);
  });

  it("says what is missing or doubtful", () => {
    const settings = { "allele.yaml": "fitness: a" };
    expect(() => readDirectory(makeFolder({ ...settings, "a.txt": "", evaluate }))).toThrow(
      "no file with EVOLVE-BLOCK markers",
    );
    expect(() => readDirectory(makeFolder({ ...settings, "program.txt": "" }))).toThrow(
      "has no evaluate script",
    );
    expect(() => readDirectory(makeFolder({ "program.txt": "x", evaluate, "evaluate.py": "" }))).toThrow(
      "say which",
    );
    expect(() => readDirectory(makeFolder({ ...settings, "allele.json": "{}" }))).toThrow("keep one");
    const folder = makeFolder({ "program.txt": "x", "bin/evaluate": "" });
    expect(() => readDirectory(join(folder, "bin"))).toThrow("has no known format");
  });
});
