/** The schedules of one run: they hear of outcomes generation by generation, however many candidates are in flight. */
import type { EvaluatedCandidate, Operator, Outcome, Rng, ScheduleState } from "./index.ts";

/** The schedules of a run's local operators, each started when it is first needed. */
export class RunSchedules {
  readonly #states = new Map<Operator, ScheduleState>();
  /** Outcomes of the current generation, whose candidates must not depend on each other. */
  #untold: { readonly state: ScheduleState; readonly outcome: Outcome }[] = [];
  #generation = 0;

  /** Chooses the component for the next candidate; -1 for an operator without a schedule. */
  next(operator: Operator, parent: EvaluatedCandidate, generation: number, rng: Rng): number {
    if (operator.schedule === undefined) return -1;
    if (generation !== this.#generation) {
      for (const { state, outcome } of this.#untold.splice(0)) state.tell(outcome);
      this.#generation = generation;
    }
    let state = this.#states.get(operator);
    if (state === undefined) {
      state = operator.schedule.start(parent.candidate.genome.length);
      this.#states.set(operator, state);
    }
    return state.next(parent, rng);
  }

  /** Takes the outcome of a candidate, in ask order. */
  tell(operator: Operator, outcome: Outcome): void {
    const state = this.#states.get(operator);
    if (state !== undefined) this.#untold.push({ state, outcome });
  }
}
