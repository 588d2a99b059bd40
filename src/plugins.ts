/** The built-in plugins by name: the one table that names are looked up in; models are in read-model.ts. */
import { adaptiveLocality } from "../operators/adaptive-locality.ts";
import { componentCrossover } from "../operators/component-crossover.ts";
import { conversationDebug } from "../operators/conversation-debug.ts";
import { focusedDebug } from "../operators/focused-debug.ts";
import { fromScratch } from "../operators/from-scratch.ts";
import { generalist } from "../operators/generalist.ts";
import { globalDiff } from "../operators/global-diff.ts";
import { globalRewrite } from "../operators/global-rewrite.ts";
import { llmCrossover } from "../operators/llm-crossover.ts";
import { localRewrite } from "../operators/local-rewrite.ts";
import { reflect } from "../operators/reflect.ts";
import { repairFailures } from "../operators/repair.ts";
import { routeToSpecialist } from "../operators/route-to-specialist.ts";
import { stepByStep } from "../operators/step-by-step.ts";
import { binPacking } from "../problems/bin-packing/problem.ts";
import { blocks } from "../problems/blocks/problem.ts";
import { circlePacking } from "../problems/circle-packing/problem.ts";
import { coupledBlocks } from "../problems/coupled-blocks/problem.ts";
import { debugging } from "../problems/debugging/problem.ts";
import { functionMinimization } from "../problems/function-minimization/problem.ts";
import { hanoi } from "../problems/hanoi/problem.ts";
import { kModule } from "../problems/k-module/problem.ts";
import { leadingBlocks } from "../problems/leading-blocks/problem.ts";
import { noisyBlocks } from "../problems/noisy-blocks/problem.ts";
import { repair } from "../problems/repair/problem.ts";
import { routing } from "../problems/routing/problem.ts";
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
    debugging: (): Problem => debugging(),
    "function-minimization": (): Problem => functionMinimization(),
    hanoi: (): Problem => hanoi(),
    "k-module": (): Problem => kModule(),
    "leading-blocks": (): Problem => leadingBlocks(),
    "noisy-blocks": (): Problem => noisyBlocks(),
    repair: (): Problem => repair(),
    routing: (): Problem => routing(),
    "trap-blocks": (): Problem => trapBlocks(),
    "tsp-construct": (): Problem => tspConstruct(),
  },
  operators: {
    "adaptive-locality": (): Operator => adaptiveLocality(),
    "component-crossover": (): Operator => componentCrossover(),
    "conversation-debug": (): Operator => conversationDebug(),
    "focused-debug": (): Operator => focusedDebug(),
    "from-scratch": (): Operator => fromScratch(),
    generalist: (): Operator => generalist(),
    "global-diff": (): Operator => globalDiff(),
    "global-rewrite": (): Operator => globalRewrite(),
    "llm-crossover": (): Operator => llmCrossover(),
    "local-rewrite": (): Operator => localRewrite(),
    reflect: (): Operator => reflect(),
    repair: (): Operator => repairFailures(),
    "route-to-specialist": (): Operator => routeToSpecialist(),
    "step-by-step": (): Operator => stepByStep(),
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
