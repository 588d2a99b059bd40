/** Scores a genome with an instance's own function, for problems that are scored in this process. */
import type { Evaluation, Genome, Instance } from "../src/core/index.ts";

/** What the function returns; throws where the instance is scored in a sandbox or by a command. */
export function score(
  instance: Instance,
  genome: Genome,
  signal = new AbortController().signal,
): Evaluation | Promise<Evaluation> {
  if (typeof instance.evaluate !== "function") throw new Error("expected a function");
  return instance.evaluate(genome, signal, 0);
}
