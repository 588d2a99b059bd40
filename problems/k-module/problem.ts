/**
 * K modules: a pipeline of k modules with o options each, one of them right (OpenEvolve's example
 * k_module_problem). The score is the number of right modules, and nothing tells which ones they are.
 */
import {
  type Component,
  checkKeys,
  checkWhole,
  defineProblem,
  type Evaluation,
  type Genome,
  type Problem,
  randomIndex,
  rngFrom,
} from "../../src/core/index.ts";

/** Options of the k-module problem; the size of an instance is k, the number of modules: 4 in the peer's example. */
export interface KModuleOptions {
  /** o: options of each module, at least 2. Default 5. */
  readonly options?: number;
}

/** A module of the pipeline. */
interface Module {
  readonly name: string;
  readonly options: readonly string[];
  /** The option that is right. */
  readonly right: string;
  /** The option of the initial solution. */
  readonly start: string;
}

/** The peer's modules. In each the first option is right and the second one is that of its initial program. */
const known: readonly (readonly [string, readonly string[]])[] = [
  ["loader", ["csv_reader", "json_reader", "xml_reader", "parquet_reader", "sql_reader"]],
  ["preprocess", ["normalize", "standardize", "minmax", "scale", "none"]],
  ["algorithm", ["quicksort", "mergesort", "heapsort", "bubblesort", "insertion"]],
  ["formatter", ["json", "xml", "csv", "yaml", "protobuf"]],
];

/**
 * Makes the k-module problem. The target is k; at the start every module is wrong. All seeds give the same
 * instance. A text that is none of the module's options makes the solution invalid.
 *
 * Expected applications of a model that draws another option at random (exact, theory.ts, which has evaluations
 * as well): k (o - 1) for local rewriting in sequence, (o - 1) k H_k for a random module (coupon collector). Random
 * search takes o^k.
 */
export function kModule(options: KModuleOptions = {}): Problem {
  checkKeys("k-module", options, ["options"]);
  const optionCount = checkWhole("k-module: options", options.options ?? 5, 2);
  return defineProblem({
    name: "k-module",
    description: "a pipeline of k modules with o options each; only the number of right ones is told",
    parameters: { options: optionCount },
    structure: "Components independent, few options each",
    instance({ size }) {
      checkWhole("k-module: size", size, 1);
      const modules = Array.from({ length: size }, (_, index) => moduleAt(index, optionCount));
      const components = modules.map(
        ({ name, options, start }): Component => ({
          name,
          text: `${start}\n`,
          spec: `one of: ${options.join(", ")}`,
          kind: "module",
        }),
      );
      return {
        components,
        target: size,
        statement:
          `A data pipeline has ${size} modules. Each is set to one of its ${optionCount} options, written as its ` +
          "name alone on a line, and in each exactly one option is right, whatever the others are. The score is " +
          "the number of right modules; it does not tell which ones they are. Set all modules right.",
        // A promise, so that a run asks about the same solution once.
        evaluate: async (genome) => score(modules, genome),
      };
    },
  });
}

function moduleAt(index: number, optionCount: number): Module {
  const [name = `module-${index + 1}`, given = []] = known[index] ?? [];
  const options = Array.from({ length: optionCount }, (_, one) => given[one] ?? `${name}_option_${one + 1}`);
  const rng = rngFrom("k-module", optionCount, index);
  const right = given.length > 0 ? 0 : randomIndex(rng, optionCount);
  const start = (right + 1 + (given.length > 0 ? 0 : randomIndex(rng, optionCount - 1))) % optionCount;
  return { name, options, right: options[right] ?? "", start: options[start] ?? "" };
}

function score(modules: readonly Module[], genome: Genome): Evaluation {
  let right = 0;
  for (const [index, module] of modules.entries()) {
    const choice = genome[index]?.text.trim() ?? "";
    if (!module.options.includes(choice)) {
      const shown = JSON.stringify(choice.slice(0, 40));
      const feedback = `${module.name} must be one of ${module.options.join(", ")}; got ${shown}`;
      return { status: "failed", reason: "invalid", feedback };
    }
    if (choice === module.right) right += 1;
  }
  return { status: "ok", fitness: right, feedback: `${right} of ${modules.length} modules are right.` };
}
