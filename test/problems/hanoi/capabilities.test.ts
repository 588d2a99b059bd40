import { describe, expect, it } from "vitest";
import { generalist } from "../../../operators/generalist.ts";
import { hanoiAlone, hanoiStep } from "../../../problems/hanoi/capabilities.ts";
import { hanoi } from "../../../problems/hanoi/problem.ts";
import { solutionLines, towersAfter, writeStart } from "../../../problems/hanoi/towers.ts";
import { type Capability, rngFrom } from "../../../src/core/index.ts";
import { simulatedCapable } from "../../../src/llm/simulated-capable.ts";
import { run } from "../../engine/fixtures.ts";

const rng = rngFrom("capabilities");
const prompt = (text: string) => ({ messages: [{ role: "user" as const, text }] });

/** What a capability answers, rightly and wrongly. */
function both(capability: Capability, text: string) {
  const right = capability.answer(prompt(text));
  return [right, right === undefined ? undefined : capability.wrong(prompt(text), right, rng)];
}

describe("hanoiStep", () => {
  const step = hanoiStep({ errorRate: 0.1 });

  it.each([1, 2, 3, 9])("walks the shortest solution of %i disks, as the problem has it", (disks) => {
    let line = writeStart(towersAfter(0, disks));
    for (const expected of solutionLines(1, 2 ** disks - 1, disks)) {
      const next = step.answer(prompt(line));
      expect(next).toBe(expected);
      line = next ?? "";
    }
    expect(step.answer(prompt(line))).toBeUndefined(); // nothing is left to do
  });

  it("finds the shortest way from any state", () => {
    const states = [0, 1, 2].flatMap((a) =>
      [0, 1, 2].flatMap((b) => [0, 1, 2].map((c) => [a, b, c] as const)),
    );
    for (const state of states) {
      const pegs: [string, string, string] = ["", "", ""];
      for (const [index, peg] of state.entries()) pegs[peg] += ` ${3 - index}`;
      let line: string | undefined = writeStart(pegs);
      let moves = 0;
      for (; line !== undefined && !line.endsWith("A | B | C 3 2 1"); moves++)
        line = step.answer(prompt(line));
      expect(moves).toBe(distances.get(writeStart(pegs)));
    }
  });

  it("errs in always the same legal move, and in no other way", () => {
    let line = writeStart(towersAfter(0, 5));
    for (let steps = 0; steps < 31; steps++) {
      const [right = "", wrong = ""] = both(step, line);
      expect(both(step, line)[1]).toBe(wrong);
      expect(neighboursOf(stateOf(line))).toContain(stateOf(wrong));
      expect(stateOf(wrong)).not.toBe(stateOf(right));
      line = right;
    }
    expect(both(step, "start: A 1 | B | C")).toEqual(["1 A C: A | B | C 1", "1 A B: A | B 1 | C"]);
    expect(step.errorRate).toBe(0.1);
  });

  it("reads a prompt in normal mode, and answers between its tags", () => {
    const text =
      'Line before the first: start: A 2 1 | B | C\n\n<component name="x">\n1 A B: A 2 | B 1 | C\n</component>';
    expect(both(step, text)).toEqual([
      '<component name="x">\n2 A C: A | B 1 | C 2\n</component>',
      '<component name="x">\n1 B A: A 2 1 | B | C\n</component>',
    ]);
  });

  it("has no answer to anything else", () => {
    const others = [
      ...[
        "",
        "hello",
        "start: A 2 1 | B | C\nMoves 1 to 3",
        "A 3 1 | B | C",
        "A 2 2 | B 1 | C",
        "A 1 2 | B | C",
      ],
      ...["A | B | C", "A 0 | B | C", "A 99 1 | B | C", "A 1 | B 1 | C"],
    ];
    for (const text of others) expect(step.answer(prompt(text))).toBeUndefined();
    expect(step.answer({ messages: [] })).toBeUndefined();
  });
});

/** The state in a line. */
function stateOf(line: string): string {
  return line.slice(line.indexOf(": ") + 2);
}

/** The states one legal move away. */
function neighboursOf(state: string): string[] {
  const pegs = state.split(" | ").map((peg) => peg.split(" ").slice(1).map(Number));
  const found: string[] = [];
  for (const [from, disks] of pegs.entries()) {
    const disk = disks.at(-1);
    for (const [to, others] of pegs.entries()) {
      if (disk === undefined || from === to || disk > (others.at(-1) ?? 99)) continue;
      const next = pegs.map((peg, index) =>
        index === from ? peg.slice(0, -1) : index === to ? [...peg, disk] : peg,
      );
      found.push(next.map((peg, index) => ["ABC"[index], ...peg].join(" ")).join(" | "));
    }
  }
  return found;
}

