/**
 * `allele/testing`: contract suites for the authors of plugins. They know no test framework: each is a list of
 * checks with a name and a function that rejects on a breach. With Vitest, Jest or node:test:
 *
 *     import { describe, it } from "vitest";
 *     import { populationContract } from "allele/testing";
 *     import { myPopulation } from "./my-population.ts";
 *
 *     describe("my population", () => {
 *       for (const { name, run } of populationContract(() => myPopulation())) it(name, run);
 *     });
 */
export { ContractBreach, type ContractCheck } from "./contract-check.ts";
export { type OperatorContractOptions, operatorContract } from "./operator-contract.ts";
export { type PopulationContractOptions, populationContract } from "./population-contract.ts";
