/**
 * What one run learns as it goes, population aside: schedules, the mix of operators, candidates to repair, the
 * note, the last outcomes. It hears of outcomes generation by generation, however many candidates are in flight.
 */
import {
  type Ask,
  type Attempt,
  type EvaluatedCandidate,
  fitnessOf,
  mostAttempts,
  type Operator,
  type OperatorMix,
  type OperatorMixState,
  type Rng,
  type ScheduleState,
  UsageError,
} from "./index.ts";

/** An operator of a strategy. */
export interface WeightedOperator {
  readonly operator: Operator;
  /** Relative frequency, above 0; without meaning for one that has `every`. */
  readonly weight: number;
}

/** What a candidate is to be made of. */
export interface Plan {
  readonly operator: Operator;
  /** Its place among the strategy's operators. */
  readonly picked: number;
  /** What is to be repaired; undefined for other operators. */
  readonly failed: Failed | undefined;
  /** The part of the population that asks. */
  readonly home: string | undefined;
}

/** A candidate that can be repaired. */
export interface Failed {
  readonly candidate: EvaluatedCandidate;
  /** Fitness of its last ancestor that worked: what a repair must exceed to improve anything. */
  readonly base: number;
  /** How many repairs lie behind it. */
  readonly repairs: number;
  readonly home: string | undefined;
}

/** What became of a candidate. */
export interface Result {
  readonly plan: Plan;
  readonly components: readonly number[];
  readonly attempt: Attempt;
  readonly isImproved: boolean;
  /** Of its calls; undefined where calls failed before they cost anything. */
  readonly primitiveCost: number | undefined;
  readonly note: string | undefined;
  /** Tells choices of models; undefined where there are none. */
  readonly tellChoices: (() => void) | undefined;
}

/** Most failed candidates that wait to be repaired; beyond, the oldest are forgotten. */
const mostFailed = 100;
/** Shared by all candidates whose operators announce none. */
const none: readonly number[] = [];

/** The memory of one run. */
export class RunMemory {
  readonly #operators: readonly WeightedOperator[];
  readonly #mix: OperatorMixState;
  readonly #schedules = new Map<Operator, ScheduleState>();
  /** Results of the current generation, whose candidates must not depend on each other. */
  #untold: Result[] = [];
  #generation = 0;
  #note: string | undefined;
  #attempts: readonly Attempt[] = [];
  /** Candidates to repair, the newest last. */
  readonly #failed: Failed[] = [];
  readonly #mostRepairs: number;

  constructor(operators: readonly WeightedOperator[], mix: OperatorMix) {
    this.#operators = operators;
    this.#mix = mix.start(operators.map(({ weight }) => weight));
    this.#mostRepairs = Math.max(...operators.map(({ operator }) => operator.repairs));
  }

  /** The newest note for prompts. */
  get note(): string | undefined {
    return this.#note;
  }

  /** The last outcomes; never written to. */
  get attempts(): readonly Attempt[] {
    return this.#attempts;
  }

  /** Chooses the operator of candidate `sequence`, for which the population has been asked. */
  plan(sequence: number, { generation, home }: Pick<Ask, "generation" | "home">, rng: Rng): Plan {
    if (generation !== this.#generation) {
      this.#learn();
      this.#generation = generation;
    }
    const picked = this.#due(sequence) ?? this.#pick(home, rng);
    const operator = this.#operators[picked]?.operator;
    if (operator === undefined) throw new UsageError("A strategy needs at least one operator");
    const index = operator.repairs > 0 ? this.#findFailed(operator, home) : -1;
    return { operator, picked, home, failed: index < 0 ? undefined : this.#failed.splice(index, 1)[0] };
  }

  /** The components that a local operator is to change; none for other scopes. */
  announce(operator: Operator, parent: EvaluatedCandidate, rng: Rng): readonly number[] {
    if (operator.schedule === undefined) return none;
    let state = this.#schedules.get(operator);
    if (state === undefined) {
      state = operator.schedule.start(parent.candidate.genome.length);
      this.#schedules.set(operator, state);
    }
    return state.next(parent, rng);
  }

  /** Takes the result of a candidate, in ask order. */
  tell(result: Result): void {
    this.#untold.push(result);
  }

  /** Of the operators whose turn it is, the one that has it least often. */
  #due(sequence: number): number | undefined {
    let due: number | undefined;
    let longest = 0;
    for (const [index, { operator }] of this.#operators.entries()) {
      const { every = Number.POSITIVE_INFINITY } = operator;
      if (sequence % every !== 0 || every <= longest) continue;
      due = index;
      longest = every;
    }
    return due;
  }

  #pick(home: string | undefined, rng: Rng): number {
    if (this.#operators.length === 1) return 0;
    const mayBe = (index: number) => {
      const operator = this.#operators[index]?.operator;
      if (operator === undefined || operator.every !== undefined) return false;
      return operator.repairs === 0 || this.#findFailed(operator, home) >= 0;
    };
    const picked = this.#mix.pick(mayBe, rng);
    if (mayBe(picked)) return picked;
    throw new UsageError(
      `A mix of operators must pick one of those that may be (mayBe(index)), got ${String(picked)} of ${this.#operators.length}`,
    );
  }

  /** The place of the newest failed candidate that an operator may repair; -1 where there is none. */
  #findFailed(operator: Operator, home: string | undefined): number {
    return this.#failed.findLastIndex((one) => one.repairs < operator.repairs && one.home === home);
  }

  #learn(): void {
    if (this.#untold.length === 0) return;
    for (const result of this.#untold) {
      const { plan, components, attempt, isImproved, primitiveCost, note } = result;
      const schedule = this.#schedules.get(plan.operator);
      schedule?.tell({ components, isImproved, primitiveCost: primitiveCost ?? 0 });
      if (plan.operator.every === undefined && this.#operators.length > 1) {
        this.#mix.tell({ picked: plan.picked, isImproved, primitiveCost });
      }
      if (note !== undefined) this.#note = note;
      if (this.#mostRepairs > 0) this.#keepFailed(attempt, plan);
      result.tellChoices?.();
    }
    const attempts = this.#untold.filter(({ note }) => note === undefined).map(({ attempt }) => attempt);
    this.#attempts = [...this.#attempts, ...attempts].slice(-mostAttempts);
    this.#untold = [];
  }

  #keepFailed({ parent, child }: Attempt, { failed, home }: Plan): void {
    if (child?.evaluation.status !== "failed") return;
    const repairs = failed === undefined ? 0 : failed.repairs + 1;
    if (repairs >= this.#mostRepairs) return;
    const base = failed?.base ?? fitnessOf(parent.evaluation);
    this.#failed.push({ candidate: child, base, repairs, home });
    if (this.#failed.length > mostFailed) this.#failed.shift();
  }
}
