/**
 * How often the growth verdicts are right: simulates strategies whose growth is known exactly, infers their
 * growth class from seeded runs, and counts right, inconclusive and wrong verdicts.
 *
 *     npm run build && node dist/bench/growth-study.js [--reps N]
 *
 * Each application succeeds on a block with probability 1/2. The reference figures come from an earlier,
 * independent prototype of the same method with other random numbers.
 */
import seedrandom from "seedrandom";
import { type CostModel, compareStrategies, holdsClass, type RunRow } from "../src/analysis/index.ts";

type Random = () => number;

/** Draws the number of applications to target at size k. */
type CountSampler = (k: number, random: Random) => number;

const P = 0.5;
const BLOCK_TOKENS = 50;

/** A geometric variable: trials up to and including the first success. */
function geometric(random: Random, success: number): number {
  if (success >= 1) return 1;
  return Math.max(1, Math.ceil(Math.log(1 - random()) / Math.log1p(-success)));
}

/** The sum of one geometric variable per element. */
function sumOfGeometrics(random: Random, successes: readonly number[]): number {
  return successes.reduce((sum, success) => sum + geometric(random, success), 0);
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Exact direct simulation of each strategy's number of applications. */
const samplers = {
  /** Every block is drawn anew: all k must succeed together. Mean 2^k. */
  global: (k, random) => geometric(random, P ** k),
  /** One known wrong block after the other. Mean 2k. */
  sequential: (k, random) => sumOfGeometrics(random, new Array(k).fill(P)),
  /** A uniformly random block each time, all wrong at first. Mean 2 k H_k. */
  uniform: (k, random) =>
    sumOfGeometrics(
      random,
      range(1, k).map((wrong) => (P * wrong) / k),
    ),
  /** The same with each block right at the start with probability 1/2. */
  uniformHalf: (k, random) => {
    const wrong = range(1, k).filter(() => random() < 0.5).length;
    return Math.max(
      1,
      sumOfGeometrics(
        random,
        range(1, wrong).map((left) => (P * left) / k),
      ),
    );
  },
  /** Round robin that keeps visiting right blocks: the slowest block decides. Growth k log k. */
  roundRobin: (k, random) => Math.max(...range(1, k).map((block) => (geometric(random, P) - 1) * k + block)),
  /** One step per level of a binary tree. Growth log k. */
  tree: (k, random) => sumOfGeometrics(random, new Array(Math.ceil(Math.log2(k + 1))).fill(P)),
  /** One geometric step at any size. */
  constant: (_, random) => geometric(random, P),
} satisfies Record<string, CountSampler>;

type StrategyName = keyof typeof samplers;

interface Design {
  readonly sizes: readonly number[];
  /** Runs at a size. */
  readonly seeds: (k: number) => number;
  /** Calls after which a run is stopped unsolved; none when omitted. */
  readonly cap?: number;
  /** Constant tokens of every prompt; when given, token counts vary by 20 % per call. */
  readonly promptTokens?: number;
}

const same = (count: number) => () => count;
const toEight = range(1, 8);
const geo6 = [2, 4, 8, 16, 32, 64];
const geo8 = [...geo6, 128, 256];
const equalCost = (k: number) => Math.min(200, 10 * 2 ** (8 - k));

/** A standard normal variable, by the method of Box and Muller. */
function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * Input and output tokens of a call, beside the constant of the prompt. The half-right strategy is given twice
 * the tokens, so that it is the costlier one of its pair: its ratio to the other then rises in range, from
 * lower-order terms alone, and invites a wrong claim.
 */
function callTokens(name: StrategyName, k: number): number {
  if (name === "global") return k * BLOCK_TOKENS;
  return name === "uniformHalf" ? 2 * BLOCK_TOKENS : BLOCK_TOKENS;
}

function simulate(name: StrategyName, design: Design, random: Random): readonly RunRow[] {
  return design.sizes.flatMap((k) =>
    Array.from({ length: design.seeds(k) }, (_, seed): RunRow => {
      const needed = samplers[name](k, random);
      const calls = Math.min(needed, design.cap ?? needed);
      const length = callTokens(name, k);
      const noise = () =>
        design.promptTokens === undefined ? 1 : 1 + (0.2 * standardNormal(random)) / Math.sqrt(calls);
      const n = (design.promptTokens ?? 0) + length * noise();
      const t = length * noise();
      const primitiveCost = calls * (t * n + (t * (t - 1)) / 2);
      return {
        strategy: name,
        size: k,
        seed,
        isSolved: needed <= calls,
        applications: calls,
        criticalPathCost: primitiveCost,
        roles: [
          {
            role: "mutator",
            calls,
            inputTokens: calls * n,
            outputTokens: calls * t,
            modelSize: 1,
            primitiveCost,
            linearCost: calls * (n + t),
            usd: undefined,
          },
        ],
      };
    }),
  );
}

/** Shares of outcomes over the repetitions of a cell. */
interface Outcome {
  readonly right: number;
  readonly inconclusive: number;
  readonly wrong: number;
  /** Share in which the best class was the true one, whatever the verdict. */
  readonly best: number;
  /** Share in which the true class was among the plausible ones. */
  readonly held: number;
}

function studyGrowth(
  name: StrategyName,
  design: Design,
  costModel: CostModel,
  truth: string,
  repetitions: number,
): Outcome {
  const random = seedrandom.alea(`growth ${name} ${truth} ${design.sizes.length} ${design.seeds(1)}`);
  const counts = { right: 0, inconclusive: 0, wrong: 0, best: 0, held: 0 };
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const { strategies } = compareStrategies(simulate(name, design, random), { costModel });
    const growth = strategies[0]?.growth;
    if (!growth) continue;
    const isRight = growth.class === truth;
    if (isRight) counts.best++;
    if (holdsClass(growth, truth)) counts.held++;
    if (growth.verdict !== "conclusive") counts.inconclusive++;
    else if (isRight) counts.right++;
    else counts.wrong++;
  }
  return share(counts, repetitions);
}

