/**
 * Whether ask and tell take the same time in a population of 1,000 and of 1,000,000 members: nanoseconds for one
 * ask and one tell, median over batches, sizes alternating. Twice: alone, with one generator for all, where the
 * one cache miss that a random member of a large memory costs shows; and with a generator for each candidate, as
 * the engine asks. Run with `npm run bench:populations`, or `node dist/bench/populations.js [members] [rounds] [name]`.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { EvaluatedCandidate, Population, PopulationState, Rng } from "../src/core/index.ts";
import { rngFrom } from "../src/core/index.ts";
import { commaSelection } from "../src/core/populations/comma-selection.ts";
import { greedy } from "../src/core/populations/greedy.ts";
import { islands } from "../src/core/populations/islands.ts";
import { mapElites } from "../src/core/populations/map-elites.ts";
import { novel } from "../src/core/populations/novel.ts";
import { pareto } from "../src/core/populations/pareto.ts";
import { plusSelection } from "../src/core/populations/plus-selection.ts";
import { randomSearch } from "../src/core/populations/random-search.ts";
import { restarting } from "../src/core/populations/restarting.ts";
import { steadyState } from "../src/core/populations/steady-state.ts";

/** Makes a population that has so many members when it is full. */
type Make = (size: number) => Population;

const side = (size: number) => Math.ceil(Math.sqrt(size));
const cases: Readonly<Record<string, Make>> = {
  greedy: () => greedy(),
  "mu-plus-lambda": (size) => plusSelection({ parents: size, offspring: 100 }),
  "mu-comma-lambda": (size) => commaSelection({ parents: size, offspring: 2 * size }),
  "steady-state, tournament": (size) => steadyState({ size }),
  "steady-state, power-law": (size) => steadyState({ size, selection: "power-law" }),
  "steady-state, fitness-proportional": (size) => steadyState({ size, selection: "fitness-proportional" }),
  "islands, ring": (size) => islands(steadyState({ size: size / 4 }), { count: 4 }),
  "islands, random": (size) => islands(steadyState({ size: size / 4 }), { count: 4, topology: "random" }),
  "map-elites": (size) => {
    const measure = { low: 0, high: 1, bins: side(size) };
    return mapElites({
      measures: [
        { name: "x", ...measure },
        { name: "y", ...measure },
      ],
    });
  },
  pareto: (size) => pareto({ size, metrics: { fitness: "max", x: "max" } }),
  random: () => randomSearch(),
  restarting: (size) => restarting(steadyState({ size }), { after: 10 * size }),
  novel: (size) => novel(steadyState({ size })),
};

const large = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 5);
const only = process.argv[4] ?? "";
const batches = 100;
const batchSize = 200;

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const genome = [{ name: "solution", text: "return 1;\n" }];
const random = rngFrom("bench", "populations");

/** A population of a size under a steady stream of candidates. */
class Subject {
  readonly size: number;
  readonly #state: PopulationState;
  #sequence = 0;
  accepted = 0;
  told = 0;
  /** Nanoseconds for one ask and tell, one number a batch: with one generator for all, and with each its own. */
  readonly shared: number[] = [];
  readonly own: number[] = [];

  constructor(make: Make, size: number, settling: number) {
    this.size = size;
    this.#state = make(size).start(this.#next(true));
    // First a member for each cell of a grid, then until the fitnesses have the spread that lasts.
    for (let told = 0; told < settling * size; told++) {
      const candidate = this.#next(told < size);
      if (this.#state.ask(random, 1) === undefined)
        throw new Error("The population waits with none in flight");
      this.#state.tell(candidate);
    }
  }

  /**
   * What a run finds: fitness rises slowly, so that about half of the candidates are better than the worst member
   * at any time and any size.
   */
  #next(isFirst = false): EvaluatedCandidate {
    const sequence = this.#sequence++;
    const bins = side(this.size);
    const [x, y] = isFirst
      ? [((sequence % bins) + 0.5) / bins, (Math.floor(sequence / bins) + 0.5) / bins]
      : [random(), random()];
    const fitness = sequence / (8 * this.size) + random();
    return {
      candidate: { sequence, generation: 0, parents: [0], operator: "bench", changed: [0], genome },
      evaluation: { status: "ok", fitness, metrics: { x, y } },
    };
  }

  run(isTimed: boolean): void {
    const results = Array.from({ length: 2 * batches * batchSize }, () => {
      const fate = random();
      const result = this.#next();
      if (fate < 0.1) return undefined;
      if (fate > 0.2) return result;
      return { ...result, evaluation: { status: "failed", reason: "crash" } } as const;
    });
    collectGarbage(); // so that it does not come into the time
    for (let batch = 0; batch < 2 * batches; batch++) {
      const isShared = batch < batches;
      const ns = this.#time(results, batch * batchSize, isShared ? random : undefined);
      if (isTimed) (isShared ? this.shared : this.own).push(ns);
    }
  }

  #time(results: readonly (EvaluatedCandidate | undefined)[], from: number, shared: Rng | undefined): number {
    // In a run a candidate has just been evaluated: it is at hand.
    let sum = 0;
    for (let index = from; index < from + batchSize; index++) sum += results[index]?.candidate.sequence ?? 0;
    for (let index = from; index < from + batchSize; index++) {
      const evaluation = results[index]?.evaluation;
      sum += evaluation?.status === "ok" ? (evaluation.metrics?.x ?? 0) + evaluation.fitness : 0;
    }
    if (Number.isNaN(sum)) throw new Error("Expected numbers");
    const startedAt = performance.now();
    for (let index = from; index < from + batchSize; index++) {
      const rng = shared ?? rngFrom("bench", index);
      if (this.#state.ask(rng, 1) === undefined) throw new Error("The population waits with none in flight");
      if (this.#state.tell(results[index])) this.accepted += 1;
    }
    this.told += batchSize;
    return ((performance.now() - startedAt) * 1e6) / batchSize;
  }
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

console.log(
  `One ask and one tell, median of ${rounds * batches} batches of ${batchSize}, Node ${process.version}`,
);
const results = [];
for (const [name, make] of Object.entries(cases)) {
  if (!name.includes(only)) continue;
  const subjects = [1000, large].map((size) => new Subject(make, size, name === "pareto" ? 1.2 : 3));
  for (let round = 0; round <= rounds; round++) for (const subject of subjects) subject.run(round > 0);
  const [small, big] = subjects;
  if (small === undefined || big === undefined) throw new Error("Expected two sizes");
  const ratio = (of: (subject: Subject) => readonly number[]) =>
    Number((median(of(big)) / median(of(small))).toFixed(2));
  results.push({
    population: name,
    "ns at 1,000": Math.round(median(small.shared)),
    [`ns at ${large.toLocaleString("en")}`]: Math.round(median(big.shared)),
    ratio: ratio(({ shared }) => shared),
    "with own generator, ns at 1,000": Math.round(median(small.own)),
    [`with own generator, ns at ${large.toLocaleString("en")}`]: Math.round(median(big.own)),
    "with own generator, ratio": ratio(({ own }) => own),
    accepted: subjects.map(({ accepted, told }) => (accepted / told).toFixed(2)).join(" "),
  });
  console.error(JSON.stringify(results.at(-1)));
}
console.table(results);
console.log(JSON.stringify(results));
