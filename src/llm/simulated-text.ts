/**
 * What the simulated models share: a model that rewrites the parts which its prompt shows, seeded, with real
 * token counts, the limits of a request, a declared share of malformed answers, and a latency. It sees the
 * prompt alone; it knows no problem and reaches no evaluator.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  checkBetween,
  checkWhole,
  type Model,
  type ModelRequest,
  type ModelResponse,
  type Parameters,
  parametersOf,
  type Rng,
  rngFrom,
  type UsdPrice,
} from "../core/index.ts";
import { checkPrice } from "./adapter.ts";
import {
  askedMarkers,
  asksForNote,
  blocksAnswer,
  mergedTexts,
  othersIn,
  promptWords,
  type Rewriter,
} from "./simulated-answers.ts";
import { countRepeated, countRequestTokens, countTokens, firstTokens } from "./tokenizer.ts";

/** How long a call takes: a constant part and a part for each token. */
export interface SimulatedLatency {
  readonly perCallMs?: number;
  readonly perInputTokenMs?: number;
  readonly perOutputTokenMs?: number;
}

/** Options of a simulated model. */
export interface SimulatedOptions {
  /** Default: the name of its function in `plugins`, e.g. "simulated". */
  readonly name?: string;
  /** m of Def. 2.2; default 1. */
  readonly size?: number;
  /** Share of answers that do not keep to the asked format, from 0 to 1; default 0. */
  readonly malformedRate?: number;
  /** Share of components, among those taken from one of two shown solutions, that are rewritten; default 0. */
  readonly rewriteRate?: number;
  /** Default: answers at once. */
  readonly latency?: SimulatedLatency;
  /** Most calls in flight at once: the workers of section 5.3. Default: no limit. */
  readonly concurrency?: number;
  /** What its tokens are taken to cost; default: no price. */
  readonly price?: UsdPrice;
}

/** The keys of `SimulatedOptions`, for `checkKeys`. */
export const simulatedKeys = [
  "name",
  "size",
  "malformedRate",
  "rewriteRate",
  "latency",
  "concurrency",
  "price",
] as const;

/** A text that the prompt shows to be rewritten. */
export interface PromptPart {
  /** The component's name; undefined where the prompt has no tags and is one part as a whole. */
  readonly name: string | undefined;
  readonly text: string;
}

/** What is particular to one kind of simulated model. */
export interface SimulatedKind {
  /** Its generator's key and its default name. */
  readonly kind: string;
  /** Parameters beside those of `SimulatedOptions`. */
  readonly parameters?: Parameters;
  /** Writes each part anew, in order. */
  rewrite(parts: readonly PromptPart[], rng: Rng, request: ModelRequest): readonly string[];
  /** Answers by itself, whatever the prompt shows; `rewrite` and `note` are then not used. */
  answer?(request: ModelRequest, rng: Rng): string;
  /** Writes so many words of a note; default: words of the prompt. */
  note?(wordCount: number, rng: Rng): string;
}

/**
 * Makes a simulated model of a kind. The same request (seed included) always gets the same answer;
 * temperature 0 makes the answer depend on the prompt alone, as greedy decoding does.
 */
