/** The parts that a solution is made of. */

/** A named piece of a solution. Immutable: a change makes a new component. */
export interface Component {
  /** Unique within its solution. */
  readonly name: string;
  readonly text: string;
  /** What this piece must do, for the model to read. */
  readonly spec?: string;
  /** How other pieces use it, e.g. the head of a function; shown to a model that works on another piece. */
  readonly signature?: string;
  /** Programming or natural language of the text, e.g. "javascript". */
  readonly language?: string;
  /** Path of the file that holds the piece, relative to the solution. */
  readonly file?: string;
  /** What sort of piece it is, e.g. "function", "block". */
  readonly kind?: string;
}

/** The ordered components of one solution. */
export type Genome = readonly Component[];

/** New texts by component index. */
export type Changes = ReadonlyMap<number, string>;

/** Makes the genome in which the given components have new texts; all other components are shared. */
export function applyChanges(genome: Genome, changes: Changes): Genome {
  const next = genome.slice();
  for (const [index, text] of changes) {
    const component = next[index];
    if (component === undefined) {
      throw new RangeError(`Component index ${index} is outside a genome of ${genome.length} components`);
    }
    next[index] = Object.freeze({ ...component, text });
  }
  return Object.freeze(next);
}
