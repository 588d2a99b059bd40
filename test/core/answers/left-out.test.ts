import { describe, expect, it } from "vitest";
import { type Component, proposed, readTagged, rejected } from "../../../src/core/index.ts";

const component: Component = { name: "a", text: "one\ntwo\n", language: "javascript" };

/** Reads an answer whose component has this line in the middle. */
function read(line: string, original: Component = component) {
  const answer = `<component name="a">\nfirst\n${line}\nlast\n</component>`;
  return readTagged(answer, [original], [0]);
}

describe("a line that stands for code left out", () => {
  it.each([
    ...["// ... rest of the code remains unchanged", "# existing code here", "// ... existing code ..."],
    ...["// Rest of the function stays the same", "/* ... */", "// ...", "# ...", "// … existing methods …"],
    ...["<!-- rest of the page unchanged -->", "    // (rest of the implementation unchanged)"],
    ...["# ... (rest of the code)", "... rest of the code ...", "[... rest of the code unchanged ...]"],
    ...[
      "// The rest of the code is omitted for brevity",
      "# omitted for brevity",
      "// ...rest of the code...",
    ],
    ...["-- rest of the query is the same", "{/* ... rest of the component ... */}", "// unchanged"],
    ...[
      "# Everything else remains the same",
      "// your code here",
      "# Rest of your code",
      "// [existing code]",
    ],
    ...["// Keep the rest of the code as is", "# remaining code unchanged", "// ... (unchanged)"],
    ...["// Remaining functions stay the same", "// Other methods remain unchanged", "// <existing code>"],
    ...["# ... same as before ...", "// TODO: existing implementation here", "// Existing code goes here"],
    ...["* ... rest of the class ...", "# --- rest of the code unchanged ---", "// function unchanged"],
  ])("rejects the answer: %s", (line) => {
    expect(read(line)).toEqual(rejected(`the answer leaves out code: ${line.trim()}`));
  });

  it.each([
    ...["// process the rest of the items", "// the rest of the function computes the score", "...rest,"],
    ...["...existing", "// Loading existing users...", "# the order of the rest is unchanged", "# TODO"],
    ...["const { a, ...rest } = b; // rest of the fields", "// ... then the rest are scanned", "    ..."],
    ...[
      "// remaining capacity of the bin",
      "# Original implementation was O(n^2)",
      "// keep existing entries",
    ],
    ...["// existing code paths are slow", "# omitted if zero", "// unchanged values are skipped"],
    ...["return [...existing, item];", "// same as before, but faster", "# Previous best solution"],
    ...["// range is [a...b]", "#include <existing.h>", "// 1...n", "def f(): ...", "# rest of the list"],
    ...["// Use the existing code table", "// copy the rest of the block into the buffer", "// e.g. foo..."],
    ...["# The logic is the same as above", "# Other functions", `// rest of the code ${"x".repeat(200)}`],
  ])("is not seen in: %s", (line) => {
    expect(read(line)).toEqual(proposed(new Map([[0, `first\n${line}\nlast\n`]])));
  });

  it("may stay where the original has it", () => {
    const line = "// ... rest of the code";
    const original = { ...component, text: `one\n  ${line}\n` };
    expect(read(line, original)).toEqual(proposed(new Map([[0, `first\n${line}\nlast\n`]])));
  });

  it("is a heading or a list in plain text, unless it has dots or is a comment of markup", () => {
    for (const line of ["# Existing code", "# Rest of the document", "* Existing functions"]) {
      expect(read(line).status).toBe("rejected");
      expect(read(line, { ...component, language: "markdown" }).status).toBe("proposed");
    }
    for (const line of ["<!-- rest of the document unchanged -->", "[... rest of the document ...]"]) {
      expect(read(line, { ...component, language: "text" }).status).toBe("rejected");
    }
  });

  it("is shown on one line of at most 80 characters", () => {
    const line = `// ... rest of the code\t${"(unchanged) ".repeat(8)}...`;
    const { reason } = read(line) as { reason: string };
    expect(reason).toMatch(/^the answer leaves out code: \/\/ \.\.\. rest of the code \(unchanged\) .*…$/);
    expect(reason.length).toBe("the answer leaves out code: ".length + 80);
  });
});
