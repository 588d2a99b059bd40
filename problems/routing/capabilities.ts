/** What simulated models can do on the routing problem: the tasks, and telling their kinds apart. */
import {
  answerInTags,
  type Capability,
  type Rng,
  randomIndex,
  type SeenPrompt,
  words,
} from "../../src/core/index.ts";
import { months, weekdays } from "./kinds/conversions.ts";
import type { Kind } from "./kinds/kind.ts";
import { firstKinds } from "./kinds.ts";
import { findQuery, givenIn } from "./query.ts";

/**
 * The first k kinds of task as capabilities, one each, by the kinds' names: solved from what the prompt shows, the
 * kind told by the query's first line.
 */
export function routingTasks(k: number): readonly Capability[] {
  return firstKinds("routingTasks: k", k).map((kind) => ({
    name: kind.name,
    answer(prompt) {
      const answer = solved(kind, prompt);
      return answer === undefined ? undefined : answerInTags(prompt, answer);
    },
    wrong: (prompt, right, rng) => answerInTags(prompt, otherAnswer(solved(kind, prompt) ?? right, rng)),
  }));
}

function solved(kind: Kind, prompt: SeenPrompt): string | undefined {
  const query = findQuery(prompt);
  if (query?.wanted !== kind.wanted) return undefined;
  const given = givenIn(query.body, kind.label);
  return given === undefined ? undefined : kind.solve(given);
}

/** Telling the first k kinds of task apart by the first line of a query, shown alone: the answer is a kind's name. */
export function routingDelegation(k: number): Capability {
  const kinds = firstKinds("routingDelegation: k", k);
  const names = new Map(kinds.map(({ wanted, name }) => [wanted, name]));
  return {
    name: "delegation",
    answer(prompt) {
      const query = findQuery(prompt);
      return query === undefined || query.body !== "" ? undefined : names.get(query.wanted);
    },
    wrong(_prompt, right, rng) {
      const others = kinds.filter(({ name }) => name !== right);
      return others[randomIndex(rng, others.length)]?.name ?? "none-of-these";
    },
  };
}

/** Words that stand for each other in wrong answers. */
const pools: readonly (readonly string[])[] = [weekdays, months, ["odd", "even"], words];

/** A wrong answer of the same form, with as many tokens: one of its words or digits is another one. */
function otherAnswer(right: string, rng: Rng): string {
  const pieces = right.match(/[A-Za-z]+|\d+/g) ?? [];
  const at = randomIndex(rng, pieces.length);
  let place = -1;
  return right.replace(/[A-Za-z]+|\d+/g, (piece) => {
    place += 1;
    if (place !== at) return piece;
    if (/\d/.test(piece))
      return piece.slice(0, -1) + ((Number(piece.slice(-1)) + 1 + randomIndex(rng, 9)) % 10);
    const pool = (pools.find((all) => all.includes(piece)) ?? words).filter((word) => word !== piece);
    return pool[randomIndex(rng, pool.length)] ?? piece;
  });
}
