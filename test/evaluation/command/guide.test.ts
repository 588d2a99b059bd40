/** The evaluators of docs/command-evaluator.md, as they stand. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { needs } from "../../needs.ts";
import { temporaryFolder } from "../../store/folder.ts";
import { evaluate, feedbackOf } from "./evaluating.ts";

const guide = readFileSync(new URL("../../../docs/command-evaluator.md", import.meta.url), "utf8");

/** The code blocks that name their file in the first line. */
const blocks = new Map(
  [...guide.matchAll(/```\w+\n# (\S+)\n([\s\S]*?)```/g)].map(([, file = "", code = ""]) => [file, code]),
);

describe("the guide's evaluator", () => {
  needs.python("in Python scores, says what is wrong, and fails with a traceback", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "evaluate.py"), blocks.get("evaluate.py") ?? "");
    const score = (body: string) =>
      evaluate(["python3", "evaluate.py", "{file}"], {
        ...{ folder, path: process.env.PATH },
        files: [{ path: "sort.py", text: `def sort(numbers):\n    return ${body}\n` }],
      });
    expect(await score("sorted(numbers)")).toMatchObject({ status: "ok", fitness: 3 });
    expect(await score("sorted(set(numbers))")).toEqual({
      ...{ status: "ok", fitness: 2, metrics: { fitness: 2 } },
      feedback: "sort([2, 2, 1]) gave [1, 2], expected [1, 2, 2]",
    });
    const crash = await score("1 / 0");
    expect(crash).toMatchObject({ status: "failed", reason: "crash" });
    expect(feedbackOf(crash)).toContain("ZeroDivisionError");
  });

  it("in shell scores, and finds errors of syntax", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "cases"));
    for (const [name, text] of Object.entries({
      "1.in": "b\na\n",
      "1.out": "a\nb\n",
      "2.in": "",
      "2.out": "x",
    }))
      writeFileSync(join(folder, "cases", name), text);
    writeFileSync(join(folder, "evaluate.sh"), blocks.get("evaluate.sh") ?? "");
    const score = (text: string) =>
      evaluate(["sh", "evaluate.sh", "{file}"], { folder, files: [{ path: "main.sh", text }] });
    expect(await score("sort")).toMatchObject({ status: "ok", fitness: 1 });
    expect(await score("if then")).toMatchObject({ status: "failed", reason: "syntax" });
  });
});
