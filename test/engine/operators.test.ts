import { describe, expect, it } from "vitest";
import {
  type Ask,
  defineOperator,
  definePopulation,
  type EvaluatedCandidate,
  greedy,
  noted,
  type Operator,
  type OperatorDefinition,
  operatorBandit,
  type ProposeContext,
  proposed,
  type Role,
  rejected,
} from "../../src/core/index.ts";
import { genomeOf } from "../core/fixtures.ts";
import { scripted } from "../scripted-model.ts";
import { addOne, run, sums } from "./fixtures.ts";

/** A global operator without models that keeps what it was given. */
function spy(
  name: string,
  propose: OperatorDefinition<Role>["propose"],
  more: Partial<OperatorDefinition<Role>> = {},
) {
  const contexts: ProposeContext[] = [];
  const operator = defineOperator<Role>({
    ...{ name, scope: "global", roles: [], ...more },
    propose(context) {
      contexts.push(context);
      return propose(context);
    },
  });
  return { operator, contexts };
}

/** Proposes a number that no candidate had, below 0 so that it is never better. */
const worse = async ({ rng }: ProposeContext) => proposed(new Map([[0, `${-1 - rng()}\n`]]));
const weighted = (...operators: Operator[]) => operators.map((operator) => ({ operator, weight: 1 }));
const once = async () => rejected("nothing");

describe("a strategy's mix", () => {
  it("draws operators by weight", async () => {
    const [rare, often] = [spy("rare", worse), spy("often", worse)];
    const operators = [
      { operator: rare.operator, weight: 1 },
      { operator: often.operator, weight: 3 },
    ];
    await run({ operators, stopAfter: 2000 });
    // Binomial with p = 1/4: standard deviation sqrt(2000 * 3 / 16) = 19.4; four of them.
    expect(Math.abs(rare.contexts.length - 500)).toBeLessThan(78);
    expect(rare.contexts.length + often.contexts.length).toBe(2000);
  });

  it("learns by bandit which operator brings improvements, and hears of a generation at its end", async () => {
    const useless = spy("useless", worse);
    await run({ operators: weighted(useless.operator, addOne), mix: operatorBandit(), stopAfter: 400 });
    expect(useless.contexts.length).toBeGreaterThan(0);
    expect(useless.contexts.length).toBeLessThan(60);
  });

  it("is told what a candidate's calls cost, and takes the cheaper of two that improve alike", async () => {
    const told: (number | undefined)[] = [];
    const model = scripted(() => ({ text: "x", inputTokens: 10, outputTokens: 2 }), { size: 3 });
    const asks = spy(
      "asks",
      async ({ models }) => {
        await models.mutator.generate({ messages: [{ role: "user", text: "?" }] });
        return rejected("no");
      },
      { roles: ["mutator"] },
    );
    const mix = {
      ...{ name: "own", parameters: {} },
      start: () => ({
        pick: () => 0,
        tell: ({ primitiveCost }: { primitiveCost: number | undefined }) => told.push(primitiveCost),
      }),
    };
    await run({ operators: weighted(asks.operator, addOne), mix, models: { mutator: model }, stopAfter: 3 });
    expect(told).toEqual([3 * (2 * 10 + 1), 63]); // m (t n + t (t - 1) / 2); the last is still untold
  });
});

describe("an operator that is due every so often", () => {
  it("makes every such candidate, whatever the weights, and its note reaches later prompts alone", async () => {
    const worker = spy("worker", worse);
    const reflecting = spy("reflect", async ({ attempts }) => noted(`note after ${attempts.length}`), {
      every: 4,
    });
    const operators = [
      { operator: reflecting.operator, weight: 1000 },
      { operator: worker.operator, weight: 1 },
    ];
    const { candidates } = await run({ operators, stopAfter: 9 });
    const made = candidates.slice(1).map(({ head }) => head.operator);
    expect(made).toEqual(
      [3, 3, 1].flatMap((count) => [...Array(count).fill("worker"), "reflect"]).slice(0, 9),
    );
    expect(worker.contexts.map(({ note }) => note)).toEqual([
      ...Array(3).fill(undefined),
      ...Array(3).fill("note after 3"),
      "note after 6",
    ]);
    const { status, rejectReason, note, evaluation } = candidates[4]!;
    expect({ status, rejectReason, note, evaluation }).toEqual({
      ...{ status: "rejected", rejectReason: undefined, note: "note after 3", evaluation: undefined },
    });
  });

  it("is shown at most the last 32 outcomes, in order, with what was rejected", async () => {
    let count = 0;
    const worker = spy("worker", async (context) =>
      ++count % 2 === 0 ? rejected("odd one") : worse(context),
    );
    const seer = spy("seer", once, { every: 40 });
    await run({ operators: weighted(worker.operator, seer.operator), stopAfter: 41 });
    const [{ attempts } = { attempts: [] }] = seer.contexts;
    expect(attempts).toHaveLength(32);
    expect(attempts.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 32 }, (_, index) => (index % 2 === 0 ? "odd one" : undefined)),
    );
    expect(attempts[1]!.child!.evaluation).toMatchObject({ status: "ok" });
  });
});

