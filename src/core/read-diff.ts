/**
 * Reads SEARCH/REPLACE blocks from an answer, as models really write them, and applies them. A slip is mended
 * only where its meaning is beyond doubt; everything else is a rejection that says what was wrong. No answer
 * makes it throw, no component changes that no block is about, and its time is linear in the length of the
 * answer and of the components.
 *
 * - Blocks apply in order, each to the text as the blocks before it left it.
 * - A block is found by whole lines, in one component, once; where tags around it or a name behind its first
 *   marker name a component, in that one. Exact lines come first, then those that differ in white space at
 *   their ends, then those that are all indented alike too far or too little: then the new lines are, too.
 * - One block that cannot be applied rejects the answer: half of a change is another change.
 * - A block that changes nothing, or came before word for word, is passed over.
 * - Of an answer that was cut, whole blocks count if the cut is outside of all blocks.
 */
import { mayHoldFence } from "./answer-fence.ts";
import { isCodeLanguage, isPlainText } from "./answer-language.ts";
import { type AnswerParts, findParts } from "./answer-parts.ts";
import { findFault, likeOriginal, readBody, shorten } from "./answer-text.ts";
import type { Component, Genome } from "./component.ts";
import { findBreach } from "./component-breach.ts";
import { tagFor } from "./component-tag.ts";
import { type AnswerBlocks, type Block, findBlocks, isFenceLine, wasCut } from "./diff-blocks.ts";
import { markersFor, readMarker } from "./diff-markers.ts";
import { fenced, type Reading, readingsOf, withoutTagLines } from "./diff-readings.ts";
import { DiffText, type Found } from "./diff-text.ts";
import { readUnified } from "./diff-unified.ts";
import { findLeftOut } from "./left-out.ts";
import type { ModelResponse } from "./model.ts";
import { proposed, type Rewrite, rejected } from "./operator.ts";
import { readTagged } from "./read-answer.ts";

/** Comparisons of lines that each character of answer and components pays for. */
const workPerCharacter = 8;

/**
 * Reads the answer to a prompt that shows all components between tags (`writeTagged`) and asks for blocks
 * (`diffFormat`): the components that blocks change, and no others.
 *
 * An answer without blocks may give components as a whole, between their tags, or a unified diff whose hunks
 * are found as blocks are, without their line numbers.
 */
export function readDiff(
  answer: string,
  genome: Genome,
  stopReason: ModelResponse["stopReason"] = "stop",
): Rewrite {
  const found = findBlocks(answer, genome, markersFor(genome), stopReason);
  if (found.fault !== undefined) return rejected(found.fault);
  return found.blocks.length > 0
    ? new Application(answer, genome).apply(found.blocks, found.whole)
    : readOtherForm(answer, genome, stopReason, found.misspelt);
}

/** Applies blocks to the texts of a solution. */
class Application {
  readonly #genome: Genome;
  readonly #tag: string;
  readonly #places: ReadonlyMap<string, number>;
  readonly #text: DiffText;

  constructor(answer: string, genome: Genome) {
    this.#genome = genome;
    this.#tag = tagFor(genome);
    this.#places = new Map(genome.map(({ name }, place) => [name, place]));
    const length = genome.reduce((sum, { text }) => sum + text.length, answer.length);
    this.#text = new DiffText(genome, workPerCharacter * length + 10_000);
  }

