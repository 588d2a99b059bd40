/**
 * The optional fields of a request to an OpenAI-compatible server. Many servers reject one that they do not
 * know; which ones is learned from their answers, so that the next request leaves them out.
 */
import { type FailedAnswer, parsed, plain, serverMessage } from "./http-failure.ts";

type Body = Readonly<Record<string, unknown>>;

/** Fields that can be left out: they ask for less chance or for counts, or can be done here. */
const optional = ["temperature", "seed", "stop", "stream_options"] as const;
/** Names of the limit of output tokens. It may be renamed, but never be left out: a budget relies on it. */
const limits = ["max_tokens", "max_completion_tokens"] as const;

/** What a server turned out to reject. */
export type Rejection =
  | { readonly kind: "learned"; readonly consequence: string }
  /** It takes no limit of output tokens under either name. */
  | { readonly kind: "no-limit" };

/** What is known of the fields that one model takes. */
export class OpenAiFields {
  readonly #leftOut = new Set<string>();
  #isRenamed: boolean;

  constructor({ isRenamed }: { readonly isRenamed: boolean }) {
    this.#isRenamed = isRenamed;
  }

  /** Whether stop texts are not sent, so that the answer must be cut here. */
  get lacksStop(): boolean {
    return this.#leftOut.has("stop");
  }

  /** The body to send for one that holds every field. */
  shape({ max_tokens: limit, ...body }: Body): Body {
    const named = limit === undefined ? {} : { [this.#isRenamed ? limits[1] : limits[0]]: limit };
    return Object.fromEntries(
      Object.entries({ ...body, ...named }).filter(
        ([name, value]) => value !== undefined && !this.#leftOut.has(name),
      ),
    );
  }

  /** Learns from an answer to a body; undefined when the server rejects something else. */
  learn(answer: FailedAnswer, sentBody: string): Rejection | undefined {
    const rejected = rejectedFields(answer, Object.keys(parsed(sentBody) ?? {}));
    if (rejected.length === 0) return undefined;
    if (rejected.includes(limits[1])) return { kind: "no-limit" };
    const left = rejected.filter((name) => name !== limits[0]);
    for (const name of left) this.#leftOut.add(name);
    const consequences = left.length === 0 ? [] : [`${left.join(" and ")} will be left out`];
    if (rejected.includes(limits[0])) {
      this.#isRenamed = true;
      consequences.push(`${limits[0]} will be sent as ${limits[1]}`);
    }
    return { kind: "learned", consequence: consequences.join(", ") };
  }
}

/** The words of servers that do not know a field. A value out of its range is another matter. */
const unknown =
  /unsupported|(?:not|n't) (?:be )?support|unrecognized|unknown|unexpected|extra_forbidden|not (?:permitted|allowed|available)|not a valid (?:field|param)|invalid (?:field|parameter)|cannot find field/i;

function rejectedFields(answer: FailedAnswer, sent: readonly string[]): readonly string[] {
  if (answer.status !== 400 && answer.status !== 422) return [];
  // Only the server's own words: the rest of the body may repeat the prompt.
  const said = plain(serverMessage(answer.body));
  if (!unknown.test(said)) return [];
  const [, param] = /"param"\s*:\s*"([\w.]+)"/.exec(answer.body) ?? [];
  return [...optional, ...limits].filter(
    (name) =>
      sent.includes(name) &&
      (param === undefined
        ? new RegExp(`(?<![\\w.])${name}(?!\\w)`).test(said)
        : param.split(".")[0] === name),
  );
}

/** Cuts a text at the first stop text, as a server does that knows them. */
export function cutAtStop(text: string, stop: readonly string[]): string {
  const ends = stop.map((end) => text.indexOf(end)).filter((at) => at >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}
