/** Divides files into components and the fixed text around them. */
import type { Component } from "../core/component.ts";
import { checkKeys, UsageError } from "../core/errors.ts";
import type { Layout, LayoutFile, LayoutPart, SourceFile } from "../core/layout.ts";
import type { Accept } from "../core/problem.ts";
import { createGate } from "./gate.ts";
import { checkGranularity, type Granularity } from "./granularity.ts";
import { hasParser, languageOf } from "./language.ts";
import { findBlocks } from "./markers.ts";
import {
  type Area,
  functionPieces,
  linePieces,
  type Piece,
  statementPieces,
  wholeAreas,
  withoutRepeats,
} from "./pieces.ts";

/** How to divide files. */
export interface DecomposeOptions {
  /**
   * How finely; undefined: by markers where any file has them, else JavaScript and TypeScript files by
   * functions, and every other file, and those without functions, whole.
   */
  readonly granularity?: Granularity | undefined;
}

/** Components, and the files that they are parts of. */
export interface Decomposition {
  readonly components: readonly Component[];
  /** `composeFiles(layout, components)` gives the files back, to the byte. */
  readonly layout: Layout;
  /** Keeps the fixed text around the components as it is, whatever a model answers. */
  readonly accept: Accept;
}

/**
 * Divides files into components. Where any file has markers, components lie within marked blocks alone and a
 * file without markers is fixed. Throws a UsageError for markers that do not pair up, syntax errors in files
 * that need a parser, and files without any component.
 */
export function decompose(files: readonly SourceFile[], options: DecomposeOptions = {}): Decomposition {
  checkKeys("decompose", options, ["granularity"]);
  const granularity = options.granularity === undefined ? undefined : checkGranularity(options.granularity);
  checkPaths(files);
  const blocks = files.map((file) => findBlocks(file));
  const isMarked = blocks.some((found) => found.length > 0);

  const pieces: PlacedPiece[] = [];
  const layout = files.map((file, index): LayoutFile => {
    const whole: Area = { name: file.path, start: 0, end: file.text.length };
    const areas = isMarked ? (blocks[index] ?? []) : [whole];
    const parts: LayoutPart[] = [];
    let at = 0;
    for (const piece of areas.length === 0 ? [] : piecesOf(file, areas, isMarked, granularity)) {
      if (piece.start > at) parts.push(Object.freeze({ fixed: file.text.slice(at, piece.start) }));
      parts.push(Object.freeze({ component: pieces.length }));
      pieces.push({ file, piece });
      at = piece.end;
    }
    if (at < file.text.length) parts.push(Object.freeze({ fixed: file.text.slice(at) }));
    return Object.freeze({ path: file.path, parts: Object.freeze(parts) });
  });
  const components = makeComponents(pieces, files.length > 1);
  if (components.length === 0) {
    throw new UsageError(
      `Found nothing to evolve in ${files.map(({ path }) => path).join(", ")} ` +
        `at granularity '${granularityName(granularity)}'; use another one, or markers`,
    );
  }
  return {
    components: Object.freeze(components),
    layout: Object.freeze(layout),
    accept: createGate(layout, components),
  };
}

interface PlacedPiece {
  readonly file: SourceFile;
  readonly piece: Piece;
}

function makeComponents(pieces: readonly PlacedPiece[], isPrefixed: boolean): Component[] {
  const names = withoutRepeats(
    pieces.map(({ file: { path }, piece: { name } }) =>
      isPrefixed && !isPath(name, path) ? `${path}:${name}` : name,
    ),
  );
  return pieces.map(({ file, piece: { start, end, ...rest } }, index) => {
    const language = languageOf(file.path);
    return Object.freeze({
      ...rest,
      name: names[index] ?? rest.name,
      text: file.text.slice(start, end),
      ...(language === undefined ? {} : { language }),
      file: file.path,
    });
  });
}

/** Whole files and their lines are named by the path already. */
function isPath(name: string, path: string): boolean {
  return name === path || name.startsWith(`${path}/`);
}

function piecesOf(
  file: SourceFile,
  areas: readonly Area[],
  isMarked: boolean,
  granularity: Granularity | undefined,
): Piece[] {
  const whole = () => wholeAreas(areas, isMarked ? "block" : "file");
  if (granularity === undefined) {
    if (isMarked || !hasParser(file.path)) return whole();
    const functions = functionPieces(file, areas);
    return functions.length > 0 ? functions : whole();
  }
  if (granularity === "markers") return whole();
  if (granularity === "functions") return functionPieces(file, areas);
  if (granularity === "statements") return statementPieces(file, areas);
  return linePieces(file, areas, granularity === "lines" ? 1 : granularity.lines);
}

function granularityName(granularity: Granularity | undefined): string {
  if (granularity === undefined) return "automatic";
  return typeof granularity === "string" ? granularity : `lines:${granularity.lines}`;
}

function checkPaths(files: readonly SourceFile[]): void {
  if (files.length === 0) throw new UsageError("decompose needs at least one file, got none");
  const paths = new Set<string>();
  for (const { path } of files) {
    if (paths.has(path)) throw new UsageError(`decompose got two files with the path '${path}'`);
    paths.add(path);
  }
}
