/** Files to components and back, and the gate that keeps the text around components fixed. */
export * from "./check-syntax.ts";
export * from "./decompose.ts";
export * from "./fixed-check.ts";
export * from "./gate.ts";
export { type Granularity, readGranularity } from "./granularity.ts";
export { languageOf } from "./language.ts";
export * from "./read-source-files.ts";
