/** The plugin surface: everything that problems, operators and populations may import. */
export * from "./abortable.ts";
export * from "./budget.ts";
export * from "./candidate.ts";
export * from "./component.ts";
export * from "./cost.ts";
export * from "./errors.ts";
export * from "./greedy.ts";
export * from "./model.ts";
export * from "./operator.ts";
export * from "./parameters.ts";
export * from "./population.ts";
export * from "./problem.ts";
export * from "./prompt.ts";
export * from "./record.ts";
export * from "./rng.ts";
export * from "./schedule.ts";
export * from "./words.ts";
