/** Divides one file into pieces: the places of its future components. */
import { UsageError } from "../core/errors.ts";
import type { SourceFile } from "../core/layout.ts";
import { describeFunctions } from "./description.ts";
import { type FoundFunction, findFunctions } from "./functions.ts";
import { hasParser, languageOf } from "./language.ts";
import { lineSpans, type Span } from "./lines.ts";
import type { Block } from "./markers.ts";
import { parseFile, type Syntax } from "./syntax.ts";

/** A stretch of a file that becomes a component. */
export interface Piece extends Span {
  /** Unique in its file once `#2`, ... are added to repeated ones. */
  readonly name: string;
  readonly kind: "block" | "file" | "function" | "method" | "statement" | "lines";
  readonly spec?: string;
  readonly signature?: string;
}

/** Where components may lie: the marked blocks of a file, or all of it. */
export type Area = Block;

/** The areas themselves: one piece for each. */
export function wholeAreas(areas: readonly Area[], kind: "block" | "file"): Piece[] {
  return areas.map(({ name, start, end }) => ({ name, start, end, kind }));
}

/** Groups of so many lines within each area. */
export function linePieces(file: SourceFile, areas: readonly Area[], size: number): Piece[] {
  return areas.flatMap((area) => {
    const lines = lineSpans(file.text, area.start, area.end);
    const pieces: Piece[] = [];
    for (let first = 0; first < lines.length; first += size) {
      const group = lines.slice(first, first + size);
      const start = group[0]?.start ?? area.end;
      const numbers = group.length === 1 ? `${first + 1}` : `${first + 1}-${first + group.length}`;
      pieces.push({
        name: `${area.name}/${numbers}`,
        kind: "lines",
        start,
        end: group.at(-1)?.end ?? start,
      });
    }
    return pieces;
  });
}

function parseForPieces({ path, text }: SourceFile, granularity: string): Syntax {
  if (hasParser(path)) return parseFile(path, text);
  const language = languageOf(path);
  throw new UsageError(
    `${path}: granularity '${granularity}' needs a parser, and only JavaScript and TypeScript have one here, ` +
      `got ${language ?? "a file of unknown language"}; use markers or lines`,
  );
}

function liesIn({ start, end }: Span, areas: readonly Span[]): boolean {
  return areas.some((area) => area.start <= start && end <= area.end);
}

/** The functions that lie wholly within an area. */
export function functionPieces(file: SourceFile, areas: readonly Area[]): Piece[] {
  const syntax = parseForPieces(file, "functions");
  const functions = findFunctions(syntax).filter((found) => liesIn(found, areas));
  return describeFunctions(syntax, functions).map(({ signature, doc }, index) => {
    const { name, kind, start, end } = functions[index] as FoundFunction;
    const spec = doc === undefined ? signature : `${doc}\n\n${signature}`;
    return { name, kind, start, end, spec, signature };
  });
}

/** Statements that a model may rewrite: no directive, no lone semicolon, no import or export. */
function isRewritable(node: Syntax["program"]["body"][number]): boolean {
  if (node.type === "EmptyStatement" || node.type === "ImportDeclaration") return false;
  if (node.type.startsWith("Export") || /^TS(?:Export|ImportEquals|NamespaceExport)/.test(node.type)) {
    return false;
  }
  return !(node.type === "ExpressionStatement" && "directive" in node && node.directive);
}

/**
 * The statements directly in the bodies of functions, as far as they lie within an area; where there are
 * none, the module's own statements. Numbers count all statements of a body, also those that are no pieces.
 */
export function statementPieces(file: SourceFile, areas: readonly Area[]): Piece[] {
  const syntax = parseForPieces(file, "statements");
  const functions = findFunctions(syntax);
  const names = withoutRepeats(functions.map(({ name }) => name));
  const described = describeFunctions(syntax, functions);
  const inFunctions = functions.flatMap(({ body }, index) => {
    const { signature = "", doc } = described[index] ?? {};
    const spec = doc === undefined ? signature : `${signature}\n\n${doc}`;
    return pick(body?.body ?? [], names[index] ?? "", { spec });
  });
  return inFunctions.length > 0 ? inFunctions : pick(syntax.program.body, "module", {});

  function pick(nodes: Syntax["program"]["body"], name: string, rest: Pick<Piece, "spec">): Piece[] {
    return nodes
      .map(({ start, end }, index) => ({
        name: `${name}/${index + 1}`,
        kind: "statement" as const,
        ...{ start, end, ...rest },
      }))
      .filter((piece, index) => {
        const node = nodes[index];
        return node !== undefined && isRewritable(node) && liesIn(piece, areas);
      });
  }
}

/** Adds `#2`, `#3`, ... to names that came before. */
export function withoutRepeats(names: readonly string[]): string[] {
  const taken = new Set(names);
  const counts = new Map<string, number>();
  return names.map((name) => {
    let count = counts.get(name) ?? 0;
    let unique: string;
    do {
      count += 1;
      unique = count === 1 ? name : `${name}#${count}`;
    } while (count > 1 && taken.has(unique)); // a block may be named f#2
    counts.set(name, count);
    return unique;
  });
}
