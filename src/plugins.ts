/** The built-in plugins by name: the one table that names are looked up in; models are in read-model.ts. */
import { adaptiveLocality } from "../operators/adaptive-locality.ts";
import { componentCrossover } from "../operators/component-crossover.ts";
import { fromScratch } from "../operators/from-scratch.ts";
import { globalDiff } from "../operators/global-diff.ts";
import { globalRewrite } from "../operators/global-rewrite.ts";
import { llmCrossover } from "../operators/llm-crossover.ts";
import { localRewrite } from "../operators/local-rewrite.ts";
import { reflect } from "../operators/reflect.ts";
import { repairFailures } from "../operators/repair.ts";
import { binPacking } from "../problems/bin-packing/problem.ts";
import { blocks } from "../problems/blocks/problem.ts";
import { circlePacking } from "../problems/circle-packing/problem.ts";
import { coupledBlocks } from "../problems/coupled-blocks/problem.ts";
import { functionMinimization } from "../problems/function-minimization/problem.ts";
import { kModule } from "../problems/k-module/problem.ts";
import { leadingBlocks } from "../problems/leading-blocks/problem.ts";
import { noisyBlocks } from "../problems/noisy-blocks/problem.ts";
import { repair } from "../problems/repair/problem.ts";
import { trapBlocks } from "../problems/trap-blocks/problem.ts";
import { tspConstruct } from "../problems/tsp-construct/problem.ts";
import {
  commaSelection,
  greedy,
  islands,
  mapElites,
  type Operator,
  type Population,
  type Problem,
  pareto,
  plusSelection,
  randomSearch,
  schedules,
  steadyState,
} from "./core/index.ts";

/** Each makes the plugin with its default options. */
export const plugins = {
  problems: {
    "bin-packing": (): Problem => binPacking(),
    blocks: (): Problem => blocks(),
    "circle-packing": (): Problem => circlePacking(),
    "coupled-blocks": (): Problem => coupledBlocks(),
    "function-minimization": (): Problem => functionMinimization(),
    "k-module": (): Problem => kModule(),
    "leading-blocks": (): Problem => leadingBlocks(),
    "noisy-blocks": (): Problem => noisyBlocks(),
    repair: (): Problem => repair(),
    "trap-blocks": (): Problem => trapBlocks(),
    "tsp-construct": (): Problem => tspConstruct(),
  },
  operators: {
    "adaptive-locality": (): Operator => adaptiveLocality(),
    "component-crossover": (): Operator => componentCrossover(),
    "from-scratch": (): Operator => fromScratch(),
    "global-diff": (): Operator => globalDiff(),
    "global-rewrite": (): Operator => globalRewrite(),
    "llm-crossover": (): Operator => llmCrossover(),
    "local-rewrite": (): Operator => localRewrite(),
    reflect: (): Operator => reflect(),
    repair: (): Operator => repairFailures(),
  },
  populations: {
    greedy: (): Population => greedy(),
    islands: (): Population => islands(),
    "map-elites": (): Population => mapElites(),
    "mu-comma-lambda": (): Population => commaSelection(),
    "mu-plus-lambda": (): Population => plusSelection(),
    pareto: (): Population => pareto(),
    random: (): Population => randomSearch(),
    "steady-state": (): Population => steadyState(),
  },
  schedules,
} as const;
