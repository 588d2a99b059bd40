/**
 * The simulated model: a seeded stochastic text generator that costs nothing. It sees the prompt alone; it
 * knows no problem and reaches no evaluator. What it can do is rewrite text: it answers with random words in
 * the shape of the text it was shown, with declared rates of error, and with real token counts.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  checkBetween,
  checkKeys,
  type Model,
  type ModelRequest,
  type ModelResponse,
  parametersOf,
  type Rng,
  randomIndex,
  rngFrom,
  words,
} from "../core/index.ts";
import { countRequestTokens, countTokens, firstTokens } from "./tokenizer.ts";

/** How long a call takes: a constant part and a part for each token. */
export interface SimulatedLatency {
  readonly perCallMs?: number;
  readonly perInputTokenMs?: number;
  readonly perOutputTokenMs?: number;
}

/** Options of a simulated model. */
export interface SimulatedOptions {
  /** Default "simulated". */
  readonly name?: string;
  /** m of Def. 2.2; default 1. */
  readonly size?: number;
  /** Share of answers that do not keep to the asked format, from 0 to 1; default 0. */
  readonly malformedRate?: number;
  /** Default: answers at once. */
  readonly latency?: SimulatedLatency;
}

/**
 * Makes a simulated model. The same request (seed included) always gets the same answer; temperature 0
 * makes the answer depend on the prompt alone, as greedy decoding does.
 */
export function simulated(options: SimulatedOptions = {}): Model {
  checkKeys("simulated", options, ["name", "size", "malformedRate", "latency"]);
  const { name = "simulated", size = 1, malformedRate = 0, latency } = options;
  checkBetween("simulated: size", size, Number.MIN_VALUE, Number.MAX_VALUE);
  checkBetween("simulated: malformedRate", malformedRate, 0, 1);
  return Object.freeze({
    name,
    provider: "simulated",
    size,
    isDeterministic: true,
    parameters: parametersOf({ malformedRate, ...latency }),
    async generate(request: ModelRequest): Promise<ModelResponse> {
      request.signal?.throwIfAborted();
      const prompt = request.messages.at(-1)?.text ?? "";
      const key = request.temperature === 0 ? prompt : (request.seed ?? 0);
      const answer = limit(write(prompt, rngFrom("simulated", key), malformedRate), request);
      const inputTokens = countRequestTokens(request);
      if (latency !== undefined) {
        const { perCallMs = 0, perInputTokenMs = 0, perOutputTokenMs = 0 } = latency;
        const ms = perCallMs + perInputTokenMs * inputTokens + perOutputTokenMs * answer.outputTokens;
        await sleep(ms, undefined, request.signal === undefined ? {} : { signal: request.signal });
      }
      return { ...answer, inputTokens, raw: undefined };
    },
  });
}

const taggedPart = /(<(component(?:-x)*) name="(?:[^"\\]|\\.)*">\n)([\s\S]*?)(<\/\2>)/g;

/** Rewrites what the prompt shows: each tagged part if there is any, else the whole of it. */
function write(prompt: string, rng: Rng, malformedRate: number): string {
  const isMalformed = malformedRate > 0 && rng() < malformedRate;
  if (isMalformed && rng() < 0.5) return "";
  if (!prompt.includes("<component")) {
    return (isMalformed ? "Here is a better version:\n" : "") + randomWords(prompt, rng);
  }
  const parts: string[] = [];
  for (const [, open = "", , text = "", close = ""] of prompt.matchAll(taggedPart)) {
    parts.push(isMalformed ? randomWords(text, rng) : open + randomWords(text, rng) + close);
  }
  return parts.join("\n");
}

/** Puts a random word in the place of every word and keeps the white space. */
function randomWords(text: string, rng: Rng): string {
  return text.replace(/\S+/g, () => words[randomIndex(rng, words.length)] ?? "");
}

/** Ends the answer at the first stop text and at maxTokens. */
function limit(text: string, { stop = [], maxTokens }: ModelRequest) {
  const cuts = stop.map((end) => text.indexOf(end)).filter((at) => at >= 0);
  const stopped = cuts.length === 0 ? text : text.slice(0, Math.min(...cuts));
  const outputTokens = countTokens(stopped);
  if (maxTokens === undefined || outputTokens <= maxTokens) {
    return { text: stopped, stopReason: "stop", outputTokens } as const;
  }
  return { text: firstTokens(stopped, maxTokens), stopReason: "length", outputTokens: maxTokens } as const;
}
