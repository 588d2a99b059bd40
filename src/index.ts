/** What users of the package import. */
export { type AdaptiveLocalityOptions, adaptiveLocality } from "../operators/adaptive-locality.ts";
export {
  type ComponentCrossoverOptions,
  type CrossoverKind,
  componentCrossover,
} from "../operators/component-crossover.ts";
export { type ConversationDebugOptions, conversationDebug } from "../operators/conversation-debug.ts";
export { type FocusedDebugOptions, focusedDebug } from "../operators/focused-debug.ts";
export { type FromScratchOptions, fromScratch } from "../operators/from-scratch.ts";
export { type GeneralistOptions, generalist } from "../operators/generalist.ts";
export { type GlobalDiffOptions, globalDiff } from "../operators/global-diff.ts";
export { type GlobalRewriteOptions, globalRewrite } from "../operators/global-rewrite.ts";
export { type LlmCrossoverOptions, llmCrossover } from "../operators/llm-crossover.ts";
export { type LocalRewriteOptions, localRewrite } from "../operators/local-rewrite.ts";
export { type ReflectOptions, reflect } from "../operators/reflect.ts";
export { type RepairFailuresOptions, repairFailures } from "../operators/repair.ts";
export { type RouteToSpecialistOptions, routeToSpecialist } from "../operators/route-to-specialist.ts";
export { type StepByStepOptions, stepByStep } from "../operators/step-by-step.ts";
export { type BinPackingOptions, binPacking } from "../problems/bin-packing/problem.ts";
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
export { type CirclePackingOptions, circlePacking } from "../problems/circle-packing/problem.ts";
export { type CoupledBlocksOptions, coupledBlocks } from "../problems/coupled-blocks/problem.ts";
export { type CoupledBlocksSetting, coupledRandomTheory } from "../problems/coupled-blocks/theory.ts";
export { type DebugOptions, debugDeveloper, debugQa } from "../problems/debugging/capabilities.ts";
export { type DebuggingOptions, debugging } from "../problems/debugging/problem.ts";
export * from "../problems/debugging/theory.ts";
export {
  type FunctionMinimizationOptions,
  functionMinimization,
} from "../problems/function-minimization/problem.ts";
export {
  type HanoiAloneOptions,
  type HanoiStepOptions,
  hanoiAlone,
  hanoiStep,
} from "../problems/hanoi/capabilities.ts";
export { type HanoiOptions, hanoi } from "../problems/hanoi/problem.ts";
export * from "../problems/hanoi/theory.ts";
export { hanoiLine } from "../problems/hanoi/towers.ts";
export { type KModuleOptions, kModule } from "../problems/k-module/problem.ts";
export * from "../problems/k-module/theory.ts";
export { type LeadingBlocksOptions, leadingBlocks } from "../problems/leading-blocks/problem.ts";
export * from "../problems/leading-blocks/theory.ts";
export { type NoisyBlocksOptions, noisyBlocks } from "../problems/noisy-blocks/problem.ts";
export { type RepairOptions, repair } from "../problems/repair/problem.ts";
export { routingDelegation, routingTasks } from "../problems/routing/capabilities.ts";
export { routing } from "../problems/routing/problem.ts";
export { type RoutingOptions, type RoutingQuery, routingQueries } from "../problems/routing/queries.ts";
export * from "../problems/routing/theory.ts";
export { type TrapBlocksOptions, trapBlocks } from "../problems/trap-blocks/problem.ts";
export * from "../problems/trap-blocks/theory.ts";
export { type TspConstructOptions, tspConstruct } from "../problems/tsp-construct/problem.ts";
export * from "./campaign.ts";
export * from "./core/index.ts";
export {
  type DecomposeOptions,
  type Decomposition,
  decompose,
  type Granularity,
  readSourceFiles,
} from "./decompose/index.ts";
export { describeCampaign } from "./describe-campaign.ts";
export { type RunOptions, type RunProgress, runStrategy, type WeightedOperator } from "./engine.ts";
export { Evaluators, type EvaluatorsOptions } from "./evaluation/evaluators.ts";
export type { AdapterOptions } from "./llm/adapter.ts";
export { type AiSdkOptions, aiSdk } from "./llm/ai-sdk.ts";
export { type GgufOptions, gguf } from "./llm/llama-cpp.ts";
export { meter } from "./llm/meter.ts";
export { type OllamaOptions, ollama } from "./llm/ollama.ts";
export { type OpenAiOptions, openai } from "./llm/openai.ts";
export { type SimulatedLatency, type SimulatedOptions, simulated } from "./llm/simulated.ts";
export { type SimulatedCapableOptions, simulatedCapable } from "./llm/simulated-capable.ts";
export { type SimulatedChooserOptions, simulatedChooser } from "./llm/simulated-chooser.ts";
export { type SimulatedProgrammerOptions, simulatedProgrammer } from "./llm/simulated-programmer.ts";
export { countTokens } from "./llm/tokenizer.ts";
export { type TransformersOptions, transformers } from "./llm/transformers.ts";
export { type VotingOptions, voting } from "./llm/voting.ts";
export { plugins } from "./plugins.ts";
export { readModel } from "./read-model.ts";
export {
  type CampaignOptions,
  type CampaignProgress,
  type CampaignResult,
  runCampaign,
} from "./run-campaign.ts";
export * from "./store/index.ts";
export { version } from "./version.ts";
