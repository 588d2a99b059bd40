/** What users of the package import. */
export { type GlobalRewriteOptions, globalRewrite } from "../operators/global-rewrite.ts";
export { type LocalRewriteOptions, localRewrite } from "../operators/local-rewrite.ts";
export { type BlocksOptions, blocks } from "../problems/blocks/problem.ts";
export {
  type BlocksExpectation,
  type BlocksSetting,
  type BlocksTheory,
  globalTheory,
  randomTheory,
  roundRobinTheory,
  sequentialTheory,
} from "../problems/blocks/theory.ts";
export * from "./campaign.ts";
export * from "./core/index.ts";
export { type RunOptions, type RunProgress, runStrategy, type WeightedOperator } from "./engine.ts";
export { meter } from "./llm/meter.ts";
export { type SimulatedLatency, type SimulatedOptions, simulated } from "./llm/simulated.ts";
export { countTokens } from "./llm/tokenizer.ts";
export { plugins } from "./plugins.ts";
export {
  type CampaignOptions,
  type CampaignProgress,
  type CampaignResult,
  runCampaign,
} from "./run-campaign.ts";
export * from "./store/index.ts";
export { version } from "./version.ts";
