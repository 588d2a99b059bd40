import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ComponentCrossoverOptions,
  type CrossoverKind,
  componentCrossover,
} from "../../operators/component-crossover.ts";
import { type EvaluatedCandidate, type Proposal, rejected, rngFrom } from "../../src/core/index.ts";
import { contextOf, evaluated, genomeOf } from "../core/fixtures.ts";
import { scripted } from "../scripted-model.ts";

/** A solution whose components have one letter each. */
const solution = (letters: string) => evaluated({ status: "ok", fitness: 0 }, genomeOf(...letters));

async function cross(
  options: ComponentCrossoverOptions,
  first: EvaluatedCandidate,
  second: EvaluatedCandidate,
  key: string | number = "x",
): Promise<Proposal> {
  const model = scripted([]);
  const more = { parents: [first, second], rng: rngFrom("crossover", key) } as const;
  const proposal = await componentCrossover(options).propose(contextOf(model, more));
  model.finish();
  expect(model.requests).toEqual([]);
  return proposal;
}

/** The child's letters; undefined for a rejection. */
function childOf(first: EvaluatedCandidate, proposal: Proposal): string | undefined {
  if (proposal.status !== "proposed") return undefined;
  return first.candidate.genome.map(({ text }, index) => proposal.changes.get(index) ?? text).join("");
}

/** How often each child comes, over so many draws. */
async function childrenOf(
  options: ComponentCrossoverOptions,
  [a, b]: readonly [string, string],
  draws: number,
) {
  const [first, second] = [solution(a), solution(b)];
  const counts = new Map<string | undefined, number>();
  for (let draw = 0; draw < draws; draw++) {
    const child = childOf(first, await cross(options, first, second, draw));
    counts.set(child, (counts.get(child) ?? 0) + 1);
  }
  return counts;
}

/** Checks that exactly these children come, with these probabilities: 4.5 standard errors of a binomial count. */
async function expectChildren(
  options: ComponentCrossoverOptions,
  parents: readonly [string, string],
  exact: Readonly<Record<string, number>>,
) {
  const draws = 2000;
  const counts = await childrenOf(options, parents, draws);
  expect([...counts.keys()].sort()).toEqual(Object.keys(exact).sort());
  for (const [child, p] of Object.entries(exact)) {
    const tolerance = 4.5 * Math.sqrt((p * (1 - p)) / draws);
    expect(Math.abs(counts.get(child)! / draws - p), child).toBeLessThanOrEqual(tolerance);
  }
}

const kinds: readonly CrossoverKind[] = ["uniform", "one-point", "two-point"];

describe("component-crossover", () => {
  it("makes each mix of three components but the parents alike when it is uniform", async () => {
    const exact = Object.fromEntries(
      ["AAB", "ABA", "BAA", "ABB", "BAB", "BBA"].map((child) => [child, 1 / 6]),
    );
    await expectChildren({}, ["AAA", "BBB"], exact);
  });

  it("takes a share of the components from the second parent, given that it takes some and leaves some", async () => {
    // Each of 2 with probability s = 0.2, neither none nor both: both ways are as likely, whatever s.
    await expectChildren({ share: 0.2 }, ["AA", "BB"], { AB: 0.5, BA: 0.5 });
    // Of 3: one with 3 s (1 - s)^2 = 0.384, two with 3 s^2 (1 - s) = 0.096; together 0.48.
    const [one, two] = [0.384 / 0.48 / 3, 0.096 / 0.48 / 3];
    await expectChildren({ share: 0.2 }, ["AAA", "BBB"], {
      ...{ BAA: one, ABA: one, AAB: one },
      ...{ BBA: two, BAB: two, ABB: two },
    });
  });

  it("cuts once, at each place and for each side alike, when it is one-point", async () => {
    const exact = Object.fromEntries(
      ["ABBB", "AABB", "AAAB", "BAAA", "BBAA", "BBBA"].map((child) => [child, 1 / 6]),
    );
    await expectChildren({ kind: "one-point" }, ["AAAA", "BBBB"], exact);
  });

  it("takes each stretch of the circle alike when it is two-point", async () => {
    const stretches = [
      ...["BAAA", "ABAA", "AABA", "AAAB", "BBAA", "ABBA", "AABB", "BAAB"],
      ...["BBBA", "ABBB", "BABB", "BBAB"],
    ];
    const exact = Object.fromEntries(stretches.map((child) => [child, 1 / 12]));
    await expectChildren({ kind: "two-point" }, ["AAAA", "BBBB"], exact);
  });

  it.each(kinds)("lets components that are equal take no part (%s)", async (kind) => {
    await expectChildren({ kind }, ["xAxxAx", "xBxxBx"], { xAxxBx: 0.5, xBxxAx: 0.5 });
  });

  it.each(kinds)("makes a child that is neither parent, of nothing but theirs (%s)", async (kind) => {
    const letters = fc.array(fc.constantFrom("A", "B"), { minLength: 1, maxLength: 12 });
    const parents = letters.chain((a) =>
      fc.tuple(
        fc.constant(a.join("")),
        fc.array(fc.constantFrom("A", "B"), { minLength: a.length, maxLength: a.length }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(parents, fc.nat(), async ([a, others], key) => {
        const b = others.join("");
        const [first, second] = [solution(a), solution(b)];
        const proposal = await cross({ kind }, first, second, key);
        const differing = [...a].filter((letter, index) => letter !== b[index]).length;
        if (differing < 2) {
          const reason =
            differing === 0 ? "the parents are equal" : "the parents differ in one component only";
          expect(proposal).toEqual(rejected(reason));
          return;
        }
        const child = childOf(first, proposal);
        expect([a, b, undefined]).not.toContain(child);
        expect([...(child ?? "")].every((letter, index) => letter === a[index] || letter === b[index])).toBe(
          true,
        );
        // Only what comes from the second parent is proposed.
        if (proposal.status !== "proposed") return;
        for (const [index, text] of proposal.changes)
          expect([text, text === a[index]]).toEqual([b[index], false]);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("gives up where the share leaves all but nothing to the other side", async () => {
    expect(await cross({ share: 1e-9 }, solution("AA"), solution("BB"))).toEqual(
      rejected("100 draws gave one of the parents"),
    );
  });

  it("needs two parents and no model", () => {
    expect(componentCrossover()).toMatchObject({
      ...{ name: "component-crossover", scope: "recombination", roles: [], parentCount: 2 },
      ...{ parameters: { kind: "uniform", share: 0.5 }, isCompactable: true, schedule: undefined },
    });
    expect(componentCrossover({ kind: "two-point" }).parameters).toEqual({ kind: "two-point" });
  });

  it("rejects options that it does not know or that mean nothing together", () => {
    expect(() => componentCrossover({ kind: "ring" } as never)).toThrow(
      "Kind 'ring' is unknown; known: one-point, two-point, uniform",
    );
    expect(() => componentCrossover({ kind: "one-point", share: 0.5 })).toThrow(
      'component-crossover: share has no meaning with kind "one-point"',
    );
    expect(() => componentCrossover({ share: 1 })).toThrow(
      "component-crossover: share must be a number from",
    );
    expect(() => componentCrossover({ points: 2 } as never)).toThrow(
      "component-crossover: option 'points' is unknown",
    );
  });
});
