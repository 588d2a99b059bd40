/** The built-in plugins by name: the one table that names are looked up in. */
import { globalRewrite } from "../operators/global-rewrite.ts";
import { localRewrite } from "../operators/local-rewrite.ts";
import { blocks } from "../problems/blocks/problem.ts";
import { greedy, type Model, type Operator, type Population, type Problem, schedules } from "./core/index.ts";
import { simulated } from "./llm/simulated.ts";

/** Each makes the plugin with its default options. */
export const plugins = {
  problems: { blocks: (): Problem => blocks() },
  operators: {
    "global-rewrite": (): Operator => globalRewrite(),
    "local-rewrite": (): Operator => localRewrite(),
  },
  populations: { greedy: (): Population => greedy() },
  models: { simulated: (): Model => simulated() },
  schedules,
} as const;