/** `right` here means "separates" and is wrong where the strategies do not. */
function studySeparation(
  left: StrategyName,
  right: StrategyName,
  design: Design,
  isTrue: boolean,
  repetitions: number,
): Outcome {
  const random = seedrandom.alea(`separation ${left} ${right} ${design.sizes.length} ${design.seeds(1)}`);
  const counts = { right: 0, inconclusive: 0, wrong: 0, best: 0, held: 0 };
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const runs = [...simulate(left, design, random), ...simulate(right, design, random)];
    const separation = compareStrategies(runs, { costModel: "primitives" }).separations[0];
    if (separation?.verdict !== "separates") counts.inconclusive++;
    else if (isTrue && separation.costlier === left) counts.right++;
    else counts.wrong++;
  }
  return share(counts, repetitions);
}

function share(counts: Outcome, repetitions: number): Outcome {
  return {
    right: counts.right / repetitions,
    inconclusive: counts.inconclusive / repetitions,
    wrong: counts.wrong / repetitions,
    best: counts.best / repetitions,
    held: counts.held / repetitions,
  };
}

interface StudyCell {
  readonly label: string;
  readonly reference: string;
  readonly run: (repetitions: number) => Outcome;
  readonly isSeparation?: boolean;
}

function growthCell(
  label: string,
  name: StrategyName,
  design: Design,
  truth: string,
  reference: string,
  costModel: CostModel = "calls",
): StudyCell {
  return {
    label: `${label}: ${truth}`,
    reference,
    run: (reps) => studyGrowth(name, design, costModel, truth, reps),
  };
}

function separationCell(
  label: string,
  left: StrategyName,
  right: StrategyName,
  design: Design,
  isTrue: boolean,
  reference: string,
): StudyCell {
  return {
    label,
    reference,
    run: (reps) => studySeparation(left, right, design, isTrue, reps),
    isSeparation: true,
  };
}

const plain = (sizes: readonly number[], count: number): Design => ({ sizes, seeds: same(count) });
const overhead = { ...plain(toEight, 20), promptTokens: 1000 };
const longRange = plain(range(1, 12), 50);
const capped = { ...plain(geo6, 20), cap: 450 };

