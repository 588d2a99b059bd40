/** Makes code bases to repair: functions drawn from the library, in files, some with a bug. */
import { checkBetween, type Rng, randomIndex, rngFrom, type SourceFile } from "../../src/core/index.ts";
import { applyBug, type Bug, drawBug } from "./bugs.ts";
import { type LibraryFunction, library } from "./library.ts";
import { neededBy } from "./trusted.ts";

/** What a code base is made from. */
export interface CodeBaseRequest {
  readonly functionCount: number;
  readonly bugCount: number;
  readonly functionsPerFile: number;
  readonly seed: number;
}

/** A function of a code base. */
export interface CodeBaseFunction {
  readonly original: LibraryFunction;
  /** Path of its file. */
  readonly file: string;
  /** Its source, with the bug if it has one. */
  readonly source: string;
  readonly bug: Bug | undefined;
}

/** Functions in files, each after those it calls. */
export interface CodeBase {
  readonly functions: readonly CodeBaseFunction[];
  readonly files: readonly SourceFile[];
  /** Path of the file that exports all functions. */
  readonly entry: string;
}

const entry = "index.js";

/** Makes the code base of a seed; at most one bug in a function. The same request always gets the same one. */
export function makeCodeBase({ functionCount, bugCount, functionsPerFile, seed }: CodeBaseRequest): CodeBase {
  checkBetween("repair: bugs", bugCount, 0, functionCount);
  const drawn = drawFunctions(functionCount, rngFrom("repair", seed, "functions"));
  const wrong = new Set(drawSome(drawn, bugCount, rngFrom("repair", seed, "wrong")));
  const functions = drawn.map((original, index): CodeBaseFunction => {
    const bug = wrong.has(original) ? drawBug(original, rngFrom("repair", seed, original.name)) : undefined;
    const source = bug === undefined ? original.source : applyBug(original.source, bug);
    return { original, source, bug, file: `functions-${Math.floor(index / functionsPerFile) + 1}.js` };
  });
  return { functions, files: writeFiles(functions), entry };
}

/** Draws functions of the library, uniformly but for those that others need; in the library's order. */
function drawFunctions(count: number, rng: Rng): LibraryFunction[] {
  const all = library(count);
  const drawn = new Set<LibraryFunction>();
  const inRandomOrder = drawSome(all, all.length, rng);
  // What did not fit with all that it needs may fit later, when some of that is there.
  while (drawn.size < count) {
    for (const one of inRandomOrder) {
      const more = [...neededBy(one)].filter((needed) => !drawn.has(needed));
      if (drawn.size + more.length <= count) for (const needed of more) drawn.add(needed);
    }
  }
  return all.filter((one) => drawn.has(one));
}

/** Draws distinct items, in random order. */
function drawSome<T>(items: readonly T[], count: number, rng: Rng): T[] {
  const left = items.slice();
  const drawn: T[] = [];
  while (drawn.length < count) drawn.push(...left.splice(randomIndex(rng, left.length), 1));
  return drawn;
}

function writeFiles(functions: readonly CodeBaseFunction[]): SourceFile[] {
  const fileOf = new Map(functions.map(({ original, file }) => [original, file]));
  const paths = [...new Set(fileOf.values())];
  const files = paths.map((path): SourceFile => {
    const own = functions.filter(({ file }) => file === path);
    const imports = new Map<string, Set<string>>();
    for (const { original } of own) {
      for (const used of original.uses) {
        const from = fileOf.get(used) ?? path;
        if (from !== path) imports.set(from, (imports.get(from) ?? new Set()).add(used.name));
      }
    }
    const head = [...imports].map(
      ([from, names]) => `import { ${[...names].join(", ")} } from "./${from}";\n`,
    );
    const body = own.map(({ original: { comment }, source }) => `${comment}\nexport ${source}\n`);
    return { path, text: [head.join(""), ...body].filter((part) => part !== "").join("\n") };
  });
  return [{ path: entry, text: paths.map((path) => `export * from "./${path}";\n`).join("") }, ...files];
}