export function simulatedModel(
  { kind, parameters, rewrite, answer, note }: SimulatedKind,
  options: SimulatedOptions,
): Model {
  const { name = kind, size = 1, malformedRate = 0, rewriteRate, latency, concurrency, price } = options;
  checkBetween(`${kind}: size`, size, Number.MIN_VALUE, Number.MAX_VALUE);
  checkBetween(`${kind}: malformedRate`, malformedRate, 0, 1);
  if (rewriteRate !== undefined) checkBetween(`${kind}: rewriteRate`, rewriteRate, 0, 1);
  if (concurrency !== undefined) checkWhole(`${kind}: concurrency`, concurrency, 1);
  if (price !== undefined) checkPrice(`${kind}: price`, price);
  const write = (request: ModelRequest): string => {
    const prompt = request.messages.at(-1)?.text ?? "";
    const rng = rngFrom(kind, request.temperature === 0 ? prompt : (request.seed ?? 0));
    const isMalformed = malformedRate > 0 && rng() < malformedRate;
    if (isMalformed && rng() < 0.5) return "";
    if (answer !== undefined) {
      const text = answer(request, rng);
      return isMalformed ? `Here is my answer.\n${text.replace(anyTag, "")}` : text;
    }
    if (asksForNote(request)) {
      if (isMalformed) return "";
      const write = note ?? ((count: number) => promptWords(prompt, count, rng));
      return wordsWithin(write(noteWords, rng), request.maxTokens);
    }
    const again: Rewriter = (parts) => rewrite(parts, rng, request);
    if (!prompt.includes("<component")) {
      const [text = ""] = again([{ name: undefined, text: prompt }]);
      return (isMalformed ? "Here is a better version:\n" : "") + text;
    }
    const shown = [...prompt.matchAll(taggedPart)].map(
      ([, opening = "", , json = '""', text = "", closing = ""]) => ({
        ...{ opening, closing, json, part: { name: nameIn(json), text } },
      }),
    );
    const markers = askedMarkers(request);
    if (markers !== undefined && shown.length > 0) {
      return blocksAnswer(shown, markers, rng, isMalformed, again);
    }
    const parts = shown.map(({ part }) => part);
    const others = othersIn(prompt);
    const texts =
      others === undefined
        ? again(parts)
        : mergedTexts(
            parts,
            shown.map(({ json }) => others.get(json)),
            rng,
            rewriteRate ?? 0,
            again,
          );
    return texts
      .map((text, index) => (isMalformed ? text : `${shown[index]?.opening}${text}${shown[index]?.closing}`))
      .join("\n");
  };
  return Object.freeze({
    name,
    provider: "simulated",
    size,
    isDeterministic: true,
    parameters: parametersOf({ ...parameters, malformedRate, rewriteRate, ...latency }),
    ...(price === undefined ? {} : { price }),
    ...(concurrency === undefined ? {} : { calls: { concurrency } }),
    async generate(request: ModelRequest): Promise<ModelResponse> {
      request.signal?.throwIfAborted();
      const written = limit(write(request), request);
      const inputTokens = countRequestTokens(request);
      if (latency !== undefined) {
        const { perCallMs = 0, perInputTokenMs = 0, perOutputTokenMs = 0 } = latency;
        const ms = perCallMs + perInputTokenMs * inputTokens + perOutputTokenMs * written.outputTokens;
        await sleep(ms, undefined, request.signal === undefined ? {} : { signal: request.signal });
      }
      return { ...written, inputTokens, raw: undefined };
    },
  });
}

/** A component as `writeTagged` writes it: opening tag, its word, the name as JSON, text, closing tag. */
const taggedPart = /(<(component(?:-x)*) name=("(?:[^"\\]|\\.)*")>\n)([\s\S]*?)(<\/\2>)/g;

/** The tag of a component alone on a line. */
const anyTag = /^<\/?component(?:-x)*(?: name="(?:[^"\\]|\\.)*")?>\n?/gm;

/** Removes the tagged components from a prompt and leaves what is said about them. */
export function withoutParts(prompt: string): string {
  return prompt.replace(taggedPart, "");
}

/** The name in a tag; a prompt may show what only looks like a tag. */
function nameIn(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return json.slice(1, -1);
  }
}

/** Words of a note. */
const noteWords = 16;

/** The first words of a text, as many as so many tokens hold. */
function wordsWithin(text: string, maxTokens: number | undefined): string {
  const all = text.split(" ");
  while (maxTokens !== undefined && all.length > 0 && countTokens(all.join(" ")) > maxTokens) all.pop();
  return all.join(" ");
}

/** Most characters of an answer whose tokens are remembered. */
const longestVote = 1000;

/** Ends the answer at the first stop text and at maxTokens. */
function limit(text: string, { stop = [], maxTokens }: ModelRequest) {
  const cuts = stop.map((end) => text.indexOf(end)).filter((at) => at >= 0);
  const stopped = cuts.length === 0 ? text : text.slice(0, Math.min(...cuts));
  // A short answer may come again, as votes do; a long one is hardly given twice, and is not to be kept.
  const outputTokens = stopped.length > longestVote ? countTokens(stopped) : countRepeated(stopped);
  if (maxTokens === undefined || outputTokens <= maxTokens) {
    return { text: stopped, stopReason: "stop", outputTokens } as const;
  }
  return { text: firstTokens(stopped, maxTokens), stopReason: "length", outputTokens: maxTokens } as const;
}
