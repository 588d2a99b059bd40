/** How components make up the files of a solution: fixed text around the places of the components. */
import type { Genome } from "./component.ts";

/** A text file of a solution. */
export interface SourceFile {
  /** Relative to the solution's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** A stretch of a file: fixed text, or the place of the component with this index. */
export type LayoutPart = { readonly fixed: string } | { readonly component: number };

/** A file with places for components. */
export interface LayoutFile {
  readonly path: string;
  readonly parts: readonly LayoutPart[];
}

/** The files of a solution, its components left open. Immutable: no proposal changes the fixed text. */
export type Layout = readonly LayoutFile[];

/** Writes out the files of a solution. */
export function composeFiles(layout: Layout, genome: Genome): SourceFile[] {
  return layout.map(({ path, parts }) => ({
    path,
    text: parts
      .map((part) => {
        if ("fixed" in part) return part.fixed;
        const component = genome[part.component];
        if (component === undefined)
          throw new RangeError(`Component ${part.component} is outside the genome`);
        return component.text;
      })
      .join(""),
  }));
}
