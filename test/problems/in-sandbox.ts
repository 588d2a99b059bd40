/** Scores instances as a run does: trusted scorer in a worker thread, candidate in a sandboxed process. */
import { composeFiles, type Evaluation, type Instance, type SandboxScoring } from "../../src/core/index.ts";
import { whyNoBubblewrap } from "../../src/evaluation/bubblewrap.ts";
import { SandboxPool } from "../../src/evaluation/sandbox/pool.ts";

/** Scores the instances one after the other in a pool of one thread. */
export async function scoreInSandbox(...instances: readonly Instance[]): Promise<Evaluation[]> {
  const wall = (await whyNoBubblewrap()) === undefined ? "bubblewrap" : "none";
  const pool = new SandboxPool({ threads: 1, wall });
  try {
    const evaluations: Evaluation[] = [];
    for (const { evaluate, layout, components } of instances) {
      const files = composeFiles(layout!, components);
      const { signal } = new AbortController();
      evaluations.push(await pool.evaluate(evaluate as SandboxScoring, files, 0, signal));
    }
    return evaluations;
  } finally {
    await pool.close();
  }
}
