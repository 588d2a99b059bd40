/**
 * Circle packing: n circles in the unit square with the largest sum of radii (Novikov et al., AlphaEvolve,
 * 2025, appendix B.12). Overlaps are rejected exactly, without tolerance.
 */
import {
  type Component,
  checkBetween,
  checkKeys,
  checkWhole,
  defineProblem,
  moduleBeside,
  type Problem,
  sandboxed,
} from "../../src/core/index.ts";
import { decompose } from "../../src/decompose/index.ts";
import { bestKnownSum } from "./best-known.ts";
import type { PackingData } from "./scorer.ts";
import { seed as text } from "./seed.ts";

/** Options of circle packing; the size of an instance is n, the number of circles. */
export interface CirclePackingOptions {
  /** Target as a share of the best known sum of radii; see `bestKnownSum`. Default 0.98. */
  readonly targetShare?: number;
  /** Time for one solution. Default 10,000. */
  readonly timeoutMs?: number;
}

const blocks: Readonly<Record<string, Pick<Component, "signature" | "spec">>> = {
  placement: {
    signature: "function place(n)",
    spec: "Returns the first centres of n circles: a list of n lists [x, y], inside the unit square.",
  },
  refinement: {
    signature: "function refine(centres)",
    spec:
      "Moves the centres, a list of lists [x, y], so that the radii that radiiOf finds for them sum up to " +
      "more, and returns as many, in the unit square.",
  },
  radii: {
    signature: "function radiiOf(centres)",
    spec:
      "Returns one radius for each centre [x, y], with the largest sum it can find: no circle leaves the unit " +
      "square and no two overlap.",
  },
};

/**
 * Makes the circle packing problem. Fitness is the sum of the radii; a packing that breaks a rule fails.
 * All seeds give the same instance.
 */
export function circlePacking(options: CirclePackingOptions = {}): Problem {
  checkKeys("circle-packing", options, ["targetShare", "timeoutMs"]);
  const { targetShare = 0.98, timeoutMs = 10_000 } = options;
  checkBetween("circle-packing: targetShare", targetShare, 0, 2);
  checkWhole("circle-packing: timeoutMs", timeoutMs, 1);
  return defineProblem({
    name: "circle-packing",
    description: "n circles in the unit square, without overlap, with the largest sum of radii",
    parameters: { targetShare, timeoutMs },
    instance({ size }) {
      checkWhole("circle-packing: size", size, 1);
      const target = targetShare * bestKnownSum(size);
      const solution = decompose([{ path: "pack.js", text }]);
      const data: PackingData = { n: size, target };
      return {
        ...solution,
        components: solution.components.map((one) => ({ ...one, ...blocks[one.name] })),
        target,
        statement: statementOf(size, target, timeoutMs),
        evaluate: sandboxed({ scorer: moduleBeside(import.meta.url, "scorer"), data, timeoutMs }),
      };
    },
  });
}

function statementOf(n: number, target: number, timeoutMs: number): string {
  return `Pack ${n} circles into the unit square [0, 1] x [0, 1] so that the sum of their radii is as large as possible.

The program exports pack(n), called once with n = ${n}; it returns n lists [x, y, r], centre and radius. It computes refine(place(n)), gives each centre its radius by radiiOf(centres), and shrinks the radii by a factor of 1 - 1e-12. Only the functions place, refine and radiiOf can be changed.

Rules: every number is finite, no radius is negative, each circle lies inside the square, and no two circles overlap; touching is allowed. The rules are checked exactly, without tolerance; a packing that breaks one gets no score. Score: the sum of the radii, higher is better. Target: ${target.toFixed(4)}.

Write plain JavaScript: no imports, no input or output, no timers, no promises. All computation together has ${timeoutMs / 1000} seconds. Random numbers are seeded: the same program always gets the same score.`;
}
