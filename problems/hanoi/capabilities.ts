/**
 * What a model may know of the Towers of Hanoi: the next move of the shortest way, from any state, and the whole
 * solution. Made apart from what the problem checks against: by recursion over the disks, not by numbers of moves.
 */
import {
  answerInTags,
  type Capability,
  checkBetween,
  checkKeys,
  type Rng,
  randomIndex,
  type SeenPrompt,
} from "../../src/core/index.ts";
import { afterMove, type Move, type Towers, writeMove } from "./towers.ts";

/** Options of hanoiStep. */
export interface HanoiStepOptions {
  /** Share of steps that are wrong, from 0 to 1; default 0. */
  readonly errorRate?: number;
}

/**
 * The capability to write the next move: of a prompt whose last line is a state, the move on the shortest way to
 * peg C and the state after it. Its wrong answer to a state is always the same other legal move: all wrong votes
 * are alike, the worst case of the closed forms of voting.
 */
export function hanoiStep(options: HanoiStepOptions = {}): Capability {
  checkKeys("hanoiStep", options, ["errorRate"]);
  const errorRate = checkBetween("hanoiStep: errorRate", options.errorRate ?? 0, 0, 1);
  return {
    name: "hanoi-step",
    errorRate,
    answer(prompt) {
      const seen = readTowers(lastLine(prompt));
      const move = seen && nextMove(seen);
      return seen && move && answerInTags(prompt, writeMove(move, afterMove(seen.towers, move)));
    },
    wrong(prompt, right) {
      const seen = readTowers(lastLine(prompt));
      const best = seen && nextMove(seen);
      const other = seen && best && otherMove(seen.towers, best);
      return seen && other ? answerInTags(prompt, writeMove(other, afterMove(seen.towers, other))) : right;
    },
  };
}

/** Options of hanoiAlone. */
export interface HanoiAloneOptions {
  /** Share of steps that are wrong, from 0 to 1; default 0. */
  readonly stepErrorRate?: number;
}

/**
 * The capability to write all moves at one go, from words such as "Moves 1 to 7 of the shortest solution of the Towers
 * of Hanoi with 3 disks". Each step is wrong with the same probability, so that all s are right with probability
 * (1 - stepErrorRate)^s. After a wrong step it goes on from where that led.
 */
export function hanoiAlone(options: HanoiAloneOptions = {}): Capability {
  checkKeys("hanoiAlone", options, ["stepErrorRate"]);
  const rate = checkBetween("hanoiAlone: stepErrorRate", options.stepErrorRate ?? 0, 0, 1);
  return {
    name: "hanoi-alone",
    errorRate: (prompt) => 1 - (1 - rate) ** (readTask(prompt)?.count ?? 0),
    answer(prompt) {
      const task = readTask(prompt);
      return (
        task &&
        answerInTags(
          prompt,
          writeMoves(task, () => false),
        )
      );
    },
    wrong(prompt, right, rng) {
      const task = readTask(prompt);
      if (task === undefined) return right;
      const firstWrong = drawFirst(rate, task.count, rng);
      const isWrong = (step: number) => step === firstWrong || (step > firstWrong && rng() < rate);
      return answerInTags(prompt, writeMoves(task, isWrong));
    },
  };
}

/** The first of so many steps that is wrong, from 0, given that one of them is: a geometric number cut at its end. */
function drawFirst(rate: number, count: number, rng: Rng): number {
  if (rate === 1) return 0;
  if (rate === 0) return randomIndex(rng, count); // the model says how often it errs, and not we
  const any = -Math.expm1(count * Math.log1p(-rate));
  return Math.min(count - 1, Math.floor(Math.log1p(-rng() * any) / Math.log1p(-rate)));
}

/** A state that a text shows. */
interface SeenTowers {
  readonly towers: Towers;
  /** The peg of each disk, by its number. */
  readonly pegOf: Uint8Array;
  readonly disks: number;
}

const statePattern = /(?:^|: )A((?: \d+)*) \| B((?: \d+)*) \| C((?: \d+)*)$/;

