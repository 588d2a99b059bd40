/** The (mu+lambda) population: the best mu of parents and offspring become the next parents. */
import { type EvaluatedCandidate, fitnessOf } from "../candidate.ts";
import { checkKeys, checkWhole } from "../errors.ts";
import { definePopulation, type Population, type PopulationState } from "../population.ts";
import type { Rng } from "../rng.ts";
import { Generations } from "./generations.ts";
import { drawPlaces, makeAsk } from "./make-ask.ts";
import { RankedList } from "./ranked-list.ts";

/** Options of the (mu+lambda) population. */
export interface PlusSelectionOptions {
  /** Mu: most parents, at least 1. Default 5. */
  readonly parents?: number;
  /** Lambda: offspring per generation, at least 1. Default 5. */
  readonly offspring?: number;
}

/**
 * Makes a (mu+lambda) population (Beyer and Schwefel 2002, "Evolution strategies: a comprehensive introduction"):
 * each generation has `offspring` children of parents drawn uniformly; the best `parents` of parents and
 * children are the parents of the next. Of equals the newer stay, so that it can drift on a plateau. It starts
 * with the initial solution alone, and children fill it up.
 */
export function plusSelection(options: PlusSelectionOptions = {}): Population {
  checkKeys("mu-plus-lambda", options, ["parents", "offspring"]);
  const parents = checkWhole("mu-plus-lambda: parents", options.parents ?? 5, 1);
  const offspring = checkWhole("mu-plus-lambda: offspring", options.offspring ?? 5, 1);
  return definePopulation({
    name: "mu-plus-lambda",
    description: "generations of lambda offspring; the best mu of parents and offspring go on",
    parameters: { parents, offspring },
    start: (initial) => new PlusSelectionState(initial, parents, offspring),
  });
}

class PlusSelectionState implements PopulationState {
  readonly #mu: number;
  readonly #generations: Generations;
  /** They stay until their generation ends, so that whom a number draws does not depend on its results. */
  readonly #parents = new RankedList<EvaluatedCandidate>();
  /** How many of the worst parents have lost their place in the next generation so far. */
  #displaced = 0;
  /** The children that have a place in it so far. */
  readonly #children = new RankedList<EvaluatedCandidate>();

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
    const staying = this.#parents.size - this.#displaced;
    if (staying + this.#children.size === this.#mu) {
      const worstParent = this.#worstParent(staying);
      const worstChild = this.#children.size === 0 ? Number.POSITIVE_INFINITY : this.#children.worstFitness;
      if (fitness < Math.min(worstParent, worstChild)) return false;
      if (worstParent <= worstChild) this.#displaced += 1;
      else this.#children.removeWorst();
    }
    this.#children.insert(fitness, member);
    return true;
  }

  /** The fitness of the worst parent that has a place in the next generation; infinity where none has. */
  #worstParent(staying: number): number {
    if (staying === 0) return Number.POSITIVE_INFINITY;
    if (this.#displaced === 0) return this.#parents.worstFitness;
    return this.#parents.fitness(this.#parents.at(staying - 1));
  }

  #begin(): void {
    for (; this.#displaced > 0; this.#displaced--) this.#parents.removeWorst();
    while (this.#children.size > 0) {
      // The worst first, and of equals the oldest: so they keep their order.
      const { worstFitness } = this.#children;
      this.#parents.insert(worstFitness, this.#children.removeWorst());
    }
    this.#parents.at(this.#parents.size - 1); // puts them in order, in which they stay while they are drawn from
  }
}
