/**
 * k kinds of task, one generalist or many specialists (Meyerson and Qiu, ICML 2025, section 3.1): what does a stream
 * of queries cost, answered by one model that can do all k kinds and is k times as large as one that can do one, or
 * by a delegator that reads each query's first line and passes it on to the specialist of its kind? The third
 * strategy routes as well, but with the large model in both roles: the paper's argument for models of the right
 * size. Sizes of models are in units of a specialist, m_s = 1: only their ratio to the generalist's counts. The
 * delegator has the same size, m_d = 1: naming the kind of one line is one task, no harder than a specialist's.
 */
import {
  countTokens,
  defineCampaign,
  ensemble,
  generalist,
  generalistTheory,
  type QueryTokens,
  routedTheory,
  routeToSpecialist,
  routing,
  routingDelegation,
  routingQueries,
  routingTasks,
  simulatedCapable,
} from "allele";

const seeds = 5; // with fewer, no test can tell strategies apart, however far
const sizes = Array.from({ length: 63 }, (_, index) => index + 2);

const tasks = routingTasks(64);
const delegation = routingDelegation(64);
const delegator = simulatedCapable({ name: "delegator", size: 1, capabilities: [delegation] });
const specialists = tasks.map((task) =>
  simulatedCapable({ name: `specialist-${task.name}`, size: 1, capabilities: [task] }),
);

/** The very streams that the runs answer, counted with the tokenizer that counts the calls. */
const counted = new Map<number, readonly (readonly QueryTokens[])[]>();
function streams(size: number): readonly (readonly QueryTokens[])[] {
  const known = counted.get(size);
  if (known !== undefined) return known;
  const made = Array.from({ length: seeds }, (_, index) =>
    routingQueries({ size, seed: index + 1 }).map(({ text, answer, kind }) => ({
      prefix: countTokens(text.split("\n", 1)[0] ?? ""),
      query: countTokens(text),
      answer: countTokens(answer),
      name: countTokens(kind),
    })),
  );
  counted.set(size, made);
  return made;
}

const large = (k: number, more: Parameters<typeof simulatedCapable>[0]["capabilities"] = []) =>
  simulatedCapable({ name: `large-${k}`, size: k, capabilities: [...more, ...tasks.slice(0, k)] });

export default defineCampaign({
  name: "routing",
  problem: routing(),
  prompt: "compact", // the queries alone, as in the paper's formulae
  strategies: {
    generalist: {
      operators: [generalist()],
      models: (k) => ({ generalist: large(k) }),
      theory: generalistTheory(streams),
    },
    routed: {
      operators: [routeToSpecialist()],
      models: (k) => ({ delegator, specialist: ensemble(specialists.slice(0, k)) }),
      theory: routedTheory(streams),
    },
    "routed-one-model": {
      operators: [routeToSpecialist()],
      models: (k) => {
        const one = large(k, [delegation]);
        return { delegator: one, specialist: one };
      },
      theory: routedTheory(streams, { delegatorSize: (k) => k, specialistSize: (k) => k }),
    },
  },
  sizes,
  seeds,
  claims: [
    { optimistic: "generalist", optimized: "routed", improvement: "k" },
    { optimistic: "routed-one-model", optimized: "routed", improvement: "k" },
  ],
});
