/**
 * What one run learns as it goes, population aside: schedules, the mix of operators, candidates to repair, the
 * note, the last outcomes. It hears of outcomes generation by generation, however many candidates are in flight.
 */
import {
  type Attempt,
  type EvaluatedCandidate,
  mostAttempts,
  type Operator,
  type OperatorMix,
  type OperatorMixState,
  type Rng,
  type ScheduleState,
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
  /** The failed candidate to repair; undefined for other operators. */
  readonly failed: EvaluatedCandidate | undefined;
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
  /** Candidates to repair, the newest last, and how many repairs lie behind each. */
  readonly #failed: EvaluatedCandidate[] = [];
  readonly #repairs = new WeakMap<EvaluatedCandidate, number>();
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

  /** Chooses the operator of candidate `sequence`, which belongs to a generation. */
  plan(sequence: number, generation: number, rng: Rng): Plan {
    if (generation !== this.#generation) {
      this.#learn();
      this.#generation = generation;
    }
    const due = this.#operators.findIndex(
      ({ operator: { every } }) => every !== undefined && sequence % every === 0,
    );
    const picked = due >= 0 ? due : this.#pick(rng);
    const operator = this.#operators[picked]?.operator;
    if (operator === undefined)
      throw new RangeError("A strategy needs at least one operator with a weight above 0");
    return { operator, picked, failed: operator.repairs > 0 ? this.#failed.pop() : undefined };
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

  #pick(rng: Rng): number {
    if (this.#operators.length === 1) return 0;
    return this.#mix.pick((index) => {
      const operator = this.#operators[index]?.operator;
      if (operator === undefined || operator.every !== undefined) return false;
      return operator.repairs === 0 || this.#failed.length > 0;
    }, rng);
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
      if (this.#mostRepairs > 0) this.#keepFailed(attempt.child, plan);
    }
    const attempts = this.#untold.filter(({ note }) => note === undefined).map(({ attempt }) => attempt);
    this.#attempts = [...this.#attempts, ...attempts].slice(-mostAttempts);
    this.#untold = [];
  }

  #keepFailed(child: EvaluatedCandidate | undefined, { failed }: Plan): void {
    if (child?.evaluation.status !== "failed") return;
    const repairs = failed === undefined ? 0 : (this.#repairs.get(failed) ?? 0) + 1;
    if (repairs >= this.#mostRepairs) return;
    this.#repairs.set(child, repairs);
    this.#failed.push(child);
    if (this.#failed.length > mostFailed) this.#failed.shift();
  }
}
