/** Calls `run(data.input)` and expects a number back, which is the fitness. */
import type { Scorer } from "allele";

const score: Scorer<{ readonly input: unknown; readonly answer?: unknown }> = async ({ candidate, data }) => {
  const value = await candidate.call("run", data.input);
  if (typeof value !== "number" || !Number.isFinite(value)) {
    return {
      status: "failed",
      reason: "invalid",
      feedback: `expected a number, got ${JSON.stringify(value)}`,
    };
  }
  return { status: "ok", fitness: value };
};
export default score;
