import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arms } from "../../src/core/arms.ts";
import {
  type CreditOptions,
  credit,
  improvableOf,
  random,
  rngFrom,
  roundRobin,
  type Schedule,
  type ScheduleState,
  schedules,
  sequential,
} from "../../src/core/index.ts";
import { evaluated, ofFitness } from "./fixtures.ts";

const rng = rngFrom("schedule");
/** A parent whose evaluator does not tell what can improve. */
const silent = ofFitness(0);

/** The outcome of a candidate that changed one component. */
const outcome = (component: number, isImproved: boolean, primitiveCost = 1) => ({
  ...{ components: [component], isImproved, primitiveCost },
});

/** Asks and tells once; returns the component that was asked for, which is the only one. */
function step(state: ScheduleState, isImproved: boolean, parent = silent): number {
  const components = state.next(parent, rng);
  expect(components).toHaveLength(1);
  state.tell(outcome(components[0], isImproved));
  return components[0];
}

const steps = (state: ScheduleState, improvements: readonly boolean[], parent = silent) =>
  improvements.map((isImproved) => step(state, isImproved, parent));

/** How often a run asks until every component with some visits still needed has had them. */
function applicationsUntilDone(schedule: Schedule, visitsNeeded: readonly number[], most: number): number {
  const left = [...visitsNeeded];
  const state = schedule.start(left.length);
  const draws = rngFrom("done");
  let applications = 0;
  while (left.some((visits) => visits > 0) && applications < most) {
    applications += 1;
    const [component] = state.next(silent, draws);
    left[component]! -= 1;
    state.tell(outcome(component, left[component] === 0));
  }
  return applications;
}

