/** Populations each of which breaks the contract in one way; they show that the suite's checks can fail. */
import type { Ask, EvaluatedCandidate, Population, PopulationState, Rng } from "../../src/core/index.ts";
import { greedy, steadyState } from "../../src/core/index.ts";

type Parents = Ask["parents"];
type Started = (state: PopulationState, initial: EvaluatedCandidate) => Partial<PopulationState>;

/** A population that keeps the contract, but for what is given of its state. */
function broken(change: Started, inner: Population = steadyState({ size: 8 })): () => Population {
  return () => ({
    ...inner,
    start(initial) {
      const state = inner.start(initial);
      const kept = {
        ask: state.ask.bind(state),
        tell: state.tell.bind(state),
        ...(state.immigrate && { immigrate: state.immigrate.bind(state) }),
      };
      return { ...kept, ...change(kept, initial) };
    },
  });
}

/** Changes what is granted. */
const asking = (change: (asked: Ask, ...args: Parameters<PopulationState["ask"]>) => Ask) =>
  broken((state) => ({
    ask(...args) {
      const asked = state.ask(...args);
      return asked && change(asked, ...args);
    },
  }));

const checks = {
  form: "has a name, a description and parameters that are plain data",
  first: "gives the initial solution as parent, once or twice, before any result",
  parents: "gives as many parents as asked for, each the initial solution or one that has entered",
  different: "gives two different parents where it has two members to give",
  inspirations: "shows no more inspirations than asked for: members, none twice, none a parent",
  generations: "starts with generation 1, never goes back, and puts a child after its parents",
  inFlight: "takes many candidates in flight, and their results in ask order",
  waits: "never waits when no candidate is in flight, whatever came of them",
  failures: "lets neither failed evaluations nor rejected proposals enter",
  alike: "makes the same choices when it is fed alike",
  draws: "draws random numbers only while it is asked",
  alone: "has a state of its own in each run",
  vain: "is not changed by an ask that it does not grant",
  changes: "changes nothing that it is given",
  refuses: "refuses a child by the state at its ask: later results change no answer",
  immigrants: "takes an immigrant as if just found, and goes on as before; if it takes any",
} as const;

