/** Calls `run` `data.calls` times; fitness: the sum of the lengths of its results. */
import type { Scorer } from "allele";

const score: Scorer<{ readonly calls: number }> = async ({ candidate, data: { calls } }) => {
  let fitness = 0;
  for (let call = 0; call < calls; call++) fitness += String(await candidate.call("run", call)).length;
  return { status: "ok", fitness };
};
export default score;