describe("an operator that repairs", () => {
  const instance = {
    ...sums(1),
    evaluate: ([one]: readonly { text: string }[]) =>
      one!.text.startsWith("bad")
        ? ({ status: "failed", reason: "crash", feedback: `${one!.text.trim()} is bad` } as const)
        : ({ status: "ok", fitness: Number(one!.text) } as const),
  };

  it("is given each failed candidate once, its failure as the parent, and its child counts as any other", async () => {
    let number = 0;
    const breaker = spy("breaker", async () => proposed(new Map([[0, `bad ${++number}\n`]])));
    const mender = spy("mender", async () => proposed(new Map([[0, `${++number}\n`]])), { repairs: 2 });
    const { candidates } = await run({
      ...{ instance, operators: weighted(breaker.operator, mender.operator), stopAfter: 40 },
    });
    const repaired = mender.contexts.map(({ parents: [parent] }) => parent.candidate.sequence);
    expect(repaired.length).toBeGreaterThan(5);
    expect(new Set(repaired).size).toBe(repaired.length);
    for (const { parents } of mender.contexts) {
      expect(parents).toHaveLength(1);
      expect(parents[0].evaluation).toMatchObject({
        status: "failed",
        feedback: expect.stringMatching(/is bad$/),
      });
    }
    const mended = candidates.filter(({ head }) => head.operator === "mender");
    expect(new Set(mended.map(({ status }) => status))).toEqual(new Set(["accepted"]));
    expect(mended.map(({ head }) => head.parents.map(({ sequence }) => sequence))).toEqual(
      repaired.map((one) => [one]),
    );
  });

  it("is given what its own repairs come to so many times at most", async () => {
    let number = 0;
    let isFirst = true;
    const breaker = spy("breaker", async (context) => {
      if (!isFirst) return worse(context);
      isFirst = false;
      return proposed(new Map([[0, "bad first\n"]]));
    });
    const mender = spy("mender", async () => proposed(new Map([[0, `bad ${++number}\n`]])), { repairs: 3 });
    await run({ instance, operators: weighted(breaker.operator, mender.operator), stopAfter: 60 });
    expect(mender.contexts.map(({ parents }) => parents[0].candidate.genome[0]!.text)).toEqual([
      ...["bad first\n", "bad 1\n", "bad 2\n"],
    ]);
  });
});

describe("what a population asks for", () => {
  const others = [1, 2, 3].map(
    (fitness): EvaluatedCandidate => ({
      candidate: {
        ...{ sequence: 0, generation: 0, parents: [], operator: "x", changed: [] },
        genome: genomeOf("1\n"),
      },
      evaluation: { status: "ok", fitness },
    }),
  );
  const population = (more: Partial<Ask>) =>
    definePopulation({
      name: "own",
      start(initial) {
        const inner = greedy().start(initial);
        return {
          ...inner,
          ask: (rng, parentCount) => ({ ...inner.ask(rng, parentCount)!, ...more }),
        };
      },
    });

  it("reaches an operator as far as it wants it: parents and inspirations", async () => {
    const two = spy("two", worse, { parentCount: 2, inspirationCount: 2 });
    const one = spy("one", worse);
    const asked = population({ inspirations: others });
    await run({ operators: weighted(one.operator, two.operator), population: asked, stopAfter: 20 });
    expect(one.contexts.length * two.contexts.length).toBeGreaterThan(0);
    for (const { parents, inspirations } of one.contexts)
      expect([parents.length, inspirations.length]).toEqual([1, 0]);
    for (const { parents, inspirations } of two.contexts) {
      expect([parents.length, inspirations]).toEqual([2, others.slice(0, 2)]);
    }
  });

  it("may refuse a child before it is evaluated", async () => {
    const evaluated: string[] = [];
    const instance = {
      ...sums(1),
      evaluate: ([one]: readonly { text: string }[]) => {
        evaluated.push(one!.text);
        return { status: "ok", fitness: 0 } as const;
      },
    };
    const refuse: Ask["refuse"] = ({ sequence, genome }) =>
      sequence === 2 ? `${genome[0]!.text.trim()} is known` : undefined;
    let last = 6;
    const counting = spy("counting", async () => proposed(new Map([[0, `${++last}\n`]])));
    const { candidates } = await run({
      ...{ instance, operator: counting.operator, population: population({ refuse }), stopAfter: 3 },
    });
    expect(candidates.map(({ rejectReason }) => rejectReason)).toEqual([
      undefined,
      undefined,
      "8 is known",
      undefined,
    ]);
    expect(evaluated).toEqual(["0\n", "7\n", "9\n"]);
  });
});

describe("the parts of an operator's prompt", () => {
  it("are replaced by what the campaign puts in their places", async () => {
    const named = spy("named", worse);
    const prompt = { statement: "Another task." };
    await run({ operator: named.operator, prompts: { named: prompt, other: {} }, stopAfter: 1 });
    expect(named.contexts[0]!.prompt).toBe(prompt);
  });
});
