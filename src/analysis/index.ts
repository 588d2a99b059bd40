/** Growth analysis of cost to target: pure functions on rows, with no input, output, clock or randomness. */
export type { Estimate } from "./call-growth.ts";
export type { Challenge, ChallengeRow, LackOfFit } from "./checks.ts";
export {
  type CheckedClaim,
  type ClaimRow,
  type ClaimToCheck,
  type ClaimVerdict,
  checkClaim,
} from "./claims.ts";
export { type CompareOptions, compareStrategies } from "./compare-strategies.ts";
export type {
  CallsGrowth,
  Comparison,
  FittedMean,
  LogRankRow,
  MeanEstimate,
  PlausibleClass,
  Quantiles,
  RatioRow,
  RoleGrowth,
  Separation,
  SeparationVerdict,
  SizeRow,
  StrategyComparison,
  StrategyGrowth,
  TheoryCheck,
  Verdict,
} from "./comparison.ts";
export { type EcdfStep, type StrategyEcdf, shareWithin } from "./ecdf.ts";
export {
  exponentialClass,
  formatGrowthClass,
  type GrowthClass,
  isSameClass,
  outgrows,
  type ParsedClass,
  parseGrowthClass,
  polynomialClass,
  quotientClass,
  timesPower,
} from "./growth-class.ts";
export { holdsClass } from "./holds-class.ts";
export { type ModelSizes, type ModelSizesRow, modelSizes } from "./model-sizes.ts";
export { type ParallelCost, type ParallelRow, parallelCost, type SpeedUp, speedUp } from "./parallel.ts";
export type { PerCallDegree } from "./polynomial-degree.ts";
export type { Ranking, RankingRow, Standing } from "./ranking.ts";
export type { CostModel, RoleCost, RunRow, TheoryRow } from "./rows.ts";
