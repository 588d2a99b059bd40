/**
 * Routing: a delegator reads the first line of a component's spec and names a kind of work, and the smallest
 * specialist that can do it gets the whole spec; the paper's section 3.1, equation (2).
 */
import {
  defineOperator,
  type Model,
  type ModelResponse,
  type Operator,
  type PromptContext,
  type RequestLimits,
  readNote,
  rejected,
  writePrompt,
} from "../src/core/index.ts";
import { answerEach } from "./answer-each.ts";
import { answerSpec, readSpecAnswerOptions, type SpecAnswerOptions, specOf } from "./spec-answers.ts";

const delegatorInstructions = `You pass requests on to specialists; you do not carry them out.
You are shown the task of all requests and the first line of one of them.
Decide what it asks for and which specialist that is for.`;

const specialistInstructions = `You write one component of a solution from what it must do; it was given to you because
this is what you are best at. You are shown the task, what the component must do,
and a pair of tags with nothing between them. Work it out and write the component.`;

/** Options of route-to-specialist; the limits hold for each request, the delegator's as well. */
export type RouteToSpecialistOptions = SpecAnswerOptions;

/** Makes the operator that has the delegator choose which of the specialists writes a component. */
export function routeToSpecialist(options: RouteToSpecialistOptions = {}): Operator {
  const { limits, parameters, schedule } = readSpecAnswerOptions("route-to-specialist", options);
  return defineOperator({
    name: "route-to-specialist",
    description: "a delegator reads a spec's first line and names the specialist that writes the component",
    parameters,
    scope: "local",
    roles: ["delegator", "specialist"],
    schedule,
    propose: (context) =>
      answerEach(context, async (index, own) => {
        const found = specOf(own, index);
        if ("reason" in found) return rejected(found.reason);
        const routes = routesTo(own.team("specialist"));
        const route = await delegate(own.models.delegator, own, found.spec, routes, limits);
        if ("reason" in route) return rejected(route.reason);
        return answerSpec(route.model, own, index, { instructions: specialistInstructions, limits });
      }),
  });
}

/** Who does what. */
interface Routes {
  /** The smallest model for each kind of work, by its name in lower case. */
  readonly byName: ReadonlyMap<string, Model>;
  /** The names as a delegator is told them. */
  readonly names: readonly string[];
  /** The one specialist there is, of which nothing else is known: whatever it is called, it is the one. */
  readonly only: Model | undefined;
}

/** A specialist does what its capabilities say; where it declares none, its own name stands for what it does. */
function routesTo(team: readonly [Model, ...Model[]]): Routes {
  const byName = new Map<string, Model>();
  const names = new Set<string>();
  for (const model of team) {
    for (const name of model.capabilities ?? [model.name]) {
      names.add(name);
      const key = name.toLowerCase();
      const known = byName.get(key);
      // Def. 2.3: of those that can do it, the smallest is the right one.
      if (known === undefined || model.size < known.size) byName.set(key, model);
    }
  }
  const [only] = team;
  const isAlone = team.length === 1 && only.capabilities === undefined;
  return { byName, names: [...names], only: isAlone ? only : undefined };
}

/** A specialist, or why there is none. */
type Route = { readonly model: Model; readonly name: string } | { readonly reason: string };

/** Asks the delegator, which sees the first line alone. */
async function delegate(
  delegator: Model,
  context: PromptContext,
  spec: string,
  routes: Routes,
  limits: RequestLimits,
): Promise<Route> {
  const [first = ""] = spec.trimStart().split(/\r\n|\n|\r/, 1);
  const readAs = (answer: Answer) => {
    const route = readRoute(answer, routes);
    return "reason" in route ? undefined : route.name;
  };
  const prompt =
    context.promptMode === "compact"
      ? { messages: [{ role: "user", text: first } as const] }
      : writePrompt(context, {
          instructions: delegatorInstructions,
          format: `The specialists: ${routes.names.join(", ")}\nAnswer with the name of one specialist alone.`,
          statement: context.statement,
          specs: `The first line of the request: ${first}`,
          note: context.note === undefined ? undefined : `Lessons so far:\n${context.note}`,
          parent: "Which specialist is this request for? Answer with the name alone.",
        });
  return readRoute(await delegator.generate({ ...limits, ...prompt, readAs }), routes);
}

type Answer = Pick<ModelResponse, "text" | "stopReason">;

/** Most characters of a delegator's answer that are read. */
const longestAnswer = 2000;

/** Reads whom a delegator names: the answer is the name, or holds no other specialist's. */
function readRoute(answer: Answer, { byName, names, only }: Routes): Route {
  // What is left of a name may be another one.
  if (answer.stopReason === "length") return { reason: "the delegator's answer was cut at its token limit" };
  const read = readNote(answer, longestAnswer);
  if (read.status === "rejected") return { reason: `delegator: ${read.reason}` };
  if (only !== undefined) return { model: only, name: only.name };
  const said = read.status === "noted" ? read.note.toLowerCase() : "";
  const whole = byName.has(said) ? said : bare(said);
  const named = byName.has(whole)
    ? [whole]
    : said
        .split(/\s+/)
        .map(bare)
        .filter((word) => byName.has(word));
  const [name = "", second] = [...new Set(named)];
  const model = byName.get(name);
  if (model !== undefined && second === undefined) return { model, name };
  const asked = JSON.stringify(shorten(read.status === "noted" ? read.note : ""));
  return { reason: `the delegator names ${asked}; expected one of: ${listed(names)}` };
}

/** A word without quotes, marks of emphasis and what ends a sentence. */
function bare(text: string): string {
  return text
    .trim()
    .replace(/^["'`*([]{1,3}/, "")
    .replace(/["'`*)\].,;:!?]{1,4}$/, "");
}

/** Bounds of a reason. */
const longestShown = 60;
const mostListed = 8;

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= longestShown ? line : `${line.slice(0, longestShown - 1).toWellFormed()}…`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostListed).join(", ");
  return names.length <= mostListed ? shown : `${shown} and ${names.length - mostListed} more`;
}
