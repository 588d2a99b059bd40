import { expect, it } from "vitest";
import { checkProposal } from "../../../src/core/check-proposal.ts";
import { tagFor } from "../../../src/core/component-tag.ts";
import { applyChanges, composeFiles, type Operator, type Rewrite } from "../../../src/core/index.ts";
import { readDiff } from "../../../src/core/read-diff.ts";
import { diceFrom } from "../answers/dice.ts";
import { type World, worlds } from "../answers/worlds.ts";
import { rightAnswer, soupAnswer, spoiltAnswer } from "./generated.ts";

const answers = 50_000;
const operator = { name: "global-diff", scope: "global" } as Operator;
const marker = /EVOLVE-BLOCK-(?:START|END)/;

/** The lines of a text without the white space around them, and how many of each. */
function countLines(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split("\n")) counts.set(line.trim(), (counts.get(line.trim()) ?? 0) + 1);
  return counts;
}

/** A line that came or went of which the answer says nothing; what a component as a whole lacks may go. */
function unexplained(before: string, after: string, answer: string): string | undefined {
  const isWhole = !/^\s*[<-]{5}/m.test(answer) && answer.includes("</component");
  const [old, made] = [countLines(before), countLines(after)];
  for (const line of new Set([...old.keys(), ...made.keys()])) {
    const more = (made.get(line) ?? 0) - (old.get(line) ?? 0);
    if ((isWhole ? more > 0 : more !== 0) && !answer.includes(line)) return line;
  }
  return undefined;
}

/** What is wrong with what came of an answer; undefined where nothing is. */
function complaint(world: World, answer: string, proposal: Rewrite, checked: Rewrite): string | undefined {
  for (const made of [proposal, checked]) {
    if (made.status === "rejected" && !/^\S.{0,300}$/u.test(made.reason)) return `reason: ${made.reason}`;
  }
  if (proposal.status === "rejected") return checked === proposal ? undefined : "a rejection was changed";
  const { components } = world;
  if (proposal.changes.size === 0) return "it proposes nothing";
  for (const [index, text] of proposal.changes) {
    const before = components[index]?.text;
    if (before === undefined || before === text) return `component ${index} did not change`;
    const line = unexplained(before, text, answer);
    if (line !== undefined) return `no block is about the line ${line}`;
    if (text.includes(`</${tagFor(components)}>`)) return "a text holds a closing tag";
    if (text.split("\n").some((one) => /^[<>]{5}/.test(one.trim()))) return "a text holds a marker";
  }
  if (checked.status === "rejected") return undefined;
  const next = applyChanges(components, checked.changes);
  for (const [index, component] of next.entries()) {
    if (component !== components[index] && !proposal.changes.has(index)) return `component ${index} changed`;
  }
  for (const [at, { text }] of composeFiles(world.layout, next).entries()) {
    const { parts, markers } = world.files[at]!;
    let offset = 0;
    for (const part of parts) {
      const piece = typeof part === "string" ? part : next[part]!.text;
      if (!text.startsWith(piece, offset)) return "a file has other parts";
      if (typeof part === "string" && offset > 0 && !/[\r\n]/.test(text[offset - 1]!)) {
        return "a fixed line has text before it";
      }
      offset += piece.length;
    }
    if (offset !== text.length || text.split(marker).length !== markers + 1) return "a fixed part changed";
  }
  return undefined;
}

it("fifty thousand generated answers come to what their blocks say, or to a reason", () => {
  const dice = diceFrom(20_250_311);
  const kinds = { right: rightAnswer, spoilt: spoiltAnswer, soup: soupAnswer };
  const counts = { right: { all: 0, taken: 0 }, spoilt: { all: 0, taken: 0 }, soup: { all: 0, taken: 0 } };
  for (let number = 0; number < answers; number++) {
    const world = dice.pick(worlds);
    const kind = dice.pick(["right", "spoilt", "spoilt", "soup"] as const);
    const { answer, expected } = kinds[kind](dice, world.components);
    const stopReason = kind === "right" || dice.chance(0.9) ? "stop" : dice.chance(0.7) ? "length" : "other";
    try {
      const proposal = readDiff(answer, world.components, stopReason);
      const checked = checkProposal(proposal, operator, [], world.components, world.accept);
      counts[kind].all++;
      if (proposal.status === "proposed") counts[kind].taken++;
      const found = complaint(world, answer, proposal, checked);
      if (found !== undefined) throw new Error(found);
      if (expected !== undefined) {
        const made = proposal.status === "proposed" ? proposal.changes : new Map();
        const isRight =
          made.size === expected.size && [...expected].every(([at, text]) => made.get(at) === text);
        if (!isRight) throw new Error(`it must come to ${JSON.stringify([...expected])}`);
      }
    } catch (cause) {
      const what = `answer ${number} to ${world.name} (${kind}, ${stopReason}): ${String(cause)}`;
      throw new Error(`${what}\n${JSON.stringify(answer)}`, { cause });
    }
  }
  const shareOf = ({ all, taken }: { readonly all: number; readonly taken: number }) => taken / all;
  // Right blocks that change nothing are rejected, and so are those for an empty component: there are none.
  expect(shareOf(counts.right)).toBeGreaterThan(0.8);
  // Neither outcome is rare.
  expect(shareOf(counts.spoilt)).toBeGreaterThan(0.35);
  expect(shareOf(counts.spoilt)).toBeLessThan(0.55);
  expect(shareOf(counts.soup)).toBeGreaterThan(0.07);
}, 60_000);
