import { expect, it } from "vitest";
import type { Genome } from "../../../src/core/index.ts";
import { readDiff } from "../../../src/core/read-diff.ts";

const longest = 400_000;
const repeated = (piece: string, length = longest) =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
const block = (search: string, replace: string) =>
  `<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;
/** Blocks that differ, as long as an answer is to be. */
const blocks = (write: (index: number) => string) => {
  const all: string[] = [];
  for (let length = 0; length < longest; length += all.at(-1)!.length) all.push(write(all.length));
  return all.join("");
};

const genomes = {
  small: [{ name: "a", text: "one\ntwo\n" }],
  same: [{ name: "a", text: repeated("x\n") }],
  period: [{ name: "a", text: repeated("x\ny\n") }],
  many: Array.from({ length: 20_000 }, (_, index) => ({ name: `c${index}`, text: `line ${index}\n` })),
} as const satisfies Record<string, Genome>;

const answers: readonly (readonly [keyof typeof genomes, string])[] = [
  ["small", repeated("</think>")],
  ["small", repeated("<<<<<<< SEARCH\n")],
  ["small", repeated("<<<<<<< SEARCH\nx\n</think>\n")],
  ["small", repeated(block("one", "one"))],
  ["small", blocks((index) => block("one", `one\none ${index}`))],
  ["small", blocks((index) => block("", `${index}`))],
  ["small", block(repeated("\n"), repeated("<"))],
  ["small", `\`\`\`diff\n${repeated("-x\n+y\n")}\n\`\`\``],
  ["same", blocks((index) => block("x\nx", `${index}`))],
  // Each of 100,000 places looks right until the last of as many lines.
  ["period", block(`${"x\ny\n".repeat(50_000)}x\nx`, "z")],
  ["period", block(`${" x\n y\n".repeat(25_000)} x\n x`, "z")],
  ["many", blocks((index) => block(`line ${index}`, `line ${index} new`))],
];

/** Milliseconds of work, and its result. */
function timed<T>(work: () => T): readonly [ms: number, result: T] {
  const from = performance.now();
  const result = work();
  return [performance.now() - from, result];
}

it("answers that repeat themselves, and texts that do, are read in time linear in their length", () => {
  const text = repeated("that this from return\n", 5_000_000);
  const [onceMs] = timed(() => text.split("").reduce((sum, char) => (sum + char.charCodeAt(0)) | 0, 0));
  // The slowest takes about as long as this loop over ten times as many characters.
  const mostMs = Math.max(10 * onceMs, 1000);
  for (const [name, answer] of answers) {
    const [ms, proposal] = timed(() => readDiff(answer, genomes[name]));
    if (proposal.status === "rejected") expect(proposal.reason).toMatch(/^\S.{0,300}$/);
    if (ms > mostMs) throw new Error(`${name}, ${JSON.stringify(answer.slice(0, 60))}: ${ms} ms`);
  }
});

it("a block for each of many components changes them all", () => {
  const { many } = genomes;
  const answer = many.map(({ text }) => block(text.trimEnd(), text.toUpperCase().trimEnd())).join("");
  const proposal = readDiff(answer, many);
  if (proposal.status === "rejected") throw new Error(proposal.reason);
  expect([...proposal.changes.values()]).toEqual(many.map(({ text }) => text.toUpperCase()));
});
