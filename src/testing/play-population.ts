/** Plays the part of the engine for a population: asks, makes up children and their results, and tells. */
import {
  type Ask,
  applyChanges,
  type EvaluatedCandidate,
  type Evaluation,
  fitnessOf,
  type Genome,
  type Population,
  type PopulationState,
  type Rng,
  randomIndex,
  rngFrom,
} from "../core/index.ts";
import { ContractBreach } from "./contract-check.ts";

/** What comes of a candidate: as chance has it, or always the same. */
export type Fate = "any" | "failed" | "rejected";

/** What a play is made of. */
export interface PlayOptions {
  /** All its chances are drawn from generators derived from it. */
  readonly key: string;
  /** Names of the metrics that every evaluation has. */
  readonly metrics: readonly string[];
}

/** An ask that was granted, and the number of its candidate. */
interface Granted {
  readonly sequence: number;
  readonly asked: Ask;
}

/** A run of a population without models. Everything that it hands over is frozen. */
export class Play {
  readonly initial: EvaluatedCandidate;
  readonly state: PopulationState;
  /** The initial solution, what tell said has entered, and immigrants. */
  readonly members = new Set<EvaluatedCandidate>();
  /** What happened so far, as plain data. */
  readonly transcript: unknown[] = [];
  readonly #options: PlayOptions;
  readonly #inFlight: Granted[] = [];
  #sequence = 0;
  #foreigners = 0;

  constructor(population: Population, options: PlayOptions) {
    this.#options = options;
    const rng = rngFrom("initial", options.key);
    const genome: Genome = ["first", "second", "third"].map((name) => ({ name, text: writeText(rng) }));
    this.initial = deepFreeze({
      candidate: { sequence: 0, generation: 0, parents: [], operator: "initial", changed: [0, 1, 2], genome },
      evaluation: this.#ok(rng, 0),
    });
    this.members.add(this.initial);
    this.state = population.start(this.initial);
  }

  /** Number of candidates whose results are awaited. */
  get inFlight(): number {
    return this.#inFlight.length;
  }

  /** Asks for the next candidate; `variant` makes other chances of it. */
  ask(parentCount: number, inspirationCount?: number, variant = 0): Ask | undefined {
    const { key } = this.#options;
    const draw = rngFrom("ask", key, this.#sequence + 1, variant);
    let isOver = false;
    const rng: Rng = () => {
      if (isOver)
        throw new ContractBreach("random numbers to be drawn while ask() runs", "a draw after it returned");
      return draw();
    };
    const asked = this.state.ask(rng, parentCount, inspirationCount);
    isOver = true;
    if (asked === undefined) return undefined;
    this.#sequence += 1;
    this.#inFlight.push({ sequence: this.#sequence, asked });
    const numbers = (members: readonly EvaluatedCandidate[] = []) =>
      members.map(({ candidate }) => candidate.sequence);
    this.transcript.push([numbers(asked.parents), asked.generation, numbers(asked.inspirations)]);
    return asked;
  }

  /** Tells the result of the oldest candidate in flight; returns it, and what tell returned. */
  tell(fate: Fate = "any"): {
    readonly result: EvaluatedCandidate | undefined;
    readonly isAccepted: boolean;
  } {
    const granted = this.#inFlight.shift();
    if (granted === undefined)
      throw new ContractBreach("parents, as no candidate is in flight", "undefined from ask()");
    const rng = rngFrom("result", this.#options.key, granted.sequence);
    const chance = rng();
    const isRejected = fate === "rejected" || (fate === "any" && chance < 0.1);
    const isFailed = fate === "failed" || chance < 0.2;
    const result = isRejected ? undefined : this.#child(granted, rng, isFailed);
    const isAccepted = this.state.tell(result);
    this.transcript.push(isAccepted);
    if (isAccepted && result !== undefined) this.members.add(result);
    return { result, isAccepted };
  }

  /** Goes on for so many results, with at most so many candidates in flight. */
  go(steps: { readonly results: number; readonly inFlight?: number; readonly fate?: Fate }): void {
    const { results, inFlight = 1, fate } = steps;
    for (let told = 0; told < results; told++) {
      while (this.#inFlight.length < inFlight) {
        const count = this.#sequence % 3;
        if (this.ask(count === 0 ? 2 : 1, count) === undefined) break;
      }
      this.tell(fate);
    }
  }

  /** A member of another population of a fitness, as young as what was asked for last. */
  foreigner(fitness: number): EvaluatedCandidate {
    this.#foreigners += 1;
    const rng = rngFrom("foreigner", this.#options.key, this.#foreigners);
    const generation = this.#inFlight.at(-1)?.asked.generation ?? 1;
    const parent = this.initial.candidate;
    const candidate = {
      ...parent,
      sequence: 1_000_000 + this.#foreigners,
      generation,
      parents: [0],
      operator: "contract",
    };
    const genome = applyChanges(parent.genome, new Map([[1, writeText(rng)]]));
    return deepFreeze({ candidate: { ...candidate, genome }, evaluation: this.#ok(rng, fitness) });
  }

  #child({ sequence, asked: { parents, generation } }: Granted, rng: Rng, isFailed: boolean) {
    const [parent] = parents;
    const component = randomIndex(rng, 3);
    const genome = applyChanges(parent.candidate.genome, new Map([[component, writeText(rng)]]));
    // Children are worse more often than better, and sometimes as good.
    const fitness = fitnessOf(parent.evaluation) + randomIndex(rng, 8) - 5;
    return deepFreeze<EvaluatedCandidate>({
      candidate: {
        sequence,
        generation,
        parents: parents.map(({ candidate }) => candidate.sequence),
        operator: "contract",
        changed: [component],
        genome,
      },
      evaluation: isFailed ? { status: "failed", reason: "crash" } : this.#ok(rng, fitness),
    });
  }

  #ok(rng: Rng, fitness: number): Evaluation {
    const metrics = Object.fromEntries(this.#options.metrics.map((name) => [name, rng()]));
    return { status: "ok", fitness, metrics };
  }
}

/** Some lines of random words. */
function writeText(rng: Rng): string {
  const line = () => Array.from({ length: 5 }, () => randomIndex(rng, 36 ** 4).toString(36)).join(" ");
  return `${Array.from({ length: 1 + randomIndex(rng, 5) }, line).join("\n")}\n`;
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === "object" && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
