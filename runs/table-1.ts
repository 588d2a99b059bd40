/**
 * Table 1 of Meyerson and Qiu (ICML 2025) by measurement: routing (3.1), iterative debugging (3.2) and evolutionary
 * optimization (3.3), each an optimistic strategy against an optimized one, with the paper's claim of how much is
 * saved; then what errors cost (5.2), and what several workers save (5.3). `npx allele run runs/table-1.ts` prints the
 * table; `npx allele table1` prints it again from the store. Debugging runs unit tests of untrusted code: it needs
 * bubblewrap.
 */
import debugging from "./debugging.ts";
import globalVsLocal from "./global-vs-local.ts";
import hanoi from "./hanoi.ts";
import parallel from "./parallel.ts";
import routing from "./routing.ts";
import voting from "./voting.ts";

export default [routing, ...debugging, globalVsLocal, voting, hanoi, ...parallel];
