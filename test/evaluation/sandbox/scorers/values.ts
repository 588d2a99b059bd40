/** Sends each of `data.values` to `run` and back; fitness: how many come back as they were. */
import { isDeepStrictEqual } from "node:util";
import type { Scorer } from "allele";

const score: Scorer<{ readonly values: readonly unknown[] }> = async ({ candidate, data: { values } }) => {
  const back = await Promise.all(values.map((value) => candidate.call("run", value)));
  const odd = back.filter((value, index) => !isDeepStrictEqual(value, values[index]));
  return { status: "ok", fitness: values.length - odd.length, feedback: JSON.stringify(odd) };
};
export default score;
