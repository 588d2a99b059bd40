/** Scores circle packings: the sum of the radii, if no rule is broken. Runs outside the sandbox. */
import type { Evaluation, Scorer } from "../../src/core/index.ts";
import { type Circle, roomToGrow, violations } from "./packing.ts";

/** What the scorer knows. */
export interface PackingData {
  /** Number of circles. */
  readonly n: number;
  /** Sum of radii to reach. */
  readonly target: number;
}

const score: Scorer<PackingData> = async ({ candidate, data: { n, target } }) => {
  const circles = readCircles(await candidate.call("pack", n), n);
  if (typeof circles === "string") return invalid(circles);
  const broken = violations(circles);
  if (broken.length > 0) {
    const worst = broken.reduce((a, b) => (b.amount > a.amount ? b : a));
    const by = worst.amount < 1e-15 ? "less than 1e-15" : worst.amount.toPrecision(3);
    return invalid(`${broken.length} rules broken; the worst: ${worst.text} by ${by} (circles count from 0)`);
  }
  const radii = circles.map(([, , r]) => r);
  const fitness = radii.reduce((sum, r) => sum + r, 0);
  const room = roomToGrow(circles);
  const most = Math.max(...room);
  const index = room.indexOf(most);
  const [x = 0, y = 0] = circles[index] ?? [];
  return {
    status: "ok",
    fitness,
    metrics: {
      coveredArea: radii.reduce((sum, r) => sum + Math.PI * r * r, 0),
      smallestRadius: Math.min(...radii),
      largestRadius: Math.max(...radii),
    },
    feedback:
      `The sum of radii is ${fitness.toFixed(6)}; wanted: ${target.toFixed(6)}. Radii from ` +
      `${Math.min(...radii).toFixed(4)} to ${Math.max(...radii).toFixed(4)}. ` +
      (most < 1e-6
        ? "No circle can grow where it is; the centres must move."
        : `${room.filter((one) => one >= 1e-6).length} circles can grow where they are, most of all circle ` +
          `${index} at (${x.toFixed(4)}, ${y.toFixed(4)}), by ${most.toFixed(4)}.`),
  };
};
export default score;

/** The circles, or what is wrong with the answer. */
function readCircles(answer: unknown, n: number): Circle[] | string {
  if (!Array.isArray(answer)) return `pack(${n}) must return ${n} lists [x, y, r]; got ${show(answer)}`;
  if (answer.length !== n) return `pack(${n}) must return ${n} circles; got ${answer.length}`;
  const bad = answer.findIndex((one) => !isCircle(one));
  if (bad < 0) return answer;
  return `circle ${bad} must be a list [x, y, r] of three finite numbers; got ${show(answer[bad])}`;
}

function isCircle(value: unknown): value is Circle {
  return Array.isArray(value) && value.length === 3 && value.every((one) => Number.isFinite(one));
}

function show(value: unknown): string {
  // JSON has no word for numbers that are not finite.
  const text = JSON.stringify(value, (_, one) => (typeof one === "number" ? String(one) : one));
  return String(text).slice(0, 80);
}

function invalid(feedback: string): Evaluation {
  return { status: "failed", reason: "invalid", feedback };
}