describe("the sequential schedule", () => {
  it("stays on a component until it improves, then goes to the next one, in a circle", () => {
    const state = sequential().start(3);
    expect(steps(state, [false, false, true, true, false, true, true, false])).toEqual([
      0, 0, 0, 1, 2, 2, 0, 1,
    ]);
  });

  it("skips the components that the evaluator reports as unable to improve", () => {
    const state = sequential().start(5);
    expect(step(state, false, ofFitness(0, [1, 3]))).toBe(1);
    expect(step(state, true, ofFitness(0, [1, 3]))).toBe(1);
    expect(step(state, true, ofFitness(0, [3]))).toBe(3);
    expect(step(state, false, ofFitness(0, [1]))).toBe(1); // around the end of the circle
  });

  it("stays where it is when nothing can improve, and does not hang", () => {
    const state = sequential().start(4);
    expect(steps(state, [false, false], ofFitness(4, []))).toEqual([0, 0]);
  });

  it("takes every component as improvable when the parent's evaluation failed", () => {
    const state = sequential({ patience: 1 }).start(2);
    const parent = evaluated({ status: "failed", reason: "crash" });
    expect(steps(state, [false, false, false], parent)).toEqual([0, 1, 0]);
  });

  it("leaves a component after as many failures in a row as its patience, 50 if not told", () => {
    const state = sequential({ patience: 3 }).start(2);
    expect(steps(state, new Array(7).fill(false))).toEqual([0, 0, 0, 1, 1, 1, 0]);
    const patient = sequential().start(2);
    expect(steps(patient, new Array(51).fill(false))).toEqual([...new Array(50).fill(0), 1]);
  });

  it("counts its patience anew on every component", () => {
    const state = sequential({ patience: 2 }).start(3);
    expect(steps(state, [false, true, false, true, false, false, false])).toEqual([0, 0, 1, 1, 2, 2, 0]);
  });

  it("ignores outcomes of candidates that were asked for before it moved on", () => {
    const state = sequential({ patience: 2 }).start(3);
    const inFlight = [0, 1, 2, 3].map(() => state.next(silent, rng));
    expect(inFlight).toEqual([[0], [0], [0], [0]]);
    for (let told = 0; told < 4; told++) state.tell(outcome(0, true));
    expect(step(state, false)).toBe(1);
    expect(step(state, false)).toBe(1);
    expect(step(state, false)).toBe(2);
  });

  it("never loops forever on components that are right from the start, whatever its patience", () => {
    // A component that needs v visits gets `patience` of them each time around the circle, so all are done
    // within ceil(max v / patience) circles of at most k * patience applications.
    const visits = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(visits, fc.integer({ min: 1, max: 10 }), (visitsNeeded, patience) => {
        const circles = Math.ceil(Math.max(...visitsNeeded) / patience);
        const most = circles * visitsNeeded.length * patience;
        const applications = applicationsUntilDone(sequential({ patience }), visitsNeeded, most + 1);
        expect(applications).toBeLessThanOrEqual(most);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("starts anew for each run", () => {
    const schedule = sequential();
    steps(schedule.start(3), [true, true]);
    expect(step(schedule.start(3), false)).toBe(0);
  });

  it("rejects a patience that is no whole number of at least 1", () => {
    expect(() => sequential({ patience: 0 })).toThrow(
      "sequential: patience must be a whole number of at least 1, got 0",
    );
    expect(() => sequential({ patiens: 3 } as never)).toThrow("sequential: option 'patiens' is unknown");
  });
});

describe("the round-robin schedule", () => {
  it("visits the components in a circle whatever becomes of them, also those that are right", () => {
    const state = roundRobin.start(3);
    expect(steps(state, [true, false, false, true, true, false, true], ofFitness(0, [2]))).toEqual([
      0, 1, 2, 0, 1, 2, 0,
    ]);
    expect(step(roundRobin.start(3), false)).toBe(0);
  });
});

describe("the random schedule", () => {
  it("draws each component equally often, also those that are right", () => {
    // Binomial counts: n = 20,000 draws, p = 1/5, 4 standard errors.
    const state = random.start(5);
    const draws = rngFrom("uniform");
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 20_000; i++) counts[state.next(ofFitness(4, [2]), draws)[0]]! += 1;
    for (const count of counts)
      expect(Math.abs(count - 4000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.2 * 0.8));
  });

  it("depends on the candidate's generator alone", () => {
    const state = random.start(100);
    state.tell(outcome(3, true));
    expect(state.next(silent, rngFrom("i"))).toEqual(random.start(100).next(silent, rngFrom("i")));
  });
});

/** How a component of a simulated world behaves: its chance to improve, and what one application costs. */
interface World {
  readonly p: number;
  readonly cost: number;
}

/** Plays the credit schedule on worlds; returns the components in the order in which it chose them. */
function play(worlds: readonly World[], picks: number, options: CreditOptions = {}, key = "play"): number[] {
  const [draws, chance] = [rngFrom("credit", key), rngFrom("world", key)];
  const state = credit(options).start(worlds.length);
  return Array.from({ length: picks }, () => {
    const [component] = state.next(silent, draws);
    const { p, cost } = worlds[component]!;
    state.tell(outcome(component, chance() < p, cost));
    return component;
  });
}

const share = (components: readonly number[], from: number, isMeant: (component: number) => boolean) =>
  components.slice(from).filter(isMeant).length / (components.length - from);

describe("the credit schedule", () => {
  it("visits each component once first, in order, those that can improve alone", () => {
    const state = credit().start(5);
    const visits = [1, 2, 3].map(() => step(state, false, ofFitness(0, [4, 0, 3])));
    expect(visits).toEqual([0, 3, 4]);
    expect([step(state, false), step(state, false)]).toEqual([1, 2]);
  });

  it("comes to work on the components that improve most often", () => {
    // One in ten improves at 0.3, the others at 0.02. Drawn evenly, the good ones would have a share of 0.1.
    const worlds = Array.from({ length: 20 }, (_, index) => ({ p: index % 10 === 3 ? 0.3 : 0.02, cost: 1 }));
    expect(share(play(worlds, 2000, { discount: 1 }), 1000, (index) => index % 10 === 3)).toBeGreaterThan(
      0.9,
    );
    expect(share(play(worlds, 2000), 1000, (index) => index % 10 === 3)).toBeGreaterThan(0.5);
  });

  it("comes to work on the components that cost least, where all improve as often", () => {
    const worlds = [1, 10, 10, 10].map((cost) => ({ p: 0.2, cost }));
    expect(share(play(worlds, 1000), 200, (index) => index === 0)).toBeGreaterThan(0.9);
  });

  it("spreads as evenly over alike components as their generator does", () => {
    // Arms that never improve and cost the same are exchangeable: each has a tenth of the picks. Thompson
    // sampling of failures alone favours what was visited less, so the counts vary less than binomial ones.
    const worlds = Array.from({ length: 10 }, () => ({ p: 0, cost: 7 }));
    const picks = play(worlds, 4000);
    for (let index = 0; index < 10; index++) {
      const isMeant = (component: number) => component === index;
      expect(Math.abs(share(picks, 0, isMeant) - 0.1)).toBeLessThan(4 * Math.sqrt((0.1 * 0.9) / 4000));
    }
  });

  it("never picks a component that the evaluator reports as unable to improve, however good it was", () => {
    const state = credit().start(3);
    for (let visit = 0; visit < 30; visit++) step(state, true, ofFitness(0, [0]));
    const later = Array.from({ length: 50 }, () => step(state, false, ofFitness(0, [1, 2])));
    expect(new Set(later)).toEqual(new Set([1, 2]));
  });

  it("goes on with all components where none can improve", () => {
    const state = credit().start(2);
    expect([step(state, false, ofFitness(2, [])), step(state, false, ofFitness(2, []))]).toEqual([0, 1]);
  });

  it("spreads over the components while results are awaited", () => {
    const state = credit().start(4);
    const draws = rngFrom("flight");
    const inFlight = Array.from({ length: 40 }, () => state.next(silent, draws)[0]);
    const counts = [0, 1, 2, 3].map((index) => inFlight.filter((component) => component === index).length);
    expect(Math.min(...counts)).toBeGreaterThan(4);
  });

  it("does not take a component whose calls failed, at no cost, for a cheap one", () => {
    const worlds = [
      { p: 0, cost: 0 },
      { p: 0.2, cost: 10 },
    ];
    expect(share(play(worlds, 1000, { discount: 1 }), 500, (index) => index === 1)).toBeGreaterThan(0.9);
  });

  it("forgets by the round: its discount is for as many outcomes as there are components", () => {
    const state = credit({ discount: 0.5 }).start(4);
    const arms = new Arms([1, 1, 1, 1], { discount: 0.5 ** (1 / 4) });
    const draws = [rngFrom("round"), rngFrom("round")] as const;
    for (let pick = 0; pick < 100; pick++) {
      const [component] = state.next(silent, draws[0]);
      expect(component).toBe(arms.pick(draws[1]));
      state.tell(outcome(component, pick % 3 === 0, 5));
      arms.tell(component, pick % 3 === 0, 5);
    }
  });

  it("knows only the last outcome with discount 0", () => {
    // The last success has Beta(2, 1), the 3 others Beta(1, 1): it wins with probability E(x^3), density 2x.
    const repeats = Array.from({ length: 4000 }, (_, run) => {
      const state = credit({ discount: 0 }).start(4);
      for (const component of [0, 1, 2, 3]) {
        state.next(silent, rng);
        state.tell(outcome(component, component === 3));
      }
      return state.next(silent, rngFrom("forget", run))[0];
    });
    const expected = 2 / 5;
    const tolerance = 4 * Math.sqrt((expected * (1 - expected)) / 4000);
    expect(Math.abs(share(repeats, 0, (index) => index === 3) - expected)).toBeLessThan(tolerance);
  });

  it("starts anew for each run, and picks the same for the same generators and outcomes", () => {
    const worlds = [0.1, 0.2, 0.3].map((p) => ({ p, cost: 1 }));
    expect(play(worlds, 300)).toEqual(play(worlds, 300));
    const schedule = credit();
    expect([step(schedule.start(3), true), step(schedule.start(3), true)]).toEqual([0, 0]);
  });

  it("is made with a discount from 0 to 1", () => {
    expect(credit()).toMatchObject({ name: "credit", parameters: { discount: 0.98 } });
    expect(() => credit({ discount: 2 })).toThrow("credit: discount must be a number from 0 to 1, got 2");
    expect(() => credit({ discont: 1 } as never)).toThrow("credit: option 'discont' is unknown");
  });
});

describe("improvableOf", () => {
  it("gives what the evaluator reports, each once and ascending, and all where that is nothing", () => {
    expect(improvableOf(ofFitness(0, [3, 1, 3]), 5)).toEqual([1, 3]);
    expect(improvableOf(ofFitness(0, []), 3)).toEqual([0, 1, 2]);
    expect(improvableOf(silent, 3)).toEqual([0, 1, 2]);
    expect(improvableOf(evaluated({ status: "failed", reason: "crash" }), 2)).toEqual([0, 1]);
  });
});

describe("the table of schedules", () => {
  it("holds each schedule under its own name", () => {
    expect(Object.entries(schedules).map(([key, { name }]) => [key, name])).toEqual([
      ["sequential", "sequential"],
      ["round-robin", "round-robin"],
      ["random", "random"],
      ["credit", "credit"],
    ]);
  });
});