/** By what they do: how they are made, and the check that must tell of it. */
export const brokenPopulations: Readonly<Record<string, readonly [() => Population, string]>> = {
  "has no name": [() => ({ ...greedy(), name: "" }), checks.form],
  "has a parameter that is no number": [
    () => ({ ...greedy(), parameters: { size: Number.NaN } }),
    checks.form,
  ],
  "has a list among its parameters": [
    () => ({ ...greedy(), parameters: { sizes: [1] as never } }),
    checks.form,
  ],
  "gives one parent whatever is asked": [
    asking(({ generation, parents: [first] }) => ({ parents: [first], generation })),
    checks.first,
  ],
  "gives a copy of the initial solution": [
    broken((_state, initial) => ({ ask: () => ({ parents: [{ ...initial }], generation: 1 }) })),
    checks.first,
  ],
  "gives more parents than asked for, later": [
    asking((asked) =>
      asked.generation < 3 ? asked : { ...asked, parents: [...asked.parents, asked.parents[0]] },
    ),
    checks.parents,
  ],
  "says that nothing enters": [
    broken((state) => ({ tell: (result) => state.tell(result) && false })),
    checks.parents,
  ],
  "gives the first parent twice": [
    asking((asked) => ({ ...asked, parents: asked.parents.map(() => asked.parents[0]) as never as Parents })),
    checks.different,
  ],
  "shows one inspiration too many": [
    broken((state) => ({ ask: (rng, parents, shown = 0) => state.ask(rng, parents, shown + 1) })),
    checks.inspirations,
  ],
  "shows a parent": [
    asking((asked, _rng, _parents, shown = 0) =>
      shown === 0 ? asked : { ...asked, inspirations: [asked.parents[0]] },
    ),
    checks.inspirations,
  ],
  "shows one twice": [
    asking((asked) => {
      const [first, ...others] = asked.inspirations ?? [];
      return first && others.length > 0 ? { ...asked, inspirations: [first, first] } : asked;
    }),
    checks.inspirations,
  ],
  "shows what has not entered": [
    broken((state) => {
      let last: EvaluatedCandidate | undefined;
      return {
        tell(result) {
          const isAccepted = state.tell(result);
          if (!isAccepted) last = result;
          return isAccepted;
        },
        ask(rng, parents, shown = 0) {
          const asked = state.ask(rng, parents, shown);
          return asked && shown > 0 && last ? { ...asked, inspirations: [last] } : asked;
        },
      };
    }),
    checks.inspirations,
  ],
  "starts with generation 0": [
    asking((asked) => ({ ...asked, generation: asked.generation - 1 })),
    checks.generations,
  ],
  "stays in generation 1": [asking((asked) => ({ ...asked, generation: 1 })), checks.generations],
  "goes back a generation": [
    asking((asked) => ({ ...asked, generation: asked.generation % 50 || 1 })),
    checks.generations,
  ],
  "counts half generations": [
    asking((asked) => ({ ...asked, generation: asked.generation === 1 ? 1 : asked.generation + 0.5 })),
    checks.generations,
  ],
  "answers tell with a number": [
    broken((state) => ({ tell: (result) => Number(state.tell(result)) as never })),
    checks.inFlight,
  ],
  "takes one candidate in flight only, and does not say so": [
    broken((state) => {
      let inFlight = 0;
      return {
        ask(...args) {
          inFlight += 1;
          if (inFlight > 10) throw new Error("too many");
          return state.ask(...args);
        },
        tell(result) {
          inFlight -= 1;
          return state.tell(result);
        },
      };
    }),
    checks.inFlight,
  ],
  "waits for a result that is not failed": [
    broken((state) => {
      let failures = 0;
      return {
        ask: (...args) => (failures >= 30 ? undefined : state.ask(...args)),
        tell(result) {
          failures = result?.evaluation.status === "failed" ? failures + 1 : 0;
          return state.tell(result);
        },
      };
    }),
    checks.waits,
  ],
  "waits after many rejected proposals": [
    broken((state) => {
      let rejections = 0;
      return {
        ask: (...args) => (rejections >= 30 ? undefined : state.ask(...args)),
        tell(result) {
          rejections = result === undefined ? rejections + 1 : 0;
          return state.tell(result);
        },
      };
    }),
    checks.waits,
  ],
  "lets failed evaluations enter": [
    broken((state) => {
      let failed: EvaluatedCandidate | undefined;
      return {
        tell(result) {
          if (result?.evaluation.status !== "failed") return state.tell(result);
          state.tell(undefined);
          failed = result;
          return true;
        },
        ask(...args) {
          const asked = state.ask(...args);
          return asked && failed ? { ...asked, parents: [failed, ...asked.parents.slice(1)] } : asked;
        },
      };
    }),
    checks.failures,
  ],
  "says that a rejected proposal enters": [
    broken((state) => ({ tell: (result) => state.tell(result) || result === undefined })),
    checks.failures,
  ],
  "draws numbers of its own": [
    broken((state) => ({ ask: (_rng, ...counts) => state.ask(Math.random, ...counts) })),
    checks.alike,
  ],
  "draws after it was asked": [
    broken((state) => {
      let kept: Rng | undefined;
      return {
        ask(rng, ...counts) {
          kept = rng;
          return state.ask(rng, ...counts);
        },
        tell(result) {
          kept?.();
          return state.tell(result);
        },
      };
    }),
    checks.draws,
  ],
  "counts the asks of all runs": [
    () => {
      let asked = 0;
      return broken((state) => ({
        ask(...args) {
          asked += 1;
          const granted = state.ask(...args);
          return granted && { ...granted, generation: granted.generation + Math.floor(asked / 100) };
        },
      }))();
    },
    checks.alone,
  ],
  "counts asks that it does not grant": [
    broken((state) => {
      let vain = 0;
      return {
        ask(...args) {
          const asked = state.ask(...args);
          if (asked === undefined) vain += 1;
          return asked && { ...asked, generation: asked.generation + vain };
        },
      };
    }, greedy()),
    checks.vain,
  ],
  "grants at the second attempt": [
    broken((state) => {
      let vain = 0;
      let inFlight = 0;
      return {
        ask(...args) {
          if (inFlight >= 4 && vain < 1) {
            vain += 1;
            return undefined;
          }
          vain = 0;
          inFlight += 1;
          return state.ask(...args);
        },
        tell(result) {
          inFlight -= 1;
          return state.tell(result);
        },
      };
    }),
    checks.vain,
  ],
  "writes into what it is told": [
    broken((state) => ({
      tell(result) {
        if (result) (result.candidate as { generation: number }).generation = 1;
        return state.tell(result);
      },
    })),
    checks.changes,
  ],
  "refuses by what came later": [
    broken((state) => {
      let told = 0;
      return {
        ask(...args) {
          const asked = state.ask(...args);
          return asked && { ...asked, refuse: () => (told % 2 === 0 ? "even" : undefined) };
        },
        tell(result) {
          told += 1;
          return state.tell(result);
        },
      };
    }),
    checks.refuses,
  ],
  "refuses without a reason": [
    asking((asked) => ({ ...asked, refuse: () => false as never })),
    checks.refuses,
  ],
  "takes an immigrant for a result": [
    broken((state) => ({ immigrate: (member) => void state.tell(member) }), greedy({ offspring: 3 })),
    checks.immigrants,
  ],
  "forgets immigrants": [broken(() => ({ immigrate: () => {} })), checks.immigrants],
};
