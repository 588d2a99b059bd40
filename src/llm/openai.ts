/**
 * Any server with OpenAI's chat interface: OpenAI, vLLM, llama.cpp, LM Studio, OpenRouter, ... It is the AI SDK
 * adapter over the provider @ai-sdk/openai-compatible. A key never goes to a server it does not belong to.
 */
import {
  type Model,
  type ModelError,
  type ModelRequest,
  type PrepareContext,
  UsageError,
} from "../core/index.ts";
import { type AdapterOptions, adapt, type Connection } from "./adapter.ts";
import { type AnswerEnd, callLanguageModel } from "./ai-sdk-call.ts";
import { type FailedAnswer, failedAnswer, plain, serverMessage, statusFailure } from "./http-failure.ts";
import { httpFetch } from "./http-fetch.ts";
import { findOpenAi, type OpenAiAddress, readBaseUrl, shownUrl } from "./openai-address.ts";
import { cutAtStop, OpenAiFields } from "./openai-fields.ts";
import { receiveStream } from "./openai-stream.ts";

/** Options of `openai`. */
export interface OpenAiOptions extends AdapterOptions {
  /** Where the server is, e.g. http://localhost:8000/v1; default: OPENAI_BASE_URL, else OpenAI's. */
  readonly baseUrl?: string;
  /** Better name a variable by `apiKeyVariable`: a campaign file may be shared. */
  readonly apiKey?: string;
  /** Variable that holds the key; default OPENAI_API_KEY, for OpenAI's server and that of OPENAI_BASE_URL. */
  readonly apiKeyVariable?: string;
  /** More headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** More fields of every request, e.g. { reasoning_effort: "low" }. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Whether the answer is sent piece by piece; default true. */
  readonly stream?: boolean;
}

const keys = ["baseUrl", "apiKey", "apiKeyVariable", "headers", "body", "stream"];

/** Fields of a request that `body` may not hold, with where they come from. */
const ownFields: Readonly<Record<string, string>> = {
  model: "the model's name",
  messages: "the operator",
  stop: "the operator",
  n: "the operator",
  seed: "the run",
  temperature: "the option temperature",
  max_tokens: "the option maxTokens",
  max_completion_tokens: "the option maxTokens",
  stream: "the option stream",
  stream_options: "the option stream",
};

/** Makes a model of an OpenAI-compatible server. Nothing is sent before the first call. */
export function openai(name: string, options: OpenAiOptions = {}): Model {
  const { baseUrl, apiKeyVariable, body, stream = true } = options;
  checkOpenAi(`openai model '${name}'`, options);
  return adapt({
    provider: "openai",
    name,
    options,
    keys,
    parameters: {
      baseUrl: baseUrl === undefined ? undefined : shownUrl(readBaseUrl(baseUrl) as URL),
      apiKeyVariable,
      body: body === undefined ? undefined : JSON.stringify(body),
      stream: stream ? undefined : false,
    },
    concurrency: 16,
    connect: (context) => connect(name, options, context),
  });
}

function checkOpenAi(where: string, options: OpenAiOptions): void {
  const { baseUrl, apiKey, apiKeyVariable, headers = {}, body = {}, stream = true } = options;
  const url = baseUrl === undefined ? undefined : readBaseUrl(baseUrl);
  if (typeof url === "string") throw new UsageError(`${where}: baseUrl ${url}`);
  if (apiKey !== undefined && apiKeyVariable !== undefined) {
    throw new UsageError(`${where}: give apiKey or apiKeyVariable, not both`);
  }
  if (typeof stream !== "boolean") {
    throw new UsageError(`${where}: stream must be true or false, got ${String(stream)}`);
  }
  for (const [header, value] of Object.entries(headers)) {
    if (typeof value !== "string") throw new UsageError(`${where}: header '${header}' must be a text`);
  }
  for (const field of Object.keys(body)) {
    const source = Object.hasOwn(ownFields, field) ? ownFields[field] : undefined;
    if (source !== undefined) {
      throw new UsageError(`${where}: body may not hold '${field}', which comes from ${source}`);
    }
  }
}

