/** Calls `run(data.input)`; what it returns becomes the feedback, as JSON. */
import type { Scorer } from "allele";

const score: Scorer<{ readonly input: unknown }> = async ({ candidate, data }) => {
  const value = await candidate.call("run", data.input);
  return { status: "ok", fitness: 0, feedback: String(JSON.stringify(value)) };
};
export default score;
