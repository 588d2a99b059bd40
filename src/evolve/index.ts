/** Reading a directory for `allele evolve`: the peers' formats and our own, made into a problem. */
export { readDirectory } from "./read-directory.ts";
export type { EvolveFormat, EvolveOptions, EvolveSettings, EvolveTask } from "./task.ts";
