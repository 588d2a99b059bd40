/**
 * Checks that the fixed text of a solution keeps its meaning: it stays in place whatever a component holds, but
 * an open comment or a closed scope in a component would change how it is read.
 */
import type { Component, Genome } from "../core/component.ts";
import type { Layout, LayoutFile } from "../core/layout.ts";
import { hasParser, languageOf } from "./language.ts";
import { placeOf, type Span } from "./lines.ts";
import { residueOf } from "./residue.ts";
import {
  type AnyNode,
  childrenOf,
  isFault,
  type Mode,
  parse,
  parseAs,
  readsAsScript,
  type Syntax,
} from "./syntax.ts";

/** Says why a solution changes how fixed text is read; undefined where it does not. */
export type FixedCheck = (genome: Genome) => string | undefined;

/**
 * Makes the check for solutions of a layout, given the original components.
 *
 * JavaScript and TypeScript files are parsed: the syntax tree outside components must stay as it is. In other
 * languages with known comments, strings and brackets, the text between two fixed parts must leave as much open
 * as the original did; in Python, its code must not be indented less. Other files are not checked, nor are
 * JavaScript files that could not be parsed to begin with. Neighbouring components, such as lines, are checked
 * as one.
 */
export function createFixedCheck(layout: Layout, components: readonly Component[]): FixedCheck {
  const checks = layout.map((file) => {
    const indexes = file.parts.flatMap((part) => ("component" in part ? [part.component] : []));
    const isFree = file.parts.every((part) => "component" in part);
    let check: FixedCheck | undefined;
    return (genome: Genome): string | undefined => {
      if (isFree || indexes.every((index) => genome[index]?.text === components[index]?.text))
        return undefined;
      check ??= createFileCheck(file, components);
      return check(genome);
    };
  });
  return (genome) => {
    for (const check of checks) {
      const reason = check(genome);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
}

function createFileCheck(file: LayoutFile, components: readonly Component[]): FixedCheck {
  const original = fill(file, components);
  if (!hasParser(file.path)) return createResidueCheck(file, original);
  const syntax = parse(file.path, original.text);
  return isFault(syntax) ? () => undefined : createSyntaxCheck(file, original, syntax);
}

/** A file with the regions that neighbouring components make up, none of them empty. */
interface Filled {
  readonly text: string;
  readonly regions: readonly Span[];
}

function fill({ parts }: LayoutFile, genome: Genome): Filled {
  let text = "";
  const regions: Span[] = [];
  let start: number | undefined;
  for (const part of parts) {
    if ("component" in part) {
      start ??= text.length;
      text += genome[part.component]?.text ?? "";
      continue;
    }
    if (start !== undefined) regions.push({ start, end: text.length });
    start = undefined;
    text += part.fixed;
  }
  if (start !== undefined) regions.push({ start, end: text.length });
  return { text, regions };
}

function createResidueCheck(file: LayoutFile, original: Filled): FixedCheck {
  const language = languageOf(file.path);
  const expected = original.regions.map(({ start, end }) =>
    residueOf(language, original.text.slice(start, end)),
  );
  return (genome) => {
    const { text, regions } = fill(file, genome);
    for (const [index, { start, end }] of regions.entries()) {
      const before = expected[index];
      if (before === undefined) continue;
      const after = residueOf(language, text.slice(start, end));
      if (after === undefined) continue;
      const place = () => placeOf(file.path, original.text, original.regions[index]?.end ?? 0);
      if (after.open !== before.open) {
        return `the text before ${place()} must leave ${describe(before.open)} open, got ${describe(after.open)}`;
      }
      if (after.indentation < before.indentation && before.indentation !== Number.POSITIVE_INFINITY) {
        return `the text before ${place()} must be indented by at least ${before.indentation}, got ${after.indentation}`;
      }
    }
    return undefined;
  };
}

/** Open brackets that a reason shows: a model can write any number. */
const mostShown = 40;

function describe(open: string): string {
  if (open === "") return "nothing";
  return open.length <= mostShown ? open : `${open.slice(0, mostShown)}...`;
}

function createSyntaxCheck(file: LayoutFile, original: Filled, syntax: Syntax): FixedCheck {
  const { path } = file;
  const outlines = new Map<Mode, readonly OutlineEntry[] | undefined>();
  const expectedIn = (mode: Mode): readonly OutlineEntry[] | undefined => {
    if (!outlines.has(mode)) {
      const parsed = mode === syntax.mode ? syntax : parseAs(path, original.text, mode);
      outlines.set(mode, isFault(parsed) ? undefined : outline(parsed, original.regions));
    }
    return outlines.get(mode);
  };

  return (genome) => {
    const { text, regions } = fill(file, genome);
    const modes: Mode[] = [syntax.mode];
    // Only scripts take <!-- and --> for comments; whoever runs the file decides what it is.
    if (syntax.mode === "module" && readsAsScript(path, text)) modes.push("commonjs");
    for (const mode of modes) {
      const expected = expectedIn(mode);
      if (expected === undefined) continue;
      const next = parseAs(path, text, mode);
      if (isFault(next)) return `${placeOf(path, text, next.offset)}: ${next.message}`;
      const got = outline(next, regions);
      const different = expected.findIndex(({ key }, index) => key !== got[index]?.key);
      const entry = expected[different] ?? (got.length > expected.length ? expected.at(-1) : undefined);
      if (different >= 0 || got.length !== expected.length) {
        const place = entry === undefined ? path : placeOf(path, original.text, entry.offset);
        return `the fixed text around ${place} would be read differently`;
      }
    }
    return undefined;
  };
}

interface OutlineEntry {
  readonly key: string;
  readonly offset: number;
}

/**
 * The syntax outside the regions: type and place of each node and comment that is not wholly within one. Places
 * within a region count as one, places in fixed text by the amount of fixed text before them.
 */
function outline({ program, comments }: Syntax, regions: readonly Span[]): OutlineEntry[] {
  const entries: OutlineEntry[] = [];
  const filled = regions
    .map((region, index) => ({ ...region, index }))
    .filter(({ start, end }) => end > start);
  const lengths = [0];
  for (const { start, end } of filled) lengths.push((lengths.at(-1) ?? 0) + end - start);

  /** Number of regions that end at or before an offset. */
  function regionsBefore(offset: number): number {
    let low = 0;
    let high = filled.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((filled[middle]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Place of the character at an offset. */
  function placeAt(offset: number): string | number {
    const before = regionsBefore(offset);
    const region = filled[before];
    if (region !== undefined && region.start <= offset) return `in ${region.index}`;
    return offset - (lengths[before] ?? 0);
  }

  function add(node: AnyNode): boolean {
    const first = placeAt(node.start);
    const last = placeAt(Math.max(node.start, node.end - 1));
    if (first === last && typeof first === "string") return false;
    entries.push({ key: `${node.type} ${first} ${last}`, offset: node.start });
    return true;
  }

  function walk(node: AnyNode): void {
    if (add(node)) for (const child of childrenOf(node)) walk(child);
  }

  for (const node of program.body) walk(node);
  for (const comment of comments) add(comment);
  return entries;
}
