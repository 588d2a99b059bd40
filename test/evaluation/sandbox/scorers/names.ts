/** Fitness: how many of `data.names` are functions that the candidate exports. */
import type { Scorer } from "allele";

const score: Scorer<{ readonly names: readonly string[] }> = async ({ candidate, data: { names } }) => {
  let fitness = 0;
  for (const name of names) if (await candidate.has(name)) fitness += 1;
  return { status: "ok", fitness };
};
export default score;
