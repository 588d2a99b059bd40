import { describe, expect, it } from "vitest";
import {
  type Ask,
  commaSelection,
  defineOperator,
  definePopulation,
  type EvaluatedCandidate,
  escalation,
  greedy,
  islands,
  ModelError,
  noted,
  novel,
  type Operator,
  type OperatorDefinition,
  operatorBandit,
  type ProposeContext,
  plusSelection,
  proposed,
  type Role,
  randomSearch,
  rejected,
  sequential,
  steadyState,
} from "../../src/core/index.ts";
import { genomeOf } from "../core/fixtures.ts";
import { scripted } from "../scripted-model.ts";
import { addOne, operatorOf, run, sums } from "./fixtures.ts";

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

describe("what is learnt", () => {
  /** A hash of the first candidates: which operator, component and text. */
  const story = async (options: Parameters<typeof run>[0]) => {
    const { candidates } = await run({ ...options, stopAfter: 200 });
    return candidates
      .slice(0, 160)
      .map(
        ({ head, changes }) =>
          `${head.operator} ${head.parents[0]?.sequence} ${JSON.stringify([...changes])}`,
      );
  };
  const jitter = operatorOf("local", ({ parents, component, rng }) => {
    const text = parents[0].candidate.genome[component]!.text;
    return proposed(new Map([[component, `${Number(text) + rng() - 0.7}\n`]]));
  });

  it.each([
    ["greedy", greedy({ offspring: 8 })],
    ["plus", plusSelection({ parents: 4, offspring: 8 })],
    ["comma", commaSelection({ parents: 4, offspring: 8 })],
    ["novel", novel(greedy({ offspring: 8 }), { minDistance: 0.3, among: 8 })],
  ])("does not depend on how many of a generation are in flight (%s)", async (_name, population) => {
    const [one, three, eight] = await Promise.all(
      [1, 3, 8].map((inFlight) => story({ operator: jitter, population, inFlight })),
    );
    expect(three).toEqual(one);
    expect(eight).toEqual(one);
  });

  it("goes on in random search, which waits for no result", async () => {
    const failing = defineOperator({
      ...{ name: "failing", scope: "local", roles: [], schedule: sequential({ patience: 5 }) },
      propose: async ({ component }) => proposed(new Map([[component, "-1\n"]])),
    });
    const { candidates } = await run({ operator: failing, population: randomSearch(), stopAfter: 30 });
    const changed = candidates.slice(1).map(({ changes }) => [...changes.keys()][0]);
    expect(new Set(changed)).toEqual(new Set([0, 1, 2]));
  });

  it("does not shut out an operator whose first call failed, where another one costs nothing", async () => {
    let calls = 0;
    const model = scripted(
      () => (++calls === 1 ? new ModelError("down") : { text: "1", inputTokens: 5, outputTokens: 1 }),
      { isDeterministic: false },
    );
    const free = spy("free", async () => rejected("the parents are equal"));
    const asks = spy(
      "asks",
      async (context) => {
        await context.models.mutator.generate({ messages: [{ role: "user", text: "?" }] });
        return worse(context);
      },
      { roles: ["mutator"] },
    );
    const operators = weighted(free.operator, asks.operator);
    await run({ operators, mix: operatorBandit(), models: { mutator: model }, stopAfter: 200 });
    expect(asks.contexts.length).toBeGreaterThan(20);
  });

  it("makes no improvement of a repair that only gets back to where its failure began", async () => {
    const told: boolean[] = [];
    const instance = {
      ...sums(1),
      evaluate: ([one]: readonly { text: string }[]) =>
        one!.text.startsWith("bad")
          ? ({ status: "failed", reason: "crash" } as const)
          : ({ status: "ok", fitness: Number(one!.text) } as const),
    };
    let number = 0;
    const breaker = spy("breaker", async () => proposed(new Map([[0, `bad ${++number}\n`]])));
    const values = [-1, 2, 1, 3];
    const mender = spy("mender", async () => proposed(new Map([[0, `${values.shift() ?? 0}\n`]])), {
      repairs: 1,
    });
    const mix = {
      ...{ name: "own", parameters: {} },
      start: () => ({
        pick: (mayBe: (index: number) => boolean) => (mayBe(1) ? 1 : 0),
        tell: ({ picked, isImproved }: { picked: number; isImproved: boolean }) => {
          if (picked === 1) told.push(isImproved);
        },
      }),
    };
    await run({ instance, operators: weighted(breaker.operator, mender.operator), mix, stopAfter: 14 });
    expect(told.slice(0, 4)).toEqual([false, true, false, true]);
  });

  it("does not count a note as a failure of the model that wrote it", async () => {
    const small = scripted(() => ({ text: "n", inputTokens: 1, outputTokens: 1 }), { name: "small" });
    const large = scripted(() => ({ text: "n", inputTokens: 1, outputTokens: 1 }), { name: "large" });
    const writer = spy(
      "writer",
      async ({ models }) => noted((await models.mutator.generate({ messages: [] })).text),
      { every: 2, roles: ["mutator"] },
    );
    const worker = spy("worker", worse);
    const mutator = escalation([small, large], { after: 2 });
    await run({ operators: weighted(worker.operator, writer.operator), models: { mutator }, stopAfter: 20 });
    expect([small.requests.length, large.requests.length]).toEqual([10, 0]);
  });

  it("leaves the count of failures as it is where an operator calls no model", async () => {
    const model = scripted(() => new ModelError("down"), { isDeterministic: false });
    const asks = spy(
      "asks",
      async (context) => {
        await context.models.mutator.generate({ messages: [] });
        return worse(context);
      },
      { roles: ["mutator"] },
    );
    const free = spy("free", worse);
    const { result } = await run({
      ...{ operators: weighted(asks.operator, free.operator), models: { mutator: model }, stopAfter: 500 },
    });
    expect(result).toMatchObject({
      stopReason: "error",
      detail: expect.stringContaining("5 model calls failed"),
    });
  });

  it("is an error of a mix that picks what may not be", async () => {
    const mender = spy("mender", worse, { repairs: 1 });
    const mix = { ...{ name: "own", parameters: {} }, start: () => ({ pick: () => 1, tell: () => {} }) };
    await expect(run({ operators: weighted(addOne, mender.operator), mix, stopAfter: 5 })).rejects.toThrow(
      "A mix of operators must pick one of those that may be (mayBe(index)), got 1 of 2",
    );
  });

  it("is what two operators with turns of their own share: the rarer one goes first", async () => {
    const [often, rare] = [spy("often", once, { every: 2 }), spy("rare", once, { every: 4 })];
    const { candidates } = await run({
      operators: weighted(often.operator, rare.operator, addOne),
      stopAfter: 8,
    });
    const made = candidates.slice(1).map(({ head }) => head.operator);
    const two = ["test-local", "often", "test-local", "rare"];
    expect(made).toEqual([...two, ...two]);
  });

  it("leaves what failed on one island to that island, and forgets it when a population starts anew", async () => {
    const instance = {
      ...sums(1),
      evaluate: ([one]: readonly { text: string }[]) =>
        one!.text.startsWith("bad")
          ? ({ status: "failed", reason: "crash", feedback: one!.text } as const)
          : ({ status: "ok", fitness: Number(one!.text) } as const),
    };
    const homes = new Map<number, string | undefined>();
    let sequence = 0;
    const inner = islands(steadyState({ size: 3 }), { count: 3 });
    const population = definePopulation({
      name: "watched",
      start(initial) {
        const state = inner.start(initial);
        return {
          tell: (result) => state.tell(result),
          ask(...given) {
            const asked = state.ask(...given);
            if (asked !== undefined) homes.set(++sequence, asked.home);
            return asked;
          },
        };
      },
    });
    let number = 0;
    const breaker = spy("breaker", async () => proposed(new Map([[0, `bad ${++number}\n`]])));
    const mender = spy("mender", worse, { repairs: 1 });
    const { candidates } = await run({
      ...{
        instance,
        population,
        operators: weighted(breaker.operator, mender.operator),
        stopAfter: 60,
        inFlight: 4,
      },
    });
    const mended = candidates.filter(({ head }) => head.operator === "mender");
    expect(mended.length).toBeGreaterThan(10);
    for (const { head } of mended)
      expect(homes.get(head.sequence)).toBe(homes.get(head.parents[0]!.sequence));
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
