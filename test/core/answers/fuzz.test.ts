import { expect, it } from "vitest";
import { checkProposal } from "../../../src/core/check-proposal.ts";
import {
  applyChanges,
  type Changes,
  composeFiles,
  type Operator,
  type PromptMode,
  type Rewrite,
  readCompact,
  readTagged,
  writeCompact,
  writeTagged,
} from "../../../src/core/index.ts";
import { diceFrom } from "./dice.ts";
import { compactAnswer, taggedAnswer } from "./generated.ts";
import { type World, worlds } from "./worlds.ts";

const answers = 1_000_000;
/** Every so many proposals the files are divided again, which takes longer than all else. */
const divideEvery = 100;

const operators = {
  local: { name: "local", scope: "local" } as Operator,
  global: { name: "global", scope: "global" } as Operator,
};

const marker = /EVOLVE-BLOCK-(?:START|END)/;

/** A proposal, and what it was asked for. */
interface Case {
  readonly world: World;
  readonly asked: readonly number[];
  readonly mode: PromptMode;
  readonly prompt: string;
  readonly proposal: Rewrite;
  /** What the engine takes of it. */
  readonly checked: Rewrite;
}

/** What is wrong with what came of an answer; undefined where nothing is. */
function complaint(one: Case, isDividedAgain: boolean): string | undefined {
  const { proposal, checked, asked, prompt } = one;
  for (const made of [proposal, checked]) {
    if (made.status === "proposed") continue;
    if (!/^\S.{0,300}$/u.test(made.reason)) return `reason: ${made.reason}`;
  }
  if (proposal.status === "rejected") return checked === proposal ? undefined : "a rejection was changed";
  if (String([...proposal.changes.keys()]) !== String(asked)) return "it proposes other components";
  if (one.mode === "normal") {
    const end = `</${prompt.slice(1, prompt.indexOf(" "))}>`;
    for (const text of proposal.changes.values()) if (text.includes(end)) return `a text holds ${end}`;
  }
  return checked.status === "rejected" ? undefined : complaintOfFiles(one, checked.changes, isDividedAgain);
}

function complaintOfFiles(
  { world, asked }: Case,
  changes: Changes,
  isDividedAgain: boolean,
): string | undefined {
  const { components } = world;
  const next = applyChanges(components, changes);
  for (const [index, component] of next.entries()) {
    const isSame = component === components[index];
    if (isSame === changes.has(index)) return `component ${index} changed, or should have`;
    if (!isSame && !asked.includes(index)) return `component ${index} was not asked for`;
  }
  const files = composeFiles(world.layout, next);
  for (const [at, { text }] of files.entries()) {
    const { parts, markers } = world.files[at]!;
    if (!text.isWellFormed()) return "a file is not well-formed";
    // The fixed parts are those of the source as the test wrote it; each starts a line of its own.
    let offset = 0;
    for (const part of parts) {
      const piece = typeof part === "string" ? part : next[part]!.text;
      if (!text.startsWith(piece, offset)) return "a file has other parts";
      if (typeof part === "string" && offset > 0 && !/[\r\n]/.test(text[offset - 1]!)) {
        return "a fixed line has text before it";
      }
      offset += piece.length;
    }
    if (offset !== text.length) return "a file is longer than its parts";
    if (text.split(marker).length !== markers + 1) return "a marker came or went";
  }
  if (!isDividedAgain) return undefined;
  const isSame = JSON.stringify(world.divide(files)) === JSON.stringify(next);
  return isSame ? undefined : "its files divide into other components";
}

it("a million generated answers end in a proposal of what was asked for or a reason, and move no fixed part", () => {
  const dice = diceFrom(20_240_607);
  const count = () => ({ all: 0, taken: 0 });
  const counts = { local: count(), global: count(), normal: count(), compact: count() };
  const prompts = new Map<string, string>();
  let proposals = 0;
  for (let number = 0; number < answers; number++) {
    const world = dice.pick(worlds);
    const { components, accept } = world;
    const scope = dice.chance(0.5) ? "local" : "global";
    const mode = dice.chance(0.75) ? "normal" : "compact";
    const chosen = scope === "local" ? dice.below(components.length) : -1;
    const asked = chosen >= 0 ? world.singles[chosen]! : world.all;
    const key = `${world.name} ${mode} ${chosen}`;
    let prompt = prompts.get(key);
    if (prompt === undefined) {
      prompt = (mode === "normal" ? writeTagged : writeCompact)(components, asked);
      prompts.set(key, prompt);
    }
    const answer = (mode === "normal" ? taggedAnswer : compactAnswer)(dice, components, asked, prompt);
    const stopReason = dice.chance(0.9) ? "stop" : dice.chance(0.7) ? "length" : "other";
    try {
      const proposal =
        mode === "normal"
          ? readTagged(answer, components, asked, stopReason)
          : readCompact(answer, components, asked);
      const checked = checkProposal(proposal, operators[scope], asked, components, accept);
      const isTaken = checked.status === "proposed";
      for (const one of [counts[scope], counts[mode]]) {
        one.all++;
        if (isTaken) one.taken++;
      }
      if (isTaken) proposals++;
      const isDividedAgain = isTaken && proposals % divideEvery === 0;
      const found = complaint({ world, asked, mode, prompt, proposal, checked }, isDividedAgain);
      if (found !== undefined) throw new Error(found);
    } catch (cause) {
      const what = `answer ${number} to ${key} (${stopReason}): ${String(cause)}`;
      throw new Error(`${what}\n${JSON.stringify(answer)}`, { cause });
    }
  }
  // Neither outcome is rare, in either scope and mode.
  for (const { all, taken } of Object.values(counts)) {
    expect(taken / all).toBeGreaterThan(0.3);
    expect(taken / all).toBeLessThan(0.75);
  }
}, 240_000);