  apply(blocks: readonly Block[], whole: AnswerBlocks["whole"] = []): Rewrite {
    const known = new Set<string>();
    for (const block of blocks) {
      if (blocks.length > 1) {
        // Models repeat blocks, e.g. after a draft.
        const key = `${block.place}\n${block.search.join("\n")}\n\r${block.replace.join("\n")}`;
        if (known.has(key)) continue;
        known.add(key);
      }
      const fault = this.#applyOne(block);
      if (fault !== undefined) return rejected(`block ${block.number} ${fault}`);
    }
    const changes = new Map<number, string>();
    for (const place of this.#text.changed) {
      const component = this.#genome[place];
      if (component === undefined) continue;
      const text = likeOriginal(this.#text.textOf(place), component, this.#genome);
      if (text === component.text) continue;
      const fault = faultOf(text, component);
      if (fault !== undefined) return rejected(fault);
      changes.set(place, text);
    }
    for (const { place, text } of whole) {
      const component = this.#genome[place];
      const isKnown = [component?.text, changes.get(place)].some((one) => one?.trim() === text.trim());
      if (!isKnown) return rejected(`the answer gives component ${component?.name} beside its blocks`);
    }
    return changes.size === 0 ? rejected("the answer's blocks change nothing") : proposed(changes);
  }

  /** Applies a block; says why it cannot. */
  #applyOne(block: Block): string | undefined {
    const bare = withoutTagLines(block, this.#tag, this.#places);
    const place = block.place ?? bare.place;
    if (bare.place !== undefined && bare.place !== place) return "names two components";
    for (const line of [...bare.search, ...bare.replace]) {
      if (line.includes(`<${this.#tag}`) || line.includes(`</${this.#tag}`)) {
        return `holds a tag: ${shorten(line)}`;
      }
    }
    if (bare.search.join("\n") === bare.replace.join("\n")) return undefined;
    if (bare.search.every((line) => line.trim() === "")) return this.#fill(bare.replace, place);
    for (const reading of readingsOf(bare)) {
      if (block.isExact && (reading.search !== bare.search || reading.replace !== bare.replace)) break;
      const found = this.#text.find(reading.search, place, reading.canShift && !block.isExact);
      if (found.status !== "none") return this.#put(reading, found);
    }
    return this.#describeMissing(bare.search, place);
  }

  /** Nothing to find is the text of an empty component. */
  #fill(lines: readonly string[], place: number | undefined): string | undefined {
    if (lines.every((line) => line.trim() === "")) return undefined;
    const places = place === undefined ? [...this.#genome.keys()] : [place];
    const [only, second] = places.filter((one) => this.#text.isBlank(one));
    const component = this.#genome[only ?? -1];
    if (only === undefined || component === undefined || second !== undefined) return "has nothing to find";
    const text = unfenced(lines, component);
    if (text === undefined) return "mixes text and code fences";
    this.#text.replaceAll(only, text);
    return undefined;
  }

  #put({ search, replace }: Reading, found: Found): string | undefined {
    if (found.status === "none") return undefined;
    if (found.status === "exhausted") return "has lines that come too often to be found";
    if (found.status === "several") {
      const [one, other] = found.places.map((place) => this.#genome[place]?.name);
      return one === other
        ? `has a text to find that is in component ${one} more than once`
        : `has a text to find that is in components ${one} and ${other}`;
    }
    const component = this.#genome[found.match.place];
    const text = component === undefined || search.some(isFenceLine) ? replace : unfenced(replace, component);
    if (text === undefined) return "mixes text and code fences";
    return this.#text.replace(found.match, search, text)
      ? undefined
      : "is indented otherwise than the text it was found in";
  }

  #describeMissing(search: readonly string[], place: number | undefined): string {
    const component = this.#genome[place ?? 0];
    const leftOut =
      search.find((line) => /^\s*(?:\.{3,}|…)\s*$/.test(line)) ??
      (component && findLeftOut(search.join("\n"), { ...component, text: "" }));
    if (leftOut !== undefined) return `leaves out lines of the text to find: ${shorten(leftOut)}`;
    return place === undefined
      ? "has a text to find that is in no component"
      : `has a text to find that is not in component ${component?.name}`;
  }
}

/** Takes off the fence around new lines for a component that has none; undefined where fences are mixed in. */
function unfenced(lines: readonly string[], { language, text }: Component): readonly string[] | undefined {
  if (isPlainText(language) === true || mayHoldFence(text) || !lines.some(isFenceLine)) return lines;
  const inner = fenced(lines);
  if (inner !== undefined) return inner;
  return language !== undefined && isCodeLanguage(language) ? undefined : lines;
}

/** Says what is wrong with a new text; undefined where nothing is known to be. */
function faultOf(text: string, component: Component): string | undefined {
  const fault = findFault(text, component) ?? findBreach(component, text);
  if (fault !== undefined) return fault;
  const leftOut = findLeftOut(text, component);
  return leftOut === undefined ? undefined : `the answer leaves out code: ${shorten(leftOut)}`;
}

/** Reads an answer without blocks. */
function readOtherForm(
  answer: string,
  genome: Genome,
  stopReason: ModelResponse["stopReason"],
  misspelt: string | undefined,
): Rewrite {
  const found = findParts(answer, genome, tagFor(genome), stopReason === "length");
  if (found.fault === undefined && found.parts.length > 0) return readWhole(found.parts, genome);
  if (found.fault === undefined && !found.hasTags) {
    const { blocks, isUnclear } = readUnified(found.text);
    if (blocks.length > 0) {
      if (stopReason !== "stop")
        return rejected(stopReason === "length" ? wasCut : "the answer's diff was cut");
      return isUnclear
        ? rejected("the answer's diff cannot be read")
        : new Application(answer, genome).apply(blocks);
    }
  }
  return rejected(misspelt ?? describeNone(found, answer, genome, stopReason));
}

/** Reads components that an answer gives as a whole: those that it gives, each once. */
function readWhole(
  parts: readonly { readonly place: number; readonly body: string }[],
  genome: Genome,
): Rewrite {
  const changes = new Map<number, string>();
  const markers = markersFor(genome);
  for (const { place, body } of parts) {
    const component = genome[place];
    if (component === undefined) continue;
    for (const line of body.split("\n")) {
      const kind = readMarker(line, markers)?.kind ?? "divider";
      if (kind === "divider" || (kind === "other" && markers.isStrict)) continue;
      return rejected(`component ${component.name} holds a marker: ${shorten(line)}`);
    }
    const read = readBody(body, component, genome);
    if ("reason" in read) return rejected(read.reason);
    const { text } = read;
    if (text === component.text) continue;
    if (changes.has(place) && changes.get(place) !== text) {
      return rejected(`the answer gives component ${component.name} twice`);
    }
    // Asked for changes, models give the lines that change and no others: the rest would be lost.
    if (2 * lineCount(text) < lineCount(component.text)) {
      return rejected(`the answer gives less than half of component ${component.name}, and no block`);
    }
    changes.set(place, text);
  }
  return changes.size === 0 ? rejected("the answer changes nothing") : proposed(changes);
}

function lineCount(text: string): number {
  return text.trim() === "" ? 0 : text.trim().split("\n").length;
}

/** Says what an answer is that holds no change. */
function describeNone(
  { text, fault }: AnswerParts,
  answer: string,
  genome: Genome,
  stopReason: ModelResponse["stopReason"],
): string {
  if (/&lt;&lt;&lt;&lt;&lt;|&gt;&gt;&gt;&gt;&gt;/.test(text)) return "the answer's markers are HTML-escaped";
  const read = readTagged(answer, genome, [...genome.keys()], stopReason);
  const reason = read.status === "rejected" ? read.reason : "";
  // Of what the reader of whole components says, what is about these does not fit here.
  const isAboutAll = /^the answer(?: is| ends| calls| was|'s tags) /.test(reason);
  if (fault === undefined && !isAboutAll) return "the answer has no SEARCH/REPLACE block";
  return reason.replace("text between tags", "SEARCH/REPLACE blocks");
}
