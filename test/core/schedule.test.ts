import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
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

/** Asks and tells once; returns the component that was asked for. */
function step(state: ScheduleState, isImproved: boolean, parent = silent): number {
  const component = state.next(parent, rng);
  state.tell({ component, isImproved });
  return component;
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
    const component = state.next(silent, draws);
    left[component]! -= 1;
    state.tell({ component, isImproved: left[component] === 0 });
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
    expect(inFlight).toEqual([0, 0, 0, 0]);
    state.tell({ component: 0, isImproved: true });
    for (let late = 0; late < 3; late++) state.tell({ component: 0, isImproved: true });
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
    expect(() => sequential({ patience: 0 })).toThrow("patience must be a whole number of at least 1, got 0");
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
    for (let i = 0; i < 20_000; i++) counts[state.next(ofFitness(4, [2]), draws)]! += 1;
    for (const count of counts)
      expect(Math.abs(count - 4000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.2 * 0.8));
  });

  it("depends on the candidate's generator alone", () => {
    const state = random.start(100);
    state.tell({ component: 3, isImproved: true });
    expect(state.next(silent, rngFrom("i"))).toBe(random.start(100).next(silent, rngFrom("i")));
  });
});

describe("the table of schedules", () => {
  it("holds each schedule under its own name", () => {
    expect(Object.entries(schedules).map(([key, { name }]) => [key, name])).toEqual([
      ["sequential", "sequential"],
      ["round-robin", "round-robin"],
      ["random", "random"],
    ]);
  });
});
