/** Where an OpenAI-compatible server is, and which key belongs to it. */
import { ModelError, type PrepareContext } from "../core/index.ts";

/** A server and the key for it. */
export interface OpenAiAddress {
  /** Without a slash at its end. */
  readonly url: URL;
  /** Whether it is OpenAI's own server. */
  readonly isOpenAi: boolean;
  /** Undefined when none is sent. */
  readonly key: string | undefined;
  /** What the user can do about a key that is missing or wrong. */
  readonly keyAdvice: string;
}

/** What the user said of it. */
export interface GivenAddress {
  readonly baseUrl?: string;
  readonly apiKey?: string;
  readonly apiKeyVariable?: string;
}

const openAiBaseUrl = "https://api.openai.com/v1";

/**
 * Finds the server and its key. OPENAI_API_KEY goes to OpenAI's own server, and to the one that
 * OPENAI_BASE_URL names, and to no other. Throws a ModelError when a variable is missing or no address.
 */
export function findOpenAi(given: GivenAddress, { environment }: PrepareContext): OpenAiAddress {
  const fromEnvironment = given.baseUrl === undefined ? environment.OPENAI_BASE_URL?.trim() : undefined;
  const url = readBaseUrl(given.baseUrl ?? (fromEnvironment || openAiBaseUrl));
  if (typeof url === "string") throw new ModelError(`OPENAI_BASE_URL ${url}`, { isFatal: true });
  const isOpenAi = url.origin === new URL(openAiBaseUrl).origin;
  if (given.apiKey !== undefined) {
    return { url, isOpenAi, key: given.apiKey, keyAdvice: "check the option apiKey" };
  }
  const isOurs = isOpenAi || Boolean(fromEnvironment);
  const variable = given.apiKeyVariable ?? (isOurs ? "OPENAI_API_KEY" : undefined);
  const key = variable === undefined ? undefined : environment[variable]?.trim() || undefined;
  if (key === undefined && (isOpenAi || given.apiKeyVariable !== undefined)) {
    const message = `The key for ${shownUrl(url)} is missing: set the environment variable ${variable}`;
    throw new ModelError(message, { isFatal: true });
  }
  const keyAdvice =
    key === undefined
      ? "no key was sent: name the variable that holds it with apiKeyVariable (',key=VARIABLE' in a text)"
      : `check the key in ${variable}`;
  return { url, isOpenAi, key, keyAdvice };
}

/** Reads a base URL; what is wrong with it where it is none. */
export function readBaseUrl(text: string): URL | string {
  const expected = `must be a URL such as http://localhost:8000/v1, got '${text}'`;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return expected;
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return expected;
  url.hash = "";
  url.pathname = url.pathname.replace(/\/+$/, "").replace(/\/chat\/completions$/, "");
  return url;
}

/** A URL as it may be shown: without a password and without a query, which may hold a key. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/$/, "")}`;
}
