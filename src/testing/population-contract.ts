/** What every population must do, as checks that know no test framework. */
import { type Ask, type EvaluatedCandidate, fitnessOf, type Population, UsageError } from "../core/index.ts";
import { ContractBreach, type ContractCheck, contractCheck, expect } from "./contract-check.ts";
import { Play } from "./play-population.ts";

/** What the evaluations of the checks need to have. */
export interface PopulationContractOptions {
  /** Names of the metrics that the population reads; each is a random number from 0 to 1. Default none. */
  readonly metrics?: readonly string[];
}

/** Asks in a row after which a population counts as one that never waits. */
const many = 64;

/**
 * The checks that every population must pass. `make` makes the population, each time anew. They play some
 * hundreds of candidates each, with random results from fixed seeds, and take some milliseconds.
 */
export function populationContract(
  make: () => Population,
  options: PopulationContractOptions = {},
): readonly ContractCheck[] {
  if (typeof make !== "function") {
    throw new UsageError(
      `populationContract needs a function that makes the population; write populationContract(() => myPopulation)`,
    );
  }
  const { metrics = [] } = options;
  const play = (key: string, population = make()) => new Play(population, { key, metrics });
  /** Plays, one candidate at a time and several at once, and looks at each ask. */
  const lookAtAsks = (look: (asked: Ask, play: Play, parentCount: number, inspirations?: number) => void) => {
    for (const inFlight of [1, 8]) {
      const one = play(`asks, ${inFlight} in flight`);
      for (let round = 0; round < 200; round++) {
        while (one.inFlight < inFlight) {
          const parentCount = 1 + (round % 2);
          const inspirationCount = [undefined, 0, 1, 5][round % 4];
          const asked = one.ask(parentCount, inspirationCount);
          if (asked === undefined) break;
          look(asked, one, parentCount, inspirationCount);
        }
        one.tell();
      }
    }
  };

  return [
    contractCheck("has a name, a description and parameters that are plain data", () => {
      const { name, description, parameters } = make();
      expect("a name", name, typeof name === "string" && name !== "");
      expect("a description that is a text", description, typeof description === "string");
      const isPlain = (value: unknown) =>
        ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
      for (const [key, value] of Object.entries(parameters))
        expect(`parameter ${key} to be a text, a finite number or a boolean`, String(value), isPlain(value));
    }),

    contractCheck("gives the initial solution as parent, once or twice, before any result", () => {
      for (const parentCount of [1, 2]) {
        const one = play("first ask");
        const { parents } = granted(one.ask(parentCount));
        expect(`${parentCount} parents`, `${parents.length}`, parents.length === parentCount);
        for (const parent of parents)
          expect("the initial solution", numberOf(parent), parent === one.initial);
      }
    }),

    contractCheck(
      "gives as many parents as asked for, each the initial solution or one that has entered",
      () => {
        lookAtAsks(({ parents }, { members }, parentCount) => {
          expect(`${parentCount} parents`, `${parents.length}`, parents.length === parentCount);
          for (const parent of parents)
            expect("a parent for which tell() returned true", numberOf(parent), members.has(parent));
        });
      },
    ),

    contractCheck("gives two different parents where it has two members to give", () => {
      for (const results of [6, 25, 60]) {
        // The same state many times over, with other chances for the ask that is looked at.
        const asks = Array.from({ length: 12 }, (_, variant) => {
          const one = play("pairs");
          one.go({ results });
          return granted(one.ask(2, 0, variant)).parents.map(numberOf);
        });
        if (new Set(asks.flat()).size < 2) continue;
        for (const [first, second] of asks)
          expect("two different parents", `${first} twice`, first !== second);
      }
    }),

    contractCheck("shows no more inspirations than asked for: members, none twice, none a parent", () => {
      lookAtAsks(({ parents, inspirations = [] }, { members }, _, inspirationCount = 0) => {
        const { length } = inspirations;
        expect(`at most ${inspirationCount} inspirations`, `${length}`, length <= inspirationCount);
        expect("each inspiration once", numbersOf(inspirations), new Set(inspirations).size === length);
        for (const shown of inspirations) {
          expect("an inspiration for which tell() returned true", numberOf(shown), members.has(shown));
          expect("no parent among the inspirations", numberOf(shown), !parents.includes(shown));
        }
      });
    }),

    contractCheck("starts with generation 1, never goes back, and puts a child after its parents", () => {
      const first = granted(play("first generation").ask(1)).generation;
      expect("generation 1 of the first ask", `${first}`, first === 1);
      const last = new WeakMap<Play, number>();
      lookAtAsks(({ generation, parents, inspirations = [] }, one) => {
        const least = last.get(one) ?? 1;
        const isInOrder = Number.isInteger(generation) && generation >= least;
        expect(`a whole generation of at least ${least}`, `${generation}`, isInOrder);
        last.set(one, generation);
        for (const { candidate } of [...parents, ...inspirations]) {
          const text = `a generation above that of candidate ${candidate.sequence}, ${candidate.generation}`;
          expect(text, `${generation}`, generation > candidate.generation);
        }
      });
    }),

    contractCheck("takes many candidates in flight, and their results in ask order", () => {
      const one = play("many in flight");
      for (let round = 0; round < 5; round++) {
        while (one.inFlight < many && one.ask(1 + (round % 2), round) !== undefined);
        while (one.inFlight > 0) {
          const { isAccepted } = one.tell();
          expect("tell() to return a boolean", String(isAccepted), typeof isAccepted === "boolean");
        }
      }
    }),

    contractCheck("never waits when no candidate is in flight, whatever came of them", () => {
      for (const fate of ["any", "failed", "rejected"] as const) {
        for (const inFlight of [1, many]) {
          const one = play(`waits, ${inFlight} in flight`);
          one.go({ results: 20 });
          one.go({ results: 100, inFlight, fate });
          while (one.inFlight > 0) one.tell(fate);
          granted(one.ask(1));
        }
      }
    }),

    contractCheck("lets neither failed evaluations nor rejected proposals enter", () => {
      const one = play("failures");
      for (const fate of ["failed", "any", "rejected", "any", "failed"] as const) {
        for (let round = 0; round < 30; round++) {
          const asked = granted(one.ask(2, 4));
          for (const { candidate, evaluation } of [...asked.parents, ...(asked.inspirations ?? [])])
            expect("members whose evaluation is ok", `${candidate.sequence}`, evaluation.status === "ok");
          const { result, isAccepted } = one.tell(fate);
          if (result === undefined) expect("false for a rejected proposal", "true", !isAccepted);
          else if (result.evaluation.status === "failed")
            expect("false for a failed evaluation", "true", !isAccepted);
        }
      }
    }),

    contractCheck("makes the same choices when it is fed alike", () => {
      const [one, other] = [play("alike"), play("alike")];
      for (const each of [one, other]) each.go({ results: 300, inFlight: 4 });
      expectSame("the same choices from the same seed", one, other);
    }),

    contractCheck("draws random numbers only while it is asked", () => {
      // The play's generators throw when they are used later.
      play("late draws").go({ results: 300, inFlight: 4 });
    }),

    contractCheck("has a state of its own in each run", () => {
      const alone = [play("run 0"), play("run 1")];
      for (const each of alone) each.go({ results: 200, inFlight: 3 });
      const population = make();
      const together = [play("run 0", population), play("run 1", population)];
      for (let result = 0; result < 200; result++)
        for (const each of together) each.go({ results: 1, inFlight: 3 });
      for (const [index, each] of together.entries())
        expectSame("the choices of a run that is alone", alone[index] as Play, each);
    }),

    contractCheck("is not changed by an ask that it does not grant", () => {
      const [patient, asking] = [play("in vain"), play("in vain")];
      for (let result = 0; result < 200; result++) {
        for (const each of [patient, asking])
          while (each.inFlight < many && each.ask(1 + (result % 2)) !== undefined);
        if (asking.inFlight < many) {
          for (let vain = 0; vain < 3; vain++) {
            const asked = asking.ask(2, 3, vain);
            expect("undefined, as before, while nothing was told", "parents", asked === undefined);
          }
        }
        for (const each of [patient, asking]) each.tell();
      }
      expectSame("the same choices without the asks in vain", patient, asking);
    }),

    contractCheck("changes nothing that it is given", () => {
      try {
        play("frozen").go({ results: 100, inFlight: 2 });
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        throw new ContractBreach("candidates to be left as they are", error.message);
      }
    }),

    contractCheck("refuses a child by the state at its ask: later results change no answer", () => {
      const one = play("refusals");
      one.go({ results: 30 });
      for (let round = 0; round < 20; round++) {
        const asked = granted(one.ask(1));
        const { candidate } = one.foreigner(0);
        const children = [asked.parents[0].candidate, candidate];
        const judge = () => children.map((child) => asked.refuse?.(child));
        const before = judge();
        for (const answer of before)
          expect("a reason or undefined", String(answer), answer === undefined || typeof answer === "string");
        one.tell();
        one.go({ results: 10 });
        const after = judge();
        for (const [index, answer] of before.entries())
          expect(`the answer '${answer}' again`, `'${after[index]}'`, after[index] === answer);
      }
    }),

    contractCheck("takes an immigrant as if just found, and goes on as before; if it takes any", () => {
      if (play("immigrant").state.immigrate === undefined) return;
      const [without, withOne] = [play("immigrant"), play("immigrant")];
      const grants = [without, withOne].map((each) => {
        each.go({ results: 50, inFlight: 3 });
        if (each === withOne) welcome(each, each.foreigner(-1e6));
        const counts: number[] = [];
        for (let round = 0; round < 50; round++) {
          let count = 0;
          while (each.inFlight < many && each.ask(1) !== undefined) count += 1;
          counts.push(count);
          each.tell();
        }
        return counts.join(" ");
      });
      expect(`as many asks granted as without it: ${grants[0]}`, `${grants[1]}`, grants[0] === grants[1]);

      const best = 1 + Math.max(...[...withOne.members].map(({ evaluation }) => fitnessOf(evaluation)));
      const immigrant = withOne.foreigner(best + 1e6);
      welcome(withOne, immigrant);
      for (let round = 0; round < 5000; round++) {
        const asked = withOne.ask(2, 4);
        if ([...(asked?.parents ?? []), ...(asked?.inspirations ?? [])].includes(immigrant)) return;
        withOne.tell("rejected");
      }
      throw new ContractBreach("an immigrant better than all to be shown soon", "5000 asks without it");
    }),
  ];
}

function welcome(play: Play, member: EvaluatedCandidate): void {
  play.members.add(member);
  play.state.immigrate?.(member);
}

function granted(asked: Ask | undefined): Ask {
  if (asked === undefined)
    throw new ContractBreach("parents, as no candidate is in flight", "undefined from ask()");
  return asked;
}

function numberOf({ candidate }: EvaluatedCandidate): string {
  return `candidate ${candidate.sequence}`;
}

function numbersOf(members: readonly EvaluatedCandidate[]): string {
  return `candidates ${members.map(({ candidate }) => candidate.sequence).join(", ")}`;
}

/** Compares what happened in two plays, step by step. */
function expectSame(expected: string, one: Play, other: Play): void {
  for (const [step, happened] of one.transcript.entries()) {
    const [left, right] = [JSON.stringify(happened), JSON.stringify(other.transcript[step])];
    expect(`${expected}: step ${step} ${left}`, right, left === right);
  }
}
