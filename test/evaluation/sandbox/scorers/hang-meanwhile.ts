/** Has the candidate work on a call, and never ends meanwhile. */
import type { Scorer } from "allele";

const score: Scorer = async ({ candidate }) => {
  void candidate.call("run");
  await new Promise((resolve) => setTimeout(resolve, 50)); // so that the candidate has begun
  for (;;);
};
export default score;
