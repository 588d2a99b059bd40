/** Islands: several populations side by side that now and then send each other their best. */
import { type EvaluatedCandidate, fitnessOf } from "../candidate.ts";
import { checkKeys, checkWhole, UsageError } from "../errors.ts";
import { type Ask, definePopulation, type Population, type PopulationState } from "../population.ts";
import { type Rng, randomIndex } from "../rng.ts";
import { AsynchronousGenerations } from "./asynchronous-generations.ts";
import { innerParameters } from "./inner-parameters.ts";
import { Queue } from "./queue.ts";
import { steadyState } from "./steady-state.ts";

/** Options of islands. Counts of candidates are per island. */
export interface IslandsOptions {
  /** Number of islands, at least 2. Default 4. */
  readonly count?: number;
  /** Results between two migrations. Default 25. */
  readonly migrateEvery?: number;
  /** How many of its best an island sends, at least 1. Default 1. */
  readonly migrants?: number;
  /** Where they go: "ring", to the next island; "random", each time to a random other one. Default "ring". */
  readonly topology?: "ring" | "random";
  /** Results between two resets of the worst island; undefined: it is never reset. */
  readonly resetEvery?: number;
}

const optionKeys = ["count", "migrateEvery", "migrants", "topology", "resetEvery"];

/**
 * Makes `count` islands of a population (default steady-state), which must take migrants (`immigrate`; UsageError
 * at the start otherwise). Candidates go to the islands in turn. After every `migrateEvery` results of each island,
 * each sends copies of the best solutions that it has had, save those that the other island knows (Tanese 1989,
 * "Distributed genetic algorithms"). After every `resetEvery` results of each, the island whose best is worst is
 * started anew from the best of a random better island (Romera-Paredes et al. 2024, "Mathematical discoveries from
 * program search with large language models"; there half of the islands are); results of candidates that it was
 * asked for before are ignored. It waits when the island whose turn it is waits.
 */
export function islands(population: Population = steadyState(), options: IslandsOptions = {}): Population {
  checkKeys("islands", options, optionKeys);
  const { topology = "ring", resetEvery } = options;
  if (topology !== "ring" && topology !== "random")
    throw new UsageError(`islands: topology must be "ring" or "random", got ${String(topology)}`);
  const plan: Plan = {
    count: checkWhole("islands: count", options.count ?? 4, 2),
    migrateEvery: checkWhole("islands: migrateEvery", options.migrateEvery ?? 25, 1),
    migrants: checkWhole("islands: migrants", options.migrants ?? 1, 1),
    topology,
    resetEvery: resetEvery === undefined ? undefined : checkWhole("islands: resetEvery", resetEvery, 1),
  };
  const { resetEvery: _, ...shown } = plan;
  return definePopulation({
    name: "islands",
    description: "several populations side by side; now and then each sends its best to another",
    parameters: {
      ...shown,
      ...(plan.resetEvery === undefined ? {} : { resetEvery: plan.resetEvery }),
      ...innerParameters("islands", population),
    },
    start: (initial) => new IslandsState(population, initial, plan),
  });
}

interface Plan {
  readonly count: number;
  readonly migrateEvery: number;
  readonly migrants: number;
  readonly topology: "ring" | "random";
  readonly resetEvery: number | undefined;
}

/** An island since it was last started. */
interface Island {
  readonly name: string;
  readonly state: PopulationState & { immigrate(member: EvaluatedCandidate): void };
  /** The best solutions that it has had, the best first, the earlier of equals first; at most `migrants`. */
  readonly best: EvaluatedCandidate[];
  /** Whom it must not be sent: all that were ever among `best`, and all migrants. */
  readonly known: WeakSet<EvaluatedCandidate>;
}

/** A candidate in flight, and what its result sets off. Chance comes with ask alone, so that it is drawn there. */
interface Asked {
  readonly island: Island;
  /** By island, how many islands further its migrants go, from 1. */
  readonly journeys: readonly number[] | undefined;
  /** Which of the better islands takes the worst one's place, as a share of their number in [0, 1). */
  readonly donor: number | undefined;
}

class IslandsState implements PopulationState {
  readonly #population: Population;
  readonly #plan: Plan;
  readonly #islands: Island[];
  readonly #inFlight = new Queue<Asked>();
  readonly #generations = new AsynchronousGenerations();
  #asked = 0;
  #settled = 0;

