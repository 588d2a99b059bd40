/**
 * The text of a query: a first line of constant length (who asks, and what is wanted), then a body of constant
 * length whose one labelled line is what the query is about, among sentences that mean nothing. What is written
 * here is also read here, by the simulated models, in prompts of both modes.
 */
import { type Rng, randomIndex, type SeenPrompt, words } from "../../src/core/index.ts";
import type { Kind, Task } from "./kinds/kind.ts";

const people =
  "Nora Adam Anna David Maria Peter Julia Simon Laura Oscar Clara Felix Emma Paul Mark Jane".split(" ");

/** c: tokens of a first line, the same for all queries. */
const prefixTokens = 23;
/** Tokens of a first line without its labels and what is wanted. */
const frameTokens = 9;
/** Words of a sentence that means nothing. */
const sentenceWords = 8;

/** Writes a query: the first line, a line break, and a body of about so many tokens. */
export function writeQuery(kind: Kind, { given }: Task, bodyTokens: number, rng: Rng): string {
  const ticket = 100 + randomIndex(rng, 900);
  const person = people[randomIndex(rng, people.length)];
  const labels = randomWords(rng, prefixTokens - frameTokens - estimateTokens(` ${kind.wanted}`));
  const first = `Ticket ${ticket} from ${person}, labels ${labels}: ${kind.wanted}.`;
  const material = `${kind.label}: ${given}\n`;
  const filler = bodyTokens - estimateTokens(material) - (kind.extraTokens ?? 0) - 1;
  const before = randomIndex(rng, filler - 1) + 1;
  return `${first}\n${sentences(rng, before)}\n${material}${sentences(rng, filler - before)}`;
}

/** Sentences of about so many tokens, at least one word. */
function sentences(rng: Rng, tokens: number): string {
  const all: string[] = [];
  for (let left = tokens; left > 0; left -= sentenceWords + 1) {
    // No sentence is left with a full stop alone.
    const isLast = left <= sentenceWords + 2;
    all.push(`${randomWords(rng, isLast ? Math.max(left - 1, 1) : sentenceWords)}.`);
    if (isLast) break;
  }
  return all.join(" ");
}

function randomWords(rng: Rng, count: number): string {
  return Array.from({ length: count }, () => words[randomIndex(rng, words.length)]).join(" ");
}

const pieces = / ?[a-z]+| ?[A-Z][a-z]+| ?[A-Z]+|\d{1,3}|[^\sA-Za-z\d]+\n?| /g;

/** About how many tokens a text has: exact for usual words, digits and single marks. */
export function estimateTokens(text: string): number {
  return text.match(pieces)?.length ?? 0;
}

/** What a prompt shows of a query. */
export interface SeenQuery {
  readonly wanted: string;
  /** What follows the first line; empty where that is all. */
  readonly body: string;
}

const firstLine = /Ticket \d+ from \w+, labels [a-z ]+: ([^\n]+)\.(?:\n|$)/;

/** A prompt is read once, however many capabilities look at it. */
const seen = new WeakMap<SeenPrompt, { readonly query: SeenQuery | undefined }>();

/** Finds the query in a prompt: up to an empty line, where the prompt goes on with something else. */
export function findQuery(prompt: SeenPrompt): SeenQuery | undefined {
  const before = seen.get(prompt);
  if (before !== undefined) return before.query;
  const text = prompt.messages.at(-1)?.text ?? "";
  const found = firstLine.exec(text);
  const rest = found === null ? "" : text.slice(found.index + found[0].length);
  const query =
    found === null
      ? undefined
      : { wanted: found[1] ?? "", body: rest.startsWith("\n") ? "" : (rest.split("\n\n", 1)[0] ?? "") };
  seen.set(prompt, { query });
  return query;
}

/** What the labelled line of a body gives; undefined where there is none. */
export function givenIn(body: string, label: string): string | undefined {
  const start = `${label}: `;
  return body
    .split("\n")
    .find((line) => line.startsWith(start))
    ?.slice(start.length);
}
