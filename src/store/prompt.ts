/**
 * How the store writes what a model is asked: the prompt, each distinct one kept once, apart from the settings,
 * which change from call to call.
 */
import type { ModelRequest } from "../core/index.ts";

/** What a model reads. */
export type StoredPrompt = Pick<ModelRequest, "system" | "messages">;

/** What a model is asked, as it can be stored. */
export type StoredRequest = Omit<ModelRequest, "signal">;

/** What else a request says: `maxTokens`, `temperature`, `seed`, `stop`. */
export type RequestSettings = Omit<StoredRequest, keyof StoredPrompt>;

/** Writes the prompt of a request as JSON. */
export function promptJson({ system, messages }: StoredPrompt): string {
  return JSON.stringify({ system, messages });
}

/** Writes all of a request but its prompt as JSON. */
export function settingsJson({ system, messages, signal, ...settings }: ModelRequest): string {
  return JSON.stringify(settings);
}

/** Puts a request together again; stores of version 3 and before have all of it in its settings. */
export function readRequest(prompt: string | null, settings: string): StoredRequest {
  return { ...JSON.parse(prompt ?? "{}"), ...JSON.parse(settings) };
}

/** Most memory for known prompts, in characters; each counts as some more than its text. */
const mostCharacters = 4_000_000;
const charactersEach = 100;
/** Longer texts are not remembered: V8 does not tell them apart by hash, and their tokens take longer to count. */
const longestText = 10_000;

/**
 * The ids of prompts stored lately. While the parent stays the same, so do prompts; finding them here spares the
 * engine to write and hash each again.
 */
export class PromptIds {
  readonly #known = new Map<
    string,
    { readonly system: unknown; readonly role: string; readonly id: number }
  >();
  #characters = 0;

  /** The id of a prompt; undefined where it is not known, as prompts of several messages never are. */
  find({ system, messages }: StoredPrompt): number | undefined {
    const only = onlyMessage(messages);
    if (only === undefined) return undefined;
    const found = this.#known.get(only.text);
    return found?.system === system && found?.role === only.role ? found?.id : undefined;
  }

  /** Remembers the id of a prompt. */
  add({ system, messages }: StoredPrompt, id: number): void {
    const only = onlyMessage(messages);
    if (only === undefined) return;
    if (this.#characters > mostCharacters) {
      this.#known.clear();
      this.#characters = 0;
    }
    this.#known.set(only.text, { system, role: only.role, id });
    this.#characters += only.text.length + (system?.length ?? 0) + charactersEach;
  }
}

/** The message of a prompt that has one alone. Plugins are not checked: what they send may be anything. */
function onlyMessage(messages: StoredPrompt["messages"] | undefined) {
  const only = messages?.length === 1 ? messages[0] : undefined;
  return typeof only?.text === "string" && only.text.length <= longestText ? only : undefined;
}
