import { describe, expect, it } from "vitest";
import { command, type Evaluation, type Genome, type Instance, type Scoring } from "../../src/core/index.ts";
import { whyNoBubblewrap } from "../../src/evaluation/bubblewrap.ts";
import { Evaluators } from "../../src/evaluation/evaluators.ts";
import { meanEvaluation } from "../../src/evaluation/mean-evaluation.ts";
import { Slots } from "../../src/evaluation/slots.ts";

const { signal } = new AbortController();
const genomeOf = (...texts: string[]): Genome => texts.map((text, index) => ({ name: `c${index}`, text }));
const ok = (fitness: number, more: object = {}): Evaluation => ({ status: "ok", fitness, ...more });

const instanceOf = (evaluate: Scoring, more: Partial<Instance> = {}): Instance => ({
  ...{ components: genomeOf("a"), statement: "", target: 1, evaluate, ...more },
});
/** Bubblewrap looked for where it is not. */
const whyNoWall = () => whyNoBubblewrap("/nowhere");

/** The evaluator of one run on an instance with the given scoring. */
function open(evaluate: Scoring, more: Partial<Instance> = {}) {
  let clock = 0;
  return new Evaluators().forRun(instanceOf(evaluate, more), () => clock++);
}

describe("evaluating in a run", () => {
  it("asks an evaluator that returns a promise once for each distinct solution", async () => {
    const asked: string[] = [];
    const { evaluate } = open(async (genome) => {
      asked.push(genome.map(({ text }) => text).join("|"));
      return ok(asked.length);
    });
    const first = await evaluate(genomeOf("a", "bc"), signal);
    const other = await evaluate(genomeOf("ab", "c"), signal); // the same text in all, other components
    const again = await evaluate(genomeOf("a", "bc"), signal);
    expect(asked).toEqual(["a|bc", "ab|c"]);
    expect(first.evaluation).toEqual(ok(1));
    expect(again.evaluation).toBe(first.evaluation);
    expect(other.evaluation).not.toBe(first.evaluation);
    expect(first.isRemembered).toBe(true);
  });

  it("shares one evaluation among candidates in flight with the same solution", async () => {
    let asked = 0;
    let answer: (evaluation: Evaluation) => void = () => {};
    const { evaluate } = open(() => {
      asked += 1;
      return new Promise<Evaluation>((resolve) => {
        answer = resolve;
      });
    });
    const both = [evaluate(genomeOf("a"), signal), evaluate(genomeOf("a"), signal)];
    answer(ok(7));
    const [first, second] = await Promise.all(both);
    expect(second?.evaluation).toBe(first?.evaluation);
    expect(asked).toBe(1);
  });

  it("gives equal evaluations of different solutions as different objects, and refuses what is none", async () => {
    const same = ok(1);
    const { evaluate } = open(async () => same);
    const one = await evaluate(genomeOf("a"), signal);
    expect((await evaluate(genomeOf("b"), signal)).evaluation).not.toBe(one.evaluation);
    const huge = open(async () => ok(1.7e308), { repeats: 2 }); // the sum overflows
    expect((await huge.evaluate(genomeOf("a"), signal)).evaluation).toMatchObject({
      ...{ status: "failed", reason: "invalid" },
    });
  });

  it("asks a function that answers at once each time", async () => {
    let asked = 0;
    const { evaluate } = open(() => ok(++asked));
    const fitnesses = [];
    for (const _ of [1, 2, 3]) fitnesses.push((await evaluate(genomeOf("a"), signal)).evaluation);
    expect(fitnesses).toEqual([ok(1), ok(2), ok(3)]);
  });

  it("evaluates again what was interrupted", async () => {
    const controller = new AbortController();
    let asked = 0;
    const { evaluate } = open(() => {
      asked += 1;
      return asked === 1 ? new Promise<Evaluation>(() => {}) : Promise.resolve(ok(5));
    });
    const first = evaluate(genomeOf("a"), controller.signal);
    controller.abort(new Error("stopped"));
    await expect(first).rejects.toThrow("stopped");
    expect(await evaluate(genomeOf("a"), signal)).toMatchObject({ evaluation: ok(5) });
  });

  it("needs no wall where no untrusted code is run", async () => {
    expect(await new Evaluators({ whyNoWall }).wallFor(instanceOf(() => ok(1)))).toBeUndefined();
  });

  it("refuses untrusted code without bubblewrap, unless asked to go on", async () => {
    const instance = instanceOf(command({ command: ["true"] }));
    await expect(new Evaluators({ whyNoWall }).wallFor(instance)).rejects.toThrow(
      "This campaign runs untrusted code, and bubblewrap (bwrap) is not installed; install it (apt-get install " +
        "bubblewrap), or pass --unsafe-sandbox to go on with process limits alone, which hostile code can escape",
    );
    expect(await new Evaluators({ whyNoWall, unsafeSandbox: true }).wallFor(instance)).toBe("none");
    const screened = instanceOf(() => ok(1), { screens: [{ evaluate: instance.evaluate, atLeast: 0 }] });
    await expect(new Evaluators({ whyNoWall }).wallFor(screened)).rejects.toThrow("untrusted code");
    expect(await new Evaluators({ whyNoWall: async () => undefined }).wallFor(instance)).toBe("bubblewrap");
  });
});