async function connect(name: string, options: OpenAiOptions, context: PrepareContext): Promise<Connection> {
  const { headers = {}, body, stream = true } = options;
  const address = findOpenAi(options, context);
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
  const fields = new OpenAiFields({ isRenamed: address.isOpenAi });
  const secrets = secretsOf(address, headers);
  /** How the answers ended, by the signals of their requests. */
  const ends = new WeakMap<AbortSignal, AnswerEnd>();
  const send = async (input: string | URL | Request, init: RequestInit = {}) => {
    const response = await httpFetch(input, init);
    if (!response.ok) {
      const answer = await failedAnswer(response);
      throw refusal(answer, { name, address, secrets, rejection: fields.learn(answer, String(init.body)) });
    }
    if (!stream) return response;
    const end: AnswerEnd = {};
    if (init.signal) ends.set(init.signal, end);
    return receiveStream(response, { end, address, secrets });
  };
  const base = new URL(address.url);
  base.search = "";
  const languageModel = createOpenAICompatible({
    name: "openai",
    baseURL: base.href,
    ...(address.key === undefined ? {} : { apiKey: address.key }),
    headers,
    queryParams: Object.fromEntries(address.url.searchParams),
    includeUsage: true,
    fetch: send,
    transformRequestBody: (sent) => ({ ...fields.shape(sent), ...body }),
  }).chatModel(name);
  const endOf = (signal: AbortSignal) => ends.get(signal);
  const manner = { stream, url: address.url.href, secrets, endOf };
  return {
    async generate(request: ModelRequest) {
      const response = await callLanguageModel(languageModel, request, manner);
      if (!fields.lacksStop || request.stop === undefined) return response;
      const text = cutAtStop(response.text, request.stop);
      return text === response.text ? response : { ...response, text, stopReason: "stop" };
    },
  };
}

/** Texts that no message may hold: the key, a password, and headers that look like either. */
function secretsOf(
  { key, url }: OpenAiAddress,
  headers: Readonly<Record<string, string>>,
): readonly string[] {
  const secretHeaders = Object.entries(headers).filter(([header]) =>
    /auth|key|token|secret|cookie/i.test(header),
  );
  const values = secretHeaders.flatMap(([, value]) => [value, ...value.split(/\s+/)]);
  const texts = [key ?? "", url.password, ...url.searchParams.values(), ...values];
  return texts
    .filter((text) => text.length >= 4 && !/^bearer$/i.test(text))
    .sort((a, b) => b.length - a.length);
}

/** Says that the server refused a call. */
function refusal(
  answer: FailedAnswer,
  known: {
    readonly name: string;
    readonly address: OpenAiAddress;
    readonly secrets: readonly string[];
    readonly rejection: ReturnType<OpenAiFields["learn"]>;
  },
): ModelError {
  const { name, address, secrets, rejection } = known;
  const { status, headers, body } = answer;
  const base = shownUrl(address.url);
  if (rejection?.kind === "no-limit") {
    const fix = "the server takes no limit of output tokens, so leave out maxTokens and budgets of cost";
    return statusFailure(answer, { secrets, isFatal: true, fix });
  }
  if (rejection !== undefined) {
    return statusFailure(answer, { secrets, isRetryable: true, retryAfterMs: 0, fix: rejection.consequence });
  }
  if (status >= 300 && status < 400) {
    const fix = `the server wants ${plain(headers.location ?? "another address", secrets)}: change the base URL`;
    return statusFailure(answer, { secrets, isFatal: true, fix });
  }
  if (status === 401 || status === 403) return statusFailure(answer, { secrets, fix: address.keyAdvice });
  const isUnknownModel = status === 400 && unknownModel.test(plain(serverMessage(body)));
  if (status === 404 || status === 405 || isUnknownModel) {
    const hint = /\/v\d/.test(address.url.pathname) || isUnknownModel ? "" : `: is the base URL ${base}/v1?`;
    const fix = `there is no model '${name}', or no chat interface at ${base}${hint}`;
    return statusFailure(answer, { secrets, isFatal: true, fix });
  }
  return statusFailure(answer, { secrets });
}

/** What servers say that answer 400, not 404, to a model they do not have. */
const unknownModel =
  /invalid model|unknown model|not a valid model|model .{0,80}(?:not found|does not exist)/i;
