/**
 * Debugging: quality assurance (QA) and developer in one growing conversation about all of the code, against one
 * function at a time, in the setting of Meyerson and Qiu (ICML 2025), section 3.2. Theory: the developer's cost falls
 * by Θ(b k^2) for k functions with b bugs; k grows in three campaigns, b in the fourth. In `focused-one-model` the
 * developer's model does QA's work as well. Runs the code base's unit tests: needs bubblewrap.
 */
import {
  type Campaign,
  conversationDebug,
  countTokens,
  type DebuggingOptions,
  debugDeveloper,
  debugging,
  debuggingTheory,
  debugQa,
  defineCampaign,
  focusedDebug,
  greedy,
  simulatedCapable,
} from "allele";

const seeds = 10;
const [qaSize, developerSize] = [1, 10];
const qa = simulatedCapable({ name: "qa", size: qaSize, capabilities: [debugQa()] });
const developer = simulatedCapable({
  name: "developer",
  size: developerSize,
  capabilities: [debugDeveloper(), debugQa()],
});

/** One campaign: `improvement` is how the ratio of the developer's costs grows with its size. */
function campaign(
  name: string,
  setting: DebuggingOptions,
  sizes: readonly number[],
  improvement: string,
): Campaign {
  const theory = debuggingTheory(setting, { countTokens, seeds, qaSize, developerSize });
  const oneModel = debuggingTheory(setting, { countTokens, seeds, qaSize: developerSize, developerSize });
  return defineCampaign({
    name,
    problem: debugging(setting),
    models: { qa, developer },
    prompt: "compact", // no constant instructions, as in the paper's formulae
    strategies: {
      conversation: { operators: [conversationDebug()], population, theory: theory.conversation },
      focused: { operators: [focusedDebug()], population, theory: theory.focused },
      "focused-one-model": {
        operators: [focusedDebug()],
        population,
        models: { qa: developer },
        theory: oneModel.focused,
      },
    },
    sizes,
    seeds,
    claims: [
      {
        ...{ optimistic: "conversation", optimized: "focused", role: "developer" },
        ...{ improvement, paper: "b k^2", ratio: (size) => theory.ratio(size, "developer") },
      },
    ],
    runBudget: { evaluations: 1000 },
  });
}

/** A repair may bring to light a bug that another one hid: as many functions pass as before, and it is to stay. */
const population = greedy({ acceptTies: true });

const functions = [8, 12, 16, 24, 32, 48]; // k

export default [
  campaign("debugging-b2", { bugs: 2 }, functions, "k^2"),
  campaign("debugging-b4", { bugs: 4 }, functions, "k^2"),
  campaign("debugging-b8", { bugs: 8 }, functions, "k^2"),
  campaign("debugging-k32", { functions: 32 }, [1, 2, 4, 8, 16], "k"), // the size k is b here
];