/** Moves to all three disks on C, of every state: by breadth-first search over legal moves. */
const distances = (() => {
  const goal = "A | B | C 3 2 1";
  const found = new Map([[goal, 0]]);
  for (const state of found.keys()) {
    for (const next of neighboursOf(state)) if (!found.has(next)) found.set(next, found.get(state)! + 1);
  }
  return new Map([...found].map(([state, moves]) => [`start: ${state}`, moves]));
})();

describe("hanoiAlone", () => {
  const specs = (size: number, stretch: number) =>
    hanoi({ disks: 6, stretch })
      .instance({ size, seed: 1 })
      .components.map(({ spec = "" }) => spec);

  it("writes all moves that a spec asks for", () => {
    const [all = ""] = specs(63, 64);
    expect(hanoiAlone().answer(prompt(all))).toBe(solutionLines(1, 63, 6).join("\n"));
    const parts = specs(63, 10).map((spec) => hanoiAlone().answer(prompt(spec)));
    expect(parts.join("\n")).toBe(solutionLines(1, 63, 6).join("\n"));
    const tagged = `What the component must do: ${all}\n\n<component name="moves-1">\n</component>`;
    const [first] = specs(1, 1);
    expect(hanoiAlone().answer(prompt(tagged))).toMatch(/^<component name="moves-1">\n1 A B: /);
    expect(hanoiAlone().answer(prompt(first ?? ""))).toBe("1 A B: A 6 5 4 3 2 | B 1 | C");
    expect(hanoiAlone().answer(prompt("Write a poem."))).toBeUndefined();
    expect(hanoiAlone().answer(prompt(all.replace("63", "64")))).toBeUndefined();
  });

  it("errs in each step with the same probability", () => {
    const rate = 0.1;
    const alone = hanoiAlone({ stepErrorRate: rate });
    const [spec = ""] = specs(15, 15);
    const expected = solutionLines(1, 15, 6);
    const errorRate = alone.errorRate;
    if (typeof errorRate !== "function") throw new Error("expected a function");
    expect(errorRate(prompt(spec))).toBeCloseTo(1 - 0.9 ** 15, 12);
    const tries = 4000;
    const firstWrong = new Array<number>(15).fill(0);
    for (let index = 0; index < tries; index++) {
      const lines = alone.wrong(prompt(spec), "", rng).split("\n");
      expect(lines).toHaveLength(15);
      firstWrong[expected.findIndex((line, step) => line !== lines[step])]! += 1;
    }
    // Given that one is wrong, the first is step i with probability (1 - e)^i e / (1 - (1 - e)^15).
    for (const [step, count] of firstWrong.entries()) {
      const share = (0.9 ** step * rate) / (1 - 0.9 ** 15);
      expect(Math.abs(count / tries - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / tries));
    }
  });

  it("makes legal moves from where a wrong one led, also where every step is wrong", () => {
    const [spec = ""] = specs(63, 64);
    for (const stepErrorRate of [0, 0.3, 1]) {
      const lines = hanoiAlone({ stepErrorRate }).wrong(prompt(spec), "", rng).split("\n");
      expect(lines).not.toEqual(solutionLines(1, 63, 6));
      let state = "A 6 5 4 3 2 1 | B | C";
      for (const line of lines) {
        expect(neighboursOf(state)).toContain(stateOf(line));
        state = stateOf(line);
      }
    }
  });

  it.each(["compact", "normal"] as const)("solves the whole by itself in %s mode", async (promptMode) => {
    const { result } = await run({
      instance: hanoi({ disks: 5 }).instance({ size: 31, seed: 1 }),
      operator: generalist(),
      models: { generalist: simulatedCapable({ capabilities: [hanoiAlone({ stepErrorRate: 0.05 })] }) },
      promptMode,
    });
    expect(result).toMatchObject({ stopReason: "target", bestFitness: 31 });
  });

  it("checks its options", () => {
    expect(() => hanoiAlone({ stepErrorRate: 2 })).toThrow("hanoiAlone: stepErrorRate must be");
    expect(() => hanoiStep({ errorRate: -1 })).toThrow("hanoiStep: errorRate must be");
  });
});