/** Reads the state at the end of a line; undefined where there is none, or disks are missing or lie wrongly. */
function readTowers(line: string): SeenTowers | undefined {
  const found = statePattern.exec(line);
  if (found === null) return undefined;
  const [, a = "", b = "", c = ""] = found;
  const towers: Towers = [a, b, c];
  const pegOf = new Uint8Array(32);
  const isOn = new Uint8Array(32);
  let disks = 0;
  let largest = 0;
  for (const [peg, text] of towers.entries()) {
    let below = 32;
    for (let at = 0; at < text.length; ) {
      let disk = 0;
      for (at += 1; at < text.length && text.charCodeAt(at) !== 32; at++) {
        disk = 10 * disk + text.charCodeAt(at) - 48;
      }
      if (disk < 1 || disk >= below) return undefined;
      if (isOn[disk] === 1) return undefined;
      isOn[disk] = 1;
      pegOf[disk] = peg;
      below = disk;
      disks += 1;
      if (disk > largest) largest = disk;
    }
  }
  return disks === 0 || disks !== largest ? undefined : { towers, pegOf, disks };
}

/**
 * The first move of the shortest way to have all disks on peg C; undefined where they are. The largest disk that is
 * not in its place has to move there, for which all smaller ones have to be on the third peg, and so on.
 */
function nextMove({ pegOf, disks }: Omit<SeenTowers, "towers">): Move | undefined {
  let goal = 2;
  let move: Move | undefined;
  for (let disk = disks; disk >= 1; disk--) {
    const from = pegOf[disk] ?? 0;
    if (from === goal) continue;
    move = { disk, from, to: goal };
    goal = 3 - from - goal;
  }
  return move;
}

/** The first legal move, in the order of the pegs, that is not the best one. */
function otherMove(towers: Towers, best: Move): Move | undefined {
  const tops = towers.map((text) => Number(text.slice(text.lastIndexOf(" ") + 1)));
  for (const [from, disk] of tops.entries()) {
    for (const [to, under] of tops.entries()) {
      if (from === to || disk === 0 || (under !== 0 && under < disk)) continue;
      if (disk !== best.disk || to !== best.to) return { disk, from, to };
    }
  }
  return undefined;
}

/** The last line of a prompt, the end of a component's tag aside. */
function lastLine({ messages }: SeenPrompt): string {
  let text = messages.at(-1)?.text.trimEnd() ?? "";
  if (text.endsWith(">")) text = text.slice(0, Math.max(0, text.lastIndexOf("\n"))).trimEnd();
  return text.slice(text.lastIndexOf("\n") + 1);
}

/** What a prompt asks to be written at one go. */
interface Task {
  readonly disks: number;
  readonly first: number;
  readonly count: number;
}

const taskPattern =
  /Moves? (\d+)(?: to (\d+))? of the shortest solution of the Towers of Hanoi with (\d+) disks/;

function readTask({ messages }: SeenPrompt): Task | undefined {
  const found = taskPattern.exec(messages.at(-1)?.text ?? "");
  if (found === null) return undefined;
  const [first, last, disks] = [Number(found[1]), Number(found[2] ?? found[1]), Number(found[3])];
  if (disks < 1 || disks > 30 || first < 1 || last < first || last >= 2 ** disks) return undefined;
  return { disks, first, count: last - first + 1 };
}

/** Writes a task's moves; it knows the way from the start on. */
function writeMoves({ disks, first, count }: Task, isWrong: (step: number) => boolean): string {
  const lines: string[] = [];
  const pegOf = new Uint8Array(disks + 1);
  let towers: Towers = [Array.from({ length: disks }, (_, index) => ` ${disks - index}`).join(""), "", ""];
  for (let m = 1; m < first + count; m++) {
    const best = nextMove({ pegOf, disks });
    if (best === undefined) break;
    const move = m >= first && isWrong(m - first) ? (otherMove(towers, best) ?? best) : best;
    towers = afterMove(towers, move);
    pegOf[move.disk] = move.to;
    if (m >= first) lines.push(writeMove(move, towers));
  }
  return lines.join("\n");
}