describe("screens", () => {
  const screens = [
    {
      evaluate: async (genome: Genome) => ok(genome[0]?.text.length ?? 0, { feedback: "length" }),
      atLeast: 2,
    },
    { evaluate: async (genome: Genome) => ok(genome[0]?.text === "bad" ? 0 : 9), atLeast: 9 },
  ];

  it("keep a solution that misses a threshold from the later stages", async () => {
    let dear = 0;
    const { evaluate } = open(async () => ok(100 + dear++), { screens });
    expect(await evaluate(genomeOf("a"), signal)).toMatchObject({
      evaluation: { status: "failed", reason: "invalid", feedback: "stage 1: fitness 1 is below 2\nlength" },
      screens: [],
    });
    expect(await evaluate(genomeOf("bad"), signal)).toMatchObject({
      evaluation: { status: "failed", reason: "invalid", feedback: "stage 2: fitness 0 is below 9" },
      screens: [{ evaluation: ok(3, { feedback: "length" }) }],
    });
    expect(dear).toBe(0);
    expect(await evaluate(genomeOf("good"), signal)).toMatchObject({
      evaluation: ok(100),
      screens: [{ evaluation: ok(4) }, { evaluation: ok(9) }],
    });
  });

  it("let the initial solution through, so that there is something to improve", async () => {
    const { evaluate } = open(async () => ok(1), { screens });
    const { evaluation, screens: passed } = await evaluate(genomeOf(""), signal, true);
    expect(evaluation).toEqual(ok(1));
    expect(passed.map((stage) => stage.evaluation)).toEqual([ok(0, { feedback: "length" }), ok(9)]);
  });

  it("end at a stage that fails", async () => {
    const crash: Evaluation = { status: "failed", reason: "crash", feedback: "no" };
    const { evaluate } = open(async () => ok(1), { screens: [{ evaluate: async () => crash, atLeast: 0 }] });
    expect(await evaluate(genomeOf("a"), signal)).toMatchObject({ evaluation: crash, screens: [] });
  });
});

describe("repeats", () => {
  it("give the mean with its standard error, each repeat told its number", async () => {
    const scores = [1, 2, 6];
    const { evaluate } = open(
      async (_genome, _signal, repeat) =>
        ok(scores[repeat] ?? 0, { metrics: { half: (scores[repeat] ?? 0) / 2 } }),
      { repeats: 3 },
    );
    // Sample variance of 1, 2, 6 is 7; the standard error of the mean is sqrt(7 / 3).
    expect((await evaluate(genomeOf("a"), signal)).evaluation).toEqual({
      ...ok(3, { metrics: { half: 1.5 } }),
      repeats: { count: 3, standardError: Math.sqrt(7 / 3) },
    });
  });

  it("fail as the first failure does", () => {
    const failure: Evaluation = { status: "failed", reason: "timeout" };
    expect(meanEvaluation([ok(1), failure, { status: "failed", reason: "memory" }])).toEqual(failure);
  });

  it("leave a single evaluation as it is", () => {
    expect(meanEvaluation([ok(4, { feedback: "f" })])).toEqual(ok(4, { feedback: "f" }));
  });
});

describe("slots", () => {
  const turn = () => new Promise(setImmediate);

  it("bound what happens at once, in the order in which it came", async () => {
    const slots = new Slots(2);
    const open: (() => void)[] = [];
    const started: number[] = [];
    const work = (index: number) =>
      slots.use(signal, () => {
        started.push(index);
        return new Promise<void>((resolve) => open.push(resolve));
      });
    const all = [0, 1, 2, 3].map(work);
    expect(started).toEqual([0, 1]);
    open[1]?.();
    await all[1];
    await turn();
    expect(started).toEqual([0, 1, 2]);
    for (const index of [0, 2]) open[index]?.();
    await Promise.all([all[0], all[2]]);
    await turn();
    expect(started).toEqual([0, 1, 2, 3]);
    open[3]?.();
    await all[3];
  });

  it("pass the place of work that was interrupted while it waited on to the next", async () => {
    const slots = new Slots(1);
    let finish = () => {};
    const first = slots.use(signal, () => new Promise<void>((resolve) => (finish = resolve)));
    const controller = new AbortController();
    const second = slots.use(controller.signal, async () => "second");
    const third = slots.use(signal, async () => "third");
    controller.abort(new Error("stopped"));
    await expect(second).rejects.toThrow("stopped");
    finish();
    await first;
    expect(await third).toBe("third");
    expect(await slots.use(signal, async () => "fourth")).toBe("fourth");
  });
});
