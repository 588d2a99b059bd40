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

/** A large language model. `generate` throws a ModelError when the call fails. */
export interface Model {
  readonly name: string;
  readonly provider: string;
  /** m of Def. 2.2, in the same unit for all models of a campaign. */
  readonly size: number;
  /** True when the same request always gives the same answer, and at no charge: such calls need not be kept. */
  readonly isDeterministic: boolean;
  readonly price?: UsdPrice;
  /** The parameters it was made with, stored with the campaign. */
  readonly parameters?: Parameters;
  generate(request: ModelRequest): Promise<ModelResponse>;
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
