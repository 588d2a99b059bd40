/**
 * Exact expectations of local-rewrite with schedule `sequential` on the k-module problem, every module wrong
 * at the start, for a memoryless model: each application draws the option of the module at hand uniformly
 * among the o - 1 others than the present one. One of them is right, so an application succeeds with
 * probability 1 / (o - 1), whatever came before, and the score shows it; a wrong option replaces nothing.
 */

/** The setting of an expectation. */
export interface KModuleSetting {
  /** o: options of each module. Default 5. */
  readonly options?: number;
}

/**
 * Mean number of applications to the target: k geometric numbers of mean o - 1, that is k (o - 1); 16 for 4
 * modules of 5 options. It holds as far as the patience of the schedule, 50, is never used up: a module fails
 * 50 times in a row with probability ((o - 2) / (o - 1))^50, below 1e-6 for 5 options.
 */
export function kModuleApplications(k: number, { options = 5 }: KModuleSetting = {}): number {
  return k * (options - 1);
}

/**
 * Mean number of evaluations to the target, beside that of the initial solution, where a solution that was
 * evaluated before is not evaluated again: k o / 2; 10 for 4 modules of 5 options. The first draws of the
 * o - 1 others come in uniformly random order, so that the place of the right one among them is uniform in
 * 1..o-1, with mean o / 2. Solutions of different modules at hand differ.
 */
export function kModuleEvaluations(k: number, { options = 5 }: KModuleSetting = {}): number {
  return (k * options) / 2;
}
