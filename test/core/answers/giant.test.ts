import { expect, it } from "vitest";
import { fitText, type Genome, type Proposal, readCompact, readTagged } from "../../../src/core/index.ts";

const longest = 5_000_000;
const repeated = (piece: string, length: number) =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

const open = '<component name="a">';
const close = "</component>";

/** Pieces that make naive readers slow when they come again and again. */
const pieces = [
  ...["x", " ", "\n", "\r", "\t\r", "<", "</", "`", "``` ", "```\n", "~~~\n", "\n   ```x", "```a=b a=b (\n"],
  ...[open, `${open}\n`, `${open}x${close}`, "<component ", "<component name=", '<component name="'],
  ...["<component name='", '<component name="\\', "<component name='\"", "</component", "</ component "],
  ...[`${open}</think>`, `${open}<think>`, "<think></think>", "</think>", "<|channel|>final ", "</s> "],
  ...["assistantfinal ", "[THINK]", '{"', "\\n", "&lt;", "EVOLVE-BLOCK-START\n", "\u0000", "\ud83e"],
  ...["// ...\n", "// rest of the code is\n", `//${" )".repeat(70)}...\n`, `// ...${" ".repeat(90)}x...\n`],
  ...["<![CDATA[", "]]> ", "**", "\ufeff", "🧬"],
];

const genomes = {
  one: [{ name: "a", text: "one\r\ntwo\r\n", language: "python", file: "a.py", kind: "block" }],
  two: [
    { name: "a", text: "one\n" },
    { name: "b", text: "two", language: "markdown" },
  ],
} as const satisfies Record<string, Genome>;

/** Milliseconds of the fastest of a few runs, and the result. */
function timed<T>(work: () => T, runs: number): readonly [ms: number, result: T] {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 1; ; run++) {
    const from = performance.now();
    const result = work();
    best = Math.min(best, performance.now() - from);
    if (run >= runs) return [best, result];
  }
}

/** Looks at each character once. */
function sumOf(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum = (sum + text.charCodeAt(at)) | 0;
  return sum;
}

/** Reads an answer and fits what it proposes to its place. */
function readAndFit(read: typeof readTagged, answer: string, genome: Genome): Proposal {
  const proposal = read(answer, genome, [...genome.keys()]);
  if (proposal.status === "proposed") {
    for (const [index, text] of proposal.changes) fitText(text, genome[index]!.text, genome[index]!);
  }
  return proposal;
}

it("answers of five million characters are read in time linear in their length, whatever they repeat", () => {
  const onceNs = (timed(() => sumOf(repeated("that this from return\n", longest)), 5)[0] * 1e6) / longest;
  // The slowest takes about 50 times as long as a look at each character; in quadratic time it would be hours.
  const mostNs = 400 * onceNs;
  const slow: string[] = [];
  for (const piece of pieces) {
    const forms = {
      alone: (length: number) => repeated(piece, length),
      "after a start": (length: number) => `${open}\n${repeated(piece, length)}`,
      "as a component": (length: number) =>
        `${open}\n${repeated(piece, Math.min(length, 999_000))}x\n${close}`,
    };
    for (const [form, answerOf] of Object.entries(forms)) {
      for (const read of form === "alone" ? [readTagged, readCompact] : [readTagged]) {
        // A short one first, so that a slow reader fails and does not hang.
        for (const length of [longest / 50, longest]) {
          const answer = answerOf(length);
          const genome = form === "alone" ? genomes.two : genomes.one;
          const [ms, proposal] = timed(() => readAndFit(read, answer, genome), 1);
          if (proposal.status === "rejected") expect(proposal.reason).toMatch(/^\S.{0,300}$/);
          if (ms * 1e6 <= mostNs * answer.length + 20e6) continue;
          slow.push(`${read.name} of ${length} times ${JSON.stringify(piece)} ${form}: ${ms} ms`);
          break;
        }
      }
    }
  }
  expect(slow).toEqual([]);
});

it("a component has at most a million characters, in either prompt mode", () => {
  const genome: Genome = [{ name: "a", text: "one\n" }];
  const most = `${"x".repeat(999_999)}\n`;
  for (const write of [(text: string) => `${open}\n${text}${close}`, (text: string) => text]) {
    const read = write("") === "" ? readCompact : readTagged;
    expect(read(write(most), genome, [0])).toEqual({ status: "proposed", changes: new Map([[0, most]]) });
    expect(read(write(`x${most}`), genome, [0])).toEqual({
      status: "rejected",
      reason: "component a has 1000001 characters, more than 1000000",
    });
  }
});
