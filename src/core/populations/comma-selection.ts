/** The (mu,lambda) population: the best mu of the offspring become the next parents; parents die. */
import { type EvaluatedCandidate, fitnessOf } from "../candidate.ts";
import { checkKeys, checkWhole, UsageError } from "../errors.ts";
import { definePopulation, type Population, type PopulationState } from "../population.ts";
import type { Rng } from "../rng.ts";
import { Generations } from "./generations.ts";
import { drawPlaces, makeAsk } from "./make-ask.ts";
import { RankedList } from "./ranked-list.ts";

/** Options of the (mu,lambda) population. */
export interface CommaSelectionOptions {
  /** Mu: parents, at least 1. Default 5. */
  readonly parents?: number;
  /** Lambda: offspring per generation, at least as many as parents. Default 7 for each parent. */
  readonly offspring?: number;
}

/**
 * Makes a (mu,lambda) population (Beyer and Schwefel 2002, "Evolution strategies: a comprehensive introduction"):
 * each generation has `offspring` children of parents drawn uniformly; the best `parents` of the children are the
 * parents of the next, the newer of equals. The best solution can be lost. Where too few children evaluate
 * well, the best of the old parents fill up.
 */
export function commaSelection(options: CommaSelectionOptions = {}): Population {
  checkKeys("mu-comma-lambda", options, ["parents", "offspring"]);
  const parents = checkWhole("mu-comma-lambda: parents", options.parents ?? 5, 1);
  const offspring = checkWhole("mu-comma-lambda: offspring", options.offspring ?? 7 * parents, 1);
  if (offspring < parents) {
    throw new UsageError(
      `mu-comma-lambda: offspring must be at least as many as parents (${parents}), got ${offspring}`,
    );
  }
  return definePopulation({
    name: "mu-comma-lambda",
    description: "generations of lambda offspring; the best mu of them replace all parents",
    parameters: { parents, offspring },
    start: (initial) => new CommaSelectionState(initial, parents, offspring),
  });
}

class CommaSelectionState implements PopulationState {
  readonly #mu: number;
  readonly #generations: Generations;
  #parents = new RankedList<EvaluatedCandidate>();
  /** The best children so far. */
  #children = new RankedList<EvaluatedCandidate>();

  constructor(initial: EvaluatedCandidate, mu: number, lambda: number) {
    this.#mu = mu;
    this.#generations = new Generations(lambda);
    this.#parents.insert(fitnessOf(initial.evaluation), initial);
  }

  ask(rng: Rng, parentCount: number, inspirationCount?: number) {
    const generation = this.#generations.ask(() => this.#begin());
    if (generation === undefined) return undefined;
    const places = drawPlaces(this.#parents, rng, parentCount);
    return makeAsk(this.#parents, places, generation, rng, parentCount, inspirationCount);
  }

  tell(result: EvaluatedCandidate | undefined): boolean {
    this.#generations.tell();
    return result !== undefined && this.#enter(result);
  }

  immigrate(member: EvaluatedCandidate): void {
    this.#generations.immigrate(member.candidate.generation);
    this.#enter(member);
  }

  #enter(member: EvaluatedCandidate): boolean {
    if (member.evaluation.status !== "ok") return false;
    const { fitness } = member.evaluation;
    if (this.#children.size === this.#mu) {
      if (fitness < this.#children.worstFitness) return false;
      this.#children.removeWorst();
    }
    this.#children.insert(fitness, member);
    return true;
  }

  #begin(): void {
    const [old, next] = [this.#parents, this.#children];
    for (let rank = 0; next.size < this.#mu && rank < old.size; rank++) {
      const place = old.at(rank);
      next.insert(old.fitness(place), old.member(place));
    }
    old.clear();
    [this.#parents, this.#children] = [next, old];
  }
}
