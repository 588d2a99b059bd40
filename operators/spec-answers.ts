/** What the operators share that write components from their specs alone: `generalist` and `route-to-specialist`. */
import {
  answerFormats,
  askFor,
  checkKeys,
  checkLimitsOf,
  checkWhole,
  commonParts,
  improvableOf,
  likeOriginal,
  type Model,
  type ModelResponse,
  type Parameters,
  type ProposeContext,
  parametersOf,
  pickKnown,
  proposed,
  type RequestLimits,
  type Rewrite,
  readCompact,
  readTagged,
  rejected,
  requestLimits,
  type Schedule,
  type ScheduleName,
  schedules,
  writePrompt,
  writeTagged,
} from "../src/core/index.ts";

/** Options of operators that write components from their specs. */
export interface SpecAnswerOptions extends RequestLimits {
  /** Components that one candidate takes on, in calls side by side, as far as so many can improve; default 1. */
  readonly together?: number;
  /** Which component comes next: a schedule or the name of a built-in one; default "sequential". */
  readonly schedule?: ScheduleName | Schedule;
}

/** Checks the options of the operator called `where` and fills in the defaults. */
export function readSpecAnswerOptions(
  where: string,
  options: SpecAnswerOptions,
): { readonly limits: RequestLimits; readonly parameters: Parameters; readonly schedule: Schedule } {
  checkKeys(where, options, ["together", "schedule", "temperature", "maxTokens"]);
  checkLimitsOf(where, options);
  const { together = 1, schedule = "sequential", ...limits } = options;
  checkWhole(`${where}: together`, together, 1);
  const chosen = typeof schedule === "string" ? pickKnown("Schedule", schedule, schedules) : schedule;
  return {
    limits: requestLimits(limits),
    parameters: parametersOf({ together, ...limits }),
    schedule: together === 1 ? chosen : severalAtOnce(chosen, together),
  };
}

/** The same schedule; after what it chooses come the next components that can improve, in a circle. */
function severalAtOnce(schedule: Schedule, together: number): Schedule {
  return {
    ...schedule,
    start(componentCount) {
      const state = schedule.start(componentCount);
      return {
        next(parent, rng) {
          const [first, ...others] = state.next(parent, rng);
          const chosen = new Set([first, ...others]);
          const all = improvableOf(parent, componentCount);
          const behind = all.findIndex((index) => index > first);
          const inTurn = behind < 0 ? all : [...all.slice(behind), ...all.slice(0, behind)];
          for (const index of inTurn) {
            if (chosen.size >= together) break;
            chosen.add(index);
          }
          chosen.delete(first);
          return [first, ...chosen];
        },
        tell({ components, isImproved, primitiveCost }) {
          // What the schedule itself chose; the others' share of the cost is not its own.
          const [first = 0] = components;
          state.tell({ components: [first], isImproved, primitiveCost: primitiveCost / components.length });
        },
      };
    },
  };
}

/** The spec of a component, or why there is nothing to work from. */
export function specOf(
  { parents: [{ candidate }] }: Pick<ProposeContext, "parents">,
  index: number,
): { readonly spec: string } | { readonly reason: string } {
  const { name = "", spec = "" } = candidate.genome[index] ?? {};
  return spec.trim() === "" ? { reason: `component ${name} has no spec to work from` } : { spec };
}

/** Asks a model for a component's text from its spec; the present text is not shown. */
export async function answerSpec(
  model: Model,
  context: Omit<ProposeContext, "models" | "team">,
  index: number,
  { instructions, limits }: { readonly instructions: string; readonly limits: RequestLimits },
): Promise<Rewrite> {
  const found = specOf(context, index);
  if ("reason" in found) return rejected(found.reason);
  const { genome } = context.parents[0].candidate;
  if (context.promptMode === "compact") {
    const request = { ...limits, messages: [{ role: "user", text: found.spec } as const] };
    return askFor(model, request, ({ text, stopReason }) => readCompact(text, genome, [index], stopReason));
  }
  const empty = genome.map((component, place) => (place === index ? { ...component, text: "" } : component));
  const prompt = writePrompt(context, {
    ...commonParts(context, [index]),
    ...{ instructions, format: answerFormats.one },
    ...{ feedback: undefined, inspirations: undefined },
    parent: writeTagged(empty, [index]).replace(">\n\n</", ">\n</"), // nothing at all between the tags
  });
  return askFor(model, { ...limits, ...prompt }, readNew);

  function readNew({ text, stopReason }: Pick<ModelResponse, "text" | "stopReason">): Rewrite {
    const answer = readTagged(text, empty, [index], stopReason);
    const original = genome[index];
    if (answer.status === "rejected" || original === undefined) return answer;
    const written = answer.changes.get(index) ?? "";
    if (written.trim() === "") return rejected("the answer is empty");
    return proposed(new Map([[index, likeOriginal(written, original, genome)]]));
  }
}
