/** The model seam: the one interface that every adapter and wrapper implements and every operator uses. */
import type { UsdPrice } from "./cost.ts";
import type { Parameters } from "./parameters.ts";

/** One turn of a conversation. */
export interface Message {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** What a model is asked. */
export interface ModelRequest {
  readonly system?: string | undefined;
  readonly messages: readonly Message[];
  /** Most output tokens; undefined leaves it to the model. */
  readonly maxTokens?: number | undefined;
  /** 0 asks for the likeliest answer; undefined leaves it to the model. */
  readonly temperature?: number | undefined;
  /** Whole number from 0 to 2^31 - 1. */
  readonly seed?: number | undefined;
  /** Texts at which the answer ends (they are not part of it). */
  readonly stop?: readonly string[] | undefined;
  /**
   * What an answer says, in a form in which equal answers are equal; undefined for one that cannot be read. For
   * who compares answers (voting); no model is sent it. Default: the text of an answer that came to its end.
   */
  readonly readAs?: ((answer: Pick<ModelResponse, "text" | "stopReason">) => string | undefined) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a model answered. */
export interface ModelResponse {
  readonly text: string;
  /** `stop`: finished by itself or at a stop text; `length`: cut at maxTokens; `other`: refused, filtered, ... */
  readonly stopReason: "stop" | "length" | "other";
  /** n as the provider counted it; undefined, never 0, where it did not. */
  readonly inputTokens: number | undefined;
  /** t as the provider counted it, reasoning tokens included; undefined where it did not. */
  readonly outputTokens: number | undefined;
  /** The provider's answer as it came. */
  readonly raw: unknown;
}

/** How calls to a model are carried out. Every field has a default; a free and deterministic model needs none. */
export interface CallPolicy {
  /** Tries after a first one that failed for a reason that may pass; default 4. */
  readonly retries?: number;
  /** Wait before the second try, doubled before each further one; default 1000. A server's Retry-After comes first. */
  readonly retryDelayMs?: number;
  /** Most time for one try, its wait for a free place aside; default 600,000. */
  readonly timeoutMs?: number;
  /** Most calls in flight at once; default: what the adapter says, else 16. */
  readonly concurrency?: number;
  /** Most tries begun in any 60 s; undefined: no limit. */
  readonly requestsPerMinute?: number;
  /** Most input and output tokens in any 60 s; undefined: no limit. */
  readonly tokensPerMinute?: number;
}

/** What a model is given to get ready. */
export interface PrepareContext {
  /** Variables such as API keys; the command line passes its own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Several answers to one request, of which the one that leads is taken. */
export interface Voting {
  /** v: the answer is the first that leads every other by so many votes. */
  readonly lead: number;
  /** Most calls for one answer; beyond, the request fails. */
  readonly mostCalls: number;
}

/** A large language model. `generate` throws a ModelError when the call fails. */
export interface Model {
  readonly name: string;
  readonly provider: string;
  /** m of Def. 2.2, in the same unit for all models of a campaign; NaN while only `prepare` can tell. */
  readonly size: number;
  /** True when the same request always gives the same answer, and at no charge: such calls need not be kept. */
  readonly isDeterministic: boolean;
  readonly price?: UsdPrice;
  /** The parameters it was made with, stored with the campaign. Never a secret. */
  readonly parameters?: Parameters;
  readonly calls?: CallPolicy;
  /** Most output tokens of a request that names none; undefined leaves it to the model. */
  readonly maxTokens?: number;
  /** Sampling temperature of a request that names none; undefined leaves it to the model. */
  readonly temperature?: number;
  /** Names of the tasks that it performs reliably (Def. 2.3); undefined: unknown. */
  readonly capabilities?: readonly string[];
  /** Set by `voting`: the engine asks until an answer leads. Each vote is a call and counts. */
  readonly voting?: Voting;
  /**
   * Makes the model ready: reaches its server or loads its file, and finds out what it did not know of itself.
   * Returns the model to call. Throws a ModelError that says how to mend it.
   */
  prepare?(context: PrepareContext): Promise<Model>;
  generate(request: ModelRequest): Promise<ModelResponse>;
  /** Lets go of what `prepare` took: memory, threads. */
  close?(): Promise<void>;
}

/** What a model can be used as. */
export const roles = [
  "mutator",
  "qa",
  "developer",
  "generalist",
  "delegator",
  "specialist",
  "judge",
  "decomposer",
] as const;

/** What a model is used as. */
export type Role = (typeof roles)[number];
