/**
 * Exact expectations on the k-module problem, every module wrong at the start, for models without memory, one
 * parent and one offspring, of which the better survives (`greedy()`).
 *
 * Local rewriting is by a model that draws the option of the module at hand uniformly among the o - 1 others
 * than the present one, as `simulatedChooser` does. One of them is right, so an application to a wrong module
 * succeeds with probability 1 / (o - 1), whatever came before, and the score shows it; a wrong option replaces
 * nothing. Evaluations are those beside that of the initial solution, where a solution that was evaluated before is
 * not evaluated again.
 */
import { roundRobinTheory } from "../blocks/theory.ts";

/** The setting of an expectation. */
export interface KModuleSetting {
  /** o: options of each module. Default 5. */
  readonly options?: number;
}

/** The setting of local rewriting in sequence. */
export interface KModuleSequentialSetting extends KModuleSetting {
  /** Failures in a row after which the schedule leaves a module; 50 for `sequential()`. Default Infinity. */
  readonly patience?: number;
}

/**
 * Mean number of applications to the target with schedule `sequential`: k geometric numbers of mean o - 1, that
 * is k (o - 1); 16 for 4 modules of 5 options. It holds as far as the patience P of the schedule is never used
 * up: a module fails 50 times in a row with probability ((o - 2) / (o - 1))^50, below 1e-6 for 5 options.
 *
 * With P given it is exact: a visit settles a wrong module with probability s = 1 - ((o - 2) / (o - 1))^P, so
 * that visits go round as single tries with success probability s do; those of modules that are right cost P.
 */
export function kModuleApplications(
  k: number,
  { options = 5, patience = Number.POSITIVE_INFINITY }: KModuleSequentialSetting = {},
): number {
  const applications = k * (options - 1);
  const settled = 1 - ((options - 2) / (options - 1)) ** patience;
  if (settled === 1) return applications;
  const visits = roundRobinTheory({ successProbability: settled })(k).applications;
  return applications + patience * (visits - k / settled);
}

/**
 * Mean number of evaluations to the target with schedule `sequential`: k o / 2; 10 for 4 modules of 5 options. The
 * first draws of the o - 1 others come in uniformly random order, so that the place of the right one among them
 * is uniform in 1..o-1, with mean o / 2. Solutions of different modules at hand differ.
 */
export function kModuleEvaluations(k: number, { options = 5 }: KModuleSetting = {}): number {
  return (k * options) / 2;
}

/** Mean number of applications to the target with schedule `random`: coupon collector, (o - 1) k H_k. */
export function kModuleRandomApplications(k: number, { options = 5 }: KModuleSetting = {}): number {
  let applications = 0;
  for (let wrong = 1; wrong <= k; wrong++) applications += ((options - 1) * k) / wrong;
  return applications;
}

/**
 * Mean number of evaluations to the target with schedule `random`. While w modules are wrong, the k (o - 1)
 * solutions one change away come in uniformly random order, and w of them are better, so that each other one
 * comes before the first of these with probability 1 / (w + 1). Known before are the parent's parent and those
 * among the o - 2 other changes of the module that was set right last that came before it did, each with
 * probability 1 / (w + 2).
 */
export function kModuleRandomEvaluations(k: number, { options = 5 }: KModuleSetting = {}): number {
  let evaluations = 0;
  for (let wrong = 1; wrong <= k; wrong++) {
    const known = wrong === k ? 0 : 1 + (options - 2) / (wrong + 2);
    evaluations += 1 + (k * (options - 1) - wrong - known) / (wrong + 1);
  }
  return evaluations;
}

/**
 * Mean number of applications to the target of global rewriting by a model that draws each module's option
 * uniformly among all o: random search, o^k; 625 for 4 modules of 5 options.
 */
export function kModuleGlobalApplications(k: number, { options = 5 }: KModuleSetting = {}): number {
  return options ** k;
}

/** Mean number of evaluations of the same: the right one is as likely at each place among the o^k - 1 new ones, o^k / 2. */
export function kModuleGlobalEvaluations(k: number, { options = 5 }: KModuleSetting = {}): number {
  return options ** k / 2;
}

/**
 * Chance that global rewriting ever reaches the target by a model that draws for every module another option
 * than the present one (`simulatedChooser`): such an answer makes each right module wrong, so that all must be
 * right in the first answer that has any: r^k / (1 - (1 - r)^k) with r = 1 / (o - 1). Else it is stuck, and the
 * mean is infinite.
 */
export function kModuleGlobalShare(k: number, { options = 5 }: KModuleSetting = {}): number {
  const right = 1 / (options - 1);
  return right ** k / (1 - (1 - right) ** k);
}
