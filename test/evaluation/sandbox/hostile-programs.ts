/**
 * Hostile programs, as data. Each exports `run`, which a scorer calls with 21; the honest answer is 42. Each
 * runs in the pool with other evaluations in flight; docs/security.md lists what happened to each.
 */
import { hostileForgeries } from "./hostile-forgeries.ts";
import { hostileLoops } from "./hostile-loops.ts";
import type { HostileProgram } from "./hostile-program.ts";
import { hostileReaches } from "./hostile-reaches.ts";

export const hostilePrograms: readonly HostileProgram[] = [
  ...hostileLoops,
  ...hostileReaches,
  ...hostileForgeries,
];