const cells: readonly StudyCell[] = [
  growthCell("global 1..8, 5 seeds", "global", plain(toEight, 5), "b^k", "28/72/1"),
  growthCell("global 1..8, 10 seeds", "global", plain(toEight, 10), "b^k", "53/45/3"),
  growthCell("global 1..8, 20 seeds", "global", plain(toEight, 20), "b^k", "74/24/2"),
  growthCell("global 1..8, equal cost", "global", { sizes: toEight, seeds: equalCost }, "b^k", "99/1/0"),
  growthCell("global 1..12, 20 seeds", "global", plain(range(1, 12), 20), "b^k", "92/8/0"),
  growthCell("sequential 2..64, 10 seeds", "sequential", plain(geo6, 10), "k", "95/5/0"),
  growthCell("uniform 2..64, 10 seeds", "uniform", plain(geo6, 10), "k log k", "82/18/0"),
  growthCell("uniform 2..64, 20 seeds", "uniform", plain(geo6, 20), "k log k", "95/5/0"),
  growthCell("half-right uniform 1..12, 20", "uniformHalf", plain(range(1, 12), 20), "k log k", "47/51/2"),
  growthCell("half-right uniform 2..256, 10", "uniformHalf", plain(geo8, 10), "k log k", "95/5/0"),
  growthCell("round robin 2..64, 20 seeds", "roundRobin", plain(geo6, 20), "k log k", "88/11/0"),
  growthCell("tree 2..64, 10 seeds", "tree", plain(geo6, 10), "log k", "97/3/0"),
  growthCell("constant 2..64, 10 seeds", "constant", plain(geo6, 10), "1", ""),
  growthCell(
    "total, 1000 prompt tokens, global 1..8, 20",
    "global",
    overhead,
    "b^k k^2",
    "75/24/1",
    "primitives",
  ),
  growthCell("uniform 2..64, 20 seeds, cap 450", "uniform", capped, "k log k", "89/11/0"),
  separationCell("global over sequential 1..8, 10", "global", "sequential", plain(toEight, 10), true, "90"),
  separationCell("uniform over sequential 2..64, 10", "uniform", "sequential", plain(geo6, 10), true, "89"),
  separationCell("half-right over uniform 1..12, 50 (none)", "uniformHalf", "uniform", longRange, false, "7"),
  separationCell("uniform over round robin 1..12, 50 (none)", "uniform", "roundRobin", longRange, false, "1"),
  separationCell(
    "half-right over uniform 2..256, 20 (none)",
    "uniformHalf",
    "uniform",
    plain(geo8, 20),
    false,
    "0",
  ),
];

function main(argv: readonly string[]): void {
  const at = argv.indexOf("--reps");
  const repetitions = at < 0 ? 300 : Number(argv[at + 1]);
  if (!Number.isInteger(repetitions) || repetitions < 1) {
    throw new Error(`--reps expects a positive whole number; got '${argv[at + 1]}'.`);
  }
  const percent = (value: number) => Math.round(100 * value);
  console.log("| cell: true class | reference | measured here | best guess right | truth plausible |");
  console.log("| --- | --- | --- | --- | --- |");
  for (const cell of cells) {
    const { right, inconclusive, wrong, best, held } = cell.run(repetitions);
    const measured = `${percent(right)}/${percent(inconclusive)}/${percent(wrong)}`;
    const columns = cell.isSeparation ? ["", ""] : [`${percent(best)}`, `${percent(held)}`];
    console.log(`| ${cell.label} | ${cell.reference} | ${measured} | ${columns.join(" | ")} |`);
  }
  const error = (shareValue: number) =>
    (100 * Math.sqrt((shareValue * (1 - shareValue)) / repetitions)).toFixed(1);
  console.log(
    `\nright/inconclusive/wrong in %, ${repetitions} repetitions each. For pairs: separates (rightly)/not ` +
      `claimed/separates (wrongly).\nMonte Carlo standard error: ${error(0.5)} points at 50 %, ` +
      `${error(0.9)} at 90 %, ${error(0.98)} at 98 %.`,
  );
}

main(process.argv.slice(2));