  constructor(population: Population, initial: EvaluatedCandidate, plan: Plan) {
    this.#population = population;
    this.#plan = plan;
    this.#islands = Array.from({ length: plan.count }, () => this.#settle(initial));
  }

  ask(rng: Rng, parentCount: number, inspirationCount?: number): Ask | undefined {
    const { count, migrateEvery, topology, resetEvery } = this.#plan;
    const island = this.#islandInTurn();
    const asked = island.state.ask(rng, parentCount, inspirationCount);
    if (asked === undefined) return undefined;
    this.#asked += 1;
    const isDue = (every: number | undefined) => every !== undefined && this.#asked % (count * every) === 0;
    const journey = () => (topology === "ring" ? 1 : 1 + randomIndex(rng, count - 1));
    this.#inFlight.push({
      island,
      journeys: isDue(migrateEvery) ? Array.from({ length: count }, journey) : undefined,
      donor: isDue(resetEvery) ? rng() : undefined,
    });
    const home = asked.home === undefined ? island.name : `${island.name}/${asked.home}`;
    return { ...asked, generation: this.#generations.ask(), home };
  }

  tell(result: EvaluatedCandidate | undefined): boolean {
    const asked = this.#inFlight.shift();
    if (asked === undefined) throw new RangeError("islands: a result was told that was not asked for");
    const { island, journeys, donor } = asked;
    this.#generations.tell();
    let isAccepted = false;
    if (this.#islands.includes(island)) {
      isAccepted = island.state.tell(result);
      if (isAccepted && result !== undefined) this.#consider(island, result);
    }
    if (journeys !== undefined) this.#migrate(journeys);
    if (donor !== undefined) this.#reset(donor);
    return isAccepted;
  }

  /** Goes to the island whose turn it is. */
  immigrate(member: EvaluatedCandidate): void {
    this.#generations.immigrate(member.candidate.generation);
    this.#welcome(this.#islandInTurn(), member);
  }

  #islandInTurn(): Island {
    return this.#islands[this.#asked % this.#plan.count] as Island;
  }

  /** Starts an island. */
  #settle(initial: EvaluatedCandidate): Island {
    const state = this.#population.start(initial);
    if (!takesMigrants(state)) {
      const { name } = this.#population;
      throw new UsageError(
        `islands: population '${name}' takes no migrants; use one whose state has immigrate(), e.g. steady-state`,
      );
    }
    this.#settled += 1;
    return { name: String(this.#settled), state, best: [initial], known: new WeakSet([initial]) };
  }

  #welcome(island: Island, member: EvaluatedCandidate): void {
    island.known.add(member);
    island.state.immigrate(member);
    this.#consider(island, member);
  }

  /** Puts a member among the best of its island, if it is. */
  #consider({ best, known }: Island, member: EvaluatedCandidate): void {
    const fitness = fitnessOf(member.evaluation);
    let place = best.length;
    while (place > 0 && fitness > fitnessOf((best[place - 1] as EvaluatedCandidate).evaluation)) place -= 1;
    if (place === this.#plan.migrants) return;
    best.splice(place, 0, member);
    if (best.length > this.#plan.migrants) best.pop();
    known.add(member);
  }

  /** All leave before any arrives. */
  #migrate(journeys: readonly number[]): void {
    const leaving = this.#islands.map(({ best }) => [...best]);
    for (const [from, members] of leaving.entries()) {
      const to = this.#islands[(from + (journeys[from] ?? 1)) % this.#plan.count] as Island;
      for (const member of members) if (!to.known.has(member)) this.#welcome(to, member);
    }
  }

  /** Starts the worst island anew, the last of equals; does nothing when no island is better. */
  #reset(donor: number): void {
    const bests = this.#islands.map(({ best }) => best[0] as EvaluatedCandidate);
    const fitness = bests.map(({ evaluation }) => fitnessOf(evaluation));
    const lowest = Math.min(...fitness);
    const better = bests.filter((_, island) => (fitness[island] as number) > lowest);
    const founder = better[Math.floor(donor * better.length)];
    if (founder !== undefined) this.#islands[fitness.lastIndexOf(lowest)] = this.#settle(founder);
  }
}

function takesMigrants(state: PopulationState): state is Island["state"] {
  return state.immigrate !== undefined;
}
