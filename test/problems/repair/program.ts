/** A code base as a scorer sees it, run in this process: for code that a test trusts. */
import { compileFunction } from "node:vm";
import scoreRepair, { type RepairData } from "../../../problems/repair/scorer.ts";
import {
  CandidateFailure,
  type CandidateProgram,
  composeFiles,
  type Evaluation,
  type Genome,
  type Instance,
  type Scorer,
  type SourceFile,
} from "../../../src/core/index.ts";

/** Runs files whose functions all have different names; arguments and results are copied. */
export function programOf(files: readonly SourceFile[]): CandidateProgram {
  const text = files.map((file) => file.text.replace(/^import .*|^export \* .*|^export /gm, "")).join("\n");
  const names = [...text.matchAll(/^function (\w+)/gm)].map(([, name]) => name);
  const functions = compileFunction(`${text}\nreturn { ${names.join(", ")} };`)() as Readonly<
    Record<string, (...args: unknown[]) => unknown>
  >;
  return {
    async call(name, ...args) {
      try {
        return structuredClone(functions[name]?.(...structuredClone(args)));
      } catch (error) {
        throw new CandidateFailure("crash", `${name}() threw ${error}`);
      }
    },
    has: async (name) => Object.hasOwn(functions, name),
  };
}

/** The data of a repair instance. */
export function dataOf({ evaluate }: Instance): RepairData {
  if (typeof evaluate === "function" || evaluate.kind !== "sandbox") throw new Error("expected a sandbox");
  return evaluate.data as RepairData;
}

/** Scores a solution of a repair instance, outside any sandbox. */
export function scoreGenome(instance: Instance, genome: Genome = instance.components): Promise<Evaluation> {
  const candidate = programOf(composeFiles(instance.layout ?? [], genome));
  return (scoreRepair as Scorer<RepairData>)({ candidate, data: dataOf(instance), repeat: 0 });
}
