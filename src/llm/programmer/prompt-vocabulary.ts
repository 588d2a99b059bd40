/**
 * What the simulated programmer finds in a prompt beside the code it rewrites: lists of options, literals,
 * numbers, and the names that signatures and back-quoted words give.
 */
import type { ModelRequest } from "../../core/index.ts";
import { withoutParts } from "../simulated-text.ts";
import { once } from "./once.ts";

/** Words of a prompt that a rewrite may use. */
export interface PromptVocabulary {
  /**
   * The options, without quotes, of the list that the literal is in: the list whose line begins with the
   * label, else the last one; lists after "one of:" come before lists of quoted texts.
   */
  optionsOf(literal: string, label?: string): readonly string[] | undefined;
  /** Contents of short quoted texts, each once. */
  literals(): readonly string[];
  /** Numbers in the words about the components. */
  numbers(): readonly string[];
  /** Names of functions in the words about the components. */
  functions(): readonly string[];
  /** Names of parameters, and back-quoted names, in the words about the components. */
  variables(): readonly string[];
}

interface OptionList {
  readonly label: string;
  readonly options: readonly string[];
}

/** Reads a prompt; each kind of words when it is first asked for. */
export function promptVocabulary({ system = "", messages }: ModelRequest): PromptVocabulary {
  const whole = [system, ...messages.map((message) => message.text)].join("\n");
  const about = once(() => withoutParts(whole));
  const declared = once(() => declaredLists(whole));
  const quoted = once(() => quotedLists(whole));
  const signatures = once(() => [...about().matchAll(/([A-Za-z_$][\w$]*)\(([^()\n]*)\)/g)]);
  const choose = (lists: readonly OptionList[], literal: string, label: string | undefined) => {
    const holding = lists.filter(({ options }) => options.includes(literal));
    return (holding.find((list) => list.label === label) ?? holding.at(-1))?.options;
  };
  return {
    optionsOf: (literal, label) => choose(declared(), literal, label) ?? choose(quoted(), literal, label),
    literals: once(() => distinct(whole.matchAll(/(?<![\w=])(["'`])([^"'`\\\n]{0,60})\1(?!\w)/g), 2)),
    numbers: once(() => distinct(about().matchAll(/(?<![\w.])(\d+(?:\.\d+)?)(?!\w)/g), 1)),
    functions: once(() => distinct(signatures(), 1)),
    variables: once(() => [
      ...new Set([
        ...signatures().flatMap(([, , parameters = ""]) =>
          parameters.split(",").flatMap((text) => /^\s*([A-Za-z_$][\w$]*)/.exec(text)?.[1] ?? []),
        ),
        ...distinct(about().matchAll(/`([A-Za-z_$][\w$]*)`/g), 1),
      ]),
    ]),
  };
}

/** Lists such as `- loader: one of: csv, json`, to the end of the line or of the sentence. */
function declaredLists(text: string): OptionList[] {
  return [...text.matchAll(/^(.*?)\bone of:[ \t]*(.*)$/gim)].map(([, before = "", list = ""]) => ({
    label: labelOf(before),
    options: optionsIn(list.replace(/(?:\.\s.*|\.$|;.*)/, "").split(/,\s+/)),
  }));
}

/** Lists such as `loader: ['csv', 'json']`, in code or in words; `'a': 'b', 'c': 'd'` is none. */
function quotedLists(text: string): OptionList[] {
  const list = /^(.*?)((['"`])[^'"`\n]{0,60}\3(?:,\s*\3[^'"`\n]{0,60}\3(?!\s*:))+)/gm;
  return [...text.matchAll(list)].map(([, before = "", items = ""]) => ({
    label: labelOf(before),
    options: optionsIn(items.split(/,\s*(?=['"`])/)),
  }));
}

/** The name at the beginning of a line, e.g. "loader" of `# - loader: [`. */
function labelOf(before: string): string {
  return before.replace(/^[\s#/*-]+|[\s:=[({]+$/g, "");
}

function optionsIn(items: readonly string[]): string[] {
  const bare = items.map((item) => unquoted(item.trim().replace(/^[[(]|[\])]$/g, "")));
  return [...new Set(bare)].filter((option) => option !== "");
}

/** A text without the quotes around it. */
export function unquoted(text: string): string {
  return /^(["'`])[\s\S]*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}

function distinct(matches: Iterable<RegExpExecArray>, group: number): string[] {
  return [...new Set(Array.from(matches, (match) => match[group] ?? ""))];
}
