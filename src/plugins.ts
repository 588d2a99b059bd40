/** The built-in plugins by name: the one table that names are looked up in; models are in read-model.ts. */
import { globalRewrite } from "../operators/global-rewrite.ts";
import { localRewrite } from "../operators/local-rewrite.ts";
import { binPacking } from "../problems/bin-packing/problem.ts";
import { blocks } from "../problems/blocks/problem.ts";
import { circlePacking } from "../problems/circle-packing/problem.ts";
import { functionMinimization } from "../problems/function-minimization/problem.ts";
import { kModule } from "../problems/k-module/problem.ts";
import { repair } from "../problems/repair/problem.ts";
import { tspConstruct } from "../problems/tsp-construct/problem.ts";
import { greedy, type Operator, type Population, type Problem, schedules } from "./core/index.ts";

/** Each makes the plugin with its default options. */
export const plugins = {
  problems: {
    "bin-packing": (): Problem => binPacking(),
    blocks: (): Problem => blocks(),
    "circle-packing": (): Problem => circlePacking(),
    "function-minimization": (): Problem => functionMinimization(),
    "k-module": (): Problem => kModule(),
    repair: (): Problem => repair(),
    "tsp-construct": (): Problem => tspConstruct(),
  },
  operators: {
    "global-rewrite": (): Operator => globalRewrite(),
    "local-rewrite": (): Operator => localRewrite(),
  },
  populations: { greedy: (): Population => greedy() },
  schedules,
} as const;
